"""A contact's form: every field there and back, rows with and without JavaScript, someone faster, and proposals."""

import re
from html import unescape
from typing import Any

import pytest
from flask import Flask

from sharesync.model.card import EMPTY, Card
from sharesync.model.fields import FIELDS, Part
from sharesync.store.records import contacts
from tests.web.conftest import Signed, signed_in
from tests.worlds import House
from web.pages import card_form
from web.pages.card_form import BOXES, draft
from web.words.fields import KINDS
from web.words.languages import LANGUAGES

WHOLE: dict[str, list[dict[str, Any]]] = {
    name: [
        {
            part: {"year": 1970, "month": 5, "day": 3}
            if kind is Part.DATE
            else True
            if kind is Part.FLAG
            else 1000
            if kind is Part.NUMBER
            else f"{part} of {name}"
            for part, kind in rule.parts.items()
        }
    ]
    for name, rule in FIELDS.items()
}
"""A card with every part of every field."""


def boxes(text: str) -> dict[str, str]:
    """What a browser would send of the form on the page."""
    form = text[text.index('id="card-form"') : text.index("</form>", text.index('id="card-form"'))]
    sent: dict[str, str] = {}
    for box in re.findall(r"<input ([^>]*)>", form):
        said = {name: unescape(value) for name, value in re.findall(r'([\w-]+)="([^"]*)"', box)}
        if said.get("type") != "checkbox" or " checked" in f" {box}":
            sent[said["name"]] = said.get("value", "")
    for name, value in re.findall(r'<textarea name="([^"]+)"[^>]*>([^<]*)</textarea>', form):
        sent[name] = unescape(value)
    for name, options in re.findall(r'<select[^>]* name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', options)
        sent[name] = chosen[1] if chosen else ""
    sent.pop("csrf_token")  # a browser of the tests sends one of its own
    return sent


def card_of(house: House, contact: str) -> Card:
    with house.database.reading() as session:
        return contacts.get(session, contact).card


def test_every_managed_field_has_its_boxes_and_nothing_has_two() -> None:
    assert BOXES.keys() == FIELDS.keys()
    unboxed = {
        (name, part)
        for name, rule in FIELDS.items()
        for part in rule.parts
        if part not in {b.part for b in BOXES[name]}
    }
    assert unboxed == {
        ("addresses", "formattedValue"),
        ("birthdays", "text"),
        ("biographies", "contentType"),
        ("nicknames", "type"),
        ("organizations", "fullTimeEquivalentMillipercent"),
    }
    assert all(len({box.part for box in some}) == len(some) for some in BOXES.values())


def test_a_card_with_everything_is_saved_unchanged_when_nothing_is_typed(house: House, browser: Signed) -> None:
    house.share("Everything", WHOLE)
    (contact,) = [row[0] for row in house.query("SELECT id FROM contacts")]
    form = boxes(browser.get(f"/contacts/{contact}/edit").text)
    assert form["version"] == "1"
    answer = browser.submit(f"/contacts/{contact}/edit", form)
    assert answer.location == f"/contacts/{contact}"
    assert card_of(house, contact) == Card.parse(WHOLE)
    assert house.events("contact.update") == []


def test_a_new_contact_is_made_of_what_was_typed_by_who_typed_it(shared: House, app: Flask) -> None:
    bo = signed_in(app, shared, "bo")
    group = shared.group_id("Customers")
    form = boxes(bo.get(f"/contacts/new?group={group}").text)
    assert form["group"] == group
    form |= {
        "names-0-givenName": " Edith ",
        "emailAddresses-0-value": "edith@x.example",
        "emailAddresses-0-type": "work",
    }
    form |= {"birthdays-0-date-day": "29", "birthdays-0-date-month": "2"}
    answer = bo.submit("/contacts/new", form)
    edith = shared.contact_id("Edith")
    assert answer.location == f"/contacts/{edith}"
    assert card_of(shared, edith).as_json() == {
        "names": [{"givenName": "Edith"}],
        "emailAddresses": [{"value": "edith@x.example", "type": "work"}],
        "birthdays": [{"date": {"month": 2, "day": 29}}],
    }
    assert shared.events("contact.create")[-1]["actor"] == shared.users["bo"].id
    shared.sync_until_quiet()
    assert shared.users["cy"].shows("Edith").birthday is not None


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({}, "Write something into the form first."),
        ({"birthdays-0-date-day": "31", "birthdays-0-date-month": "2"}, "is not a date"),
        ({"birthdays-0-date-day": "31"}, "A date with a day needs its month."),
        ({"birthdays-0-date-year": "MCMLXX"}, "in digits"),
        ({"userDefined-0-value": "42"}, "needs a name"),
        ({"phoneNumbers-0-value": "1" * 2000}, "Google allows 1024"),
        ({"addresses-0-~": "[1]"}, "came back broken"),
        ({"addresses-0-~": "{"}, "came back broken"),
    ],
)
def test_what_cannot_be_is_one_sentence_and_what_was_typed_stays(
    shared: House, browser: Signed, typed: dict[str, str], told: str
) -> None:
    answer = browser.submit("/contacts/new", typed | {"group": shared.group_id("Press"), "nicknames-0-value": " "})
    assert answer.status_code == 200
    assert told in answer.text
    assert {name: value for name, value in boxes(answer.text).items() if typed.get(name)} == {
        name: value for name, value in typed.items() if not name.endswith("~") or value
    }
    assert shared.contacts() == ["Ada", "Grace", "Zoë"]


def folds(text: str) -> set[str]:
    """What the form hides behind a word: by the ids of what the word opens."""
    return set(re.findall(r'<details class="fold" id="fold-([^"]+)">', text))


def test_what_is_empty_is_folded_away_and_what_is_typed_there_is_kept(shared: House, browser: Signed) -> None:
    address = f"/contacts/{shared.contact_id('Ada')}/edit"
    text = browser.get(address).text
    empty = {"phoneNumbers", "organizations", "addresses", "birthdays", "biographies", "photo", "field-tags"}
    assert folds(text) == empty
    form = boxes(text)
    assert {"phoneNumbers-0-value", "biographies-0-value", "field-tags"} <= form.keys()
    again = browser.submit(address, form | {"phoneNumbers-0-value": "+45 7", "field-tags": "vip", "add": "urls"}).text
    assert folds(again) == empty - {"phoneNumbers", "field-tags"}
    assert boxes(again)["phoneNumbers-0-value"] == "+45 7"
    browser.submit(address, boxes(again))
    assert shared.stored("Ada").phones == ("+45 7",)
    new = browser.get(f"/contacts/new?group={shared.group_id('Press')}").text
    assert folds(new) == {"addresses", "birthdays", "biographies", "photo", "field-tags"}


def test_what_is_wrong_is_said_beside_its_field_which_stands_open(shared: House, browser: Signed) -> None:
    typed = {"group": shared.group_id("Press"), "names-0-givenName": "Edith", "birthdays-0-date-day": "31"}
    text = browser.submit("/contacts/new", typed).text
    part = text[text.index('id="part-birthdays"') :].partition("</fieldset>")[0]
    assert 'aria-describedby="told-birthdays"' in part
    assert "A date with a day needs its month." in part[part.index('id="told-birthdays"') :]
    assert 'href="#part-birthdays"' in text
    assert text.count("needs its month") == 2


def test_rows_are_added_and_taken_away_without_saving(shared: House, browser: Signed) -> None:
    address = f"/contacts/{shared.contact_id('Ada')}/edit"
    form = boxes(browser.get(address).text) | {"names-0-familyName": "Lovelace"}
    more = boxes(browser.submit(address, form | {"add": "emailAddresses"}).text)
    assert more["emailAddresses-1-value"] == ""
    assert more["names-0-familyName"] == "Lovelace"
    more |= {"emailAddresses-1-value": "second@x.example"}
    fewer = boxes(browser.submit(address, more | {"remove": "emailAddresses-0"}).text)
    assert fewer["emailAddresses-0-value"] == "second@x.example"
    assert "emailAddresses-1-value" not in fewer
    assert shared.events("contact.update") == []
    browser.submit(address, fewer)
    assert shared.stored("Ada").emails == ("second@x.example",)
    assert shared.stored("Ada").family == "Lovelace"


def test_a_row_that_cannot_be_added_or_taken_is_no_error(shared: House, browser: Signed) -> None:
    address = f"/contacts/{shared.contact_id('Ada')}/edit"
    form = boxes(browser.get(address).text)
    for wish in ({"add": "names"}, {"add": "nothing"}, {"remove": "emailAddresses-99"}, {"remove": "nothing-0"}):
        assert boxes(browser.submit(address, form | wish).text) == form


def test_someone_faster_is_shown_and_both_changes_are_in_the_form(shared: House, browser: Signed) -> None:
    address = f"/contacts/{shared.contact_id('Ada')}/edit"
    form = boxes(browser.get(address).text)
    shared.edit("Ada", family="Byron", note="from Bo")
    answer = browser.submit(address, form | {"names-0-familyName": "Lovelace", "phoneNumbers-0-value": "+45 1"})
    text = " ".join(answer.text.split())
    assert answer.status_code == 409
    assert "Someone changed this contact while you were typing" in text
    assert "<ins>from Bo</ins>" in text
    assert re.search(r"theirs.*Byron.*yours.*Lovelace", text)
    assert shared.stored("Ada").phones == ()
    again = boxes(answer.text)
    assert (again["names-0-familyName"], again["biographies-0-value"]) == ("Byron", "from Bo")
    assert again["phoneNumbers-0-value"] == "+45 1"
    browser.submit(address, again | {"names-0-familyName": "Lovelace"})
    stored = shared.stored("Ada")
    assert (stored.family, stored.note, stored.phones) == ("Lovelace", "from Bo", ("+45 1",))


def test_an_erased_address_comes_back_only_when_that_is_asked_for(shared: House, browser: Signed) -> None:
    from sharesync.model.audit import OPERATOR
    from sharesync.services import erasure

    with shared.world.work(OPERATOR) as work:
        erasure.erase(work, shared.contact_id("Zoë"), "asked for")
    form = {"group": shared.group_id("Press"), "emailAddresses-0-value": "zoë@customer.example"}
    text = browser.submit("/contacts/new", form).text
    assert "was erased" in text
    assert "Create anyway" in text
    assert browser.submit("/contacts/new", form | {"allow_erased": "yes"}).status_code == 303


def test_an_earlier_version_comes_back_as_a_new_one(shared: House, app: Flask) -> None:
    shared.edit("Ada", note="a mistake")
    contact = shared.contact_id("Ada")
    bo = signed_in(app, shared, "bo")
    assert "Restore" in bo.get(f"/contacts/{contact}").text
    bo.submit(f"/contacts/{contact}/restore-version", {"version": "1"})
    assert shared.stored("Ada").note == ""
    assert len(shared.versions("Ada")) == 3
    assert bo.submit(f"/contacts/{contact}/restore-version", {"version": "99"}).status_code == 404


# --- Proposals -------------------------------------------------------------------------------------------------------


def test_who_may_only_view_proposes_and_the_manager_accepts(shared: House, app: Flask, browser: Signed) -> None:
    contact = shared.contact_id("Ada")
    cy = signed_in(app, shared, "cy")
    page = cy.get(f"/contacts/{contact}").text
    assert "Propose a change" in page
    assert "Delete…" not in page
    form = boxes(cy.get(f"/contacts/{contact}/edit").text)
    answer = cy.submit(f"/contacts/{contact}/edit", form | {"phoneNumbers-0-value": "+45 7"}, follow_redirects=True)
    assert "Proposed." in answer.text
    assert shared.stored("Ada").phones == ()
    assert [one["actor"] for one in shared.events("proposal.keep")] == [shared.users["cy"].id]
    assert [one.phones for one in shared.versions("Ada", "rejected")] == [("+45 7",)]
    (proposal,) = [row[0] for row in shared.query("SELECT id FROM proposals")]
    browser.submit(f"/proposals/{proposal}", {"decision": "accept"})
    assert shared.stored("Ada").phones == ("+45 7",)
    shared.sync_until_quiet()


def test_a_second_proposal_joins_the_first(shared: House, app: Flask) -> None:
    contact = shared.contact_id("Ada")
    cy = signed_in(app, shared, "cy")
    form = boxes(cy.get(f"/contacts/{contact}/edit").text)
    cy.submit(f"/contacts/{contact}/edit", form | {"phoneNumbers-0-value": "+45 7"})
    shared.edit("Ada", note="meanwhile")
    cy.submit(f"/contacts/{contact}/edit", form | {"names-0-familyName": "Lovelace"})
    rows = shared.query("SELECT card, version FROM proposals")
    assert len(rows) == 1
    assert all(told in rows[0][0] for told in ("+45 7", "Lovelace", "meanwhile"))
    assert rows[0][1] == 2


def test_a_proposal_of_nothing_is_none_and_an_auditor_proposes_nothing(shared: House, app: Flask) -> None:
    address = f"/contacts/{shared.contact_id('Ada')}/edit"
    cy, eva = signed_in(app, shared, "cy"), signed_in(app, shared, "eva")
    same = boxes(cy.get(address).text)
    assert "Nothing was changed" in cy.submit(address, same, follow_redirects=True).text
    other = same | {"names-0-familyName": "Lovelace"}
    assert "is shared proposes" in eva.submit(address, other, follow_redirects=True).text
    assert shared.query("SELECT id FROM proposals") == []


def test_the_form_of_an_empty_card_has_a_row_for_what_most_have() -> None:
    assert {field for field, rows in draft(EMPTY).items() if rows} == {
        *("names", "emailAddresses", "phoneNumbers", "organizations", "addresses", "birthdays", "biographies")
    }


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_kind_is_shown_and_typed_by_the_word_for_it_and_no_two_share_a_word(app: Flask, code: str) -> None:
    with app.test_request_context(headers={"Accept-Language": code}):
        for field, kinds in card_form.TYPES.items():
            shown = [KINDS.get(kind, kind) for kind in kinds]
            assert len({word.casefold() for word in shown}) == len(kinds), field
            assert [card_form.kind_meant(field, f" {word.upper()}") for word in shown] == list(kinds)
            assert card_form.kind_meant(field, "Sommerhus") == "Sommerhus"
