"""What waits for a person: holds, proposals, conflicts; and how they end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from sharesync.model.access import Principal
from sharesync.model.card import Card


class HoldKind(Enum):
    """What is held."""

    REMOVAL = "removal"
    """Contacts were deleted, or a group's label taken off them."""
    EDIT = "edit"
    """Contacts were edited."""
    EMPTIED = "emptied"
    """Several groups disappeared at once, labels and all."""
    DIRECTORY = "directory"
    """People would lose a group because of what Directory says."""
    FILTER = "filter"
    """A program would let another filter choose who is in a smart group."""


class Resolution(Enum):
    """What became of something that waited."""

    OPEN = "open"
    APPLIED = "applied"
    """It was applied, or accepted."""
    RESTORED = "restored"
    """It was undone, or dismissed."""


@dataclass(frozen=True, slots=True)
class WantedFilter:
    """What would choose who is in a smart group from then on; None: what does now."""

    filter: str | None
    sources: tuple[str, ...] | None
    """Ids of groups."""


@dataclass(frozen=True, slots=True)
class OpenHold:
    """A hold and the contacts that still wait in it."""

    id: str
    mailbox: str
    """Address of the mailbox's user; empty where Directory is the cause."""
    user_id: str
    group_id: str | None
    group: str
    """Name of the group; empty where several were emptied."""
    kind: HoldKind
    contacts: tuple[str, ...]
    since: datetime
    program: Principal | None = None
    """For whom the program acts that would do it; `mailbox` is what people call that owner."""
    people: tuple[str, ...] = ()
    """Addresses of those who would lose the group, where Directory is the cause."""
    wanted: WantedFilter | None = None
    """Where a program would let another filter choose; `contacts` are those who would leave."""


@dataclass(frozen=True, slots=True)
class OpenProposal:
    """An edit that someone who may only view would have made."""

    id: str
    mailbox: str
    user_id: str
    contact: str
    before: Card
    """The contact as it was when they typed."""
    after: Card
    since: datetime


@dataclass(frozen=True, slots=True)
class Question:
    """Values that a user's merge may have brought, or that they typed: they alone are asked whether all should see."""

    id: str
    contact: str
    version: int
    before: Card
    """The contact at that version."""
    after: Card
    """The same with the values in question."""
    since: datetime


@dataclass(frozen=True, slots=True)
class OpenConflict:
    """A value changed on both sides: the store's stands, the other can still be applied."""

    id: str
    contact: str
    mailbox: str
    user_id: str
    field: str
    store: list[dict[str, Any]]
    other: list[dict[str, Any]]
    since: datetime
