"""Neglect: passes and readings of the directory that are due and not made, for whatever reason."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from sharesync.store.database.tables import MailboxRow, ReadingRow
from sharesync.store.mailboxes import claims

SILENCE = timedelta(minutes=2)
"""Seldom does a mailbox that is due wait longer while any worker lives."""


def neglected(session: Session, now: datetime, interval: timedelta) -> datetime | None:
    """Since when a mailbox has been due, where for a while no pass was made over any mailbox."""
    living = exists(MailboxRow.user_id).where(
        (MailboxRow.last_pass_at > now - SILENCE) | (MailboxRow.lease_until > now - SILENCE)
    )
    if session.scalar(select(living)):
        return None
    since = min((mailbox.due_by(interval) for mailbox in claims.due(session, now, interval)), default=now)
    return since if since <= now - SILENCE else None


def directory_read_at(session: Session) -> datetime | None:
    """When a reading of the directory that could be saved was last begun."""
    return session.scalar(select(func.max(ReadingRow.begun_at)).where(ReadingRow.saved_at.is_not(None)))
