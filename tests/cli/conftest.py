"""A House and a terminal in front of it: commands run as people type them, pointed at the House by the environment."""

import logging
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from sharesync.cli import main
from tests.scenarios.conftest import house, one_house
from tests.terminal import Sharesync, pointed_at, terminal
from tests.worlds import House

__all__ = ["house", "one_house"]


def every_command(command: click.Command = main, *words: str) -> list[tuple[tuple[str, ...], click.Command]]:
    """All that there is to type, with families: its words, and what it is."""
    found = [(words, command)]
    if isinstance(command, click.Group):
        for name, one in command.commands.items():
            found += every_command(one, *words, name)
    return found


@pytest.fixture
def settings(house: House, tmp_path: Path) -> dict[str, str]:
    """The environment that points sharesync at the House."""
    return pointed_at(house, tmp_path) | {
        "SHARESYNC_ADMINS": house.address("anna"),
        "SHARESYNC_OIDC_ISSUER": house.server.url,
        "SHARESYNC_OIDC_CLIENT_ID": house.workspace.sign_in.client_id,
        "SHARESYNC_OIDC_CLIENT_SECRET": house.workspace.sign_in.client_secret,
    }


@pytest.fixture
def sharesync(settings: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Sharesync:
    return terminal(settings, tmp_path, monkeypatch)


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
