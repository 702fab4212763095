"""CSV files as tables whose columns a person says: cut into cells, their columns guessed, or told by a word each."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from sharesync.errors import InvalidInput
from sharesync.formats.csv_columns import Target
from sharesync.formats.csv_meanings import SAMPLE, guess, is_heading, says_something, targets
from sharesync.formats.csv_reading import lines_of, rows
from sharesync.formats.entries import Bad


@dataclass(frozen=True, slots=True)
class Mapping:
    """What the columns of a file mean: a word each (`csv_meanings.py`); `heading`: its first row names them."""

    words: tuple[str, ...]
    heading: bool = True


@dataclass(frozen=True, slots=True)
class Sheet:
    """A CSV file cut into cells, nothing of it understood yet."""

    delimiter: str
    lines: Sequence[str]
    begin: int
    """Index of the first line that is not blank."""
    top: tuple[tuple[str, ...], ...]
    """The first rows, as wide as the widest of them."""
    even: tuple[int, int]
    """How many of them were equally wide, and how wide."""

    def names(self, *, heading: bool) -> list[str]:
        """What each column is called: by the first row, or by its number."""
        first = self.top[0] if heading else ("",) * len(self.top[0])
        return [cell.strip() or f"Column {place}" for place, cell in enumerate(first, 1)]

    def rows(self, *, heading: bool) -> tuple[tuple[str, ...], ...]:
        """The first rows without the heading."""
        return self.top[1:] if heading else self.top

    def first(self, *, heading: bool) -> int:
        """Index of the line where the contacts begin."""
        if not heading:
            return self.begin
        reader = csv.reader(self.lines[self.begin :], delimiter=self.delimiter)
        next(reader)
        return self.begin + reader.line_num

    def targets(self, mapping: Mapping) -> list[Target]:
        """The columns as a mapping tells them. Raises InvalidInput for a word that is none."""
        return targets(mapping.words, self.names(heading=mapping.heading))

    def guess(self) -> Mapping:
        """What the columns probably mean."""
        heading = is_heading(self.top[0], self.top[1:])
        names = self.top[0] if heading else ("",) * len(self.top[0])
        return Mapping(tuple(guess(names, self.rows(heading=heading))), heading)

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


def sheet_of(text: str) -> Sheet | None:
    """The file as a table, with the delimiter under which most rows are equally wide; None where it is none."""
    lines = lines_of(text)
    begin = next((at for at, line in enumerate(lines) if line.strip() and not line.startswith("sep=")), None)
    if begin is None:
        return None
    found = [sheet for delimiter in ",;\t|" if (sheet := _under(lines, begin, delimiter))]
    best = max(found, key=lambda sheet: sheet.even, default=None)
    return best if best and _is_table(best) else None


def _under(lines: Sequence[str], begin: int, delimiter: str) -> Sheet | None:
    some = (row for row in rows(lines, delimiter, begin) if not isinstance(row, Bad))
    top = [row.cells for row in islice(some, SAMPLE + 1)]
    if not top:
        return None
    width = max(map(len, top))
    even = Counter(len(row) for row in top if len(row) > 1)
    alike = max(((number, width) for width, number in even.items()), default=(0, 0))
    return Sheet(delimiter, lines, begin, tuple((*row, *[""] * (width - len(row))) for row in top), alike)


def _is_table(sheet: Sheet) -> bool:
    """A text with a comma in it is none: a table has even rows, a heading we know, or cells that only contacts have."""
    if sheet.even[0] * 2 > len(sheet.top) > 1 or any(map(says_something, sheet.top[0])):
        return True
    return bool({"email", "phone"} & set(guess(("",) * len(sheet.top[0]), sheet.top)))
