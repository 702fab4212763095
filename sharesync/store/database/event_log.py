"""The log: events numbered without a gap and bound into a Merkle tree.

An event is written in the transaction of its change and numbered by the log's one leader. On PostgreSQL that is whoever
holds the leader's lock after a commit (`Database.number`): transactions do not queue up for a number. Until then an
event waits in a table of its own, so whatever is read from the log is numbered, whole and final. The leader takes what
is committed in the order in which it was written. Whoever saw a change wrote after it was committed, so what follows
from an event is numbered after it; and since numbers are given in commit after commit of the leader's, a reader that
goes on from the last number it saw misses none. On SQLite, which has one writer, the end of the transaction is the
leader's turn, and no event ever waits.

What decides by the log asks for what waits, too (`rooms`), or makes the log whole first (`number_all`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    Connection,
    bindparam,
    case,
    column,
    delete,
    func,
    select,
    table,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from sharesync.model import merkle
from sharesync.model.audit import envelope
from sharesync.model.merkle import Nodes
from sharesync.store.database.appending import append_rows, plain_columns
from sharesync.store.database.tables import (
    EventRow,
    NodeRow,
    PayloadRow,
    RetirementRow,
    SpanRow,
    WaitingEventRow,
)

COLUMNS = tuple(column.key for column in EventRow.__table__.columns)
STRETCH = 1024
"""Events whose times are summed up in one row."""
BATCH = 2000
"""Events that one transaction of the leader numbers."""
LEADER = 0x5A_AE_10
"""The advisory lock of whoever numbers events on PostgreSQL."""


_ENDS = select(select(func.max(RetirementRow.size)).scalar_subquery(), select(func.max(EventRow.seq)).scalar_subquery())
_INNER = select(NodeRow.hash).where(NodeRow.level == bindparam("level"), NodeRow.place == bindparam("place"))
_LEAF = select(EventRow.leaf).where(EventRow.seq == bindparam("place"))
_WAITING = (
    select(table(WaitingEventRow.__tablename__, *plain_columns(WaitingEventRow).values()))
    .order_by(column("place"))
    .limit(BATCH)
)
_NUMBERED = delete(WaitingEventRow).where(WaitingEventRow.place.in_(bindparam("places", expanding=True)))
_NUMBERED_ROOM = ((EventRow, EventRow.seq),)
_ROOMS = ((WaitingEventRow, WaitingEventRow.place), *_NUMBERED_ROOM)
_LEAD = select(func.pg_advisory_xact_lock(LEADER))
_TRY_TO_LEAD = select(func.pg_try_advisory_xact_lock(LEADER))


def append(session: Session, events: Sequence[dict[str, Any]], values: Sequence[dict[str, Any]]) -> None:
    """Write events in order, complete but for `seq` and `leaf`, and their values."""
    if not events:
        return
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        _number(connection, events, values)
        return
    told: dict[str, list[dict[str, Any]]] = {}
    for value in values:
        told.setdefault(value["event_id"], []).append(_kept(value))
    waiting = [{**event, "told": told.get(event["id"], [])} for event in events]
    append_rows(connection, WaitingEventRow, waiting)


def number_all(session: Session) -> None:
    """Number whatever is committed, or written in this very transaction: the log is whole until it ends.

    For a use case that changes the log itself, or undoes what it tells of. Meanwhile nobody else numbers.
    """
    connection = session.connection()
    if connection.dialect.name != "sqlite":
        lead(connection, wait=True)
        while number(connection) == BATCH:
            pass


def rooms(session: Session) -> Sequence[tuple[Any, Any]]:
    """Where events are kept, the newest first, each with the column that orders them: what waits comes after the rest.

    For whoever decides by the log: a change and its event are seen together, numbered or not. Ask in this order: an
    event that is numbered between two statements is then seen twice, and not passed over.
    """
    return _NUMBERED_ROOM if session.get_bind().dialect.name == "sqlite" else _ROOMS


def lead(connection: Connection, *, wait: bool) -> bool:
    """Take the leader's place until the transaction ends; False where another has it and nobody is to wait."""
    return bool(connection.execute(_LEAD if wait else _TRY_TO_LEAD).one()[0] is not False)


def number(connection: Connection) -> int:
    """Number the oldest events that wait, `BATCH` at the most; returns how many. Only for the leader."""
    rows = [dict(row._mapping) for row in connection.execute(_WAITING)]
    if not rows:
        return 0
    places = [row.pop("place") for row in rows]
    values = [_as_told(event["id"], value) for event in rows for value in event.pop("told")]
    _number(connection, rows, values)
    connection.execute(_NUMBERED, {"places": places})
    return len(rows)


def _kept(value: dict[str, Any]) -> dict[str, Any]:
    return {**{name: value[name] for name in ("field", "before", "after")}, "salt": value["salt"].hex()}


def _as_told(event: str, value: dict[str, Any]) -> dict[str, Any]:
    return {**value, "event_id": event, "salt": bytes.fromhex(value["salt"])}


def _number(connection: Connection, events: Sequence[dict[str, Any]], values: Sequence[dict[str, Any]]) -> None:
    # Core tables, not the ORM: every transaction writes the log, and no row of it is used as an object.
    retired, first = _ends(connection)
    stored = _nodes(connection, retired)
    fresh: dict[tuple[int, int], bytes] = {}

    def known(level: int, place: int) -> bytes:
        return fresh.get((level, place)) or stored(level, place)

    for seq, event in enumerate(events, start=first):
        event["seq"] = seq
        event["leaf"] = leaf = merkle.leaf_hash(envelope(event))
        for level, place, node in merkle.completed(seq, leaf, known):
            fresh[level, place] = node
    _widen_spans(connection, events)
    append_rows(connection, EventRow, events)
    inner = [{"level": level, "place": place, "hash": node} for (level, place), node in fresh.items() if level]
    append_rows(connection, NodeRow, inner)
    append_rows(connection, PayloadRow, values)


def _widen_spans(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    spans: dict[int, dict[str, Any]] = {}
    for row in rows:
        place, at = row["seq"] // STRETCH, row["at"]
        span = spans.setdefault(place, {"place": place, "first_at": at, "last_at": at})
        span["first_at"], span["last_at"] = min(span["first_at"], at), max(span["last_at"], at)
    connection.execute(_widening(connection.dialect.name), list(spans.values()))


@cache
def _widening(dialect: str) -> Any:
    upsert = (sqlite if dialect == "sqlite" else postgresql).insert(SpanRow)
    first, last = upsert.excluded.first_at, upsert.excluded.last_at
    wider = {
        "first_at": case((first < SpanRow.first_at, first), else_=SpanRow.first_at),
        "last_at": case((last > SpanRow.last_at, last), else_=SpanRow.last_at),
    }
    return upsert.on_conflict_do_update(index_elements=[SpanRow.place], set_=wider)


def waiting_since(session: Session) -> datetime | None:
    """When the oldest event was written that has no number yet."""
    return session.scalar(select(func.min(WaitingEventRow.at)))


def size(session: Session) -> int:
    """How many events the log holds."""
    return _ends(session.connection())[1]


def start(session: Session) -> int:
    """The number of the first event that was not retired."""
    return _ends(session.connection())[0]


def _ends(connection: Connection) -> tuple[int, int]:
    retired, last = connection.execute(_ENDS).one()
    return retired or 0, (retired or 0) if last is None else last + 1


def nodes(session: Session) -> Nodes:
    """Reads the tree: leaves from the events, the rest from its own table. Raises KeyError for what is not there."""
    return _nodes(session.connection(), start(session))


def _nodes(connection: Connection, retired: int) -> Nodes:
    def node(level: int, place: int) -> bytes:
        if level or place < retired:
            found = connection.scalar(_INNER, {"level": level, "place": place})
        else:
            found = connection.scalar(_LEAF, {"place": place})
        if found is None:
            raise KeyError((level, place))
        return found

    return node


def everything(
    session: Session, start: int = 0, batch: int = 2000
) -> Iterator[tuple[dict[str, Any], list[dict[str, Any]]]]:
    """Every event from a number on, read a batch at a time."""
    while True:
        rows = session.execute(
            select(*EventRow.__table__.columns).where(EventRow.seq >= start).order_by(EventRow.seq).limit(batch)
        ).all()
        if not rows:
            return
        ids = [row.id for row in rows]
        values: dict[str, list[dict[str, Any]]] = {}
        for value in session.execute(
            select(*PayloadRow.__table__.columns).where(PayloadRow.event_id.in_(ids)).order_by(PayloadRow.field)
        ):
            values.setdefault(value.event_id, []).append(dict(value._mapping))
        for row in rows:
            yield dict(zip(COLUMNS, row, strict=True)), values.get(row.id, [])
        start = rows[-1].seq + 1
