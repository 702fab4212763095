"""The overview: how every mailbox stands and how much there is, for the first look at the page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from sharesync.model.link import LinkState
from sharesync.model.mailbox import MailboxState
from sharesync.store import links, mailboxes
from sharesync.store.chunks import chunks
from sharesync.store.tables import LinkRow, MailboxRow, UserRow


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
    concerned = mailboxes.concerned(session)
    ids = [mailbox.user_id for mailbox in concerned]
    behind = links.behind(session)
    held = _held(session)
    more = {
        row.user_id: row
        for some in chunks(ids)
        for row in session.execute(
            select(MailboxRow.user_id, MailboxRow.lease_until, UserRow.name)
            .join(UserRow, UserRow.id == MailboxRow.user_id)
            .where(MailboxRow.user_id.in_(some))
        )
    }
    return [
        Standing(
            user_id=one.user_id,
            name=more[one.user_id].name or one.email,
            email=one.email,
            state=MailboxState.PAUSED if one.paused else one.state,
            reason=one.reason,
            contacts=held.get(one.user_id, 0),
            behind=behind.get(one.user_id, 0),
            last_pass_at=one.last_pass_at,
            next_pass_at=max(one.due_at, one.not_before or one.due_at),
            passing=(lease := more[one.user_id].lease_until) is not None and lease > now,
        )
        for one in concerned
    ]


def _held(session: Session) -> dict[str, int]:
    rows = session.execute(
        select(LinkRow.mailbox_id, func.count()).where(LinkRow.state == LinkState.LIVE).group_by(LinkRow.mailbox_id)
    )
    return {row[0]: row[1] for row in rows}
