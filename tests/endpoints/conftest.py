"""A House, a receiver on this machine, and a terminal: who is told of what."""

from collections.abc import Iterator
from dataclasses import replace
from ipaddress import ip_network
from pathlib import Path

import pytest

from sharesync.endpoints.outside import Outside
from tests.endpoints.receiver import Receiver, receiving
from tests.scenarios.conftest import bo, cy, house, one_house
from tests.terminal import Sharesync, pointed_at, terminal
from tests.worlds import House

__all__ = ["bo", "cy", "house", "one_house"]

HERE = (ip_network("127.0.0.0/8"),)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as told:
        yield told


@pytest.fixture
def told(house: House) -> Iterator[House]:
    """A House that may send to this machine."""
    before = house.world
    house.world = replace(before, outside=Outside(HERE, "https://contacts.north.test"))
    yield house
    house.world = before


@pytest.fixture
def sharesync(house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Sharesync:
    environ = pointed_at(house, tmp_path) | {"SHARESYNC_ENDPOINT_NETWORKS": "127.0.0.0/8"}
    return terminal(environ, tmp_path, monkeypatch)
