"""Entries, written and read one by one; and what happens to all of a contact's."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from sharesync.errors import NotFound
from sharesync.model.entry import ContactEntry, FollowUp, KeptEntry, Money
from sharesync.store.database.tables import EntryRow, MovedEntryRow
from sharesync.store.database.work import Work
from sharesync.store.records.foreign_ids import ForeignId


def kept(row: EntryRow) -> KeptEntry:
    """The entry of a row."""
    return KeptEntry(row.id, row.contact_id, _says(row), row.author_kind, row.author, row.source or "")


def _says(row: EntryRow) -> ContactEntry:
    amount = None if row.amount is None or row.currency is None else Money(row.amount, row.currency)
    task = None if row.day is None or row.doer is None else FollowUp(row.day, row.doer, row.done_at)
    return ContactEntry(row.kind, row.at, row.text, amount, task)


def _columns(says: ContactEntry) -> dict[str, Any]:
    amount, task = says.amount, says.follow_up
    return {
        "kind": says.kind,
        "at": says.at,
        "text": says.text,
        "amount": amount.parts if amount else None,
        "currency": amount.currency if amount else None,
        "day": task.day if task else None,
        "doer": task.doer if task else None,
        "done_at": task.done_at if task else None,
    }


def find(session: Session, contact: str, entry: str, *, removed: bool = False) -> KeptEntry:
    """An entry of this contact; `removed`: one that nobody is shown any more. Raises NotFound."""
    row = session.scalar(
        select(EntryRow).where(
            EntryRow.id == entry,
            EntryRow.contact_id == contact,
            EntryRow.removed_at.is_not(None) if removed else EntryRow.removed_at.is_(None),
        )
    )
    if row is None:
        raise NotFound("entry", entry)
    return kept(row)


def brought(session: Session, which: ForeignId) -> tuple[KeptEntry, datetime | None] | None:
    """The entry that a program knows by this id, and since when it is removed."""
    row = session.scalar(
        select(EntryRow).where(
            EntryRow.owner == which.owner,
            EntryRow.source == which.source,
            EntryRow.external_id == which.digest,
        )
    )
    return (kept(row), row.removed_at) if row else None


def doers(session: Session) -> set[str]:
    """Ids of the users who have something to do, whenever that is due."""
    to_do = EntryRow.doer.is_not(None), EntryRow.done_at.is_(None), EntryRow.removed_at.is_(None)
    return set(session.scalars(select(EntryRow.doer).where(*to_do, EntryRow.day.is_not(None)).distinct()))


def add(work: Work, contact: str, says: ContactEntry, which: ForeignId | None = None) -> str:
    """Keep a new one, with the id by which a program knows it; returns its id."""
    entry = work.new_id()
    from_outside = {"owner": which.owner, "source": which.source, "external_id": which.digest} if which else {}
    work.session.execute(
        insert(EntryRow).values(
            id=entry,
            contact_id=contact,
            author_kind=work.by.kind,
            author=work.by.id,
            **_columns(says),
            **from_outside,
        )
    )
    return entry


def change(work: Work, entry: str, says: ContactEntry) -> None:
    """Write what it says now."""
    work.session.execute(update(EntryRow).where(EntryRow.id == entry).values(_columns(says)))


def set_removed(work: Work, entry: str, *, removed: bool) -> None:
    """Show it to nobody any more, or to everybody again."""
    moment = work.now if removed else None
    work.session.execute(update(EntryRow).where(EntryRow.id == entry).values(removed_at=moment))


def move(work: Work, merge: str, goes: str, stays: str) -> None:
    """Bring the entries of one contact to the other, which stays for both, by this merge."""
    theirs = select(EntryRow.id).where(EntryRow.contact_id == goes)
    rows = [{"merge_id": merge, "entry_id": entry} for entry in work.session.scalars(theirs)]
    if rows:
        work.session.execute(insert(MovedEntryRow), rows)
        work.session.execute(update(EntryRow).where(EntryRow.contact_id == goes).values(contact_id=stays))


def move_back(work: Work, merge: str, stays: str, goes: str) -> None:
    """Give back to the other contact what came from it by this merge."""
    came = select(MovedEntryRow.entry_id).where(MovedEntryRow.merge_id == merge)
    work.session.execute(
        update(EntryRow)
        .where(EntryRow.contact_id == stays, EntryRow.id.in_(came))
        .values(contact_id=goes)
        .execution_options(synchronize_session=False)
    )
    work.session.execute(delete(MovedEntryRow).where(MovedEntryRow.merge_id == merge))


def forget(work: Work, contact: str) -> None:
    """Keep nothing of a contact's entries."""
    theirs = select(EntryRow.id).where(EntryRow.contact_id == contact)
    for statement in (
        delete(MovedEntryRow).where(MovedEntryRow.entry_id.in_(theirs)),
        delete(EntryRow).where(EntryRow.contact_id == contact),
    ):
        work.session.execute(statement.execution_options(synchronize_session=False))
