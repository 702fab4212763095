"""Fates: what becomes of the edits of people who may only view, told to who made them and wherever their edit is told.

An edit is kept as a proposal in the transaction that undoes it, and later edits of the same person join it while it
is open: an edit belongs to the proposal that was open when it was made.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from sharesync.model.access import Level
from sharesync.model.permission import Role
from sharesync.model.waiting import Resolution
from sharesync.store.reach import PATHS
from sharesync.store.tables import ArisenRow, EventRow, MembershipRow, ProposalRow, RoleRow, UserRow
from sharesync.store.who import Who, people, who


@dataclass(frozen=True, slots=True)
class Deciders:
    """Who decides about an open proposal, by name."""

    people: tuple[str, ...]
    managers: bool
    """They manage a group in which it arose; else nobody does, and an administrator decides."""


@dataclass(frozen=True, slots=True)
class Fate:
    """A proposal and what became of it."""

    id: str
    contact: str
    user_id: str
    """Who proposed it."""
    since: datetime
    resolution: Resolution
    at: datetime | None
    """When it was decided."""
    by: Who | None
    """Who decided; None while it waits, and where the event that says so was retired."""

    def took_in(self, user: str, at: datetime) -> bool:
        """Whether what this person typed then is, or became a part of, this proposal."""
        return user == self.user_id and self.since <= at and (self.at is None or at <= self.at)


def proposed_by(session: Session, user: str, most: int) -> list[Fate]:
    """The newest proposals of a user: those that wait first, then those that were decided last."""
    mine = ProposalRow.mailbox_id == user
    waiting = _read(session, (mine, ProposalRow.resolution == Resolution.OPEN), ProposalRow.since, most)
    decided = (mine, ProposalRow.resolution != Resolution.OPEN)
    return waiting + _read(session, decided, ProposalRow.resolved_at, most - len(waiting))


def about(session: Session, contacts: Collection[str]) -> list[Fate]:
    """Every proposal about these contacts, the newest first."""
    return _read(session, [ProposalRow.contact_id.in_(list(contacts))], ProposalRow.since) if contacts else []


def of_edit(fates: Sequence[Fate], contact: str, user: str, at: datetime) -> Fate | None:
    """The proposal that took in what this person typed on the contact then."""
    return next((one for one in fates if one.contact == contact and one.took_in(user, at)), None)


def deciders(session: Session, proposals: Collection[str]) -> Mapping[str, Deciders]:
    """Who decides about each of these open proposals: who manages a group in which it arose, else the administrators.

    Somebody suspended or deleted decides nothing.
    """
    there = UserRow.deleted.is_(False), UserRow.suspended.is_(False), UserRow.archived.is_(False)
    rows = session.execute(
        select(ArisenRow.waiting_id, UserRow.name, UserRow.email)
        .join(ProposalRow, ProposalRow.id == ArisenRow.waiting_id)
        .join(
            MembershipRow,
            (MembershipRow.group_id == ArisenRow.group_id) & (MembershipRow.contact_id == ProposalRow.contact_id),
        )
        .join(PATHS, PATHS.c.group_id == ArisenRow.group_id)
        .join(UserRow, UserRow.id == PATHS.c.user_id)
        .where(ArisenRow.waiting_id.in_(list(proposals)), PATHS.c.level >= Level.MANAGE, *there)
        .distinct()
        .order_by(UserRow.name, UserRow.email)
    )
    managers: dict[str, list[str]] = {}
    for proposal, name, email in rows:
        managers.setdefault(proposal, []).append(name or email)
    found = {proposal: Deciders(tuple(named), managers=True) for proposal, named in managers.items()}
    if left := set(proposals) - found.keys():
        administrators = (
            select(UserRow.name, UserRow.email)
            .join(RoleRow, RoleRow.user_id == UserRow.id)
            .where(RoleRow.role == Role.ADMINISTRATOR, *there)
            .order_by(UserRow.name, UserRow.email)
        )
        named = tuple(name or email for name, email in session.execute(administrators))
        found |= dict.fromkeys(left, Deciders(named, managers=False))
    return found


def _read(session: Session, which: Sequence[ColumnElement[bool]], newest: Any, most: int | None = None) -> list[Fate]:
    query = select(ProposalRow).where(*which).order_by(newest.desc(), ProposalRow.id.desc()).limit(most)
    rows = session.scalars(query).all()
    decided = {row.id: row.contact_id for row in rows if row.resolution is not Resolution.OPEN}
    by = _decided_by(session, decided) if decided else {}
    return [
        Fate(row.id, row.contact_id, row.mailbox_id, row.since, row.resolution, row.resolved_at, by.get(row.id))
        for row in rows
    ]


def _decided_by(session: Session, proposals: Mapping[str, str]) -> dict[str, Who]:
    """Who decided about each of the proposals, which are given with their contacts."""
    told: Sequence[Any] = session.execute(
        select(EventRow.reason, EventRow.actor_kind, EventRow.actor).where(
            EventRow.contact_id.in_(set(proposals.values())),
            EventRow.action.in_(("proposal.accept", "proposal.dismiss")),
            EventRow.reason.in_(list(proposals)),
        )
    ).all()
    known = people(session, {event.actor for event in told})
    return {event.reason: who(event.actor_kind, event.actor, known) for event in told}
