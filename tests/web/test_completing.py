"""The search box offers what may follow as one types: names of terms, then values, of what the reader may see alone."""

import re
from html import unescape

import pytest
from flask import Flask

from tests.users import Json, customer
from tests.web.conftest import Signed, signed_in
from tests.worlds import House


def offered(browser: Signed, text: str, at: int | None = None) -> list[str]:
    asked: dict[str, object] = {"q": text} | ({} if at is None else {"at": at})
    answer = browser.get("/contacts/suggest", query_string=asked)
    return [unescape(one) for one in re.findall('data-text="([^"]*)"', answer.text)]


def living(name: str, city: str, tags: str) -> Json:
    return {**customer(name, custom={"Tags": tags}), "addresses": [{"city": city}]}


@pytest.fixture
def said(shared: House) -> House:
    """Customers that say something, and a group that Cy does not see."""
    shared.put("Customers", living("Ida", "New York", "VIP, Board"))
    shared.put("Press", living("Olga", "Newcastle", "Villain"))
    return shared


def test_letters_offer_the_terms_that_they_begin(said: House, browser: Signed) -> None:
    assert offered(browser, "ci")[0] == "city:"
    assert offered(browser, "ada -ci")[0] == "ada -city:"
    assert offered(browser, "chan")[0] == "changed"
    assert offered(browser, "cust")[-1] == "group:Customers"
    assert offered(browser, "") == []
    assert offered(browser, "zzz") == []


def test_a_term_offers_its_values_and_quotes_those_of_several_words(said: House, browser: Signed) -> None:
    assert set(offered(browser, "city:new")) == {'city:"New York"', "city:Newcastle"}
    assert offered(browser, 'city:"new y') == ['city:"New York"']
    assert offered(browser, "group:pr") == ["group:Press"]
    assert offered(browser, "invalid:") == ["invalid:email", "invalid:phone"]
    assert offered(browser, "changed>") [:2] == ["changed>-7d", "changed>-30d"]  # fmt: skip


def test_the_part_with_the_cursor_is_completed_and_the_rest_stays(said: House, browser: Signed) -> None:
    assert offered(browser, "city:newc tag:vip", 9) == ["city:Newcastle tag:vip"]
    answer = browser.get("/contacts/suggest", query_string={"q": "city:newc tag:vip", "at": 9}).text
    assert f'data-at="{len("city:Newcastle")}"' in answer


def test_nothing_is_offered_that_the_reader_may_not_see(said: House, browser: Signed, app: Flask) -> None:
    cy = signed_in(app, said, "cy")
    assert {"tag:VIP", "tag:Villain"} <= set(offered(browser, "tag:v"))
    assert offered(cy, "tag:v") == ["tag:VIP"]
    assert offered(cy, "city:new") == ['city:"New York"']
    assert offered(cy, "group:") == ["group:Customers"]
    assert not [one for one in offered(cy, "villain") if "Villain" in one]


def test_a_filter_that_cannot_be_read_points_at_the_place(said: House, browser: Signed) -> None:
    page = browser.get("/contacts/", query_string={"q": "ada countrx:dk bo"}).text
    assert "ada <mark>countrx:dk</mark> bo" in page


def test_what_may_never_have_been_and_what_is_required_are_offered(said: House, browser: Signed) -> None:
    assert offered(browser, "entry.call:ne") == ["entry.call:never"]
    assert offered(browser, "followup:") == ["followup:open", "followup:due"]
    assert offered(browser, "missing:req") == ["missing:required"]
    assert offered(browser, "has:pho") == ["has:phone", "has:photo"]
