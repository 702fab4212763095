"""The database: one engine, two kinds of transaction; and the turn of the log's leader after one.

`reading()` sees one snapshot and writes nothing; `writing()` holds the one writer's place from its first statement,
so two writers queue up instead of failing half-way ("database is locked" comes from a reader that turns writer; on
PostgreSQL two that do the same at once would trip over each other's rows). On PostgreSQL there is room in that place
for many that write little (`beside.py`). Writing is short: no network call is in it.
Both end with the block: commit if it ends well, roll back if it raises. No transaction is held across a network call.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, bindparam, create_engine, event, func, make_url, select, true
from sqlalchemy.exc import ArgumentError, DatabaseError
from sqlalchemy.orm import Session
from sqlalchemy.pool import StaticPool

from sharesync.errors import SettingsError
from sharesync.store.database import event_log, migrating
from sharesync.store.database.beside import Beside, take_place

__all__ = ["Database", "Session"]
"""`Session` too: what the upper floors hold in their hands without knowing SQL."""

BUSY_SECONDS = 120
"""How long a writer waits for its place on SQLite: longer than any transaction takes, also on a machine under load."""
CONNECTIONS = 15
"""Where nobody says how many are needed."""
LEADER_SECONDS = 10
"""How long a process may hold the log's leader's place without a word, and how long somebody waits for it."""
LOG = logging.getLogger("sharesync")


class Database:
    """Where everything is kept. Safe to share between threads."""

    def __init__(self, url: str, *, connections: int = CONNECTIONS) -> None:
        """`connections`: how many transactions may be open at once; another waits for one of them to end.

        Raises SettingsError for a URL that SQLAlchemy cannot read or a database that is neither of the two."""
        try:
            parsed = make_url(url)
        except ArgumentError:
            raise SettingsError(
                "SHARESYNC_DATABASE_URL", "SHARESYNC_DATABASE_URL is not an SQLAlchemy URL such as sqlite:///var/x.db."
            ) from None
        if parsed.get_backend_name() not in ("sqlite", "postgresql"):
            raise SettingsError(
                "SHARESYNC_DATABASE_URL",
                "SHARESYNC_DATABASE_URL names neither SQLite nor PostgreSQL; use one of these.",
            )
        self.file = _file(parsed)
        """Where SQLite keeps it."""
        # A connection is asked whether it lives before it is used: the server may have been started anew meanwhile.
        pool = {"pool_size": connections, "max_overflow": 0, "pool_pre_ping": True}
        self.engine = (
            _sqlite(url, None if self.file is None else pool)
            if parsed.get_backend_name() == "sqlite"
            else _postgresql(url, pool)
        )
        self._writer = self.engine.execution_options(writes=True)  # for whoever listens to its transactions
        if self.engine.dialect.name == "postgresql":
            self.engine = self.engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A transaction that only reads."""
        with Session(self.engine, autoflush=False) as session, session.begin():
            _begin(session.connection())
            yield session

    @contextmanager
    def writing(self, beside: Beside | None = None) -> Iterator[Session]:
        """A transaction that may write; all or nothing.

        `beside`: what alone it writes, so that it goes beside others where the database has room for that. Without it
        nobody else writes meanwhile.
        """
        with Session(self._writer, autoflush=False) as session, session.begin():
            _begin(session.connection(), to_write=True, beside=beside)
            yield session

    @contextmanager
    def reading_log(self) -> Iterator[Session]:
        """A transaction that only reads, and sees the log whole: for who lists, signs or checks it."""
        with ExitStack() as opened:
            with self._whole_log():
                session = opened.enter_context(self.reading())
                session.execute(select(1))  # what it sees is settled now
            yield session

    @contextmanager
    def _whole_log(self) -> Iterator[None]:
        if not self.numbers_later:
            yield
            return
        with self.writing():  # nothing is committed meanwhile
            self.number(wait=True)
            yield

    def number(self, *, wait: bool = False) -> None:
        """Number the events that wait (`event_log.py`); called after every commit, and by the clock for what is left.

        Where another leads just now, it does it: `wait` for its end and number what came after. What goes wrong is told
        of in the log and left to the next turn: what was committed stands, whether it has its number or not.
        """
        if not self.numbers_later:
            return
        try:
            while True:
                with self._writer.begin() as connection:
                    _guard(connection, LEADER_SECONDS)
                    if not event_log.lead(connection, wait=wait) or event_log.number(connection) < event_log.BATCH:
                        return
        except DatabaseError as error:
            LOG.warning("the log's events are numbered later (%s)", type(error.orig).__name__)

    @property
    def numbers_later(self) -> bool:
        """Whether events get their number after the commit: not where there is one writer."""
        return self.engine.dialect.name != "sqlite"

    @property
    def place(self) -> str:
        """Which database this is, for people: its file, or its address without the password."""
        return str(self.file) if self.file else self.engine.url.render_as_string()

    def migrate(self) -> None:
        """Create the tables or bring them up to date (`migrations/`).

        Raises SettingsError if it cannot be reached, or is a newer release's.
        """
        if self.file:
            _make(self.file.parent)
        try:
            with self.engine.connect() as connection:
                applied = migrating.applied(connection)
            if applied and applied > migrating.head():
                raise SettingsError(
                    "SHARESYNC_DATABASE_URL",
                    "The database in SHARESYNC_DATABASE_URL belongs to a newer release of sharesync; install that one"
                    " here, too.",
                )
            if applied != migrating.head():
                self._migrate()
        except DatabaseError as error:
            raise SettingsError(
                "SHARESYNC_DATABASE_URL",
                f"The database cannot be opened ({type(error.orig).__name__}); check SHARESYNC_DATABASE_URL and that it"
                " may be written.",
            ) from None

    def _migrate(self) -> None:
        """Migrate in one transaction; begin again where readers had to go first (PostgreSQL)."""
        until = time.monotonic() + BUSY_SECONDS
        while True:
            try:
                with self._writer.begin() as connection:
                    _begin(connection, to_write=True)
                    migrating.migrate(connection)
                return
            except DatabaseError as error:
                if not migrating.gave_way(error) or time.monotonic() > until:
                    raise

    def forget(self) -> None:
        """Make what was deleted leave the files, too: SQLite's write-ahead log is carried over and emptied.

        Best effort: while others read, it is done with the next call, or when the last of them closes.
        """
        if self.engine.dialect.name == "sqlite":
            connection = self.engine.raw_connection()  # outside any transaction
            try:
                connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
            finally:
                connection.close()

    def close(self) -> None:
        """Give every connection back."""
        self.engine.dispose()


def _begin(connection: Connection, *, to_write: bool = False, beside: Beside | None = None) -> None:
    """Begin in earnest, and take the writer's place. No listener: one would be looked for at every statement."""
    connection.info["beside"] = beside  # for tests that look at what it writes
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE" if to_write else "BEGIN")
    elif to_write:
        _guard(connection, BUSY_SECONDS)
        take_place(connection, beside)


_GUARD = select(
    func.set_config("idle_in_transaction_session_timeout", bindparam("most"), true()),
    func.set_config("lock_timeout", bindparam("most"), true()),
)


def _guard(connection: Connection, seconds: int) -> None:
    """Make the server end this transaction if it falls silent, or waits, for so long.

    A process that was stopped, or whose machine is gone, would keep its place, and everybody waiting, for good.
    """
    connection.execute(_GUARD, {"most": f"{seconds}s"})


def _file(url: URL) -> Path | None:
    if url.get_backend_name() != "sqlite" or not url.database or url.database == ":memory:":
        return None
    return Path(url.database)


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(
            "SHARESYNC_DATABASE_URL",
            f"The folder of the database in SHARESYNC_DATABASE_URL cannot be made ({error.strerror}).",
        ) from None


def _postgresql(url: str, pool: Mapping[str, Any]) -> Engine:
    engine = create_engine(url, **pool)

    @event.listens_for(engine, "connect")
    def _open(connection: Any, _record: object) -> None:
        # The server would compile what it guesses to be dear, anew each time: half of what a page then waits for. It
        # guesses too high where a condition is seldom asked to its end.
        connection.autocommit = True
        connection.execute("SET jit = off")
        connection.autocommit = False

    return engine


def _sqlite(url: str, pool: Mapping[str, Any] | None) -> Engine:
    """`pool`: None for a database in memory, which has one connection."""
    if pool is None:
        engine = create_engine(url, poolclass=StaticPool, connect_args={"check_same_thread": False})
    else:
        engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS}, **pool)

    @event.listens_for(engine, "connect")
    def _open(connection: Any, _record: object) -> None:
        # Transactions are begun by `_begin`; sqlite3's own habit would begin them too late.
        connection.isolation_level = None
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA cache_size = -8192")
        # What is erased must not stay readable in the file's free space.
        connection.execute("PRAGMA secure_delete = ON")

    return engine
