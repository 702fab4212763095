"""Holds: seen by those who run the group, decided all at once or contact by contact."""

import pytest
from flask import Flask

from sharesync.model.access import Level
from sharesync.model.audit import ActorKind, By, Source
from sharesync.model.waiting import HoldKind
from sharesync.store.records import holds
from tests.web.conftest import Live, Signed, signed_in
from tests.web.waiting import HELD, tell_the_story, the_one
from tests.worlds import House, Snapshot


@pytest.fixture(scope="module")
def waiting(one_house: House) -> Snapshot:
    one_house.rewind(one_house.empty)
    tell_the_story(one_house)
    return one_house.snapshot()


@pytest.fixture
def full(one_house: House, waiting: Snapshot) -> House:
    one_house.rewind(waiting)
    return one_house


def here(house: House) -> str:
    return f"/holds/{the_one(house, 'holds')}"


def test_the_list_tells_who_did_what_to_how_many(full: House, live: Live) -> None:
    text = live("/holds/")
    assert "Bo Bøgh removed 4 contacts from Customers" in text
    assert "and 1 other" in text


def test_who_runs_another_group_hears_nothing_of_it(app: Flask, full: House) -> None:
    fin = signed_in(app, full, "fin")
    assert "Bo Bøgh" not in fin.get("/holds/").text
    assert fin.get(here(full)).status_code == 404


def test_a_hold_shows_each_contact_with_a_box_to_choose_it_by(full: House, browser: Signed) -> None:
    text = browser.get(here(full)).text
    for name in HELD:
        assert f'value="{full.contact_id(name)}" aria-label="{name}"' in text
    assert "Remove for everyone" in text


def test_an_auditor_sees_a_hold_and_finds_nothing_to_press(app: Flask, full: House) -> None:
    eva = signed_in(app, full, "eva")
    text = eva.get(here(full)).text
    assert "removed 4 contacts" in text
    assert 'name="decision"' not in text
    assert eva.submit(here(full), {"decision": "restore-all"}).status_code == 403


def test_the_manager_puts_everything_back_and_is_named_in_the_log(app: Flask, full: House) -> None:
    dag = signed_in(app, full, "dag")
    answer = dag.submit(here(full), {"decision": "restore-all"}, follow_redirects=True)
    assert "4 contacts will be restored" in answer.text
    full.sync_until_quiet()
    assert full.users["bo"].sees("Customers") == sorted(HELD)
    [told] = full.events("hold.restore")
    assert told["actor"] == full.users["dag"].id


def test_some_are_put_back_and_the_others_wait_on(full: House, browser: Signed) -> None:
    chosen = [full.contact_id(name) for name in ("Ada", "Grace")]
    browser.submit(here(full), {"decision": "restore-some", "contact": chosen})
    text = browser.get(here(full)).text
    assert "removed 2 contacts" in text
    assert "Edith" in text
    assert ">Ada<" not in text


def test_removing_for_everyone_is_asked_for_once_more(full: House, browser: Signed) -> None:
    asked = browser.submit(here(full), {"decision": "apply-all"})
    assert "4 contacts will be removed from Customers for everyone" in asked.text
    assert full.trash() == []
    answer = browser.submit(here(full), {"decision": "apply-all", "confirm-count": "4"}, follow_redirects=True)
    assert "4 contacts removed for everyone." in answer.text
    assert full.trash() == sorted(HELD)


def test_removing_very_many_takes_the_groups_name(house: House, browser: Signed) -> None:
    names = [f"N{number}" for number in range(8)]
    house.share("Customers", *names, bo="delete")
    house.sync_until_quiet()
    house.users["bo"].deletes(*names)
    house.users["bo"].pass_over()
    data = {"decision": "apply-all", "confirm-count": "8"}
    assert "This does not match the text above" in browser.submit(here(house), {**data, "confirm-name": "no"}).text
    assert house.trash() == []
    browser.submit(here(house), {**data, "confirm-name": "customers"})
    assert house.trash() == sorted(names)


@pytest.mark.parametrize("data", [{}, {"decision": "restore-some"}, {"decision": "restore-some", "contact": "x"}])
def test_choosing_nothing_decides_nothing(full: House, browser: Signed, data: dict[str, str]) -> None:
    answer = browser.submit(here(full), data, follow_redirects=True)
    assert 'role="alert"' in answer.text
    assert "removed 4 contacts" in answer.text


def test_held_edits_show_what_was_and_what_would_be(house: House, browser: Signed) -> None:
    names = [f"N{number:02}" for number in range(24)]
    house.share("Customers", *names, bo="edit")
    house.sync_until_quiet()
    for name in names:
        house.users["bo"].edits(name, emails=[f"{name.casefold()}@new.example"])
    house.users["bo"].pass_over()
    text = browser.get(here(house)).text
    assert "Bo Bøgh edited 24 contacts of Customers" in text
    assert "<del>n00@customer.example (work)</del><ins>n00@new.example (work)</ins>" in text
    browser.submit(here(house), {"decision": "apply-some", "contact": house.contact_id("N00")})
    assert house.stored("N00").emails == ("n00@new.example",)
    assert house.stored("N01").emails == ("n01@customer.example",)


def test_a_long_hold_has_pages(house: House, browser: Signed) -> None:
    house.share("Customers", *(f"N{number:03}" for number in range(70)), bo="delete")
    keep(house, {house.contact_id(f"N{number:03}"): {house.group_id("Customers")} for number in range(70)})
    first = browser.get(here(house)).text
    assert "removed 70 contacts" in first
    assert first.count('name="contact"') == 50
    rest = browser.get(f"{here(house)}?after={first.rpartition('?after=')[2].partition(chr(34))[0]}").text
    assert rest.count('name="contact"') == 20


def keep(house: House, contacts: dict[str, set[str]]) -> None:
    """Hold removals by Bo, of several groups at once where there are several."""
    user = house.users["bo"].id
    groups = set.union(*contacts.values())
    with house.world.work(By(ActorKind.MAILBOX, user, Source.GOOGLE)) as work:
        kind = HoldKind.EMPTIED if len(groups) > 1 else HoldKind.REMOVAL
        held = {contact: (frozenset(of), 1, None) for contact, of in contacts.items()}
        holds.keep(work, user, None if len(groups) > 1 else min(groups), kind, held)


def test_a_hold_of_several_groups_is_for_administrators(app: Flask, full: House, browser: Signed) -> None:
    customers, press = full.group_id("Customers"), full.group_id("Press")
    keep(full, {full.contact_id("Zoë"): {press}, full.contact_id("Ada"): {customers}})
    hold = str(full.query("SELECT id FROM holds WHERE group_id IS NULL")[0][0])
    assert "Bo Bøgh emptied Customers, Press: 2 contacts" in browser.get("/holds/").text
    for who in ("dag", "fin"):
        other = signed_in(app, full, who)
        assert "emptied" not in other.get("/holds/").text
        assert other.get(f"/holds/{hold}").status_code == 404
        assert other.submit(f"/holds/{hold}", {"decision": "restore-all"}).status_code == 404
    browser.submit(f"/holds/{hold}", {"decision": "restore-all"})
    assert full.query("SELECT resolution FROM hold_contacts WHERE hold_id = ?", hold) == [("restored",)] * 2


def test_people_whom_directory_would_take_a_group_from_are_for_administrators(
    app: Flask, house: House, browser: Signed
) -> None:
    house.share("Customers", "Ada", bo="manage")
    house.grant("Customers", "group:team@north.test", "view")
    house.sync_until_quiet()
    house.workspace.directory.change_group("team@north.test", members=())
    house.sync_directory()
    assert "Directory would take Customers from 2 people" in browser.get("/holds/").text
    assert "Directory would take" not in signed_in(app, house, "bo").get("/holds/").text
    assert signed_in(app, house, "bo").submit(here(house), {"decision": "apply-all"}).status_code == 404
    page = browser.get(here(house)).text
    assert all(house.users[name].email in page for name in ("cy", "dag"))
    asked = browser.submit(here(house), {"decision": "apply-all"})
    assert "2 people will lose Customers" in asked.text
    assert house.level("Customers", "cy") is Level.VIEW
    told = browser.submit(here(house), {"decision": "apply-all", "confirm-count": "2"}, follow_redirects=True)
    assert "2 people lose Customers with the next pass" in told.text
    house.sync_until_quiet()
    assert house.users["cy"].sees() == []
    [event] = house.events("hold.apply")
    assert event["actor"] == house.users["anna"].id


def test_people_keep_a_group_that_directory_would_take_from_them(house: House, browser: Signed) -> None:
    house.share("Customers", "Ada")
    house.grant("Customers", "ou:/Sales", "view")
    house.sync_until_quiet()
    for name in ("dag", "eva"):
        house.workspace.directory.change_user(house.users[name].id, unit="/Office")
    house.workspace.directory.remove_unit("/Sales/North")
    house.workspace.directory.remove_unit("/Sales")
    house.sync_directory()
    told = browser.submit(here(house), {"decision": "restore-all"}, follow_redirects=True)
    assert "2 people keep Customers" in told.text
    assert "no longer in Directory" in browser.get(f"/groups/{house.group_id('Customers')}/access/").text
    house.edit("Ada", note="news")
    house.sync_until_quiet()
    assert house.users["dag"].shows("Ada").note == "news"
