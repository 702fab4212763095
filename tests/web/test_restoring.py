"""A group restored to a moment in the page: shown before it is done, and done as it was shown."""

from zoneinfo import ZoneInfo

import pytest

from tests.web.conftest import Signed
from tests.worlds import House

ZONE = "Pacific/Kiritimati"


@pytest.fixture
def lost(shared: House, browser: Signed) -> str:
    """Grace was removed, Ada's number deleted, and Edith added since the moment that is returned, by ZONE's clock."""
    shared.edit("Ada", phones=["+45 33 12 34 56"])
    shared.wait(seconds=120)
    moment = shared.now()
    shared.wait(seconds=120)
    shared.take("Customers", "Grace")
    shared.edit("Ada", phones=[])
    shared.put("Customers", "Edith")
    browser.set_cookie("sharesync-zone", ZONE)
    browser.get("/")  # signs in
    return f"{moment.astimezone(ZoneInfo(ZONE)):%Y-%m-%dT%H:%M:%S}"


def address(house: House) -> str:
    return f"/groups/{house.group_id('Customers')}/restore/"


def test_what_would_come_back_is_shown_and_nothing_is_done(shared: House, browser: Signed, lost: str) -> None:
    events = len(shared.query("SELECT seq FROM events"))
    text = browser.get(f"{address(shared)}?at={lost}").text
    returning, _, rest = text[text.index('id="h-user-plus"') :].partition('id="h-values"')
    values, _, newer = rest.partition('id="h-list-plus"')
    assert "Grace" in returning
    assert "<ins>+45 33 12 34 56 (mobile)</ins>" in values
    assert "Edith" in newer
    assert len(shared.query("SELECT seq FROM events")) == events


@pytest.mark.parametrize(("also", "left"), [({}, {"Ada", "Grace", "Edith"}), ({"newer": "yes"}, {"Ada", "Grace"})])
def test_it_is_brought_back_as_it_was_shown(
    shared: House, browser: Signed, lost: str, also: dict[str, str], left: set[str]
) -> None:
    answer = browser.submit(address(shared), {"at": lost, **also}, follow_redirects=True)
    assert "Put back into the group: 1 contact." in answer.text
    shared.sync_until_quiet()
    assert set(shared.users["bo"].sees("Customers")) == left
    assert shared.stored("Ada").phones == ("+45 33 12 34 56",)
    assert shared.events("group.restore")[0]["actor"] == shared.users["anna"].id


@pytest.mark.parametrize("at", ["", "yesterday", "2999-01-01T00:00", "9999-12-31T23:59"])
def test_what_is_no_moment_of_the_past_is_refused(shared: House, browser: Signed, at: str) -> None:
    assert 'role="alert"' in browser.submit(address(shared), {"at": at}, follow_redirects=True).text
    if at:
        assert 'role="alert"' in browser.get(f"{address(shared)}?at={at}", follow_redirects=True).text
    assert shared.events("group.restore") == []
