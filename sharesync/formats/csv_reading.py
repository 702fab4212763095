"""Rows of any CSV file into cards, row by row.

A row that makes no sense costs itself. A quotation mark that is opened and never closed would swallow all rows after
it: it is passed over, the row ends with its line, and reading goes on with the next.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sharesync.errors import Sentence
from sharesync.formats.csv_columns import LINES, LOST, ONE_ITEM, Column, Passed, Target, Unknown
from sharesync.formats.dates import is_no_date, spoken_date
from sharesync.formats.entries import NAMELESS, Bad, Entry, entry
from sharesync.formats.full_names import given_name
from sharesync.formats.google_csv import PREFERRED, SEPARATOR
from sharesync.formats.spreadsheet import as_typed
from sharesync.formats.text import LEFT_OUT, UNREADABLE
from sharesync.formats.vocabulary import read_type
from sharesync.model.card import MAX_TEXT
from sharesync.model.spelling import clean

Parts = dict[str, Any]


class Row(NamedTuple):
    """One row of a file."""

    line: int
    """Its first line, counted from 1."""
    cells: list[str]
    unclosed: bool = False
    """A quotation mark in it is never closed, and was passed over."""


_TOO_LONG = Sentence("A cell in this line is beyond every limit.")
_UNCLOSED = Sentence("a quotation mark that is never closed passed over")


def lines_of(text: str) -> list[str]:
    """Physical lines with their ends."""
    return re.findall(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z", text)


def rows(lines: Sequence[str], delimiter: str, first: int) -> Iterator[Row | Bad]:
    """Each row from the line with index `first` on, without blank ones.

    Every line is looked at twice at most, and once more for its cells: where a row is given up, the lines that it would
    have swallowed hold no quotation mark that could open a row of several lines once more.
    """
    quotes = _Quotes.under(delimiter)
    start = first
    while start < len(lines):
        end, stray = quotes.extent(lines, start)
        row = lines[start:end]
        if stray is not None:
            row = [lines[start][:stray] + lines[start][stray + 1 :]]
        try:
            cells = next(csv.reader(row, delimiter=delimiter))
        except csv.Error:  # a cell beyond the module's limit of 128 KB, which is also Google's for a contact
            yield Bad(start + 1, _TOO_LONG)
        else:
            if any(map(str.strip, cells)):
                yield Row(start + 1, cells, stray is not None)
        start = end


@dataclass(frozen=True, slots=True)
class _Quotes:
    """How quotation marks open and close the cells of one file; no pattern goes back over what it has read."""

    open: re.Pattern[str]
    """Complete cells, and then one whose quotation mark is not closed in this line."""
    inside: re.Pattern[str]
    """What such a cell goes on with: two quotation marks stand for one."""
    closed: re.Pattern[str]
    """The mark that closes it; any other says that it was opened by mistake."""

    @staticmethod
    def under(delimiter: str) -> _Quotes:
        sign = re.escape(delimiter)
        inside = r'(?:[^"]++|"")*+'
        cell = rf'(?:"{inside}"[^{sign}]*+|[^"{sign}][^{sign}]*+)?+'
        return _Quotes(
            re.compile(rf'(?:{cell}{sign})*+(")({inside})\Z'),
            re.compile(inside),
            re.compile(rf'" *+(?:{sign}|[\r\n]|\Z)'),
        )

    def extent(self, lines: Sequence[str], start: int) -> tuple[int, int | None]:
        """The index after the last line of the row that begins here; where in its first line a stray mark stands."""
        line = lines[start]
        opened = self.open.match(line) if '"' in line else None
        if opened is None:
            return start + 1, None
        stray = opened.start(1)
        for at in range(start + 1, len(lines)):
            line = lines[at]
            place = self._end_of(line)
            if place == len(line):
                continue
            closed = self.closed.match(line, place)
            if closed is None:
                break
            if not self.open.match(line, closed.end()):
                return at + 1, None
        return start + 1, stray

    def _end_of(self, line: str) -> int:
        found = self.inside.match(line)
        return found.end() if found else 0


def read_rows(found: Sequence[Row | Bad], columns: Sequence[Target], notes: Sequence[Sentence] = ()) -> Iterator[Entry]:
    """The entries that these rows are; `notes` hold for all of them whose letters go beyond ASCII."""
    month_first = _is_month_first(found, columns)
    for row in found:
        if isinstance(row, Bad):
            yield row
            continue
        fields, left_out = _Row(columns, row.cells, month_first=month_first).read()
        if row.unclosed:
            left_out.append(_UNCLOSED)
        if notes and not all(map(str.isascii, row.cells)):
            left_out += notes
        yield entry(row.line, fields, left_out)


_SLASHED = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/[0-9]{4}\b")


def _is_month_first(found: Sequence[Row | Bad], columns: Sequence[Target]) -> bool:
    """Whether `1/2/1985` is in January: what the file's unambiguous dates say, else yes, as in Outlook's default."""
    places = [at for at, column in enumerate(columns) if isinstance(column, Column) and column.part == "date"]
    dates = (
        _SLASHED.match(row.cells[at].strip())
        for row in found
        if not isinstance(row, Bad)
        for at in places
        if at < len(row.cells)
    )
    return not any(int(date[1]) > 12 for date in dates if date)


class _Row:
    """One row in the making."""

    def __init__(self, columns: Sequence[Target], cells: Sequence[str], *, month_first: bool) -> None:
        self.columns = columns
        self.cells = cells
        self.month_first = month_first
        self.notes: list[Sentence] = []
        self.items: dict[tuple[str, str], Parts] = {}
        self.custom: list[Parts] = []

    def read(self) -> tuple[dict[str, list[Parts]], list[Sentence]]:
        for column, cell in zip(self.columns, self.cells, strict=False):
            text = as_typed(cell.strip()).strip()
            if UNREADABLE in text:
                text = text.replace(UNREADABLE, "")
                self.notes.append(LEFT_OUT)
            if text:
                self._take(column, text)
        if any(cell.strip() for cell in self.cells[len(self.columns) :]):
            self.notes.append(Sentence("cells beyond the last column left out"))
        return self._fields(), self.notes

    def _take(self, column: Target, text: str) -> None:
        match column:
            case Column():
                one = column.field in ONE_ITEM
                item = self.items.setdefault((column.field, "" if one else column.slot), {})
                if column.type:
                    item["type"] = column.type
                if column.part in item and (column.part in LINES or column.field == "biographies"):
                    text = f"{item[column.part]}\n{text}"
                elif column.part in item:
                    self.notes.append(Sentence("a second value in one place left out"))
                    return
                item[column.part] = text
            case Passed(note):
                if note and not _says_nothing(note, text):
                    self.notes.append(LOST[note])
            case Unknown(name):
                if len(text) > MAX_TEXT:
                    self.notes.append(Sentence("a long cell of an unknown column left out"))
                else:
                    self.custom.append({"key": clean(name) or NAMELESS, "value": text})

    def _fields(self) -> dict[str, list[Parts]]:
        fields: dict[str, list[Parts]] = {}
        preferred: dict[str, list[Parts]] = {}
        for (field, _), item in self.items.items():
            label = item.get("key" if field == "userDefined" else "type", "")
            first = label.startswith(PREFERRED)
            if first:
                item["key" if field == "userDefined" else "type"] = label.removeprefix(PREFERRED)
            for one in _taken_apart(field, item):
                if finished := self._finished(field, one):
                    (preferred if first else fields).setdefault(field, []).append(finished)
        if self.custom:
            fields["userDefined"] = fields.get("userDefined", []) + self.custom
        for field, items in preferred.items():
            fields[field] = items + fields.get(field, [])
        for name in fields.get("names", ()):
            if given := given_name(name.pop("unstructuredName", ""), name, fields):
                name["givenName"] = given
        return fields

    def _finished(self, field: str, item: Parts) -> Parts | None:
        if "type" in item:
            item["type"] = read_type(field, item["type"])
        if "protocol" in item:
            item["protocol"] = read_type("protocols", item["protocol"])
        if field == "userDefined":
            item["key"] = clean(item.get("key", "")) or NAMELESS
        if "date" in item:
            text = item.pop("date")
            if date := spoken_date(text, month_first=self.month_first):
                item["date"] = date
            elif is_no_date(text):
                return None
            elif field == "birthdays":
                item["text"] = text
            else:
                self.notes.append(Sentence("a date that cannot be read left out"))
                return None
        return item


def _says_nothing(note: str, text: str) -> bool:
    """Whether a cell without a place only says what is true of every contact."""
    if note == "labels":
        return {label.removeprefix(PREFERRED).strip() for label in text.split(SEPARATOR.strip())} <= {
            "myContacts",
            "My Contacts",
        }
    return text.casefold() in ("unspecified", "0")


def _taken_apart(field: str, item: Parts) -> list[Parts]:
    """The items that one block holds: Google joins values with the same label in one cell, part by part."""
    joined = [part for part, text in item.items() if SEPARATOR in text]
    if field in ("biographies", "names", "birthdays") or not joined:
        if field == "emailAddresses" and item.get("value", "").count("@") > 1:
            return [item | {"value": one} for one in re.split(r"[;,\s]+", item["value"]) if one]
        return [item]
    pieces = {part: item[part].split(SEPARATOR) for part in joined}
    return [
        {part: pieces[part][at].strip() if at < len(pieces[part]) else "" for part in joined}
        | {part: text for part, text in item.items() if part not in joined}
        for at in range(max(map(len, pieces.values())))
    ]
