"""Migrations: the head is the tables, up and down and up again, and what a database holds survives."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

from sharesync.model.access import Level
from sharesync.model.audit import ActorKind, By, Event, Source
from sharesync.model.link import Label, Link, LinkState, Origin
from sharesync.services.duplicates import catch_up
from sharesync.store.database.engine import Database
from sharesync.store.database.keys import ensure
from sharesync.store.database.migrating import MIGRATIONS, head
from sharesync.store.database.tables import Table, belongs
from sharesync.store.mailboxes import links
from sharesync.store.records import contacts, likeness_index
from sharesync.store.upgrading import upgrade
from tests.store.stores import ANNA, DOMAIN, Store, card, opened

SCRIPTS = Config()
SCRIPTS.set_main_option("script_location", str(MIGRATIONS))
REVISIONS = [script.revision for script in reversed(list(ScriptDirectory.from_config(SCRIPTS).walk_revisions()))]


def test_the_newest_migration_is_known_by_its_files_name() -> None:
    assert head() == ScriptDirectory.from_config(SCRIPTS).get_current_head()


@contextmanager
def migrating(database: Database) -> Iterator[tuple[Connection, Config]]:
    """A connection that may write, and Alembic's configuration for it."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with database.writing() as session:
        connection = session.connection()
        config.attributes["connection"] = connection
        yield connection, config


def tables(database: Database) -> set[str]:
    with database.engine.connect() as connection:
        return set(inspect(connection).get_table_names())


def differences(database: Database) -> list[Any]:
    """What a migration would have to change for the tables to be those of the code."""
    with migrating(database) as (connection, _):
        here = {"compare_type": True, "include_object": lambda item, *_: belongs(item, connection.dialect.name)}
        context = MigrationContext.configure(connection, opts=here)
        found: list[Any] = compare_metadata(context, Table.metadata)
    return found


def indexes(database: Database) -> dict[str, set[tuple[str, bool, tuple[str | None, ...], str]]]:
    """Every index by table: name, whether unique, columns, and on which rows (Alembic does not compare the last)."""
    found = {}
    with database.engine.connect() as connection:
        for table in Table.metadata.tables:
            found[table] = {
                (
                    str(index["name"]),
                    bool(index["unique"]),
                    tuple(index["column_names"]),
                    str(
                        next(
                            (to for name, to in index.get("dialect_options", {}).items() if name.endswith("_where")), ""
                        )
                    ),
                )
                for index in inspect(connection).get_indexes(table)
                if not index.get("duplicates_constraint")
            }
    return found


def rows(database: Database) -> dict[str, int]:
    """How many rows each table has that is there."""
    there = tables(database)
    with database.reading() as session:
        return {
            name: session.execute(text(f"SELECT count(*) FROM {name}")).scalar_one()
            for name in Table.metadata.tables
            if name in there
        }


def test_there_is_one_line_of_revisions() -> None:
    assert len(ScriptDirectory.from_config(SCRIPTS).get_heads()) == 1
    assert sorted(REVISIONS) == REVISIONS


def test_the_head_is_the_tables_of_the_code(empty_url: str) -> None:
    with opened(empty_url) as database:
        upgrade(database)
        assert differences(database) == []
        assert tables(database) == {*Table.metadata.tables, "alembic_version"}


def test_a_difference_would_be_found(empty_url: str) -> None:
    with opened(empty_url) as database:
        upgrade(database)
        with database.writing() as session:
            session.execute(text("ALTER TABLE contacts ADD COLUMN more text"))
            session.execute(text("DROP INDEX ix_links_contact_id"))
        assert len(differences(database)) == 2


def test_indexes_on_some_rows_only_are_those_of_the_code(empty_url: str) -> None:
    with opened(empty_url) as database:
        upgrade(database)
        migrated = indexes(database)
        with database.writing() as session:
            Table.metadata.drop_all(session.connection())
            Table.metadata.create_all(session.connection())
        assert migrated == indexes(database)
        assert any(where for found in migrated.values() for *_, where in found)


def test_every_revision_goes_up_down_and_up_again(empty_url: str) -> None:
    with opened(empty_url) as database:
        for revision in REVISIONS:
            with migrating(database) as (_, config):
                command.upgrade(config, revision)
                command.downgrade(config, "-1")
                command.upgrade(config, revision)
        assert differences(database) == []
        with migrating(database) as (_, config):
            command.downgrade(config, "base")
        assert tables(database) == {"alembic_version"}
        upgrade(database)
        assert differences(database) == []


def fill(store: Store) -> None:
    """Something in most tables."""
    store.save_directory()
    store.group("g")
    store.contact("c1", card("Ida"), "g")
    store.grant("g", DOMAIN, Level.EDIT)
    with store.work() as work:
        ensure(work.session)
        contacts.change(work, "c1", 1, card("Ida M"), "event")
        links.insert_links(work, ANNA, [Link("c1", LinkState.LIVE, Origin.GIVEN, 1, "s1", own=card("Own"))])
        links.save_label(work, ANNA, Label("g", "contactGroups/1", "e", "g"))


def test_what_a_database_holds_survives_being_brought_up_to_date(database: Database) -> None:
    fill(Store(database))
    before = rows(database)
    for _ in range(2):
        upgrade(database)
    assert rows(database) == before
    assert before["links"] == before["labels"] == before["contacts"] == 1
    with database.reading() as session:
        assert contacts.get(session, "c1").card == card("Ida M")


def test_what_a_database_holds_survives_every_revision_after_the_first_down_and_up(database: Database) -> None:
    """A step down may lose tables and columns that the step brought, never a row of the others."""
    fill(Store(database))
    before = rows(database)
    for revision in REVISIONS[:0:-1]:
        with migrating(database) as (_, config):
            command.downgrade(config, f"{revision}-1")
    held = {name: count for name, count in before.items() if name in tables(database)}
    with database.reading() as session:
        assert {name: session.execute(text(f"SELECT count(*) FROM {name}")).scalar_one() for name in held} == held
    upgrade(database)
    assert {name: count for name, count in rows(database).items() if name in held} == held
    assert differences(database) == []


def test_contacts_from_before_there_were_signs_are_compared_by_whoever_asks(database: Database) -> None:
    store = Store(database)
    for one in ("c1", "c2"):
        store.contact(one, card("Ida M"))
    catch_up(database)
    before = rows(database)
    assert before["pairs"] == 1
    with migrating(database) as (_, config):
        command.downgrade(config, "0051")
    assert (rows(database)["signs"], rows(database)["pairs"]) == (0, 0)  # the release before makes them anew
    with migrating(database) as (_, config):
        command.downgrade(config, "0005")
    assert "signs" not in tables(database)
    upgrade(database)
    catch_up(database)
    assert rows(database) == before


def test_contacts_that_were_compared_are_not_compared_again_when_brought_up_to_date(database: Database) -> None:
    store = Store(database)
    for one in ("c1", "c2"):
        store.contact(one, card("Ida M"))
    with migrating(database) as (_, config):
        command.downgrade(config, "0051")
    with database.writing() as session:
        session.execute(text("INSERT INTO signs (sign, contact_id) VALUES (1, 'c1')"))
    upgrade(database)
    with database.reading() as session:
        assert likeness_index.uncompared(session, 1) == 0


@pytest.mark.parametrize(
    ("actions", "origin"),
    [
        (("link.adopt", "contact.restore"), Origin.ADOPTED),
        (("contact.create", "contact.restore"), Origin.GIVEN),
        (("link.adopt", "person.create", "contact.restore"), Origin.CREATED),
        (("link.adopt", "contact.restore", "person.create"), Origin.CREATED),
        (("person.create", "contact.restore"), Origin.CREATED),
        (("link.adopt",), Origin.CREATED),
    ],
)
def test_persons_of_a_users_own_that_were_taken_for_ours_are_theirs_when_it_is_brought_up_to_date(
    database: Database, actions: tuple[str, ...], origin: Origin
) -> None:
    store = Store(database)
    store.save_directory()
    store.group("g")
    store.contact("c1", card("Ida"), "g")
    store.grant("g", DOMAIN)
    with store.work(By(ActorKind.MAILBOX, ANNA, Source.GOOGLE)) as work:
        for action in actions:
            work.record(Event(action, contact="c1", mailbox=ANNA))
        links.insert_links(work, ANNA, [Link("c1", LinkState.LIVE, Origin.CREATED, 1, "s1", marked=True)])
    with migrating(database) as (_, config):
        command.downgrade(config, "0022")
    upgrade(database)
    with database.reading() as session:
        link = links.known(session, ANNA).links["c1"]
    assert (link.origin, link.marked) == (origin, origin is Origin.CREATED)


def test_a_database_with_rows_can_be_taken_down(database: Database) -> None:
    fill(Store(database))
    with migrating(database) as (_, config):
        command.downgrade(config, "base")
    assert tables(database) == {"alembic_version"}


def test_a_migration_that_fails_leaves_the_database_as_it_was(empty_url: str) -> None:
    with opened(empty_url) as database:
        with database.writing() as session:
            session.execute(text("CREATE TABLE links (id text)"))  # in the way of the last table
        try:
            upgrade(database)
        except Exception:
            assert tables(database) == {"links"}
        else:
            raise AssertionError("the table in the way was not noticed")
