"""The same House as the scenarios', and the desk at which its managers decide."""

import pytest

from tests.rights.desk import Desk
from tests.scenarios.conftest import bo, cy, dag, eva, house, one_house
from tests.worlds import House

__all__ = ["bo", "cy", "dag", "eva", "house", "one_house"]
"""Fixtures are the tests' vocabulary; these are the scenarios'."""


@pytest.fixture
def desk(house: House) -> Desk:
    return Desk(house)
