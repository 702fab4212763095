"""A House for clock and worker."""

from tests.scenarios.conftest import house, one_house

__all__ = ["house", "one_house"]
