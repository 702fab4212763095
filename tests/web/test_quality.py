"""Quality: each line says how many contacts a filter finds of those that one may see, and leads to them."""

import re

from flask import Flask

from sharesync.model.company_fields import NO_FIELDS
from sharesync.model.filter_lines import parse
from sharesync.model.quality import CHECKS
from sharesync.services import quality
from tests.users import customer
from tests.web.conftest import Signed, signed_in
from tests.worlds import House
from web.pages.quality import WORDS


def said(page: str) -> dict[str, str]:
    """What each line says, by its filter."""
    found = r"<code>([^<]+)</code></span></div>.*?<span class=\"found\"><span class=\"meta\">([^<]+)</span>"
    return dict(re.findall(found, page, re.DOTALL))


def test_what_looks_wrong_is_counted_and_leads_to_the_contacts(shared: House, browser: Signed) -> None:
    shared.put("Customers", customer("Nil", emails=["nowhere"], phones=["12345abcdefg"]))
    page = browser.get("/quality/").text
    assert (said(page)["invalid:email"], said(page)["invalid:phone"]) == ("1 contact", "1 contact")
    assert said(page)["-changed&gt;-1y"] == "none"
    assert 'href="/contacts/?q=invalid:email"' in page
    assert "Nil" in browser.get("/contacts/?q=invalid:email").text


def test_nobody_is_told_how_many_there_are_in_a_group_that_they_do_not_see(shared: House, app: Flask) -> None:
    shared.put("Customers", customer("Nil", emails=["nowhere"]))
    shared.grant("Press", "fin@north.test", "view")
    told = {name: said(signed_in(app, shared, name).get("/quality/").text)["invalid:email"] for name in ("bo", "fin")}
    assert told == {"bo": "1 contact", "fin": "none"}


def test_a_duplicate_is_one_where_both_may_be_seen_and_nobody_decided(house: House, app: Flask) -> None:
    house.share("Customers", customer("Ida", emails=["ida@x.example"]), bo="view", fin="manage")
    house.share("Press", customer("Idda", emails=["ida@x.example"]), bo="view")

    def listed(name: str) -> list[bool]:
        page = signed_in(app, house, name)
        number = said(page.get("/quality/").text)["duplicate:likely"]
        found = page.get("/contacts/?q=duplicate:likely").text
        return [number == "2 contacts", f'/contacts/{house.contact_id("Ida")}"' in found]

    assert (listed("anna"), listed("bo"), listed("fin")) == ([True, True], [True, True], [False, False])
    pair = f"/duplicates/{house.contact_id('Ida')}/{house.contact_id('Idda')}"
    signed_in(app, house, "anna").submit(pair, {"do": "apart"})
    assert listed("anna") == [False, False]


def test_each_line_is_a_filter_that_anyone_may_type(house: House) -> None:
    assert WORDS.keys() == set(CHECKS)
    for line in CHECKS:
        assert parse(line, house.world.now(), None, NO_FIELDS)


# --- Over time -------------------------------------------------------------------------------------------------------


def test_the_days_last_count_stands_and_is_drawn_with_a_table_beside_it(shared: House, app: Flask) -> None:
    quality.count(shared.world)
    assert '<svg class="trend"' not in signed_in(app, shared, "anna").get("/quality/").text  # one day is no line
    shared.wait(days=1)
    quality.count(shared.world)
    shared.put("Customers", customer("Nil", emails=["nowhere"]), customer("Nix", emails=["nowhere else"]))
    quality.count(shared.world)
    page = signed_in(app, shared, "anna").get("/quality/").text
    chart = re.search(r"<code>invalid:email</code>.*?<polyline points=\"([^\"]+)\"", page, re.DOTALL)
    assert chart is not None
    first, last = (tuple(map(float, place.split(","))) for place in chart[1].split())
    assert (first[0] < last[0], first[1] > last[1]) == (True, True)  # to the right, and up
    table = page[page.index("<table") :]
    numbers = [re.findall(r'data-label="An e-mail address looks wrong">(\d+)<', row) for row in table.split("<tr>")]
    assert [found for found in numbers if found] == [["2"], ["0"]]  # today first


def test_contacts_that_wait_to_be_compared_are_compared_before_they_are_counted(house: House) -> None:
    house.share("Customers", *(customer(name, emails=["ida@x.example"]) for name in ("Ida", "Idda")))
    quality.count(house.world)
    assert house.query("SELECT number FROM quality_counts WHERE name = 'duplicate:likely'") == [(2,)]


def test_of_no_contacts_nothing_is_counted(house: House) -> None:
    quality.count(house.world)
    assert house.query("SELECT count(*) FROM quality_counts") == [(0,)]


def test_no_smart_group_is_made_of_duplicates(shared: House, app: Flask) -> None:
    anna = signed_in(app, shared, "anna")
    for line, offered in (("tag:vip", True), ("duplicate:likely", False)):
        assert ("/groups/smart" in anna.get(f"/contacts/?q={line}").text) == offered
    sent = {"name": "Doubles", "q": "duplicate:likely", "from": shared.group_id("Customers")}
    answer = anna.submit("/groups/smart", sent, follow_redirects=True)
    assert "A smart group cannot ask for duplicates; save the filter instead." in answer.text


def test_how_all_contacts_changed_is_told_to_who_sees_all_of_them(shared: House, app: Flask) -> None:
    for _ in range(2):
        quality.count(shared.world)
        shared.wait(days=1)
    drawn = {name: '<svg class="trend"' in signed_in(app, shared, name).get("/quality/").text for name in ("eva", "bo")}
    assert drawn == {"eva": True, "bo": False}


def test_what_is_longer_ago_than_the_chart_is_left_out(shared: House, app: Flask) -> None:
    for days in (60, 60, 1):
        quality.count(shared.world)
        shared.wait(days=days)
    page = signed_in(app, shared, "anna").get("/quality/").text
    assert page.count('<th scope="row">') == 2
