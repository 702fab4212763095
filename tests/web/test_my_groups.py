"""My groups: what one sees and why; hidden from one's own mailbox and shown again; never anybody else's business."""

from dataclasses import replace

from flask import Flask

import web
from sharesync.model.access import Level
from sharesync.settings import Settings
from tests.web.conftest import Signed, signed_in
from tests.worlds import House


def spaceless(browser: Signed) -> str:
    return " ".join(browser.get("/mine/").text.split())


def test_everyone_sees_their_groups_their_level_and_every_reason(shared: House, app: Flask) -> None:
    shared.grant("Press", "group:team@north.test", "view")
    shared.grant("Customers", "domain", "view")
    text = spaceless(signed_in(app, shared, "cy"))
    for told in ("Customers", "Press", "it was shared with you", "you are in team@north.test", "shared with everyone"):
        assert told in text
    assert "In your Google Contacts as “Customers”" in text
    assert "On its way to your Google Contacts" in text
    assert "Nothing is shared with you" not in text
    fin = spaceless(signed_in(app, shared, "fin"))
    assert "Press" not in fin


def test_a_hidden_group_leaves_the_mailbox_and_nothing_else(shared: House, app: Flask) -> None:
    group, cy = shared.group_id("Customers"), signed_in(app, shared, "cy")
    answer = cy.submit(f"/mine/{group}/decline", follow_redirects=True)
    assert "goes from your Google Contacts" in answer.text
    shared.sync()
    assert shared.users["cy"].sees() == []
    assert "Customers" not in shared.users["cy"].labels()
    assert shared.users["bo"].sees() == ["Ada", "Grace"]
    assert "Ada" in cy.get(f"/groups/{group}").text
    assert "Hidden from your Google Contacts" in cy.get("/mine/").text
    (told,) = shared.events("group.decline")
    assert (told["actor"], told["group_id"]) == (shared.users["cy"].id, group)


def test_a_hidden_group_stays_hidden_whatever_happens_to_it(shared: House, app: Flask) -> None:
    cy = signed_in(app, shared, "cy")
    cy.submit(f"/mine/{shared.group_id('Customers')}/decline")
    shared.sync()
    shared.put("Customers", "Edith")
    shared.edit("Ada", note="new")
    shared.revoke("Customers", "cy")
    shared.grant("Customers", shared.address("cy"), "manage")
    shared.sync()
    shared.sync()
    assert shared.users["cy"].sees() == []


def test_it_comes_back_when_its_user_wants_it_and_nobody_is_twice_there(shared: House, app: Flask) -> None:
    group, cy = shared.group_id("Customers"), signed_in(app, shared, "cy")
    cy.submit(f"/mine/{group}/decline")
    shared.sync()
    cy.submit(f"/mine/{group}/want")
    shared.sync_until_quiet()
    assert shared.users["cy"].sees() == ["Ada", "Grace"]
    assert len(shared.events("group.want")) == 1


def test_to_hide_twice_is_told_once(shared: House, app: Flask) -> None:
    group, cy = shared.group_id("Customers"), signed_in(app, shared, "cy")
    for _ in range(2):
        assert cy.submit(f"/mine/{group}/decline").status_code == 303
    assert len(shared.events("group.decline")) == 1
    for _ in range(2):
        assert cy.submit(f"/mine/{group}/want").status_code == 303
    assert len(shared.events("group.want")) == 1


def test_a_manager_who_hides_their_group_still_manages_it(shared: House, app: Flask) -> None:
    press, dag = shared.group_id("Press"), signed_in(app, shared, "dag")
    dag.submit(f"/mine/{press}/decline")
    shared.sync()
    assert shared.users["dag"].sees() == []
    dag.submit(f"/groups/{press}/settings", {"name": "Media", "description": ""})
    assert "Media" in shared.groups()


def test_a_contact_that_another_group_holds_stays_under_that_one(shared: House, app: Flask) -> None:
    shared.share("More", cy="view")
    shared.add("More", "Ada")
    shared.sync_until_quiet()
    signed_in(app, shared, "cy").submit(f"/mine/{shared.group_id('Customers')}/decline")
    shared.sync()
    assert shared.users["cy"].sees() == ["Ada"]
    assert "More" in shared.users["cy"].labels()


def test_an_administrator_without_a_grant_has_nothing_to_hide(shared: House, browser: Signed) -> None:
    assert browser.submit(f"/mine/{shared.group_id('Customers')}/decline").status_code == 403
    assert "Nothing is shared with you yet" in browser.get("/mine/").text


def test_a_hidden_group_counts_nowhere_among_what_is_in_the_mailbox(shared: House, app: Flask) -> None:
    shared.share("Press", cy="view")
    cy = signed_in(app, shared, "cy")
    assert "3 contacts in 2 groups" in " ".join(cy.get("/").text.split())
    cy.submit(f"/mine/{shared.group_id('Customers')}/decline")
    home = " ".join(cy.get("/").text.split())
    assert "1 contact in 1 group" in home
    assert "hidden" in home
    text = cy.get(f"/mailboxes/{shared.users['cy'].id}").text
    seen = text[text.index('id="h-seen"') :]
    assert "Press" in seen
    assert "Customers" not in seen.partition("</section>")[0]


def club(house: House, name: str, *people: str) -> str:
    """A label of somebody's own; its resource name."""
    user = house.users[name]
    user.makes_label("Club")
    for one in people:
        user.makes(one, under=["Club"])
    return next(f"contactGroups/{one['id']}" for one in user.hands.labels() if one["name"] == "Club")


def test_a_label_of_ones_own_becomes_a_group_that_one_manages(shared: House, browser: Signed) -> None:
    label = club(shared, "anna", "Edith", "Mary")
    assert "/mine/share" in browser.get("/mine/").text
    text = browser.get("/mine/share").text
    assert f'value="{label}"' in text
    assert "2 contacts" in text
    answer = browser.submit("/mine/share", {"label": label, "name": "The club"}, follow_redirects=True)
    assert "The club is created" in answer.text
    assert "You have no label of your own" in browser.get("/mine/share").text
    shared.sync_until_quiet()
    assert shared.contacts("The club") == shared.users["anna"].sees("The club") == ["Edith", "Mary"]
    (told,) = shared.events("label.give")
    assert (told["actor"], told["group_id"]) == (shared.users["anna"].id, shared.group_id("The club"))


def test_everyone_but_auditors_may_where_the_setting_says_so(shared: House, settings: Settings) -> None:
    label = club(shared, "cy", "Edith")
    closed = web.create_app(shared.world, settings)
    wide = web.create_app(replace(shared.world, everyone_shares=True), settings)
    for app, who, status in ((closed, "cy", 403), (wide, "eva", 403), (wide, "cy", 303)):
        person = signed_in(app, shared, who)
        assert ("/mine/share" in person.get("/mine/").text) == (status == 303)
        assert person.get("/mine/share").status_code == (200 if status == 303 else 403)
        assert person.submit("/mine/share", {"label": label}).status_code == status
    shared.sync_until_quiet()
    assert shared.contacts("Club") == ["Edith"]
    assert shared.level("Club", "cy") is Level.MANAGE


def test_nobody_shares_a_label_that_is_not_theirs_or_is_a_groups(shared: House, browser: Signed) -> None:
    theirs = club(shared, "bo", "Edith")
    shared.grant("Customers", shared.address("anna"), "edit")
    shared.sync()
    ours = f"contactGroups/{shared.users['anna'].hands.labels()[0]['id']}"
    club(shared, "anna")
    for label in (theirs, ours, "contactGroups/myContacts", "people/c1"):
        assert "is not there any more" in browser.submit("/mine/share", {"label": label, "name": "New"}).text
    assert "Choose a label." in browser.submit("/mine/share", {"name": "New"}).text
    assert sorted(shared.groups()) == ["Customers", "Press"]


def test_a_name_that_is_taken_is_asked_for_again_with_the_label_still_chosen(shared: House, browser: Signed) -> None:
    label = club(shared, "anna", "Edith")
    text = browser.submit("/mine/share", {"label": label, "name": "customers"}).text
    assert 'role="alert"' in text
    assert f'value="{label}" checked' in text
    assert sorted(shared.groups()) == ["Customers", "Press"]


def test_while_google_does_not_answer_it_is_said(shared: House, browser: Signed) -> None:
    shared.fault(
        "status",
        "people.contactGroups.list",
        "anna",
        status=403,
        body={"error": {"code": 403, "status": "PERMISSION_DENIED"}},
    )
    answer = browser.get("/mine/share")
    assert answer.status_code == 303
    assert 'role="alert"' in browser.get(answer.location).text
