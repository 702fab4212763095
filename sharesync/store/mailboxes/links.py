"""Links and labels: what is known of one mailbox, read whole and written row by row."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from types import MappingProxyType
from typing import Any

from sqlalchemy import bindparam, delete, func, insert, select, update
from sqlalchemy.orm import Session

from sharesync.model.card import EMPTY, Card
from sharesync.model.link import Label, Link, LinkState, Snapshot, Wanted
from sharesync.model.mailbox import Seen
from sharesync.model.portion import Portion
from sharesync.store.database.batching import chunks
from sharesync.store.database.tables import (
    ContactRow,
    GroupRow,
    LabelRow,
    LinkRow,
    MailboxRow,
    MembershipRow,
    SmartGroupRow,
)
from sharesync.store.database.work import Work
from sharesync.store.mailboxes import claims, scopes
from sharesync.store.records import access_paths, groups, holds
from sharesync.store.records.contacts import erased
from sharesync.sync.merge import without
from sharesync.sync.scope import PassScope

Persons = Mapping[str, Seen]
"""As they were read, by source id."""
NOBODY: Persons = MappingProxyType({})
_COLUMNS = tuple(
    field.name for field in fields(Link) if field.name not in ("contact", "source_id", "own", "labels", "moving")
)

_PLAIN: tuple[Any, ...] = (LinkRow.contact_id, LinkRow.source_id, LinkRow.own, LinkRow.labels, LinkRow.moving)
_MAILBOX: Any = bindparam("mailbox")

# Core statements, made once: every pass runs them several times, and building them, or creating ORM rows, costs more
# than running them.
_LINKS = select(*_PLAIN, *(getattr(LinkRow, name) for name in _COLUMNS)).where(LinkRow.mailbox_id == _MAILBOX)
_SOME_LINKS = _LINKS.where(LinkRow.contact_id.in_(bindparam("contacts", expanding=True)))
_COUNT = select(func.count()).select_from(LinkRow).where(LinkRow.mailbox_id == _MAILBOX)
_LABELS = select(
    *(LabelRow.group_id, LabelRow.resource_name, LabelRow.etag, LabelRow.name, LabelRow.wrote_at, LabelRow.given),
    LabelRow.leaving,
).where(LabelRow.mailbox_id == _MAILBOX)
_GIVEN = select(LabelRow.group_id).where(LabelRow.mailbox_id == _MAILBOX, LabelRow.given)
_SOURCE_IDS = select(LinkRow.source_id).where(LinkRow.mailbox_id == _MAILBOX, LinkRow.source_id.is_not(None))
_SOME_SOURCE_IDS = _SOURCE_IDS.where(LinkRow.source_id.in_(bindparam("persons", expanding=True)))
_RESOURCE_NAMES = select(LinkRow.resource_name).where(LinkRow.mailbox_id == _MAILBOX)
_IDS = select(MailboxRow.own_ids, MailboxRow.deleted_ids).where(MailboxRow.user_id == _MAILBOX)
_NAMES = (
    select(GroupRow.id, GroupRow.name, SmartGroupRow.group_id.label("smart"))
    .outerjoin(SmartGroupRow, SmartGroupRow.group_id == GroupRow.id)
    .where(GroupRow.id.in_(bindparam("groups", expanding=True)))
)
_WANTED = (
    select(ContactRow.id, ContactRow.version, ContactRow.fingerprint, MembershipRow.group_id, ContactRow.photo)
    .join(MembershipRow, MembershipRow.contact_id == ContactRow.id)
    .where(MembershipRow.group_id.in_(bindparam("groups", expanding=True)))
)
_SOME_WANTED = _WANTED.where(ContactRow.id.in_(bindparam("contacts", expanding=True)))
_PLACES = select(MembershipRow.contact_id, MembershipRow.group_id).where(
    MembershipRow.group_id.in_(bindparam("groups", expanding=True)),
    MembershipRow.contact_id.in_(bindparam("contacts", expanding=True)),
)
_INSERT = insert(LinkRow)
_UPDATE = (
    update(LinkRow)
    .where(LinkRow.mailbox_id == bindparam("this"), LinkRow.contact_id == bindparam("one"))
    .values({column.name: bindparam(column.name) for column in LinkRow.__table__.columns if not column.primary_key})
)
_TRASHED = select(ContactRow.id, ContactRow.version, ContactRow.fingerprint, ContactRow.left).where(
    ContactRow.id.in_(bindparam("contacts", expanding=True)),
    ContactRow.deleted_at.is_not(None),
    ContactRow.purged_at.is_(None),
    ContactRow.erased_at.is_(None),
)


def known(
    session: Session, mailbox: str, named: Iterable[str] = (), scope: PassScope | None = None, read: Persons = NOBODY
) -> Snapshot:
    """What the store knows about one mailbox, at this transaction's moment, or about the contacts in `scope`.

    `named` are contacts that persons read there name in their marks: of these, too, it is told whether they lie in the
    trash or were erased. With a `scope`, contacts that wait for a time or a decision are told of, too; of the ids of
    the user's own persons nothing is told unless persons were read. Texts that those `read` have as well are kept once
    for both.
    """
    access = access_paths.in_mailbox(session, mailbox)
    levels, declined, held = access.levels, access.declined, holds.held(session, mailbox)
    connection, this = session.connection(), {"mailbox": mailbox}
    links: Mapping[str, Link]
    wanted: Mapping[str, Wanted]
    if scope is None:
        links = {link.contact: link for link in _links(connection.execute(_LINKS, this), read)}
        wanted = _wanted(connection.execute(_WANTED, {"groups": list(levels)}), links)
        contacts, counted = None, None
        unwanted = (links.keys() | set(named)) - wanted.keys()
    else:
        contacts = scopes.inside(connection, mailbox, scope, levels) | held.keys() | set(named)
        links, wanted = _part(session, mailbox, contacts, levels)
        counted = scopes.sizes(connection, levels) if contacts else {}
        unwanted = set(contacts.difference(wanted))
    trashed = _trashed(session, unwanted, frozenset(levels))
    its_own = scope is None or scope.persons
    own_ids, deleted_ids = connection.execute(_IDS, this).one() if its_own else (None, None)
    named_groups = connection.execute(_NAMES, {"groups": list(levels)}).all()
    return Snapshot(
        levels=levels,
        waiting=access.waiting,
        keeping=groups.keeping(session),
        names={row.id: row.name for row in named_groups},
        smart=frozenset(row.id for row in named_groups if row.smart),
        labels={row.group_id: Label(*row) for row in connection.execute(_LABELS, this)},
        links=links,
        wanted=wanted,
        trashed=trashed if contacts is None else Portion(contacts, trashed),
        erased=erased(session, unwanted),
        held=held,
        own_ids=unpack_ids(own_ids),
        deleted_ids=unpack_ids(deleted_ids),
        counted=counted,
        declined=declined,
        unshown=_unshown(session, list(declined), wanted) if declined else {},
    )


def _part(
    session: Session, mailbox: str, contacts: frozenset[str], groups: Iterable[str]
) -> tuple[Portion[Link], Portion[Wanted]]:
    links, wanted, connection = of(session, mailbox, contacts), dict[str, Wanted](), session.connection()
    for some in chunks(contacts):
        wanted |= _wanted(connection.execute(_SOME_WANTED, {"groups": list(groups), "contacts": some}), links)
    return Portion(contacts, links), Portion(contacts, wanted)


def _unshown(session: Session, declined: list[str], wanted: Mapping[str, Wanted]) -> dict[str, frozenset[str]]:
    """The declined groups that hold contacts which another group shows."""
    found: dict[str, frozenset[str]] = {}
    for some in chunks(wanted):
        rows = session.connection().execute(_PLACES, {"groups": declined, "contacts": some})
        for contact, group in rows:
            found[contact] = found.get(contact, frozenset()) | {group}
    return found


def of(session: Session, mailbox: str, contacts: Iterable[str]) -> dict[str, Link]:
    """The links of some contacts in a mailbox."""
    connection = session.connection()
    asked = ({"mailbox": mailbox, "contacts": some} for some in chunks(contacts))
    return {link.contact: link for some in asked for link in _links(connection.execute(_SOME_LINKS, some))}


def count(session: Session, mailbox: str) -> int:
    """How many links a mailbox has."""
    return session.connection().scalar(_COUNT, {"mailbox": mailbox}) or 0


def is_as_granted(session: Session, mailbox: str, known: Snapshot) -> bool:
    """Whether the grants that reach a mailbox, and what waits there, are as `known`: otherwise nothing is sent."""
    then = access_paths.InMailbox(known.levels, known.waiting, known.declined)
    return access_paths.in_mailbox(session, mailbox) == then


def _trashed(session: Session, contacts: Iterable[str], granted: frozenset[str]) -> dict[str, Wanted]:
    trashed: dict[str, Wanted] = {}
    for some in chunks(contacts):
        rows = session.execute(_TRASHED, {"contacts": some})
        trashed |= {row.id: Wanted(row.version, row.fingerprint, granted & set(row.left or ())) for row in rows}
    return trashed


def pack_ids(ids: Iterable[str]) -> bytes:
    """Source ids as one compressed column: a mailbox may have 25,000 of them."""
    return zlib.compress("\n".join(sorted(ids)).encode())


def unpack_ids(packed: bytes | None) -> frozenset[str]:
    """The ids that `pack_ids` packed."""
    return frozenset(zlib.decompress(packed).decode().split("\n")) - {""} if packed else frozenset()


# A mailbox may have 25,000 links, and most have the same labels and equal fingerprints: what is equal is kept once.


def _wanted(rows: Iterable[Any], links: Mapping[str, Link]) -> dict[str, Wanted]:
    wanted: dict[str, Wanted] = {}
    sets: dict[frozenset[str], frozenset[str]] = {}
    for contact, version, fingerprint, group, photo in rows:
        before = wanted.get(contact)
        groups = (before.groups if before else frozenset()) | {group}
        link = links.get(contact)
        content = link.agreed if link and link.agreed == fingerprint else fingerprint
        wanted[link.contact if link else contact] = Wanted(version, content, sets.setdefault(groups, groups), photo)
    return wanted


def _links(rows: Iterable[Any], read: Persons = NOBODY) -> Iterator[Link]:
    sets: dict[frozenset[str], frozenset[str]] = {}
    for row in rows:
        source_id, labels, moving = row[1] or "", frozenset(row[3]), frozenset(row[4])
        values = dict(zip(_COLUMNS, row[5:], strict=True))
        if values["seen"] == values["agreed"]:
            values["seen"] = values["agreed"]
        if person := read.get(source_id):
            source_id = person.source_id
            for name in ("resource_name", "etag"):
                if values[name] == (text := getattr(person, name)):
                    values[name] = text
        yield Link(
            contact=row[0],
            source_id=source_id,
            own=row[2] or EMPTY,
            labels=sets.setdefault(labels, labels),
            moving=sets.setdefault(moving, moving),
            **values,
        )


def source_ids(session: Session, mailbox: str, among: Iterable[str] | None = None) -> frozenset[str]:
    """Source ids of all linked persons of a mailbox, or of those of some."""
    connection, this = session.connection(), {"mailbox": mailbox}
    if among is None:
        return frozenset(connection.scalars(_SOURCE_IDS, this))
    linked = (connection.scalars(_SOME_SOURCE_IDS, this | {"persons": some}) for some in chunks(among))
    return frozenset(source for sources in linked for source in sources if source)


def resource_names(session: Session, mailbox: str) -> frozenset[str]:
    """Resource names of all linked persons of a mailbox."""
    return frozenset(session.connection().scalars(_RESOURCE_NAMES, {"mailbox": mailbox}))


def remember_deleted(work: Work, mailbox: str, ids: Iterable[str]) -> None:
    """Remember whom we are about to delete: their tombstones will be our doing."""
    packed = work.session.scalar(select(MailboxRow.deleted_ids).where(MailboxRow.user_id == mailbox))
    values = {"deleted_ids": pack_ids(unpack_ids(packed) | set(ids))}
    work.session.execute(update(MailboxRow).where(MailboxRow.user_id == mailbox).values(**values))


def insert_links(work: Work, mailbox: str, links: Sequence[Link]) -> None:
    """Put new links in the store."""
    if links:
        work.session.connection().execute(_INSERT, [_row(mailbox, link) for link in links])


def update_links(work: Work, mailbox: str, links: Sequence[Link]) -> None:
    """Write links that the store has already."""
    if links:
        rows = [_row(mailbox, link) for link in links]
        work.session.connection().execute(_UPDATE, [row | {"this": mailbox, "one": row["contact_id"]} for row in rows])


def delete_links(work: Work, mailbox: str, contacts: Iterable[str]) -> None:
    """Forget links."""
    for some in chunks(contacts):
        work.session.execute(delete(LinkRow).where(LinkRow.mailbox_id == mailbox, LinkRow.contact_id.in_(some)))


def forget_persons(work: Work, mailbox: str) -> None:
    """Forget which persons the links of a mailbox are; not whose they were and what they hold, and not its labels.

    Labels are known by name of resource and read directly where a listing does not show them; to forget one that a
    listing does not show yet would be to make it twice. A person's old resource name stays as a hint: who bears it was
    linked before, and what differs there was typed. Not so of one that was leaving: what is missing there is our doing,
    and if its mark is off, it is its user's. The sync token goes: whoever reads next, after a crash also, must
    read everything to find them again.
    """
    claims.write(work, mailbox, sync_token=None, **claims.changed(work.now))
    refused = (LinkRow.mailbox_id == mailbox) & (LinkRow.state == LinkState.REFUSED)
    work.session.execute(delete(LinkRow).where(refused))
    left = (LinkRow.mailbox_id == mailbox) & (LinkRow.state == LinkState.LEAVING)
    work.session.execute(update(LinkRow).where(left).values(resource_name=""))
    work.session.execute(
        update(LinkRow)
        .where(LinkRow.mailbox_id == mailbox)
        .values(state=LinkState.CREATING, source_id=None, etag="", wrote_at=work.now, look_at=None)
    )


def disown(work: Work, mailbox: str, contact: str, card: Card) -> None:
    """Forget those of a user's own values that this card holds: they are the contact's now."""
    its = (LinkRow.mailbox_id == mailbox, LinkRow.contact_id == contact)
    own = work.session.scalar(select(LinkRow.own).where(*its))
    if own:
        work.session.execute(update(LinkRow).where(*its).values(own=without(own, card) or None))


def _row(mailbox: str, link: Link) -> dict[str, Any]:
    row = {name: getattr(link, name) for name in _COLUMNS}
    return row | {
        "mailbox_id": mailbox,
        "contact_id": link.contact,
        "source_id": link.source_id or None,
        "own": link.own or None,
        "labels": sorted(link.labels),
        "moving": sorted(link.moving),
    }


# --- Labels ----------------------------------------------------------------------------------------------------------


def save_label(work: Work, mailbox: str, label: Label) -> None:
    """Write a label, new or known."""
    delete_label(work, mailbox, label.group)
    work.session.execute(
        insert(LabelRow).values(
            mailbox_id=mailbox,
            group_id=label.group,
            resource_name=label.resource_name,
            etag=label.etag,
            name=label.name,
            wrote_at=label.wrote_at,
            given=label.given,
            leaving=label.leaving,
        )
    )


def delete_label(work: Work, mailbox: str, group: str) -> None:
    """Forget a label."""
    work.session.execute(delete(LabelRow).where(LabelRow.mailbox_id == mailbox, LabelRow.group_id == group))


def label_names(session: Session, mailbox: str) -> frozenset[str]:
    """Resource names of the labels of groups in a mailbox."""
    return frozenset(session.scalars(select(LabelRow.resource_name).where(LabelRow.mailbox_id == mailbox)))


def given(session: Session, mailbox: str) -> frozenset[str]:
    """The groups whose label was this user's own: for Google nothing under it has changed, so all must be read once."""
    return frozenset(session.connection().scalars(_GIVEN, {"mailbox": mailbox}))


def has_group(session: Session, group: str) -> bool:
    """Whether the store knows the group, deleted ones too."""
    return session.get(GroupRow, group) is not None
