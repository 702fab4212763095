"""Smart groups in the page: made of a filter in two clicks, changed with a question, and never filled by hand."""

from flask import Flask

from tests.web.conftest import Signed, signed_in
from tests.worlds import House


def test_a_filter_becomes_a_smart_group_in_two_clicks(shared: House, browser: Signed) -> None:
    customers = shared.group_id("Customers")
    found = browser.get(f"/contacts/?q=name:ada&group={customers}").text
    assert f"/groups/smart?q=name:ada&amp;group={customers}" in found
    form = browser.get(f"/groups/smart?q=name:ada&group={customers}").text
    for told in ("1 contact today, seen by 2 people.", "Ada", 'value="name:ada"'):
        assert told in form
    sent = {"name": "Adas", "q": "name:ada", "from": customers, "share": "on"}
    made = browser.submit("/groups/smart", sent)
    assert "Smart group created. It holds 1 contact." in browser.get(made.location).text
    shared.sync_until_quiet()
    assert shared.users["cy"].sees("Adas") == shared.users["bo"].sees("Adas") == ["Ada"]


def test_a_preview_follows_what_is_changed_in_the_form(shared: House, browser: Signed) -> None:
    sent = {"name": "Adas", "q": "-name:ada", "from": shared.group_id("Customers"), "look": "yes"}
    assert "1 contact today, seen by 0 people." in browser.submit("/groups/smart", sent).text
    wrong = browser.submit("/groups/smart", sent | {"q": "nam:ada"}).text
    assert "did you mean" in wrong
    assert "Smart" not in shared.groups()


def test_what_cannot_be_made_says_why_and_keeps_what_was_typed(shared: House, browser: Signed) -> None:
    text = browser.submit("/groups/smart", {"name": "Customers", "q": "ada", "from": shared.group_id("Press")}).text
    assert "exists already" in text
    assert 'value="ada"' in text


def test_nothing_on_its_pages_puts_contacts_in_or_out_by_hand(shared: House, browser: Signed) -> None:
    shared.choose("Adas", "name:ada", "Customers", bo="edit")
    group = shared.group_id("Adas")
    text = browser.get(f"/groups/{group}").text
    for by_hand in ("New contact", "Add existing", "Remove from group"):
        assert by_hand not in text
    assert "name:ada" in text
    settings = browser.get(f"/groups/{group}/settings").text
    for by_hand in ("Passing contacts on", "Restore the group"):
        assert by_hand not in settings
    access = browser.get(f"/groups/{group}/access/").text
    assert 'value="delete"' not in access
    assert 'value="edit"' in access
    ada = shared.contact_id("Ada")
    assert f'value="{group}"' not in browser.get(f"/contacts/{ada}").text
    assert f'value="{group}"' not in browser.get("/contacts/new").text
    assert f'value="{group}"' not in browser.get("/moving/").text.split("moving/export")[0]
    refused = browser.submit(f"/groups/{group}/add", {"contact": shared.contact_id("Zoë")})
    assert "A filter chooses who is in this group" in (refused.text or browser.get(refused.location).text)


def test_another_filter_by_which_much_would_leave_is_asked_about(shared: House, browser: Signed) -> None:
    shared.put("Customers", *(f"Ann{number}" for number in range(7)))
    customers = shared.group_id("Customers")
    shared.choose("All", "has:name", "Customers", bo="view")
    address = f"/groups/{shared.group_id('All')}/filter"
    question = browser.submit(address, {"q": "name:ada", "from": customers}).text
    assert "8 of 9 contacts would leave the group" in question
    assert len(shared.contacts("All")) == 9
    browser.submit(address, {"q": "name:ada", "from": customers, "confirm-count": "8"})
    assert shared.contacts("All") == ["Ada"]
    browser.submit(address, {"q": "name:ada OR name:grace", "from": customers})
    assert shared.contacts("All") == ["Ada", "Grace"]


def test_its_owner_manages_it_in_the_page_and_others_who_see_it_do_not(shared: House, app: Flask) -> None:
    shared.grant("Customers", "dag@north.test", "manage")
    shared.choose("Adas", "name:ada", "Customers", owner="dag", cy="view")
    group = shared.group_id("Adas")
    dag, cy = signed_in(app, shared, "dag"), signed_in(app, shared, "cy")
    assert dag.get(f"/groups/{group}/settings").status_code == 200
    assert "dag@north.test and administrators" in dag.get(f"/groups/{group}").text
    assert cy.get(f"/groups/{group}/settings").status_code == 403
    assert "name:ada" not in cy.get(f"/groups/{group}").text  # it may name what they do not see
    shared.grant("Customers", "dag@north.test", "view")
    assert "It has stopped taking contacts from Customers" in dag.get(f"/groups/{group}").text
