"""The demo's company: what the files and the tables promise."""

from collections import Counter
from importlib.resources import files
from itertools import combinations
from typing import Any

import pytest
from rapidfuzz.fuzz import ratio

from sharesync.demo.company import BOUGHT, DESCRIPTION, KNOWN, OWN, SHARED, SMART, TELEPHONE
from sharesync.formats.file_reading import Bad, Parsed, read
from sharesync.model.access import Level, PrincipalKind, PrincipalName
from sharesync.model.card import Card
from sharesync.model.likeness import alike
from sharesync.model.traits import traits, values

PEOPLE: dict[str, dict[str, Any]] = {user["email"]: user for user in DESCRIPTION["users"]}


def test_six_people_in_two_units_one_google_group_and_three_hundred_contacts_with_three_of_them_twice() -> None:
    assert len(PEOPLE) == 6
    assert {user["ou"] for user in PEOPLE.values()} == set(DESCRIPTION["org_units"])
    assert len(DESCRIPTION["org_units"]) == 2
    assert len(DESCRIPTION["groups"]) == 1
    assert [user["email"] for user in PEOPLE.values() if user.get("admin")] == ["astrid@nordlys.test"]
    assert sum(len(read((files("sharesync.demo") / file).read_bytes()).entries) for _, _, file, _ in SHARED) == 303


@pytest.mark.parametrize("file", [file for _, _, file, _ in SHARED])
def test_every_entry_of_a_file_is_a_contact_and_no_two_are_equal(file: str) -> None:
    entries = read((files("sharesync.demo") / file).read_bytes()).entries
    assert [entry for entry in entries if isinstance(entry, Bad)] == []
    cards = [entry.card for entry in entries if isinstance(entry, Parsed)]
    assert len(set(cards)) == len(cards)


def test_every_kind_of_principal_and_every_level_is_granted_somewhere() -> None:
    granted = [
        (PrincipalName.parse(principal), Level.parse(level)) for *_, grants in SHARED for principal, level in grants
    ]
    assert {name.kind for name, _ in granted} == set(PrincipalKind)
    assert {level for _, level in granted} == set(Level)


def test_grants_name_only_who_is_there() -> None:
    there = {*PEOPLE, *(f"group:{group['email']}" for group in DESCRIPTION["groups"]), "domain", f"service:{TELEPHONE}"}
    there |= {f"ou:{unit}" for unit in DESCRIPTION["org_units"]}
    assert {principal for *_, grants in (*SHARED, *SMART) for principal, _ in grants} <= there


def test_what_is_known_beyond_the_files_is_of_customers_who_stand_in_them() -> None:
    entries = read((files("sharesync.demo") / "customers.vcf").read_bytes()).entries
    there = {item.text("value") for one in entries if isinstance(one, Parsed) for item in one.card["emailAddresses"]}
    assert there >= KNOWN.keys() | BOUGHT.keys()
    assert KNOWN.keys().isdisjoint(BOUGHT)


def test_what_people_have_of_their_own_are_cards() -> None:
    assert set(OWN) < set(PEOPLE)
    assert all(Card.parse(card) for cards in OWN.values() for card in cards)


def test_three_persons_are_there_twice_and_nobody_else_is_thought_to_be() -> None:
    cards = [
        entry.card
        for _, _, file, _ in SHARED
        for entry in read((files("sharesync.demo") / file).read_bytes()).entries
        if isinstance(entry, Parsed)
    ]
    told = [traits(card) for card in cards]
    held = Counter(value for one in told for value in values(one))
    alikes = [(one, other) for one, other in combinations(told, 2) if alike(one, other, ratio, held.__getitem__)]
    assert [one.family for one, _ in alikes] == [("skovmolle",), ("djupadal",), ("hojbjerg", "lind")]
