"""Refusals: what services say no with is said in the language of who asked, and in English on the command line."""

import copy
import io
import pickle
import re
from typing import Any

import pytest
from flask import Flask

from sharesync.errors import COUNTED, Contacts, InvalidCard, InvalidInput, NotFound, Sentence, StaleVersion
from sharesync.formats.file_reading import MOST
from sharesync.model.access import Level
from sharesync.model.card import Card
from sharesync.model.permission import Denied, Party, Right, authorize
from tests.web.conftest import Signed, signed_in
from tests.web.test_importing import looked_at
from tests.web.test_languages import marked
from tests.worlds import House
from web.words.refusals import recalled, said, told

STORED = ("sharesync/google", "sharesync/services")
"""Where the sentences are made that are stored: why a mailbox waits, and why an event was."""


def in_language(app: Flask, code: str) -> Any:
    return app.test_request_context(headers={"Accept-Language": code})


def test_a_sentence_is_its_english_and_remembers_its_parts() -> None:
    sentence = Sentence("A group “%(name)s” is 100%% there.", name="Sales")
    for one in (sentence, copy.deepcopy(sentence), pickle.loads(pickle.dumps(sentence))):
        assert one == "A group “Sales” is 100% there."
        assert (one.template, one.values) == ("A group “%(name)s” is 100%% there.", {"name": "Sales"})
    assert str(InvalidInput("100 % of it.")) == "100 % of it."
    assert InvalidInput(sentence).sentence is sentence


def test_the_command_line_is_told_what_to_type_and_the_page_is_not(app: Flask, house: House) -> None:
    error = NotFound("group", "Sales", "`sharesync groups list` shows them all.")
    assert str(error) == "There is no group “Sales”. `sharesync groups list` shows them all."
    with in_language(app, "en"):
        assert told(error) == "There is no group “Sales”."
    with in_language(app, "da"):
        assert told(error) == "Der er ingen gruppe ”Sales”."
    assert str(StaleVersion("c1", 2, 3)) == "Contact c1 is at version 3, not 2; look at it again before you change it."


def test_levels_fields_and_numbers_are_said_as_the_page_says_them(app: Flask, house: House) -> None:
    verdict = authorize(Party(levels={"g": Level.VIEW}), Right.DELETE, ("g",))
    assert isinstance(verdict, Denied)
    assert verdict.reason == "You may only view here; this takes the level “delete”."
    with pytest.raises(InvalidCard) as refused:
        Card.parse({"emailAddresses": [{"value": "x" * 1110}]})
    assert str(refused.value) == "A value in emailAddresses is 1110 characters long; Google allows 1024."
    with in_language(app, "sv"):
        assert said(verdict.reason) == "Du får bara se här; det här kräver nivån ”kan redigera och radera”."
        assert told(refused.value) == "Ett värde i E-post är 1110 tecken långt; Google tillåter 1024."


def test_what_was_stored_is_said_as_if_it_had_never_been(app: Flask, house: House) -> None:
    busy = Sentence("Google is busy with this mailbox; sharesync tries again by itself.")
    aside = Sentence("A contact is set aside: %(why)s (%(contacts)s in all)", why=busy, contacts=Contacts(3))
    with in_language(app, "nb"):
        assert said("This contact is not in the trash.") == "Denne kontakten er ikke i papirkurven."
        assert (said(""), said("of a user's own")) == ("", "of a user's own")
        assert said(str(aside)) == said(aside)
        assert said(str(aside)) == (
            "En kontakt er satt til side: Google er opptatt med denne postkassen; sharesync prøver igjen av seg selv."
            " (3 kontakter i alt)"
        )
        assert said("Google refuses what this contact holds in names, urls.") == (
            "Google avviser det denne kontakten har i Navn, Nettsteder."
        )
        assert said("create 1 contact") == "opprette 1 kontakt"
        assert said("long-text, kept here") == "lang tekst, lagres her"
    with in_language(app, "en"):
        assert said(str(aside)) == str(aside)
        assert said("create 2 contacts") == "create 2 contacts"


VALUES = {
    **{slot: kind(3) for slot, kind in COUNTED.items()}, "filters": "group, text", "form": "google-csv",
    "format": "Google CSV", "how": "by level", "id": "0" * 32, "number": "3", "request": "GET contacts.show",
    "host": "crm.test", "kind": "webhook", "shown": "kept here",
    "role": "auditor", "scope": "contacts", "share": "10%", "status": "400", "was": "administrator",
    "where": "emailAddresses", "why": "The label is not there.", "date": "2026-03-02",
}  # fmt: skip


@pytest.mark.parametrize("template", [one for one in sorted(map(str, marked(STORED))) if "%(" in one])
def test_what_may_be_stored_is_known_again_by_its_template(template: str) -> None:
    sentence = Sentence(template, **{name: VALUES.get(name, "any") for name in re.findall(r"%\((\w+)\)s", template)})
    again = recalled(str(sentence))
    assert again is not None
    assert (again.template, str(again)) == (template, str(sentence))


def test_what_never_was_ours_is_left_as_it_is(app: Flask, house: House) -> None:
    with in_language(app, "sv"):
        for text in ("court order", "5 as", "Sven as Svea", "by", "x (y)", "100 %", "%(name)s", "all of it"):
            assert said(text) == text


def test_a_refusal_reaches_the_page_in_the_language_of_who_asks(app: Flask, shared: House, browser: Signed) -> None:
    rows = "Name\n" + "Ada\n" * (MOST + 1)
    for code, words in (
        ("da", "Denne fil indeholder mere end 25.000 kontakter"),
        ("en", "This file holds more than 25,000 contacts"),
    ):
        browser.submit("/language/", {"language": code})
        sent = {"group": shared.group_id("Customers"), "file": (io.BytesIO(rows.encode()), "people.csv")}
        assert words in looked_at(browser, browser.submit("/importing/", sent, follow_redirects=True))
    eva = signed_in(app, shared, "eva")
    eva.submit("/language/", {"language": "nb"})
    answer = eva.submit("/groups/new", {"name": "Mine"})
    assert (answer.status_code, "Revisorer ser alt og endrer ingenting." in answer.text) == (403, True)
