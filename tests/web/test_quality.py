"""Quality: each line says how many contacts a filter finds of those that one may see, and leads to them."""

import re

from flask import Flask

from sharesync.model.company_fields import NO_FIELDS
from sharesync.model.filter_lines import parse
from tests.users import customer
from tests.web.conftest import Signed, signed_in
from tests.worlds import House
from web.pages.quality import CHECKS


def said(page: str) -> dict[str, str]:
    """What each line says, by its filter."""
    return dict(re.findall(r"<code>([^<]+)</code></span></div>\s*<span class=\"meta\">([^<]+)</span>", page))


def test_what_looks_wrong_is_counted_and_leads_to_the_contacts(shared: House, browser: Signed) -> None:
    shared.put("Customers", customer("Nil", emails=["nowhere"], phones=["12345abcdefg"]))
    page = browser.get("/quality/").text
    assert (said(page)["invalid:email"], said(page)["invalid:phone"]) == ("1 contact", "1 contact")
    assert said(page)["-changed&gt;-1y"] == "none"
    assert 'href="/contacts/?q=invalid:email"' in page
    assert "Nil" in browser.get("/contacts/?q=invalid:email").text


def test_nobody_is_told_how_many_there_are_in_a_group_that_they_do_not_see(shared: House, app: Flask) -> None:
    shared.put("Customers", customer("Nil", emails=["nowhere"]))
    told = {name: said(signed_in(app, shared, name).get("/quality/").text)["invalid:email"] for name in ("bo", "fin")}
    assert told == {"bo": "1 contact", "fin": "none"}


def test_each_line_is_a_filter_that_anyone_may_type(house: House) -> None:
    for line in CHECKS:
        assert parse(line, house.world.now(), None, NO_FIELDS)
