"""Joining two cards: everything is offered, nothing is lost unless somebody leaves it out, nothing is said twice."""

from typing import Any

import pytest
from hypothesis import given

from sharesync.errors import InvalidCard, InvalidInput
from sharesync.model.card import EMPTY, MAX_ITEMS, Card, Item
from sharesync.model.fields import FIELDS, Shape
from sharesync.model.joining import BOTH, Option, choices, joined
from tests.cards import cards


def card(**fields: list[dict[str, Any]]) -> Card:
    return Card.parse(fields)


def values(told: Card, field: str, part: str = "value") -> list[str]:
    return [item.text(part) for item in told[field]]


def test_lists_are_joined_without_what_is_said_twice() -> None:
    one = card(emailAddresses=[{"value": "ada@x.example", "type": "work"}, {"value": "a@y.example"}])
    other = card(emailAddresses=[{"value": "ADA@X.example"}, {"value": "b@y.example"}])
    assert values(joined(one, other), "emailAddresses") == ["ada@x.example", "a@y.example", "b@y.example"]


def test_a_number_with_its_country_stands_for_the_one_without() -> None:
    one, other = card(phoneNumbers=[{"value": "33 12 34 56"}]), card(phoneNumbers=[{"value": "+45 33123456"}])
    assert values(joined(one, other), "phoneNumbers") == values(joined(other, one), "phoneNumbers") == ["+45 33123456"]


@pytest.mark.parametrize("number", ["+45 33 12 34 56", "33 12 34 56", "47 11"])
def test_a_number_that_is_written_in_two_ways_stays_as_the_first_writes_it(number: str) -> None:
    one, other = card(phoneNumbers=[{"value": number}]), card(phoneNumbers=[{"value": number.replace(" ", "-") + " "}])
    assert values(joined(one, other), "phoneNumbers") == [number]


def test_two_extensions_stay_two() -> None:
    one, other = card(phoneNumbers=[{"value": "4711"}]), card(phoneNumbers=[{"value": "4712"}])
    assert values(joined(one, other), "phoneNumbers") == ["4711", "4712"]


@pytest.mark.parametrize(("one", "other"), [("home", "work"), ("home", ""), ("", "home")])
def test_of_one_address_under_two_types_the_first_stays(one: str, other: str) -> None:
    sides = [card(addresses=[{"city": "Aarhus", "type": kind}]) for kind in (one, other)]
    assert joined(sides[0], sides[1]) == sides[0]


def test_a_company_that_says_less_is_left_out() -> None:
    one = card(organizations=[{"name": "Acme"}])
    other = card(organizations=[{"name": "Acme", "title": "Head"}, {"name": "Else"}])
    assert values(joined(one, other), "organizations", "name") == ["Acme", "Else"]
    assert values(joined(one, other), "organizations", "title") == ["Head", ""]


def test_custom_fields_of_one_name_and_two_values_stay_two() -> None:
    one = card(userDefined=[{"key": "Customer", "value": "1"}])
    other = card(userDefined=[{"key": "Customer", "value": "2"}])
    assert values(joined(one, other), "userDefined") == ["1", "2"]


def test_the_fuller_name_stays_and_at_equal_length_that_of_the_one_that_stays() -> None:
    short, full = card(names=[{"givenName": "Ada"}]), card(names=[{"givenName": "Ada", "familyName": "Lovelace"}])
    wrong = card(names=[{"givenName": "Adda", "familyName": "Lovelace"}])
    assert joined(short, full) == joined(full, short) == full
    assert joined(full, wrong) == full
    assert joined(wrong, full) == wrong
    assert joined(full, wrong, {"names": ["other-0"]}) == wrong


def test_notes_are_put_one_below_the_other_unless_one_says_all() -> None:
    one, other = card(biographies=[{"value": "plays whist"}]), card(biographies=[{"value": "met at the fair"}])
    both = card(biographies=[{"value": "plays whist\n\nmet at the fair"}])
    assert joined(one, other) == both
    assert joined(one, both) == joined(both, one) == both
    assert joined(one, other, {"biographies": ["one-0"]}) == one


def test_notes_that_are_put_together_are_of_the_firsts_kind() -> None:
    one = card(biographies=[{"value": "<b>plays</b> whist", "contentType": "TEXT_HTML"}])
    other = card(biographies=[{"value": "met at the fair"}])
    both = card(biographies=[{"value": "<b>plays</b> whist\n\nmet at the fair", "contentType": "TEXT_HTML"}])
    assert joined(one, other) == both


def test_each_value_says_where_it_stands_and_whether_it_is_kept() -> None:
    one = card(nicknames=[{"value": "A"}, {"value": "B"}], biographies=[{"value": "x"}])
    other = card(nicknames=[{"value": "B"}, {"value": "C"}], biographies=[{"value": "y"}])
    names, notes = choices(one, other)
    assert names.options == (
        Option("one-0", one["nicknames"][0], in_one=True, in_other=False, kept=True),
        Option("one-1", one["nicknames"][1], in_one=True, in_other=True, kept=True),
        Option("other-1", other["nicknames"][1], in_one=False, in_other=True, kept=True),
    )
    assert notes.options == (
        Option("one-0", one["biographies"][0], in_one=True, in_other=False, kept=False),
        Option("other-0", other["biographies"][0], in_one=False, in_other=True, kept=False),
        Option(BOTH, Item((("value", "x\n\ny"),)), in_one=False, in_other=False, kept=True),
    )


def test_what_was_picked_is_kept_and_nothing_else() -> None:
    one = card(emailAddresses=[{"value": "a@x.example"}, {"value": "b@x.example"}], nicknames=[{"value": "A"}])
    other = card(emailAddresses=[{"value": "c@x.example"}], birthdays=[{"date": {"year": 1815}}])
    picked = {"emailAddresses": ["one-1", "other-0"], "birthdays": ["other-0"]}
    expected = card(emailAddresses=[{"value": "b@x.example"}, {"value": "c@x.example"}]).replacing(
        {"birthdays": other["birthdays"]}
    )
    assert joined(one, other, picked) == expected
    assert joined(one, other, {}) == EMPTY


@pytest.mark.parametrize("words", [["one-7"], ["one-0", "other-0"], ["both"]])
def test_what_cannot_be_picked_is_refused(words: list[str]) -> None:
    one, other = card(names=[{"givenName": "Ada"}]), card(names=[{"givenName": "Bo"}])
    with pytest.raises(InvalidInput, match=r"^Choose again which values to keep\.$"):
        joined(one, other, {"names": words})


def test_two_that_are_too_much_for_one_are_refused() -> None:
    half = [{"value": f"n{number}@x.example"} for number in range(MAX_ITEMS // 2 + 1)]
    other = [{"value": f"m{number}@x.example"} for number in range(MAX_ITEMS // 2)]
    with pytest.raises(InvalidCard, match="at most"):
        joined(card(emailAddresses=half), card(emailAddresses=other))


@given(cards(), cards())
def test_every_value_of_both_is_offered_once_and_nothing_else_but_notes_together(one: Card, other: Card) -> None:
    offered = {choice.field: choice for choice in choices(one, other)}
    for name in FIELDS:
        items = [option.item for option in offered[name].options if option.word != BOTH] if name in offered else []
        assert sorted(map(repr, items)) == sorted(map(repr, {*one[name], *other[name]}))
    for choice in offered.values():
        assert choice.single == (FIELDS[choice.field].shape is Shape.SINGLE)
        assert any(option.kept for option in choice.options)
        assert choice.open == (set(one[choice.field]) != set(other[choice.field]))


@given(cards(), cards())
def test_joining_a_card_with_itself_or_with_nothing_says_nothing_twice(one: Card, other: Card) -> None:
    assert joined(one, one) == joined(one, EMPTY) == joined(EMPTY, one)
    together = joined(one, other)
    assert joined(together, one, None) == joined(together, together)
