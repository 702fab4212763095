"""Both databases, migrated once and copied for every test. A folder's `conftest.py` imports the fixtures."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from sharesync.store.database.engine import Database
from sharesync.store.database.keys import ensure
from sharesync.store.upgrading import upgrade
from tests.postgres import Cluster
from tests.store.stores import Store, opened

BOTH = [pytest.param("sqlite"), pytest.param("postgresql", marks=pytest.mark.postgres)]


def _set_up(url: str) -> None:
    with opened(url) as database:
        upgrade(database)
        with database.writing() as session:
            ensure(session)


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite database that was set up, and that nobody writes to."""
    path = tmp_path_factory.mktemp("sqlite") / "migrated.db"
    _set_up(f"sqlite:///{path}")
    return path


@cache
def _migrated(cluster: Cluster) -> str:
    name = cluster.create()
    _set_up(cluster.url(name))
    return name


@pytest.fixture(scope="session")
def migrated_database(postgres: Cluster) -> str:
    """The name of a PostgreSQL database that was set up, and that nobody writes to."""
    return _migrated(postgres)  # once a process, however many folders have this fixture


@pytest.fixture(params=BOTH)
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database without any table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    cluster: Cluster = request.getfixturevalue("postgres")
    name = cluster.create()
    yield cluster.url(name)
    cluster.drop(name)


@pytest.fixture(params=BOTH)
def url(request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of a database that was set up; every test finds its own in the same place."""
    if request.param == "sqlite":
        migrated: Path = request.getfixturevalue("migrated_file")
        path = migrated.with_name("test.db")
        for ending in ("-wal", "-shm"):
            path.with_name(path.name + ending).unlink(missing_ok=True)
        shutil.copy(migrated, path)
        yield f"sqlite:///{path}"
        return
    cluster: Cluster = request.getfixturevalue("postgres")
    name = cluster.create(request.getfixturevalue("migrated_database"), "everyones")
    yield cluster.url(name)
    cluster.drop(name)


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    """A database that was set up."""
    database = _opened(url)
    yield database
    database.close()


@cache
def _opened(url: str) -> Database:
    """One for all tests: another would compile every statement again."""
    return Database(url)


@pytest.fixture
def store(database: Database) -> Store:
    """An empty store."""
    return Store(database)


@pytest.fixture
def company(store: Store) -> Store:
    """A store that knows the company's directory."""
    store.save_directory()
    return store
