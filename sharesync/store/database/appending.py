"""Appending: new rows by the hundred; binding each value would take longer than writing the rows."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from operator import itemgetter
from typing import Any

from sqlalchemy import ColumnClause, Connection, Dialect, Enum, Text, column, insert, table

from sharesync.store.database.tables import Table


def append_rows(connection: Connection, rows_of: type[Table], rows: Sequence[dict[str, Any]]) -> None:
    """Write new rows, which all name the same columns, enums by their values; they are bound in place.

    Where one cannot be written, those before it may be: the transaction, or the savepoint, must be undone.
    """
    if rows:
        _appending(rows_of, tuple(rows[0]), connection.dialect)(connection, rows)


def plain_columns(rows_of: type[Table]) -> dict[str, ColumnClause[Any]]:
    """Columns by plain values: enums as the words that they are in the envelope of an event that is hashed."""
    columns = rows_of.__table__.columns
    return {one.key: column(one.key, Text() if isinstance(one.type, Enum) else one.type) for one in columns}


class _Appending:
    """An insert of rows by plain values.

    It is compiled once, and its rows are handed to the driver as they are. OR FAIL, and triggers that do the same: to
    be able to undo a single statement, SQLite would copy each page of the table and its indexes first.
    """

    def __init__(self, rows_of: type[Table], names: tuple[str, ...], dialect: Dialect) -> None:
        known = plain_columns(rows_of)
        plain = [known[name] for name in names]
        statement = insert(table(rows_of.__tablename__, *plain)).prefix_with("OR FAIL", dialect="sqlite")
        compiled = statement.compile(dialect=dialect)
        self._sql, self._in_order = compiled.string, compiled.positional
        self._values = itemgetter(*names)
        told = ((one.key, one.type.dialect_impl(dialect).bind_processor(dialect)) for one in plain)
        self._binds = [(name, bind) for name, bind in told if bind]

    def __call__(self, connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
        for row in rows:
            for name, bind in self._binds:
                row[name] = bind(row[name])
        given: Any = [self._values(row) for row in rows] if self._in_order else rows
        connection.exec_driver_sql(self._sql, given)


_appending = cache(_Appending)
