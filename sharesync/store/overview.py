"""The overview: how every mailbox stands and how much there is, for the first look at the page."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from sharesync.model.mailbox import MailboxState, fares
from sharesync.store import mailboxes, progress
from sharesync.store.progress import Count
from sharesync.store.tables import MailboxRow, UserRow

FEW = 5
"""So many mailboxes are counted while one looks; to count more would take longer than a page may."""


class Standing(NamedTuple):
    """One mailbox as people look at it. There are thousands, and a tuple is made fastest."""

    user_id: str
    name: str
    email: str
    state: MailboxState
    reason: str
    contacts: int
    """Shared contacts that stand in it."""
    behind: int | None
    """Contacts that do not stand there as they should; None where something has changed and nobody has counted yet."""
    waiting_since: datetime | None
    """Since when something has been on its way to it."""
    last_pass_at: datetime | None
    next_pass_at: datetime
    passing: bool
    """A pass goes on right now."""

    @property
    def up_to_date(self) -> bool:
        """Nothing is on its way to this mailbox and nothing hinders it."""
        return self.state is MailboxState.OK and self.behind == 0

    @property
    def urgency(self) -> int:
        """What to look at first: 0 a person must act, then what waits, what is on its way, what is well or paused."""
        if self.state is MailboxState.OK and not self.up_to_date:
            return 2
        return _URGENCY[self.state]


_URGENCY = {
    MailboxState.ATTENTION: 0,
    MailboxState.HELD: 0,
    MailboxState.RETRY: 1,
    MailboxState.NEW: 2,
    MailboxState.OK: 3,
    MailboxState.PAUSED: 4,
}


# Only what is shown: a whole mailbox would bring much that is not, a thousand times.
_ROWS = select(
    MailboxRow.user_id,
    func.coalesce(func.nullif(UserRow.name, ""), UserRow.email).label("name"),
    UserRow.email,
    mailboxes.AWAY.label("paused"),
    MailboxRow.state,
    MailboxRow.reason,
    MailboxRow.standing,
    MailboxRow.behind,
    MailboxRow.waiting_since,
    MailboxRow.last_pass_at,
    MailboxRow.due_at,
    MailboxRow.not_before,
    MailboxRow.lease_until,
).join(UserRow, UserRow.id == MailboxRow.user_id)


def standings(session: Session, now: datetime) -> list[Standing]:
    """Every mailbox that a grant reaches or that has something left to withdraw, by address.

    Where much has changed at once, its mailboxes are not counted anew: how many contacts are behind is None there.
    """
    rows = session.connection().execute(_ROWS.where(mailboxes.CONCERNED).order_by(UserRow.email)).all()
    changed = [row.user_id for row in rows if row.behind is None or row.lease_until is not None]
    counts = progress.afresh(session, changed) if 0 < len(changed) <= FEW else {}
    return [_standing(row, counts.get(row.user_id), now) for row in rows]


def standing(session: Session, user: str, now: datetime) -> Standing | None:
    """One of them, counted, by Google's user id; None where it is not one."""
    row = session.connection().execute(_ROWS.where(MailboxRow.user_id == user, mailboxes.CONCERNED)).first()
    return _standing(row, progress.counts(session, user)[user], now) if row else None


def _standing(row: Any, count: Count | None, now: datetime) -> Standing:
    user, name, email, away, state, reason, contacts, behind, waiting, last, due, not_before, lease = row
    if count:
        contacts, behind = count.standing, count.behind
    state, reason = fares(state, reason, away=away)
    passing = lease is not None and lease > now
    due = max(due, not_before or due)
    return Standing(user, name, email, state, reason, contacts or 0, behind, waiting, last, due, passing)
