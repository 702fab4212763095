"""Likeness: a pair needs a reason, and nobody is taken for somebody else without one."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.fuzz import ratio

from sharesync.model.card import Card
from sharesync.model.likeness import (
    NEAR,
    NEARER,
    UNLIKE,
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


def signs(one: Card, kind: str) -> set[str]:
    """The signs of one kind, such as `name`."""
    return {rest for sign, _, rest in (key.partition(":") for key in keys(traits(one))) if sign == kind}


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


ACME = "Acme"
NEARLY = [
    (card("Ada", "Lovelace", ACME), card("Ada", "Lovelace Byron", ACME), "a family name more"),
    (card("Ada King", "Lovelace", ACME), card("A.", "Lovelace", ACME), "a middle name more, and initials"),
    (card("G.", "Hopper", ACME), card("Grace", "Hopper", ACME), "an initial that leaves much out"),
    (card("Kristina", "Andersen", ACME), card("Kristine", "Anderson", ACME), "no word the same, but how they sound"),
    (card("Eva", "Hansen", ACME), card("Eva", "Hensen", ACME), "another vowel of a short name at one company"),
    (card("Kristine", "Andersen"), card("Kristine", "Anderson"), "another vowel"),
    (card("Kristine", "Andersen"), card("Kristine", "Andersn"), "no vowel"),
    (card("Kristine Andersen"), card("Kristine", "Anderson"), "told in one and told apart"),
    (card("Annelise", "le Roux"), card("Annelise", "Leroux"), "a family name in pieces"),
]


@pytest.mark.parametrize(("one", "other", "how"), NEARLY, ids=[how for _, _, how in NEARLY])
def test_names_are_nearly_equal_by_what_is_mistyped_and_left_out(one: Card, other: Card, how: str) -> None:
    expected = [Reason.NEARLY, Reason.COMPANY] if one["organizations"] else [Reason.NEARLY]
    assert reasons(one, other) == reasons(other, one) == expected


NOT_EVEN_NEARLY = [
    (card("Ada"), card("Ada"), "one first name"),
    (card(mail="ada@acme.example"), card(mail="grace@acme.example"), "no name"),
    (card("Eva", "Hansen"), card("Eva", "Hensen"), "another vowel of a short name"),
    (card("Jon", "Smith", ACME), card("John", "Smyth", ACME), "two letters of a short name"),
    (card("A.", "L.", ACME), card("Ada", "Lovelace", ACME), "initials alone"),
    (card("Al", "Lovelace", ACME), card("Alexandra", "Lovelace", ACME), "cut short"),
    (card("", "Wolfeschlegelstein", ACME), card("A.", "Wolfeschlegelstein", ACME), "a family name alone"),
    (card("", "van der Kolkhoven"), card("", "van der Kolkhovens"), "nothing to hear a given name by"),
    (card("Marianne", "Lovelace"), card("Narianne", "Lovelace"), "another initial"),
    (card("Marianne", "Lovelace"), card("Marianne", "Lovelade"), "another consonant"),
    (card("Marianne", "Stenberg"), card("Marianne", "Shenberg"), "another second letter"),
]


@pytest.mark.parametrize(("one", "other", "how"), NOT_EVEN_NEARLY, ids=[how for _, _, how in NOT_EVEN_NEARLY])
def test_names_that_may_well_be_two_peoples_are_no_reason(one: Card, other: Card, how: str) -> None:
    assert reasons(one, other) == reasons(other, one) == []


@pytest.mark.parametrize(
    ("other", "least"),
    [(card("Ada", "Lovelacce", "Analytical"), NEAR), (card("Ada", "Lovelacce"), NEARER)],
    ids=["at one company", "with nothing but the name"],
)
def test_names_are_nearly_equal_from_so_near_on(other: Card, least: float) -> None:
    def found(nearness: float) -> Likeness | None:
        return alike(traits(ADA), traits(other), lambda *_: nearness)

    enough = found(least)
    assert enough
    assert enough.evidence[0] == Evidence(Reason.NEARLY)
    assert found(least - 0.1) is None


@pytest.mark.parametrize(
    ("one", "other", "least"),
    [("ada lovelace", "grace hopper", UNLIKE), ("ada", "grace", NEAR), ("lovelace", "hopper", NEAR)],
)
def test_names_are_unlike_below_so_near_and_where_no_word_is_nearly_another(one: str, other: str, least: float) -> None:
    sides = traits(card("Ada", "Lovelace", mail="x@y.example")), traits(card("Grace", "Hopper", mail="x@y.example"))

    def found(nearness: float) -> Likeness | None:
        return alike(*sides, lambda *asked: nearness if asked == (one, other) else 0)

    shared = (Evidence(Reason.EMAIL, "x@y.example"),)
    assert found(least) == Likeness(50, shared)
    assert found(least - 0.1) == Likeness(50 - 25, shared)


@pytest.mark.parametrize(
    ("one", "other", "surety"),
    [
        (("Margrethe", "Mathiesen"), ("Greta", "Madsen"), 50),
        (("Hans", "Lund"), ("Eva", "Lind"), 50 - 25),
    ],
)
def test_names_of_one_address_may_be_far_apart_before_they_speak_against_it(
    one: tuple[str, str], other: tuple[str, str], surety: int
) -> None:
    found = compared(card(*one, mail="x@y.example"), card(*other, mail="x@y.example"))
    assert found == Likeness(surety, (Evidence(Reason.EMAIL, "x@y.example"),))


def test_a_providers_domain_says_nothing() -> None:
    one, other = card("Ada", "Lovelace", mail="ada@gmail.com"), card("Ada", "Lovelacce", mail="al@gmail.com")
    assert reasons(one, other) == [Reason.NEARLY]
    at_work = card("Ada", "Lovelace", "Analytical", "ada@gmail.com"), card("Ada", "Lovelace", "Else", "al@gmail.com")
    assert reasons(*at_work) == []


def test_a_domain_is_what_stands_behind_the_last_at() -> None:
    quoted = card("Ada", "Lovelacce", mail='"ada@home"@acme.example')
    assert reasons(card("Ada", "Lovelace", mail="al@acme.example"), quoted) == [Reason.NEARLY, Reason.DOMAIN]


@pytest.mark.parametrize("mail", ["ada", "ada@"])
def test_an_address_without_a_domain_tells_no_two_apart(mail: str) -> None:
    known = card("Ada", "Lovelace", mail="ada@acme.example")
    assert reasons(known, card("Ada", "Lovelace", mail=mail)) == [Reason.NAME]


def test_an_organisation_without_a_person_goes_by_its_own_name() -> None:
    assert reasons(card(company="Acme Inc.", mail="info@acme.example"), card(company="ACME")) == [
        Reason.NAME,
        Reason.COMPANY,
    ]
    assert reasons(card(company="Acme"), card("Ada", "Lovelace", "Acme")) == []


def test_an_organisation_of_several_names_goes_by_the_first() -> None:
    both = Card.parse({"organizations": [{"name": "Acme Holding"}, {"name": "Bygma"}]})
    assert reasons(both, card(company="Acme Holding A/S")) == [Reason.NAME, Reason.COMPANY]
    assert reasons(both, card(company="Bygma")) == []


def test_company_and_domain_are_told_as_the_first_writes_them() -> None:
    found = compared(ADA, card("Ada", "Lovelace", "ANALYTICAL"))
    assert found == Likeness(30 + 15, (Evidence(Reason.NAME), Evidence(Reason.COMPANY, "Analytical A/S")))
    found = compared(ADA, card("Ada", "Lovelace", mail="al@Analytical.example"))
    assert found == Likeness(30 + 10, (Evidence(Reason.NAME), Evidence(Reason.DOMAIN, "analytical.example")))


def test_a_middle_name_is_part_of_the_name() -> None:
    middle = Card.parse({"names": [{"givenName": "Ada", "middleName": "King", "familyName": "Lovelace"}]})
    assert traits(middle).name == traits(card("Ada King", "Lovelace")).name == ("ada", "king", "lovelace")


def test_a_name_that_is_told_in_one_ends_with_the_family_name() -> None:
    told, apart = card("Ada King Lovelace"), card("Ada King", "Lovelace")
    assert traits(told) == traits(apart)
    assert signs(card("Ada Lovelace"), "bearing") == signs(apart, "bearing") != set()


def test_a_whole_name_is_a_sign_in_whatever_order_and_a_single_word_is_none() -> None:
    assert signs(card("Ada", "Lovelace"), "name") == signs(card("Lovelace", "Ada"), "name") == {"ada lovelace"}
    assert keys(traits(card("Ada"))) == frozenset()


def test_at_a_company_people_are_found_by_the_words_of_their_names_and_by_initials_where_they_have_no_others() -> None:
    assert signs(card("A. Bo", "Lovelace", ACME), "at") == {"acme:bo", "acme:lovelace"}
    assert signs(card("A.", "L.", ACME), "at") == {"acme:a", "acme:l"}


def test_a_number_is_found_by_its_end_whether_or_not_it_names_its_country() -> None:
    assert signs(card(phone="+45 33 12 34 56"), "number") == signs(card(phone="33123456"), "number") == {"123456"}


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


MAIL, PHONE = "x@y.example", "+45 33 12 34 56"
NAMED = card("Ada", "Lovelace", mail=MAIL, phone=PHONE)
SURETIES = [
    (card("Ada", "Lovelace", mail=MAIL, phone=PHONE), 50 + 40 + 30),
    (card(mail=MAIL, phone=PHONE), 50 + 40),
    (card("Ada", "Lovelace", mail=MAIL), 50 + 30),
    (card("Ada", "Lovelace", phone=PHONE), 40 + 30),
    (card("Grace", "Hopper", mail=MAIL, phone=PHONE), 50 + 40 - 25),
    (card(mail=MAIL), 50),
    (card(phone=PHONE), 40),
    (card("Ada", "Lovelace"), 30),
    (card("Grace", "Hopper", mail=MAIL), 50 - 25),
    (card("Ada", "Lovelacce"), 20),
    (card("Grace", phone=PHONE), 40 - 25),
]


@pytest.mark.parametrize(("other", "surety"), SURETIES, ids=[str(surety) for _, surety in SURETIES])
def test_an_address_says_more_than_a_number_and_that_more_than_a_name_and_unlike_names_take_from_both(
    other: Card, surety: int
) -> None:
    found = compared(NAMED, other)
    assert found
    assert found.surety == surety


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("+45 33 12 34 56", "+4533123456"),
        ("(+45) 33-12-34-56", "+4533123456"),
        ("0045 (0)33 12 34 56", "+4533123456"),
        ("(0045) 33 12 34 56", "+4533123456"),
        ("033 12 34 56", "33123456"),
        ("(0) 33 12 34 56", "33123456"),
        ("330 123 456", "330123456"),
        ("33 12 34 56,,7#", "33123456"),
        ("12 34 56", "123456"),
        ("+12 34 56", "+123456"),
        ("12 34 5", ""),
        ("+12 34 5", ""),
        ("01 23 45", ""),
        ("4711", ""),
        ("", ""),
    ],
)
def test_a_number_is_known_by_its_digits(text: str, told: str) -> None:
    assert number(text) == told


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("+4533123456", "+4533123456", True),
        ("33123456", "33123456", True),
        ("+12025550123", "2025550123", True),
        ("+4533123456", "33123456", True),
        ("+298123456", "123456", True),
        ("+4533123456", "+4633123456", False),
        ("+4533123456", "123456", False),
        ("+123456", "123456", False),
        ("33123456", "123456", False),
        ("33123456", "+123456", False),
        ("33123456", "33123457", False),
    ],
)
def test_a_number_rings_where_it_is_dialled_with_its_country_or_without(one: str, other: str, same: bool) -> None:
    assert is_one_number(one, other) is is_one_number(other, one) is same


@pytest.mark.parametrize("name", ["Østergård ApS", "ØSTERGAARD A/S".replace("GAA", "GÅ"), "Östergård, Inc."])
def test_a_company_is_known_without_its_legal_form_and_accents(name: str) -> None:
    assert company(name) == "ostergard"


def test_a_company_that_is_called_by_a_legal_form_alone_keeps_it() -> None:
    assert company("AS") == "as"
    assert company("Acme Holding, S.A.") == "acme holding"


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
