"""What commands print: JSON Lines for programs, aligned columns and local times for people."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import click

OutputLine = Mapping[str, Any]
OutputColumn = tuple[str, Callable[[OutputLine], object]]
"""A column's heading, and what of a line stands under it. Numbers are set to the right."""

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON Lines, for programs.")

_GAP = "  "


def show(lines: Iterable[OutputLine], columns: Sequence[OutputColumn], nothing: str = "", *, as_json: bool) -> None:
    """Print every line of a report; `nothing` is what people read where there is none."""
    if as_json:
        for line in lines:
            json_line(line)
        return
    rows = [[of(line) for _, of in columns] for line in lines]
    if rows:
        click.echo("\n".join(table([heading for heading, _ in columns], rows)))
    else:
        click.echo(nothing)


def tell(line: OutputLine, sentence: str, *, as_json: bool) -> None:
    """Print what one command did: the line for programs, or the sentence for people."""
    if as_json:
        json_line(line)
    else:
        click.echo(sentence)


def json_line(line: OutputLine, *, err: bool = False) -> None:
    """Print one JSON line."""
    click.echo(json.dumps(line, ensure_ascii=False), err=err)


def table(headings: Sequence[str], rows: Sequence[Sequence[object]]) -> list[str]:
    """The rows under their headings, in columns as wide as they need."""
    numbers = [all(isinstance(row[at], int | None) for row in rows) for at in range(len(headings))]
    cells = [[("–" if cell is None else _one_line(str(cell))) for cell in row] for row in rows]
    widths = [max(_width(row[at]) for row in [list(headings), *cells]) for at in range(len(headings))]

    def set_out(row: Sequence[str]) -> str:
        placed = [
            " " * (width - _width(cell)) + cell if right else cell + " " * (width - _width(cell))
            for cell, width, right in zip(row, widths, numbers, strict=True)
        ]
        return _GAP.join(placed).rstrip()

    return [click.style(set_out([heading.upper() for heading in headings]), dim=True), *map(set_out, cells)]


def local(moment: datetime | None) -> str | None:
    """A moment by the clock on the wall here, with the zone of that clock."""
    return moment.astimezone().strftime("%Y-%m-%d %H:%M:%S %Z") if moment else None


def counted(number: int, thing: str, things: str = "") -> str:
    """`1 contact`, `3 contacts`."""
    return f"{number} {thing if number == 1 else things or thing + 's'}"


def _one_line(text: str) -> str:
    # A contact's name may hold anything: no line breaks in a table, and nothing that a terminal would obey.
    return "".join(sign if unicodedata.category(sign)[0] != "C" or sign == "\u200d" else " " for sign in text)


def _width(text: str) -> int:
    wide = sum(unicodedata.east_asian_width(sign) in "WF" for sign in text)
    return len(text) + wide - sum(bool(unicodedata.combining(sign)) for sign in text)
