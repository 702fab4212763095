"""What was read of a file, as JSON Lines: from the process that read it to the one that asked.

Whoever reads here trusts nothing: a hostile file may have taken over the process that wrote. Nothing but text,
numbers and lists comes through; each card is checked as any other, and a template can only put values in their
places. Raises ValueError for all that no honest process writes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from sharesync.errors import COUNTED, Counted, Grouped, InvalidCard, Sentence
from sharesync.formats.entries import Bad, Entry, Format, Parsed
from sharesync.formats.file_reading import MOST, FileReading
from sharesync.formats.ledger import Note
from sharesync.formats.spool import KeptPhoto, Spool
from sharesync.model.card import Card

Json = dict[str, Any]


def written(reading: FileReading) -> Iterator[bytes]:
    """The lines of a reading: what holds for the whole file, then its entries."""
    yield _line(
        {
            "format": reading.format.name,
            "notes": [_told(note) for note in reading.notes],
            "unknown": reading.unknown,
            "letters": reading.letters,
            "guessed": reading.guessed,
        }
    )
    yield from (_line(_entry(one)) for one in reading.entries)


def refused(sentence: Sentence) -> Iterator[bytes]:
    """The line that says why there is no reading."""
    yield _line({"refused": _told(sentence)})


def read(lines: Iterable[bytes], spool: Spool) -> FileReading | Sentence:
    """The reading, or the sentence that says why there is none; its photos lie in the spool. Raises ValueError."""
    objects = map(_object, lines)
    head = next(objects, {})
    if "refused" in head:
        return _sentence(head["refused"])
    try:
        format_ = Format[_text(head["format"])]
        return FileReading(
            format_,
            tuple(_entry_of(one, format_, spool) for one in islice(objects, MOST + 1)),
            notes=tuple(_note(one) for one in _list(head["notes"])),
            unknown=tuple(_text(one) for one in _list(head["unknown"])),
            letters=_text(head["letters"]),
            guessed=head["guessed"] is True,
        )
    except (KeyError, InvalidCard) as error:
        raise ValueError("what was read is not what a reader writes") from error


def _line(value: Json) -> bytes:
    return json.dumps(value).encode() + b"\n"


def _object(line: bytes) -> Json:
    try:
        value = json.loads(line)
    except RecursionError:
        value = None
    if not isinstance(value, dict):
        raise ValueError("a line is one JSON object")
    return value


# --- Entries ----------------------------------------------------------------------------------------------------------


def _entry(one: Entry) -> Json:
    if isinstance(one, Bad):
        return {"line": one.line, "reason": _told(one.reason)}
    told: Json = {"line": one.line, "card": one.card.as_json()}
    if one.id is not None:
        told |= {"id": one.id, "version": one.version}
    if one.fields:
        told["fields"] = dict(one.fields)
    if one.notes:
        told["notes"] = [_told(note) for note in one.notes]
    if one.photo:
        told["photo"] = [one.photo.at, one.photo.size]
    return told


def _entry_of(told: Json, format_: Format, spool: Spool) -> Entry:
    line = _number(told["line"])
    if "reason" in told:
        return Bad(line, _sentence(told["reason"]))
    contact, version = told.get("id"), told.get("version")
    photo = [_number(one) for one in _list(told["photo"])] if "photo" in told else []
    return Parsed(
        line,
        Card.parse(told["card"]),
        id=None if contact is None else _text(contact),
        version=None if version is None else _number(version),
        notes=tuple(_sentence(note) for note in _list(told.get("notes", []))),
        photo=KeptPhoto(spool, *photo) if len(photo) == 2 else None,
        fields={_text(name): _text(value) for name, value in _mapping(told.get("fields", {})).items()},
        format=format_,
    )


# --- Sentences --------------------------------------------------------------------------------------------------------

_TEMPLATE = re.compile(r"(?:[^%]|%%|%\(\w+\)s)*")
_SLOT = re.compile(r"%\((\w+)\)s")


def _told(value: object) -> Any:
    """A sentence, or a value of one, as JSON; a text is itself."""
    match value:
        case Note():
            return {"kind": _told(value.kind), "line": value.line, "place": value.place, "value": value.value}
        case Sentence():
            return {"template": value.template, "values": {name: _told(one) for name, one in value.values.items()}}
        case Grouped():
            return {"grouped": int(value)}
        case Counted():
            return {"counted": value.many, "number": int(value)}
        case str() | int():
            return value
        case _:
            raise ValueError("a sentence holds texts, numbers and sentences")


def _value(told: object) -> object:
    match told:
        case {"grouped": number}:
            return Grouped(_number(number))
        case {"counted": str(many), "number": number} if many in COUNTED:
            return COUNTED[many](_number(number))
        case {}:
            return _sentence(told)
        case str() | int():
            return told
        case _:
            raise ValueError("a value of a sentence is a text, a number or a sentence")


def _sentence(told: object) -> Sentence:
    match told:
        case {"kind": kind, "line": line, "place": place, "value": value}:
            return Note(_sentence(kind), _number(line), _text(place), _text(value))
        case {"template": str(template), "values": dict(values)}:
            if values and not (_TEMPLATE.fullmatch(template) and set(_SLOT.findall(template)) <= values.keys()):
                raise ValueError("a template has places for its values, and nothing else")
            return Sentence(template, **{name: _value(one) for name, one in values.items()})
        case _:
            raise ValueError("a sentence is a template with its values")


def _note(told: object) -> Note:
    found = _sentence(told)
    if not isinstance(found, Note):
        raise ValueError("a note names a value and its place")
    return found


# --- Plain values -----------------------------------------------------------------------------------------------------


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("this is a text")
    return value


def _number(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 1 << 40:
        raise ValueError("this is a number from 0, not a large one")
    return value


def _mapping(value: object) -> Json:
    if not isinstance(value, dict):
        raise ValueError("this is an object")
    return value


def _list(value: object) -> list[Any]:
    if not isinstance(value, list):
        raise ValueError("this is a list")
    return value
