"""Events as auditors look for them: filtered, newest first, page by page, each page quick however long the log is.

Every filter but one leads through an index in the log's order; where several are set, the one that leaves least leads
and no index serves the others. Times are looked up in stretches of the log. Text alone is looked for in the events
themselves, so many at a time: an index of it would hold personal data a second time, and outlive its erasure.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, String, Text, cast, exists, func, select, type_coerce, union_all
from sqlalchemy.orm import Session

from sharesync.model.actions import ACTIONS
from sharesync.model.audit import Outcome, Source
from sharesync.store.log import STRETCH
from sharesync.store.tables import EventRow, PayloadRow, SpanRow

LOOKED = 5_000
"""Events in which one page looks for a text."""


@dataclass(frozen=True, slots=True)
class Filter:
    """Which events are asked for; what is None or empty is not. `actor`, `group`, `contact`, `mailbox` are ids."""

    actor: str | None = None
    group: str | None = None
    contact: str | None = None
    mailbox: str | None = None
    action: str | None = None
    """An action, or the noun before its dot."""
    outcome: Outcome | None = None
    source: Source | None = None
    since: datetime | None = None
    until: datetime | None = None
    text: str = ""
    """Found in an event's reason or in one of its values."""

    def actions(self) -> list[str]:
        """The actions that are meant."""
        if not self.action or "." in self.action:
            return [self.action] if self.action else []
        return [action for action in ACTIONS if action.startswith(f"{self.action}.")] or [self.action]


@dataclass(frozen=True, slots=True)
class Page:
    """Some events, and the cursor for those before them; None where the log begins."""

    events: list[dict[str, Any]]
    older: int | None


def page(session: Session, wanted: Filter, *, before: int | None = None, limit: int = 100) -> Page:
    """The newest events that match, those before the number `before`; columns by name.

    With a text there may be few or none although older ones match: `older` says where to go on.
    """
    most = LOOKED if wanted.text else limit
    bounds = _bounds(session, wanted)
    if bounds is None:
        return Page([], None)
    seqs = _newest(wanted, [*bounds, *([EventRow.seq < before] if before is not None else [])], most)
    if not wanted.text:
        rows = _rows(session, select(EventRow.seq).where(EventRow.seq.in_(select(seqs.c.seq))), limit)
        return Page(rows, rows[-1]["seq"] if len(rows) == limit else None)
    looked = session.execute(select(func.count(), func.min(seqs.c.seq)).select_from(seqs)).one()
    values = exists().where(PayloadRow.event_id == EventRow.id, _says(PayloadRow, wanted.text))
    says = EventRow.reason.contains(wanted.text, autoescape=True) | values
    rows = _rows(session, select(EventRow.seq).where(EventRow.seq.in_(select(seqs.c.seq)), says), limit)
    if len(rows) == limit:
        return Page(rows, rows[-1]["seq"])
    return Page(rows, looked[1] if looked[0] == most else None)


def _rows(session: Session, found: Select[int], limit: int) -> list[dict[str, Any]]:
    query = select(*EventRow.__table__.columns).where(EventRow.seq.in_(found)).order_by(EventRow.seq.desc())
    return [dict(row._mapping) for row in session.execute(query.limit(limit))]


def _newest(wanted: Filter, bounds: Sequence[ColumnElement[bool]], most: int) -> Any:
    """The numbers of the newest events that match all but the text, as a subquery."""
    leads, others = _led(wanted)
    times = [EventRow.at >= wanted.since] if wanted.since else []
    times += [EventRow.at < wanted.until] if wanted.until else []
    parts = [
        select(EventRow.seq).where(*lead, *others, *times, *bounds).order_by(EventRow.seq.desc()).limit(most).subquery()
        for lead in leads
    ]
    if len(parts) == 1:
        return parts[0]
    together = union_all(*(select(part.c.seq) for part in parts)).subquery()
    return select(together.c.seq).order_by(together.c.seq.desc()).limit(most).subquery()


def _led(wanted: Filter) -> tuple[list[list[ColumnElement[bool]]], list[ColumnElement[bool]]]:
    """What leads, each through its index, one beside the other; and what the others must be besides."""
    actions = wanted.actions()
    asked: list[tuple[Any, list[Any]]] = [
        (EventRow.contact_id, [wanted.contact]),
        (EventRow.group_id, [wanted.group]),
        (EventRow.mailbox_id, [wanted.mailbox]),
        (EventRow.actor, [wanted.actor]),
        (EventRow.action, actions or [None]),
        (EventRow.outcome, [wanted.outcome]),
        (EventRow.source, [wanted.source]),
    ]
    asked = [(column, values) for column, values in asked if values != [None]]
    if not asked:
        return [[]], []
    (first, values), *rest = asked
    others: list[ColumnElement[bool]] = [
        (type_coerce(column, Text) + "").in_([getattr(value, "value", value) for value in some])
        for column, some in rest
    ]
    return [[first == value] for value in values], others


def _bounds(session: Session, wanted: Filter) -> list[ColumnElement[bool]] | None:
    """Between which numbers the times are that are asked for; None where there are none."""
    if not (wanted.since or wanted.until):
        return []
    query: Any = select(func.min(SpanRow.place), func.max(SpanRow.place))
    if wanted.since:
        query = query.where(SpanRow.last_at >= wanted.since)
    if wanted.until:
        query = query.where(SpanRow.first_at < wanted.until)
    first, last = session.execute(query).one()
    if first is None or last is None:
        return None
    return [EventRow.seq >= first * STRETCH, EventRow.seq < (last + 1) * STRETCH]


def _says(table: type[PayloadRow], text: str) -> ColumnElement[bool]:
    before, after = cast(table.before, String), cast(table.after, String)
    return before.contains(text, autoescape=True) | after.contains(text, autoescape=True)


def newest_from(sources: Sequence[Source], conditions: Sequence[ColumnElement[bool]], most: int) -> Any:
    """The numbers of the newest events that came in from there, as a subquery: a source beside the other."""
    parts = [
        select(EventRow.seq)
        .where(EventRow.source == source, *conditions)
        .order_by(EventRow.seq.desc())
        .limit(most)
        .subquery()
        for source in sources
    ]
    together = union_all(*(select(part.c.seq) for part in parts)).subquery()
    return select(together.c.seq).order_by(together.c.seq.desc()).limit(most)


def oldest_first(session: Session, wanted: Filter, *, below: int) -> Iterator[dict[str, Any]]:
    """Every event that matches, of those numbered below `below`, read a batch at a time."""
    leads, others = _led(wanted)
    conditions = [*others, EventRow.seq < below]
    if len(leads) > 1:
        conditions.append(EventRow.action.in_(wanted.actions()))
    else:
        conditions += leads[0]
    if wanted.since:
        conditions.append(EventRow.at >= wanted.since)
    if wanted.until:
        conditions.append(EventRow.at < wanted.until)
    if wanted.text:
        values_say = exists().where(PayloadRow.event_id == EventRow.id, _says(PayloadRow, wanted.text))
        conditions.append(EventRow.reason.contains(wanted.text, autoescape=True) | values_say)
    query = select(*EventRow.__table__.columns).where(*conditions).order_by(EventRow.seq)
    for row in session.execute(query.execution_options(yield_per=1000)):
        yield dict(row._mapping)


def values(session: Session, event: str) -> list[dict[str, Any]]:
    """The values of one event that were not erased: field, before, after."""
    rows = session.scalars(select(PayloadRow).where(PayloadRow.event_id == event).order_by(PayloadRow.field))
    return [{"field": row.field, "before": row.before, "after": row.after} for row in rows]
