"""Activity: how much was changed and delivered, day by day, counted from the change log's indexes alone.

Where a day begins in the log is looked up by its stretches (`store/log.py`), so a million events cost no more than the
days that are asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ScalarSelect, case, func, select
from sqlalchemy.orm import Session

from sharesync.store.log import STRETCH
from sharesync.store.tables import EventRow, SpanRow

CHANGES = (
    "contact.create", "contact.update", "contact.restore", "group.take", "group.create", "group.rename", "group.delete",
    "grant.set", "grant.remove",
)  # fmt: skip
"""What people do. A contact that is made is also put into a group; that is counted once."""
DELIVERIES = ("person.create", "person.update", "person.delete", "person.release")
"""What passes do about it, mailbox by mailbox."""


@dataclass(frozen=True, slots=True)
class Day:
    """What happened between one midnight and the next."""

    begins: datetime
    changes: int
    deliveries: int


def by_day(session: Session, midnights: Sequence[datetime]) -> list[Day]:
    """The days that begin at these moments, in order; the last goes on until now."""
    found = session.execute(select(*map(_first_since, midnights))).one()
    begins = [(number, seq) for number, seq in enumerate(found) if seq is not None]
    counted: dict[tuple[bool, int], int] = {}
    if begins:
        # From the last day back: the first that begins no later than the event is its day.
        day = case(*((EventRow.seq >= seq, number) for number, seq in reversed(begins)))
        change = EventRow.action.in_(CHANGES)
        rows = session.execute(
            select(change, day, func.count())
            .where(EventRow.action.in_(CHANGES + DELIVERIES), EventRow.seq >= begins[0][1])
            .group_by(change, day)
        )
        counted = {(bool(is_change), number): events for is_change, number, events in rows}
    return [
        Day(moment, counted.get((True, number), 0), counted.get((False, number), 0))
        for number, moment in enumerate(midnights)
    ]


def _first_since(moment: datetime) -> ScalarSelect[int]:
    """The number of the first event at or after a moment."""
    place = select(SpanRow.place).where(SpanRow.last_at >= moment).order_by(SpanRow.place).limit(1).scalar_subquery()
    return (
        select(EventRow.seq)
        .where(EventRow.seq >= place * STRETCH, EventRow.at >= moment)
        .order_by(EventRow.seq)
        .limit(1)
        .scalar_subquery()
    )
