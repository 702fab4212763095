"""Upgrading: what a release asks of the database, done once by the first process that opens it.

Nearly every start finds all of it done and asks three cheap questions. Alembic, and what compares contacts, are
imported only where there is something to do.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

from sqlalchemy import Connection, inspect, text
from sqlalchemy.orm import Session

MIGRATIONS = Path(__file__).resolve().parents[3] / "migrations"


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
    """Apply the migrations that are missing, within the caller's transaction."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


_UNDERIVED = text("SELECT 1 FROM contacts WHERE sort_en IS NULL LIMIT 1")
_UNCOMPARED = text("SELECT 1 FROM contacts WHERE erased_at IS NULL AND NOT EXISTS (SELECT 1 FROM signs) LIMIT 1")


Writing = Callable[[], AbstractContextManager[Session]]


def underived(session: Session) -> list[Callable[[Writing], None]]:
    """What makes anew what is kept beside cards and is missing: a release brought it, or the last start was cut off."""
    missing = ((_UNDERIVED, _derive), (_UNCOMPARED, _compare))
    return [make for question, make in missing if session.scalar(question)]


def _derive(writing: Writing) -> None:
    from sharesync.store.records import derived_columns

    more = True
    while more:
        with writing() as session:
            more = derived_columns.fill(session)


def _compare(writing: Writing) -> None:
    from sharesync.store.records import likeness_index

    with writing() as session:
        likeness_index.ensure(session)
