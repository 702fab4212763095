"""Many contacts at once: put into a group, taken out, deleted; rights asked of each, and who is refused is named."""

import re

from flask import Flask

from tests.users import customer
from tests.web.conftest import Signed, Statements, signed_in
from tests.worlds import House


def ids(house: House, *names: str) -> list[str]:
    return [house.contact_id(name) for name in names]


def test_ticked_contacts_are_put_into_another_group(shared: House, browser: Signed) -> None:
    sent = {"contact": ids(shared, "Ada", "Grace"), "to": shared.group_id("Press")}
    answer = browser.submit("/contacts/chosen/add", sent, follow_redirects=True)
    assert "2 of 2 contacts were put into the group." in answer.text
    assert shared.contacts("Press") == ["Ada", "Grace", "Zoë"]


def test_a_few_are_taken_out_at_once_and_lie_in_the_trash(shared: House, browser: Signed) -> None:
    group = shared.group_id("Customers")
    sent = {"contact": ids(shared, "Ada"), "from": group, "page": group}
    assert browser.submit("/contacts/chosen/take", sent).location == f"/groups/{group}"
    assert (shared.contacts("Customers"), shared.trash()) == (["Grace"], ["Ada"])


def test_one_is_deleted_after_a_question(shared: House, browser: Signed) -> None:
    sent = {"contact": ids(shared, "Ada")}
    question = browser.submit("/contacts/chosen/delete", sent).text
    assert "Delete Ada?" in question
    assert "Ada will be deleted for everyone." in question
    two = browser.submit("/contacts/chosen/delete", {"contact": ids(shared, "Ada", "Grace")}).text
    assert "Ada and Grace will be deleted for everyone." in two
    assert shared.contacts("Customers") == ["Ada", "Grace"]
    browser.submit("/contacts/chosen/delete", sent | {"confirm-count": "1"})
    assert shared.contacts("Customers") == ["Grace"]


def test_all_that_was_found_goes_after_count_and_word(house: House, browser: Signed) -> None:
    house.share("All", *(customer(f"N{number:02}") for number in range(60)), "Ada", bo="delete")
    sent = {"all": "yes", "q": "n", "only": "has-email"}
    question = browser.submit("/contacts/chosen/delete", sent).text
    assert "60 contacts will be deleted for everyone." in question
    assert "Type <b>delete</b> to go on" in question
    replayed = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', question))
    assert replayed["q"] == "n"
    wrong = browser.submit("/contacts/chosen/delete", replayed | {"confirm-name": "no"})
    assert "does not match" in wrong.text
    assert len(house.contacts("All")) == 61
    browser.submit("/contacts/chosen/delete", replayed | {"confirm-name": "delete"})
    assert house.contacts("All") == ["Ada"]


def test_who_may_not_delete_one_of_them_deletes_the_others_and_is_told(shared: House, app: Flask) -> None:
    shared.grant("Press", shared.address("bo"), "delete")
    bo = signed_in(app, shared, "bo")
    sent = {"contact": ids(shared, "Zoë", "Ada")}
    question = bo.submit("/contacts/chosen/delete", sent).text
    assert "Zoë will be deleted for everyone." in question
    assert "Not with Ada: " in question
    assert (
        "Not with Ada: "
        in bo.submit("/contacts/chosen/delete", sent | {"confirm-count": "1"}, follow_redirects=True).text
    )
    assert shared.contacts() == ["Ada", "Grace"]
    assert bo.submit("/contacts/chosen/delete", {"contact": ids(shared, "Ada")}).status_code == 403


def test_a_contact_leaves_only_the_groups_where_one_may_delete(shared: House, app: Flask) -> None:
    shared.add("Press", "Ada")
    shared.grant("Press", shared.address("bo"), "delete")
    sent = {"contact": ids(shared, "Ada"), "confirm-count": "1"}
    assert signed_in(app, shared, "bo").submit("/contacts/chosen/delete", sent).status_code == 303
    assert (shared.contacts("Press"), shared.contacts("Customers")) == (["Zoë"], ["Ada", "Grace"])


def test_what_one_may_not_see_cannot_be_chosen(shared: House, app: Flask) -> None:
    fin = signed_in(app, shared, "fin")
    ada, customers = ids(shared, "Ada"), shared.group_id("Customers")
    assert fin.submit("/contacts/chosen/delete", {"contact": ada, "confirm-count": "1"}).status_code == 404
    assert fin.submit("/contacts/chosen/take", {"contact": ada, "from": customers}).status_code == 404
    assert fin.submit("/contacts/chosen/add", {"contact": ada, "to": customers}).status_code == 404
    assert fin.submit("/contacts/chosen/delete", {"all": "yes", "page": customers}).status_code == 404
    assert fin.get(f"/contacts/?group={customers}").status_code == 404
    assert "Tick contacts first." in fin.submit("/contacts/chosen/delete", {"all": "yes"}, follow_redirects=True).text
    assert shared.contacts() == ["Ada", "Grace", "Zoë"]


def test_asking_for_the_rights_takes_as_many_statements_for_one_as_for_many(
    house: House, app: Flask, statements: Statements
) -> None:
    house.share("Many", *(customer(f"N{number:03}") for number in range(40)), bo="edit")
    house.share("More", cy="view", bo="edit")
    bo = signed_in(app, house, "bo")
    bo.submit("/nowhere")  # its first form looks for the session's token
    counted = []
    for names in (["N000"], [f"N{number:03}" for number in range(1, 20)]):
        sent = {"contact": ids(house, *names), "to": house.group_id("More")}
        bo.get("/")
        with statements(house) as told:
            assert bo.submit("/contacts/chosen/add", sent).status_code == 303
        asked = [one for one in told if one.startswith("SELECT")]
        counted.append(len([one for one in asked if "FROM log_nodes" not in one and "FROM events" not in one]))
    assert counted[1] == counted[0]


def test_two_are_compared_however_unlike_they_look_and_one_that_is_hidden_stays_so(shared: House, app: Flask) -> None:
    anna, bo = (signed_in(app, shared, name) for name in ("anna", "bo"))
    ada, grace, zoe = ids(shared, "Ada", "Grace", "Zoë")
    answer = anna.submit("/contacts/chosen/compare", {"contact": [grace, ada]})
    assert answer.location == f"/duplicates/{grace}/{ada}"
    assert "Are they the same?" in anna.get(answer.location).text
    data = {"do": "merge", "version-one": "1", "version-other": "1"}
    assert bo.submit(answer.location, data, follow_redirects=True).status_code == 200
    assert shared.contacts("Customers") == ["Ada", "Grace"]  # Bo may not delete there
    anna.submit(answer.location, data)
    assert shared.contacts("Customers") == ["Grace"]
    hidden = bo.submit("/contacts/chosen/compare", {"contact": [grace, zoe]}).location
    assert bo.get(hidden).status_code == 404


def test_fewer_or_more_than_two_are_not_compared(shared: House, browser: Signed) -> None:
    for names in ((), ("Ada",), ("Ada", "Grace", "Zoë")):
        answer = browser.submit("/contacts/chosen/compare", {"contact": ids(shared, *names)}, follow_redirects=True)
        assert "Tick the two contacts to compare." in answer.text


def test_it_is_right_on_the_page_of_one_is_shown_there_and_undone(shared: House, app: Flask) -> None:
    bo, cy = (signed_in(app, shared, name) for name in ("bo", "cy"))
    there = f"/contacts/{shared.contact_id('Ada')}"
    assert "Mark as right" in bo.get(there).text
    assert "Mark as right" not in cy.get(there).text
    sent = {"contact": ids(shared, "Ada"), "home": shared.contact_id("Ada")}
    assert cy.submit("/contacts/chosen/check", sent, follow_redirects=True).status_code == 200
    assert 'id="checked"' not in bo.get(there).text
    answer = bo.submit("/contacts/chosen/check", sent, follow_redirects=True).text
    assert "Ada marked as right." in answer
    assert 'id="checked"' in answer
    undo = re.search(r'action="(/undo/[0-9a-f]+)"', answer)
    assert undo
    bo.submit(undo[1])
    assert 'id="checked"' not in bo.get(there).text


def test_many_are_marked_as_right_after_a_preview_and_who_is_refused_is_named(house: House, app: Flask) -> None:
    house.share("All", *(customer(f"N{number:02}") for number in range(21)), bo="edit")
    house.share("Seen", "Ada", bo="view")
    bo = signed_in(app, house, "bo")
    question = bo.submit("/contacts/chosen/check", {"all": "yes"}).text
    assert "21 contacts will be marked as right, as of now." in question
    assert "Not with Ada: " in question
    answer = bo.submit("/contacts/chosen/check", {"all": "yes", "confirm-count": "21"}, follow_redirects=True).text
    assert "21 contacts marked as right." in answer
    assert house.query("SELECT count(*) FROM contacts WHERE checked_at IS NOT NULL") == [(21,)]
    assert "Ada" in bo.get("/contacts/?q=-checked>-1y").text
