"""Erasure: everything that is kept of a contact goes, but for its id, its events' envelopes and suppression marks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import case, delete, insert, select, update
from sqlalchemy.orm import Session

from sharesync.model.card import EMPTY, Card
from sharesync.model.suppression import digests
from sharesync.model.waiting import Resolution
from sharesync.store.database import event_log, keys
from sharesync.store.database.batching import chunks
from sharesync.store.database.tables import (
    ConflictRow,
    ContactRow,
    EventRow,
    HeldRow,
    LinkRow,
    MembershipRow,
    PayloadRow,
    PrivateRow,
    ProposalRow,
    SuppressionRow,
    VersionRow,
)
from sharesync.store.database.work import Work
from sharesync.store.records import (
    answers,
    company_fields,
    contacts,
    entries,
    foreign_ids,
    holds,
    likeness_index,
    photos,
)
from sharesync.store.records.derived_columns import derived

# --- The contact -----------------------------------------------------------------------------------------------------


def groups_of(session: Session, contact: str) -> list[str]:
    """Ids of the groups that hold the contact."""
    return sorted(session.scalars(select(MembershipRow.group_id).where(MembershipRow.contact_id == contact)))


def mailboxes_of(session: Session, contact: str) -> list[str]:
    """Ids of the mailboxes in which it stands, or may stand."""
    return sorted(session.scalars(select(LinkRow.mailbox_id).where(LinkRow.contact_id == contact)))


def wipe(work: Work, contact: str) -> None:
    """Erase what is kept of a contact that is in no group any more. Its links stay until each mailbox has let it go."""
    likeness_index.forget(work.session, contact)  # while the version is there that was compared
    for table in (VersionRow, ProposalRow, PrivateRow, ConflictRow):
        work.session.execute(delete(table).where(table.contact_id == contact))
    for hold in work.session.scalars(select(HeldRow.hold_id).where(HeldRow.contact_id == contact)).all():
        holds.resolve(work, hold, [contact], Resolution.RESTORED)
    work.session.execute(update(HeldRow).where(HeldRow.contact_id == contact).values(card=None, here=None))
    work.session.execute(
        update(LinkRow)
        .where(LinkRow.contact_id == contact)
        # Fingerprints say what stood there to whoever can guess it.
        .values(patch=None, own=None, agreed=b"", seen=b"", before=b"", photo=None)
        # That we sent a photo must stay known: where the person stays with its user, our photo is removed.
        .values(photo_sent=case((LinkRow.photo_sent.is_not(None), b"")))
    )
    photos.forget(work, [contact])
    foreign_ids.forget(work, contact)
    entries.forget(work, contact)
    answers.forget(work, contact)
    company_fields.measure(work.session, {contact: ()})
    work.flush()  # values told in this very transaction go, too
    work.number_events()
    events = select(EventRow.id).where(EventRow.contact_id == contact)
    work.session.execute(
        delete(PayloadRow).where(PayloadRow.event_id.in_(events)).execution_options(synchronize_session=False)
    )
    work.session.execute(
        update(ContactRow)
        .where(ContactRow.id == contact)
        .values(
            card=EMPTY,
            here=None,
            **derived(EMPTY, ()),
            left=None,
            deleted_at=work.now,
            purged_at=work.now,
            erased_at=work.now,
        )
    )


def causes(session: Session, wanted: Iterable[str]) -> dict[str, str | None]:
    """Of these contacts those that were erased, with the id of the event that says so; None where it was retired."""
    found: dict[str, str | None] = {}
    for some in chunks(wanted):
        waiting: dict[str, str] = {}
        for room, _ in event_log.rooms(session)[:-1]:
            waits = select(room.contact_id, room.id).where(room.action == "contact.erase", room.contact_id.in_(some))
            waiting |= {row.contact_id: row.id for row in session.execute(waits)}
        says = (EventRow.contact_id == ContactRow.id) & (EventRow.action == "contact.erase")
        rows = session.execute(
            select(ContactRow.id, EventRow.id)
            .outerjoin(EventRow, says)
            .where(ContactRow.id.in_(some), ContactRow.erased_at.is_not(None))
        )
        found |= {row[0]: row[1] or waiting.get(row[0]) for row in rows}
    return found


# --- Suppression -----------------------------------------------------------------------------------------------------


def cards_of(session: Session, contact: str) -> list[Card]:
    """Every card that the contact has or had."""
    return [found.card for found in (contacts.get(session, contact),)] + list(
        session.scalars(select(VersionRow.card).where(VersionRow.contact_id == contact))
    )


def suppress(work: Work, contact: str, cards: Iterable[Card]) -> None:
    """Keep the suppression marks of these cards."""
    key = keys.get(work.session, "suppression")
    marks = {mark for card in cards for mark in digests(key, card)}
    new = marks - _known(work.session, marks)
    if new:
        rows = [{"digest": mark, "contact_id": contact, "at": work.now} for mark in sorted(new)]
        work.session.execute(insert(SuppressionRow), rows)


_ANY = select(SuppressionRow.digest).limit(1)


def suppressed(session: Session, cards: Sequence[Card]) -> list[bool]:
    """Which of these cards carry an address or number of an erased contact."""
    if session.connection().scalar(_ANY) is None:
        return [False] * len(cards)
    key = keys.get(session, "suppression")
    marks = [digests(key, card) for card in cards]
    known = _known(session, {mark for some in marks for mark in some})
    return [bool(some & known) for some in marks]


def _known(session: Session, marks: Iterable[bytes]) -> set[bytes]:
    asked, found = sorted(marks), set[bytes]()
    for some in chunks(asked):
        found |= set(session.scalars(select(SuppressionRow.digest).where(SuppressionRow.digest.in_(some))))
    return found
