"""Photos of contacts: every photo that a contact had is kept until it is purged or erased; one of them is current."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from sqlalchemy import delete, insert, or_, select, update
from sqlalchemy.orm import Session

from sharesync.model.photo import digest
from sharesync.store.database.batching import chunks
from sharesync.store.database.tables import ContactRow, EventRow, PhotoRow
from sharesync.store.database.work import Work
from sharesync.store.records.membership_filters import inside, left_one_of


def digest_of(session: Session, contact: str) -> bytes | None:
    """What names a contact's photo; None where it has none."""
    return session.scalar(select(ContactRow.photo).where(ContactRow.id == contact))


def of(session: Session, contact: str) -> bytes | None:
    """A contact's photo, as JPEG; None where it has none."""
    named = (PhotoRow.contact_id == ContactRow.id) & (PhotoRow.digest == ContactRow.photo)
    return session.scalar(select(PhotoRow.content).join(ContactRow, named).where(ContactRow.id == contact))


def named(session: Session, contacts: Collection[str], among: Collection[str] | None = None) -> dict[str, bytes]:
    """What names the photo of each of a few contacts that has one and is, or was last, in one of these; None is all."""
    query = select(ContactRow.id, ContactRow.photo).where(
        ContactRow.id.in_(list(contacts)), ContactRow.photo.isnot(None)
    )
    if among is not None:
        query = query.where(or_(inside(ContactRow.id, among), left_one_of(among)))
    return {contact: photo for contact, photo in session.execute(query) if photo}


def contents(session: Session, names: Mapping[str, bytes]) -> dict[str, bytes]:
    """The photos of a few contacts, given with their hashes, as JPEG."""
    kept = (PhotoRow.contact_id == ContactRow.id) & (PhotoRow.digest == ContactRow.photo)
    query = select(ContactRow.id, PhotoRow.content).join(PhotoRow, kept).where(ContactRow.id.in_(list(names)))
    return {row.id: row.content for row in session.execute(query)}


def keep(work: Work, contact: str, content: bytes) -> bytes:
    """Keep a photo of a contact for good; returns what names it."""
    name = digest(content)
    if work.session.get(PhotoRow, (contact, name)) is None:
        row = {"contact_id": contact, "digest": name, "content": content, "at": work.now}
        work.session.execute(insert(PhotoRow), [row])
    return name


def choose(work: Work, contact: str, name: bytes | None, event_id: str) -> None:
    """Make a photo that is kept the contact's, or none; the event tells of it."""
    values = {"photo": name, "photo_event_id": event_id}
    work.session.execute(update(ContactRow).where(ContactRow.id == contact).values(**values))


def content(session: Session, contact: str, name: bytes) -> bytes | None:
    """A photo that is kept of a contact, as JPEG; None where it was erased meanwhile."""
    kept = (PhotoRow.contact_id == contact, PhotoRow.digest == name)
    return session.scalar(select(PhotoRow.content).where(*kept))


def cause(session: Session, contact: str) -> str | None:
    """The event that made a contact's photo what it is, or none."""
    return session.scalar(select(ContactRow.photo_event_id).where(ContactRow.id == contact))


def came_by(session: Session, contact: str) -> str | None:
    """What that event was caused by, if by anything."""
    made_so = select(EventRow.cause).join(ContactRow, ContactRow.photo_event_id == EventRow.id)
    return session.scalar(made_so.where(ContactRow.id == contact))


def forget(work: Work, contacts: Iterable[str]) -> None:
    """Let every photo of these contacts go."""
    for some in chunks(contacts):
        work.session.execute(delete(PhotoRow).where(PhotoRow.contact_id.in_(some)))
        work.session.execute(update(ContactRow).where(ContactRow.id.in_(some)).values(photo=None, photo_event_id=None))
