"""A House with the web page on it: real passes have filled what the page shows, and its clock stands still.

Anna is administrator, Eva auditor, everyone else has their levels. `signed_in(app, "bo")` is a browser that Bo has
signed in with; how one signs in is told in `test_sign_in.py`.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Page
from sqlalchemy import event

import web
from sharesync.model.audit import OPERATOR, ActorKind, By, Source
from sharesync.model.permission import Role
from sharesync.services.who_may import sessions
from sharesync.settings import Settings
from sharesync.store.records import roles
from tests.kept import where_houses_stand
from tests.worlds import DOMAIN, House, Snapshot, lay_foundation, make_key
from web.frame import running
from web.frame.limits import limiter
from web.frame.live import bind


def build(folder: Path) -> House:
    """A House as on the first day."""
    key, kept = make_key(), where_houses_stand()
    return House(folder, lay_foundation(folder, key, kept), key, kept)


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


SIGN_IN = {
    "SHARESYNC_DOMAIN": DOMAIN,
    "SHARESYNC_OIDC_ISSUER": "https://sign-in.test",
    "SHARESYNC_OIDC_CLIENT_ID": "page",
    "SHARESYNC_OIDC_CLIENT_SECRET": "hush",
    "SHARESYNC_SECRET_KEY": "the key of the tests, long enough",
}
"""Settings of a page with a sign-in whose provider nobody asks."""
ROLES = {"anna": Role.ADMINISTRATOR, "eva": Role.AUDITOR}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings.from_environment(SIGN_IN, tmp_path)


class Signed(FlaskClient):
    """A browser of someone who has signed in: a real session, opened when it first asks for something."""

    house: House
    who = ""
    _token: tuple[object, str] = None, ""
    """What forms carry, and the session that it belongs to."""

    def open(self, *args: Any, **more: Any) -> Any:
        if self.who and not self.get_cookie(COOKIE):
            issuer = self.application.extensions["sharesync.settings"].oidc_issuer
            self.set_cookie(COOKIE, open_session(self.house, self.who, issuer))
        # Read to the end, as a server does: what streams from the database would hold on to it.
        answer = super().open(*args, **more | {"buffered": True})
        for one in (*answer.history, answer):
            # Where a form is large, the client writes it into a file of its own, and leaves that open.
            one.request.environ["wsgi.input"].close()
        return answer

    def submit(self, address: str, data: Mapping[str, Any] | None = None, **more: Any) -> Any:
        """Send a form as its page would: with the token in it."""
        if self._token[0] != self._session() or self._token[0] is None:
            found = re.search(r'<meta name="csrf-token" content="([^"]+)"', self.get("/nowhere").text)
            assert found
            self._token = self._session(), found[1]
        origin = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
        return self.post(address, data={**(data or {}), "csrf_token": self._token[1]}, headers=origin, **more)

    def _session(self) -> object:
        """By what the page knows this browser."""
        cookie = self.get_cookie(COOKIE)
        return cookie.value if cookie else None


COOKIE = "sharesync-session"


def open_session(house: House, name: str, issuer: str = SIGN_IN["SHARESYNC_OIDC_ISSUER"]) -> str:
    """A token of someone who has just signed in; Anna's and Eva's roles are given to them on the way."""
    user = house.users[name].id
    with house.world.work(OPERATOR) as work:
        if name in ROLES:
            roles.assign(work, user, ROLES[name])
    with house.world.work(By(ActorKind.USER, user, Source.WEB)) as work:
        return sessions.open_session(work, user, issuer)


def let_in(page: Page, house: House, address: str, who: str = "anna") -> None:
    """Sign someone in with this window."""
    page.context.add_cookies([{"name": COOKIE, "value": open_session(house, who), "url": address}])


def signed_in(app: Flask, house: House, name: str) -> Signed:
    """A browser that someone has signed in with."""
    app.test_client_class = Signed
    client = app.test_client()
    assert isinstance(client, Signed)
    client.house, client.who = house, name
    return client


@pytest.fixture(scope="session")
def one_app(one_house: House, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The page over it, for all of them: to put all its routes together takes longer than most tests."""
    return web.create_app(one_house.world, Settings.from_environment(SIGN_IN, tmp_path_factory.mktemp("page")))


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file is read in a process of its own, which takes its time to start on a busy machine."""
    monkeypatch.setattr(running, "PATIENCE", 60.0)


@pytest.fixture
def app(one_app: Flask, one_house: House, settings: Settings) -> Flask:
    """The page over the House that `house` and `shared` have made ready, as if it had just started."""
    limiter.reset()
    bind(one_app, one_house.world, settings)
    running.install(one_app)
    return one_app


@pytest.fixture
def browser(app: Flask, one_house: House) -> Signed:
    """Asks as Anna, the administrator."""
    return signed_in(app, one_house, "anna")


Live = Callable[[str], str]
"""Asks an address for its live part, as htmx does in Anna's browser."""


def asking(app: Flask, house: House) -> Live:
    """See Live."""
    browser = signed_in(app, house, "anna")
    return lambda address: browser.get(address, headers={"HX-Request": "true"}).text


@pytest.fixture
def live(app: Flask, one_house: House) -> Live:
    return asking(app, one_house)


@pytest.fixture(scope="session")
def still_app(still: House, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The page over the House that tests only look at."""
    return web.create_app(still.world, Settings.from_environment(SIGN_IN, tmp_path_factory.mktemp("page")))


@pytest.fixture
def still_live(still: House, still_app: Flask) -> Live:
    limiter.reset()
    return asking(still_app, still)


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
