"""The overview: how every mailbox stands and how much there is, for the first look at the page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from sharesync.model.mailbox import MailboxState
from sharesync.store import mailboxes, progress
from sharesync.store.mailboxes import Mailbox
from sharesync.store.progress import Count


@dataclass(frozen=True, slots=True)
class Standing:
    """One mailbox as people look at it."""

    user_id: str
    name: str
    email: str
    state: MailboxState
    reason: str
    contacts: int
    """Shared contacts that stand in it."""
    behind: int
    """Contacts that do not stand there as they should."""
    last_pass_at: datetime | None
    next_pass_at: datetime
    passing: bool
    """A pass goes on right now."""

    @property
    def up_to_date(self) -> bool:
        """Nothing is on its way to this mailbox and nothing hinders it."""
        return self.state is MailboxState.OK and not self.behind

    @property
    def urgency(self) -> int:
        """What to look at first: 0 a person must act, then what waits, what is on its way, what is well or paused."""
        if self.state is MailboxState.OK and self.behind:
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


def standings(session: Session, now: datetime) -> list[Standing]:
    """Every mailbox that a grant reaches or that has something left to withdraw, by address."""
    counts = progress.counts(session)
    return [_standing(one, counts[one.user_id], now) for one in mailboxes.concerned(session)]


def standing(session: Session, user: str, now: datetime) -> Standing | None:
    """One of them, by Google's user id; None where it is not one."""
    found = mailboxes.find(session, user)
    return _standing(found, progress.counts(session, user)[user], now) if found else None


def _standing(one: Mailbox, count: Count, now: datetime) -> Standing:
    return Standing(
        user_id=one.user_id,
        name=one.name or one.email,
        email=one.email,
        state=MailboxState.PAUSED if one.paused else one.state,
        reason=one.reason,
        contacts=count.standing,
        behind=count.behind,
        last_pass_at=one.last_pass_at,
        next_pass_at=max(one.due_at, one.not_before or one.due_at),
        passing=one.lease_until is not None and one.lease_until > now,
    )
