"""One row of a CSV file in the making: each cell is put where its column says, and a ledger hears of it before.

What does not fit there (a second value in one place, a date that is none) is kept as a custom field under its heading.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from sharesync.errors import Sentence
from sharesync.formats.csv_columns import (
    LINES,
    ONE_ITEM,
    REASONS,
    Column,
    LeftOut,
    Skipped,
    Stock,
    Target,
    UnknownColumn,
)
from sharesync.formats.csv_reading import CsvRow
from sharesync.formats.csv_words import FIRM_NUMBERS, STOCK, fold
from sharesync.formats.entries import NAMELESS, Bad
from sharesync.formats.google_csv import PREFERRED, SEPARATOR
from sharesync.formats.ledger import FileValue, Ledger, Note
from sharesync.formats.spreadsheet import as_typed
from sharesync.formats.text import LEFT_OUT, UNREADABLE
from sharesync.formats.typed_values import DESTROYED, NO_VALUE, is_none, is_rounded
from sharesync.model.spelling import clean

Parts = dict[str, Any]


class DraftTable:
    """What all rows of a file have in common."""

    def __init__(
        self,
        found: Sequence[CsvRow | Bad],
        header: Sequence[str],
        columns: Sequence[Target],
        *,
        by_program: bool,
        damaged: bool,
    ) -> None:
        self.columns = columns
        self.damaged = damaged
        self.by_program = by_program
        self.names = [name.strip() or f"Column {at}" for at, name in enumerate(header, 1)]
        self.keys = [clean(name) or NAMELESS for name in self.names]
        self.firm_numbers = [at for at, name in enumerate(header) if fold(name) in FIRM_NUMBERS]
        self.month_first = _is_month_first(found, columns)


_SLASHED = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/[0-9]{4}\b")


def _is_month_first(found: Sequence[CsvRow | Bad], columns: Sequence[Target]) -> bool:
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


class DraftItem:
    """One item in the making: its parts as text, and the cells that they come from."""

    __slots__ = ("cells", "parts")

    def __init__(self) -> None:
        self.parts: Parts = {}
        self.cells: dict[str, tuple[int, FileValue]] = {}
        """Part → the place of its column, and its value."""


class RowDraft:
    """One row in the making."""

    def __init__(self, table: DraftTable, row: CsvRow) -> None:
        self.table = table
        self.row = row
        self.ledger = Ledger()
        self.notes: list[Sentence] = []
        self.items: dict[tuple[str, str], DraftItem] = {}
        self.custom: list[Parts] = []
        for at, (column, cell) in enumerate(zip(table.columns, row.cells, strict=False)):
            text = as_typed(cell.strip()).strip() if cell else ""
            if table.damaged and UNREADABLE in text:
                text = text.replace(UNREADABLE, "")
                self.notes.append(LEFT_OUT)
            if text and not isinstance(column, Skipped):
                self._take(at, column, text, self.ledger.read(self.row.line, self.table.names[at], text))
        for at, cell in enumerate(self.row.cells[len(self.table.columns) :], len(self.table.columns) + 1):
            if text := as_typed(cell.strip()).strip():
                name = f"Column {at}"
                self.custom.append({"key": name, "value": text})
                self.ledger.read(self.row.line, name, text).goes("userDefined", text)

    def _take(self, at: int, column: Target, text: str, value: FileValue) -> None:
        if is_none(text, by_program=self.table.by_program):
            value.left_out(NO_VALUE)
            return
        if not self.table.by_program and is_rounded(text, surely=True) and column != Column("biographies", "value"):
            value.left_out(DESTROYED)
            return
        match column:
            case Column(_, "either") if self._is_firm():
                self._put(at, Column("organizations", "name"), text, value)
            case Column():
                self._put(at, column, text, value)
            case LeftOut(why):
                if _says_nothing(why, text):
                    value.passes()
                else:
                    value.left_out(REASONS[why])
            case Stock() if text.casefold() in STOCK:
                value.passes()
            case UnknownColumn() | Stock():
                self.keep(at, text, value)
            case Skipped():
                pass

    def _is_firm(self) -> bool:
        cells = self.row.cells
        return any(
            at < len(cells) and (text := cells[at].strip()) and not is_none(text) for at in self.table.firm_numbers
        )

    def _put(self, at: int, column: Column, text: str, value: FileValue) -> None:
        field, part = column.field, "unstructuredName" if column.part == "either" else column.part
        if field == "phoneNumbers" and part == "value" and is_rounded(text):
            value.left_out(DESTROYED)
            return
        item = self.items.setdefault((field, "" if field in ONE_ITEM else column.slot), DraftItem())
        if column.type:
            item.parts.setdefault("type", column.type)
        if column.protocol:
            item.parts["protocol"] = column.protocol
        if part in item.cells and (field, part) in LINES:
            text, both = f"{item.parts[part]}\n{text}", text
            value.goes(field, both)
        elif part in item.cells:
            self.keep(at, text, value)
            return
        else:
            value.goes(field, text)
        item.parts[part] = text
        item.cells[part] = at, value

    def keep(self, at: int, text: str, value: FileValue) -> None:
        """Keep a cell as a custom field under its heading."""
        self.custom.append({"key": self.table.keys[at], "value": text})
        value.goes("userDefined", text)

    def warn(self, why: Sentence, at: int, text: str) -> None:
        """Note a value that goes in all the same."""
        self.notes.append(Note(why, self.row.line, self.table.names[at], text))


def _says_nothing(why: str, text: str) -> bool:
    """Whether a cell without a place only says what is true of every contact."""
    if why == "labels":
        return {label.removeprefix(PREFERRED).strip() for label in text.split(SEPARATOR.strip())} <= {
            "myContacts",
            "My Contacts",
        }
    return text.casefold() in ("unspecified", "0")
