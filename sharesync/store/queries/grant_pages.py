"""What the page of a group's access shows: who has which level, since when and by whom; and why each person has it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from sharesync.model.access import Level, Principal
from sharesync.store.database.tables import GrantRow, UnitRow, UserRow
from sharesync.store.mailboxes import directory
from sharesync.store.queries import audience, events
from sharesync.store.queries.audience import Grantee
from sharesync.store.queries.events import LoggedFilter
from sharesync.store.queries.grant_words import given
from sharesync.store.records import access_paths
from sharesync.store.records.access_paths import PATHS
from sharesync.store.records.actors import Who, actors, who

LOOKED_BACK = 1_000
"""How many changes of a group's access are read to say who made the present one."""


@dataclass(frozen=True, slots=True)
class GrantLine:
    """One grant as a line of the table."""

    to: Grantee
    people: int
    """How many it reaches."""
    since: datetime
    by: Who | None
    """Who gave this level; None where the log tells it no longer, and `since` is when the first level was given."""


def lines(session: Session, group: str) -> list[GrantLine]:
    """All grants on a group."""
    reach = {
        Principal(kind, subject): number
        for kind, subject, number in session.execute(
            select(PATHS.c.kind, PATHS.c.subject, func.count(PATHS.c.user_id.distinct()))
            .where(PATHS.c.group_id == group)
            .group_by(PATHS.c.kind, PATHS.c.subject)
        )
    }
    first = {
        Principal(row.kind, row.subject): row.granted_at
        for row in session.execute(
            select(GrantRow.kind, GrantRow.subject, GrantRow.granted_at).where(GrantRow.group_id == group)
        )
    }
    gave = _givers(session, group)
    return [
        GrantLine(one, reach.get(one.principal, 0), *gave.get((one.principal, one.level), (first[one.principal], None)))
        for one in audience.grantees(session, group).get(group, [])
    ]


def _givers(session: Session, group: str) -> dict[tuple[Principal, Level | None], tuple[datetime, Who]]:
    """When each principal got a level on the group last, and from whom."""
    told = events.page(session, LoggedFilter(group=group, action="grant.set"), limit=LOOKED_BACK).events
    said = given(session, {one["reason"] for one in told})
    known = actors(session, {one["actor"] for one in told})
    return {
        (grant.principal, grant.after): (one["at"], who(one["actor_kind"], one["actor"], known))
        for one in reversed(told)
        if (grant := said.get(one["reason"]))
    }


@dataclass(frozen=True, slots=True)
class Way:
    """One way by which somebody has a level: the grant, by the name people know, and their unit where that counts."""

    level: Level
    principal: Principal
    title: str
    unit: str = ""
    """The path of the unit in which they are, where the grant is to one above it."""


def ways(session: Session, group: str, users: Collection[str]) -> Mapping[str, list[Way]]:
    """Every way by which these users get a level on the group, by their ids, the one that counts first."""
    found = access_paths.all_paths(session, group, users)
    called = directory.called(session, list({principal for paths in found.values() for _, principal in paths}))
    units = select(UserRow.id, UnitRow.id, UnitRow.path).join(UnitRow, UnitRow.id == UserRow.unit)
    home = {user: (unit, path) for user, unit, path in session.execute(units.where(UserRow.id.in_(list(users))))}

    def way(user: str, level: Level, principal: Principal) -> Way:
        unit, path = home.get(user, ("", ""))
        return Way(level, principal, called[principal].title, path if unit != principal.subject else "")

    return {user: [way(user, *path) for path in paths] for user, paths in found.items()}
