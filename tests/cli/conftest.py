"""A House and a terminal in front of it: commands run as people type them, pointed at the House by the environment."""

import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import click
import pytest
from click.testing import CliRunner

from sharesync.cli import main
from tests.scenarios.conftest import house, one_house
from tests.worlds import DOMAIN, House

__all__ = ["house", "one_house"]


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


def every_command(command: click.Command = main, *words: str) -> list[tuple[tuple[str, ...], click.Command]]:
    """All that there is to type, with families: its words, and what it is."""
    found = [(words, command)]
    if isinstance(command, click.Group):
        for name, one in command.commands.items():
            found += every_command(one, *words, name)
    return found


class Sharesync(Protocol):
    """Types `sharesync …`."""

    def __call__(self, *words: str, stdin: str | bytes | None = None) -> Told: ...


@pytest.fixture
def settings(house: House, tmp_path: Path) -> dict[str, str]:
    """The environment that points sharesync at the House."""
    return {
        "SHARESYNC_DATA_DIR": str(tmp_path / "var"),
        "SHARESYNC_DATABASE_URL": house.store.url,
        "SHARESYNC_DOMAIN": DOMAIN,
        "SHARESYNC_GOOGLE_KEY_FILE": str(house.key_file),
        "SHARESYNC_GOOGLE_ADMIN": house.address("anna"),
        "SHARESYNC_PEOPLE_ENDPOINT": house.server.url,
        "SHARESYNC_DIRECTORY_ENDPOINT": house.server.url,
        "SHARESYNC_SETTLE_SECONDS": "0",
        "SHARESYNC_ADMINS": house.address("anna"),
        "SHARESYNC_OIDC_ISSUER": house.server.url,
        "SHARESYNC_OIDC_CLIENT_ID": house.workspace.sign_in.client_id,
        "SHARESYNC_OIDC_CLIENT_SECRET": house.workspace.sign_in.client_secret,
    }


@pytest.fixture
def sharesync(settings: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Sharesync:
    monkeypatch.chdir(tmp_path)
    for name, value in settings.items():
        monkeypatch.setenv(name, value)

    def type_(*words: str, stdin: str | bytes | None = None) -> Told:
        result = CliRunner().invoke(main, words, input=stdin, prog_name="sharesync")
        assert "Traceback" not in result.output
        return Told(result.exit_code, result.stdout, result.stderr)

    return type_


@pytest.fixture(autouse=True)
def _logs_as_before() -> Iterator[None]:
    """Commands send the log elsewhere, as processes of their own may."""
    logs = [logging.getLogger(name) for name in ("sharesync", "web")]
    before = [(log.handlers[:], log.propagate, log.level) for log in logs]
    yield
    for log, (handlers, propagate, level) in zip(logs, before, strict=True):
        for handler in log.handlers:
            if handler not in handlers:
                handler.close()
        log.handlers[:], log.propagate = handlers, propagate
        log.setLevel(level)


@pytest.fixture
def ada(sharesync: Sharesync, house: House) -> str:
    """The id of Ada, the one contact of the group Customers."""
    house.share("Customers", "Ada")
    return house.contact_id("Ada")
