"""Fates of proposals: what became of the edits of people who may only view, for the people who made them and the log.

An edit is kept as a proposal in the transaction that undoes it, and later edits of the same person join it while it
is open: an edit belongs to the proposal that was open when it was made.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session

from sharesync.model.access import Level
from sharesync.model.permission import Role
from sharesync.model.waiting import Resolution
from sharesync.store.database.tables import ArisenRow, EventRow, MembershipRow, ProposalRow, RoleRow, UserRow
from sharesync.store.records.access_paths import PATHS
from sharesync.store.records.actors import Who


@dataclass(frozen=True, slots=True)
class Deciders:
    """Who decides about an open proposal, by name."""

    people: tuple[str, ...]
    managers: bool
    """They manage a group in which it arose; else nobody does, and an administrator decides."""


@dataclass(frozen=True, slots=True)
class ProposalFate:
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
    """Who decided, where it was asked for; None also where the event that says so was retired."""

    def took_in(self, user: str, at: datetime) -> bool:
        """Whether this proposal is, or took in, what this person typed then."""
        return user == self.user_id and self.since <= at and (self.at is None or at <= self.at)


def proposed_by(session: Session, user: str, most: int) -> list[ProposalFate]:
    """The proposals of a user: those that wait first, then those that were decided last."""
    waiting = case((ProposalRow.resolution == Resolution.OPEN, 0), else_=1)
    newest = func.coalesce(ProposalRow.resolved_at, ProposalRow.since).desc()
    query = select(ProposalRow).where(ProposalRow.mailbox_id == user)
    return _with_deciders(session, _read(session, query.order_by(waiting, newest, ProposalRow.id).limit(most)))


def about(session: Session, contact: str) -> list[ProposalFate]:
    """Every proposal about a contact, the newest first."""
    return _with_deciders(session, what_became(session, [contact]))


def what_became(session: Session, contacts: Collection[str]) -> list[ProposalFate]:
    """The same about several; by whom it was decided is left out."""
    if not contacts:
        return []
    query = select(ProposalRow).where(ProposalRow.contact_id.in_(list(contacts)))
    return _read(session, query.order_by(ProposalRow.since.desc(), ProposalRow.id.desc()))


def of_edit(fates: Sequence[ProposalFate], contact: str, user: str, at: datetime) -> ProposalFate | None:
    """The proposal that took in what this person typed on the contact then."""
    return next((one for one in fates if one.contact == contact and one.took_in(user, at)), None)


def deciders(session: Session, proposals: Collection[str]) -> Mapping[str, Deciders]:
    """Who decides about each of these open proposals: who manages a group in which it arose, else the administrators.

    Somebody suspended or deleted decides nothing.
    """
    if not proposals:
        return {}
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


def _read(session: Session, query: Select[ProposalRow]) -> list[ProposalFate]:
    rows = session.scalars(query).all()
    return [
        ProposalFate(row.id, row.contact_id, row.mailbox_id, row.since, row.resolution, row.resolved_at, None)
        for row in rows
    ]


def _with_deciders(session: Session, found: Sequence[ProposalFate]) -> list[ProposalFate]:
    decided = [one for one in found if one.at is not None]
    if not decided:
        return list(found)
    told: Sequence[Any] = session.execute(
        select(EventRow.reason, EventRow.actor_kind, EventRow.actor, UserRow.name, UserRow.email)
        .outerjoin(UserRow, UserRow.id == EventRow.actor)
        .where(
            EventRow.contact_id.in_({one.contact for one in decided}),
            EventRow.action.in_(("proposal.accept", "proposal.dismiss")),
            EventRow.reason.in_([one.id for one in decided]),
        )
    ).all()
    by = {row.reason: Who(row.actor_kind, row.actor, row.name or "", row.email or "") for row in told}
    return [replace(one, by=by.get(one.id)) for one in found]
