"""What a person may say that a column of a CSV file means, and what it probably means, by its heading and its cells."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from sharesync.errors import InvalidInput
from sharesync.formats.csv_columns import Column, Skipped, Target, UnknownColumn
from sharesync.formats.csv_headers import apart, columns_by
from sharesync.formats.dates import spoken_date, without_time

_ADDRESS = {
    "street": "streetAddress",
    "postal-code": "postalCode",
    "city": "city",
    "region": "region",
    "country": "country",
}

MEANINGS: Mapping[str, Column] = MappingProxyType(
    {
        "name": Column("names", "unstructuredName"),
        "first-name": Column("names", "givenName"),
        "middle-name": Column("names", "middleName"),
        "last-name": Column("names", "familyName"),
        "prefix": Column("names", "honorificPrefix"),
        "suffix": Column("names", "honorificSuffix"),
        "nickname": Column("nicknames", "value"),
        "email": Column("emailAddresses", "value", "email"),
        "work-email": Column("emailAddresses", "value", "work", "work"),
        "home-email": Column("emailAddresses", "value", "home", "home"),
        "phone": Column("phoneNumbers", "value", "phone"),
        "mobile": Column("phoneNumbers", "value", "mobile", "mobile"),
        "work-phone": Column("phoneNumbers", "value", "work", "work"),
        "home-phone": Column("phoneNumbers", "value", "home", "home"),
        "fax": Column("phoneNumbers", "value", "fax", "workFax"),
        "company": Column("organizations", "name"),
        "title": Column("organizations", "title"),
        "department": Column("organizations", "department"),
        **{word: Column("addresses", part) for word, part in _ADDRESS.items()},
        **{f"work-{word}": Column("addresses", part, "work", "work") for word, part in _ADDRESS.items()},
        **{f"home-{word}": Column("addresses", part, "home", "home") for word, part in _ADDRESS.items()},
        "birthday": Column("birthdays", "date"),
        "website": Column("urls", "value", "website"),
        "notes": Column("biographies", "value"),
    }
)
CUSTOM, SKIP, HEADING = "custom", "skip", "heading"
"""A custom field of the column's name; nothing at all; what its heading says, where that is none of the above."""
WORDS = (*MEANINGS, CUSTOM, SKIP, HEADING)

SAMPLE = 50
"""Rows that a guess looks at."""


def targets(words: Sequence[str], names: Sequence[str], columns: Sequence[Target]) -> list[Target]:
    """The columns of a file, told by a word each; those without a word are custom fields.

    `columns` are what their headings say. Raises InvalidInput for a word that is none.
    """
    given = [*words[: len(names)], *[CUSTOM] * (len(names) - len(words))]
    return apart([_target(*one) for one in zip(given, names, columns, strict=True)])


def _target(word: str, name: str, column: Target) -> Target:
    if word in MEANINGS:
        return MEANINGS[word]
    if word == CUSTOM:
        return UnknownColumn(name)
    if word == SKIP:
        return Skipped()
    if word == HEADING:
        return column
    raise InvalidInput("A column cannot mean “%(word)s”; use one of %(known)s.", word=word, known=", ".join(WORDS))


def guess(columns: Sequence[Target], names: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """A word for each column: what its heading says, else what its cells look like."""
    words = [_by_heading(column) if name.strip() else "" for column, name in zip(columns, names, strict=True)]
    for place, word in enumerate(words):
        if not word:
            words[place] = _by_cells(_cells(rows[:SAMPLE], place))
    return _named(words)


def words_below(rows: Sequence[Sequence[str]], place: int) -> bool:
    """Whether the cells of a column are words, so that they may be names."""
    return _by_cells(_cells(rows, place)) in ("text", "company")


def _cells(rows: Sequence[Sequence[str]], place: int) -> list[str]:
    return [cell for row in rows if place < len(row) and (cell := row[place].strip())]


def says_something(name: str) -> bool:
    """Whether a heading is understood."""
    return bool(name.strip() and _by_heading(columns_by([name])[0]))


def is_heading(names: Sequence[str], rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first row names the columns: it says what they are, or holds none of what the rows below hold."""
    if any(map(says_something, names)):
        return True
    told = [_by_cells([name.strip()]) for name in names if name.strip()]
    return bool(rows) and not set(told) & _TELLING


_TELLING = frozenset(("email", "phone", "website"))
_NAMES = frozenset(("name", "first-name", "last-name"))


def _by_heading(said: Target) -> str:
    """The word for what a heading says; empty where it says nothing that we know."""
    if isinstance(said, UnknownColumn):
        return ""
    if not isinstance(said, Column):
        return HEADING
    alike = [word for word, one in MEANINGS.items() if (one.field, one.part) == (said.field, said.part)]
    return next((word for word in alike if MEANINGS[word].type == said.type), "") or HEADING


def _by_cells(cells: Sequence[str]) -> str:
    """What most of the cells look like; `text` where they are words, and may be a name."""
    for word, looks in _LOOKS:
        if cells and sum(bool(looks(cell)) for cell in cells) * 3 >= len(cells) * 2:
            return word
    return CUSTOM if cells else SKIP


def _is_date(cell: str) -> bool:
    """A year alone, or eight digits, may be anything."""
    return (
        bool(re.search(r"[0-9][./-][0-9]", cell)) and spoken_date(without_time(cell)[0], month_first=True) is not None
    )


_LOOKS: tuple[tuple[str, Callable[[str], object]], ...] = (
    ("email", re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+").fullmatch),
    ("website", re.compile(r"(?:https?://|www\.)\S+").fullmatch),
    ("birthday", _is_date),
    ("phone", re.compile(r"(?:\+|00|\()?[0-9][0-9 ()./-]{6,20}").fullmatch),
    ("company", re.compile(r".+ (?:A/S|ApS|AS|ASA|AB|Oy|GmbH|AG|Ltd\.?|LLC|Inc\.?|B\.?V\.?|SA)").fullmatch),
    ("text", re.compile(r"[^\W\d_][^\d@/]{0,40}").fullmatch),
)
"""What a cell looks like, the surest first: a date could be a number, a company two names."""


def _named(words: Sequence[str]) -> list[str]:
    """Columns of words become the name, where no heading has said which it is: two are first and last name."""
    text = [place for place, word in enumerate(words) if word == "text"]
    free = [] if set(words) & _NAMES else text[:2]
    roles = dict(zip(free, ("first-name", "last-name") if len(free) == 2 else ("name",), strict=False))
    return [roles.get(place, CUSTOM) if word == "text" else word for place, word in enumerate(words)]
