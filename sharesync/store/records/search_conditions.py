"""Finding: what is searched for (`model/searching.py`), as conditions on rows."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from sharesync.model.searching import Term, haystack_of, terms_of
from sharesync.store.database.tables import ContactRow, GroupRow
from sharesync.store.records.membership_filters import holding


def finding(session: Session, search: str, among: Collection[str] | None) -> list[ColumnElement[bool]]:
    """Contacts in which every word is found, or in the name of a group that holds them. Raises SearchTooLong.

    `among`: ids of the groups whose names count, None is all: a search must not tell of a group that is hidden.
    """
    terms = terms_of(search)
    if not terms:
        return []
    names = select(GroupRow.id, GroupRow.name).where(GroupRow.deleted_at.is_(None))
    called = [
        (row.id, haystack_of(row.name)) for row in session.execute(names) if among is None or row.id in set(among)
    ]
    # First what no group's name says: it lets few pass, and the others are not asked for the rest.
    told = [(term, [group for group, name in called if term.found_in(name)]) for term in terms]
    return [_found(term, groups) for term, groups in sorted(told, key=lambda one: len(one[1]))]


def _found(term: Term, groups: list[str]) -> ColumnElement[bool]:
    ways = list(_ways(ContactRow.words, term))
    if groups:
        ways.append(ContactRow.id.in_(holding(groups)))
    return or_(*ways)


def _ways(column: Any, term: Term) -> Iterator[ColumnElement[bool]]:
    for way in term.ways:
        yield and_(*(column.contains(needle, autoescape=True) for needle in way))
