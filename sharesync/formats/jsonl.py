"""JSON Lines: one contact a line, as `{"id", "version", "groups", "card", "fields"}` or a card alone."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from sharesync.errors import Sentence
from sharesync.formats.entries import Bad, Entry, entry
from sharesync.model.card import Card

_KEYS = ("id", "version", "groups", "card", "fields")


def read_jsonl(text: str) -> Iterator[Entry]:
    """Every line of the file that is not blank. `groups` is not read: who imports says into which group."""
    for number, line in enumerate(text.split("\n"), 1):  # not splitlines: JSON may hold its other line ends
        if line.strip():
            yield _entry(number, line)


def is_jsonl(text: str) -> bool:
    """Whether a text begins like JSON Lines."""
    return text.lstrip().startswith("{")


def json_line(
    contact: str, version: int, groups: tuple[str, ...], card: Card, fields: Mapping[str, str] | None = None
) -> str:
    """One contact as a line, without its line end. `fields`: what it says in the company's own, by name."""
    line = {"id": contact, "version": version, "groups": list(groups), "card": card.as_json()}
    return json.dumps(line | ({} if fields is None else {"fields": dict(fields)}), ensure_ascii=False)


def _entry(number: int, line: str) -> Entry:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):  # ValueError also for numbers of too many digits
        return Bad(number, _NO_JSON)
    if not isinstance(value, Mapping):
        return Bad(number, _NO_OBJECT)
    if "card" not in value and not value.keys() & set(_KEYS):
        value = {"card": value}
    if problem := _problem(value):
        return Bad(number, problem)
    try:
        found = entry(number, value["card"])
    except RecursionError:
        return Bad(number, _TOO_DEEP)
    if isinstance(found, Bad):
        return found
    fields = {name: text for name, text in value.get("fields", {}).items() if text is not None}
    return replace(found, id=value.get("id"), version=value.get("version"), fields=fields)


_NO_JSON = Sentence("This line is not JSON; in JSON Lines each contact is one JSON object on one line.")
_NO_OBJECT = Sentence("A line is one JSON object: a card, or an object with id, version, groups, card and fields.")
_TOO_DEEP = Sentence("This card is nested too deeply.")


def _problem(value: Mapping[str, Any]) -> Sentence | None:
    """What is wrong with what stands around the card; None if nothing is."""
    if "card" not in value:
        return Sentence("A line with an id, a version or groups needs a card, too.")
    if any(key not in _KEYS for key in value):
        return Sentence("Beside its card a line has id, version, groups and fields, and nothing else.")
    told = value.get("fields", {})
    if not isinstance(told, Mapping) or any(not isinstance(text, str | None) for text in told.values()):
        return Sentence("“fields” is one JSON object of texts, by the names of the fields.")
    contact, version = value.get("id"), value.get("version")
    if contact is not None and (not isinstance(contact, str) or not contact.strip() or len(contact) > 200):
        return Sentence("An id is text of 1 to 200 characters.")
    if version is not None and (not isinstance(version, int) or isinstance(version, bool) or version < 1):
        return Sentence("A version is a whole number from 1.")
    if version is not None and contact is None:
        return Sentence("A version needs the id of the contact whose version it is.")
    return None
