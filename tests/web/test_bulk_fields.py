"""One field of many contacts at once: set, emptied, tagged; previewed where they are many; undone as one act."""

import re

from flask import Flask

from sharesync.store.records import company_fields, contacts
from tests.users import customer
from tests.web.conftest import Signed, signed_in
from tests.worlds import House

CHANGE = "/contacts/chosen/change"


def tags(house: House, *names: str) -> list[str]:
    with house.database.reading() as session:
        fields = company_fields.defined(session)
        found = [contacts.get(session, house.contact_id(name)) for name in names]
        return [fields.told(one.card, one.here).get("Tags", "") for one in found]


def ids(house: House, *names: str) -> list[str]:
    return [house.contact_id(name) for name in names]


def test_a_field_of_those_ticked_is_set_added_to_and_emptied_and_each_act_is_undone_as_one(
    shared: House, browser: Signed
) -> None:
    two = {"contact": ids(shared, "Ada", "Grace"), "field": "tags"}
    form = browser.submit(CHANGE, {"contact": two["contact"]}).text
    assert "Ada and Grace" in form
    assert "Tags" in form
    page = browser.submit(CHANGE, two | {"verb": "set", "value": "vip"}, follow_redirects=True).text
    assert "Tags changed of 2 contacts." in page
    assert tags(shared, "Ada", "Grace") == ["vip", "vip"]
    browser.submit(CHANGE, two | {"contact": ids(shared, "Ada"), "verb": "add", "value": "press, VIP"})
    assert tags(shared, "Ada", "Grace") == ["vip, press", "vip"]
    page = browser.submit(CHANGE, two | {"verb": "remove", "value": "Press"}, follow_redirects=True).text
    assert "1 contact: so already." in page
    assert tags(shared, "Ada", "Grace") == ["vip", "vip"]
    page = browser.submit(CHANGE, two | {"verb": "clear"}, follow_redirects=True).text
    assert tags(shared, "Ada", "Grace") == ["", ""]
    undo = re.search(r'action="(/undo/[^"]+)"', page)
    assert undo
    browser.submit(undo[1])
    assert tags(shared, "Ada", "Grace") == ["vip", "vip"]


def test_what_does_not_fit_is_said_in_the_form_and_changes_nothing(shared: House, browser: Signed) -> None:
    browser.submit("/fields/", {"name": "Renewal", "kind": "date", "where": "here"})
    field = shared.query("SELECT id FROM fields WHERE name = 'Renewal'")[0][0]
    sent = {"contact": ids(shared, "Ada"), "field": field}
    assert "does not fit" in browser.submit(CHANGE, sent | {"verb": "set", "value": "soon"}).text
    assert "of several values" in browser.submit(CHANGE, sent | {"verb": "add", "value": "soon"}).text
    assert "Type a value." in browser.submit(CHANGE, sent | {"verb": "set", "value": " "}).text
    assert "Choose a field." in browser.submit(CHANGE, sent | {"field": "none", "verb": "clear"}).text


def test_more_than_twenty_are_shown_first_with_what_will_happen(house: House, browser: Signed) -> None:
    house.share("All", *(customer(f"N{number:02}") for number in range(25)))
    sent = {"all": "yes", "q": "n", "field": "tags", "verb": "add", "value": "fair"}
    question = browser.submit(CHANGE, sent).text
    assert "Of 25 contacts, Tags gets, besides what stands there “fair”." in question
    assert tags(house, "N00") == [""]
    assert (
        "Tags changed of 25 contacts."
        in browser.submit(CHANGE, sent | {"confirm-count": "25"}, follow_redirects=True).text
    )
    assert len({one[0] for one in house.query("SELECT pass_id FROM events WHERE action = 'contact.update'")}) == 1


def test_a_contact_without_the_right_is_named_and_the_rest_goes(shared: House, app: Flask) -> None:
    shared.grant("Press", shared.address("bo"), "view")
    bo = signed_in(app, shared, "bo")
    sent = {"contact": ids(shared, "Ada", "Zoë"), "field": "tags", "verb": "set", "value": "vip"}
    page = bo.submit(CHANGE, sent, follow_redirects=True).text
    assert "Tags changed of 1 contact." in page
    assert "Not with Zoë: " in page
    assert tags(shared, "Ada", "Zoë") == ["vip", ""]


def test_copies_hold_what_one_may_see_of_what_was_ticked(shared: House, app: Flask) -> None:
    bo = signed_in(app, shared, "bo")
    sent = {"contact": ids(shared, "Ada", "Zoë")}
    shown = bo.submit("/contacts/copies/addresses", sent).text
    assert "ada@customer.example" in shown
    assert "@customer.example, " not in shown  # Zoë is hidden from Bo
    card = bo.submit("/contacts/copies/vcard", sent).text
    assert card.count("BEGIN:VCARD") == 1
    assert "Ada" in bo.submit("/contacts/copies/csv", {"all": "yes", "q": "ada"}).text
    assert len(shared.events("contact.export")) == 2


def test_a_smart_group_refuses_in_the_list_and_not_on_a_page_of_its_own(shared: House, browser: Signed) -> None:
    shared.choose("Adas", "ada", "Customers")
    adas = shared.group_id("Adas")
    sent = {"contact": ids(shared, "Ada")}
    for act, more in (("add", {"to": adas}), ("take", {"from": adas, "page": adas})):
        answer = browser.submit(f"/contacts/chosen/{act}", sent | more)
        assert answer.status_code == 303
        assert "A filter chooses who is in this group" in browser.get(answer.location).text
