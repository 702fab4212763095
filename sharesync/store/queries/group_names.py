"""The names of groups as of an event: one that was renamed since is called what it was called then."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from sharesync.store.database.tables import EventRow, GroupRow, PayloadRow

SequencePoint = tuple[str, int]
"""A group's id, and the number of the event that speaks of it."""


def names_then(session: Session, places: Collection[SequencePoint]) -> dict[SequencePoint, tuple[str, bool]]:
    """Each group's name just before the event, and whether the group is deleted today."""
    renamed = (EventRow.group_id == GroupRow.id) & (EventRow.action == "group.rename")
    its_name = (PayloadRow.event_id == EventRow.id) & (PayloadRow.field == "name")
    rows = session.execute(
        select(GroupRow.id, GroupRow.name, GroupRow.deleted_at, EventRow.seq, PayloadRow.before)
        .outerjoin(EventRow, renamed)
        .outerjoin(PayloadRow, its_name)
        .where(GroupRow.id.in_({group for group, _ in places}))
        .order_by(EventRow.seq)
    ).all()
    today = {row.id: (row.name, row.deleted_at is not None) for row in rows}
    found: dict[SequencePoint, tuple[str, bool]] = {}
    for group, seq in places:
        if group in today:
            name, gone = today[group]
            later = (row.before[0] for row in rows if row.id == group and row.before and row.seq >= seq)
            found[group, seq] = next(later, name), gone
    return found
