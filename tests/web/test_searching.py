"""Every way of searching refuses a search that is too long, and says so: nothing asks the database for 900 words."""

import pytest
from flask import Flask

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
