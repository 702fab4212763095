"""A group: a shared set of contacts in the store; in a mailbox that may see it, it appears as a label of its name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from sharesync.errors import InvalidInput
from sharesync.model.spelling import clean

MAX_NAME = 256
MAX_DESCRIPTION = 1000


@dataclass(frozen=True, slots=True)
class Group:
    """One shared group as lists show it; `contacts` counts those in it."""

    id: str
    name: str
    description: str = ""
    contacts: int = 0
    filter: str | None = None
    """Of a smart group: what chooses its contacts."""

    @property
    def is_smart(self) -> bool:
        """Whether a filter chooses its contacts, and nobody by hand."""
        return self.filter is not None


class GroupName(NamedTuple):
    """A group where one chooses among them."""

    id: str
    name: str
    is_smart: bool = False
    """A filter chooses its contacts: nobody puts one in, or takes one out."""


def group_name(text: str) -> str:
    """A group's name, cleaned. Raises InvalidInput for an empty or endless one, or one with line breaks."""
    name = " ".join(clean(text).split())
    if not name:
        raise InvalidInput("A group needs a name.")
    if len(name) > MAX_NAME:
        raise InvalidInput(
            "A group's name has at most %(most)s characters; this one has %(number)s.", most=MAX_NAME, number=len(name)
        )
    return name


def group_description(text: str) -> str:
    """What a group is for, cleaned; may be empty. Raises InvalidInput for an endless one."""
    description = clean(text)
    if len(description) > MAX_DESCRIPTION:
        raise InvalidInput(
            "A group's description has at most %(most)s characters; this one has %(number)s.",
            most=MAX_DESCRIPTION,
            number=len(description),
        )
    return description


_SUFFIX = re.compile(r"(?: \(shared(?: [2-9]\d*| 1\d+)?\))?")


def is_label_name(label: str, name: str) -> bool:
    """Whether a label of this name is one that the group's label may bear."""
    return label.startswith(name) and _SUFFIX.fullmatch(label[len(name) :]) is not None


def label_name(name: str, attempt: int) -> str:
    """The name a group's label takes at the given attempt: its own, then `Name (shared)`, `Name (shared 2)` …"""
    if attempt == 0:
        return name
    return f"{name} (shared)" if attempt == 1 else f"{name} (shared {attempt})"
