"""Access paths: how grants reach users, as one SQL relation. Everything about access is asked of it.

A row (user, group, level, kind, subject, counts) is one path by which one user gets one level on one live group.
Suspended and deleted users keep their rows: their mailboxes pause, and nothing is withdrawn from someone who may come
back; one whose mailbox has ended has none. A path that Directory names no longer and that is kept is a path like any
other; while its hold waits to be decided `counts` is 0, and a mailbox in which a group has no other path receives
nothing new of it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Select, Subquery, and_, bindparam, case, exists, func, literal_column, select, union_all
from sqlalchemy.orm import Session

from sharesync.model.access import Level, Principal, PrincipalKind
from sharesync.store.database.tables import (
    DeclinedRow,
    GrantRow,
    GroupMemberRow,
    GroupRow,
    KeptRow,
    MembershipRow,
    UnitAboveRow,
    UserRow,
)

_COLUMNS = (GrantRow.group_id, GrantRow.level, GrantRow.kind, GrantRow.subject)


def _said() -> list[Select[Any]]:
    live = and_(GroupRow.id == GrantRow.group_id, GroupRow.deleted_at.is_(None))
    columns: tuple[Any, ...] = (*_COLUMNS, literal_column("1").label("counts"))

    def of(kind: PrincipalKind, user_id: Any) -> Select[Any]:
        return select(user_id.label("user_id"), *columns).join(GroupRow, live).where(GrantRow.kind == kind)

    there = UserRow.ended_at.is_(None)
    in_or_below = of(PrincipalKind.UNIT, UserRow.id).join(UnitAboveRow, UnitAboveRow.above_id == GrantRow.subject)
    return [
        of(PrincipalKind.USER, UserRow.id).join(UserRow, (UserRow.id == GrantRow.subject) & there),
        of(PrincipalKind.GROUP, GroupMemberRow.user_id).join(
            GroupMemberRow, GroupMemberRow.group_id == GrantRow.subject
        ),
        in_or_below.join(UserRow, (UserRow.unit == UnitAboveRow.unit_id) & there),
        of(PrincipalKind.DOMAIN, UserRow.id).join(UserRow, UserRow.deleted.is_(False)),
    ]


def _kept() -> Select[Any]:
    named = and_(
        KeptRow.group_id == GrantRow.group_id, KeptRow.kind == GrantRow.kind, KeptRow.subject == GrantRow.subject
    )
    live = and_(GroupRow.id == GrantRow.group_id, GroupRow.deleted_at.is_(None))
    counts = case((KeptRow.waits, literal_column("0")), else_=literal_column("1")).label("counts")
    return select(KeptRow.user_id.label("user_id"), *_COLUMNS, counts).join(GrantRow, named).join(GroupRow, live)


SAID_PATHS = union_all(*_said()).subquery("said_paths")
"""What Directory said last, with the grants of now."""
PATHS = union_all(*_said(), _kept()).subquery("paths")
"""What people may do."""


def _wanted_paths() -> Subquery:
    declined = exists().where(DeclinedRow.user_id == PATHS.c.user_id, DeclinedRow.group_id == PATHS.c.group_id)
    return select(PATHS).where(~declined).subquery("wanted_paths")


WANTED_PATHS = _wanted_paths()
"""What stands in their mailboxes: the same but for groups that they declined."""


# Made once: every step of a push runs the second, and building the statement costs more than running it.
_LEVELS = (
    select(PATHS.c.group_id, func.max(PATHS.c.level), func.max(PATHS.c.counts))
    .where(PATHS.c.user_id == bindparam("user"))
    .group_by(PATHS.c.group_id)
)
_LEVELS_IN_MAILBOX = _LEVELS.add_columns(func.max(DeclinedRow.since).is_not(None)).outerjoin(
    DeclinedRow, (DeclinedRow.user_id == PATHS.c.user_id) & (DeclinedRow.group_id == PATHS.c.group_id)
)


def levels(session: Session, user_id: str) -> dict[str, Level]:
    """The user's level on each group they can see, by group id."""
    return {group: Level(level) for group, level, _ in session.connection().execute(_LEVELS, {"user": user_id})}


_OF_SERVICE = (
    select(GrantRow.group_id, GrantRow.level)
    .join(GroupRow, and_(GroupRow.id == GrantRow.group_id, GroupRow.deleted_at.is_(None)))
    .where(GrantRow.kind == PrincipalKind.SERVICE, GrantRow.subject == bindparam("service"))
)


def service_levels(session: Session, service: str) -> dict[str, Level]:
    """The service's level on each group that was granted to it: it is in no Google group or unit."""
    return dict(session.connection().execute(_OF_SERVICE, {"service": service}).all())


def former_levels(session: Session, who: Principal, groups: Collection[str]) -> dict[str, Level]:
    """The level that a user or service had on each of these deleted groups when it was deleted."""
    gone = GroupRow.id.in_(list(groups)), GroupRow.deleted_at.is_not(None), GroupRow.last_grants.is_not(None)
    rows = session.execute(select(GroupRow.id, GroupRow.last_grants).where(*gone)).all()
    if not rows:
        return {}
    named = _named_by(session, who.subject) if who.kind is PrincipalKind.USER else {(who.kind.value, who.subject)}
    found: dict[str, Level] = {}
    for group, grants in rows:
        for grant in grants:
            if (grant["kind"], grant["subject"]) in named:
                found[group] = max(found.get(group, Level.VIEW), Level.parse(grant["level"]))
    return found


def _named_by(session: Session, user: str) -> set[tuple[str, str]]:
    """Kind and subject of every principal that a user is, or is in."""
    member = select(GroupMemberRow.group_id).where(GroupMemberRow.user_id == user)
    unit = select(UserRow.unit).where(UserRow.id == user).scalar_subquery()
    above = select(UnitAboveRow.above_id).where(UnitAboveRow.unit_id == unit)
    return {
        (PrincipalKind.USER.value, user),
        (PrincipalKind.DOMAIN.value, ""),
        *((PrincipalKind.GROUP.value, one) for one in session.scalars(member)),
        *((PrincipalKind.UNIT.value, one) for one in session.scalars(above)),
    }


_ACCESS = select(PATHS.c.user_id, PATHS.c.group_id, func.max(PATHS.c.level), func.max(PATHS.c.counts)).group_by(
    PATHS.c.user_id, PATHS.c.group_id
)


def access(session: Session) -> frozenset[tuple[str, str, int, int]]:
    """Everyone's level on each group they can see, and whether it counts: user, group, level, 0 where it waits."""
    return frozenset((user, group, level, counts) for user, group, level, counts in session.execute(_ACCESS))


@dataclass(frozen=True, slots=True)
class InMailbox:
    """The groups that belong into one user's mailbox."""

    levels: Mapping[str, Level]
    waiting: frozenset[str]
    """Those of them that would end there because of what Directory says, while someone is to decide about it."""
    declined: Mapping[str, Level] = field(default_factory=dict)
    """The level on each group that the user does not want there."""


def in_mailbox(session: Session, user_id: str) -> InMailbox:
    """The level on each group that belongs into the user's mailbox, which of them wait, and what they declined."""
    rows = session.connection().execute(_LEVELS_IN_MAILBOX, {"user": user_id}).all()
    return InMailbox(
        {group: Level(level) for group, level, _, declined in rows if not declined},
        frozenset(group for group, _, counts, declined in rows if not (counts or declined)),
        {group: Level(level) for group, level, _, declined in rows if declined},
    )


def paths(session: Session, group_id: str, user_id: str) -> list[tuple[Level, Principal]]:
    """Every path by which the user gets a level on the group, the winning one first."""
    return all_paths(session, group_id, [user_id]).get(user_id, [])


def all_paths(session: Session, group_id: str, users: Collection[str]) -> dict[str, list[tuple[Level, Principal]]]:
    """The same for each of these users, by id; a user without a path is left out."""
    rows = session.execute(
        select(PATHS.c.user_id, PATHS.c.level, PATHS.c.kind, PATHS.c.subject)
        .where(PATHS.c.user_id.in_(list(users)), PATHS.c.group_id == group_id)
        .order_by(PATHS.c.level.desc(), PATHS.c.kind, PATHS.c.subject)
    )
    found: dict[str, list[tuple[Level, Principal]]] = {}
    for user, level, kind, subject in rows:
        found.setdefault(user, []).append((Level(level), Principal(PrincipalKind(kind), subject)))
    return found


def audience(session: Session, group_id: str) -> Mapping[str, Level]:
    """Everyone who can see the group, by user id, with their level."""
    rows = session.execute(
        select(PATHS.c.user_id, func.max(PATHS.c.level)).where(PATHS.c.group_id == group_id).group_by(PATHS.c.user_id)
    )
    return {user: Level(level) for user, level in rows}


def managers(session: Session) -> list[str]:
    """Ids of all users who manage any group."""
    return list(session.scalars(select(PATHS.c.user_id).where(PATHS.c.level == Level.MANAGE).distinct()))


def reached(session: Session, group_id: str, principals: Collection[Principal]) -> frozenset[str]:
    """Ids of the users who see the group by a grant to one of these principals."""
    rows = session.execute(
        select(PATHS.c.user_id, PATHS.c.kind, PATHS.c.subject).where(PATHS.c.group_id == group_id).distinct()
    )
    return frozenset(user for user, kind, subject in rows if Principal(PrincipalKind(kind), subject) in principals)


USERS_OF_GROUPS = select(PATHS.c.user_id).where(PATHS.c.group_id.in_(bindparam("groups", expanding=True)))
"""Ids of all users who can see any of the `groups`, for use inside other statements."""
USERS_OF_CONTACTS = (
    select(WANTED_PATHS.c.user_id)
    .join(MembershipRow, MembershipRow.group_id == WANTED_PATHS.c.group_id)
    .where(MembershipRow.contact_id.in_(bindparam("contacts", expanding=True)))
)
"""Ids of all users in whose mailboxes any of the `contacts` belongs, likewise."""
