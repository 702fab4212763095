"""Pages of contacts, as someone leafs through them, and the ids of all that a filter lets pass.

A page is known by the contact before it, by id: a name in an address would be personal data in somebody's log.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import Session, aliased

from sharesync.model.alphabet import Alphabet
from sharesync.model.card import Card
from sharesync.model.contact import Contact
from sharesync.model.filters import EVERYONE, Filter
from sharesync.model.list_order import ListOrder
from sharesync.store.database.batching import CHUNK
from sharesync.store.database.tables import ContactRow, MembershipRow
from sharesync.store.queries.contact_order import Stretch, from_place, stretches
from sharesync.store.queries.trash import groups_left, lying
from sharesync.store.records import contacts
from sharesync.store.records.likeness_signs import bearing
from sharesync.store.records.membership_filters import belonging, holding, inside, is_wide
from sharesync.store.records.search_conditions import finding

MANY = 1_000
"""So many of what is searched for are counted: to count more would take longer than the rest of the page."""
BY_NAME = ListOrder()

_SHOWN = (
    *(ContactRow.id, ContactRow.version, ContactRow.card, ContactRow.photo, ContactRow.here),
    *(ContactRow.changed_at, ContactRow.created_at, ContactRow.deleted_at),
)


@dataclass(frozen=True, slots=True)
class ContactFilter:
    """Which contacts are asked for: those that pass every part."""

    asked: Filter = EVERYONE
    """What must hold of them; the names of groups outside `among` say nothing."""
    group: str | None = None
    outside: str | None = None
    """A group that does not hold them."""
    only: Collection[str] | None = None
    """The ids of a page that were ticked; None is all."""
    among: Collection[str] | None = None
    """Ids of the groups whose contacts count, and whose names are told; None is all."""
    in_trash: bool = False
    """Those in the trash, of the groups that they left last, and not those outside it."""
    signs: Collection[str] = ()
    """Signs of values that are looked up (`model/traits.py`): an index leads to the few contacts that may have them."""

    @property
    def looks_inside(self) -> bool:
        """Whether each contact is to be looked into, and not only where it is."""
        return bool(self.asked)


@dataclass(frozen=True, slots=True)
class Shelf:
    """One page of contacts."""

    contacts: tuple[Contact, ...]
    total: int
    """How many the filter lets pass in all, as far as they are counted."""
    more: bool
    """There are more than that."""
    changed: Mapping[str, datetime]
    """By id: when each was changed last, …"""
    added: Mapping[str, datetime]
    """… and when it was made."""
    after: str | None
    """The contact before this page; None on the first."""
    following: str | None
    """The contact before the next page; None on the last."""


def shelf(
    session: Session,
    wanted: ContactFilter,
    *,
    after: str | None = None,
    order: ListOrder = BY_NAME,
    alphabet: Alphabet = Alphabet.ENGLISH,
    size: int = 50,
) -> Shelf:
    """The page after the contact `after`; the first one where it is None or nobody."""
    wide = wanted.group is not None and is_wide(session, [wanted.group])
    before = _seen(session, after, wanted.among) if after else None
    query = _through(session, select(ContactRow.id), wanted, wide=wide)
    found = list(session.scalars(query.limit(MANY + 1))) if wanted.looks_inside else []
    if found and len(found) <= MANY:
        query = select(ContactRow.id).where(ContactRow.id.in_(found))
    rows: list[Any] = []
    places = from_place(session, stretches(order, alphabet), before.id if before is not None else None)
    # Where many are found, the index in this order soon leads to a page of them, and where none is, none is sought.
    for stretch, place in () if wanted.looks_inside and not found else places:
        if (room := size + 1 - len(rows)) > 0:
            rows += _rows(session, stretch.beyond(query, place).limit(room), stretch)
    counts = not wanted.looks_inside and (before is not None or len(rows) > size)
    total = _count(session, wanted, wide=wide) if counts else len(found) if wanted.looks_inside else len(rows)
    many = MANY if wanted.looks_inside else total
    return Shelf(
        contacts=tuple(_dressed(session, rows[:size], wanted.among, in_trash=wanted.in_trash)),
        changed={row.id: row.changed_at for row in rows[:size]},
        added={row.id: row.created_at for row in rows[:size]},
        total=min(total, many),
        more=total > many,
        after=before.id if before is not None else None,
        following=rows[size - 1].id if len(rows) > size else None,
    )


@dataclass(frozen=True, slots=True)
class ChangedContact:
    """A contact, and when its details were last changed."""

    id: str
    card: Card
    at: datetime


def changed_last(session: Session, among: Collection[str], size: int) -> list[ChangedContact]:
    """What was changed last in these groups, the newest first."""
    rows = session.execute(
        select(ContactRow.id, ContactRow.card, ContactRow.changed_at)
        .where(ContactRow.deleted_at.is_(None), ContactRow.erased_at.is_(None), inside(ContactRow.id, among))
        .order_by(ContactRow.changed_at.desc(), ContactRow.id.desc())
        .limit(size)
    )
    return [ChangedContact(*row) for row in rows]


def everyone(session: Session, wanted: ContactFilter) -> Iterator[Contact]:
    """Every contact that the filter lets pass, by name, read so many at a time."""
    (by_name,) = stretches(BY_NAME, Alphabet.ENGLISH)
    query = _through(session, select(ContactRow.id), wanted)
    place = None
    # Where few are found, an index in this order would lead to the row of each contact that is looked into.
    by = Stretch(func.coalesce(by_name.key, by_name.key)) if wanted.looks_inside else by_name
    while rows := _rows(session, by.beyond(query, place).limit(CHUNK), by_name):
        yield from _dressed(session, rows, wanted.among)
        place = (rows[-1].place, rows[-1].id)


def by_id(session: Session, wanted: ContactFilter, *, after: str | None = None, size: int) -> list[Contact]:
    """So many contacts, from behind an id on, in the order of ids.

    That order stands whatever is edited meanwhile: who reads page after page misses nothing and gets nothing twice.
    """
    wide = wanted.group is not None and is_wide(session, [wanted.group])
    query = _through(session, select(ContactRow.id), wanted, wide=wide, few=True)
    if after is not None:
        query = query.where(ContactRow.id > after)
    rows = _rows(session, query.order_by(ContactRow.id).limit(size), Stretch(ContactRow.id))
    return list(_dressed(session, rows, wanted.among))


def _rows(session: Session, chosen: Select[Any], stretch: Stretch) -> Sequence[Any]:
    """What a page shows of the contacts that were chosen, in the order of their stretch.

    They are chosen by their ids: SQLite would turn to every row that it looks at, where rows are asked for at once.
    """
    told: Any = select(*_SHOWN, stretch.key.label("place")).where(ContactRow.id.in_(chosen.correlate(None)))
    return session.connection().execute(stretch.sorted(stretch.joined(told))).all()


def _dressed(
    session: Session, rows: Any, among: Collection[str] | None, *, in_trash: bool = False
) -> Iterator[Contact]:
    named = groups_left if in_trash else contacts.group_names
    names = named(session, [row.id for row in rows], among)
    for row in rows:
        yield Contact(
            *(row.id, row.version, row.card, names.get(row.id, ()), row.deleted_at),
            photo=row.photo,
            here=row.here or {},
        )


def _seen(session: Session, contact: str, among: Collection[str] | None) -> ContactRow | None:
    """The contact, where the reader may see it, or saw it until it went to the trash: its place tells its name."""
    row = session.get(ContactRow, contact)
    if row is None or row.erased_at is not None or among is None:
        return row if row and row.erased_at is None else None
    here = belonging(session, [contact], among) or (row.deleted_at and set(row.left or ()) & set(among))
    return row if here else None


def ids(session: Session, wanted: ContactFilter) -> list[str]:
    """Every contact that the filter lets pass."""
    return list(session.scalars(_through(session, select(ContactRow.id), wanted).order_by(ContactRow.id)))


def number(
    session: Session, among: Collection[str] | None, asked: Filter = EVERYONE, *, most: int | None = MANY + 1
) -> int:
    """How many contacts are in these groups (None: all); where a filter asks, no more than `most` are counted."""
    return _count(session, ContactFilter(asked, among=among), most=most)


def _count(session: Session, wanted: ContactFilter, *, wide: bool = False, most: int | None = MANY + 1) -> int:
    places = wanted.among if wanted.group is None else [wanted.group]
    if not wanted.looks_inside and not wanted.in_trash:
        if wanted.outside is not None and places is None:
            return _count(session, ContactFilter()) - _held_by(session, [wanted.outside])
        if wanted.outside is None and places is not None and (wanted.among is None or set(places) <= set(wanted.among)):
            return _held_by(session, places)
    found = _through(session, select(ContactRow.id), wanted, wide=wide)
    if wanted.looks_inside:
        found = found.limit(most)
    return session.scalar(select(func.count()).select_from(found.subquery())) or 0


def _held_by(session: Session, groups: Collection[str]) -> int:
    """What is in a group is not in the trash: its memberships say how many, without a look at each contact."""
    number = func.count(MembershipRow.contact_id.distinct()) if len(groups) > 1 else func.count()
    return session.scalar(select(number).where(MembershipRow.group_id.in_(list(groups)))) or 0


def _through(
    session: Session, query: Select[Any], wanted: ContactFilter, *, wide: bool = False, few: bool = False
) -> Select[Any]:
    """`wide`: the group is leafed through, for it holds so many; `few`: only the first of what is found is read."""
    found = finding(session, wanted.asked, wanted.among)  # first: few pass
    if wanted.in_trash:
        return query.where(*found, *lying(wanted.among if wanted.group is None else [wanted.group]))
    conditions: list[ColumnElement[bool]] = [ContactRow.deleted_at.is_(None), ContactRow.erased_at.is_(None), *found]
    conditions += [ContactRow.id.in_(bearing(sign)) for sign in wanted.signs]
    if wanted.only is not None:
        conditions.append(ContactRow.id.in_(list(wanted.only)))
    if wanted.group is not None and wide:
        conditions.append(inside(ContactRow.id, [wanted.group]))
    elif wanted.group is not None:
        query = query.join(MembershipRow, MembershipRow.contact_id == ContactRow.id)
        conditions.append(MembershipRow.group_id == wanted.group)
    if wanted.outside is not None:
        place = aliased(MembershipRow)  # looked up for each contact that there is: faster joined than asked whether
        query = query.outerjoin(place, and_(place.contact_id == ContactRow.id, place.group_id == wanted.outside))
        conditions.append(place.contact_id.is_(None))
    if wanted.among is not None and wanted.group not in wanted.among:
        held = set(wanted.among) - {wanted.outside}
        if not wanted.asked or (few and is_wide(session, held)):
            conditions.append(inside(ContactRow.id, held))
        else:
            # A filter may let many pass: they are compared with one list of what the groups hold. No index must lead
            # from that list to the contacts: SQLite would look up each of them.
            conditions.append(func.coalesce(ContactRow.id, ContactRow.id).in_(holding(held)))
    return query.where(*conditions)
