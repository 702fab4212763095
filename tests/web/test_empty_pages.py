"""A list that is empty says what it is for and what comes next, and leads there only who may go there."""

import re

import pytest
from flask import Flask

from tests.web.conftest import Signed, signed_in
from tests.worlds import House

LISTS = (
    *("/contacts/", "/duplicates/", "/duplicates/decided", "/quality/", "/reviews/", "/trash/", "/groups/", "/mine/"),
    *("/holds/", "/proposals/", "/conflicts/", "/questions/"),
)
OF_ADMINISTRATORS = ("/", "/mailboxes/")


def empties(browser: Signed, address: str) -> list[str]:
    """What stands in place of each list that is empty."""
    page = browser.get(address).text
    return [one.partition("</section>")[0] for one in re.split(r'class="(?:card )?empty"', page)[1:]]


def lead_on(browser: Signed, address: str) -> None:
    found = empties(browser, address)
    assert found, address
    for one in found:
        assert re.search(r"<h[23]>[^<]+</h[23]>\s*<p>[^<]{20,}", one), (address, one)
        for link in re.findall(r'href="([^"]+)"', one.partition("</div>")[0]):
            assert browser.get(link).status_code == 200, (address, link)


@pytest.mark.parametrize("name", ["anna", "fin"])
def test_every_empty_list_says_what_it_is_for_and_leads_on(house: House, app: Flask, name: str) -> None:
    browser = signed_in(app, house, name)
    for address in (*LISTS, *(OF_ADMINISTRATORS if name == "anna" else ())):
        lead_on(browser, address)


def test_who_may_only_look_is_offered_nothing_to_add(house: House, app: Flask) -> None:
    house.share("Customers", bo="edit", fin="view")
    for name, adds in (("anna", True), ("bo", True), ("fin", False)):
        browser = signed_in(app, house, name)
        for address in ("/contacts/", f"/groups/{house.group_id('Customers')}"):
            lead_on(browser, address)
            assert any("/contacts/new" in one for one in empties(browser, address)) == adds, (name, address)
