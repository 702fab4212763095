"""Cells that a spreadsheet would run as a formula, made harmless, and back.

A cell that begins with `=`, `+`, `-` or `@` is a formula to Excel and LibreOffice, and may call programs or fetch pages
(OWASP, "CSV Injection"). An apostrophe before it makes it text, to both. Left alone are numbers and dates
(`+45 33 12 34 56`, `--12-01`): without a letter they can call nothing, and Google Contacts would take the apostrophe
for a part of the number.
"""

from __future__ import annotations

import re

_START = "=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20"  # the last four are the wide forms, which Japanese Excel takes as well
_FORMULA = re.compile(rf"'*[{_START}]")
_NUMBER = re.compile(r"[+-]+[0-9 ()./\u00a0-]*[0-9)](?: ?(?:;?ext[.=]?|x|[,;#*]) ?[0-9]+)*")


def harmless(cell: str) -> str:
    """The cell as a CSV file may hold it."""
    return "'" + cell if _FORMULA.match(cell) and not _NUMBER.fullmatch(cell) else cell


def as_typed(cell: str) -> str:
    """The cell before `harmless`: one apostrophe less where it guards a formula."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell
