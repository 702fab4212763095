"""Neglect: mailboxes that are due while nobody passes over any, whatever the reason may be."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from sharesync.store.database.tables import MailboxRow
from sharesync.store.mailboxes import claims

SILENCE = timedelta(minutes=2)
"""Seldom does a mailbox that is due wait longer while any worker lives."""


def neglected(session: Session, now: datetime, interval: timedelta) -> datetime | None:
    """Since when a mailbox has been due, where for a while no pass was made over any: then nobody makes them."""
    living = exists(MailboxRow.user_id).where(
        (MailboxRow.last_pass_at > now - SILENCE) | (MailboxRow.lease_until > now - SILENCE)
    )
    if session.scalar(select(living)):
        return None
    since = min((mailbox.due_by(interval) for mailbox in claims.due(session, now, interval)), default=now)
    return since if since <= now - SILENCE else None
