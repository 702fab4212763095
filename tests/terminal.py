"""A terminal in front of a House: `sharesync …` typed in this process, and what it said."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import pytest
from click.testing import CliRunner

from sharesync.cli import main
from tests.worlds import DOMAIN, House


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

    def __call__(self, *words: str, stdin: str | bytes | None = None) -> Told: ...


def pointed_at(house: House, folder: Path) -> dict[str, str]:
    """The environment that points sharesync at the House; files of its own go into this folder."""
    return {
        "SHARESYNC_DATA_DIR": str(folder / "var"),
        "SHARESYNC_DATABASE_URL": house.store.url,
        "SHARESYNC_DOMAIN": DOMAIN,
        "SHARESYNC_GOOGLE_KEY_FILE": str(house.key_file),
        "SHARESYNC_GOOGLE_ADMIN": house.address("anna"),
        "SHARESYNC_PEOPLE_ENDPOINT": house.server.url,
        "SHARESYNC_DIRECTORY_ENDPOINT": house.server.url,
        "SHARESYNC_SETTLE_SECONDS": "0",
    }


def terminal(environ: Mapping[str, str], folder: Path, monkeypatch: pytest.MonkeyPatch) -> Sharesync:
    """A terminal in this folder, with this environment beside its own."""
    monkeypatch.chdir(folder)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)

    def type_(*words: str, stdin: str | bytes | None = None) -> Told:
        result = CliRunner().invoke(main, words, input=stdin, prog_name="sharesync")
        assert "Traceback" not in result.output
        return Told(result.exit_code, result.stdout, result.stderr)

    return type_
