"""Search conditions: the terms of a filter (`model/filters.py`) as SQL conditions on contacts."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, false, not_, or_, select, true
from sqlalchemy.orm import Session

from sharesync.model.filters import Alike, Clause, Condition, During, Filter, Lacking, Measured, Said, Where
from sharesync.model.searching import Term, haystack_of
from sharesync.store.database.tables import ContactRow, GroupRow
from sharesync.store.records import duplicate_decisions, measures
from sharesync.store.records.membership_filters import holding, inside, is_wide


def finding(session: Session, asked: Filter, among: Collection[str] | None) -> list[ColumnElement[bool]]:
    """The conditions that hold of a contact which the filter asks for.

    `among`: ids of the groups whose names and contacts count, None is all: a search must not tell of a group that is
    hidden, nor of a contact there.
    """
    called = _Groups(session, _called(session, among) if asked.looks_at_groups else [], among)
    # First the conditions that look into no group: few contacts pass them, and the rest is asked only of these.
    told = [one for clause in asked.clauses for one in _asked(clause, called)]
    return [condition for _, condition in sorted(told, key=lambda one: one[0])]


@dataclass(frozen=True, slots=True)
class _Groups:
    """The groups whose names count, each with the haystack of its name."""

    session: Session
    names: list[tuple[str, str]]
    among: Collection[str] | None
    """Ids of the groups whose contacts count; None is all."""

    def hold(self, groups: list[str]) -> ColumnElement[bool]:
        """Whether a contact is in one of these groups."""
        wide = is_wide(self.session, groups)
        return inside(ContactRow.id, groups) if wide else ContactRow.id.in_(holding(groups))


def _called(session: Session, among: Collection[str] | None) -> list[tuple[str, str]]:
    seen = None if among is None else set(among)
    rows = session.connection().execute(_NAMES)
    return [(group, haystack_of(name)) for group, name in rows if seen is None or group in seen]


_NAMES = select(GroupRow.id, GroupRow.name).where(GroupRow.deleted_at.is_(None))


def _asked(clause: Clause, called: _Groups) -> Iterator[tuple[int, ColumnElement[bool]]]:
    """The conditions of a clause, all of which must hold, each with the number of groups that it looks into."""
    if len(clause.alternatives) == 1 and not clause.alternatives[0].negated:
        yield from (_found(condition, called) for condition in clause.alternatives[0].conditions)
        return
    some, ways = 0, []
    for one in clause.alternatives:
        found = [_found(condition, called) for condition in one.conditions]
        some += sum(number for number, _ in found)
        holds = and_(true(), *(condition for _, condition in found))
        ways.append(not_(holds) if one.negated else holds)
    yield some, or_(*ways)


def _found(condition: Condition, called: _Groups) -> tuple[int, ColumnElement[bool]]:
    match condition:
        case During(what="changed" | "created" as what):
            column = getattr(ContactRow, f"{what}_at")
            bounds = (
                column >= condition.begin if condition.begin else None,
                column < condition.end if condition.end else None,
            )
            return 0, and_(true(), *(bound for bound in bounds if bound is not None))
        case During():
            return 0, measures.during(condition)
        case Measured():
            return 0, measures.measured(condition)
        case Alike():
            return 0, ContactRow.id.in_(duplicate_decisions.alike(called.among))
        case Lacking():
            wanted = [_lacking(term, groups, called) for term, groups in condition.required]
            return len(wanted), or_(false(), *wanted)
        case Said(Where.FACETS, term):
            return 0, or_(false(), *_ways(ContactRow.facets, term))
        case Said(where, term):
            ways = [] if where is Where.GROUP else list(_ways(ContactRow.words, term))
            groups = [group for group, name in called.names if term.found_in(name)]
            if groups:
                ways.append(called.hold(groups))
            return len(groups), or_(false(), *ways)


def _lacking(term: Term, groups: frozenset[str], called: _Groups) -> ColumnElement[bool]:
    some = [group for group, _ in called.names if group in groups]
    return and_(not_(or_(false(), *_ways(ContactRow.facets, term))), called.hold(some)) if some else false()


def _ways(column: Any, term: Term) -> Iterator[ColumnElement[bool]]:
    for way in term.ways:
        yield and_(*(_within(column, needle) for needle in way))


def _within(column: Any, needle: str) -> ColumnElement[bool]:
    # PostgreSQL's index holds groups of three letters. For fewer it would read the whole index, four times as long as
    # reading the table; the concatenation keeps it from doing so.
    indexed = _LETTERS.search(needle)
    found: ColumnElement[bool] = (column if indexed else column + "").contains(needle, autoescape=True)
    return found


_LETTERS = re.compile(r"[^\W_]{3}")
