"""Smart groups: the filter and sources of each, and the memberships that they make.

No other module writes a membership of a smart group (`contacts.join` and `leave` write those of ordinary ones alone).

Rejected: to ask the filter whenever somebody looks. Passes, counts, levels and the log would each need a second way to
tell who is in a group, and nobody would be told that somebody came or went.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, insert, or_, select, update
from sqlalchemy.orm import Session

from sharesync.model.access import Principal, PrincipalKind
from sharesync.model.filters import CHANGED, CHECKED, CREATED, PHOTO, Filter
from sharesync.model.searching import haystack_of
from sharesync.model.smart_group import Considered, SmartGroup
from sharesync.store.database.batching import chunks
from sharesync.store.database.tables import ContactRow, GroupRow, MembershipRow, SmartGroupRow, SmartSourceRow
from sharesync.store.database.work import Work
from sharesync.store.records import company_fields, measures
from sharesync.store.records.membership_filters import holding
from sharesync.store.records.search_conditions import finding

_SOME: Any = bindparam("some", expanding=True)
_ALL = (
    select(
        *(SmartGroupRow.group_id, SmartGroupRow.filter, SmartGroupRow.zone),
        *(SmartGroupRow.owner_kind, SmartGroupRow.owner),
    )
    .join(GroupRow, GroupRow.id == SmartGroupRow.group_id)
    .where(GroupRow.deleted_at.is_(None))
    .order_by(SmartGroupRow.group_id)
)
# A transaction that follows a change reads the filters, and one that changes a filter waits for it: of two that overlap
# on PostgreSQL, one would otherwise judge a contact by a filter that is out of date.
_ALL_LOCKED = _ALL.with_for_update(of=SmartGroupRow, read=True)
_SOURCES = (
    select(SmartSourceRow.group_id, SmartSourceRow.source_id, SmartSourceRow.counts, GroupRow.name)
    .join(GroupRow, GroupRow.id == SmartSourceRow.source_id)
    .where(GroupRow.deleted_at.is_(None))
)
_CANDIDATES = (
    select(
        *(ContactRow.id, ContactRow.words, ContactRow.facets),
        *(ContactRow.changed_at, ContactRow.created_at, ContactRow.checked_at, ContactRow.photo),
    )
    .where(ContactRow.id.in_(_SOME))
    .order_by(ContactRow.id)
)
_CANDIDATES_LOCKED = _CANDIDATES.with_for_update(key_share=True)
_HELD = select(MembershipRow.contact_id, MembershipRow.group_id).where(MembershipRow.contact_id.in_(_SOME))
_SMART = select(SmartGroupRow.group_id)


# --- Reading ---------------------------------------------------------------------------------------------------------


def listed(session: Session) -> list[SmartGroup]:
    """All smart groups, by id."""
    return _read(session, _ALL)


def followed(work: Work) -> list[SmartGroup]:
    """The same, kept as they are until the transaction ends."""
    return _read(work.session, _ALL_LOCKED)


def get(session: Session, group: str) -> SmartGroup | None:
    """The smart group of this id; None where it is an ordinary group."""
    found = _read(session, _ALL.where(SmartGroupRow.group_id == group))
    return found[0] if found else None


def held(work: Work, group: str) -> SmartGroup | None:
    """The same, locked for a change of the whole group: a transaction that follows another change waits for it."""
    found = _read(work.session, _ALL.where(SmartGroupRow.group_id == group).with_for_update(of=SmartGroupRow))
    return found[0] if found else None


def _read(session: Session, which: Any) -> list[SmartGroup]:
    rows = session.connection().execute(which).all()
    if not rows:
        return []
    counting: dict[str, dict[str, str]] = {}
    lost: dict[str, set[str]] = {}
    some = _SOURCES if len(rows) > 1 else _SOURCES.where(SmartSourceRow.group_id == rows[0].group_id)
    for group, source, counts, name in session.connection().execute(some):
        if counts:
            counting.setdefault(group, {})[source] = haystack_of(name)
        else:
            lost.setdefault(group, set()).add(source)
    fields = company_fields.defined(session)
    return [
        SmartGroup(
            row.group_id,
            row.filter,
            row.zone,
            Principal(row.owner_kind, row.owner) if row.owner_kind else None,
            counting.get(row.group_id, {}),
            frozenset(lost.get(row.group_id, ())),
            fields,
        )
        for row in rows
    ]


def among(session: Session, groups: Collection[str]) -> frozenset[str]:
    """Those of these groups that are smart."""
    return frozenset(session.connection().scalars(_SMART.where(SmartGroupRow.group_id.in_(list(groups)))))


def sources(session: Session, groups: Collection[str]) -> frozenset[str]:
    """The groups from which any of these smart groups takes contacts."""
    if not groups:
        return frozenset()
    which = SmartSourceRow.group_id.in_(list(groups)), SmartSourceRow.counts
    return frozenset(session.connection().scalars(select(SmartSourceRow.source_id).where(*which)))


def homes(session: Session, group: str, contacts: Collection[str]) -> dict[str, str]:
    """For each of these contacts of a smart group one of the groups that it comes from."""
    homes: dict[str, str] = {}
    counting = sources(session, [group])
    for some in chunks(sorted(contacts)):
        for contact, place in session.connection().execute(_HELD, {"some": some}):
            if place in counting:
                homes[contact] = min(place, homes.get(contact, place))
    return homes


_OWNED = select(SmartGroupRow.group_id).where(
    SmartGroupRow.owner_kind == bindparam("kind"), SmartGroupRow.owner == bindparam("owner")
)


def owned(session: Session, owner: Principal) -> list[str]:
    """Ids of the smart groups that a user or service owns."""
    return list(session.connection().scalars(_OWNED, {"kind": owner.kind, "owner": owner.subject}))


def due(session: Session, now: datetime) -> list[str]:
    """Ids of the smart groups that are to be looked through by now."""
    return list(session.scalars(_SMART.where(SmartGroupRow.due_at <= now).order_by(SmartGroupRow.due_at)))


def chosen(session: Session, sources: Collection[str], asked: Filter) -> set[str]:
    """Ids of the contacts in any of these groups of which the filter holds; names of other groups say nothing."""
    if not sources:
        return set()
    found = select(ContactRow.id).where(
        ContactRow.deleted_at.is_(None),
        ContactRow.erased_at.is_(None),
        *finding(session, asked, sources),
        ContactRow.id.in_(holding(sources)),
    )
    return set(session.connection().scalars(found))


def members(session: Session, group: str) -> set[str]:
    """Ids of the contacts that are in a group."""
    return set(session.connection().scalars(select(MembershipRow.contact_id).where(MembershipRow.group_id == group)))


def candidates(session: Session, contacts: Iterable[str], *, lock: bool) -> dict[str, Considered]:
    """What filters look at of each of these contacts.

    `lock`: nobody changes them before the transaction ends. Whoever holds the smart group needs none, and would wait
    for somebody who waits for it: who changes a contact meanwhile follows afterwards.
    """
    found: dict[str, Considered] = {}
    for some in chunks(sorted(set(contacts))):
        connection = session.connection()
        rows = connection.execute(_CANDIDATES_LOCKED if lock else _CANDIDATES, {"some": some}).all()
        held: dict[str, set[str]] = {}
        for contact, group in connection.execute(_HELD, {"some": some}):
            held.setdefault(contact, set()).add(group)
        measured = measures.of(session, some)
        for row in rows:
            told = measured[row.id]
            told.moments |= {CHANGED: row.changed_at, CREATED: row.created_at}
            if row.checked_at is not None:
                told.moments[CHECKED] = row.checked_at
            if row.photo is not None:
                told.amounts[PHOTO] = [1]
            groups = frozenset(held.get(row.id, ()))
            found[row.id] = Considered(row.words, row.facets, groups, told.moments, told.amounts)
    return found


# --- Writing ---------------------------------------------------------------------------------------------------------


def insert_smart(work: Work, smart: SmartGroup) -> None:
    """Make a group, which is in the store, a smart one, of these sources; it is to be looked through at once."""
    kind, owner = _owner(smart.owner)
    work.session.execute(
        insert(SmartGroupRow).values(
            group_id=smart.id, filter=smart.filter, zone=smart.zone, owner_kind=kind, owner=owner, due_at=work.now
        )
    )
    set_sources(work, smart.id, smart.sources)


def set_filter(work: Work, group: str, text: str) -> None:
    """Let another filter choose; the group is to be looked through at once."""
    its = update(SmartGroupRow).where(SmartGroupRow.group_id == group)
    work.session.execute(its.values(filter=text, due_at=work.now))


def set_owner(work: Work, group: str, owner: Principal | None) -> None:
    """Give a smart group another owner."""
    kind, subject = _owner(owner)
    its = update(SmartGroupRow).where(SmartGroupRow.group_id == group)
    work.session.execute(its.values(owner_kind=kind, owner=subject))


def _owner(owner: Principal | None) -> tuple[PrincipalKind | None, str]:
    return (owner.kind, owner.subject) if owner else (None, "")


def set_sources(work: Work, group: str, sources: Iterable[str]) -> None:
    """Let a smart group take contacts from these groups, which its owner manages."""
    work.session.execute(delete(SmartSourceRow).where(SmartSourceRow.group_id == group))
    if rows := [{"group_id": group, "source_id": source, "counts": True} for source in sorted(set(sources))]:
        work.session.execute(insert(SmartSourceRow), rows)
    set_due(work, group, work.now)


def set_counting(work: Work, group: str, sources: Collection[str], *, counts: bool) -> None:
    """Say of some of its sources whether its owner manages them; the group is to be looked through at once."""
    if not sources:
        return
    some = SmartSourceRow.group_id == group, SmartSourceRow.source_id.in_(list(sources))
    work.session.execute(update(SmartSourceRow).where(*some).values(counts=counts))
    set_due(work, group, work.now)


def set_due(work: Work, group: str, due_at: datetime | None) -> None:
    """Say when it is to be looked through next."""
    work.session.execute(update(SmartGroupRow).where(SmartGroupRow.group_id == group).values(due_at=due_at))


def all_due(session: Session, now: datetime) -> None:
    """Every smart group is to be looked through: what filters look at was derived anew."""
    session.execute(update(SmartGroupRow).values(due_at=now))


def forget(work: Work, group: str) -> list[str]:
    """A group that is deleted is no smart one and no source any more; returns the smart groups that took from it."""
    took = list(work.session.scalars(select(SmartSourceRow.group_id).where(SmartSourceRow.source_id == group)))
    work.session.execute(
        delete(SmartSourceRow).where(or_(SmartSourceRow.group_id == group, SmartSourceRow.source_id == group))
    )
    work.session.execute(delete(SmartGroupRow).where(SmartGroupRow.group_id == group))
    return sorted(took)


def put_in(work: Work, pairs: Collection[tuple[str, str]]) -> None:
    """Memberships that filters made: (group, contact), none of which is there."""
    if pairs:
        rows = [{"group_id": group, "contact_id": contact, "added_at": work.now} for group, contact in pairs]
        work.session.connection().execute(insert(MembershipRow), rows)


def take_out(work: Work, pairs: Mapping[str, Collection[str]]) -> None:
    """Memberships that filters ended: contacts by group."""
    for group, contacts in pairs.items():
        for some in chunks(contacts):
            which = MembershipRow.group_id == group, MembershipRow.contact_id.in_(some)
            work.session.execute(delete(MembershipRow).where(*which))
