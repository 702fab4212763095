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
from tests.worlds import DOMAIN, House, Snapshot, lay_foundation, make_key


def build(folder: Path) -> House:
    """A House as on the first day."""
    key = make_key()
    return House(folder, lay_foundation(folder, key), key)


def share_two_groups(house: House) -> None:
    """Two groups that have reached everyone who may see them."""
    house.share("Customers", "Ada", "Grace", bo="edit", cy="view")
    house.share("Press", "Zoë", dag="manage")
    house.sync_until_quiet()


@pytest.fixture(scope="session")
def one_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """One House for all tests that do something; time in it is turned back between them."""
    made = build(tmp_path_factory.mktemp("house"))
    yield made
    made.close()


@pytest.fixture(scope="session")
def two_groups(one_house: House) -> Snapshot:
    """How it stands once two groups are shared."""
    one_house.rewind(one_house.empty)
    share_two_groups(one_house)
    return one_house.snapshot()


@pytest.fixture
def house(one_house: House) -> House:
    """A House as on the first day."""
    one_house.rewind(one_house.empty)
    return one_house


@pytest.fixture
def shared(one_house: House, two_groups: Snapshot) -> House:
    """A House with two groups, to do things in."""
    one_house.rewind(two_groups)
    return one_house


@pytest.fixture(scope="session")
def still(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The same for tests that only look."""
    made = build(tmp_path_factory.mktemp("still"))
    share_two_groups(made)
    made.wait(seconds=40)
    yield made
    made.close()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings.from_environment({"SHARESYNC_DOMAIN": DOMAIN}, tmp_path)


@pytest.fixture
def app(one_house: House, settings: Settings) -> Flask:
    """The page over the House that `house` and `shared` have made ready."""
    return web.create_app(one_house.world, settings)


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
