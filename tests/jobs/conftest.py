"""A House for clock and worker, in a file and on PostgreSQL."""

from collections.abc import Iterator

import pytest

from tests.kept import InCluster
from tests.postgres import Cluster, postgres
from tests.scenarios.conftest import house, one_house
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
