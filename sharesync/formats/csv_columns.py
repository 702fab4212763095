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
    slot: str = ""
    """Columns of a field with the same slot are parts of one item: street and city of the second address."""
    type: str = ""
    """The type that the header gives its items: `Home Phone`."""


@dataclass(frozen=True, slots=True)
class Passed:
    """A column that a card cannot hold. `note`, of `LOST`, names what goes with a filled cell; empty where nothing."""

    note: str = ""


@dataclass(frozen=True, slots=True)
class Unknown:
    """A column of somebody's own: its cells become custom fields of this name."""

    name: str


LOST: Mapping[str, Sentence] = {
    "photo": Sentence("photo left out"),
    "gender": Sentence("gender left out"),
    "language": Sentence("language left out"),
    "labels": Sentence("labels left out"),
    "file-as name": Sentence("file-as name left out"),
    "initials": Sentence("initials left out"),
    "a column without a name": Sentence("a column without a name left out"),
}
"""What is said of a cell that a card cannot hold."""

Target = Column | Passed | Unknown

ONE_ITEM = frozenset(name for name, rule in FIELDS.items() if rule.shape is Shape.SINGLE)
"""Fields of which a card has one item, so that all their columns are parts of it."""

LINES = ("streetAddress",)
"""Parts that files spread over several columns, one a line: `Business Street`, `Business Street 2`."""
