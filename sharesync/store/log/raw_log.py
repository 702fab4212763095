"""The log exactly as it lies in the database, for the check that it is whole.

Types are forgiving: they read a time with another separator, JSON with other blanks, a text kept as bytes. On SQLite,
where all of that can lie in a file, a value counts as read only if writing it would give back the very same bytes.
PostgreSQL keeps times and JSON in forms of its own, so there is nothing to forgive.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Dialect, Integer, LargeBinary, Text, func, select, type_coerce
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.types import NullType

from sharesync.store.database.tables import EventRow, NodeRow, PayloadRow, RetirementRow, SpanRow, Table

RETIREMENTS: Mapping[str, Any] = dict(RetirementRow.__table__.columns)
EVENTS: Mapping[str, Any] = dict(EventRow.__table__.columns)
VALUES: Mapping[str, Any] = dict(PayloadRow.__table__.columns)
BATCH = 2000


@dataclass(frozen=True, slots=True)
class Found:
    """An event and its values; None stands for what cannot be read."""

    seq: int
    event: dict[str, Any] | None
    values: list[dict[str, Any]] | None


def everything(session: Session, start: int) -> Iterator[Found]:
    """Every event from a number on, in order."""
    while True:
        seqs = session.scalars(
            select(EventRow.seq).where(EventRow.seq >= start).order_by(EventRow.seq).limit(BATCH)
        ).all()
        if not seqs:
            return
        try:
            yield from _some(session, seqs)
        except DBAPIError:  # one that is no text spoils the batch
            for seq in seqs:
                try:
                    yield from list(_some(session, [seq]))
                except DBAPIError:
                    yield Found(seq, None, None)
        start = seqs[-1] + 1


def _some(session: Session, seqs: Sequence[int]) -> Sequence[Found]:
    read = _Reader(session.get_bind().dialect)
    events = read.rows(session, EVENTS, EventRow.seq.between(seqs[0], seqs[-1]), EventRow.seq)
    ids = [event["id"] for event in events if event]
    values: dict[str, list[dict[str, Any]] | None] = {}
    for value in read.rows(session, VALUES, PayloadRow.event_id.in_(ids), PayloadRow.event_id, PayloadRow.field):
        if value is None:
            return _one_by_one(session, seqs)
        held = values.setdefault(value["event_id"], [])
        if held is not None:
            held.append(value)
    return [
        Found(seq, event, values.get(event["id"], []) if event else None)
        for seq, event in zip(seqs, events, strict=True)
    ]


def _one_by_one(session: Session, seqs: Sequence[int]) -> Sequence[Found]:
    """Where a value cannot be read: whose it is."""
    if len(seqs) > 1:
        return [found for seq in seqs for found in _some(session, [seq])]
    read = _Reader(session.get_bind().dialect)
    (event,) = read.rows(session, EVENTS, EventRow.seq == seqs[0], EventRow.seq)
    return [Found(seqs[0], event, None)]


def nodes(session: Session, level: int) -> Iterator[tuple[int, bytes]]:
    """The tree's hashes of one level, from the first place on; they end where one is no hash."""
    place = 0
    while True:
        query = select(NodeRow.place, NodeRow.hash).where(NodeRow.level == level, NodeRow.place >= place)
        rows = session.execute(query.order_by(NodeRow.place).limit(BATCH)).all()
        if not rows:
            return
        for row in rows:
            if not isinstance(row.hash, bytes) or not isinstance(row.place, int):
                return
            yield row.place, row.hash
        place = rows[-1].place + 1


def retirements(session: Session) -> dict[int, dict[str, Any] | None]:
    """What is kept of every retirement, by the number below which events went; None for what cannot be read."""
    found: dict[int, dict[str, Any] | None] = {}
    read = _Reader(session.get_bind().dialect)
    for size in session.scalars(select(RetirementRow.size).order_by(RetirementRow.size)).all():
        try:
            (found[size],) = read.rows(session, RETIREMENTS, RetirementRow.size == size)
        except DBAPIError:
            found[size] = None
    return found


def spans(session: Session) -> dict[int, tuple[Any, Any]] | None:
    """The times of each stretch of the log; None where they cannot be read."""
    try:
        return {row.place: (row.first_at, row.last_at) for row in session.execute(select(*SpanRow.__table__.columns))}
    except (DBAPIError, ValueError, TypeError):
        return None


def leads_astray(session: Session) -> bool:
    """Whether an index of the log's tables misses a row, so that lists would leave events out.

    SQLite alone can tell; its file can be written by hand, index by index.
    """
    if session.get_bind().dialect.name != "sqlite":
        return False
    told = (
        session.connection().exec_driver_sql(f"PRAGMA integrity_check({table.__tablename__})").scalars().all()
        for table in (EventRow, PayloadRow, NodeRow, SpanRow)
    )
    return any(one != ["ok"] for one in told)


def count(session: Session, table: type[Table]) -> int:
    """How many rows a table has."""
    return session.scalar(select(func.count()).select_from(table)) or 0


class _Reader:
    """Reads rows as the types would, and tells what they would let pass."""

    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect

    def rows(
        self, session: Session, columns: Mapping[str, Any], where: Any, *order: Any
    ) -> list[dict[str, Any] | None]:
        """Rows by column name; None for one that is not exactly what we would have written."""
        if self.dialect.name != "sqlite":
            typed = session.execute(select(*columns.values()).where(where).order_by(*order))
            return [dict(zip(columns.keys(), row, strict=True)) for row in typed]
        raw = session.execute(
            select(*(type_coerce(column, NullType()) for column in columns.values())).where(where).order_by(*order)
        )
        readers = [self._reader(column) for column in columns.values()]
        return [self._row(columns.keys(), readers, row) for row in raw]

    def _row(self, names: Any, readers: Sequence[Any], row: Sequence[Any]) -> dict[str, Any] | None:
        try:
            return {name: read(value) for name, read, value in zip(names, readers, row, strict=True)}
        except (ValueError, TypeError, LookupError, AttributeError):
            return None

    def _reader(self, column: Any) -> Any:
        kind: Any = column.type.dialect_impl(self.dialect)
        for plain, python in ((Integer, int), (LargeBinary, bytes), (Text, str)):
            if type(column.type) is plain:
                return lambda value: _checked(value, right=value is None or type(value) is python)
        result, bind = kind.result_processor(self.dialect, None), kind.bind_processor(self.dialect)

        def read(value: Any) -> Any:
            found = result(value) if result else value
            back = bind(found) if bind else found
            return _checked(found, right=back == value and type(back) is type(value))

        return read


def _checked(value: Any, *, right: bool) -> Any:
    if not right:
        raise ValueError("not as we would have written it")
    return value
