"""Dates as files write them, and as the People API does: `{"year", "month", "day"}`, each of which may be missing."""

from __future__ import annotations

import re
from calendar import isleap
from collections.abc import Mapping
from typing import Any

from sharesync.errors import Sentence

TIME_OF_DAY = Sentence("a time of day left out")
"""The note on a time behind a date that is to have none."""

_ISO = re.compile(r"(?:([0-9]{4})|--(?!-))(?:-?([0-9]{2})(?:-?([0-9]{2}))?)?")
_SPOKEN = re.compile(r"([0-9]{1,4})([./-])\s?([0-9]{1,2})\2\s?([0-9]{1,4})")
_TIMED = re.compile(
    r"""(?![0-9]{4}[T,\s])  # a year alone has no time
    (?P<day>.*[0-9]) (?:
            T(?P<basic>[0-2][0-9](?:[0-5][0-9](?:[0-6][0-9])?)?)          # T10, T1030, T103000
        |   (?:T|,?\s) (?P<clock>[0-2]?[0-9][:.][0-5][0-9](?:[:.][0-6][0-9](?:[.,][0-9]+)?)?)
            (?:\s?(?P<half>[AP]M))?
    ) (?:\s?(?:Z|UTC|GMT|[+-][0-9]{2}(?::?[0-9]{2})?))?""",
    re.VERBOSE | re.IGNORECASE,
)

_NO_YEAR = 1604
"""The leap year that Apple writes for a date without a year, with or without X-APPLE-OMIT-YEAR."""

_LONGEST = (0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)

DateParts = dict[str, int]


def iso_date(text: str) -> DateParts | None:
    """`1985-01-02`, `19850102`, `--0102`, `--01-02`, `1985`; None for anything else, also for a date with a time.

    Also for `---03`: Google has no day without its month.
    """
    found = _ISO.fullmatch(text.strip())
    if not found:
        return None
    year, month, day = (int(number or 0) for number in found.groups())
    return _date(year, month, day)


def without_time(text: str) -> tuple[str, str]:
    """A date's text and the time of day behind it, which is empty where none stands there.

    `1985-01-02T10:30:00+01:00`, `19850102T1030`, `2/1/1985 10:30 PM`. Anything else behind a date is no time, and
    the text as a whole is no date: `1985 ca.`
    """
    text = text.strip()
    found = _TIMED.fullmatch(text)
    return (found["day"], text[found.end("day") :].lstrip("Tt ,")) if found else (text, "")


def is_midnight(time: str) -> bool:
    """Whether this time of day is what programs write for a day without a time."""
    clock = re.split(r"[Z+-]", time.upper())[0]
    return not re.search(r"[1-9]", re.sub(r"^12(?=[:.].*AM)", "", clock)) and "PM" not in clock


def spoken_date(text: str, *, month_first: bool) -> DateParts | None:
    """A date as a spreadsheet shows it: `2.1.1985`, `1/2/1985`, `2. januar 1985`, or any form of `iso_date`.

    With slashes, `month_first` decides where both readings are possible; with dots and hyphens the day comes first.
    """
    if (date := iso_date(text)) is not None:
        return date
    found = _SPOKEN.fullmatch(text.strip())
    if not found:
        return _in_words(text.strip())
    sign, first, second, third = found[2], int(found[1]), int(found[3]), int(found[4])
    if len(found[1]) == 4:
        return _date(first, second, third)
    if len(found[4]) != 4:
        return None  # two digits do not say which century
    day, month = (second, first) if sign == "/" and month_first else (first, second)
    return _date(third, month, day) or _date(third, day, month)


_NAMES = (
    "january januar januari jan jän jänner",
    "february februar februari feb",
    "march marts mars märz maerz mar mär mrz",
    "april apr",
    "may maj mai",
    "june juni jun",
    "july juli jul",
    "august augusti aug",
    "september sept sep",
    "october oktober oct okt",
    "november nov",
    "december desember dezember dec des dez",
)
"""The months in English, Danish, Norwegian, Swedish and German."""
_MONTHS = {name: number for number, names in enumerate(_NAMES, 1) for name in names.split()}
_DAY_FIRST = re.compile(r"([0-9]{1,2})(?:\.|st|nd|rd|th)?[ -]?([^\W\d_]+)\.?(?:[ ,-]+([0-9]{4}))?")
_MONTH_FIRST = re.compile(r"([^\W\d_]+)\.? ([0-9]{1,2})(?:st|nd|rd|th)?(?:,? ([0-9]{4}))?")


def _in_words(text: str) -> DateParts | None:
    """`25. marts 1980`, `25-Mar-1980`, `March 25, 1980`; the year may be missing."""
    if found := _DAY_FIRST.fullmatch(text):
        day, name, year = found.groups()
    elif found := _MONTH_FIRST.fullmatch(text):
        name, day, year = found.groups()
    else:
        return None
    month = _MONTHS.get(name.casefold())
    return _date(int(year or 0), month, int(day)) if month and int(day) else None


def is_no_date(text: str) -> bool:
    """Whether this is how a program writes that there is no date: `0/0/00`, `0000-00-00`."""
    return not re.search(r"[^0\s./:-]", text)


def write_date(date: Mapping[str, Any], *, basic: bool = False) -> str:
    """A date in the shortest ISO form that says the same; `basic` writes `--0102` where the year is missing."""
    year, month, day = (int(date.get(part) or 0) for part in ("year", "month", "day"))
    parts = [f"{year:04}"] if year else ["--"]
    parts += [f"{number:02}" for number in (month, day) if number]
    if year:
        return "-".join(parts)
    return parts[0] + ("" if basic else "-").join(parts[1:])


def _date(year: int, month: int, day: int) -> DateParts | None:
    if not (0 <= month <= 12 and 0 <= day <= _LONGEST[month]) or (day and not month):
        return None
    if year and (month, day) == (2, 29) and not isleap(year):
        return None
    numbers = {"year": 0 if year == _NO_YEAR else year, "month": month, "day": day}
    return {part: number for part, number in numbers.items() if number} or None
