"""Refusals: what services say no with is said in the language of who asked, and in English on the command line."""

import copy
import io
import pickle
from typing import Any

import pytest
from flask import Flask

from sharesync.errors import InvalidCard, InvalidInput, NotFound, Sentence, StaleVersion
from sharesync.formats.reading import MOST
from sharesync.model.access import Level
from sharesync.model.card import Card
from sharesync.model.permission import Denied, Party, Right, authorize
from tests.web.conftest import Signed, signed_in
from tests.web.test_importing import looked_at
from tests.worlds import House
from web.refusals import said, told


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
        assert told(error) == "Der er ingen gruppe „Sales“."
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


def test_what_was_kept_as_plain_text_is_said_where_it_has_no_values(app: Flask, house: House) -> None:
    with in_language(app, "nb"):
        assert said("This contact is not in the trash.") == "Denne kontakten er ikke i papirkurven."
        assert (said(""), said("of a user's own")) == ("", "of a user's own")


def test_a_refusal_reaches_the_page_in_the_language_of_who_asks(app: Flask, shared: House, browser: Signed) -> None:
    rows = "Name\n" + "Ada\n" * (MOST + 1)
    for code, words in (("da", "Denne fil indeholder 25.001 kontakter"), ("en", "This file holds 25,001 contacts")):
        browser.submit("/language/", {"language": code})
        sent = {"group": shared.group_id("Customers"), "file": (io.BytesIO(rows.encode()), "people.csv")}
        assert words in looked_at(browser, browser.submit("/importing/", sent))
    eva = signed_in(app, shared, "eva")
    eva.submit("/language/", {"language": "nb"})
    answer = eva.submit("/groups/new", {"name": "Mine"})
    assert (answer.status_code, "Revisorer ser alt og endrer ingenting." in answer.text) == (403, True)
