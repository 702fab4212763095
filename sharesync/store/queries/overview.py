"""The overview: how every mailbox stands and how much there is, for the first look at the page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from sharesync.model.alphabet import Alphabet
from sharesync.model.mailbox import MailboxState, fares
from sharesync.store.database.tables import MailboxRow, UserRow
from sharesync.store.mailboxes import claims, progress
from sharesync.store.mailboxes.progress import Count

FEW = 5
"""So many mailboxes are counted while one looks; to count more would take longer than a page may."""

MOST_NAMED = 500
"""So many mailboxes are asked for by their ids."""


class AlikeMailboxes(NamedTuple):
    """Mailboxes that stand alike, as one: what a sentence about all of them is made of."""

    state: MailboxState
    behind: int | None
    """Contacts that do not stand there as they should, in all; None where something has changed and nobody has counted
    yet. Where it is 0, it is 0 in each of them."""
    waiting_since: datetime | None
    """Since when something has been on its way to one of them."""
    last_pass_at: datetime | None
    """When the one that has been left alone longest was looked at; None where none of them ever was."""
    number: int

    @property
    def up_to_date(self) -> bool:
        """Nothing is on its way to these mailboxes and nothing hinders it."""
        return self.state is MailboxState.OK and self.behind == 0


class EndedMailbox(NamedTuple):
    """A mailbox that is no more, and whose it was."""

    user_id: str
    name: str
    email: str
    deleted_at: datetime | None
    ended_at: datetime


class MailboxStanding(NamedTuple):
    """One mailbox as people look at it. There are thousands, and a tuple is made fastest."""

    user_id: str
    name: str
    email: str
    state: MailboxState
    reason: str
    contacts: int
    """Shared contacts that stand in it."""
    behind: int | None
    waiting_since: datetime | None
    last_pass_at: datetime | None
    next_pass_at: datetime
    passing: bool
    """A pass goes on right now."""

    @property
    def alone(self) -> AlikeMailboxes:
        """The same of this mailbox alone."""
        return AlikeMailboxes(self.state, self.behind, self.waiting_since, self.last_pass_at, 1)


class BehindMailboxes(NamedTuple):
    """Mailboxes that something is on its way to, and that have the same reason not to have it yet."""

    state: MailboxState
    reason: str
    """The sentence of the last pass; empty where that went well."""
    number: int
    since: datetime
    """Since when something has been on its way to the one that has waited longest."""


class RankedMailbox(NamedTuple):
    """What decides where a mailbox stands among all, and whether it is one that is looked for."""

    user_id: str
    name: str
    email: str
    urgency: int
    """The lower, the sooner it is to be looked at."""


class Look(NamedTuple):
    """All mailboxes at one moment."""

    alike: list[AlikeMailboxes]
    """Those that stand alike as one: a few, however many mailboxes there are."""
    standings: list[MailboxStanding]
    """Those to show, one by one, in their order."""


_URGENCY = (
    MailboxState.ATTENTION, MailboxState.HELD, MailboxState.RETRY, MailboxState.NEW, MailboxState.OK,
    MailboxState.PAUSED,
)  # fmt: skip
"""What to look at first: what a person must act on, what waits, what is on its way, what is well or paused."""
_CHANGED = MailboxRow.behind.is_(None) | MailboxRow.lease_until.is_not(None)
_URGENT = case(
    (claims.AWAY, _URGENCY.index(MailboxState.PAUSED)),
    ((MailboxRow.state == MailboxState.OK) & (_CHANGED | (MailboxRow.behind > 0)), _URGENCY.index(MailboxState.NEW)),
    *((MailboxRow.state == state, place) for place, state in enumerate(_URGENCY)),
)

_NAME = func.coalesce(func.nullif(UserRow.name, ""), UserRow.email)
# Only the columns that are shown: whole rows of a thousand mailboxes would bring much more.
_ROWS = select(
    MailboxRow.user_id,
    _NAME.label("name"),
    UserRow.email,
    claims.AWAY.label("paused"),
    MailboxRow.state,
    MailboxRow.reason,
    MailboxRow.standing,
    MailboxRow.behind,
    MailboxRow.waiting_since,
    MailboxRow.last_pass_at,
    MailboxRow.due_at,
    MailboxRow.not_before,
    MailboxRow.lease_until,
    UserRow.deleted_at,
).join(UserRow, UserRow.id == MailboxRow.user_id)
_URGENCIES = (
    select(MailboxRow.user_id, _NAME, UserRow.email, _URGENT)
    .join(UserRow, UserRow.id == MailboxRow.user_id)
    .where(claims.CONCERNED)
)
_ALONE = case((_CHANGED, MailboxRow.user_id))
_TOGETHER = (
    select(
        claims.AWAY.label("away"),
        MailboxRow.state,
        _ALONE.label("alone"),
        func.sum(MailboxRow.behind),
        func.min(MailboxRow.waiting_since),
        func.min(MailboxRow.last_pass_at),
        func.count(),
    )
    .join(UserRow, UserRow.id == MailboxRow.user_id)
    .where(claims.CONCERNED)
    .group_by(
        claims.AWAY,
        MailboxRow.state,
        _ALONE,
        MailboxRow.behind == 0,
        MailboxRow.last_pass_at.is_(None),
    )
)
_BEHIND = (
    select(claims.AWAY, MailboxRow.state, MailboxRow.reason, func.count(), func.min(MailboxRow.waiting_since))
    .join(UserRow, UserRow.id == MailboxRow.user_id)
    .where(claims.CONCERNED, MailboxRow.waiting_since.is_not(None))
    .group_by(claims.AWAY, MailboxRow.state, MailboxRow.reason)
)


def ranked(session: Session, alphabet: Alphabet = Alphabet.ENGLISH) -> list[RankedMailbox]:
    """All that a grant reaches or that have something left to withdraw: the most urgent first, then by name."""
    found = map(RankedMailbox._make, session.connection().execute(_URGENCIES))
    return alphabet.in_order(found, lambda one: one.name, lambda one: one.urgency)


def look(session: Session, now: datetime, interval: timedelta, shown: Sequence[RankedMailbox] = ()) -> Look:
    """Look at all of them together, and at those shown one by one.

    `interval`: between two passes, as it is set now. Where much has changed at once, nobody counts anew how much is
    behind.
    """
    together = session.connection().execute(_TOGETHER).all()
    changed = [row.alone for row in together if row.alone is not None]
    counts = progress.afresh(session, changed) if 0 < len(changed) <= FEW else {}
    alike = [
        AlikeMailboxes(fares(state, "", away=away)[0], counts[alone].behind if alone in counts else behind, *rest)
        for away, state, alone, behind, *rest in together
    ]
    users = [one.user_id for one in shown]
    # A few are named; to bring all is cheaper than to name many.
    query = _ROWS.where(MailboxRow.user_id.in_(users)) if len(users) <= MOST_NAMED else _ROWS
    rows = {row.user_id: row for row in session.connection().execute(query)} if users else {}
    return Look(alike, [_standing(rows[user], counts.get(user), now, interval) for user in users if user in rows])


def behind(session: Session) -> list[BehindMailboxes]:
    """The mailboxes that something is on its way to, by what hinders it."""
    rows = session.connection().execute(_BEHIND)
    return [
        BehindMailboxes(*fares(state, reason, away=away), number, since)
        for away, state, reason, number, since in rows
        if since is not None
    ]


def behind_in(session: Session, mailbox: str, limit: int) -> list[str]:
    """Ids of some contacts that do not stand in one mailbox as they should: first those to make, then the others."""
    return progress.behind_in(session, mailbox, limit)


def due(session: Session, now: datetime, interval: timedelta) -> int:
    """How many mailboxes wait for a pass."""
    return len(claims.due(session, now, interval))


def standing(session: Session, user: str, now: datetime, interval: timedelta) -> MailboxStanding | None:
    """One of them, counted, by Google's user id; None where it is not one."""
    row = session.connection().execute(_ROWS.where(MailboxRow.user_id == user, claims.CONCERNED)).first()
    return _standing(row, progress.counts(session, user)[user], now, interval) if row else None


def ended(session: Session, user: str) -> EndedMailbox | None:
    """The mailbox of this user, if it has ended."""
    row = session.get(UserRow, user)
    if row is None or row.ended_at is None:
        return None
    return EndedMailbox(row.id, row.name, row.email, row.deleted_at, row.ended_at)


def _standing(row: Any, count: Count | None, now: datetime, interval: timedelta) -> MailboxStanding:
    user, name, email, away, state, reason, contacts, behind, waiting, last, due, not_before, lease, deleted = row
    if count:
        contacts, behind = count.standing, count.behind
    state, reason = fares(state, reason, away=away, deleted_at=deleted)
    passing = lease is not None and lease > now
    due = min(due, last + interval) if last else due
    due = max(due, not_before or due)
    return MailboxStanding(user, name, email, state, reason, contacts or 0, behind, waiting, last, due, passing)
