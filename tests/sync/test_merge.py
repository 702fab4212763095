"""The three-way merge: its laws for any three cards, and cases named parent/store/other → merged, written by hand."""

from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharesync.model.card import Card
from sharesync.model.company_fields import merged_set
from sharesync.model.field_kinds import parts
from sharesync.model.fields import FIELDS, Shape
from sharesync.sync.merge import Conflict, Merged, merge, overlay, without
from tests.cards import Raw, Texts, Three, cards, threes


def values(*sides: Card) -> set[tuple[str, str, Any]]:
    """Every single value of the cards: field, part, value."""
    return {
        (name, part, value)
        for side in sides
        for name, items in side.items.items()
        for item in items
        for part, value in item.parts
    }


def items(card: Card) -> set[tuple[str, Any]]:
    return {(name, item) for name, some in card.items.items() for item in some}


def lost(conflicts: tuple[Conflict, ...]) -> set[tuple[str, str, Any]]:
    """Every single value that a merge returned as the other side's."""
    return {
        (conflict.field, part, value) for conflict in conflicts for item in conflict.other for part, value in item.parts
    }


# --- Laws ------------------------------------------------------------------------------------------------------------


@given(cards(Texts.NARROW), cards(Texts.NARROW))
def test_what_only_the_mailbox_changed_is_taken(base: Card, other: Card) -> None:
    assert merge(base, base, other) == Merged(other)


@given(cards(Texts.NARROW), cards(Texts.NARROW))
def test_what_only_the_store_changed_stays(base: Card, store: Card) -> None:
    assert merge(base, store, base) == Merged(store)


@given(cards(Texts.NARROW), cards(Texts.NARROW))
def test_what_both_changed_alike_is_taken_once(base: Card, both: Card) -> None:
    assert merge(base, both, both) == Merged(both)


@given(threes())
def test_nothing_appears_that_neither_side_has(three: Three) -> None:
    assert values(merge(*three).card) <= values(three.store, three.other)


@given(threes())
def test_what_all_three_have_stays(three: Three) -> None:
    base, store, other = map(items, three)
    assert base & store & other <= items(merge(*three).card)


@given(threes())
def test_what_both_sides_have_stays(three: Three) -> None:
    assert items(three.store) & items(three.other) <= items(merge(*three).card)


@given(threes())
def test_what_the_store_added_stays_whatever_the_mailbox_did(three: Three) -> None:
    base, store, _ = three
    assert values(store) - values(base) <= values(merge(*three).card)


@given(threes())
def test_what_the_mailbox_added_is_taken_or_returned_as_a_conflict(three: Three) -> None:
    base, _, other = three
    merged = merge(*three)
    assert values(other) - values(base) <= values(merged.card) | lost(merged.conflicts)


@given(threes())
def test_what_one_side_removed_and_the_other_left_alone_is_gone(three: Three) -> None:
    base, store, other = map(items, three)
    assert not ((base & store) - other | (base & other) - store) & items(merge(*three).card)


@given(threes())
def test_a_conflict_names_a_field_that_all_three_hold_differently_and_keeps_the_stores_values(three: Three) -> None:
    base, store, other = three
    for conflict in merge(*three).conflicts:
        name = conflict.field
        assert name in base.differs(store) & base.differs(other) & store.differs(other)
        assert set(conflict.store) <= set(store[name])
        assert set(conflict.other) <= set(other[name])
        assert set(conflict.store) != set(conflict.other)
        kept = {(name, part, value) for item in conflict.store for part, value in item.parts}
        assert kept - values(base) <= values(merge(*three).card)


@given(threes())
def test_without_a_conflict_it_does_not_matter_which_side_is_the_store(three: Three) -> None:
    base, store, other = three
    one, turned = merge(base, store, other), merge(base, other, store)
    assert bool(one.conflicts) == bool(turned.conflicts)
    assert one.conflicts or one.card == turned.card


@given(threes())
def test_merging_again_changes_nothing(three: Three) -> None:
    base, _, other = three
    merged = merge(*three).card
    assert merge(base, merged, other).card == merged
    assert merge(other, merged, other) == Merged(merged)


@given(threes())
def test_a_field_that_the_mailbox_left_alone_is_the_stores(three: Three) -> None:
    base, store, other = three
    card = merge(*three).card
    assert card.differs(store) <= base.differs(other)


@given(threes())
def test_a_merged_card_is_one_that_the_store_may_hold(three: Three) -> None:
    card = merge(*three).card
    assert Card.parse(card.as_json()).as_json() == card.as_json()


@given(threes([name for name, rule in FIELDS.items() if rule.shape is Shape.SINGLE]))
def test_there_is_still_one_name_one_birthday_and_one_set_of_notes(three: Three) -> None:
    assert all(len(some) == 1 for some in merge(*three).card.items.values())


# --- Named cases -----------------------------------------------------------------------------------------------------


class Case(NamedTuple):
    what: str
    field: str
    parent: list[Raw]
    store: list[Raw]
    other: list[Raw]
    merged: list[Raw]
    conflict: tuple[list[Raw], list[Raw]] | None = None
    """Items of the store that stood, and those of the mailbox that are kept for a person to decide."""


def home(**parts: str) -> Raw:
    return {"type": "home", **parts}


def phone(value: str, **parts: str) -> Raw:
    return {"value": value, **parts}


CASES = [
    Case(
        "two people add a number each",
        "phoneNumbers",
        parent=[phone("1")],
        store=[phone("1"), phone("2")],
        other=[phone("1"), phone("3")],
        merged=[phone("1"), phone("2"), phone("3")],
    ),
    Case(
        "both add the same number",
        "phoneNumbers",
        parent=[],
        store=[phone("2")],
        other=[phone("2")],
        merged=[phone("2")],
    ),
    Case(
        "both add one number under two types",
        "phoneNumbers",
        parent=[],
        store=[phone("+45 2", type="work")],
        other=[phone("0045 2", type="mobile")],
        merged=[phone("+45 2", type="work")],
        conflict=([phone("+45 2", type="work")], [phone("0045 2", type="mobile")]),
    ),
    Case(
        "each removes another number",
        "phoneNumbers",
        parent=[phone("1"), phone("2"), phone("3")],
        store=[phone("2"), phone("3")],
        other=[phone("1"), phone("3")],
        merged=[phone("3")],
    ),
    Case(
        "the store changes a type, the mailbox deletes the number",
        "phoneNumbers",
        parent=[phone("1", type="home")],
        store=[phone("1", type="work")],
        other=[],
        merged=[phone("1", type="work")],
        conflict=([phone("1", type="work")], []),
    ),
    Case(
        "the store deletes the number, the mailbox changes its type",
        "phoneNumbers",
        parent=[phone("1", type="home")],
        store=[],
        other=[phone("1", type="work")],
        merged=[],
        conflict=([], [phone("1", type="work")]),
    ),
    Case(
        "a number is written another way and its type changes",
        "phoneNumbers",
        parent=[phone("+45 1", type="home")],
        store=[phone("+45 1", type="work")],
        other=[phone("0045-1", type="home")],
        merged=[phone("0045-1", type="work")],
    ),
    Case(
        "both change the type of a number, to two types",
        "phoneNumbers",
        parent=[phone("1", type="home")],
        store=[phone("1", type="work")],
        other=[phone("1", type="mobile")],
        merged=[phone("1", type="work")],
        conflict=([phone("1", type="work")], [phone("1", type="mobile")]),
    ),
    Case(
        "a number that stands there twice loses one, the other gets a third",
        "phoneNumbers",
        parent=[phone("1", type="home"), phone("1", type="work")],
        store=[phone("1", type="work")],
        other=[phone("1", type="home"), phone("1", type="work"), phone("1", type="mobile")],
        merged=[phone("1", type="work"), phone("1", type="mobile")],
    ),
    Case(
        "of a number that stands there twice each side removes another one",
        "phoneNumbers",
        parent=[phone("1", type="home"), phone("1", type="work")],
        store=[phone("1", type="home")],
        other=[phone("1", type="work")],
        merged=[],
    ),
    Case(
        "a number becomes two in the store and another one in the mailbox",
        "phoneNumbers",
        parent=[phone("1", type="home")],
        store=[phone("1", type="work"), phone("1", type="mobile")],
        other=[phone("1", type="main")],
        merged=[phone("1", type="work"), phone("1", type="mobile"), phone("1", type="main")],
    ),
    Case(
        "a number becomes another one in the store and two in the mailbox",
        "phoneNumbers",
        parent=[phone("1", type="home")],
        store=[phone("1", type="main")],
        other=[phone("1", type="work"), phone("1", type="mobile")],
        merged=[phone("1", type="main"), phone("1", type="work"), phone("1", type="mobile")],
    ),
    Case(
        "an address is corrected in the store and its sender's name set in the mailbox",
        "emailAddresses",
        parent=[{"value": "a@x.test"}],
        store=[{"value": "a@x.test", "type": "work"}],
        other=[{"value": "a@x.test", "displayName": "A"}],
        merged=[{"value": "a@x.test", "type": "work", "displayName": "A"}],
    ),
    Case(
        "the mailbox replaces an e-mail address that the store left alone",
        "emailAddresses",
        parent=[{"value": "a@x.test"}],
        store=[{"value": "a@x.test"}, {"value": "b@x.test"}],
        other=[{"value": "new@x.test"}],
        merged=[{"value": "b@x.test"}, {"value": "new@x.test"}],
    ),
    Case(
        "both replace the same e-mail address, by two others",
        "emailAddresses",
        parent=[{"value": "a@x.test"}],
        store=[{"value": "b@x.test"}],
        other=[{"value": "c@x.test"}],
        merged=[{"value": "b@x.test"}],
        conflict=([{"value": "b@x.test"}], [{"value": "c@x.test"}]),
    ),
    Case(
        "both replace one number of two, by two others",
        "phoneNumbers",
        parent=[phone("1", type="work"), phone("5", type="home")],
        store=[phone("2", type="work"), phone("5", type="home")],
        other=[phone("5", type="home"), phone("3", type="work")],
        merged=[phone("2", type="work"), phone("5", type="home")],
        conflict=([phone("2", type="work")], [phone("3", type="work")]),
    ),
    Case(
        "each replaces another number",
        "phoneNumbers",
        parent=[phone("1", type="work"), phone("5", type="home")],
        store=[phone("2", type="work"), phone("5", type="home")],
        other=[phone("1", type="work"), phone("6", type="home")],
        merged=[phone("2", type="work"), phone("6", type="home")],
    ),
    Case(
        "the store deletes a number, the mailbox replaces it",
        "phoneNumbers",
        parent=[phone("1", type="home")],
        store=[],
        other=[phone("2", type="home")],
        merged=[phone("2", type="home")],
    ),
    Case(
        "the store replaces a number, the mailbox puts two in its place",
        "phoneNumbers",
        parent=[phone("1")],
        store=[phone("2")],
        other=[phone("3"), phone("4")],
        merged=[phone("2"), phone("3"), phone("4")],
    ),
    Case(
        "one husband or another",
        "relations",
        parent=[{"person": "Bo", "type": "spouse"}],
        store=[{"person": "Cy", "type": "spouse"}],
        other=[{"person": "Di", "type": "spouse"}],
        merged=[{"person": "Cy", "type": "spouse"}],
        conflict=([{"person": "Cy", "type": "spouse"}], [{"person": "Di", "type": "spouse"}]),
    ),
    Case(
        "the store labels an address anew, the mailbox corrects its city",
        "addresses",
        parent=[home(streetAddress="Nygade 1", city="Arhus")],
        store=[{"type": "work", "streetAddress": "Nygade 1", "city": "Arhus"}],
        other=[home(streetAddress="Nygade 1", city="Aarhus")],
        merged=[{"type": "work", "streetAddress": "Nygade 1", "city": "Aarhus"}],
    ),
    Case(
        "the store corrects the city of an address, the mailbox labels it anew",
        "addresses",
        parent=[home(streetAddress="Nygade 1", city="Arhus")],
        store=[home(streetAddress="Nygade 1", city="Aarhus")],
        other=[{"type": "work", "streetAddress": "Nygade 1", "city": "Arhus"}],
        merged=[{"type": "work", "streetAddress": "Nygade 1", "city": "Aarhus"}],
    ),
    Case(
        "the store writes an address under a second label, too, the mailbox corrects the first",
        "addresses",
        parent=[home(streetAddress="Nygade 1", city="Arhus")],
        store=[
            home(streetAddress="Nygade 1", city="Arhus"),
            {"type": "work", "streetAddress": "Nygade 1", "city": "Arhus"},
        ],
        other=[home(streetAddress="Nygade 1", city="Aarhus")],
        merged=[
            home(streetAddress="Nygade 1", city="Aarhus"),
            {"type": "work", "streetAddress": "Nygade 1", "city": "Arhus"},
        ],
    ),
    Case(
        "custom fields of two names are no replacement of one by the other",
        "userDefined",
        parent=[{"key": "Customer no", "value": "1"}],
        store=[{"key": "Region", "value": "North"}],
        other=[{"key": "Office", "value": "Aarhus"}],
        merged=[{"key": "Region", "value": "North"}, {"key": "Office", "value": "Aarhus"}],
    ),
    Case(
        "an address is changed in different parts on the two sides",
        "addresses",
        parent=[home(streetAddress="Nygade 1", city="Aarhus")],
        store=[home(streetAddress="Nygade 1", city="Aarhus", postalCode="8000")],
        other=[home(streetAddress="Nygade 2", city="Aarhus")],
        merged=[home(streetAddress="Nygade 2", city="Aarhus", postalCode="8000")],
    ),
    Case(
        "a part is removed from an address that changed elsewhere meanwhile",
        "addresses",
        parent=[home(streetAddress="Nygade 1", city="Aarhus", postalCode="8000")],
        store=[home(streetAddress="Nygade 2", city="Aarhus", postalCode="8000")],
        other=[home(streetAddress="Nygade 1", city="Aarhus")],
        merged=[home(streetAddress="Nygade 2", city="Aarhus")],
    ),
    Case(
        "a move on both sides, to two places: half of each is no address",
        "addresses",
        parent=[home(streetAddress="Nygade 1", city="Aarhus", country="DK")],
        store=[home(streetAddress="Storgata 2", city="Oslo", country="NO")],
        other=[home(streetAddress="Nygade 1", city="Umeå", country="SE")],
        merged=[home(streetAddress="Storgata 2", city="Oslo", country="NO")],
        conflict=(
            [home(streetAddress="Storgata 2", city="Oslo", country="NO")],
            [home(streetAddress="Nygade 1", city="Umeå", country="SE")],
        ),
    ),
    Case(
        "two new addresses of one type are two addresses",
        "addresses",
        parent=[],
        store=[home(city="Oslo")],
        other=[home(city="Umeå")],
        merged=[home(city="Oslo"), home(city="Umeå")],
    ),
    Case(
        "two home addresses do not keep the one at work from being merged",
        "addresses",
        parent=[home(city="Oslo"), home(city="Umeå"), {"type": "work", "city": "Aarhus"}],
        store=[home(city="Oslo"), home(city="Umeå"), {"type": "work", "city": "Aarhus", "postalCode": "8000"}],
        other=[home(city="Oslo"), home(city="Umeå"), {"type": "work", "city": "Århus"}],
        merged=[home(city="Oslo"), home(city="Umeå"), {"type": "work", "city": "Århus", "postalCode": "8000"}],
    ),
    Case(
        "two home addresses are told apart by what stands in them",
        "addresses",
        parent=[home(city="Oslo"), home(city="Umeå")],
        store=[home(city="Oslo"), home(city="Umeå", country="SE")],
        other=[home(city="Umeå")],
        merged=[home(city="Umeå", country="SE")],
    ),
    Case(
        "the store names the company anew, the mailbox the title",
        "organizations",
        parent=[{"name": "North", "title": "Clerk"}],
        store=[{"name": "North Ltd", "title": "Clerk"}],
        other=[{"name": "North", "title": "Chief"}],
        merged=[{"name": "North Ltd", "title": "Chief"}],
    ),
    Case(
        "both give another title",
        "organizations",
        parent=[{"name": "North", "title": "Clerk"}],
        store=[{"name": "North", "title": "Chief"}],
        other=[{"name": "North", "title": "Head"}],
        merged=[{"name": "North", "title": "Chief"}],
        conflict=([{"name": "North", "title": "Chief"}], [{"name": "North", "title": "Head"}]),
    ),
    Case(
        "given name here, family name there",
        "names",
        parent=[{"givenName": "Ida", "familyName": "Berg"}],
        store=[{"givenName": "Ida", "familyName": "Dahl"}],
        other=[{"givenName": "Ida Marie", "familyName": "Berg"}],
        merged=[{"givenName": "Ida Marie", "familyName": "Dahl"}],
    ),
    Case(
        "the family name differs, and the mailbox's new prefix is taken all the same",
        "names",
        parent=[{"givenName": "Ida", "familyName": "Berg"}],
        store=[{"givenName": "Ida", "familyName": "Dahl"}],
        other=[{"honorificPrefix": "Dr.", "givenName": "Ida", "familyName": "Holm"}],
        merged=[{"honorificPrefix": "Dr.", "givenName": "Ida", "familyName": "Dahl"}],
        conflict=(
            [{"givenName": "Ida", "familyName": "Dahl"}],
            [{"honorificPrefix": "Dr.", "givenName": "Ida", "familyName": "Holm"}],
        ),
    ),
    Case(
        "one side empties the name, the other gives a nickname",
        "names",
        parent=[{"givenName": "Ida"}],
        store=[{"givenName": "Ida"}],
        other=[],
        merged=[],
    ),
    Case(
        "both write notes",
        "biographies",
        parent=[{"value": "old"}],
        store=[{"value": "ours"}],
        other=[{"value": "theirs"}],
        merged=[{"value": "ours"}],
        conflict=([{"value": "ours"}], [{"value": "theirs"}]),
    ),
    Case(
        "both write the first notes",
        "biographies",
        parent=[],
        store=[{"value": "ours"}],
        other=[{"value": "theirs"}],
        merged=[{"value": "ours"}],
        conflict=([{"value": "ours"}], [{"value": "theirs"}]),
    ),
    Case(
        "the year of a birthday is added here, removed nowhere",
        "birthdays",
        parent=[{"date": {"month": 2, "day": 29}}],
        store=[{"date": {"year": 1972, "month": 2, "day": 29}}],
        other=[{"date": {"month": 2, "day": 29}}],
        merged=[{"date": {"year": 1972, "month": 2, "day": 29}}],
    ),
    Case(
        "two birthdays",
        "birthdays",
        parent=[],
        store=[{"date": {"month": 2, "day": 28}}],
        other=[{"date": {"month": 3, "day": 1}}],
        merged=[{"date": {"month": 2, "day": 28}}],
        conflict=([{"date": {"month": 2, "day": 28}}], [{"date": {"month": 3, "day": 1}}]),
    ),
    Case(
        "the store writes a birthday in words, the mailbox as a date",
        "birthdays",
        parent=[],
        store=[{"text": "some day in May"}],
        other=[{"date": {"month": 5, "day": 7}}],
        merged=[{"text": "some day in May"}],
        conflict=([{"text": "some day in May"}], [{"date": {"month": 5, "day": 7}}]),
    ),
    Case(
        "custom fields of two names",
        "userDefined",
        parent=[{"key": "Customer no", "value": "1"}],
        store=[{"key": "Customer no", "value": "2"}],
        other=[{"key": "Customer no", "value": "1"}, {"key": "Region", "value": "North"}],
        merged=[{"key": "Customer no", "value": "2"}, {"key": "Region", "value": "North"}],
    ),
    Case(
        "a custom field gets two values",
        "userDefined",
        parent=[{"key": "Customer no", "value": "1"}],
        store=[{"key": "Customer no", "value": "2"}],
        other=[{"key": "Customer no", "value": "3"}],
        merged=[{"key": "Customer no", "value": "2"}],
        conflict=([{"key": "Customer no", "value": "2"}], [{"key": "Customer no", "value": "3"}]),
    ),
    Case(
        "an anniversary moves: the old day goes and the new one comes",
        "events",
        parent=[{"type": "anniversary", "date": {"year": 2000}}],
        store=[{"type": "anniversary", "date": {"year": 2000}}, {"type": "exam", "date": {"year": 1990}}],
        other=[{"type": "anniversary", "date": {"year": 2001}}],
        merged=[{"type": "exam", "date": {"year": 1990}}, {"type": "anniversary", "date": {"year": 2001}}],
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.what)
def test_a_field_is_merged_as_written_here(case: Case) -> None:
    base, store, other = (Card.parse({case.field: side}) for side in (case.parent, case.store, case.other))
    merged = merge(base, store, other)
    assert merged.card == Card.parse({case.field: case.merged})
    conflicts = [
        ([item.as_json() for item in conflict.store], [item.as_json() for item in conflict.other])
        for conflict in merged.conflicts
    ]
    assert conflicts == ([case.conflict] if case.conflict else [])
    assert [conflict.field for conflict in merged.conflicts] == [case.field] * len(conflicts)


def test_an_edit_of_one_field_leaves_the_stores_changes_in_the_others() -> None:
    base = Card.parse({"names": [{"givenName": "Ida"}], "nicknames": [{"value": "I"}]})
    store = Card.parse({"names": [{"givenName": "Ida M"}], "urls": [{"value": "http://x.test"}]})
    other = base.replacing(Card.parse({"biographies": [{"value": "met in May"}]}).items)
    assert merge(base, store, other).card.as_json() == {
        "names": [{"givenName": "Ida M"}],
        "urls": [{"value": "http://x.test"}],
        "biographies": [{"value": "met in May"}],
    }


def test_items_keep_the_stores_order_and_new_ones_follow() -> None:
    def mails(*names: str) -> Card:
        return Card.parse({"emailAddresses": [{"value": f"{name}@x.test"} for name in names]})

    merged = merge(mails("a", "b"), mails("b", "a", "s"), mails("o", "a", "b")).card
    assert merged.as_json() == mails("b", "a", "s", "o").as_json()


# --- The user's own values -------------------------------------------------------------------------------------------


def apart(card: Card, own: Card) -> Card:
    """Of `own`, what lies beside the card: another item than each of the card's, no second name or notes."""
    return own.replacing(
        {
            name: []
            if FIELDS[name].shape is Shape.SINGLE and card[name]
            else [item for item in some if item not in card[name]]
            for name, some in own.items.items()
        }
    )


@given(cards(Texts.NARROW), cards(Texts.NARROW))
def test_own_values_laid_over_a_card_come_off_again(card: Card, own: Card) -> None:
    own = apart(card, own)
    assert without(overlay(card, own), own) == card
    assert without(overlay(card, own), card) == own


@given(cards(Texts.NARROW), cards(Texts.NARROW))
def test_with_own_values_laid_over_it_a_card_shows_both(card: Card, own: Card) -> None:
    both = items(overlay(card, own))
    assert items(card) <= both <= items(card) | items(own)
    assert {(name, item) for name, item in items(own) - both if FIELDS[name].shape is not Shape.SINGLE} == set()


@given(cards(Texts.NARROW), cards(Texts.NARROW))
def test_laying_own_values_over_twice_is_once(card: Card, own: Card) -> None:
    assert overlay(overlay(card, own), own) == overlay(card, own)


@given(cards(Texts.NARROW))
def test_without_own_values_nothing_is_laid_over_or_taken_off(card: Card) -> None:
    assert overlay(card, Card()) == without(card, Card()) == card
    assert overlay(Card(), card) == card
    assert without(card, card) == Card()


def test_of_single_fields_the_stores_is_shown() -> None:
    card = Card.parse({"names": [{"givenName": "Ida"}], "emailAddresses": [{"value": "a@x.test"}]})
    own = Card.parse(
        {"names": [{"givenName": "Idi"}], "emailAddresses": [{"value": "b@x.test"}], "biographies": [{"value": "n"}]}
    )
    assert overlay(card, own).as_json() == {
        "names": [{"givenName": "Ida"}],
        "emailAddresses": [{"value": "a@x.test"}, {"value": "b@x.test"}],
        "biographies": [{"value": "n"}],
    }


# --- Several values in one -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("parent", "store", "other", "merged"),
    [
        ("", "vip", "press", "vip, press"),
        ("vip", "vip, press", "vip, north", "vip, press, north"),
        ("vip, old", "vip", "old, new", "new"),
        ("vip, old", "vip, old, a", "vip", "vip, a"),
        ("vip", "VIP,press", "vip, north", "VIP, press, north"),
        ("vip", "vip", "vip,vip , press", "vip,vip , press"),
        ("vip", "", "vip, press", "press"),
        ("vip", "", "", ""),
    ],
)
def test_tags_are_merged_one_by_one_and_are_never_in_conflict(parent: str, store: str, other: str, merged: str) -> None:
    base, mine, theirs = (
        Card.parse({"userDefined": [{"key": "Tags", "value": text}, {"key": "Note", "value": "n"}]}) if text else NOTE
        for text in (parent, store, other)
    )
    found = merge(base, mine, theirs, frozenset({"tags"}))
    told = [item.text("value") for item in found.card["userDefined"] if item.text("key") == "Tags"]
    assert (told, found.conflicts) == ([merged] if merged else [], ())


NOTE = Card.parse({"userDefined": [{"key": "Note", "value": "n"}]})
WORDS = st.lists(st.sampled_from(["a", "B", "c d"]), max_size=3).map(", ".join)


@given(WORDS, WORDS, WORDS)
def test_each_tag_is_there_that_a_side_added_and_none_that_a_side_took_away(base: str, store: str, other: str) -> None:
    was, mine, theirs = (set(parts(text)) for text in (base, store, other))
    assert set(parts(merged_set(base, store, other))) == (mine & theirs) | ((mine | theirs) - was)
