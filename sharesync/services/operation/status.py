"""Status: how every mailbox fares, in the words people read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sharesync.model.mailbox import MailboxState, fares
from sharesync.store.database.engine import Database
from sharesync.store.mailboxes import claims, progress
from sharesync.store.mailboxes.claims import Mailbox
from sharesync.store.queries import delivery_times
from sharesync.store.records import groups


@dataclass(frozen=True, slots=True)
class MailboxStatus:
    """One mailbox: its state, what hinders it, how many contacts do not stand there as they should, and when."""

    mailbox: str
    state: MailboxState
    error: str
    """One sentence; empty while all is well."""
    behind: int
    last_pass: datetime | None
    next_pass: datetime | None
    """When the clock passes over it next; None while it is paused."""
    oldest: datetime | None = None
    """Since when the oldest change has been on its way there; None where all have arrived."""

    def as_json(self) -> dict[str, Any]:
        """The line that `status --json` prints (a promise to scripts: add to it, do not change it)."""
        return {
            "mailbox": self.mailbox,
            "state": self.state.value,
            "error": self.error or None,
            "behind": self.behind,
            "last_pass": self.last_pass.isoformat() if self.last_pass else None,
            "next_pass": self.next_pass.isoformat() if self.next_pass else None,
            "oldest": self.oldest.isoformat() if self.oldest else None,
        }


def standings(database: Database, interval: timedelta) -> list[MailboxStatus]:
    """Every mailbox that a grant reaches or that has something left to withdraw, by address.

    `interval`: between two passes over one mailbox, as it is set now.
    """
    with database.reading() as session:
        counts = progress.counts(session)
        return [_standing(mailbox, counts[mailbox.user_id].behind, interval) for mailbox in claims.concerned(session)]


def on_their_way(database: Database) -> list[tuple[str, datetime]]:
    """Groups with a change that has not arrived everywhere, by name, and since when the oldest has been on its way."""
    with database.reading() as session:
        names = {one.id: one.name for one in groups.named(session)}
        oldest = delivery_times.oldest_by_group(session)
    return sorted((names[group], since) for group, since in oldest.items() if group in names)


def _standing(mailbox: Mailbox, behind: int, interval: timedelta) -> MailboxStatus:
    state, reason = fares(mailbox.state, mailbox.reason, away=mailbox.paused, deleted_at=mailbox.deleted_at)
    waits = (mailbox.due_by(interval), mailbox.not_before, mailbox.backoff_until)
    return MailboxStatus(
        mailbox=mailbox.email,
        state=state,
        error=reason,
        behind=behind,
        last_pass=mailbox.last_pass_at,
        next_pass=None if state is MailboxState.PAUSED else max(filter(None, waits)),
        oldest=mailbox.waiting_since if behind else None,
    )
