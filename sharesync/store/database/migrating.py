"""Migrating: which tables there are, and bringing them up to date. Alembic is imported only where it has work."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, inspect, text

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
