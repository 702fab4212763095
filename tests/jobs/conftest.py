"""A House for clock and worker, in a file and on PostgreSQL."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.kept import InCluster
from tests.postgres import Cluster, postgres
from tests.scenarios.conftest import house, one_house
from tests.terminal import pointed_at
from tests.users import User
from tests.worlds import House, lay_foundation, make_key

__all__ = ["house", "one_house", "postgres"]


@pytest.fixture(scope="session")
def one_house_on_postgres(postgres: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder, key, kept = tmp_path_factory.mktemp("house"), make_key(), InCluster(postgres)
    made = House(folder, lay_foundation(folder, key, kept), key, kept)
    yield made
    made.close()


@pytest.fixture
def house_on_postgres(one_house_on_postgres: House) -> House:
    one_house_on_postgres.rewind(one_house_on_postgres.empty)
    return one_house_on_postgres


@pytest.fixture
def environ(house: House, tmp_path: Path) -> dict[str, str]:
    """The environment of a process that serves the House."""
    return pointed_at(house, tmp_path) | {"SHARESYNC_SYNC_INTERVAL": "3600", "SHARESYNC_WORKERS": "2"}


def shows(user: User, label: str, names: list[str]) -> Callable[[], str]:
    """Asks whether these stand under a label."""
    return lambda: "yes" if label in user.labels() and user.sees(label) == names else ""
