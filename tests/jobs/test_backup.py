"""Backup and restore as the README tells them, with passes between: nobody is doubled, and nothing is lost."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from sharesync.jobs.doorbell import Bell
from sharesync.services.log.verification import verify
from tests.kept import InCluster
from tests.postgres import Cluster
from tests.worlds import House


def go_on_after_a_backup(house: House, back_up: Callable[[], None], restore: Callable[[], None]) -> None:
    bo, cy = house.users["bo"], house.users["cy"]
    house.share("Customers", "Ada", bo="edit", cy="view")
    house.sync_until_quiet()
    back_up()
    house.put("Customers", "Grace")
    bo.edits("Ada", phones=("+45 33 12 34 56",))
    house.sync_until_quiet()
    house.database.close()
    restore()
    house.open()
    house.sync_until_quiet()
    assert bo.sees("Customers") == cy.sees("Customers") == house.contacts() == ["Ada", "Grace"]
    assert cy.shows("Ada").phones == bo.shows("Ada").phones == ("+45 33 12 34 56",)
    with house.database.reading_log() as session:
        assert verify(session, []).told == []


def test_a_file_is_copied_while_it_is_used(house: House, tmp_path: Path) -> None:
    copy = tmp_path / "backup.db"

    def back_up() -> None:
        with closing(sqlite3.connect(house.file)) as connection:
            connection.execute(f"VACUUM INTO '{copy}'")

    go_on_after_a_backup(house, back_up, lambda: house.store.restore(copy.read_bytes()))


@pytest.mark.postgres
def test_a_database_is_dumped_without_the_queue_and_restored_into_an_empty_one(
    house_on_postgres: House, postgres: Cluster, tmp_path: Path
) -> None:
    house, dump = house_on_postgres, str(tmp_path / "sharesync.dump")
    assert isinstance(house.store, InCluster)
    name = house.store.name
    bell = Bell(house.world)
    bell.ring()
    bell.close()

    def back_up() -> None:
        postgres.run("pg_dump", "-Fc", "--exclude-schema=doorbell_*", "-f", dump, name)

    def restore() -> None:
        postgres.drop(name)
        postgres.create(name=name)
        postgres.run("pg_restore", "--exit-on-error", "-d", name, dump)

    go_on_after_a_backup(house, back_up, restore)
    Bell(house.world).close()
