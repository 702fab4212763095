"""Rulings: what somebody decided about two contacts that are probably one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum


class Ruling(Enum):
    """What was decided."""

    APART = "apart"
    """They are not the same."""
    MERGED = "merged"
    """They were the same: one stays for both."""


@dataclass(frozen=True, slots=True)
class Apart:
    """Two contacts that are not the same."""

    id: str
    one: str
    other: str
    undone: bool


@dataclass(frozen=True, slots=True)
class MergeRecord:
    """Two contacts that have become one, and all that it takes to make them two again."""

    id: str
    stayed: str
    gone: str
    undone: bool
    before: int
    """Version of the one that stayed; equal to `after` where it had all values already."""
    after: int
    joined: tuple[str, ...]
    """Groups that it joined."""
    left: tuple[str, ...]
    """Groups that the other left."""


@dataclass(frozen=True, slots=True)
class Ruled:
    """A ruling as people look at it: who made it and when; titles of both contacts."""

    what: Apart | MergeRecord
    who: str
    at: datetime
    titles: tuple[str, str]
