"""Conflicts: two values side by side, and which is to stand."""

import re

import pytest
from flask import Flask

from tests.beginnings import begin
from tests.web.conftest import Signed, signed_in
from tests.web.waiting import the_one
from tests.worlds import House


@pytest.fixture
def torn(shared: House) -> House:
    """Bo and Eva have given Ada a family name each, at once; Bo's came first."""

    def first() -> None:
        shared.grant("Customers", "eva@north.test", "edit")
        shared.sync_until_quiet()
        shared.users["bo"].edits("Ada", family="Byron")
        shared.users["eva"].edits("Ada", family="Lovelace")
        shared.pass_over("bo")
        shared.pass_over("eva")

    begin(shared, "torn", by=first)
    return shared


def here(house: House) -> str:
    return f"/conflicts/{the_one(house, 'conflicts')}"


def test_both_values_are_shown(torn: House, browser: Signed) -> None:
    for address in ("/conflicts/", here(torn)):
        text = browser.get(address).text
        assert "Ada Byron" in text
        assert "Ada Lovelace" in text
        assert "Eva Ekström" in text


def test_it_says_whose_value_stands_and_whose_is_kept(torn: House, browser: Signed) -> None:
    page = browser.get(here(torn)).text
    stands, _, other = page[page.index('id="h-stands"') :].partition('id="h-other"')
    assert "by Bo Bøgh" in stands
    assert "by Eva Ekström" in other
    assert re.search(r"Ada Byron\s*<span class=\"meta\">by Bo Bøgh", browser.get("/conflicts/").text)


@pytest.mark.parametrize(("side", "family"), [("store", "Byron"), ("mailbox", "Lovelace")])
def test_the_chosen_value_stands_everywhere(torn: House, browser: Signed, side: str, family: str) -> None:
    answer = browser.submit(here(torn), {"side": side}, follow_redirects=True)
    assert "1 conflict decided" in answer.text
    assert "No conflicts" in answer.text
    torn.sync_until_quiet()
    assert torn.users["bo"].shows("Ada").family == family
    assert torn.events("conflict.resolve")[0]["actor"] == torn.users["anna"].id


def test_many_are_decided_at_once(torn: House, browser: Signed) -> None:
    ids = [the_one(torn, "conflicts")]
    browser.submit("/conflicts/", {"side": "mailbox", "conflict": ids})
    assert torn.stored("Ada").family == "Lovelace"
    again = browser.submit("/conflicts/", {"side": "mailbox", "conflict": ids}, follow_redirects=True)
    assert "Somebody else has decided that already." in again.text


@pytest.mark.parametrize("who", ["bo", "cy", "dag", "eva"])
def test_who_does_not_run_the_group_neither_sees_nor_decides_by_whichever_door(
    app: Flask, torn: House, who: str
) -> None:
    torn.grant("Customers", "cy@north.test", "delete")
    browser = signed_in(app, torn, who)
    assert (browser.get(here(torn)).status_code == 200) == (who == "eva")  # an auditor may look
    assert browser.submit(here(torn), {"side": "mailbox"}).status_code in (403, 404)
    browser.submit("/conflicts/", {"side": "mailbox", "conflict": the_one(torn, "conflicts")})
    assert torn.stored("Ada").family == "Byron"
    assert torn.events("conflict.resolve") == []


def test_a_manager_of_the_group_decides(app: Flask, torn: House) -> None:
    torn.grant("Customers", "cy@north.test", "manage")
    answer = signed_in(app, torn, "cy").submit(
        "/conflicts/", {"side": "mailbox", "conflict": the_one(torn, "conflicts")}, follow_redirects=True
    )
    assert "1 conflict decided" in answer.text
    assert torn.stored("Ada").family == "Lovelace"


def test_a_side_that_is_none_is_refused(torn: House, browser: Signed) -> None:
    answer = browser.submit(here(torn), {"side": "both"}, follow_redirects=True)
    assert "the value to use" in answer.text
