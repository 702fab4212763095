"""A House, its users by first name, a terminal in front of it, and stores on both databases."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import pytest
from click.testing import CliRunner

from sharesync.cli import main
from tests.postgres import postgres
from tests.scenarios.conftest import bo, cy, house, one_house
from tests.store.databases import company, database, migrated_database, migrated_file, store, url
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


@dataclass(frozen=True, slots=True)
class Told:
    """What a command said, and its exit status."""

    status: int
    out: str
    err: str

    @property
    def lines(self) -> list[dict[str, Any]]:
        """Standard output as JSON Lines; fails on anything else."""
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def line(self) -> dict[str, Any]:
        """The one line there is."""
        (line,) = self.lines
        return line


class Sharesync(Protocol):
    """Types `sharesync …`."""

    def __call__(self, *words: str) -> Told: ...


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """Where commands keep their files."""
    return tmp_path / "var"


@pytest.fixture
def sharesync(house: House, data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Sharesync:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SHARESYNC_DATA_DIR", str(data_dir))
    monkeypatch.setenv("SHARESYNC_DATABASE_URL", house.store.url)
    monkeypatch.setenv("SHARESYNC_DOMAIN", DOMAIN)

    def type_(*words: str) -> Told:
        result = CliRunner().invoke(main, words, prog_name="sharesync")
        assert "Traceback" not in result.output
        return Told(result.exit_code, result.stdout, result.stderr)

    return type_


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
