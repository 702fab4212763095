"""Import: a file of any format we know into entries. The file's contents decide which format it is, not its name."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from sharesync.errors import Grouped, InvalidInput, Sentence
from sharesync.formats.csv_cards import read_rows
from sharesync.formats.csv_columns import Column, UnknownColumn
from sharesync.formats.csv_reading import rows
from sharesync.formats.csv_sheets import Mapping, Sheet, sheet_of, unknown_columns
from sharesync.formats.entries import Bad, Entry, Format, Parsed
from sharesync.formats.jsonl import is_jsonl, read_jsonl
from sharesync.formats.ledger import Note, by_kind
from sharesync.formats.spool import Spool
from sharesync.formats.text import GUESSED, Decoded, decode
from sharesync.formats.vcard_groups import GroupCards
from sharesync.formats.vcard_reading import is_vcard, read_vcards

__all__ = ["Bad", "Entry", "FileReading", "Format", "Mapping", "Parsed", "Sheet", "read", "sheet"]


@dataclass(frozen=True, slots=True)
class FileReading:
    """A file, read: its format and its entries in the file's order."""

    format: Format
    entries: tuple[Entry, ...]
    notes: tuple[Note, ...] = ()
    """What stands in no entry: lines above the headings, groups."""
    unknown: tuple[str, ...] = ()
    """Columns that nobody knows; their cells become custom fields of these names."""
    letters: str = ""
    """What the letters of a CSV file are written in, as people call it."""
    guessed: bool = False
    """Whether nothing in the file says so."""

    def notes_by_kind(self) -> dict[Sentence, list[tuple[int, Sentence]]]:
        """The notes, each with its line, under what they have in common."""
        return by_kind((note.line, note) for note in self.notes)


ACCEPTED = Sentence("vCard, Google CSV, Outlook CSV, any CSV whose first line names its columns, or JSON Lines")


MOST = 25_000
"""Entries that one file may hold, whatever way it comes in: as many contacts as a mailbox of Google's."""
SECONDS = 60.0
"""How long one file may occupy a processor. It is looked at between two entries, each of which is bounded itself."""


def _within_bounds(format_: Format, entries: Iterable[Entry]) -> FileReading:
    """All of them, read. Raises InvalidInput where there are too many, or where reading them takes too long."""
    end = time.thread_time() + SECONDS
    found: list[Entry] = []
    for one in entries:
        found.append(replace(one, format=format_) if isinstance(one, Parsed) else one)
        if len(found) > MOST:
            raise InvalidInput(
                "This file holds more than %(most)s contacts, which is as many as a mailbox holds; send it in parts.",
                most=Grouped(MOST),
            )
        if time.thread_time() > end:
            raise InvalidInput("This file takes too long to read; send it in parts.")
    return FileReading(format_, tuple(found))


def read(data: bytes, name: str = "", mapping: Mapping | None = None, spool: Spool | None = None) -> FileReading:
    """Read a file of contacts. `name` is only used to say which file cannot be read.

    `mapping` tells what the columns of a CSV file mean, whatever its first line says; `spool` is where photos go, if
    not to one of their own. Raises InvalidInput, in one
    sentence that says what is accepted, where the file is none of the formats, and where it is beyond `MOST` or
    `SECONDS`; the time it takes grows with the file and no faster. A bad entry is a `Bad` among the others,
    never an error.
    """
    called = _called(name)
    if not data.strip():
        raise InvalidInput("%(file)s is empty; accepted are %(formats)s.", file=called, formats=ACCEPTED)
    if data.startswith(b"PK\x03\x04"):
        raise InvalidInput("%(file)s is a workbook or an archive; save it as CSV (UTF-8) first.", file=called)
    if mapping is not None:
        return _mapped(data, name, mapping)
    if _begins_as_vcard(data):  # before CSV: a note there may quote a vCard, and here one may quote a header
        return _read_vcards(data, spool or Spool())
    decoded = decode(data)
    text = decoded.text.lstrip("\ufeff")
    if is_jsonl(text):
        return _within_bounds(Format.JSONL, read_jsonl(text))
    if (found := sheet_of(text)) and not (trouble := found.trouble()):
        return _read_sheet(found, decoded)
    if is_vcard(text):
        return _read_vcards(data, spool or Spool())
    if found and trouble:
        raise InvalidInput(
            "%(file)s cannot be read by its headings. %(why)s Otherwise accepted are %(formats)s.",
            file=called,
            why=trouble,
            formats=ACCEPTED,
        )
    raise InvalidInput(
        "%(file)s is no file of contacts that can be read; accepted are %(formats)s.", file=called, formats=ACCEPTED
    )


def _read_vcards(data: bytes, spool: Spool) -> FileReading:
    groups = GroupCards()
    found = _within_bounds(Format.VCARD, read_vcards(data, spool, groups))
    return replace(found, notes=groups.notes())


def _begins_as_vcard(data: bytes) -> bool:
    """Whether it is one by its first lines; the whole of a file with photos is not made a text to see that."""
    text = decode(data[:1000]).text.lstrip("\ufeff")
    return not is_jsonl(text) and is_vcard(text[:200])


def _called(name: str) -> str:
    return f"“{name}”" if name else Sentence("This file")


def sheet(data: bytes) -> Sheet | None:
    """A file as a table whose columns a person says; None where it is none, or says itself what it is."""
    if data.startswith(b"PK\x03\x04") or _begins_as_vcard(data):
        return None
    text = decode(data).text.lstrip("\ufeff")
    if is_jsonl(text) or is_vcard(text):
        return None
    return sheet_of(text)


def told(data: bytes, pairs: Sequence[str]) -> Mapping:
    """The mapping that pairs such as `Kunde=company` or `3=email` make of a CSV file; other columns are guessed.

    Raises InvalidInput for a column that is not there, a word that means nothing, or a file without columns.
    """
    found = sheet(data)
    return found.told(pairs) if found else Mapping(())


def sample(data: bytes, mapping: Mapping, number: int) -> FileReading:
    """The first entries of a CSV file as a mapping makes them. Raises InvalidInput as `read` does."""
    return _mapped(data, "", mapping, number)


def needs_telling(data: bytes) -> bool:
    """Whether this is a CSV file of whose headings none is understood, or fewer than are not."""
    found = sheet(data)
    if found is None:
        return False
    if found.trouble():
        return True
    kinds = Counter(type(column) for column in found.columns)
    return found.format is Format.CSV and kinds[UnknownColumn] > kinds[Column]


def _mapped(data: bytes, name: str, mapping: Mapping, most: int = MOST + 1) -> FileReading:
    found = sheet(data)
    if found is None:
        raise InvalidInput("%(file)s has no columns to be told; only those of a CSV file can be.", file=_called(name))
    return _read_sheet(found, decode(data), mapping, most)


def _read_sheet(sheet: Sheet, decoded: Decoded, mapping: Mapping | None = None, most: int = MOST + 1) -> FileReading:
    decoded.refuse_untold()
    heading = mapping is None or mapping.heading
    columns = sheet.targets(mapping) if mapping else sheet.columns
    format_ = Format.CSV if mapping else sheet.format
    found = list(islice(rows(sheet.lines, sheet.delimiter, sheet.first(heading=heading)), most))
    by_program = format_ is Format.GOOGLE_CSV
    names = sheet.names(heading=heading)
    notes = [GUESSED] if decoded.guessed else []
    entries = read_rows(found, names, columns, notes, by_program=by_program, damaged=decoded.damaged)
    return replace(
        _within_bounds(format_, entries),
        notes=sheet.notes(),
        unknown=() if mapping else unknown_columns(sheet, columns),
        letters=decoded.letters,
        guessed=decoded.guessed,
    )
