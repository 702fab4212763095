"""What the page does, as it then truly stands in the mailbox."""

import re
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from sharesync.sandbox.hands import Hands
from sharesync.sandbox.wire import Json
from sharesync.sandbox.workspace import Workspace
from tests.sandbox_page.conftest import HOME, Make


def filled(text: str) -> dict[str, list[str]]:
    """The edit form as a browser would send it back untouched."""
    form = re.search(r'<form method="post" class="edit".*?</form>', text, re.DOTALL)
    assert form
    shown = re.sub(r"<template>.*?</template>", "", form[0], flags=re.DOTALL)
    sent: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input[^>]* name="([^"]+)"[^>]*? value="([^"]*)"', shown):
        sent.setdefault(name, []).append(_plain(value))
    for name, value in re.findall(r'<textarea name="([^"]+)"[^>]*>([^<]*)</textarea>', shown):
        sent.setdefault(name, []).append(_plain(value))
    for name, options in re.findall(r'<select name="([^"]+)">(.*?)</select>', shown, re.DOTALL):
        chosen = re.search(r'value="(\d+)" selected', options)
        sent.setdefault(name, []).append(chosen[1] if chosen else "")
    return sent


def _plain(text: str) -> str:
    for sign, word in (("&#34;", '"'), ("&#39;", "'"), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        text = text.replace(sign, word)
    return text


def address(contact: Json) -> str:
    return f"{HOME}person/{contact['resourceName'].removeprefix('people/')}"


def do(browser: FlaskClient, act: str, *contacts: Json, **more: str) -> TestResponse:
    names = [contact["resourceName"] for contact in contacts]
    return browser.post(f"{HOME}act/{act}", data={"name": names, "back": HOME, **more})


def given(contacts: list[Json]) -> list[str]:
    return [one["fields"]["names"][0]["givenName"] for one in contacts]


# --- The form --------------------------------------------------------------------------------------------------------


WHOLE: dict[str, Any] = {
    "names": [{"givenName": "Ada", "familyName": "Løvlås", "middleName": "K", "phoneticGivenName": "Ei-da"}],
    "nicknames": [{"value": "Countess"}],
    "emailAddresses": [{"value": "a@x.example", "type": "work", "displayName": "Ada"}, {"value": "b@x.example"}],
    "phoneNumbers": [{"value": "33 12 34 56", "type": "mobile"}],
    "addresses": [{"streetAddress": "Havnegade 1", "city": "Odense", "country": "Danmark", "poBox": "7"}],
    "organizations": [{"name": "Nordlys", "title": "CEO", "costCenter": "9"}, {"name": "Second"}],
    "birthdays": [{"date": {"day": 10, "month": 12}}],
    "urls": [{"value": "https://x.example", "type": "homePage"}],
    "relations": [{"person": "Byron", "type": "father"}],
    "userDefined": [{"key": "Nr.", "value": '<1042> & "more"'}],
    "biographies": [{"value": "one\ntwo"}],
    "events": [{"date": {"year": 2020, "month": 1, "day": 2}, "type": "anniversary"}],
}


def test_a_form_saved_untouched_writes_nothing(browser: FlaskClient, bo: Hands) -> None:
    bo.create(WHOLE)
    before = bo.contacts()[0]
    answer = browser.post(f"{address(before)}/edit", data=filled(browser.get(f"{address(before)}/edit").text))
    assert answer.status_code == 302
    assert "said=unchanged" in answer.location
    assert bo.contacts()[0] == before


def test_only_what_was_typed_changes_and_what_has_no_input_stays(browser: FlaskClient, bo: Hands) -> None:
    bo.create(WHOLE)
    before = bo.contacts()[0]
    form = filled(browser.get(f"{address(before)}/edit").text)
    form["names.familyName"] = ["Lovelace"]
    form["emailAddresses.value"][0] = "ada@x.example"
    form["addresses.city"] = ["Aarhus"]
    form["organizations.title"] = ["Chair"]
    browser.post(f"{address(before)}/edit", data=form)
    now = bo.contacts()[0]["fields"]
    assert now["names"][0]["displayName"] == "Ada K Lovelace"
    assert now["names"][0]["phoneticGivenName"] == "Ei-da"
    assert (now["emailAddresses"][0]["value"], now["emailAddresses"][0]["displayName"]) == ("ada@x.example", "Ada")
    assert now["addresses"][0]["city"] == "Aarhus"
    assert now["addresses"][0]["poBox"] == "7"
    assert "Aarhus" in now["addresses"][0]["formattedValue"]
    assert [one["name"] for one in now["organizations"]] == ["Nordlys", "Second"]
    assert (now["organizations"][0]["title"], now["organizations"][0]["costCenter"]) == ("Chair", "9")
    untouched = ("nicknames", "phoneNumbers", "birthdays", "urls", "relations", "userDefined", "biographies", "events")
    assert {field: now[field] for field in untouched} == {field: before["fields"][field] for field in untouched}


def test_entries_are_added_removed_and_cleared(browser: FlaskClient, bo: Hands) -> None:
    bo.create(WHOLE)
    before = bo.contacts()[0]
    form = filled(browser.get(f"{address(before)}/edit").text)
    for part, value in (("value", "new@x.example"), ("type", "home"), ("was", "")):
        form[f"emailAddresses.{part}"].append(value)
    for part in ("value", "type", "was"):
        del form[f"emailAddresses.{part}"][0]
    form["birthdays.day"], form["birthdays.month"] = [""], [""]
    form["biographies.value"] = ["  "]
    browser.post(f"{address(before)}/edit", data=form)
    now = bo.contacts()[0]["fields"]
    assert [one["value"] for one in now["emailAddresses"]] == ["b@x.example", "new@x.example"]
    assert "birthdays" not in now
    assert "biographies" not in now


def test_a_change_made_elsewhere_meanwhile_is_not_written_over(browser: FlaskClient, bo: Hands) -> None:
    bo.create(WHOLE)
    before = bo.contacts()[0]
    form = filled(browser.get(f"{address(before)}/edit").text)
    bo.edit(before["resourceName"], {"phoneNumbers": [{"value": "11 11 11 11"}]})
    form["names.givenName"] = ["Augusta"]
    browser.post(f"{address(before)}/edit", data=form)
    now = bo.contacts()[0]["fields"]
    assert now["names"][0]["givenName"] == "Augusta"
    assert [one["value"] for one in now["phoneNumbers"]] == ["11 11 11 11"]


def test_a_new_contact_stands_under_the_label_it_was_made_from(browser: FlaskClient, bo: Hands) -> None:
    label = bo.create_label("Customers")
    form = filled(browser.get(f"{HOME}new?label={label}").text)
    assert form["label"] == [label]
    form["names.givenName"], form["phoneNumbers.value"] = ["Ada"], ["33 12 34 56"]
    answer = browser.post(f"{HOME}new", data=form, follow_redirects=True)
    assert "Contact created" in answer.text
    (made,) = bo.contacts(label)
    assert made["fields"]["names"][0]["givenName"] == "Ada"
    assert made["fields"]["phoneNumbers"][0]["value"] == "33 12 34 56"


def test_what_cannot_be_saved_comes_back_as_it_was_typed_with_the_reason(browser: FlaskClient, bo: Hands) -> None:
    form = filled(browser.get(f"{HOME}new").text)
    empty = browser.post(f"{HOME}new", data=form)
    assert empty.status_code == 400
    assert "A contact needs at least one entry." in empty.text
    form["names.givenName"], form["birthdays.day"], form["birthdays.month"] = ["Ada"], ["31"], ["2"]
    wrong = browser.post(f"{HOME}new", data=form)
    assert wrong.status_code == 400
    assert filled(wrong.text)["names.givenName"] == ["Ada"]
    assert filled(wrong.text)["birthdays.day"] == ["31"]
    assert bo.contacts() == []


def test_a_form_that_came_back_broken_is_refused_in_a_sentence(browser: FlaskClient, make: Make) -> None:
    ada = make("Ada")
    for base in ("[]", "{", "1"):
        assert browser.post(f"{address(ada)}/edit", data={"base": base}).status_code == 400


# --- Acts ------------------------------------------------------------------------------------------------------------


def test_a_contact_is_deleted_and_the_bar_undoes_it(browser: FlaskClient, bo: Hands, make: Make) -> None:
    ada = make("Ada")
    answer = do(browser, "delete", ada)
    assert bo.contacts() == []
    text = browser.get(answer.location).text
    assert "Contact deleted" in text
    assert f'action="{HOME}act/undelete"' in text
    do(browser, "undelete", ada)
    assert given(bo.contacts()) == ["Ada"]


def test_labels_and_stars_are_put_and_taken(browser: FlaskClient, bo: Hands, make: Make) -> None:
    ada, grace, label = make("Ada"), make("Grace"), bo.create_label("Customers")
    do(browser, "label", ada, grace, label=label)
    do(browser, "unlabel", grace, label=label)
    do(browser, "star", ada)
    assert given(bo.contacts(label)) == ["Ada"]
    assert given(bo.contacts("starred")) == ["Ada"]
    do(browser, "unstar", ada)
    assert bo.contacts("starred") == []


@pytest.mark.parametrize("act", ["delete", "label", "star", "merge"])
def test_an_act_on_many_is_one_which_a_lagging_list_shows_whole_or_not_at_all(
    browser: FlaskClient, bo: Hands, make: Make, workspace: Workspace, act: str
) -> None:
    label = bo.create_label("Customers")
    chosen = [make(name) for name in ("Ada", "Grace", "Linus", "Zoë")]
    workspace.advance(60)
    first, begin, seconds = bo.mailbox.seq, workspace.clock(), count(1)
    workspace.clock = lambda: begin + timedelta(seconds=next(seconds))  # time passes whenever somebody looks
    do(browser, act, *chosen, label=label)
    end = workspace.clock()
    workspace.clock = lambda: end
    shown = {bo.mailbox.horizon(lag / 2) - first for lag in range(2 * next(seconds))}
    assert shown == {0, len(chosen)}
    stamps = [bo.mailbox.contacts[one["id"]].now.updated for one in chosen]
    assert len(set(stamps)) == len(stamps)
    assert stamps == sorted(stamps)


def test_chosen_contacts_are_merged_into_the_first(browser: FlaskClient, bo: Hands, make: Make) -> None:
    ada, twin = make("Ada", phoneNumbers=[{"value": "1"}]), make("Ada L", phoneNumbers=[{"value": "2"}])
    do(browser, "merge", ada, twin)
    (merged,) = bo.contacts()
    assert merged["id"] == ada["id"]
    assert [one["value"] for one in merged["fields"]["phoneNumbers"]] == ["1", "2"]
    assert "two contacts or more" in do(browser, "merge", ada).text


def test_a_label_is_made_renamed_and_deleted_keeping_its_contacts_or_with_them(
    browser: FlaskClient, bo: Hands, make: Make
) -> None:
    browser.post(f"{HOME}labels", data={"title": "Customers"})
    browser.post(f"{HOME}labels", data={"title": "Press"})
    first, second = bo.labels()
    browser.post(f"{HOME}label/{first['id']}/rename", data={"title": "Clients"})
    assert [one["name"] for one in bo.labels()] == ["Clients", "Press"]
    make("Ada", first["id"])
    make("Zoë", second["id"])
    browser.post(f"{HOME}label/{first['id']}/delete", data={"contacts": "keep"})
    assert given(bo.contacts()) == ["Ada", "Zoë"]
    browser.post(f"{HOME}label/{second['id']}/delete", data={"contacts": "delete"})
    assert given(bo.contacts()) == ["Ada"]
    assert bo.labels() == []


def test_a_label_that_exists_is_refused_in_a_sentence_with_the_way_back(browser: FlaskClient, bo: Hands) -> None:
    bo.create_label("Customers")
    answer = browser.post(f"{HOME}labels", data={"title": "customers", "back": HOME})
    assert answer.status_code == 400
    assert "There is a label customers already." in answer.text
    assert f'href="{HOME}"' in answer.text


def test_changes_are_undone_to_how_it_was(browser: FlaskClient, bo: Hands, workspace: Workspace, make: Make) -> None:
    ada = make("Ada")
    workspace.advance(3600)
    bo.edit(ada["resourceName"], {"names": [{"givenName": "Vandal"}]})
    make("New")
    browser.post(f"{HOME}undo", data={"minutes": "10"})
    assert given(bo.contacts()) == ["Ada"]
    for minutes in ("", "0", "-1", "x", "43201"):
        assert browser.post(f"{HOME}undo", data={"minutes": minutes}).status_code == 400


def test_an_act_on_nothing_is_refused(browser: FlaskClient) -> None:
    assert "Choose a contact first." in do(browser, "delete").text
    assert do(browser, "explode").status_code == 404


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example", "/contacts/..//evil", "javascript:x"])
def test_an_act_leads_back_only_into_the_page(browser: FlaskClient, make: Make, back: str) -> None:
    answer = browser.post(f"{HOME}act/star", data={"name": make("Ada")["resourceName"], "back": back})
    assert answer.location.startswith("/contacts/")


def test_a_page_from_elsewhere_cannot_play_the_user(browser: FlaskClient, bo: Hands, make: Make) -> None:
    ada = make("Ada")
    answer = browser.post(
        f"{HOME}act/delete", data={"name": ada["resourceName"]}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert answer.status_code == 403
    assert given(bo.contacts()) == ["Ada"]
