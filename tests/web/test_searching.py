"""Every way of searching finds what people type, in the order of their language, and refuses what is too long."""

import re

import pytest
from flask import Flask

from tests.users import customer
from tests.web.conftest import Signed, Statements, signed_in
from tests.worlds import House

LONG = " ".join(f"w{number}" for number in range(100))
SAID = "at most 500 letters and 30 words"


@pytest.mark.parametrize(
    ("where", "name"),
    [
        ("/contacts/", "q"),
        ("/groups/{group}", "q"),
        ("/groups/{group}/choose", "q"),
        ("/groups/{group}/access/", "q"),
        ("/groups/{group}/access/", "why"),
        ("/groups/{group}/access/suggest", "q"),
        ("/mailboxes/", "q"),
        ("/audit/", "q"),
        ("/audit/", "who"),
    ],
)
def test_a_page_says_that_a_search_is_too_long(shared: House, browser: Signed, where: str, name: str) -> None:
    long = LONG if name == "q" and where not in ("/mailboxes/", "/audit/") else "a" * 501
    answer = browser.get(where.format(group=shared.group_id("Customers")), query_string={name: long})
    assert (answer.status_code, SAID in answer.text) == (400, True)


@pytest.mark.parametrize(
    ("language", "ordered"),
    [
        ("en", ["Ägir", "Åse", "Eva", "Östen", "Øyvind", "Zoe"]),
        ("da", ["Eva", "Zoe", "Ägir", "Östen", "Øyvind", "Åse"]),
        ("nb", ["Eva", "Zoe", "Ägir", "Östen", "Øyvind", "Åse"]),
        ("sv", ["Eva", "Zoe", "Åse", "Ägir", "Östen", "Øyvind"]),
    ],
)
def test_lists_stand_in_the_order_of_the_readers_language(
    shared: House, browser: Signed, language: str, ordered: list[str]
) -> None:
    shared.share("Østre", *sorted(ordered), bo="edit")
    shared.share("Zebra", bo="edit")
    here = f"/groups/{shared.group_id('Østre')}"
    answers = [browser.get(here + more, headers={"Accept-Language": language}) for more in ("", "?q=e")]
    for answer in answers:
        assert re.findall(r'<a class="stretch" href="/contacts/[^"]+">([^<]+)</a>', answer.text) == ordered
    groups = browser.get("/groups/", headers={"Accept-Language": language}).text
    assert (groups.index("Zebra") < groups.index("Østre")) is (language != "en")


def test_a_search_tells_nothing_of_a_group_or_contact_that_is_hidden(shared: House, app: Flask) -> None:
    shared.share("Secret board", customer("Ada"), anna="manage")
    shared.share("Østerbro", customer("Sørine", phones=["+45 33 12 34 56"]), bo="view")
    bo, anna = signed_in(app, shared, "bo"), signed_in(app, shared, "anna")
    for search in ("Secret", "board ada", "osterbro"):
        found = [search_for(browser, search) for browser in (bo, anna)]
        assert found == [["Sørine"], ["Sørine"]] if search == "osterbro" else [[], ["Ada"]]
    for search in ("sorine", "oesterbro soerine", "33123456", "004533123456", "3456 østerbro"):
        assert search_for(bo, search) == ["Sørine"]


def search_for(browser: Signed, text: str) -> list[str]:
    answer = browser.get("/contacts/", query_string={"q": text})
    return re.findall(r'<a class="stretch" href="/contacts/[^"]+">([^<]+)</a>', answer.text)


@pytest.mark.parametrize("deed", ["add", "take", "delete"])
def test_nothing_is_done_to_all_that_too_long_a_search_finds(
    shared: House, app: Flask, statements: Statements, deed: str
) -> None:
    bo = signed_in(app, shared, "bo")
    group = shared.group_id("Customers")
    bo.get("/")
    with statements(shared) as told:
        answer = bo.submit(f"/contacts/chosen/{deed}", {"all": "1", "q": LONG, "to": group, "from": group})
    assert (answer.status_code, SAID in answer.text) == (400, True)
    assert not [one for one in told if one.count("LIKE") > 30]


# --- While a filter is typed -----------------------------------------------------------------------------------------

TYPING = {"HX-Request": "true"}


@pytest.mark.parametrize(
    "typed", ["tag:", "ada has:pho", "changed>-", 'name:"ida holm', "ada OR ", "ada OR", "-citty:a"]
)
def test_while_a_term_is_typed_the_list_stays_as_it_is(shared: House, browser: Signed, typed: str) -> None:
    answer = browser.get("/contacts/", query_string={"q": typed}, headers=TYPING)
    assert (answer.status_code, answer.text) == (204, "")
    assert "This cannot be searched for" in browser.get("/contacts/", query_string={"q": typed}).text  # sent off


@pytest.mark.parametrize("typed", ["tag: ada", "tag: ", "citty:aarhus ", "has:pho ada", "changed>soon bo"])
def test_what_is_wrong_in_a_term_that_was_left_behind_is_said(shared: House, browser: Signed, typed: str) -> None:
    answer = browser.get("/contacts/", query_string={"q": typed}, headers=TYPING)
    assert "This cannot be searched for" in answer.text
