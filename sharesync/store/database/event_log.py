"""The log: events numbered without a gap and bound into a Merkle tree, in the transaction that writes them.

There is one writer's place in the database (`engine.py`), so numbers and tree are made where the events are made: no
event waits for its number, and none can be slipped in between. Rejected: a sequencer of its own, which numbers later
what was written before; it buys parallel writers that nothing here has, and for a while the log is not whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Dialect, Enum, Text, bindparam, case, column, func, insert, select, table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from sharesync.model import merkle
from sharesync.model.audit import envelope
from sharesync.model.merkle import Nodes
from sharesync.store.database.tables import EventRow, NodeRow, PayloadRow, RetirementRow, SpanRow, Table

COLUMNS = tuple(column.key for column in EventRow.__table__.columns)
STRETCH = 1024
"""Events whose times are summed up in one row."""


class _Appending:
    """An insert of rows by plain values: enums are words already, as they are in the envelope that is hashed.

    It is compiled once, and its rows are handed to the driver as they are: to bind them one by one would take as long
    as to write them. OR FAIL, and triggers that do the same: to be able to undo a single statement, SQLite would copy
    each page of the table and its indexes first; the whole transaction is undone where one fails.
    """

    def __init__(self, rows: type[Table], dialect: Dialect) -> None:
        plain = [column(one.key, Text() if isinstance(one.type, Enum) else one.type) for one in rows.__table__.columns]
        statement = insert(table(rows.__tablename__, *plain)).prefix_with("OR FAIL", dialect="sqlite")
        compiled = statement.compile(dialect=dialect)
        self._sql, self._in_order = compiled.string, compiled.positional
        self._values = itemgetter(*(one.key for one in plain))
        told = ((one.key, one.type.dialect_impl(dialect).bind_processor(dialect)) for one in plain)
        self._binds = [(name, bind) for name, bind in told if bind]

    def __call__(self, connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
        for row in rows:
            for name, bind in self._binds:
                row[name] = bind(row[name])
        given: Any = [self._values(row) for row in rows] if self._in_order else rows
        connection.exec_driver_sql(self._sql, given)


@cache
def _appending(rows: type[Table], dialect: Dialect) -> _Appending:
    return _Appending(rows, dialect)


_PAYLOADS = insert(PayloadRow)
_ENDS = select(select(func.max(RetirementRow.size)).scalar_subquery(), select(func.max(EventRow.seq)).scalar_subquery())
_INNER = select(NodeRow.hash).where(NodeRow.level == bindparam("level"), NodeRow.place == bindparam("place"))
_LEAF = select(EventRow.leaf).where(EventRow.seq == bindparam("place"))


def append(session: Session, events: Sequence[dict[str, Any]], values: Sequence[dict[str, Any]]) -> None:
    """Write events in order, complete but for `seq` and `leaf`, and their values."""
    if not events:
        return
    # Tables, not the mapper: the log is written by every transaction, and nothing in it is an object.
    connection = session.connection()
    retired, first = _ends(session)
    stored = _nodes(connection, retired)
    fresh: dict[tuple[int, int], bytes] = {}

    def known(level: int, place: int) -> bytes:
        return fresh.get((level, place)) or stored(level, place)

    for seq, event in enumerate(events, start=first):
        event["seq"] = seq
        event["leaf"] = leaf = merkle.leaf_hash(envelope(event))
        for level, place, node in merkle.completed(seq, leaf, known):
            fresh[level, place] = node
    _widen_spans(session, events)
    _appending(EventRow, connection.dialect)(connection, events)
    inner = [{"level": level, "place": place, "hash": node} for (level, place), node in fresh.items() if level]
    if inner:
        _appending(NodeRow, connection.dialect)(connection, inner)
    if values:
        connection.execute(_PAYLOADS, values)


def _widen_spans(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    spans: dict[int, dict[str, Any]] = {}
    for row in rows:
        place, at = row["seq"] // STRETCH, row["at"]
        span = spans.setdefault(place, {"place": place, "first_at": at, "last_at": at})
        span["first_at"], span["last_at"] = min(span["first_at"], at), max(span["last_at"], at)
    session.connection().execute(_widening(session.get_bind().dialect.name), list(spans.values()))


@cache
def _widening(dialect: str) -> Any:
    upsert = (sqlite if dialect == "sqlite" else postgresql).insert(SpanRow)
    first, last = upsert.excluded.first_at, upsert.excluded.last_at
    wider = {
        "first_at": case((first < SpanRow.first_at, first), else_=SpanRow.first_at),
        "last_at": case((last > SpanRow.last_at, last), else_=SpanRow.last_at),
    }
    return upsert.on_conflict_do_update(index_elements=[SpanRow.place], set_=wider)


def size(session: Session) -> int:
    """How many events the log holds."""
    return _ends(session)[1]


def start(session: Session) -> int:
    """The number of the first event that was not retired."""
    return _ends(session)[0]


def _ends(session: Session) -> tuple[int, int]:
    retired, last = session.connection().execute(_ENDS).one()
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
