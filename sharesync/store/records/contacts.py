"""Contacts and their versions: written in bulk, read by id."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, delete, func, select, tuple_, update
from sqlalchemy.orm import Session

from sharesync.errors import NotFound, StaleVersion
from sharesync.model.card import Card
from sharesync.model.contact import Contact, VersionKind
from sharesync.store.database.appending import append_rows
from sharesync.store.database.batching import chunks
from sharesync.store.database.tables import ContactRow, GroupRow, MembershipRow, SmartGroupRow, VersionRow
from sharesync.store.database.work import Work
from sharesync.store.records import company_fields
from sharesync.store.records.derived_columns import derived

# Core statements, made once: building them, or creating ORM rows, costs more than running them.
_SOME: Any = bindparam("some", expanding=True)
_OUT_OF_TRASH = (
    update(ContactRow)
    .where(ContactRow.id.in_(_SOME), ContactRow.deleted_at.is_not(None))
    .values(deleted_at=None, left=None, purged_at=None)
)
_ERASED = select(ContactRow.id).where(ContactRow.id.in_(_SOME), ContactRow.erased_at.is_not(None))
_CARDS = select(ContactRow.id, ContactRow.version, ContactRow.card).where(ContactRow.id.in_(_SOME))
_HERE = select(ContactRow.id, ContactRow.here).where(ContactRow.id.in_(_SOME), ContactRow.here.is_not(None))
_ACCEPTED = select(VersionRow.contact_id, VersionRow.card).where(
    tuple_(VersionRow.contact_id, VersionRow.version).in_(_SOME), VersionRow.kind == VersionKind.ACCEPTED
)
_EVENTS = select(VersionRow.contact_id, VersionRow.event_id).where(
    tuple_(VersionRow.contact_id, VersionRow.version).in_(_SOME), VersionRow.kind == VersionKind.ACCEPTED
)
_ORDINARY = MembershipRow.group_id.not_in(select(SmartGroupRow.group_id))
_IN_GROUP = select(MembershipRow.contact_id).where(
    MembershipRow.group_id == bindparam("group"), MembershipRow.contact_id.in_(_SOME)
)

# --- Writing ---------------------------------------------------------------------------------------------------------


def insert_contacts(
    work: Work, contacts: Sequence[tuple[str, Card, str]], here: Mapping[str, Mapping[str, str]] | None = None
) -> None:
    """Put new contacts in the store at version 1: (id, card, id of the event that tells of it).

    `here`: values kept here, by the contact's id.
    """
    if not contacts:
        return
    beside, fields = here or {}, company_fields.defined(work.session)
    told = {contact: fields.values(card, beside.get(contact, {})) for contact, card, _ in contacts}
    append_rows(
        work.session.connection(),
        ContactRow,
        [
            {"id": contact, "version": 1, "created_at": work.now, "changed_at": work.now, "card": card}
            | {"here": beside.get(contact) or None, **derived(card, told[contact])}
            for contact, card, _ in contacts
        ],
    )
    company_fields.measure(work.session, told, new=True)
    keep(work, [(contact, 1, VersionKind.ACCEPTED, card, event) for contact, card, event in contacts], beside)


def change(
    work: Work, contact: str, version: int, card: Card, event_id: str, here: Mapping[str, str] | None = None
) -> None:
    """Give a contact its next card, and values beside it; None leaves those as they are.

    Raises StaleVersion if it is no longer at `version`.
    """
    before = work.session.execute(select(ContactRow.here).where(ContactRow.id == contact)).one_or_none()
    beside = dict((before.here if before else None) or {}) if here is None else dict(here)
    told = company_fields.defined(work.session).values(card, beside)
    changed = work.session.execute(
        update(ContactRow)
        .where(ContactRow.id == contact, ContactRow.version == version)
        .values(version=version + 1, changed_at=work.now, card=card, here=beside or None, **derived(card, told))
        .returning(ContactRow.id)
    ).all()
    if before is None or not changed:
        raise StaleVersion(contact, version, get(work.session, contact).version)
    company_fields.measure(work.session, {contact: told})
    keep(work, [(contact, version + 1, VersionKind.ACCEPTED, card, event_id)], {contact: beside})


def keep(
    work: Work,
    versions: Sequence[tuple[str, int, VersionKind, Card, str]],
    here: Mapping[str, Mapping[str, str]] | None = None,
) -> None:
    """Keep cards for good: (contact, version, kind, card, id of the event that tells of it).

    `here`: values kept here, by contact; what was typed in a mailbox comes without.
    """
    if versions:
        beside = here or {}
        rows = [
            {
                "contact_id": contact,
                "version": version,
                "kind": kind.value,
                "card": card,
                "event_id": event,
                "at": work.now,
                "here": beside.get(contact) or None,
            }
            for contact, version, kind, card, event in versions
        ]
        append_rows(work.session.connection(), VersionRow, rows)


def join(work: Work, group: str, contacts: Iterable[str]) -> list[str]:
    """Put contacts into a group; returns those that were not in it. A contact in the trash leaves it."""
    wanted = list(dict.fromkeys(contacts))
    there = {*in_group(work.session, group, wanted), *erased(work.session, wanted)}  # the erased never come back
    new = [contact for contact in wanted if contact not in there]
    if new:
        connection = work.session.connection()
        joined = [{"group_id": group, "contact_id": contact, "added_at": work.now} for contact in new]
        append_rows(connection, MembershipRow, joined)
        for some in chunks(new):
            connection.execute(_OUT_OF_TRASH, {"some": some})
    return new


def leave(work: Work, pairs: Iterable[tuple[str, str]]) -> tuple[list[tuple[str, str]], dict[str, list[str]]]:
    """Take contacts out of groups: (group, contact).

    Returns the pairs that were so, and those contacts that are now in no group, with the groups they left here. A smart
    group keeps no contact alive: it does not count.
    """
    by_group: dict[str, list[str]] = {}
    for group, contact in dict.fromkeys(pairs):
        by_group.setdefault(group, []).append(contact)
    left: list[tuple[str, str]] = []
    for group, contacts in sorted(by_group.items()):
        for some in chunks(contacts):
            gone = work.session.scalars(
                delete(MembershipRow)
                .where(MembershipRow.group_id == group, MembershipRow.contact_id.in_(some))
                .returning(MembershipRow.contact_id)
            )
            left += [(group, contact) for contact in sorted(gone)]
    groups_left: dict[str, list[str]] = {}
    for group, contact in left:
        groups_left.setdefault(contact, []).append(group)
    for some in chunks(list(groups_left)):
        held = select(MembershipRow.contact_id).where(MembershipRow.contact_id.in_(some), _ORDINARY)
        for contact in set(work.session.scalars(held)):
            del groups_left[contact]
    return left, groups_left


def trash(work: Work, contacts: Mapping[str, tuple[list[str], str]]) -> None:
    """Lay contacts that are in no group into the trash, and keep what they were: groups they left, event id."""
    found = cards(work.session, contacts)
    rows = [
        {"id": contact, "deleted_at": work.now, "left": groups}
        for contact, (groups, _) in contacts.items()
        if contact in found
    ]
    if rows:
        work.session.execute(update(ContactRow), rows)
    versions = [(c, *_kept(found[c]), contacts[c][1]) for c in contacts if c in found]
    keep(work, versions, here_of(work.session, found))


def purge(work: Work, contacts: Collection[str], before: datetime) -> list[str]:
    """End the trash for those of a few contacts that were deleted before that moment; returns their ids."""
    return sorted(
        work.session.scalars(
            update(ContactRow)
            .where(ContactRow.id.in_(contacts), *_lies_since(before))
            .values(purged_at=work.now)
            .returning(ContactRow.id)
        )
    )


def set_legal_hold(work: Work, contact: str, *, held: bool) -> None:
    """Forbid to erase a contact, or allow it again."""
    moment = work.now if held else None
    work.session.execute(update(ContactRow).where(ContactRow.id == contact).values(legal_hold_at=moment))


def set_checked(work: Work, moments: Mapping[str, datetime | None]) -> None:
    """Keep when somebody last said of each contact that it is right; None: nobody ever did."""
    by_moment: dict[datetime | None, list[str]] = {}
    for contact, moment in moments.items():
        by_moment.setdefault(moment, []).append(contact)
    for moment, some in by_moment.items():
        for few in chunks(some):
            work.session.execute(update(ContactRow).where(ContactRow.id.in_(few)).values(checked_at=moment))


def _kept(found: tuple[int, Card]) -> tuple[int, VersionKind, Card]:
    version, card = found
    return version, VersionKind.DELETED, card


# --- Reading ---------------------------------------------------------------------------------------------------------


# Core statements, made once: every request of a program runs them, and building one costs more than running it.
_THIS = ContactRow.id == bindparam("contact"), ContactRow.erased_at.is_(None)
_CONTACT = select(
    *(ContactRow.id, ContactRow.version, ContactRow.card, ContactRow.deleted_at, ContactRow.photo, ContactRow.here),
    ContactRow.checked_at,
).where(*_THIS)
_PLACE = select(ContactRow.deleted_at, ContactRow.left).where(*_THIS)
_HOLDING = (
    select(GroupRow.id)
    .join(MembershipRow, MembershipRow.group_id == GroupRow.id)
    .where(MembershipRow.contact_id == bindparam("contact"), GroupRow.deleted_at.is_(None))
)
_NAMES = (
    select(MembershipRow.contact_id, GroupRow.id, GroupRow.name)
    .join(GroupRow, GroupRow.id == MembershipRow.group_id)
    .where(MembershipRow.contact_id.in_(bindparam("some", expanding=True)), GroupRow.deleted_at.is_(None))
    .order_by(GroupRow.folded)
)


def get(session: Session, contact: str, among: Collection[str] | None = None) -> Contact:
    """One contact with the names of its groups, of those `among` which it is asked for. Raises NotFound."""
    row = session.connection().execute(_CONTACT, {"contact": contact}).one_or_none()
    if row is None:
        raise NotFound("contact", contact, "`sharesync contacts list` shows them all.")
    groups = group_names(session, [contact], among)
    there = groups.get(contact, ())
    return Contact(
        row.id, row.version, row.card, there, row.deleted_at, row.photo, row.here or {}, checked_at=row.checked_at
    )


def holders(session: Session, contact: str) -> list[str]:
    """Ids of the live groups that hold a contact; of one in the trash, those that it left. Raises NotFound."""
    row = session.connection().execute(_PLACE, {"contact": contact}).one_or_none()
    if row is None:
        raise NotFound("contact", contact, "`sharesync contacts list` shows them all.")
    if row.deleted_at is None:
        return list(session.connection().scalars(_HOLDING, {"contact": contact}))
    return list(
        session.scalars(select(GroupRow.id).where(GroupRow.id.in_(row.left or ()), GroupRow.deleted_at.is_(None)))
    )


def held_by(session: Session, contacts: Iterable[str]) -> dict[str, list[str]]:
    """Ids of the groups that hold each contact; one that is in none is left out."""
    found: dict[str, list[str]] = {}
    for some in chunks(contacts):
        rows = session.execute(
            select(MembershipRow.contact_id, MembershipRow.group_id).where(MembershipRow.contact_id.in_(some))
        )
        for contact, group in rows:
            found.setdefault(contact, []).append(group)
    return found


def legal_hold(session: Session, contact: str) -> bool:
    """Whether a legal hold forbids to erase the contact."""
    return session.scalar(select(ContactRow.legal_hold_at).where(ContactRow.id == contact)) is not None


def erased(session: Session, contacts: Iterable[str]) -> frozenset[str]:
    """Which of these contacts were erased."""
    found: list[str] = []
    for some in chunks(contacts):
        found += session.connection().scalars(_ERASED, {"some": some})
    return frozenset(found)


def checked(session: Session, contacts: Iterable[str]) -> dict[str, datetime | None]:
    """When somebody last said of each of these contacts that it is right, by id; None: nobody ever did."""
    found: dict[str, datetime | None] = {}
    for some in chunks(contacts):
        rows = session.execute(select(ContactRow.id, ContactRow.checked_at).where(ContactRow.id.in_(some)))
        found |= {row.id: row.checked_at for row in rows}
    return found


def lying(session: Session, contacts: Iterable[str]) -> frozenset[str]:
    """Which of these contacts are in the trash."""
    found: list[str] = []
    for some in chunks(contacts):
        there = select(ContactRow.id).where(ContactRow.id.in_(some), ContactRow.deleted_at.is_not(None))
        found += session.scalars(there)
    return frozenset(found)


def left_groups(session: Session, contact: str) -> list[str]:
    """The live groups to which a contact in the trash can be restored; none once its time there is over."""
    row = session.get(ContactRow, contact)
    if row is None or row.deleted_at is None or row.purged_at is not None:
        return []
    live = select(GroupRow.id).where(GroupRow.id.in_(row.left or ()), GroupRow.deleted_at.is_(None))
    return sorted(session.scalars(live))


def lain_since(session: Session, before: datetime) -> list[str]:
    """Ids of the contacts that were deleted before that moment and whose time in the trash has no end yet."""
    return sorted(session.scalars(select(ContactRow.id).where(*_lies_since(before))))


def _lies_since(before: datetime) -> tuple[ColumnElement[bool], ...]:
    return ContactRow.deleted_at < before, ContactRow.purged_at.is_(None)


def cards(session: Session, contacts: Iterable[str]) -> dict[str, tuple[int, Card]]:
    """Version and card of each contact, by id."""
    found: dict[str, tuple[int, Card]] = {}
    for some in chunks(contacts):
        rows = session.connection().execute(_CARDS, {"some": some})
        found |= {row.id: (row.version, row.card) for row in rows}
    return found


def here_of(session: Session, contacts: Iterable[str]) -> dict[str, dict[str, str]]:
    """Values kept here of each contact that has any, by id."""
    found: dict[str, dict[str, str]] = {}
    for some in chunks(contacts):
        rows = session.connection().execute(_HERE, {"some": some})
        found |= {row.id: row.here for row in rows}
    return found


def here_by_version(session: Session, contact: str) -> dict[int, dict[str, str]]:
    """Values kept here of a contact, by accepted version."""
    asked = select(VersionRow.version, VersionRow.here).where(
        VersionRow.contact_id == contact, VersionRow.kind == VersionKind.ACCEPTED
    )
    return {row.version: row.here or {} for row in session.execute(asked)}


def here_at(session: Session, contact: str, version: int) -> dict[str, str]:
    """Values kept here of a contact at an accepted version."""
    asked = (VersionRow.contact_id == contact, VersionRow.version == version, VersionRow.kind == VersionKind.ACCEPTED)
    return dict(session.scalar(select(VersionRow.here).where(*asked)) or {})


def cards_at(session: Session, versions: Iterable[tuple[str, int]]) -> dict[str, Card]:
    """The accepted card of each contact at the version named with it."""
    return dict(_accepted(session, dict(versions).items()))


def versions_between(session: Session, spans: Iterable[tuple[str, int, int]]) -> dict[str, tuple[Card, ...]]:
    """The accepted cards of each contact after the one version and before the other, where there are any."""
    wanted = ((contact, version) for contact, after, before in spans for version in range(after + 1, before))
    found: dict[str, tuple[Card, ...]] = {}
    for contact, card in _accepted(session, wanted):
        found[contact] = (*found.get(contact, ()), card)
    return found


def events_of(session: Session, versions: Iterable[tuple[str, int]]) -> dict[str, str]:
    """The event that made each contact what it was at the version named with it."""
    found: dict[str, str] = {}
    for some in chunks(dict(versions).items()):
        rows = session.connection().execute(_EVENTS, {"some": some})
        found |= {row.contact_id: row.event_id for row in rows}
    return found


def trashed_by(session: Session, contact: str) -> str | None:
    """The event that laid a contact into the trash the last time; None where none ever did."""
    last = select(VersionRow.event_id).where(VersionRow.contact_id == contact, VersionRow.kind == VersionKind.DELETED)
    return session.scalar(last.order_by(VersionRow.id.desc()).limit(1))


def _accepted(session: Session, versions: Iterable[tuple[str, int]]) -> Iterator[tuple[str, Card]]:
    for some in chunks(versions):
        rows = session.connection().execute(_ACCEPTED, {"some": some})
        yield from ((row.contact_id, row.card) for row in rows)


def history(session: Session, contact: str) -> list[tuple[int, Card]]:
    """Every accepted version of a contact with its card, the newest first."""
    rows = session.execute(
        select(VersionRow.version, VersionRow.card)
        .where(VersionRow.contact_id == contact, VersionRow.kind == VersionKind.ACCEPTED)
        .order_by(VersionRow.version.desc())
    )
    return [(version, card) for version, card in rows]


def in_group(session: Session, group: str, contacts: Iterable[str]) -> list[str]:
    """Which of these contacts are in the group."""
    found: list[str] = []
    for some in chunks(contacts):
        found += session.connection().scalars(_IN_GROUP, {"group": group, "some": some})
    return found


def joined_since(session: Session, contacts: Iterable[str], groups: Iterable[str], moment: datetime) -> bool:
    """Whether any of these contacts was in none of these groups before that moment, by `Work.now` of who put it in."""
    groups = list(groups)
    for some in chunks(contacts):
        old = session.scalar(
            select(func.count(MembershipRow.contact_id.distinct())).where(
                MembershipRow.contact_id.in_(some),
                MembershipRow.group_id.in_(groups),
                MembershipRow.added_at < moment,
            )
        )
        if (old or 0) < len(some):
            return True
    return False


_LISTED = (ContactRow.deleted_at.is_(None), ContactRow.erased_at.is_(None))
"""What every member of a group is: said, so that an index of those alone is used."""


def in_group_by_content(session: Session, group: str, titles: Collection[str]) -> Mapping[bytes, str]:
    """The group's contacts of these titles, folded, by the fingerprint of their card.

    An import must not add them again. Asked by title, which has an index, as a large file is asked about in pieces.
    """
    there: dict[bytes, str] = {}
    for some in chunks(titles):
        rows = session.execute(
            select(ContactRow.fingerprint, ContactRow.id)
            .join(MembershipRow, MembershipRow.contact_id == ContactRow.id)
            .where(MembershipRow.group_id == group, ContactRow.title.in_(some), *_LISTED)
        )
        there |= {row.fingerprint: row.id for row in rows}
    return there


def in_group_by_title(session: Session, group: str, titles: Collection[str]) -> Mapping[str, Card]:
    """The group's contacts whose title, folded, is one of these, or may be several values in one."""
    rows: dict[str, Card] = {}
    for which in (*(ContactRow.title.in_(some) for some in chunks(titles)), ContactRow.title.contains(":::")):
        rows |= {
            row.id: row.card
            for row in session.execute(
                select(ContactRow.id, ContactRow.card)
                .join(MembershipRow, MembershipRow.contact_id == ContactRow.id)
                .where(MembershipRow.group_id == group, which, *_LISTED)
            )
        }
    return rows


def group_names(
    session: Session, contacts: Iterable[str], among: Collection[str] | None = None
) -> dict[str, tuple[str, ...]]:
    """Names of the live groups each contact is in, sorted; of those `among` which it is asked for (None: all)."""
    names: dict[str, tuple[str, ...]] = {}
    for some in chunks(contacts):
        for contact, group, name in session.connection().execute(_NAMES, {"some": some}):
            if among is None or group in among:
                names[contact] = (*names.get(contact, ()), name)
    return names
