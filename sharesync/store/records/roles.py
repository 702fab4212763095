"""Roles: who is administrator or auditor."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from sharesync.model.permission import Role
from sharesync.store.database.tables import RoleRow, UserRow
from sharesync.store.database.work import Work


@dataclass(frozen=True, slots=True)
class Holder:
    """Someone with a role."""

    user_id: str
    name: str
    email: str
    role: Role
    since: datetime


_OF = select(RoleRow.role).where(RoleRow.user_id == bindparam("user"))


def of(session: Session, user: str) -> Role | None:
    """The user's role, if they have one."""
    return session.connection().scalar(_OF, {"user": user})


def assign(work: Work, user: str, role: Role) -> None:
    """Give a user a role, in place of the one they had."""
    values = {"role": role, "since": work.now}
    changed = work.session.execute(
        update(RoleRow).where(RoleRow.user_id == user).values(values).returning(RoleRow.user_id)
    ).all()
    if not changed:
        work.session.execute(insert(RoleRow).values(user_id=user, **values))


def remove(work: Work, user: str) -> None:
    """Take a user's role away."""
    work.session.execute(delete(RoleRow).where(RoleRow.user_id == user))


def listed(session: Session) -> list[Holder]:
    """Everyone with a role, by address."""
    rows = session.execute(
        select(RoleRow.user_id, UserRow.name, UserRow.email, RoleRow.role, RoleRow.since)
        .join(UserRow, UserRow.id == RoleRow.user_id)
        .order_by(UserRow.email)
    )
    return [Holder(*row) for row in rows]


def administrators(session: Session) -> list[Holder]:
    """Those of them who are administrators and whose account is not suspended, archived or deleted."""
    there = select(UserRow.id).where(~(UserRow.suspended | UserRow.archived | UserRow.deleted))
    living = set(session.scalars(there.join(RoleRow, RoleRow.user_id == UserRow.id)))
    return [one for one in listed(session) if one.role is Role.ADMINISTRATOR and one.user_id in living]
