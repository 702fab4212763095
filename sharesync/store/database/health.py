"""Health: whether the database has today's tables and can be written, found out without changing anything."""

from __future__ import annotations

from contextlib import suppress
from enum import Enum

from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from sharesync.store.database import migrating
from sharesync.store.database.engine import Database


class Tables(Enum):
    """What a database holds of ours."""

    MISSING = "missing"
    """Nothing: there is no file, or no migration was ever applied."""
    OUTDATED = "outdated"
    """The tables of another version."""
    CURRENT = "current"
    """Every migration has been applied."""
    UNREADABLE = "unreadable"
    """It is no database, or nobody answers."""


def tables(database: Database) -> Tables:
    """What the database holds of ours. Neither makes a file nor touches an empty one, as opening it would."""
    if (file := database.file) and not (file.exists() and file.stat().st_size):
        return Tables.MISSING
    try:
        with database.engine.connect() as connection:
            applied = migrating.applied(connection)
    except DatabaseError:
        return Tables.UNREADABLE
    if applied == migrating.head():
        return Tables.CURRENT
    return Tables.OUTDATED if applied else Tables.MISSING


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
