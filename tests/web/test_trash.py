"""Trash: what lies there, for how long, and the way back."""

import re

import pytest
from flask import Flask

from tests.web.conftest import Signed, signed_in
from tests.worlds import House


@pytest.fixture
def thrown(shared: House) -> House:
    """Ada left Customers, Zoë left Press; both lie in the trash since yesterday."""
    shared.take("Customers", "Ada")
    shared.take("Press", "Zoë")
    shared.wait(days=1)
    return shared


def test_it_tells_since_when_from_which_group_and_until_when(thrown: House, browser: Signed) -> None:
    text = browser.get("/trash/").text
    assert "2 contacts" in text
    assert "Customers" in text
    assert "1 day ago" in text
    assert "in 28 days" in text or "in 29 days" in text


def test_a_click_on_a_header_sorts_it_and_another_one_turns_it_round(thrown: House, browser: Signed) -> None:
    def shown(address: str) -> list[str]:
        return re.findall(r"(Ada|Zoë)</a>", browser.get(address).text)

    thrown.wait(hours=1)
    thrown.take("Customers", "Grace")
    text = browser.get("/trash/").text
    assert re.search(r'<th scope="col"[^>]*aria-sort="descending"[^>]*><a[^>]*>Deleted', text)
    assert text.index(">Grace<") < min(text.index(">Ada<"), text.index(">Zoë<"))
    assert shown("/trash/?sort=name") == ["Ada", "Zoë"]
    assert shown("/trash/?sort=-name") == ["Zoë", "Ada"]


def test_it_shows_photos_to_those_who_could_see_them(app: Flask, house: House) -> None:
    house.share("Customers", "Ada", bo="edit", fin="view")
    house.photograph("Ada", "red")
    house.take("Customers", "Ada")
    text = signed_in(app, house, "bo").get("/trash/").text
    (address,) = set(re.findall(r'<img class="face face-0" src="([^"]+)"', text))
    faces = {who: signed_in(app, house, who).get(address.replace("&amp;", "&")).data for who in ("bo", "dag")}
    assert faces["bo"] != faces["dag"]


def test_each_sees_what_they_may_bring_back(app: Flask, thrown: House) -> None:
    bo, cy, dag = (signed_in(app, thrown, who).get("/trash/").text for who in ("bo", "cy", "dag"))
    assert "Ada" in bo
    assert "Zoë" not in bo
    assert "Zoë" in dag
    assert "Ada" not in dag
    assert "The trash is empty" in cy


def test_what_is_brought_back_stands_in_its_group_everywhere(app: Flask, thrown: House) -> None:
    bo = signed_in(app, thrown, "bo")
    answer = bo.submit("/trash/", {"contact": thrown.contact_id("Ada")}, follow_redirects=True)
    assert "1 contact restored" in answer.text
    thrown.sync_until_quiet()
    assert thrown.users["cy"].sees("Customers") == ["Ada", "Grace"]
    assert thrown.events("contact.restore")[0]["actor"] == thrown.users["bo"].id


def test_who_may_not_edit_brings_nothing_back(app: Flask, thrown: House) -> None:
    for who in ("cy", "dag", "fin", "eva"):
        answer = signed_in(app, thrown, who).submit("/trash/", {"contact": thrown.contact_id("Ada")})
        assert answer.status_code in (303, 403)
    assert thrown.trash() == ["Ada", "Zoë"]


def test_a_group_that_is_gone_is_no_way_back_and_that_is_said(thrown: House, browser: Signed) -> None:
    thrown.delete_group("Press")
    both = [thrown.contact_id("Ada"), thrown.contact_id("Zoë")]
    assert "its groups are gone" in browser.get("/trash/").text
    answer = browser.submit("/trash/", {"contact": both}, follow_redirects=True)
    assert "1 contact restored" in answer.text
    assert "1 contact not restored: The groups this contact was in are gone" in answer.text


def test_choosing_nothing_is_refused(thrown: House, browser: Signed) -> None:
    assert "Tick contacts first." in browser.submit("/trash/", {}, follow_redirects=True).text


def test_a_full_trash_has_pages_without_gap_or_repetition(house: House, browser: Signed) -> None:
    names = [f"N{number:03}" for number in range(70)]
    house.share("Customers", *names)
    house.take("Customers", *names)
    first = browser.get("/trash/").text
    assert "70 contacts" in first
    rest = browser.get("/trash/?after=" + first.rpartition("/trash/?after=")[2].partition('"')[0]).text
    shown = [name for name in names if f">{name}<" in first] + [name for name in names if f">{name}<" in rest]
    assert sorted(shown) == names
