"""CSV files as tables: where their header is, what their columns are by it, or by a word each from a person."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from sharesync.errors import InvalidInput, Sentence
from sharesync.formats.csv_columns import Column, Stock, Target, UnknownColumn
from sharesync.formats.csv_headers import columns_by, columns_of, is_outlook, unread_language
from sharesync.formats.csv_meanings import SAMPLE, guess, is_heading, says_something, targets, words_below
from sharesync.formats.csv_reading import CsvRow, lines_of, rows
from sharesync.formats.csv_words import BOOKKEEPING, fold
from sharesync.formats.entries import Format
from sharesync.formats.google_csv import google_columns
from sharesync.formats.ledger import Note

DEEPEST = 15
"""Rows that may stand above the header: a title, an explanation."""
LOOKED_AT = 1000
"""Rows whose cells tell what headings leave open."""

ABOVE = Sentence("a line above the headings left out")


@dataclass(frozen=True, slots=True)
class Mapping:
    """What the columns of a file mean: a word each (`csv_meanings.py`); `heading`: its first row names them."""

    words: tuple[str, ...]
    heading: bool = True


@dataclass(frozen=True)
class Sheet:
    """A CSV file cut into cells."""

    delimiter: str
    lines: Sequence[str]
    above: tuple[CsvRow, ...]
    """Rows above the header."""
    top: tuple[CsvRow, ...]
    """The first rows, from the header on; of a file without one, from the first on."""
    even: tuple[int, int]
    """How many of them were equally wide, and how wide."""
    known: int
    """Headings that say something, if the first row is a header of contacts."""

    @cached_property
    def width(self) -> int:
        """Cells of the widest of the first rows."""
        return max(len(row.cells) for row in self.top)

    @cached_property
    def header(self) -> list[str]:
        """The first row, as wide as the widest."""
        cells = self.top[0].cells
        return [*cells, *[""] * (self.width - len(cells))]

    @cached_property
    def digest(self) -> bytes:
        """What is equal for files with the same header, and tells nothing of it."""
        return hashlib.sha256("\x1f".join(cell.strip().casefold() for cell in self.header).encode()).digest()

    @cached_property
    def below(self) -> list[list[str]]:
        """The cells of the rows below the first, as far as they are looked at."""
        found = islice(rows(self.lines, self.delimiter, self.top[0].end), LOOKED_AT)
        return [row.cells for row in found if isinstance(row, CsvRow)]

    def names(self, *, heading: bool) -> list[str]:
        """What each column is called: by the first row, or by its number."""
        first = self.header if heading else [""] * self.width
        return [cell.strip() or f"Column {place}" for place, cell in enumerate(first, 1)]

    def rows(self, *, heading: bool) -> tuple[tuple[str, ...], ...]:
        """The first rows without the heading, equally wide."""
        some = self.top[1:] if heading else self.top
        return tuple((*row.cells, *[""] * (self.width - len(row.cells))) for row in some)

    def first(self, *, heading: bool) -> int:
        """Index of the line where the contacts begin."""
        return self.top[0].end if heading else self.top[0].line - 1

    def notes(self) -> tuple[Note, ...]:
        """What stands above the header, line by line."""
        cells = ((row.line, at, cell.strip()) for row in self.above for at, cell in enumerate(row.cells, 1))
        return tuple(Note(ABOVE, line, f"Column {at}", cell) for line, at, cell in cells if cell)

    # -- by its headings ----------------------------------------------------------------------------------------------

    @cached_property
    def format(self) -> Format:
        """Which program's headings these are."""
        if google_columns(self.header):
            return Format.GOOGLE_CSV
        outlook = is_outlook(self.header) or set(map(str.strip, self.header)) >= _OUTLOOK
        return Format.OUTLOOK_CSV if outlook else Format.CSV

    @cached_property
    def columns(self) -> list[Target]:
        """What each column is by its heading, beside the others."""
        others = columns_by(self.header, self.below)
        google = google_columns(self.header)
        if not google:
            return others
        return [ours or _of_google(other, name) for ours, other, name in zip(google, others, self.header, strict=True)]

    def trouble(self) -> Sentence | None:
        """Why the headings alone do not say enough; None where they do."""
        if foreign := unread_language(self.header):
            return Sentence(
                "Headings such as “%(heading)s” are in a language that is not read; say what the columns are, as in"
                " --map “%(heading)s=first-name”.",
                heading=foreign,
            )
        if not columns_of(self.header, self.below):
            return Sentence("No heading of this file says enough; say what its columns are with --map COLUMN=FIELD.")
        if not any(isinstance(column, Column) and (column.field, column.part) in _CALLED for column in self.columns):
            for at, column in enumerate(self.columns):
                if isinstance(column, UnknownColumn) and words_below(self.below, at):
                    return Sentence(
                        "No column of this file is known to be a name, so its contacts would have none; say which one"
                        " is, as in --map “%(heading)s=name”, or =custom.",
                        heading=column.name,
                    )
        return None

    # -- as a person tells them ---------------------------------------------------------------------------------------

    def targets(self, mapping: Mapping) -> list[Target]:
        """The columns as a mapping tells them. Raises InvalidInput for a word that is none."""
        names = self.names(heading=mapping.heading)
        return targets(mapping.words, names, self.columns if mapping.heading else columns_by(names))

    def guess(self) -> Mapping:
        """What the columns probably mean."""
        below = self.rows(heading=True)
        heading = is_heading(self.header, below)
        names = self.header if heading else [""] * self.width
        columns = self.columns if heading else columns_by(names)
        return Mapping(tuple(guess(columns, names, self.rows(heading=heading))), heading)

    def told(self, pairs: Sequence[str]) -> Mapping:
        """What the columns mean where pairs of a column, by heading or number, and a word say it, else as guessed.

        Raises InvalidInput for a column that is not there; a word that means nothing is found when it is used.
        """
        guessed = self.guess()
        words, names = list(guessed.words), self.names(heading=guessed.heading)
        folded = [name.casefold() for name in names]
        for pair in pairs:
            column, sign, word = pair.rpartition("=")
            wanted = column.strip()
            if wanted.casefold() in folded:
                place = folded.index(wanted.casefold())
            elif sign and wanted.isdecimal() and 0 < int(wanted) <= len(names):
                place = int(wanted) - 1
            else:
                raise InvalidInput(
                    "“%(pair)s” names no column of this file; say COLUMN=FIELD, COLUMN being a heading or a number.",
                    pair=pair,
                )
            words[place] = word.strip().lower()
        return Mapping(tuple(words), guessed.heading)


_OUTLOOK = frozenset(("First Name", "Last Name", "E-mail Address", "Business Street"))
"""Columns of Outlook's English export, whatever else its version has."""
_CALLED = frozenset(
    [
        *(("names", part) for part in ("givenName", "familyName", "unstructuredName", "half", "either")),
        *(("nicknames", "value"), ("organizations", "name")),
    ]
)


def _of_google(column: Target, name: str) -> Target:
    """Google's older export knows Outlook's bookkeeping, too."""
    return Stock(name.strip()) if isinstance(column, UnknownColumn) and fold(name) in BOOKKEEPING else column


def sheet_of(text: str) -> Sheet | None:
    """The file as a table, with the delimiter under which most headings are known, or most rows are equally wide.

    None where it is none.
    """
    lines = lines_of(text)
    begin = next((at for at, line in enumerate(lines) if line.strip() and not line.startswith("sep=")), None)
    if begin is None:
        return None
    found = [sheet for delimiter in ",;\t|" if (sheet := _under(lines, begin, delimiter))]
    best = max(found, key=lambda sheet: (sheet.known, sheet.even), default=None)
    return best if best and _is_table(best) else None


def _under(lines: Sequence[str], begin: int, delimiter: str) -> Sheet | None:
    some = (row for row in rows(lines, delimiter, begin) if isinstance(row, CsvRow))
    top = tuple(islice(some, SAMPLE + 1))
    if not top:
        return None
    scores = [_known(row.cells) for row in top[:DEEPEST]]
    at = scores.index(max(scores))
    even = Counter(len(row.cells) for row in top[at:] if len(row.cells) > 1)
    alike = max(((number, width) for width, number in even.items()), default=(0, 0))
    return Sheet(delimiter, lines, top[:at], top[at:], alike, scores[at])


def _known(cells: Sequence[str]) -> int:
    """Headings among these cells that say something; none where they are no header of contacts."""
    if google := google_columns(cells):
        return sum(column is not None for column in google)
    return sum(isinstance(column, Column) for column in columns_of(cells) or ())


def _is_table(sheet: Sheet) -> bool:
    """A text with a comma in it is none: a table has even rows, a heading we know, or cells that only contacts have."""
    if sheet.even[0] * 2 > len(sheet.top) > 1 or any(map(says_something, sheet.header)):
        return True
    blank = [""] * sheet.width
    return bool({"email", "phone"} & set(guess(columns_by(blank), blank, sheet.rows(heading=False))))


def unknown_columns(sheet: Sheet, columns: Sequence[Target]) -> tuple[str, ...]:
    """The filled columns that nobody knows, by their headings."""
    return tuple(
        column.name
        for at, column in enumerate(columns)
        if isinstance(column, UnknownColumn) and any(at < len(row) and row[at].strip() for row in sheet.below)
    )
