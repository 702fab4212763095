"""Where a history's database lies, and what the house reads there past our own code.

In memory; or, where SHARESYNC_TESTS_ON says so, in a PostgreSQL cluster: slower, with the locks that many workers take.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from functools import cache
from typing import Any, Protocol

import psycopg

from sharesync.store.database.engine import Database
from sharesync.store.database.keys import ensure
from sharesync.store.upgrading import upgrade
from tests.kept import json_as_text, words
from tests.postgres import Cluster, on_postgres


class Beneath(Protocol):
    """A database for one history after the other."""

    @property
    def url(self) -> str: ...

    def empty(self, database: Database) -> None:
        """Make the service's database as it is on the first day."""

    def query(self, sql: str, values: Sequence[object]) -> list[Any]:
        """Rows, as they are committed."""


class InMemory:
    """SQLite: the service's one connection is the house's, too."""

    url = "sqlite://"
    _connection: sqlite3.Connection

    def empty(self, database: Database) -> None:
        self._connection = _raw(database)
        _foundation().backup(self._connection)

    def query(self, sql: str, values: Sequence[object]) -> list[Any]:
        return self._connection.execute(sql, values).fetchall()


class InCluster:
    """PostgreSQL: each history gets a copy of the foundation, under the same name."""

    _NAME = "history"

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._foundation = cluster.create()
        _set_up(Database(cluster.url(self._foundation))).close()
        self.url = cluster.url(self._NAME)
        cluster.create(self._foundation, self._NAME)
        self._connection: psycopg.Connection[Any] | None = None

    def empty(self, database: Database) -> None:
        database.close()
        if self._connection:
            self._connection.close()
        self._cluster.drop(self._NAME)
        self._cluster.create(self._foundation, self._NAME)
        self._connection = psycopg.connect(self._cluster.dsn(self._NAME), autocommit=True)
        json_as_text(self._connection)

    def query(self, sql: str, values: Sequence[object]) -> list[Any]:
        assert self._connection
        return self._connection.execute(words(sql), values).fetchall()


@cache
def beneath() -> Beneath:
    """One for all histories of this process."""
    cluster = on_postgres()
    return InCluster(cluster) if cluster else InMemory()


def _set_up(database: Database) -> Database:
    upgrade(database)
    with database.writing() as session:
        ensure(session)
    return database


@cache
def _foundation() -> sqlite3.Connection:
    """An empty database with its tables, to be copied."""
    return _raw(_set_up(Database("sqlite://")))


def _raw(database: Database) -> sqlite3.Connection:
    """The one connection of a database in memory."""
    connection = database.engine.raw_connection().driver_connection
    assert isinstance(connection, sqlite3.Connection)
    return connection
