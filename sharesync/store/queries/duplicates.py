"""Duplicates: pairs of contacts that are probably one, page by page, the surest first, until somebody decides."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, and_, case, func, literal, or_, select, tuple_, union_all
from sqlalchemy.orm import Session

from sharesync.model.alphabet import Alphabet
from sharesync.model.contact import Contact
from sharesync.model.likeness import Likeness
from sharesync.model.list_order import BLANK, KEYED, ListOrder
from sharesync.store.database.batching import chunks
from sharesync.store.database.tables import ContactRow, MembershipRow, PairRow
from sharesync.store.queries.contact_names import Named
from sharesync.store.queries.contact_order import order_key
from sharesync.store.records import contacts, likeness_matches
from sharesync.store.records.duplicate_decisions import undecided

PAGE = 20
SUREST = ListOrder("surety")
"""The usual order: the surest first."""
MOST = 1000
"""So many are counted; beyond that it is enough to know that they are more."""
LOOKED = 500
"""Pairs, and contacts, at which a page looks that only says how many wait."""
MANY = 100
"""So many are counted there."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two contacts that are probably one, and why; with those of their groups that the reader may see."""

    one: Contact
    other: Contact
    likeness: Likeness | None
    """None where nothing says so, and somebody looks at them side by side all the same."""


@dataclass(frozen=True, slots=True)
class Pile:
    """One page of them."""

    pairs: tuple[Pair, ...]
    total: int
    """`MOST` + 1 where they are more than are counted."""
    after: str | None
    """What this page comes after; None on the first."""
    following: str | None
    """What the next page comes after."""
    changed: Mapping[str, datetime]
    """By id: when each contact was changed last, …"""
    added: Mapping[str, datetime]
    """… and when it was made."""

    @property
    def contacts(self) -> tuple[Contact, ...]:
        """Both sides of each pair, in their order."""
        return tuple(side for pair in self.pairs for side in (pair.one, pair.other))


def pile(
    session: Session,
    among: Collection[str] | None,
    after: str | None = None,
    *,
    order: ListOrder = SUREST,
    alphabet: Alphabet = Alphabet.ENGLISH,
    size: int = PAGE,
) -> Pile:
    """The pairs of which nothing was decided and both are in these groups (None: in any), after an earlier page.

    In any order but by sureness they stand as the contact of a pair does whose id is less.
    """
    beyond = _cursor(after)
    chosen = _surest(order, beyond) if order.by == SUREST.by else _in_order(session, order, alphabet, beyond)
    rows = session.execute(undecided(chosen, among).limit(size + 1)).all()
    counted = undecided(select(PairRow.one_id), among).limit(MOST + 1).subquery()
    total = session.scalar(select(func.count()).select_from(counted)) or 0
    found = _pairs(session, [(row.one_id, row.other_id) for row in rows[:size]], among)
    last = rows[size - 1] if len(rows) > size else None
    following = f"{last.surety}-{last.one_id}-{last.other_id}" if last else None
    some = {side for row in rows[:size] for side in (row.one_id, row.other_id)}
    moments = select(ContactRow.id, ContactRow.changed_at, ContactRow.created_at).where(ContactRow.id.in_(some))
    times = session.execute(moments).all()
    return Pile(
        found,
        total,
        after if beyond else None,
        following,
        {row.id: row.changed_at for row in times},
        {row.id: row.created_at for row in times},
    )


_LISTED = select(PairRow.surety, PairRow.one_id, PairRow.other_id)
_PLACE = (PairRow.surety, PairRow.one_id, PairRow.other_id)


def _surest(order: ListOrder, beyond: tuple[int, str, str] | None) -> Select[int, str, str]:
    query = _LISTED.order_by(*(column if order.turned else column.desc() for column in _PLACE))
    if beyond is None:
        return query
    return query.where(tuple_(*_PLACE) > tuple_(*beyond) if order.turned else tuple_(*_PLACE) < tuple_(*beyond))


def _in_order(
    session: Session, order: ListOrder, alphabet: Alphabet, beyond: tuple[int, str, str] | None
) -> Select[int, str, str]:
    """By a value of the lesser contact, those without it last, and of equal ones by the ids."""
    key, pair = order_key(order, alphabet), (PairRow.one_id, PairRow.other_id)
    query = _LISTED.join(ContactRow, ContactRow.id == PairRow.one_id)
    if order.by not in KEYED:
        if beyond is not None and (at := session.scalar(select(key).where(ContactRow.id == beyond[1]))) is not None:
            query = query.where(_further(key, literal(at, key.type), beyond, down=order.down))
        return query.order_by(key.desc() if order.down else key, *pair)
    key = func.coalesce(key, BLANK)
    lacks = case((key >= BLANK, 1), else_=0)
    if beyond is not None:
        place = session.execute(select(lacks, key).where(ContactRow.id == beyond[1])).first()
        if place is not None:
            further = _further(key, literal(place[1], key.type), beyond, down=order.down)
            query = query.where(or_(lacks > place[0], and_(lacks == place[0], further)))
    return query.order_by(lacks, key.desc() if order.down else key, *pair)


def _further(key: Any, at: Any, beyond: tuple[int, str, str], *, down: bool) -> ColumnElement[bool]:
    level = and_(key == at, tuple_(PairRow.one_id, PairRow.other_id) > tuple_(*beyond[1:]))
    return or_(key < at if down else key > at, level)


def waiting(session: Session, among: Collection[str] | None) -> int:
    """How many pairs of which nothing was decided are in these groups (None: in any); `MANY` + 1 if they are more.

    In a company of any size it takes the same few milliseconds, for it looks at `LOOKED` of all pairs, the least sure
    because people decide about the surest first, and at as many of the groups' contacts: where pairs and contacts are
    both more, it may find fewer than there are.
    """
    if among is not None and not among:
        return 0
    sides = (PairRow.one_id, PairRow.other_id)
    some = select(*sides).order_by(PairRow.surety, *sides).limit(LOOKED).subquery()
    number = _number(session, some, among)
    if among is None or number > MANY:
        return number
    theirs = select(MembershipRow.contact_id).where(MembershipRow.group_id.in_(list(among))).limit(LOOKED).subquery()
    of_theirs = select(*sides).join(theirs, theirs.c.contact_id == PairRow.one_id).distinct().subquery()
    return max(number, _number(session, of_theirs, among))


def _number(session: Session, pairs: Subquery, among: Collection[str] | None) -> int:
    one, other = pairs.c
    found = undecided(select(one), among, one, other).limit(MANY + 1).subquery()
    return session.scalar(select(func.count()).select_from(found)) or 0


def pair(session: Session, one: str, other: str, among: Collection[str] | None) -> Pair:
    """Two contacts side by side, whether they are alike or not. Raises NotFound."""
    for contact in (one, other):
        contacts.get(session, contact)
    return _pairs(session, [(one, other)], among)[0]


def of_contact(session: Session, contact: str, among: Collection[str] | None) -> list[Named]:
    """The contacts that are probably the same as this one, the surest first."""
    sides = ((PairRow.one_id, PairRow.other_id), (PairRow.other_id, PairRow.one_id))
    found = union_all(
        *(undecided(select(theirs.label("id"), PairRow.surety), among).where(mine == contact) for mine, theirs in sides)
    ).subquery()
    rows = session.execute(
        select(ContactRow.id, ContactRow.card)
        .join(found, found.c.id == ContactRow.id)
        .order_by(found.c.surety.desc(), ContactRow.id)
    )
    return [Named(row.id, row.card.title) for row in rows]


def everything(session: Session) -> list[Pair]:
    """All of them, for who may see all."""
    place = (PairRow.surety, PairRow.one_id, PairRow.other_id)
    rows = session.execute(undecided(select(*place), None).order_by(*(column.desc() for column in place)))
    return list(_pairs(session, [(row.one_id, row.other_id) for row in rows], None))


def _cursor(after: str | None) -> tuple[int, str, str] | None:
    surety, _, pair_ids = (after or "").partition("-")
    one, _, other = pair_ids.partition("-")
    return (int(surety), one, other) if re.fullmatch(r"\d{1,4}", surety) and one and other else None


def _pairs(session: Session, wanted: list[tuple[str, str]], among: Collection[str] | None) -> tuple[Pair, ...]:
    ids = {contact for two in wanted for contact in two}
    names = contacts.group_names(session, ids, among)
    found = {
        row.id: row
        for some in chunks(sorted(ids))
        for row in session.scalars(select(ContactRow).where(ContactRow.id.in_(some)))
    }

    def read(contact: str) -> Contact:
        row = found[contact]
        return Contact(row.id, row.version, row.card, names.get(row.id, ()), row.deleted_at)

    both = [(read(one), read(other)) for one, other in wanted]
    why = likeness_matches.compare(session, [(one.card, other.card) for one, other in both])
    return tuple(Pair(one, other, likeness) for (one, other), likeness in zip(both, why, strict=True))
