"""JSON Lines: one contact a line, as `{"id", "version", "groups", "card"}` or a card alone."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from sharesync.errors import InvalidCard
from sharesync.formats.entries import NOTHING, Bad, Entry, Parsed
from sharesync.model.card import Card

_KEYS = ("id", "version", "groups", "card")


def read_jsonl(text: str) -> Iterator[Entry]:
    """Every line of the file that is not blank. `groups` is not read: who imports says into which group."""
    for number, line in enumerate(text.split("\n"), 1):  # not splitlines: JSON may hold its other line ends
        if line.strip():
            yield _entry(number, line)


def is_jsonl(text: str) -> bool:
    """Whether a text begins like JSON Lines."""
    return text.lstrip().startswith("{")


def json_line(contact: str, version: int, groups: tuple[str, ...], card: Card) -> str:
    """One contact as a line, without its line end."""
    return json.dumps(
        {"id": contact, "version": version, "groups": list(groups), "card": card.as_json()}, ensure_ascii=False
    )


def _entry(number: int, line: str) -> Entry:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):  # ValueError also for numbers of too many digits
        return Bad(number, "This line is not JSON; in JSON Lines each contact is one JSON object on one line.")
    if not isinstance(value, Mapping):
        return Bad(number, "A line is one JSON object: a card, or an object with id, version, groups and card.")
    if "card" not in value and not value.keys() & set(_KEYS):
        value = {"card": value}
    if problem := _problem(value):
        return Bad(number, problem)
    try:
        card = Card.parse(value["card"])
    except (InvalidCard, RecursionError) as refused:
        return Bad(number, str(refused) if isinstance(refused, InvalidCard) else "This card is nested too deeply.")
    if not card:
        return Bad(number, NOTHING)
    return Parsed(number, card, id=value.get("id"), version=value.get("version"))


def _problem(value: Mapping[str, Any]) -> str:
    """What is wrong with what stands around the card; empty if nothing is."""
    if "card" not in value:
        return "A line with an id, a version or groups needs a card, too."
    if any(key not in _KEYS for key in value):
        return "Beside its card a line has id, version and groups, and nothing else."
    contact, version = value.get("id"), value.get("version")
    if contact is not None and (not isinstance(contact, str) or not contact.strip() or len(contact) > 200):
        return "An id is text of 1 to 200 characters."
    if version is not None and (not isinstance(version, int) or isinstance(version, bool) or version < 1):
        return "A version is a whole number from 1."
    if version is not None and contact is None:
        return "A version needs the id of the contact whose version it is."
    return ""
