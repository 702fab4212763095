"""Departed users, whom Google deleted: from the first sign of it to the end of their mailboxes.

Google can bring a deleted user back for twenty days, mailbox and all; meanwhile the mailbox pauses and all that is
known of it stays. Then Google's copy is gone for good, and ours of how it stood there goes as well.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.orm import Session

from sharesync.model.directory import RESTORABLE
from sharesync.model.mailbox import MailboxState
from sharesync.store.database.tables import ContactRow, LabelRow, LinkRow, MailboxRow, PrivateRow, UserRow
from sharesync.store.database.work import Work
from sharesync.store.mailboxes import keeping
from sharesync.store.mailboxes.keeping import Ended
from sharesync.store.records import erasure


def doubtful(session: Session, listed: Collection[str], now: datetime) -> list[str]:
    """Ids of users whom no listing names, so that Directory must be asked about each.

    Those are users who may be there after all, users of whose deletion no time is known, and users who were deleted so
    long ago that their mailbox ends once there is no such user.
    """
    asked = or_(UserRow.deleted.is_(False), UserRow.deleted_at.is_(None), UserRow.deleted_at <= now - RESTORABLE)
    known = session.scalars(select(UserRow.id).where(UserRow.ended_at.is_(None), asked).order_by(UserRow.id))
    return [user for user in known if user not in listed]


def over(session: Session, gone: Collection[str], now: datetime) -> list[str]:
    """Those of the users, unknown to Directory, who were deleted so long ago that nobody can restore them."""
    late = UserRow.deleted, UserRow.ended_at.is_(None), UserRow.deleted_at <= now - RESTORABLE
    return [user for user in session.scalars(select(UserRow.id).where(*late).order_by(UserRow.id)) if user in gone]


def standing(session: Session, user: str) -> int | None:
    """How many contacts stood in this user's mailbox as far as is known; None where no pass was ever over it."""
    passed = select(MailboxRow.user_id).where(MailboxRow.user_id == user, MailboxRow.last_pass_at.is_not(None))
    if session.scalar(passed) is None:
        return None
    return session.scalar(select(func.count()).where(LinkRow.mailbox_id == user)) or 0


def awaited(session: Session, user: str) -> dict[str, str | None]:
    """Erased contacts whose receipt this mailbox owes, with the events of their erasure (None: retired)."""
    erased = select(LinkRow.contact_id).join(ContactRow, ContactRow.id == LinkRow.contact_id)
    owed = session.scalars(erased.where(LinkRow.mailbox_id == user, ContactRow.erased_at.is_not(None)))
    return erasure.causes(session, owed.all())


def end(work: Work, user: str) -> list[Ended]:
    """End a mailbox: forget what is known of it, and let no grant reach its user. Returns the holds that end by it.

    What its user alone might see goes, too: nobody is left who may.

    The row stays, as new: should the user be there one day, it is filled afresh, and what stands there found by mark.
    """
    for table in (LinkRow, LabelRow, PrivateRow):
        work.session.execute(delete(table).where(table.mailbox_id == user))
    fresh = dict.fromkeys(
        (
            "sync_token", "full_at", "full_groups", "not_before", "backoff_until", "last_pass_at", "lease_until",
            "own_ids", "deleted_ids", "empty_since", "waiting_since",
        )
    )  # fmt: skip
    work.session.execute(
        update(MailboxRow)
        .where(MailboxRow.user_id == user)
        .values(
            state=MailboxState.NEW, reason="", failures=0, standing=0, behind=0, fence=MailboxRow.fence + 1, **fresh
        )
    )
    work.session.execute(update(UserRow).where(UserRow.id == user).values(ended_at=work.now))
    return keeping.forget_user(work, user)
