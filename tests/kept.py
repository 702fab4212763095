"""Where a House's database lies: a file, or a database of a cluster; kept as it stands, and brought back."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, Protocol

import psycopg
from psycopg.types.json import set_json_loads
from sqlalchemy import event

from sharesync.store.database.engine import Database
from tests.postgres import Cluster, on_postgres


class Kept(Protocol):
    """A database that a House can turn back."""

    @property
    def url(self) -> str: ...

    def open(self) -> Database:
        """The service's way to it."""

    def save(self) -> Any:
        """How everything stands now."""

    def restore(self, saved: Any) -> None:
        """Everything as it stood then; nobody is connected."""

    def query(self, sql: str, values: Sequence[object]) -> list[Any]:
        """Rows, read past our own code."""

    def change(self, sql: str, values: Sequence[object]) -> None:
        """Write into it behind our own code's back."""

    def tamper(self, *statements: str) -> None:
        """What a database owner does: triggers off, then as they like, and the triggers back."""

    def tables(self) -> list[str]:
        """Every table's name."""


class File:
    """SQLite."""

    _opened: Database | None = None

    def __init__(self, path: Path) -> None:
        self.path = path
        path.touch(mode=0o600)

    @property
    def url(self) -> str:
        return f"sqlite:///{self.path}"

    def open(self) -> Database:
        database = Database(self.url)
        # No test pulls the plug of the machine, and a process that is killed leaves its writes to the system.
        event.listen(database.engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous = OFF"))
        self._opened = database
        return database

    def save(self) -> bytes:
        with closing(sqlite3.connect(self.path)) as connection:
            return connection.serialize()

    def restore(self, saved: bytes) -> None:
        for ending in ("-wal", "-shm"):
            self.path.with_name(self.path.name + ending).unlink(missing_ok=True)
        self.path.write_bytes(saved)

    def query(self, sql: str, values: Sequence[object]) -> list[Any]:
        # By the service's connections: to open one takes fifty times as long as to ask; it reads every table's shape.
        opened = self._opened or self.open()
        with closing(opened.engine.raw_connection()) as connection:
            return list(connection.cursor().execute(sql, values))

    def change(self, sql: str, values: Sequence[object]) -> None:
        with closing(sqlite3.connect(self.path)) as connection, connection:
            connection.execute(sql, values)

    def tamper(self, *statements: str) -> None:
        triggers = self.query("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'", ())
        off = [f"DROP TRIGGER {name}" for name, _ in triggers]
        with closing(sqlite3.connect(self.path)) as connection:
            connection.executescript(";".join(["BEGIN", *off, *statements, *(sql for _, sql in triggers), "COMMIT"]))

    def tables(self) -> list[str]:
        return [name for (name,) in self.query("SELECT name FROM sqlite_master WHERE type = 'table'", ())]


class InCluster:
    """PostgreSQL: what is saved is a copy of the database, by its name."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self.name = cluster.create()

    @property
    def url(self) -> str:
        return self._cluster.url(self.name)

    def open(self) -> Database:
        return Database(self.url)

    def save(self) -> str:
        self.disconnect()
        return self._cluster.create(self.name)

    def restore(self, saved: str) -> None:
        self._cluster.drop(self.name)
        self._cluster.create(saved, self.name)

    def query(self, sql: str, values: Sequence[object]) -> list[Any]:
        with psycopg.connect(self._cluster.dsn(self.name)) as connection:
            json_as_text(connection)
            return connection.execute(words(sql), values).fetchall()

    def change(self, sql: str, values: Sequence[object]) -> None:
        with psycopg.connect(self._cluster.dsn(self.name)) as connection:
            connection.execute(words(sql), values)

    def tamper(self, *statements: str) -> None:
        with psycopg.connect(self._cluster.dsn(self.name)) as connection:
            for statement in ("SET session_replication_role = replica", *statements):
                connection.execute(statement.encode())

    def tables(self) -> list[str]:
        return [name for (name,) in self.query("SELECT tablename FROM pg_tables WHERE schemaname = 'public'", ())]

    def disconnect(self) -> None:
        """A database that is copied has nobody connected."""
        with psycopg.connect(self._cluster.dsn("postgres"), autocommit=True) as connection:
            connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [self.name])


def where_houses_stand() -> InCluster | None:
    """A database of the cluster, where SHARESYNC_TESTS_ON says so; else a file of each House's folder."""
    cluster = on_postgres()
    return InCluster(cluster) if cluster else None


def json_as_text(connection: psycopg.Connection[Any]) -> None:
    """Give what SQLite gives."""
    set_json_loads(lambda data: data if isinstance(data, str) else data.decode(), connection)


def words(sql: str) -> bytes:
    """The same statement as psycopg takes it."""
    return sql.replace("%", "%%").replace("?", "%s").encode()
