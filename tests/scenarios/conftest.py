"""A House as on the first day for every scenario, and its users by first name."""

from collections.abc import Iterator

import pytest

from tests.kept import where_houses_stand
from tests.users import User
from tests.worlds import House, lay_foundation, make_key


@pytest.fixture(scope="session")
def one_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Building takes longer than most stories, so there is one House, and time in it is turned back."""
    folder, key, kept = tmp_path_factory.mktemp("house"), make_key(), where_houses_stand()
    made = House(folder, lay_foundation(tmp_path_factory.mktemp("foundation"), key, kept), key, kept)
    yield made
    made.close()


@pytest.fixture
def house(one_house: House) -> House:
    one_house.rewind(one_house.empty)
    return one_house


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
