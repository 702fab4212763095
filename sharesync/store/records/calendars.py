"""Addresses of calendars, each known by the hash of its secret; one a person."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from sharesync.store.database.tables import CalendarRow
from sharesync.store.database.work import Work


def put(work: Work, user: str, digest: bytes) -> None:
    """Let this secret open the user's calendar; the former one opens nothing."""
    take(work, user)
    work.session.execute(insert(CalendarRow).values(user_id=user, digest=digest, made_at=work.now))


def take(work: Work, user: str) -> bool:
    """Let nothing open the user's calendar; returns whether something did."""
    gone = work.session.scalars(delete(CalendarRow).where(CalendarRow.user_id == user).returning(CalendarRow.user_id))
    return bool(gone.all())


def made_at(session: Session, user: str) -> datetime | None:
    """When the address of the user's calendar was made; None where there is none."""
    return session.scalar(select(CalendarRow.made_at).where(CalendarRow.user_id == user))


def owner(session: Session, digest: bytes) -> str | None:
    """Whose calendar a secret opens."""
    return session.scalar(select(CalendarRow.user_id).where(CalendarRow.digest == digest))
