"""A House with the web page on it: real passes have filled what the page shows, and its clock stands still."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

import web
from sharesync.settings import Settings
from tests.scenarios.conftest import foundation, house, private_key
from tests.worlds import DOMAIN, House

__all__ = ["foundation", "house", "private_key"]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings.from_environment({"SHARESYNC_DOMAIN": DOMAIN}, tmp_path)


@pytest.fixture
def app(house: House, settings: Settings) -> Flask:
    return web.create_app(house.world, settings)


@pytest.fixture
def browser(app: Flask) -> FlaskClient:
    """Asks as a browser on this machine does."""
    return app.test_client()


Live = Callable[[str], str]
"""Asks an address for its live part, as htmx does."""


def asking(app: Flask) -> Live:
    """See Live."""
    browser = app.test_client()
    return lambda address: browser.get(address, headers={"HX-Request": "true"}).text


@pytest.fixture
def live(app: Flask) -> Live:
    return asking(app)


def share_two_groups(house: House) -> None:
    """Two groups that have reached everyone who may see them."""
    house.share("Customers", "Ada", "Grace", bo="edit", cy="view")
    house.share("Press", "Zoë", dag="manage")
    house.sync_until_quiet()


@pytest.fixture
def shared(house: House) -> House:
    """A House with two groups, to do things in."""
    share_two_groups(house)
    return house


@pytest.fixture(scope="session")
def still(tmp_path_factory: pytest.TempPathFactory, foundation: Path, private_key: str) -> Iterator[House]:
    """The same for tests that only look: one for all of them."""
    house = House(tmp_path_factory.mktemp("still"), foundation, private_key)
    share_two_groups(house)
    house.wait(seconds=40)
    yield house
    house.close()


@pytest.fixture
def still_live(still: House, settings: Settings) -> Live:
    return asking(web.create_app(still.world, settings))


Statements = Callable[[House], AbstractContextManager[list[str]]]


@pytest.fixture
def statements() -> Statements:
    """Writes down the statements that reach a House's database inside a `with`."""

    @contextmanager
    def writing_down(house: House) -> Iterator[list[str]]:
        told: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
            told.append(statement)

        event.listen(house.database.engine, "before_cursor_execute", note)
        try:
            yield told
        finally:
            event.remove(house.database.engine, "before_cursor_execute", note)

    return writing_down
