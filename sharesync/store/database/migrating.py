"""Migrating: which tables there are, and bringing them up to date. Alembic is imported only where it has work.

On PostgreSQL processes of the release before read and write meanwhile. Who writes waits for the migration, which is
alone. Who reads takes no place, and holds each table from when it first looks at it: so reader and migration could each
wait for a table that the other holds, and the server would end one of them. A migration therefore takes all tables
before it changes any, waits for less than the second after which the server looks for such rings, and gives way.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import DatabaseError

MIGRATIONS = Path(__file__).resolve().parents[3] / "migrations"


LOCK_NOT_AVAILABLE = "55P03"
"""PostgreSQL's word for somebody who waited for a lock as long as they were to."""
GIVES_WAY_AFTER_MS = 500
"""Half of PostgreSQL's `deadlock_timeout`."""


def head() -> str:
    """The newest migration's number: they follow each other in one line, and each file's name begins with its own."""
    return max(file.name.partition("_")[0] for file in (MIGRATIONS / "versions").glob("[0-9]*_*.py"))


def applied(connection: Connection) -> str | None:
    """The number of the last migration that was applied; None for a database without tables of ours."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    number: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return number


def migrate(connection: Connection) -> None:
    """Apply the migrations that are missing, within the caller's transaction, alone.

    Raises DatabaseError where it `gave_way`: nothing has been done then, and it is begun again.
    """
    if connection.dialect.name == "postgresql":
        _take_all_tables(connection)
    if applied(connection) == head():  # by another process, while we waited
        return
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def gave_way(error: DatabaseError) -> bool:
    """Whether a migration was ended because others have the tables."""
    return getattr(error.orig, "sqlstate", None) == LOCK_NOT_AVAILABLE


def _take_all_tables(connection: Connection) -> None:
    quote = connection.dialect.identifier_preparer.quote
    tables = ", ".join(map(quote, sorted(inspect(connection).get_table_names())))
    if tables:
        connection.execute(text(f"SET LOCAL lock_timeout = '{GIVES_WAY_AFTER_MS}ms'"))
        connection.execute(text(f"LOCK TABLE {tables}"))
