"""Digests: how much waits for somebody who decides, and for somebody who is to do something, in numbers."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from sharesync.model.mailbox import MailboxState
from sharesync.store.database.tables import MailboxRow, UserRow
from sharesync.store.mailboxes import claims
from sharesync.store.queries import duplicates, entries, queues, reviews

SOON = timedelta(days=7)
"""So long before its day a review is told of."""
LATE = timedelta(hours=1)
"""So long something may be on its way to a mailbox before it is called behind."""


@dataclass(frozen=True, slots=True)
class Digest:
    """How much waits."""

    follow_ups: int
    """That are due, and are the reader's own to do."""
    to_review: int
    """Contacts that the reader is asked about in reviews which are due soon."""
    holds: int
    proposals: int
    conflicts: int
    duplicates: int
    behind: int
    """Mailboxes to which something has been on its way for long."""
    needing: int
    """Mailboxes that need somebody."""


@dataclass(frozen=True, slots=True)
class Doer:
    """Somebody who may have something to do."""

    user: str
    day: date
    """Today, where they are."""
    among: Collection[str] | None
    """Ids of the groups that they may see; None is all."""


def digest(session: Session, among: Collection[str] | None, now: datetime, doer: Doer | None) -> Digest:
    """What waits in the groups that somebody manages (None: everything, mailboxes among it), and for them alone."""
    due = entries.number_due(session, doer.user, doer.day, doer.among) if doer else 0
    asked = _to_review(session, doer) if doer else 0
    waiting = queues.counts(session, among)
    likely = duplicates.waiting(session, among)
    late = MailboxRow.waiting_since < now - LATE
    needs = MailboxRow.state == MailboxState.ATTENTION
    behind, needing = (_mailboxes(session, one) for one in (late, needs)) if among is None else (0, 0)
    return Digest(due, asked, waiting.holds, waiting.proposals, waiting.conflicts, likely, behind, needing)


def _mailboxes(session: Session, which: ColumnElement[bool]) -> int:
    counted = select(func.count()).select_from(MailboxRow).join(UserRow, UserRow.id == MailboxRow.user_id)
    return session.scalar(counted.where(claims.CONCERNED, ~claims.AWAY, which)) or 0


def _to_review(session: Session, doer: Doer) -> int:
    last = doer.day + SOON
    return sum(one.left for one in reviews.asked_of(session, doer.user, doer.among) if one.due <= last)
