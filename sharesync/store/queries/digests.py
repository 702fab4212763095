"""Digests: how much waits for somebody who decides, in numbers."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from sharesync.model.mailbox import MailboxState
from sharesync.store.database.tables import MailboxRow, UserRow
from sharesync.store.mailboxes import claims
from sharesync.store.queries import duplicates, queues

LATE = timedelta(hours=1)
"""So long something may be on its way to a mailbox before it is called behind."""


@dataclass(frozen=True, slots=True)
class Digest:
    """How much waits."""

    holds: int
    proposals: int
    conflicts: int
    duplicates: int
    behind: int
    """Mailboxes to which something has been on its way for long."""
    needing: int
    """Mailboxes that need somebody."""


def digest(session: Session, among: Collection[str] | None, now: datetime) -> Digest:
    """What waits in the groups that somebody manages; None: everything, mailboxes among it."""
    waiting = queues.counts(session, among)
    likely = duplicates.waiting(session, among)
    late = MailboxRow.waiting_since < now - LATE
    needs = MailboxRow.state == MailboxState.ATTENTION
    behind, needing = (_mailboxes(session, one) for one in (late, needs)) if among is None else (0, 0)
    return Digest(waiting.holds, waiting.proposals, waiting.conflicts, likely, behind, needing)


def _mailboxes(session: Session, which: ColumnElement[bool]) -> int:
    counted = select(func.count()).select_from(MailboxRow).join(UserRow, UserRow.id == MailboxRow.user_id)
    return session.scalar(counted.where(claims.CONCERNED, ~claims.AWAY, which)) or 0
