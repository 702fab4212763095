"""Sessions of signed-in people, each known by the hash of its token, so that the database opens no session."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, insert, or_, select, update
from sqlalchemy.orm import Session

from sharesync.model.permission import Role
from sharesync.store.database.tables import RoleRow, SessionRow, UserRow
from sharesync.store.database.work import Work


@dataclass(frozen=True, slots=True)
class SessionHolder:
    """One session, and whose it is, with their role."""

    user_id: str
    name: str
    email: str
    issuer: str
    opened_at: datetime
    seen_at: datetime
    role: Role | None


_PAUSED = or_(UserRow.suspended, UserRow.archived, UserRow.deleted)
_FOUND = (
    select(
        SessionRow.user_id,
        UserRow.name,
        UserRow.email,
        SessionRow.issuer,
        SessionRow.opened_at,
        SessionRow.seen_at,
        RoleRow.role,
    )
    .join(UserRow, UserRow.id == SessionRow.user_id)
    .outerjoin(RoleRow, RoleRow.user_id == SessionRow.user_id)
    .where(SessionRow.digest == bindparam("digest"), ~_PAUSED)
)
"""Every request asks it."""


def add(work: Work, digest: bytes, user: str, issuer: str) -> None:
    """Keep a new session."""
    work.session.execute(
        insert(SessionRow).values(digest=digest, user_id=user, issuer=issuer, opened_at=work.now, seen_at=work.now)
    )


def find(session: Session, digest: bytes) -> SessionHolder | None:
    """The session, unless its user is suspended, archived or deleted in Directory."""
    row = session.connection().execute(_FOUND, {"digest": digest}).one_or_none()
    return SessionHolder(*row) if row else None


def see(work: Work, digest: bytes) -> None:
    """Its user did something just now."""
    work.session.execute(update(SessionRow).where(SessionRow.digest == digest).values(seen_at=work.now))


def end(work: Work, digest: bytes) -> str | None:
    """End a session; returns whose it was."""
    return work.session.scalar(delete(SessionRow).where(SessionRow.digest == digest).returning(SessionRow.user_id))


def end_all(work: Work, user: str) -> int:
    """End every session of a user; returns how many there were."""
    return len(
        work.session.scalars(delete(SessionRow).where(SessionRow.user_id == user).returning(SessionRow.digest)).all()
    )


def end_of_paused(work: Work) -> list[str]:
    """End the sessions of everyone whom Directory has suspended, archived or deleted; returns whose they were."""
    paused = select(UserRow.id).where(_PAUSED)
    ended = work.session.scalars(delete(SessionRow).where(SessionRow.user_id.in_(paused)).returning(SessionRow.user_id))
    return sorted(set(ended))


def forget(work: Work, opened_before: datetime) -> None:
    """Forget sessions that ended long ago by themselves."""
    work.session.execute(delete(SessionRow).where(SessionRow.opened_at < opened_before))
