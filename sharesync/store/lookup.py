"""Lookup: who in the directory's mirror is meant by a few letters, for whoever grants access or asks about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, case, func, or_, select
from sqlalchemy.orm import Session

from sharesync.model.access import Principal, PrincipalKind, PrincipalName
from sharesync.model.searching import words_of
from sharesync.store import directory
from sharesync.store.tables import GoogleGroupRow, GroupMemberRow, UnitRow, UserRow


@dataclass(frozen=True, slots=True)
class Candidate:
    """A principal that may be meant."""

    principal: Principal
    title: str
    """The name people know; empty for the domain."""
    name: PrincipalName
    """What a command takes."""
    people: int | None = None
    """How many are in a Google group; None where nobody asked yet, as no grant names it."""


def principals(session: Session, text: str, limit: int = 8) -> list[Candidate]:
    """Users, Google groups and units whose name or address holds every word; `limit` of each kind at most.

    The domain is among them where nothing was typed, or its word.
    """
    words = words_of(text)
    found = users(session, text, limit)
    size = (
        select(GroupMemberRow.group_id, func.count().label("size")).group_by(GroupMemberRow.group_id).subquery("sizes")
    )
    teams = session.execute(
        select(
            GoogleGroupRow.id,
            GoogleGroupRow.name,
            GoogleGroupRow.email,
            case((GoogleGroupRow.known, func.coalesce(size.c.size, 0))),
        )
        .outerjoin(size, size.c.group_id == GoogleGroupRow.id)
        .where(GoogleGroupRow.gone.is_(False), *_holding(words, GoogleGroupRow.name, GoogleGroupRow.email))
        .order_by(GoogleGroupRow.name, GoogleGroupRow.email)
        .limit(limit)
    )
    for ident, name, email, people in teams:
        who = Principal(PrincipalKind.GROUP, ident)
        found.append(Candidate(who, name or email, PrincipalName(PrincipalKind.GROUP, email), people))
    units = session.execute(
        select(UnitRow.id, UnitRow.path)
        .where(UnitRow.gone.is_(False), *_holding(words, UnitRow.path))
        .order_by(UnitRow.path)
        .limit(limit)
    )
    for ident, path in units:
        found.append(Candidate(Principal(PrincipalKind.UNIT, ident), path, PrincipalName(PrincipalKind.UNIT, path)))
    if all(word in "domain everyone" for word in words):
        found.append(Candidate(Principal(PrincipalKind.DOMAIN, ""), "", PrincipalName(PrincipalKind.DOMAIN, "")))
    return found


def named(session: Session, group: str, name: PrincipalName) -> Candidate:
    """The principal that a name means about a group: one that has a grant there may have vanished. Raises NotFound."""
    who = directory.granted_as(session, group, name)
    return Candidate(who, directory.called(session, [who])[who].title, name)


def users(session: Session, text: str, limit: int = 8) -> list[Candidate]:
    """Users whose name or address holds every word, by name; nobody who was deleted."""
    rows = session.execute(
        select(UserRow.id, UserRow.name, UserRow.email)
        .where(UserRow.deleted.is_(False), *_holding(words_of(text), UserRow.name, UserRow.email))
        .order_by(UserRow.name, UserRow.email)
        .limit(limit)
    )
    return [
        Candidate(Principal(PrincipalKind.USER, user), name or email, PrincipalName(PrincipalKind.USER, email))
        for user, name, email in rows
    ]


def _holding(words: list[str], name: Any, email: Any = None) -> list[ColumnElement[bool]]:
    return [or_(*_ways(word, name, email)) for word in words]


def _ways(word: str, name: Any, email: Any) -> list[ColumnElement[bool]]:
    # SQLite folds only ASCII: what was typed is also looked for as names begin.
    ways = [func.lower(name).contains(word, autoescape=True), name.contains(word.capitalize(), autoescape=True)]
    if email is not None:
        # The domain is everybody's: it counts only where somebody types an address.
        ways.append(email.contains(word, autoescape=True) if "@" in word else _local(email, word))
    return ways


def _local(email: Any, word: str) -> ColumnElement[bool]:
    sought = word.replace("/", "//").replace("%", "/%").replace("_", "/_")
    found: ColumnElement[bool] = email.like(f"%{sought}%@%", escape="/")
    return found
