"""Activity: how many changes and deliveries there were, day by day, counted from the change log's indexes alone.

Where a day begins in the log is looked up by its stretches (`store/database/event_log.py`), so a million events cost no
more than the days that are asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, ScalarSelect, Select, bindparam, case, func, select
from sqlalchemy.orm import Session

from sharesync.store.database.columns import Time
from sharesync.store.database.event_log import STRETCH
from sharesync.store.database.tables import EventRow, SpanRow

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
    found = session.execute(_beginnings(len(midnights)), {f"day_{n}": day for n, day in enumerate(midnights)}).one()
    begins = {f"seq_{number}": seq for number, seq in enumerate(found) if seq is not None}
    rows = session.execute(_numbers(len(begins)), begins) if begins else ()
    counted = {(bool(is_change), number): events for is_change, number, events in rows}
    return [
        Day(moment, counted.get((True, number), 0), counted.get((False, number), 0))
        for number, moment in enumerate(midnights)
    ]


# To put these together takes longer than to ask them.
@cache
def _beginnings(days: int) -> Select[Any]:
    """The numbers of the first events at or after `day_0`, `day_1` and so on."""
    starts: list[Any] = [_first_since(bindparam(f"day_{number}", type_=Time)) for number in range(days)]
    return select(*starts)


def _first_since(moment: BindParameter[datetime]) -> ScalarSelect[int]:
    place = select(SpanRow.place).where(SpanRow.last_at >= moment).order_by(SpanRow.place).limit(1).scalar_subquery()
    return (
        select(EventRow.seq)
        .where(EventRow.seq >= place * STRETCH, EventRow.at >= moment)
        .order_by(EventRow.seq)
        .limit(1)
        .scalar_subquery()
    )


@cache
def _numbers(days: int) -> Select[Any]:
    """Per day and kind (changes or deliveries) how many; the days begin with the events `seq_0`, `seq_1` and so on."""
    begins = [EventRow.seq >= bindparam(f"seq_{number}") for number in range(days)]
    # From the last day back: the first that begins no later than the event is its day.
    day = case(*((begun, number) for number, begun in reversed(list(enumerate(begins)))))
    change = EventRow.action.in_(CHANGES)
    return (
        select(change, day, func.count())
        .where(EventRow.action.in_(CHANGES + DELIVERIES), begins[0])
        .group_by(change, day)
    )
