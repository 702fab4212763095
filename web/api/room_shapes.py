"""Shapes of access, of what waits, of mailboxes and of the log."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from web.api.shapes import CardShape

LevelWord = Literal["view", "edit", "delete", "manage"]
Limit = Annotated[int, Meta(ge=1, le=200)]
Cursor = Annotated[str, Meta(max_length=300, description="As an answer's `next_cursor` says.")] | None


class PageQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Which page."""

    limit: Limit = 50
    cursor: Cursor = None


class GrantShape(Struct, frozen=True):
    """A principal (`someone@x.test`, `group:…`, `ou:/…`, `domain`, `service:…`) and its level."""

    principal: str
    level: LevelWord


class GrantList(Struct, frozen=True):
    """The grants on a group."""

    items: list[GrantShape]
    next_cursor: None = None


class GrantChange(Struct, frozen=True, forbid_unknown_fields=True):
    """A level for a principal, in place of the one it had; null takes it away."""

    principal: Annotated[str, Meta(min_length=1, max_length=400)]
    level: LevelWord | None


class HoldShape(Struct, frozen=True, kw_only=True):
    """So much at once that somebody decides about it: in a mailbox, by a program, or (people) by the directory."""

    id: str
    kind: Literal["removal", "edit", "emptied", "directory", "filter"]
    mailbox: str | None
    program: str | None
    group: str | None
    contacts: list[str]
    people: list[str]
    since: datetime
    filter: str | None = None
    """What would choose who is in a smart group; `contacts` would leave it."""


class HoldList(Struct, frozen=True):
    """What is held."""

    items: list[HoldShape]
    next_cursor: None = None


class ProposalShape(Struct, frozen=True, kw_only=True):
    """An edit of somebody who may only view."""

    id: str
    mailbox: str
    contact: str
    before: CardShape
    after: CardShape
    since: datetime


class ProposalList(Struct, frozen=True):
    """A page of open proposals."""

    items: list[ProposalShape]
    next_cursor: str | None


class ConflictShape(Struct, frozen=True, kw_only=True):
    """A value that was changed on both sides: the store's stands, the other can still be applied."""

    id: str
    mailbox: str
    contact: str
    field: str
    store: list[dict[str, Any]]
    other: list[dict[str, Any]]
    since: datetime


class ConflictList(Struct, frozen=True):
    """A page of open conflicts."""

    items: list[ConflictShape]
    next_cursor: str | None


class SideShape(Struct, frozen=True, forbid_unknown_fields=True):
    """For which side a conflict is decided."""

    side: Literal["store", "mailbox"]


class MailboxShape(Struct, frozen=True, kw_only=True):
    """How a mailbox stands. `behind`: contacts not there yet; null while they are being counted."""

    id: str
    mailbox: str
    state: str
    error: str | None
    contacts: int
    behind: int | None
    waiting_since: datetime | None
    last_pass: datetime | None
    next_pass: datetime


class MailboxList(Struct, frozen=True):
    """Every mailbox that a group reaches, the most urgent first."""

    items: list[MailboxShape]
    next_cursor: None = None


class AskedShape(Struct, frozen=True):
    """Over how many mailboxes a pass was asked for."""

    mailboxes: int


class EventShape(Struct, frozen=True, kw_only=True):
    """One event of the change log: its envelope, which holds no values of contacts."""

    seq: int
    id: str
    at: datetime
    action: str
    actor: str
    source: str
    outcome: str
    group: str | None
    contact: str | None
    mailbox: str | None
    fields: list[str]
    before_version: int | None
    after_version: int | None
    reason: str
    cause: str | None


class EventList(Struct, frozen=True):
    """A page of events, the newest first."""

    items: list[EventShape]
    next_cursor: str | None
