"""Conflicts: values that two sides changed differently, kept until someone decides."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from sharesync.errors import NotFound
from sharesync.model.waiting import OpenConflict
from sharesync.store import arising
from sharesync.store.tables import ConflictRow, UserRow
from sharesync.store.work import Work
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
        arising.note(work, str(row["id"]), contact, mailbox)


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


def resolve(work: Work, conflict: str) -> None:
    """Close a conflict."""
    work.session.execute(update(ConflictRow).where(ConflictRow.id == conflict).values(resolved_at=work.now))
