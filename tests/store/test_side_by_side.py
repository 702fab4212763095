"""An upgrade without a stop: processes of the release before go on while the database is that of this one already."""

import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import inspect, text

from sharesync.errors import SettingsError
from sharesync.store.database import migrating
from sharesync.store.database.engine import Database
from sharesync.store.database.tables import Table
from sharesync.store.upgrading import upgrade
from tests.cli.processes import until
from tests.store.databases import BOTH
from tests.store.stores import opened
from tests.store.test_migrations import migrating as a_connection

WAITING = text(
    "SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database"
    " WHERE NOT l.granted AND d.datname = current_database()"
)
RELEASE_BEFORE = "0044"
"""The newest migration of the release before this one; whoever releases sets it to what is the head then."""


@dataclass
class Schema:
    """What statements hang on."""

    columns: dict[tuple[str, str], Any] = field(default_factory=dict)
    """By table and column, as the database describes it."""
    demands: set[tuple[str, ...]] = field(default_factory=set)
    """What rows must be besides: the kind of demand, the table, and the columns or the condition."""

    @classmethod
    def of(cls, database: Database) -> "Schema":
        found = cls()
        with database.engine.connect() as connection:
            asked = inspect(connection)
            for table in asked.get_table_names():
                found.columns |= {(table, column["name"]): column for column in asked.get_columns(table)}
                unique: list[Any] = [
                    *asked.get_unique_constraints(table),
                    *filter(_is_unique, asked.get_indexes(table)),
                ]
                found.demands |= {("unique", table, *sorted(filter(None, one["column_names"]))) for one in unique}
                found.demands |= {
                    ("refers", table, *one["constrained_columns"]) for one in asked.get_foreign_keys(table)
                }
                found.demands |= {("check", table, one["sqltext"]) for one in asked.get_check_constraints(table)}
        return found


def _is_unique(index: Any) -> bool:
    return bool(index["unique"])


def broken(before: Schema, now: Schema) -> list[str]:
    """What a process that knows the tables as they were before cannot do any more."""
    told = []
    empty = {place for place, column in now.columns.items() if place not in before.columns and column["nullable"]}
    tables = {table for table, _ in before.columns}
    for (table, name), was in before.columns.items():
        column = now.columns.get((table, name))
        if column is None:
            told.append(f"{table}.{name} is gone")
        elif str(column["type"]) != str(was["type"]):
            told.append(f"{table}.{name} is {column['type']}, and was {was['type']}")
        elif was["nullable"] and not column["nullable"]:
            told.append(f"{table}.{name} must not be empty any more")
    for (table, name), column in now.columns.items():
        if table not in tables or (table, name) in before.columns:
            continue
        if not column["nullable"] and column["default"] is None:
            told.append(f"{table}.{name} is new, must not be empty, and has no server default")
    told += [
        f"{' '.join(demand)} is asked of rows that were written without it"
        for demand in sorted(now.demands - before.demands)
        if demand[1] in tables and not empty.intersection((demand[1], name) for name in demand[2:])
    ]
    return told


def test_the_release_before_finds_all_that_it_reads_and_may_write_as_it_did(empty_url: str) -> None:
    with opened(empty_url) as database:
        with a_connection(database) as (_, config):
            command.upgrade(config, RELEASE_BEFORE)
        before = Schema.of(database)
        upgrade(database)
        assert broken(before, Schema.of(database)) == []


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("ALTER TABLE contacts DROP COLUMN title", "contacts.title is gone"),
        ("ALTER TABLE groups RENAME COLUMN name TO title", "groups.name is gone"),
        ("DROP TABLE labels", "labels.mailbox_id is gone"),
        ("CREATE UNIQUE INDEX one_name ON contacts (title)", "unique contacts title is asked of rows"),
        ("ALTER TABLE groups ADD COLUMN more text DEFAULT 'x' NOT NULL", None),
        ("ALTER TABLE groups ADD COLUMN more text", None),
        ("ALTER TABLE groups ADD COLUMN more text REFERENCES contacts (id)", None),
        ("CREATE TABLE more (id text NOT NULL)", None),
    ],
)
def test_a_change_that_would_hinder_it_is_found(database: Database, change: str, told: str | None) -> None:
    before = Schema.of(database)
    with database.writing() as session:
        session.execute(text(change))
    found = broken(before, Schema.of(database))
    assert (told is None and not found) or (told and any(one.startswith(told) for one in found)), found


NEXT = """
import sqlalchemy as sa
from alembic import op

revision, down_revision, branch_labels, depends_on = "9999", "{head}", None, None


def upgrade() -> None:
    for table in sa.inspect(op.get_bind()).get_table_names():
        op.add_column(table, sa.Column("of_the_next", sa.Text(), server_default="x", nullable=False))
"""


def add_to_every_table(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """From now on this process is of the next release, which has a column more in every table."""
    following = NEXT.format(head=migrating.head())
    shutil.copytree(migrating.MIGRATIONS, folder / "migrations", ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "migrations/versions/9999_next.py").write_text(following)
    monkeypatch.setattr(migrating, "MIGRATIONS", folder / "migrations")


@pytest.mark.parametrize("url", BOTH[1:], indirect=True)
def test_a_migration_gives_way_to_who_reads_and_is_done_when_they_have_read(
    database: Database, url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    add_to_every_table(monkeypatch, tmp_path)
    with ThreadPoolExecutor() as pool, opened(url) as ours:
        with database.reading() as reader, ours.engine.connect() as onlooker:
            reader.execute(text("SELECT count(*) FROM links"))
            newer = pool.submit(ours.migrate)
            until(lambda: "waits" * (onlooker.execute(WAITING).scalar() or 0))
            for table in Table.metadata.tables:  # it has some of them
                reader.execute(text(f"SELECT count(*) FROM {table}"))
        newer.result(60)
        with ours.reading() as session:
            assert migrating.applied(session.connection()) == "9999"


def test_a_release_that_is_older_than_the_database_does_not_begin_and_says_why(tmp_path: Path) -> None:
    with opened(f"sqlite:///{tmp_path / 'newer.db'}") as database:
        upgrade(database)
        with database.writing() as session:
            session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        with pytest.raises(SettingsError, match="a newer release of sharesync"):
            upgrade(database)
