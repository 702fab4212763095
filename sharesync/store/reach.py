"""Reach: how grants reach users, as one SQL relation. Everything about access is asked of it.

A row (user, group, level, kind, subject) is one path by which one user gets one level on one live group. Suspended
and deleted users keep their rows: their mailboxes pause, and nothing is withdrawn from someone who may come back.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, Subquery, and_, bindparam, exists, func, or_, select, union_all
from sqlalchemy.orm import Session

from sharesync.model.access import Level, Principal, PrincipalKind
from sharesync.store.tables import DeclinedRow, GrantRow, GroupMemberRow, GroupRow, MembershipRow, UserRow


def _paths() -> Subquery:
    live = and_(GroupRow.id == GrantRow.group_id, GroupRow.deleted_at.is_(None))
    columns = (GrantRow.group_id, GrantRow.level, GrantRow.kind, GrantRow.subject)

    def of(kind: PrincipalKind, user_id: Any) -> Select[Any]:
        return select(user_id.label("user_id"), *columns).join(GroupRow, live).where(GrantRow.kind == kind)

    below = UserRow.unit == GrantRow.subject
    deeper = func.substr(UserRow.unit, 1, func.length(GrantRow.subject) + 1) == GrantRow.subject + "/"
    return union_all(
        of(PrincipalKind.USER, UserRow.id).join(UserRow, UserRow.id == GrantRow.subject),
        of(PrincipalKind.GROUP, GroupMemberRow.user_id).join(
            GroupMemberRow, GroupMemberRow.group_id == GrantRow.subject
        ),
        of(PrincipalKind.UNIT, UserRow.id).join(UserRow, or_(below, deeper, GrantRow.subject == "/")),
        of(PrincipalKind.DOMAIN, UserRow.id).join(UserRow, UserRow.deleted.is_(False)),
    ).subquery("paths")


PATHS = _paths()
"""What people may do."""


def _wanted_paths() -> Subquery:
    declined = exists().where(DeclinedRow.user_id == PATHS.c.user_id, DeclinedRow.group_id == PATHS.c.group_id)
    return select(PATHS).where(~declined).subquery("wanted_paths")


WANTED_PATHS = _wanted_paths()
"""What stands in their mailboxes: the same but for groups that they declined."""


def _levels_along(paths: Subquery) -> Select[Any]:
    highest = select(paths.c.group_id, func.max(paths.c.level)).where(paths.c.user_id == bindparam("user"))
    return highest.group_by(paths.c.group_id)


# Made once: every step of a push asks the second, and to make the statement takes longer than to run it.
_LEVELS, _LEVELS_IN_MAILBOX = _levels_along(PATHS), _levels_along(WANTED_PATHS)


def levels(session: Session, user_id: str) -> dict[str, Level]:
    """The user's level on each group they can see, by group id."""
    return {group: Level(level) for group, level in session.execute(_LEVELS, {"user": user_id})}


def levels_in_mailbox(session: Session, user_id: str) -> dict[str, Level]:
    """The same on each group that belongs into the user's mailbox."""
    rows = session.connection().execute(_LEVELS_IN_MAILBOX, {"user": user_id})
    return {group: Level(level) for group, level in rows}


def paths(session: Session, group_id: str, user_id: str) -> list[tuple[Level, Principal]]:
    """Every path by which the user gets a level on the group, the winning one first."""
    rows = session.execute(
        select(PATHS.c.level, PATHS.c.kind, PATHS.c.subject)
        .where(PATHS.c.user_id == user_id, PATHS.c.group_id == group_id)
        .order_by(PATHS.c.level.desc(), PATHS.c.kind, PATHS.c.subject)
    )
    return [(Level(level), Principal(PrincipalKind(kind), subject)) for level, kind, subject in rows]


def audience(session: Session, group_id: str) -> Mapping[str, Level]:
    """Everyone who can see the group, by user id, with their level."""
    rows = session.execute(
        select(PATHS.c.user_id, func.max(PATHS.c.level)).where(PATHS.c.group_id == group_id).group_by(PATHS.c.user_id)
    )
    return {user: Level(level) for user, level in rows}


USERS_OF_GROUPS = select(PATHS.c.user_id).where(PATHS.c.group_id.in_(bindparam("groups", expanding=True)))
"""Ids of all users who can see any of the `groups`, for use inside other statements."""
USERS_OF_CONTACTS = (
    select(WANTED_PATHS.c.user_id)
    .join(MembershipRow, MembershipRow.group_id == WANTED_PATHS.c.group_id)
    .where(MembershipRow.contact_id.in_(bindparam("contacts", expanding=True)))
)
"""Ids of all users in whose mailboxes any of the `contacts` belongs, likewise."""
