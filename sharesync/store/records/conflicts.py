"""Conflicts: values that two sides changed differently, kept until someone decides."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from sharesync.errors import NotFound
from sharesync.model.audit import Outcome
from sharesync.model.waiting import OpenConflict
from sharesync.store.database.tables import ConflictRow, ContactRow, EventRow, UserRow
from sharesync.store.database.work import Work
from sharesync.store.records import arisen
from sharesync.store.records.actors import Who
from sharesync.sync.merge import Conflict


def keep(work: Work, contact: str, mailbox: str, conflicts: Iterable[Conflict]) -> None:
    """Keep what a merge could not decide: the store's items stood, the mailbox's are the other."""
    rows = [
        {
            "id": work.new_id(),
            "contact_id": contact,
            "mailbox_id": mailbox,
            "field": conflict.field,
            "store": [item.as_json() for item in conflict.store],
            "other": [item.as_json() for item in conflict.other],
            "since": work.now,
        }
        for conflict in conflicts
    ]
    if rows:
        work.session.execute(insert(ConflictRow), rows)
    for row in rows:
        arisen.note(work, str(row["id"]), contact, mailbox)


def listed(session: Session, ids: Collection[str] | None = None) -> list[OpenConflict]:
    """All open conflicts, the oldest first; or those of these ids."""
    query = (
        select(ConflictRow, UserRow.email)
        .join(UserRow, UserRow.id == ConflictRow.mailbox_id)
        .where(ConflictRow.resolved_at.is_(None))
        .order_by(ConflictRow.since, ConflictRow.id)
    )
    if ids is not None:
        query = query.where(ConflictRow.id.in_(ids))
    return [
        OpenConflict(row.id, row.contact_id, email, row.mailbox_id, row.field, row.store, row.other, row.since)
        for row, email in session.execute(query)
    ]


def find(session: Session, conflict: str) -> OpenConflict:
    """One open conflict. Raises NotFound."""
    found = listed(session, [conflict])
    if not found:
        raise NotFound("open conflict", conflict, "`sharesync conflicts list` shows them all.")
    return found[0]


def whose(session: Session, conflicts: Sequence[OpenConflict]) -> dict[str, Who]:
    """Who brought the value that stands, by the conflict's id, as far as the log still says so."""
    told = (EventRow.contact_id, EventRow.at, EventRow.fields, EventRow.actor_kind, EventRow.actor)
    rows = session.execute(
        select(*told, UserRow.name, UserRow.email)
        .outerjoin(UserRow, UserRow.id == EventRow.actor)
        .where(
            EventRow.contact_id.in_({one.contact for one in conflicts}),
            EventRow.action.in_(("contact.create", "contact.update")),
            EventRow.outcome == Outcome.OK,
        )
        .order_by(EventRow.seq.desc())
    ).all()

    def brought(one: OpenConflict, row: Any) -> bool:
        # What the mailbox brought in the pass in which the conflict arose is the other side.
        theirs = row.at == one.since and row.actor == one.user_id
        return bool(row.contact_id == one.contact and row.at <= one.since and one.field in row.fields and not theirs)

    found = {one.id: next((row for row in rows if brought(one, row)), None) for one in conflicts}
    return {
        conflict: Who(row.actor_kind, row.actor, row.name or "", row.email or "")
        for conflict, row in found.items()
        if row is not None
    }


def resolve(work: Work, conflict: str) -> None:
    """Close a conflict."""
    work.session.execute(update(ConflictRow).where(ConflictRow.id == conflict).values(resolved_at=work.now))


def reopen(work: Work, conflict: str) -> tuple[str, str] | None:
    """Let a closed conflict wait again; returns its contact and field. None where it waits, or the contact is gone."""
    there = select(ContactRow.id).where(ContactRow.deleted_at.is_(None), ContactRow.erased_at.is_(None))
    changed = (
        update(ConflictRow)
        .where(ConflictRow.id == conflict, ConflictRow.resolved_at.is_not(None), ConflictRow.contact_id.in_(there))
        .values(resolved_at=None)
        .returning(ConflictRow.contact_id, ConflictRow.field)
    )
    row = work.session.execute(changed).one_or_none()
    return (row.contact_id, row.field) if row else None
