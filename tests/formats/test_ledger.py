"""What a reader has read stands in the card or in a note, whatever the reader forgets and the card lets fall."""

from __future__ import annotations

import pytest

from sharesync.errors import Sentence
from sharesync.formats.ledger import LONGEST, Ledger, kind_of
from sharesync.model.card import Card

ANE = Card.parse(
    {
        "names": [{"givenName": "Ane", "familyName": "Vig"}],
        "phoneNumbers": [{"value": "+45 33 12 34 56", "type": "work"}],
        "birthdays": [{"date": {"year": 1985, "month": 1, "day": 2}}],
    }
)


def test_a_value_of_which_nobody_says_anything_is_noted_with_its_line_its_place_and_itself() -> None:
    ledger = Ledger()
    ledger.read(7, "Køn", "K")
    (note,) = ledger.notes_on(ANE)
    assert note == "left out: line 7, Køn “K”"
    assert (note.kind, note.line, note.place, note.value) == ("left out", 7, "Køn", "K")


@pytest.mark.parametrize(
    ("field", "readings"),
    [("names", ("Ane",)), ("names", ("vig", "ANE")), ("birthdays", ("1985-01-02",)), ("phoneNumbers", ("Work",))],
)
def test_a_value_that_stands_where_it_goes_is_not_noted(field: str, readings: tuple[str, ...]) -> None:
    ledger = Ledger()
    ledger.read(1, "X", "whatever it was").goes(field, *readings)
    assert ledger.notes_on(ANE) == ()


@pytest.mark.parametrize(
    ("field", "readings"), [("nicknames", ("Ane",)), ("names", ("Ane", "Bo")), ("birthdays", ("1985-01-03",))]
)
def test_a_value_that_does_not_stand_where_it_should_is_noted(field: str, readings: tuple[str, ...]) -> None:
    ledger = Ledger()
    ledger.read(3, "X", "as it was").goes(field, *readings)
    assert ledger.notes_on(ANE) == ("left out: line 3, X “as it was”",)


def test_a_value_that_is_left_out_is_noted_even_where_its_letters_stand_in_the_card() -> None:
    ledger, why = Ledger(), Sentence("gender left out")
    ledger.read(2, "GENDER", "Ane").left_out(why)
    ledger.read(3, "VERSION", "3.0").passes()
    ledger.read(4, "NOTE", " \u200b")
    (note,) = ledger.notes_on(ANE)
    assert (note, kind_of(note), kind_of(why)) == ("gender left out: line 2, GENDER “Ane”", why, why)


def test_a_note_repeats_the_beginning_of_a_long_value_in_one_line_without_what_a_terminal_obeys() -> None:
    ledger = Ledger()
    ledger.read(1, "NOTE", "\x1b[2Ja\r\nb")
    ledger.read(1, "NOTE", "x" * 5_000)
    short, long = ledger.notes_on(ANE)
    assert short == "left out: line 1, NOTE “[2Ja b”"
    assert long == f"left out: line 1, NOTE “{'x' * LONGEST}…”"
