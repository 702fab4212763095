"""Messages under way to endpoints, those that failed, and what came of the last tries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, insert, select, update
from sqlalchemy.orm import Session

from sharesync.store.database.tables import AttemptRow, MessageRow
from sharesync.store.database.work import Work

ATTEMPTS = 100
"""So many of the last tries of each endpoint are kept."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message under way, or one that failed."""

    endpoint: str
    name: str
    first: int
    last: int
    tries: int
    due_at: datetime | None
    since: datetime


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try, and what came of it."""

    message: str
    at: datetime
    milliseconds: int
    status: int | None
    answer: str
    trouble: str


def due(session: Session, endpoint: str, now: datetime) -> Outgoing | None:
    """The message that has waited longest of those that are to be tried now."""
    its = (MessageRow.endpoint_id == endpoint, MessageRow.due_at <= now)
    row = session.scalar(select(MessageRow).where(*its).order_by(MessageRow.due_at, MessageRow.name).limit(1))
    return None if row is None else _outgoing(row)


def undelivered(session: Session, endpoint: str) -> list[Outgoing]:
    """All of one that were not delivered, the oldest first."""
    its = MessageRow.endpoint_id == endpoint
    return [_outgoing(row) for row in session.scalars(select(MessageRow).where(its).order_by(MessageRow.first))]


def with_due(session: Session, now: datetime) -> set[str]:
    """Ids of the endpoints that have a message to be tried now."""
    return set(session.scalars(select(MessageRow.endpoint_id).where(MessageRow.due_at <= now).distinct()))


def _outgoing(row: MessageRow) -> Outgoing:
    return Outgoing(row.endpoint_id, row.name, row.first, row.last, row.tries, row.due_at, row.since)


def begin(work: Work, endpoint: str, name: str, first: int = 0, last: int = -1) -> Outgoing:
    """Keep a message that is about to be sent. One of that name that failed before begins anew."""
    made = Outgoing(endpoint, name, first, last, 0, work.now, work.now)
    deliver(work, made)
    row = {"endpoint_id": endpoint, "name": name, "first": first, "last": last}
    work.session.execute(insert(MessageRow).values(**row, tries=0, due_at=work.now, since=work.now))
    return made


def deliver(work: Work, message: Outgoing) -> None:
    """It arrived, or nothing of it is to be told any more."""
    work.session.execute(delete(MessageRow).where(*_is(message)))


def postpone(work: Work, message: Outgoing, due_at: datetime | None) -> None:
    """It failed once more."""
    work.session.execute(update(MessageRow).where(*_is(message)).values(tries=message.tries + 1, due_at=due_at))


def forget(work: Work, endpoint: str, since: int) -> None:
    """Those that tell of events from this number on are made anew."""
    work.session.execute(delete(MessageRow).where(MessageRow.endpoint_id == endpoint, MessageRow.last >= since))


def _is(message: Outgoing) -> tuple[ColumnElement[bool], ...]:
    return MessageRow.endpoint_id == message.endpoint, MessageRow.name == message.name


_NEWEST = AttemptRow.at.desc(), AttemptRow.id.desc()


def note(work: Work, endpoint: str, attempt: Attempt) -> None:
    """Remember what came of a try, and of no more than the last hundred."""
    row = {"id": work.new_id(), "endpoint_id": endpoint, "message": attempt.message, "at": attempt.at}
    told = {"status": attempt.status, "answer": attempt.answer, "trouble": attempt.trouble}
    work.session.execute(insert(AttemptRow).values(**row, milliseconds=attempt.milliseconds, **told))
    its = AttemptRow.endpoint_id == endpoint
    newest = select(AttemptRow.id).where(its).order_by(*_NEWEST).limit(ATTEMPTS).subquery()
    work.session.execute(delete(AttemptRow).where(its, AttemptRow.id.not_in(select(newest.c.id))))


def attempts(session: Session, endpoint: str) -> list[Attempt]:
    """The last tries, the newest first."""
    its = AttemptRow.endpoint_id == endpoint
    return [
        Attempt(row.message, row.at, row.milliseconds, row.status, row.answer, row.trouble)
        for row in session.scalars(select(AttemptRow).where(its).order_by(*_NEWEST))
    ]
