"""Likeness: a pair needs a reason, and nobody is taken for somebody else without one."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.fuzz import ratio

from sharesync.model.card import Card
from sharesync.model.likeness import (
    Evidence,
    Likeness,
    Reason,
    alike,
    company,
    fold,
    is_one_number,
    keys,
    number,
    traits,
)
from tests.cards import cards
from tests.users import fields


def card(given: str = "", family: str = "", company: str = "", mail: str = "", phone: str = "") -> Card:
    told = fields(given=given, family=family, emails=[mail] if mail else [], phones=[phone] if phone else [])
    return Card.parse(told | ({"organizations": [{"name": company}]} if company else {}))


def compared(one: Card, other: Card) -> Likeness | None:
    return alike(traits(one), traits(other), ratio)


def reasons(one: Card, other: Card) -> list[Reason]:
    found = compared(one, other)
    return [each.reason for each in found.evidence] if found else []


ADA = card("Ada", "Lovelace", "Analytical A/S", "ada@analytical.example", "+45 33 12 34 56")

PAIRS = [
    (card("A.", mail="ADA@analytical.example "), [Reason.EMAIL]),
    (card("Countess", phone="0045 33123456"), [Reason.NUMBER]),
    (card("Countess", phone="33 12 34 56"), [Reason.NUMBER]),
    (card("Lovelace", "Ada"), [Reason.NAME]),
    (card("Ada", "Lovelace", "ANALYTICAL"), [Reason.NAME, Reason.COMPANY]),
    (card("Ada", "Lovelace", mail="al@analytical.example"), [Reason.NAME, Reason.DOMAIN]),
    (card("Ada", "Lovelacce", "Analytical Aps"), [Reason.NEARLY, Reason.COMPANY]),
    (card("A.", "Lovelace", "Analytical"), [Reason.NEARLY, Reason.COMPANY]),
    (card("Ada King", "Lovelace", mail="king@analytical.example"), [Reason.NEARLY, Reason.DOMAIN]),
    (card("Ada", "Lovelacce"), [Reason.NEARLY]),
    (card("Ada", "Lovelace", mail="ada@analytical.example"), [Reason.EMAIL, Reason.NAME]),
]


@pytest.mark.parametrize(("other", "why"), PAIRS, ids=[other.title for other, _ in PAIRS])
def test_two_that_are_probably_one_say_why(other: Card, why: list[Reason]) -> None:
    assert reasons(ADA, other) == reasons(other, ADA) == why


STRANGERS = [
    card("Ada"),
    card("Grace", "Hopper", "Analytical A/S", "grace@analytical.example"),
    card("Ada", "Lovelace", "Somewhere else Ltd"),
    card("Ada", "Lovelace", mail="ada@elsewhere.example"),
    card("Augusta", "Lovelace", "Analytical"),
    card("Grace", "Hopper", phone="+45 33 12 34 56"),
    card(phone="+46 33 12 34 56"),
    card(phone="123456"),
    card(),
]


@pytest.mark.parametrize("other", STRANGERS, ids=[repr(other.as_json()) for other in STRANGERS])
def test_two_without_a_reason_are_two(other: Card) -> None:
    assert compared(ADA, other) is None
    assert compared(other, ADA) is None


def test_a_providers_domain_says_nothing() -> None:
    one, other = card("Ada", "Lovelace", mail="ada@gmail.com"), card("Ada", "Lovelacce", mail="al@gmail.com")
    assert reasons(one, other) == [Reason.NEARLY]
    at_work = card("Ada", "Lovelace", "Analytical", "ada@gmail.com"), card("Ada", "Lovelace", "Else", "al@gmail.com")
    assert reasons(*at_work) == []


def test_an_organisation_without_a_person_goes_by_its_own_name() -> None:
    assert reasons(card(company="Acme Inc.", mail="info@acme.example"), card(company="ACME")) == [
        Reason.NAME,
        Reason.COMPANY,
    ]
    assert reasons(card(company="Acme"), card("Ada", "Lovelace", "Acme")) == []


def test_what_both_have_is_told_as_the_first_writes_it() -> None:
    one, other = (
        card("Ada", phone="+45 33 12 34 56", mail="Ada@X.example"),
        card(phone="33123456", mail="ada@x.EXAMPLE"),
    )
    found = compared(one, other)
    assert found
    assert found.evidence == (Evidence(Reason.EMAIL, "Ada@X.example"), Evidence(Reason.NUMBER, "+45 33 12 34 56"))


def test_more_reasons_are_surer_and_unlike_names_less_sure() -> None:
    mail = "x@y.example"
    found = [
        compared(card("Ada", "Lovelace", mail=mail), other)
        for other in (card("Ada", "Lovelace", mail=mail), card(mail=mail), card("Grace", "Hopper", mail=mail))
    ]
    sureties = [one.surety for one in found if one]
    assert len(sureties) == 3
    assert sureties == sorted(set(sureties), reverse=True)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("+45 33 12 34 56", "+4533123456"),
        ("0045 (0)33 12 34 56", "+4533123456"),
        ("033 12 34 56", "33123456"),
        ("33 12 34 56,,7#", "33123456"),
        ("4711", ""),
        ("", ""),
    ],
)
def test_a_number_is_known_by_its_digits(text: str, told: str) -> None:
    assert number(text) == told


def test_a_number_of_another_country_is_another_number() -> None:
    assert is_one_number("+4533123456", "33123456")
    assert is_one_number("33123456", "+4533123456")
    assert not is_one_number("+4533123456", "+4633123456")
    assert not is_one_number("+4533123456", "123456")
    assert not is_one_number("33123456", "123456")


@pytest.mark.parametrize("name", ["Østergård ApS", "ØSTERGAARD A/S".replace("GAA", "GÅ"), "Östergård, Inc."])
def test_a_company_is_known_without_its_legal_form_and_accents(name: str) -> None:
    assert company(name) == "ostergard"


def test_a_company_that_is_called_by_a_legal_form_alone_keeps_it() -> None:
    assert company("AS") == "as"


def test_words_are_folded_in_many_scripts() -> None:
    assert fold("Ågård-Bøgh  Æbelø ŁÓDŹ straße") == ["agard", "bogh", "aebelo", "lodz", "strasse"]
    assert fold("Лада 小野") == ["лада", "小野"]


few = st.sampled_from(["", "Ada", "Adda", "A.", "Ada K", "Lovelace", "Lovelacce", "Byron", "Bo", "X"])
related = st.builds(
    card,
    given=few,
    family=few,
    company=st.sampled_from(["", "Acme", "ACME Ltd", "Else"]),
    mail=st.sampled_from(["", "a@x.example", "A@x.example", "b@x.example", "a@gmail.com", "c@y.example"]),
    phone=st.sampled_from(["", "+45 33123456", "33123456", "+46 33123456", "123456", "+298 123456", "0 33 12 34 56"]),
)


@given(related | cards(), related | cards())
def test_two_that_are_alike_share_a_sign_and_are_so_both_ways(one: Card, other: Card) -> None:
    there, back = compared(one, other), compared(other, one)
    assert (there and there.surety) == (back and back.surety)
    if there:
        assert keys(traits(one)) & keys(traits(other))
        assert there.surety > 0
        assert len(there.evidence) == len({each.reason for each in there.evidence})


@given(cards())
def test_who_has_a_sign_by_more_than_a_word_is_like_themselves(one: Card) -> None:
    found: Any = traits(one)
    if found.mails or found.numbers or len(found.name) > 1:
        assert compared(one, one)
