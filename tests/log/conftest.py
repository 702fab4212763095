"""A House, its users by first name, a terminal in front of it, and stores on both databases."""

from pathlib import Path

import pytest

from tests.postgres import postgres
from tests.scenarios.conftest import bo, cy, house, one_house
from tests.store.databases import company, database, migrated_database, migrated_file, store, url
from tests.terminal import Sharesync, terminal
from tests.worlds import DOMAIN, House

__all__ = [
    "bo",
    "company",
    "cy",
    "database",
    "house",
    "migrated_database",
    "migrated_file",
    "one_house",
    "postgres",
    "store",
    "url",
]


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """Where commands keep their files."""
    return tmp_path / "var"


@pytest.fixture
def sharesync(house: House, data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Sharesync:
    environ = {
        "SHARESYNC_DATA_DIR": str(data_dir),
        "SHARESYNC_DATABASE_URL": house.store.url,
        "SHARESYNC_DOMAIN": DOMAIN,
    }
    return terminal(environ, tmp_path, monkeypatch)


def tamper(house: House, *statements: str) -> None:
    """What a database owner does: triggers off, then as they like, and the triggers back."""
    with house.database.writing() as session:
        connection = session.connection()
        query = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
        triggers = connection.exec_driver_sql(query).all()
        for name, _ in triggers:
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        for statement in statements:
            connection.exec_driver_sql(statement)
        for _, trigger in triggers:
            connection.exec_driver_sql(trigger)
