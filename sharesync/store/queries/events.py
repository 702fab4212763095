"""Events as auditors look for them: filtered, newest first, page by page, each page quick however long the log is.

Every filter but one leads through an index in the log's order. Where several are set, the one that leaves least leads;
what it leads to is looked at for the others, so many events at a time. Times are looked up in stretches of the log.
Words are looked for in the events themselves, in memory, by the rule of every search: an index of them would hold
personal data a second time, and outlive its erasure; and no database folds `Ø` as that rule does.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby, islice
from operator import attrgetter
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, exists, func, or_, select, type_coerce, union_all
from sqlalchemy.orm import Session

from sharesync.model.actions import ACTIONS
from sharesync.model.audit import Outcome, Source
from sharesync.model.company_fields import HERE
from sharesync.model.searching import found, haystack, haystack_of, terms_of
from sharesync.store.database import event_log
from sharesync.store.database.event_log import STRETCH
from sharesync.store.database.tables import EventRow, PayloadRow, SpanRow
from sharesync.store.records import company_fields

LOOKED = 3_000
"""Events at which one page looks for what the leading index does not say."""

_Conditions = list[ColumnElement[bool]]


@dataclass(frozen=True, slots=True)
class LoggedFilter:
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
    """Every one of its words is found in an event's reason or values (`model/searching.py`)."""

    def actions(self) -> list[str]:
        """The actions that are meant."""
        if not self.action or "." in self.action:
            return [self.action] if self.action else []
        return [action for action in ACTIONS if action.startswith(f"{self.action}.")] or [self.action]


@dataclass(frozen=True, slots=True)
class EventPage:
    """Some events, and the cursor for those before them; None where the log begins."""

    events: list[dict[str, Any]]
    older: int | None


_CHANGES = ("contact.", "directory.", "grant.", "group.", "hold.")
"""What the events begin with that say that what mailboxes should show, or what follows from them, is another now."""


def changed_since(session: Session, size: int, *, but: str) -> bool:
    """Whether since the log had this size anything was changed that passes decide by, other than in the pass `but`."""
    for room, _ in event_log.rooms(session):
        told = or_(*(room.action.startswith(noun) for noun in _CHANGES))
        other = or_(room.pass_id.is_(None), room.pass_id != but)
        since = [EventRow.seq >= size] if room is EventRow else []  # what waits is newer than any number
        if session.scalar(select(exists().where(*since, told, other))):
            return True
    return False


def page(session: Session, wanted: LoggedFilter, *, before: int | None = None, limit: int = 100) -> EventPage:
    """The newest events that match, those before the number `before`; columns by name.

    Where several filters are set, or a text, there may be few or none although older ones match: `older` says where to
    go on.
    """
    bounds = _bounds(session, wanted, before)
    if bounds is None:
        return EventPage([], None)
    leads, others, floor = _led(session, wanted, bounds)
    if floor is not None:
        bounds = replace(bounds, first=floor)
    terms = terms_of(wanted.text)
    most = LOOKED * len(leads) if terms else limit  # what leads down to the floor, if words are to be looked for in it
    newest = select(EventRow.seq).where(EventRow.seq.in_(select(_newest(leads, [*others, *bounds.sql()], most).c.seq)))
    if terms:
        told = _told(session, select(EventRow.seq).where(EventRow.seq.in_(newest)).order_by(EventRow.seq.desc()))
        saying = (event.seq for event, said in told if found(terms, said))
        rows = _rows(session, list(islice(saying, limit)), limit)
    else:
        rows = _rows(session, newest, limit)
    return EventPage(rows, rows[-1]["seq"] if len(rows) == limit else floor)


def _rows(session: Session, found: Select[int] | list[int], limit: int) -> list[dict[str, Any]]:
    query = select(*EventRow.__table__.columns).where(EventRow.seq.in_(found)).order_by(EventRow.seq.desc())
    return [dict(row._mapping) for row in session.execute(query.limit(limit))]


def _newest(leads: Sequence[_Conditions], conditions: _Conditions, most: int) -> Any:
    """The numbers of the newest events that match, as a subquery: what one leads to beside what the next does."""
    parts = [
        select(EventRow.seq).where(*lead, *conditions).order_by(EventRow.seq.desc()).limit(most).subquery()
        for lead in leads
    ]
    if len(parts) == 1:
        return parts[0]
    together = union_all(*(select(part.c.seq) for part in parts)).subquery()
    return select(together.c.seq).order_by(together.c.seq.desc()).limit(most).subquery()


def _led(session: Session, wanted: LoggedFilter, bounds: _Bounds) -> tuple[list[_Conditions], _Conditions, int | None]:
    """What leads, each through its index; what the events must be besides; and down to where one page looks for that.

    Of several filters the one leads whose events lie furthest apart.
    """
    asked = _asked(wanted)
    plain = _besides(wanted)
    if len(asked) <= 1 and not plain and not wanted.text:
        return ([[first == value] for first, values in asked for value in values] or [[]]), [], None
    if not asked:
        return [[]], plain, _floor(session, [[]], bounds)
    floors = [_floor(session, [[column == value] for value in values], bounds) for column, values in asked]
    lead = floors.index(None) if None in floors else floors.index(min(floor for floor in floors if floor is not None))
    column, values = asked.pop(lead)
    return [[column == value] for value in values], [*_others(asked), *plain], floors[lead]


def _asked(wanted: LoggedFilter) -> list[tuple[Any, list[Any]]]:
    """The columns with an index in the log's order, and what is wanted in them."""
    asked: list[tuple[Any, list[Any]]] = [
        (EventRow.contact_id, [wanted.contact]),
        (EventRow.group_id, [wanted.group]),
        (EventRow.mailbox_id, [wanted.mailbox]),
        (EventRow.actor, [wanted.actor]),
        (EventRow.action, wanted.actions() or [None]),
        (EventRow.outcome, [wanted.outcome]),
        (EventRow.source, [wanted.source]),
    ]
    return [(column, values) for column, values in asked if values != [None]]


def _others(asked: Sequence[tuple[Any, list[Any]]]) -> _Conditions:
    """The same as conditions that no index serves."""
    return [
        (type_coerce(column, Text) + "").in_([getattr(value, "value", value) for value in values])
        for column, values in asked
    ]


def _besides(wanted: LoggedFilter) -> _Conditions:
    """What has no index, and a database can tell: the times, as exactly as they are asked for."""
    conditions: _Conditions = [EventRow.at >= wanted.since] if wanted.since else []
    conditions += [EventRow.at < wanted.until] if wanted.until else []
    return conditions


def _floor(session: Session, leads: Sequence[_Conditions], bounds: _Bounds) -> int | None:
    """The number of the last event that one page looks at; None where it looks at all that are asked for."""
    if leads == [[]]:  # numbers have no gaps
        end = event_log.size(session) if bounds.end is None else bounds.end
        return end - LOOKED if end - LOOKED > max(bounds.first, event_log.start(session)) else None
    skipped = (
        select(EventRow.seq).where(*lead, *bounds.sql()).order_by(EventRow.seq.desc()).offset(LOOKED - 1).limit(1)
        for lead in leads
    )
    return max((seq for one in skipped if (seq := session.scalar(one)) is not None), default=None)


@dataclass(frozen=True, slots=True)
class _Bounds:
    """Numbers between which the events are: from `first` to below `end`.

    One bound at each side: of two, SQLite takes the first and reads all that lies between them.
    """

    first: int
    end: int | None

    def sql(self) -> _Conditions:
        """As conditions."""
        low = [EventRow.seq >= self.first] if self.first else []
        return low + ([EventRow.seq < self.end] if self.end is not None else [])


def _bounds(session: Session, wanted: LoggedFilter, before: int | None) -> _Bounds | None:
    """Between which numbers the times are that are asked for; None where there are none."""
    if not (wanted.since or wanted.until):
        return _Bounds(0, before)
    query: Any = select(func.min(SpanRow.place), func.max(SpanRow.place))
    if wanted.since:
        query = query.where(SpanRow.last_at >= wanted.since)
    if wanted.until:
        query = query.where(SpanRow.first_at < wanted.until)
    first, last = session.execute(query).one()
    if first is None or last is None:
        return None
    end = (last + 1) * STRETCH
    return _Bounds(first * STRETCH, end if before is None else min(before, end))


def _told(session: Session, query: Select[Any]) -> Iterator[tuple[Any, str]]:
    """The events of a query in its order, each with the haystack of its reason and values, read a batch at a time."""
    told = query.add_columns(EventRow.reason, PayloadRow.before, PayloadRow.after).outerjoin(
        PayloadRow, PayloadRow.event_id == EventRow.id
    )
    with session.execute(told.execution_options(yield_per=1000)) as rows:
        for _, some in groupby(rows, key=attrgetter("seq")):
            values = list(some)
            reason, texts = values[0].reason, [text for row in values for text in _texts([row.before, row.after])]
            yield values[0], haystack([reason, *texts]) if texts else haystack_of(reason)


def _texts(value: Any) -> Iterator[str]:
    """Every text in a value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from _texts(list(value.values()))
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)


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


def oldest_first(session: Session, wanted: LoggedFilter, *, below: int) -> Iterator[dict[str, Any]]:
    """Every event that matches, of those numbered below `below`, read a batch at a time. Raises SearchTooLong."""
    first, *others = _asked(wanted) or [(None, [])]
    lead = [first[0].in_(first[1])] if first[1] else []
    conditions = [*lead, *_others(others), *_besides(wanted), EventRow.seq < below]
    query = select(*EventRow.__table__.columns).where(*conditions).order_by(EventRow.seq)
    if terms := terms_of(wanted.text):
        for event, said in _told(session, query):
            if found(terms, said):
                yield {name: getattr(event, name) for name in event_log.COLUMNS}
        return
    for row in session.execute(query.execution_options(yield_per=1000)):
        yield dict(row._mapping)


def values(session: Session, event: str) -> list[dict[str, Any]]:
    """The values of one event that were not erased: field, before, after."""
    rows = session.scalars(select(PayloadRow).where(PayloadRow.event_id == event).order_by(PayloadRow.field))
    return [
        {"field": row.field, **{side: _called(session, row.field, getattr(row, side)) for side in ("before", "after")}}
        for row in rows
    ]


def _called(session: Session, field: str, said: Any) -> Any:
    """Values as people read them: those of fields kept here by what the fields are called now."""
    if field != HERE or not isinstance(said, list):
        return said
    names = company_fields.names(session, [one["key"] for one in said])
    return [one | {"key": names.get(one["key"], one["key"])} for one in said]
