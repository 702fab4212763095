"""What a column of a CSV file is, whoever wrote the file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sharesync.errors import Sentence
from sharesync.model.fields import FIELDS, Shape


@dataclass(frozen=True, slots=True)
class Column:
    """A column whose cells are one part of one item of a card."""

    field: str
    part: str
    """Beside Google's: `unstructuredName`, `half`, `either` of names; `year`, `month`, `day` of a birthday;
    `postalCity` of an address."""
    slot: str = ""
    """Columns of a field with the same slot are parts of one item: street and city of the second address."""
    type: str = ""
    """The type that the header gives its items: `Home Phone`."""
    protocol: str = ""
    """The protocol that the header gives its messengers: `Skype ID`."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A column whose cells a card cannot hold; each of them is noted."""

    why: str
    """One of `REASONS`."""


@dataclass(frozen=True, slots=True)
class Stock:
    """A column that a program fills for every contact. What it writes by itself says nothing; the rest is a field."""

    name: str


@dataclass(frozen=True, slots=True)
class UnknownColumn:
    """A column of somebody's own: its cells become custom fields of this name."""

    name: str


@dataclass(frozen=True, slots=True)
class Skipped:
    """A column that a person does not want."""


REASONS: Mapping[str, Sentence] = {
    "photo": Sentence("photo left out"),
    "gender": Sentence("gender left out"),
    "language": Sentence("language left out"),
    "labels": Sentence("labels left out"),
    "file-as name": Sentence("file-as name left out"),
}
"""What is said of a cell that a card cannot hold."""

Target = Column | LeftOut | Stock | UnknownColumn | Skipped

ONE_ITEM = frozenset(name for name, rule in FIELDS.items() if rule.shape is Shape.SINGLE)
"""Fields of which a card has one item, so that all their columns are parts of it."""

LINES = frozenset((("addresses", "streetAddress"), ("addresses", "extendedAddress"), ("biographies", "value")))
"""Parts that files spread over several columns, one a line: `Business Street`, `Business Street 2`."""
