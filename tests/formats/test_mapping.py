"""CSV files whose headings nobody knows: what their columns mean is guessed, or told by a word each."""

from __future__ import annotations

from typing import Any

import pytest

from sharesync.errors import InvalidInput
from sharesync.formats import file_reading
from sharesync.formats.csv_meanings import WORDS
from sharesync.formats.file_reading import Mapping, Parsed, read, sheet


def guessed(text: str) -> Mapping:
    found = sheet(text.encode())
    assert found
    return found.guess()


def cards(text: str, mapping: Mapping | None = None) -> list[dict[str, Any]]:
    told = mapping or guessed(text)
    return [one.card.as_json() for one in read(text.encode(), mapping=told).entries if isinstance(one, Parsed)]


def test_headings_that_say_nothing_are_guessed_by_what_stands_below() -> None:
    text = (
        "A;B;C;D;E;F\n"
        "Edith;Clarke;edith@x.example;+45 33 12 34 56;Volt A/S;12.3.1985\n"
        "Mary;Ward;mary@x.example;33 12 34 57;Lens ApS;1.2.1990\n"
    )
    assert guessed(text) == Mapping(("first-name", "last-name", "email", "phone", "company", "birthday"))
    edith, mary = cards(text)
    assert edith["names"] == [{"givenName": "Edith", "familyName": "Clarke"}]
    assert edith["emailAddresses"] == [{"value": "edith@x.example"}]
    assert edith["phoneNumbers"] == [{"value": "+45 33 12 34 56"}]
    assert edith["organizations"] == [{"name": "Volt A/S"}]
    assert mary["birthdays"] == [{"date": {"year": 1990, "month": 2, "day": 1}}]


def test_a_file_without_headings_loses_no_contact() -> None:
    text = "Edith Clarke,edith@x.example\nMary Ward,mary@x.example\n"
    assert guessed(text) == Mapping(("name", "email"), heading=False)
    assert [one["names"][0]["givenName"] for one in cards(text)] == ["Edith Clarke", "Mary Ward"]
    assert len(cards("edith@x.example\nmary@x.example\n")) == 2


def test_a_heading_that_is_known_counts_for_more_than_what_stands_below() -> None:
    text = "Kunde;Note;Fornavn\nVolt;edith@x.example;Edith\n"
    assert guessed(text).words == ("custom", "notes", "first-name")


def test_what_is_told_stands_whatever_the_headings_say() -> None:
    text = "Name,Phone,Who,Rest,Spouse\nVolt A/S,12,Edith,gone,Otto\n"
    told = Mapping(("company", "custom", "name", "skip", "heading"))
    (one,) = cards(text, told)
    assert one["organizations"] == [{"name": "Volt A/S"}]
    assert one["names"] == [{"givenName": "Edith"}]
    assert one["userDefined"] == [{"key": "Phone", "value": "12"}]
    assert one["relations"] == [{"person": "Otto", "type": "spouse"}]
    assert "gone" not in str(one)


def test_two_columns_of_one_meaning_are_two_values_and_an_address_is_one() -> None:
    text = "x,y,s,p,c\na@x.example,b@x.example,Gade 1,2100,København\n"
    (one,) = cards(text, Mapping(("work-email", "work-email", "home-street", "home-postal-code", "home-city")))
    assert [item["value"] for item in one["emailAddresses"]] == ["a@x.example", "b@x.example"]
    assert one["addresses"] == [{"type": "home", "streetAddress": "Gade 1", "postalCode": "2100", "city": "København"}]


def test_columns_beyond_those_told_become_custom_fields() -> None:
    (one,) = cards("x,y\nEdith,blue\n", Mapping(("name",)))
    assert one["userDefined"] == [{"key": "y", "value": "blue"}]


def test_a_word_that_is_none_is_refused_with_those_that_are() -> None:
    with pytest.raises(InvalidInput, match=r"A column cannot mean “colour”; use one of name, "):
        read(b"x,y\nEdith,blue\n", mapping=Mapping(("name", "colour")))


def test_every_word_can_be_told_of_any_column() -> None:
    for word in WORDS:
        assert read(b"Name,x\n1.2.1990,Edith\n", mapping=Mapping((word, "name"))).entries


@pytest.mark.parametrize(
    "text", ["", "a poem,\nin two lines", "BEGIN:VCARD\nFN:Ada\nEND:VCARD\n", '{"card": {}}\n', "one\ntwo\nthree\n"]
)
def test_what_has_no_columns_is_no_sheet(text: str) -> None:
    assert sheet(text.encode()) is None
    with pytest.raises(InvalidInput):
        read(text.encode(), mapping=Mapping(("name",)))


def test_lines_are_counted_as_in_the_file() -> None:
    text = "\nx,y\n,\n,\nEdith,blue\n"
    found = read(text.encode(), mapping=Mapping(("name", "skip"))).entries
    assert [one.line for one in found] == [5]


def test_a_file_of_which_little_is_understood_is_told_apart() -> None:
    for text in ("Name,Phone,Blue,Green,Red\nEdith,12,1,2,3\n", "A,B\nEdith,12\n", "Edith,edith@x.example\n"):
        assert file_reading.needs_telling(text.encode())
    for text in ("Name,Phone,Red\nEdith,1,2\n", "BEGIN:VCARD\nFN:Ada\nEND:VCARD\n", "a poem,\nin two lines"):
        assert not file_reading.needs_telling(text.encode())
