"""A card that is larger than Google lets one be loses no value: what is too long stands in its notes."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharesync.formats.file_reading import Parsed, read
from sharesync.formats.fitting import CUT, INTO_NOTES, fitted
from sharesync.formats.ledger import kind_of
from sharesync.model.card import MAX_BYTES, MAX_ITEMS, Card

LONG = "word " * 300 + "end"
URL = "https://x.test/" + "a" * 1100
CUT_OFF = ("word " * 300)[:1023] + "…"

FILES: dict[str, str] = {
    "vCard": f"BEGIN:VCARD\nN:Vig;Ane\nTITLE:{LONG}\nURL:{URL}\nX-HOBBY:{LONG}\nNOTE:short\nEND:VCARD\n",
    "CSV": f"First name,Last name,Job title,Website,Notes,Hobby\nAne,Vig,{LONG},{URL},short,{LONG}\n",
    "JSON Lines": json.dumps(
        {
            "names": [{"givenName": "Ane", "familyName": "Vig"}],
            "organizations": [{"title": LONG}],
            "urls": [{"value": URL}],
            "biographies": [{"value": "short"}],
            "userDefined": [{"key": "Hobby", "value": LONG}],
        }
    ),
}


@pytest.mark.parametrize("kind", FILES)
def test_a_text_keeps_its_beginning_an_address_goes_and_both_stand_whole_in_the_notes(kind: str) -> None:
    (entry,) = read(FILES[kind].encode()).entries
    assert isinstance(entry, Parsed)
    assert {field: items for field, items in entry.card.as_json().items() if field != "biographies"} == {
        "names": [{"givenName": "Ane", "familyName": "Vig"}],
        "organizations": [{"title": CUT_OFF}],
        "userDefined": [{"key": "Hobby", "value": CUT_OFF}],
    }
    assert set(entry.card["biographies"][0].text("value").split("\n\n")) == {"short", LONG, URL, f"Hobby: {LONG}"}
    assert [kind_of(note) for note in entry.notes] == [INTO_NOTES] * 3


def test_more_values_than_a_contact_may_have_stand_in_the_notes() -> None:
    lines = "".join(f"EMAIL:a{at}@x.test\n" for at in range(MAX_ITEMS + 20))
    (entry,) = read(f"BEGIN:VCARD\n{lines}FN:Ane Vig\nBDAY:1980-03-25\nEND:VCARD\n".encode()).entries
    assert isinstance(entry, Parsed)
    assert entry.card["names"]
    assert entry.card["birthdays"]
    kept = [item.text("value") for item in entry.card["emailAddresses"]]
    assert kept + entry.card["biographies"][0].text("value").split("\n\n") == [
        f"a{at}@x.test" for at in range(MAX_ITEMS + 20)
    ]
    assert {kind_of(note) for note in entry.notes} == {INTO_NOTES}


def test_notes_that_no_contact_can_hold_are_cut_and_said_so() -> None:
    (entry,) = read(f"BEGIN:VCARD\nFN:Ane Vig\nNOTE:{'æ' * MAX_BYTES}\nEND:VCARD\n".encode()).entries
    assert isinstance(entry, Parsed)
    assert len(json.dumps(entry.card.as_json(), ensure_ascii=False).encode()) in range(MAX_BYTES - 2, MAX_BYTES + 1)
    assert [kind_of(note) for note in entry.notes] == [CUT]


_TEXTS = st.text(max_size=5) | st.integers(1, 3000).flatmap(lambda size: st.sampled_from("aø🙂 \n\x00\u0958\"")
                                                           .map(lambda sign: sign * size + "z"))  # fmt: skip
_FIELDS = st.fixed_dictionaries(
    {},
    optional={
        "names": st.lists(st.fixed_dictionaries({"givenName": _TEXTS}), min_size=1, max_size=1),
        "nicknames": st.lists(st.fixed_dictionaries({"value": _TEXTS, "type": _TEXTS}), max_size=3),
        "urls": st.lists(st.fixed_dictionaries({"value": _TEXTS}), max_size=3),
        "biographies": st.lists(st.fixed_dictionaries({"value": _TEXTS}), max_size=1),
        "userDefined": st.lists(
            st.fixed_dictionaries({"key": st.just("k") | _TEXTS.map("k".__add__), "value": _TEXTS})
        ),
    },
)


@given(_FIELDS)
def test_what_is_fitted_is_a_card(fields: dict[str, list[dict[str, Any]]]) -> None:
    fitting = fitted(fields)
    assert fitting
    Card.parse(fitting.fields)


@pytest.mark.parametrize("value", [None, 3, [], {"names": 3}, {"names": [3]}, {"names": None}])
def test_what_is_made_otherwise_is_none_of_its_business(value: object) -> None:
    assert fitted(value) is None
