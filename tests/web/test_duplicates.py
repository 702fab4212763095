"""Duplicates: pairs side by side with the reason; merged value by value or said to be two, and both taken back."""

import re

import pytest
from flask import Flask

from sharesync.services import duplicates
from tests.beginnings import begin
from tests.users import customer
from tests.web.conftest import Signed, signed_in
from tests.worlds import House

ADA = customer("Ada", family="Lovelace", emails=["ada@x.example"], phones=["+45 33 12 34 56"])
AUGUSTA = customer("Augusta", family="Lovelace", emails=["ADA@x.example", "augusta@y.example"], note="plays whist")


@pytest.fixture
def twice(house: House) -> House:
    """Ada is a customer, and under another name with the press; bo may delete in both, cy and dag have one each."""

    def first() -> None:
        house.share("Customers", ADA, "Grace", bo="delete", cy="manage")
        house.share("Press", AUGUSTA, bo="delete", dag="view")
        house.sync_until_quiet()

    begin(house, "twice", by=first)
    return house


def both(house: House) -> str:
    return f"/duplicates/{house.contact_id('Ada')}/{house.contact_id('Augusta')}"


def versions(house: House) -> dict[str, str]:
    return {"version-one": "1", "version-other": "1"}


def ruling(house: House) -> str:
    return str(house.query("SELECT max(id) FROM rulings")[0][0])


def test_pairs_stand_side_by_side_with_the_reason(twice: House, browser: Signed) -> None:
    text = browser.get("/duplicates/").text
    assert "1 pair" in text
    assert "same e-mail: ada@x.example" in text
    for word in ("Ada Lovelace", "Augusta Lovelace", "Customers", "Press", "augusta@y.example"):
        assert word in text


def test_pages_say_that_contacts_are_still_being_compared(
    twice: House, browser: Signed, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser.get("/duplicates/")
    again = customer("Ada", family="Lovelace", emails=["ada@x.example"])
    twice.put("Press", again)
    monkeypatch.setattr(duplicates, "PATIENCE", 0.0)
    pages = ("/", "/duplicates/", f"/contacts/{twice.contact_id('Grace')}")
    said = [browser.get(address).text for address in pages]
    assert all("still being compared" in text for text in said)
    assert "1 contact, written lately," in said[1]
    assert "1 pair<" in said[1]
    monkeypatch.undo()
    said = [browser.get(address).text for address in pages]
    assert not any("still being compared" in text for text in said)
    assert "3 pairs<" in said[1]


def test_a_number_that_both_have_is_the_reason_in_every_language(shared: House, browser: Signed) -> None:
    shared.put("Customers", *(customer(name, phones=["+45 33 12 34 56"]) for name in ("Edith", "Edith Holm")))
    browser.submit("/language/", {"language": "sv"})
    assert "samma nummer: +45 33 12 34 56" in browser.get("/duplicates/").text


def test_a_contact_says_who_is_probably_the_same_to_who_sees_both(app: Flask, twice: House) -> None:
    for name, other in (("Ada", "Augusta"), ("Augusta", "Ada")):
        here = f"/contacts/{twice.contact_id(name)}"
        address = f"/duplicates/{twice.contact_id(name)}/{twice.contact_id(other)}"
        assert address in signed_in(app, twice, "bo").get(here).text
        assert address not in signed_in(app, twice, "cy").get(here).text
    bo = signed_in(app, twice, "bo")
    bo.submit(both(twice), {"do": "apart"})
    assert "/duplicates/01" not in bo.get(f"/contacts/{twice.contact_id('Ada')}").text


def test_the_form_shows_what_each_has_and_ticks_what_is_not_said_twice(twice: House, browser: Signed) -> None:
    text = browser.get(both(twice)).text
    ticked = re.findall(r'name="keep-(\w+)" value="([\w-]+)" checked', text)
    assert ticked == [
        ("names", "one-0"),
        ("emailAddresses", "one-0"),
        ("emailAddresses", "other-1"),
        ("phoneNumbers", "one-0"),
        ("biographies", "other-0"),
    ]
    assert 'value="other-0">' in text  # Augusta, and the same address again


def test_what_is_chosen_stands_for_everyone(app: Flask, twice: House) -> None:
    bo = signed_in(app, twice, "bo")
    chosen = {
        "picked": "yes",
        "keep-names": "other-0",
        "keep-emailAddresses": ["one-0", "other-1"],
        "keep-phoneNumbers": "one-0",
    }
    answer = bo.submit(both(twice), {"do": "merge", **versions(twice), **chosen}, follow_redirects=True)
    assert "Merged: one contact is left" in answer.text
    assert "No duplicates" in answer.text
    twice.sync_until_quiet()
    dag = twice.users["dag"].shows("Augusta")
    assert (dag.emails, dag.phones, dag.note) == (("ada@x.example", "augusta@y.example"), ("+45 33 12 34 56",), "")
    assert twice.users["bo"].labels_on("Augusta") == {"Customers", "Press"}


def test_without_anything_ticked_all_is_kept_and_it_is_undone(app: Flask, twice: House) -> None:
    bo = signed_in(app, twice, "bo")
    bo.submit(both(twice), {"do": "merge", **versions(twice)})
    assert (twice.contacts(), twice.stored("Ada").note) == (["Ada", "Grace"], "plays whist")
    text = bo.get("/duplicates/decided").text
    assert "merged; the first one stays" in text
    assert "Bo Bøgh" in text
    answer = bo.submit("/duplicates/undo", {"ruling": ruling(twice)}, follow_redirects=True)
    assert "Undone. What others changed since stays." in answer.text
    assert "undone" in answer.text
    assert twice.contacts() == ["Ada", "Augusta", "Grace"]
    again = bo.submit("/duplicates/undo", {"ruling": ruling(twice)}, follow_redirects=True)
    assert "Somebody has undone that already." in again.text


def test_two_that_are_not_the_same_are_gone_from_the_list_until_taken_back(twice: House, browser: Signed) -> None:
    answer = browser.submit(both(twice), {"do": "apart"}, follow_redirects=True)
    assert "No duplicates" in answer.text
    assert "not the same" in browser.get("/duplicates/decided").text
    assert "Somebody has decided that they are not the same." in browser.get(both(twice)).text
    refused = browser.submit(both(twice), {"do": "merge", **versions(twice)}, follow_redirects=True)
    assert "undo that first" in refused.text
    browser.submit("/duplicates/undo", {"ruling": ruling(twice)})
    assert "1 pair" in browser.get("/duplicates/").text


def test_who_decides_second_or_over_old_values_is_told(twice: House, browser: Signed) -> None:
    twice.edit("Ada", note="newer")
    answer = browser.submit(both(twice), {"do": "merge", **versions(twice)}, follow_redirects=True)
    assert "Somebody has changed one of them meanwhile" in answer.text
    assert twice.contacts() == ["Ada", "Augusta", "Grace"]
    now = {"version-one": "2", "version-other": "1"}
    browser.submit(both(twice), {"do": "merge", **now})
    for deed in ({"do": "merge", **now}, {"do": "apart"}):
        second = browser.submit(both(twice), deed, follow_redirects=True)
        assert "One of them lies in the trash" in second.text


@pytest.mark.parametrize("sent", [{}, {"do": "perhaps"}, {"do": "merge", "picked": "yes", "keep-names": "one-9"}])
def test_what_cannot_be_meant_changes_nothing(twice: House, browser: Signed, sent: dict[str, str]) -> None:
    answer = browser.submit(both(twice), {**versions(twice), **sent}, follow_redirects=True)
    assert 'class="said problem"' in answer.text
    assert twice.contacts() == ["Ada", "Augusta", "Grace"]


def test_each_sees_pairs_of_which_they_see_both(app: Flask, twice: House) -> None:
    for who in ("cy", "dag", "fin"):
        someone = signed_in(app, twice, who)
        assert "No duplicates" in someone.get("/duplicates/").text
        assert someone.get(both(twice)).status_code == 404
        assert someone.submit(both(twice), {"do": "merge", **versions(twice)}).status_code == 404
        assert someone.submit(both(twice), {"do": "apart"}).status_code == 404


def test_who_may_not_decide_is_offered_nothing_and_refused(app: Flask, twice: House) -> None:
    twice.grant("Customers", "dag@north.test", "view")
    dag, eva = signed_in(app, twice, "dag"), signed_in(app, twice, "eva")
    for someone in (dag, eva):
        text = someone.get("/duplicates/").text
        assert "Ada Lovelace" in text
        assert "Not the same" not in text
        assert "Compare and merge" not in text
        assert 'value="merge"' not in someone.get(both(twice)).text
        for deed in ({"do": "merge", **versions(twice)}, {"do": "apart"}):
            assert someone.submit(both(twice), deed, follow_redirects=True).status_code in (200, 403)
    assert twice.contacts() == ["Ada", "Augusta", "Grace"]
    assert twice.query("SELECT * FROM rulings") == []


def test_the_way_round_that_is_allowed_is_offered(app: Flask, twice: House) -> None:
    twice.grant("Press", "cy@north.test", "edit")
    cy = signed_in(app, twice, "cy")
    other_way = f"/duplicates/{twice.contact_id('Augusta')}/{twice.contact_id('Ada')}"
    assert other_way in cy.get("/duplicates/").text
    assert "You may do it the other way round." in cy.get(both(twice)).text
    cy.submit(other_way, {"do": "merge", **versions(twice)})
    assert twice.contacts() == ["Augusta", "Grace"]


def test_what_was_decided_about_contacts_one_cannot_see_is_not_told(app: Flask, twice: House) -> None:
    signed_in(app, twice, "bo").submit(both(twice), {"do": "merge", **versions(twice)})
    assert "Augusta" in signed_in(app, twice, "dag").get("/duplicates/decided").text
    for who in ("cy", "fin"):
        assert "Augusta" not in signed_in(app, twice, who).get("/duplicates/decided").text
        answer = signed_in(app, twice, who).submit("/duplicates/undo", {"ruling": ruling(twice)}, follow_redirects=True)
        assert "Undone" not in answer.text
    assert twice.contacts() == ["Ada", "Grace"]


def test_ticked_pairs_are_said_to_be_two_at_once(app: Flask, twice: House) -> None:
    ida, idha = customer("Ida", emails=["ida@x.example"]), customer("Idha", emails=["ida@x.example"])
    twice.put("Press", ida, idha)
    page = signed_in(app, twice, "anna").get("/duplicates/").text
    pairs = re.findall(r'name="pair" value="(\w+-\w+)"', page)
    assert len(pairs) == 2
    assert 'name="pair"' not in signed_in(app, twice, "eva").get("/duplicates/").text
    hidden = signed_in(app, twice, "dag").submit("/duplicates/", {"pair": pairs}, follow_redirects=True)
    assert "are not the same" not in hidden.text
    answer = signed_in(app, twice, "anna").submit("/duplicates/", {"pair": pairs}, follow_redirects=True)
    assert "2 pairs are not the same" in answer.text
    assert "No duplicates" in answer.text
    again = signed_in(app, twice, "anna").submit("/duplicates/", {"pair": [*pairs, "x"]}, follow_redirects=True)
    assert "Somebody has decided already" in again.text


@pytest.mark.parametrize("by", ["surety", "name", "company", "city", "email", "birthday", "changed", "added"])
def test_pairs_are_sorted_by_any_column_without_gap_or_repetition(house: House, browser: Signed, by: str) -> None:
    house.share("Customers")
    for number in range(25):
        mail = [f"{number:02}@x.example"]
        house.put("Customers", *(customer(f"{one}{number:02}", emails=mail, phones=[]) for one in ("Kim", "Jan")))
    lists = []
    for sort in (by, f"-{by}"):
        seen: list[str] = []
        address = f"/duplicates/?sort={sort}"
        while address:
            text = browser.get(address).text
            seen += re.findall(r'id="pair-(\w+-\w+)"', text)
            following = re.search(r'href="([^"]*after=[^"]+)"', text)
            address = following[1].replace("&amp;", "&") if following else ""
        assert len(seen) == len(set(seen)) == 25
        lists.append(seen)
    if by in ("name", "email"):
        assert lists[0] == lists[1][::-1]


def test_pages_follow_one_another_and_hold_every_pair_once(house: House, browser: Signed) -> None:
    house.share("Customers")
    for number in range(45):
        house.put("Customers", *(customer(f"{one}{number}", emails=[f"{number}@x.example"]) for one in ("One", "Two")))
    seen: list[str] = []
    address = "/duplicates/"
    while address:
        text = browser.get(address).text
        assert "45 pairs" in text
        seen += re.findall(r'id="pair-(\w+-\w+)"', text)
        following = re.search(r'href="([^"]*after=[^"]+)"', text)
        address = following[1].replace("&amp;", "&") if following else ""
    assert len(seen) == len(set(seen)) == 45
    for strange in ("x", "9999999999999999999999-a-b", "50", "-"):
        assert browser.get(f"/duplicates/?after={strange}").status_code == 200
