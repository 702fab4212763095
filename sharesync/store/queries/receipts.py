"""Receipts of an erasure: from which mailboxes an erased contact has gone since, and from which it has still to go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from sqlalchemy import select
from sqlalchemy.orm import Session

from sharesync.errors import NotFound
from sharesync.model.audit import ActorKind, Outcome
from sharesync.store.database.tables import ContactRow, EventRow
from sharesync.store.records import erasure
from sharesync.store.records.actors import Who, people, who


class ReceiptFate(Enum):
    """What became of a mailbox's copy, by the event that says so."""

    GONE = "person.delete"
    LEFT = "person.release"
    """It was the user's own before it was shared: it lost label and mark and stays theirs."""
    ENDED = "person.end"
    """The mailbox is no more: Google deleted it with its user."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """One mailbox's: what became of its copy, and when."""

    mailbox: Who
    at: datetime
    fate: ReceiptFate


@dataclass(frozen=True, slots=True)
class Receipts:
    """Of one erasure: when, the reason that was given (none where its event was retired), and what came of it."""

    at: datetime
    reason: str
    gone: tuple[Receipt, ...]
    waiting: tuple[Who, ...]


def of_erasure(session: Session, contact: str) -> Receipts | None:
    """The receipts of a contact's erasure; None for one that was not erased. Raises NotFound."""
    row = session.get(ContactRow, contact)
    if row is None:
        raise NotFound("contact", contact, "`sharesync contacts list` shows them all.")
    if row.erased_at is None:
        return None
    event = erasure.causes(session, [contact])[contact]
    reason = session.scalar(select(EventRow.reason).where(EventRow.id == event)) if event else None
    told = session.execute(
        select(EventRow.mailbox_id, EventRow.at, EventRow.action)
        .where(EventRow.contact_id == contact, EventRow.cause == event, EventRow.outcome == Outcome.OK)
        .where(EventRow.action.in_([fate.value for fate in ReceiptFate]))
        .order_by(EventRow.seq)
    ).all()
    waiting = erasure.mailboxes_of(session, contact)
    known = people(session, {*waiting, *(one.mailbox_id for one in told)})

    def whose(user: str) -> Who:
        return who(ActorKind.MAILBOX, user, known)

    gone = tuple(Receipt(whose(one.mailbox_id), one.at, ReceiptFate(one.action)) for one in told)
    return Receipts(row.erased_at, reason or "", gone, tuple(whose(user) for user in waiting))
