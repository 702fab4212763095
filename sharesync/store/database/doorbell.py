"""Where the doorbell's queue lies: Procrastinate's tables, in a schema of their own.

Nothing in it is worth keeping: what is due stands in the mailboxes' rows. So its tables are no part of our migrations.
The schema is called after the version that made it: while a worker of the release before still runs, each has its own.
"""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

from sqlalchemy import text

from sharesync.store.database.engine import Database

_ALL = text("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'doorbell\\_%'")


def schema() -> str:
    """The schema of this release."""
    return f"doorbell_{version('procrastinate').replace('.', '_')}"


def prepare(database: Database) -> None:
    """Make the queue's tables where there are none, and take away those of a release of which no worker lives."""
    from procrastinate.schema import SchemaManager

    with database.writing() as session:
        connection, ours = session.connection(), schema()
        there = set(connection.scalars(_ALL))
        for other in there - {ours}:
            name = connection.dialect.identifier_preparer.quote(other)
            living = f"FROM {name}.procrastinate_workers WHERE last_heartbeat > now() - interval '1 minute'"
            if connection.scalar(text(f"SELECT 1 {living}")) is None:
                connection.execute(text(f"DROP SCHEMA {name} CASCADE"))
        if ours not in there:
            connection.execute(text(f"CREATE SCHEMA {ours}"))
            connection.execute(text(f"SET LOCAL search_path TO {ours}"))
            raw: Any = connection.connection.driver_connection
            raw.execute(SchemaManager.get_schema())  # many statements, which SQLAlchemy would take for one


def pool(database: Database, *, connections: int) -> dict[str, Any]:
    """How psycopg's own pool reaches the queue: that many connections at the most."""
    _, told = database.engine.dialect.create_connect_args(database.engine.url)
    options = f"{told.pop('options', '')} -c search_path={schema()}".strip()
    return {"min_size": 1, "max_size": connections, "kwargs": {**told, "options": options}}
