"""A House of its own for every scenario, and its users by first name."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sharesync.sandbox.workspace import Workspace
from tests.users import User
from tests.worlds import DOMAIN, House, lay_foundation


@pytest.fixture(scope="session")
def private_key() -> str:
    """Making an RSA key takes a while; one serves all Houses."""
    return Workspace(DOMAIN).authority.private_key


@pytest.fixture(scope="session")
def foundation(tmp_path_factory: pytest.TempPathFactory, private_key: str) -> Path:
    return lay_foundation(tmp_path_factory.mktemp("foundation"), private_key)


@pytest.fixture
def house(tmp_path: Path, foundation: Path, private_key: str) -> Iterator[House]:
    made = House(tmp_path, foundation, private_key)
    yield made
    made.close()


@pytest.fixture
def bo(house: House) -> User:
    return house.users["bo"]


@pytest.fixture
def cy(house: House) -> User:
    return house.users["cy"]


@pytest.fixture
def dag(house: House) -> User:
    return house.users["dag"]


@pytest.fixture
def eva(house: House) -> User:
    return house.users["eva"]
