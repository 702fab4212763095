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
