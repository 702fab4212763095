"""The audience of groups: who has been granted what, by the names people know, and how many it reaches."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from sharesync.model.access import Level, Principal, PrincipalName
from sharesync.model.alphabet import Alphabet
from sharesync.store.database.batching import chunks
from sharesync.store.database.tables import GroupRow, MembershipRow, UserRow
from sharesync.store.mailboxes import directory
from sharesync.store.records import groups
from sharesync.store.records.access_paths import PATHS, WANTED_PATHS


@dataclass(frozen=True, slots=True)
class Grantee:
    """A principal with its level on a group. `title` is the name people know, `name` what a command takes."""

    principal: Principal
    title: str
    name: PrincipalName
    level: Level
    gone: bool = False
    """Whether Directory does not know it any more: the grant reaches nobody new."""


@dataclass(frozen=True, slots=True)
class Reached:
    """A user whom a group reaches, with the highest level any path gives them."""

    user_id: str
    name: str
    email: str
    level: Level


def grantees(session: Session, group: str | None = None, most: int | None = None) -> Mapping[str, list[Grantee]]:
    """The principals of each group, or of the one group, by group id; those of the highest level, where `most`."""
    rows = groups.grants(session, group, most)
    called = directory.called(session, [who for _, who, _ in rows])
    found: dict[str, list[Grantee]] = {}
    for held, who, level in rows:
        how = called[who]
        name = PrincipalName(who.kind, how.address)
        found.setdefault(held.id, []).append(Grantee(who, how.title, name, level, how.gone))
    return found


def sizes(session: Session) -> Mapping[str, int]:
    """How many users each group reaches, by group id."""
    rows = session.execute(select(PATHS.c.group_id, func.count(PATHS.c.user_id.distinct())).group_by(PATHS.c.group_id))
    return {row[0]: row[1] for row in rows}


def overfull(session: Session, users: Collection[str], most: int) -> dict[str, int]:
    """Those of these users into whose mailbox more than `most` shared contacts belong, and how many.

    First by the sizes of their groups, which is quick; a contact in two groups is counted once for those who remain.
    """
    places = select(WANTED_PATHS.c.user_id, WANTED_PATHS.c.group_id).distinct().subquery("places")
    held = select(MembershipRow.group_id, func.count().label("size")).group_by(MembershipRow.group_id).subquery("held")
    summed = select(places.c.user_id).join(held, held.c.group_id == places.c.group_id).group_by(places.c.user_id)
    exact = (
        select(places.c.user_id, func.count(MembershipRow.contact_id.distinct()))
        .join(MembershipRow, MembershipRow.group_id == places.c.group_id)
        .group_by(places.c.user_id)
    )
    found: dict[str, int] = {}
    for some in chunks(users):
        many = session.scalars(summed.where(places.c.user_id.in_(some)).having(func.sum(held.c.size) > most)).all()
        rows = session.execute(exact.where(places.c.user_id.in_(many))) if many else ()
        found |= {user: number for user, number in rows if number > most}
    return found


def reached(session: Session, group: str, alphabet: Alphabet = Alphabet.ENGLISH) -> list[Reached]:
    """Every user whom the group reaches, those with the highest level first, then by name."""
    level = func.max(PATHS.c.level)
    rows = session.execute(
        select(UserRow.id, UserRow.name, UserRow.email, level)
        .join(PATHS, PATHS.c.user_id == UserRow.id)
        .where(PATHS.c.group_id == group)
        .group_by(UserRow.id, UserRow.name, UserRow.email)
    )
    found = [Reached(user, name or email, email, Level(number)) for user, name, email, number in rows]
    return alphabet.in_order(found, lambda one: one.name, lambda one: -one.level)


def seen_by(session: Session, user: str, alphabet: Alphabet = Alphabet.ENGLISH) -> list[tuple[str, str, Level]]:
    """The groups that belong into one user's mailbox, by name: id, name, level."""
    rows = session.execute(
        select(GroupRow.id, GroupRow.name, func.max(WANTED_PATHS.c.level))
        .join(WANTED_PATHS, WANTED_PATHS.c.group_id == GroupRow.id)
        .where(WANTED_PATHS.c.user_id == user)
        .group_by(GroupRow.id, GroupRow.name)
    )
    found = [(group, name, Level(level)) for group, name, level in rows]
    return alphabet.in_order(found, lambda one: one[1])
