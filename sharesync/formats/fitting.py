"""Fitting: what is larger than Google lets a contact be goes into its notes whole, so that no card is lost for it.

Notes alone may be longer than 1,024 characters. In its place a text that people read stays with its beginning; an
address or number that a machine dials does not stay, as the beginning of one is another one.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeGuard

from sharesync.errors import Sentence
from sharesync.formats.dates import write_date
from sharesync.model.card import MAX_BYTES, MAX_ITEMS, MAX_TEXT
from sharesync.model.fields import DIALLED
from sharesync.model.spelling import clean

Fields = Mapping[str, list[dict[str, Any]]]

INTO_NOTES = Sentence("a value that is too long for its place was put into the notes")
CUT = Sentence("the notes are longer than a contact may hold and were cut off")
_NOTES = "biographies"
_MORE = "…"


@dataclass(frozen=True, slots=True)
class Fitted:
    """Fields that Google takes, and what changed its place for it: (field, text), each whole."""

    fields: Fields
    moved: tuple[tuple[str, str], ...]

    @property
    def where(self) -> frozenset[str]:
        """The fields of which something changed its place."""
        return frozenset(field for field, _ in self.moved)


def fitted(fields: object) -> Fitted | None:
    """The fields with every text, the number of their values and the notes within Google's limits of one contact.

    Fields that are too large for all that (500 long values) stay so, and a card of them is refused. None for what is
    not made as a card is.
    """
    if not _is_made_as_a_card(fields):
        return None
    kept: dict[str, list[dict[str, Any]]] = {}
    moved: list[tuple[str, str]] = []
    left = MAX_ITEMS - 1  # and one for the notes
    for name, items in sorted(fields.items(), key=lambda field: len(field[1])):  # the fullest field gives way
        if name == _NOTES:
            continue
        kept[name] = [_shortened(name, item, moved) for item in items[:left]]
        moved += ((name, _in_words(name, item)) for item in items[left:])
        left -= len(kept[name])
    notes = clean("\n\n".join((*_texts(fields.get(_NOTES, ())), *dict.fromkeys(text for _, text in moved))))
    if notes:
        most = MAX_BYTES - _size(kept | {_NOTES: [{"value": ""}]})
        short = _of_size(notes, max(most, 0))
        if short != notes:
            moved.append((_NOTES, notes))
        kept[_NOTES] = [{"value": short}]
    return Fitted(kept, tuple(moved))


def _is_made_as_a_card(value: object) -> TypeGuard[Fields]:
    return isinstance(value, Mapping) and all(
        isinstance(items, list) and all(isinstance(item, Mapping) for item in items) for items in value.values()
    )


def _shortened(field: str, item: dict[str, Any], moved: list[tuple[str, str]]) -> dict[str, Any]:
    short = dict(item)
    for part, text in item.items():
        if not isinstance(text, str) or len(clean(text)) <= MAX_TEXT:
            continue
        named = field == "userDefined" and part == "value" and item.get("key")
        moved.append((field, f"{item['key']}: {text}" if named else text))
        if (field, part) in DIALLED:
            del short[part]
        else:
            short[part] = clean(text)[: MAX_TEXT - len(_MORE)] + _MORE
    return short


def _in_words(field: str, item: Mapping[str, Any]) -> str:
    if field == "userDefined":
        return f"{item.get('key', '')}: {item.get('value', '')}"
    texts = (write_date(dict(one)) if isinstance(one, Mapping) else str(one) for one in item.values())
    return " ".join(filter(None, texts))


def _texts(notes: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    return (text for one in notes if isinstance(text := one.get("value"), str))


def _size(fields: Fields) -> int:
    return len(json.dumps(fields, ensure_ascii=False).encode("utf-8", "replace"))


def _of_size(text: str, most: int) -> str:
    """The text, or its beginning that takes so many bytes as JSON."""
    while (size := len(json.dumps(text, ensure_ascii=False).encode("utf-8", "replace")) - 2) > most:
        text = text[: min(len(text) * most // size, len(text) - 1)] if most else ""
    return text
