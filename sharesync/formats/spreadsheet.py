"""Cells that a spreadsheet would run as a formula, made harmless, and back.

A cell that begins with `=`, `+`, `-` or `@` is a formula to Excel and LibreOffice, and may call programs or fetch pages
(OWASP, "CSV Injection"). An apostrophe before it makes it text, to both. Left alone are numbers and dates
(`+45 33 12 34 56`, `--12-01`): without a letter they can call nothing, and Google Contacts would take the apostrophe
for a part of the number.

A spreadsheet whose separator is another than the comma (`;` in half of Europe) cuts our cells in pieces, at line breaks
too, as it does not take our quotation marks for its own: each piece is made harmless as if it were a cell.
"""

from __future__ import annotations

import re

_START = "=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20"  # the last four are the wide forms, which Japanese Excel takes as well
_FORMULA = re.compile(rf"'*[ \u00a0\"]*[{_START}]")
_NUMBER = re.compile(r"[+-]+[0-9 ()./\u00a0-]*[0-9)](?: ?(?:;?ext[.=]?|x|[,;#*]) ?[0-9]+)*")
_KEPT_AS_TEXT = re.compile(r'="([^"]*)"')
_PIECES = re.compile(r"([;|\t\r\n])")


def harmless(cell: str) -> str:
    """The cell as a CSV file may hold it."""
    return "".join(map(_guarded, _PIECES.split(cell)))


def as_typed(cell: str) -> str:
    """The cell before `harmless`: one apostrophe less where it guards a formula.

    `="0045"` is how people keep a spreadsheet from taking a text for a number, so it is that text.
    """
    if cell.startswith('="') and (found := _KEPT_AS_TEXT.fullmatch(cell)):
        return found[1]
    return "".join(map(_bare, _PIECES.split(cell))) if "'" in cell else cell


def _guarded(piece: str) -> str:
    runs = _FORMULA.match(piece) and not _PIECES.fullmatch(piece) and not _NUMBER.fullmatch(piece)
    return "'" + piece if runs else piece


def _bare(piece: str) -> str:
    return piece[1:] if piece.startswith("'") and _FORMULA.match(piece) else piece
