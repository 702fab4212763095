"""Health: whether the database has today's tables and can be written, asked without changing anything."""

from __future__ import annotations

from contextlib import suppress

from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from sharesync.store.database import MIGRATIONS, Database


def is_current(database: Database) -> bool | None:
    """Whether every migration has been applied; None where the database cannot be read."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    try:
        with database.engine.connect() as connection:
            applied = MigrationContext.configure(connection).get_current_heads()
    except DatabaseError:
        return None
    return set(applied) == set(ScriptDirectory.from_config(config).get_heads())


def is_writable(database: Database) -> bool:
    """Whether the one writer's place can be taken and something be written there; nothing of it stays."""
    try:
        with suppress(_Seen), database.writing() as session:
            session.execute(text("CREATE TABLE sharesync_doctor (one INTEGER)"))
            raise _Seen
    except DatabaseError:
        return False
    return True


class _Seen(Exception):
    """Ends the transaction, so that nothing of it stays."""
