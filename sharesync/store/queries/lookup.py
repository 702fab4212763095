"""Lookup: whom in the directory's mirror a few letters may mean, for granting access and asking about it.

What is typed is looked for in memory: there are a few thousand names, folded once and remembered between letters.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from heapq import nsmallest

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from sharesync.model.access import Principal, PrincipalKind, PrincipalName
from sharesync.model.alphabet import Alphabet
from sharesync.model.searching import Term, found, haystack_of, terms_of
from sharesync.store.database.tables import GoogleGroupRow, GroupMemberRow, UnitRow, UserRow
from sharesync.store.mailboxes import directory
from sharesync.store.records import services

EVERYONE = haystack_of("domain everyone")


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


def principals(session: Session, text: str, limit: int = 8, alphabet: Alphabet = Alphabet.ENGLISH) -> list[Candidate]:
    """Users, Google groups, units and services whose name or address holds every word; `limit` of each kind at most.

    The domain is among them where nothing was typed, or its word.
    """
    terms = terms_of(text)
    candidates = users(session, text, limit, alphabet)
    candidates += _first(_groups(session, terms), limit, alphabet)
    candidates += _first(_units(session, terms), limit, alphabet)
    candidates += _first(_services(session, terms), limit, alphabet)
    if found(terms, EVERYONE):
        candidates.append(Candidate(Principal(PrincipalKind.DOMAIN, ""), "", PrincipalName(PrincipalKind.DOMAIN, "")))
    return candidates


def named(session: Session, group: str, name: PrincipalName) -> Candidate:
    """The principal that a name means about a group: one that has a grant there may have vanished. Raises NotFound."""
    who = directory.granted_as(session, group, name)
    return Candidate(who, directory.called(session, [who])[who].title, name)


def users(session: Session, text: str, limit: int = 8, alphabet: Alphabet = Alphabet.ENGLISH) -> list[Candidate]:
    """Users whose name or address holds every word, by name; nobody who was deleted."""
    return _first(_users(session, terms_of(text)), limit, alphabet)


def is_called(name: str, email: str, terms: tuple[Term, ...]) -> bool:
    """Whether a name and an address hold all that is looked for."""
    return all(term.found_in(haystack_of(name, email if _is_address(term) else _local(email))) for term in terms)


def _local(email: str) -> str:
    """The domain is everybody's: it counts only where somebody types an address."""
    return email.partition("@")[0]


def _is_address(term: Term) -> bool:
    return any("@" in needle for way in term.ways for needle in way)


def _first(found: Iterator[Candidate], limit: int, alphabet: Alphabet) -> list[Candidate]:
    return nsmallest(limit, found, key=lambda one: (alphabet.key(one.title), one.name.name))


def _users(session: Session, terms: tuple[Term, ...]) -> Iterator[Candidate]:
    rows = session.execute(select(UserRow.id, UserRow.name, UserRow.email).where(UserRow.deleted.is_(False)))
    for user, name, email in rows:
        if is_called(name, email, terms):
            who = Principal(PrincipalKind.USER, user)
            yield Candidate(who, name or email, PrincipalName(PrincipalKind.USER, email))


def _groups(session: Session, terms: tuple[Term, ...]) -> Iterator[Candidate]:
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
        .where(GoogleGroupRow.gone.is_(False))
    )
    for ident, name, email, people in teams:
        if is_called(name, email, terms):
            who = Principal(PrincipalKind.GROUP, ident)
            yield Candidate(who, name or email, PrincipalName(PrincipalKind.GROUP, email), people)


def _units(session: Session, terms: tuple[Term, ...]) -> Iterator[Candidate]:
    for ident, path in session.execute(select(UnitRow.id, UnitRow.path).where(UnitRow.gone.is_(False))):
        if found(terms, haystack_of(path)):
            yield Candidate(Principal(PrincipalKind.UNIT, ident), path, PrincipalName(PrincipalKind.UNIT, path))


def _services(session: Session, terms: tuple[Term, ...]) -> Iterator[Candidate]:
    for one in services.listed(session):
        if found(terms, haystack_of(one.name)):
            name = PrincipalName(PrincipalKind.SERVICE, one.name)
            yield Candidate(Principal(PrincipalKind.SERVICE, one.id), one.name, name)
