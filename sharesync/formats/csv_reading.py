"""A CSV file into rows of cells.

A row that makes no sense costs itself. A quotation mark that is opened and never closed would swallow all rows after
it: it is passed over, the row ends with its line, and reading goes on with the next.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sharesync.errors import Sentence
from sharesync.formats.entries import Bad


class CsvRow(NamedTuple):
    """One row of a file."""

    line: int
    """Its first line, counted from 1."""
    cells: list[str]
    unclosed: bool = False
    """A quotation mark in it is never closed, and was passed over."""
    end: int = 0
    """Index of the line after its last."""


_TOO_LONG = Sentence("A cell in this line is beyond every limit.")


def lines_of(text: str) -> list[str]:
    """Physical lines with their ends."""
    return re.findall(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z", text)


def rows(lines: Sequence[str], delimiter: str, first: int) -> Iterator[CsvRow | Bad]:
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
                yield CsvRow(start + 1, cells, stray is not None, end)
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
