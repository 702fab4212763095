"""Days as a filter writes them: one, a month, a year, or so long before or after today."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta

_RELATIVE = re.compile(r"([+-]?)(\d{1,4})([dwmy])")
_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
_FIRST, _LAST = 1900, 2199
"""Years that a filter may name."""


def span(typed: str, today: date) -> tuple[date, date] | None:
    """The first day that is meant, and the first one after; None where it is no day."""
    if typed in ("today", "yesterday"):
        return _one(today - timedelta(days=typed == "yesterday"))
    if found := _RELATIVE.fullmatch(typed):
        return _one(_moved(today, int(found[1] + found[2]), found[3]))
    if (found := _DATE.fullmatch(typed)) is None or not _FIRST <= int(found[1]) < _LAST:
        return None
    try:
        first = date(int(found[1]), int(found[2] or 1), int(found[3] or 1))
    except ValueError:
        return None
    after = _moved(first, 1, "d" if found[3] else "m" if found[2] else "y")
    return (first, after) if after else None


def _one(day: date | None) -> tuple[date, date] | None:
    return (day, day + timedelta(days=1)) if day else None


def _moved(day: date, number: int, unit: str) -> date | None:
    """A day so many days, weeks, months or years away; None beyond the years that a filter may name."""
    if unit in "dw":
        days = number * (7 if unit == "w" else 1)
        moved = day.toordinal() + days
        return (
            date.fromordinal(moved)
            if date(_FIRST, 1, 1).toordinal() <= moved <= date(_LAST, 1, 1).toordinal()
            else None
        )
    months = day.year * 12 + day.month - 1 + number * (12 if unit == "y" else 1)
    year, month = divmod(months, 12)
    if not _FIRST <= year <= _LAST:
        return None
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
