"""A saved filter: a filter with columns and an order under a name, one's own or shared with who sees a group."""

from __future__ import annotations

from dataclasses import dataclass, field

from sharesync.errors import InvalidInput
from sharesync.model.spelling import clean

MAX_NAME = 80


@dataclass(frozen=True, slots=True)
class FilterDraft:
    """What somebody wants to keep of a list, as it was typed."""

    name: str
    filter: str
    order: str = ""
    """As `ListOrder` writes it."""
    columns: str = ""
    """As `ListLook` writes it; nothing: as its reader is used to."""


@dataclass(frozen=True, slots=True)
class SavedFilter(FilterDraft):
    """One of them."""

    id: str = field(kw_only=True)
    owner: str = field(kw_only=True)
    """The user who saved it, by id."""
    group: str | None = field(kw_only=True)
    """Who sees this group sees the filter, too; None: its owner alone."""


def filter_name(text: str) -> str:
    """The name of one, cleaned. Raises InvalidInput for an empty or endless one."""
    name = " ".join(clean(text).split())
    if not name:
        raise InvalidInput("Give the filter a name, to find it again.")
    if len(name) > MAX_NAME:
        raise InvalidInput("A filter's name has at most %(most)s characters.", most=MAX_NAME)
    return name
