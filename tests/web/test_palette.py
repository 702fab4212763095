"""The palette: from anywhere to where one wants, by a few letters, and never to what one may not see."""

import re

import pytest
from flask import Flask

from tests.web.conftest import signed_in
from tests.web.waiting import let_wait
from tests.worlds import House


def found(app: Flask, house: House, who: str, letters: str) -> dict[str, list[str]]:
    """What stands under each heading."""
    text = signed_in(app, house, who).get(f"/find/?q={letters}", headers={"HX-Request": "true"}).text
    parts = re.split(r"<h2[^>]*>([^<]+)</h2>", text)
    return {
        word: re.findall(r'class="who">([^<]+)<', rows) for word, rows in zip(parts[1::2], parts[2::2], strict=True)
    }


def test_letters_find_contacts_groups_people_and_pages_by_accents_or_without(shared: House, app: Flask) -> None:
    assert found(app, shared, "anna", "zoe") == {"Contacts": ["Zoë"]}
    assert found(app, shared, "anna", "custom")["Groups"] == ["Customers"]
    assert found(app, shared, "anna", "bogh") == {"People": ["Bo Bøgh"]}
    assert found(app, shared, "anna", "trash") == {"Pages": ["Trash"]}
    assert found(app, shared, "anna", "nobody at all") == {}


@pytest.mark.parametrize(
    ("who", "letters", "sees"),
    [
        ("cy", "zo", {}),  # Press is not shared with Cy
        ("cy", "pres", {}),
        ("cy", "bogh", {}),  # who else uses it is for those who oversee
        ("cy", "ada", {"Contacts": ["Ada"]}),
        ("cy", "new", {}),  # Cy may make neither
        ("bo", "new", {"Pages": ["New contact"]}),
        ("anna", "new", {"Pages": ["New contact", "New group"]}),
        ("eva", "roles", {}),
        ("eva", "change log", {"Pages": ["Change log"]}),
    ],
)
def test_nobody_is_led_to_what_they_may_not_see(
    shared: House, app: Flask, who: str, letters: str, sees: dict[str, list[str]]
) -> None:
    assert found(app, shared, who, letters) == sees


def test_every_place_it_offers_lets_in_whom_it_is_offered_to(shared: House, app: Flask) -> None:
    for who in ("fin", "cy", "bo", "dag", "eva", "anna"):
        client = signed_in(app, shared, who)
        places = client.get("/find/", headers={"HX-Request": "true"}).text
        for address in re.findall(r'href="([^"]+)"', places):
            assert client.get(address).status_code == 200, (who, address)


@pytest.mark.parametrize(("who", "number"), [("anna", "3"), ("dag", None), ("bo", None)])
def test_the_menu_counts_what_waits_for_whoever_looks(shared: House, app: Flask, who: str, number: str | None) -> None:
    let_wait(shared, "Ada")
    told = re.search(r'class="tally"[^>]*>([^<]+)<', signed_in(app, shared, who).get("/contacts/").text)
    assert (told and told[1]) == number
