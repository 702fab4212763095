"""Fields in the page: defined, asked about, filled in, shown, renamed and deleted."""

import re

from flask import Flask

from sharesync.model.card import Card
from sharesync.store.records import company_fields, contacts
from tests.web.conftest import Signed, signed_in
from tests.worlds import House

NEW = {"name": "Renewal", "kind": "date", "where": "google", "help": "The day their contract ends"}


def told(house: House, name: str) -> dict[str, str]:
    with house.database.reading() as session:
        found = contacts.get(session, house.contact_id(name))
        return company_fields.defined(session).told(found.card, found.here)


def card(house: House, name: str) -> Card:
    with house.database.reading() as session:
        return contacts.get(session, house.contact_id(name)).card


def id_of(house: House, name: str) -> str:
    with house.database.reading() as session:
        return company_fields.find(session, name).id


def fill(house: House, browser: Signed, name: str, **boxes: str) -> str:
    """Send the form of a contact as it stands, with these boxes filled in."""
    address = f"/contacts/{house.contact_id(name)}/edit"
    (names,) = card(house, name)["names"]
    sent = {f"names-0-{part}": str(value) for part, value in names.parts}
    boxes = {f"field-{id_of(house, field)}": text for field, text in boxes.items()}
    return str(browser.submit(address, sent | boxes, follow_redirects=True).text)


def test_a_field_is_defined_filled_in_shown_found_renamed_and_deleted(shared: House, browser: Signed) -> None:
    browser.submit("/fields/", NEW)
    browser.submit("/fields/", NEW | {"name": "Budget", "kind": "number", "where": "here"})
    form = browser.get(f"/contacts/{shared.contact_id('Ada')}/edit").text
    assert 'type="date"' in form
    assert "The day their contract ends" in form

    page = fill(shared, browser, "Ada", Renewal="2026-12-24", Budget="1 200,50", Tags="VIP, press,vip")
    assert told(shared, "Ada") == {"Tags": "VIP, press", "Renewal": "2026-12-24", "Budget": "1200.5"}
    assert "24 December 2026" in page
    assert "1200.5" in page
    assert {item.text("key") for item in card(shared, "Ada")["userDefined"]} == {"Tags", "Renewal"}
    for line in ("renewal:2026-12", "budget>1000", "tag:press"):
        assert "Ada" in browser.get(f"/contacts/?q={line}").text

    renewal = id_of(shared, "Renewal")
    assert (
        "Rename Renewal to Contract ends?" in browser.submit(f"/fields/{renewal}/name", {"name": "Contract ends"}).text
    )
    browser.submit(f"/fields/{renewal}/name", {"name": "Contract ends", "confirm-count": "1"})
    assert told(shared, "Ada")["Contract ends"] == "2026-12-24"
    assert {item.text("key") for item in card(shared, "Ada")["userDefined"]} == {"Tags", "Contract ends"}

    assert "Delete the field Budget?" in browser.submit(f"/fields/{id_of(shared, 'Budget')}/delete", {}).text
    for name in ("Budget", "Contract ends"):
        browser.submit(f"/fields/{id_of(shared, name)}/delete", {"confirm-count": "1", "confirm-name": name})
    assert told(shared, "Ada") == {"Tags": "VIP, press"}


def test_what_does_not_fit_is_refused_in_the_form_and_kept_where_it_came_from_elsewhere(
    shared: House, browser: Signed
) -> None:
    shared.users["bo"].edits("Ada", custom={"renewal": "next spring"})
    shared.sync_until_quiet()
    asked = browser.submit("/fields/", NEW)
    assert "Define Renewal?" in asked.text
    assert "1 of these values do not fit" in asked.text
    browser.submit("/fields/", NEW | {"confirm-count": "1"})
    page = browser.get(f"/contacts/{shared.contact_id('Ada')}").text
    assert "next spring" in page
    assert "does not fit" in page
    assert "Ada" in browser.get("/contacts/?q=unfit:renewal").text
    assert "does not fit into" in fill(shared, browser, "Ada", Renewal="in summer")
    fill(shared, browser, "Ada", Renewal="next spring", Tags="x")
    assert told(shared, "Ada") == {"Tags": "x", "Renewal": "next spring"}


def test_undo_gives_back_what_a_field_said_also_one_that_is_kept_here(shared: House, browser: Signed) -> None:
    browser.submit("/fields/", NEW | {"name": "Budget", "kind": "number", "where": "here"})
    fill(shared, browser, "Ada", Budget="7", Tags="a")
    page = fill(shared, browser, "Ada", Budget="8", Tags="b")
    found = re.search(r'action="(/undo/[^"]*)"', page)
    assert found is not None
    browser.submit(found[1], {})
    assert told(shared, "Ada") == {"Tags": "a", "Budget": "7"}


def test_a_field_that_a_group_requires_is_asked_for(shared: House, browser: Signed) -> None:
    browser.submit("/fields/", NEW | {"required": shared.group_id("Customers")})
    assert "“Renewal” is required" in fill(shared, browser, "Ada", Renewal="")
    fill(shared, browser, "Ada", Renewal="2026-12-24")
    assert told(shared, "Ada") == {"Renewal": "2026-12-24"}


def test_who_may_only_view_sees_what_is_kept_here_and_cannot_propose_it(
    app: Flask, shared: House, browser: Signed
) -> None:
    browser.submit("/fields/", NEW | {"name": "Budget", "kind": "number", "where": "here"})
    fill(shared, browser, "Ada", Budget="7")
    viewer = signed_in(app, shared, "cy")
    assert ">Budget<" in viewer.get(f"/contacts/{shared.contact_id('Ada')}").text
    assert f"field-{id_of(shared, 'Budget')}" not in viewer.get(f"/contacts/{shared.contact_id('Ada')}/edit").text


def test_nothing_is_shown_in_google_that_nobody_asked_for(shared: House, browser: Signed) -> None:
    for wrong, asked in (
        ({"where": ""}, "Choose where"),
        ({"where": "mars"}, "Choose where"),
        ({"kind": "x"}, "Choose a"),
    ):
        assert asked in browser.submit("/fields/", NEW | wrong, follow_redirects=True).text
    with shared.database.reading() as session:
        assert [one.name for one in company_fields.defined(session).fields] == ["Tags"]


def test_a_field_gets_another_kind_after_a_question_and_back_by_an_undo(shared: House, browser: Signed) -> None:
    browser.submit("/fields/", NEW | {"kind": "text"})
    renewal = id_of(shared, "Renewal")
    fill(shared, browser, "Ada", Renewal="2026-12-24")
    fill(shared, browser, "Grace", Renewal="next summer")
    before = {name: card(shared, name) for name in ("Ada", "Grace")}
    question = browser.submit(f"/fields/{renewal}/kind", {"kind": "date"}).text
    assert "another kind: date?" in question
    assert "1 of these values do not fit" in question
    assert browser.get("/contacts/?q=unfit:renewal").text.count("Grace") == 0

    sent = {"kind": "date", "confirm-count": "2"}
    page = browser.submit(f"/fields/{renewal}/kind", sent, follow_redirects=True).text
    assert {name: card(shared, name) for name in before} == before
    assert "Grace" in browser.get("/contacts/?q=unfit:renewal").text
    assert "Ada" in browser.get("/contacts/?q=renewal:2026-12").text

    undo = re.search('action="(/undo/[^"]+)"', page)
    assert undo
    browser.submit(undo[1])
    assert "Grace" in browser.get("/contacts/?q=renewal:next").text
    assert "Grace" not in browser.get("/contacts/?q=unfit:renewal").text
    assert {name: card(shared, name) for name in before} == before


def test_a_field_moves_after_a_question_and_its_values_with_it(shared: House, browser: Signed) -> None:
    browser.submit("/fields/", NEW | {"kind": "text"})
    renewal = id_of(shared, "Renewal")
    fill(shared, browser, "Ada", Renewal="in winter")
    page = ""
    for where, headline in (("here", "Keep Renewal here?"), ("google", "Show Renewal in Google?")):
        assert headline in browser.submit(f"/fields/{renewal}/place", {"where": where}).text
        sent = {"where": where, "confirm-count": "1"}
        page = browser.submit(f"/fields/{renewal}/place", sent, follow_redirects=True).text
        assert ("kept here · <code>renewal:" in page) == (where == "here")
        assert "Ada" in browser.get("/contacts/?q=renewal:winter").text
    undo = re.search('action="(/undo/[^"]+)"', page)
    assert undo
    browser.submit(undo[1])
    assert "kept here · <code>renewal:" in browser.get("/fields/").text
    refused = browser.submit("/fields/tags/place", {"where": "here"}, follow_redirects=True).text
    assert "Tags stay as they are" in refused


def test_the_kind_of_tags_stays(shared: House, browser: Signed) -> None:
    answer = browser.submit("/fields/tags/kind", {"kind": "text"}, follow_redirects=True)
    assert "Tags stay as they are" in answer.text
