"""Likeness: a pair needs a reason, and nobody is taken for somebody else without one."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.fuzz import ratio

from sharesync.model.card import Card
from sharesync.model.likeness import ENOUGH, SURE, Likeness, alike
from sharesync.model.likeness_odds import TABLE, Likelihood, Reason, common
from sharesync.model.traits import signs, traits
from tests.cards import cards
from tests.febrl import figures, found, persons
from tests.users import fields


def compared(one: Card, other: Card, holders: int = 2) -> Likeness | None:
    return alike(traits(one), traits(other), ratio, lambda _: holders)


def reasons(one: Card, other: Card) -> list[Reason]:
    found = compared(one, other)
    return [each.reason for each in found.evidence] if found else []


def person(name: str = "", **told: str) -> Card:
    """A card: of several words of a name the last is the family's; `born` as `1980-02-03`, `lives` as street, city."""
    *before, last = name.split() or [""]
    card: dict[str, Any] = dict(
        fields(
            given=" ".join(before) or (last if "only" not in told else ""),
            family=last if before or "only" in told else "",
            emails=[told["mail"]] if told.get("mail") else [],
            phones=[told["phone"]] if told.get("phone") else [],
            job=(told.get("works", ""), ""),
        )
    )
    if born := told.get("born"):
        year, month, day = map(int, born.split("-"))
        card["birthdays"] = [{"date": {"year": year, "month": month, "day": day}}]
    if lives := told.get("lives"):
        street, city = lives.split(", ")
        card["addresses"] = [{"streetAddress": street, "city": city}]
    if suffix := told.get("suffix"):
        card["names"][0]["honorificSuffix"] = suffix
    return Card.parse(card)


def named(given: str, family: str, **told: str) -> Card:
    """The same with a given and a family name of any number of words."""
    return Card.parse(person("X Y", **told).as_json() | {"names": [{"givenName": given, "familyName": family}]})


BORN, LIVES, LINE, MAIL = "1980-02-03", "Lindevej 7, Odense", "+45 66 12 34 56", "lund@home.test"
FAMILY = {"only": "family"}
ONE = [
    (named("Mette", "Holm Lillevig", phone=LINE), named("Mette", "Lillevig", phone=LINE), Reason.PARTLY),
    # What is typed wrong, with something else that is the same.
    (person("Emma Watson", phone=LINE), person("Emma Watzon", phone=LINE), Reason.LETTER),
    (person("Ida Krogh", born=BORN), person("Ida Krog", born=BORN), Reason.LETTER),
    (person("Noah Lund", born=BORN), person("Oah Lund", born=BORN), Reason.LETTER),
    (person("Ann Ballard", mail="ann@ballard.test"), person("Ann Ballard", mail="ann@balard.test"), Reason.MAILBOX),
    (person("Mads Holm", mail="mads.holm@x.test"), person("Mads Holm", mail="mads.holn@x.test"), Reason.MAILBOX),
    (person("Dahl", born=BORN, lives=LIVES, **FAMILY), person("Eva Dahl", born=BORN, lives=LIVES), Reason.PARTLY),
    (person("Elizabeth Hart", phone=LINE), person("Liz Hart", phone=LINE), Reason.FORM),
    (person("William Gray", born=BORN), person("Bill Gray", born=BORN), Reason.FORM),
    (person("Jürgen Müller"), person("Juergen Mueller"), Reason.NAME),
    (person("Bo Mølgård"), person("Bo Moelgaard"), Reason.NAME),
    (person("Tom Harris", born=BORN), person("Haris Tom", born=BORN), Reason.LETTER),
    (person("Ada Lovelace"), person("Lovelace Ada"), Reason.NAME),
    (person("Eva Lund", born=BORN, lives=LIVES), person("Eva Winther", born=BORN, lives=LIVES), Reason.GIVEN),
    (person("Eva Lund", born="1980-02-03"), person("Eva Lund", born="1980-03-02"), Reason.BORN_NEARLY),
    (person("Eva Lund", born="1980-02-03"), person("Eva Lund", born="1980-02-08"), Reason.BORN_NEARLY),
    (
        person("Eva Lund", lives="2 tv Lindevej 7, Odense"),
        person("E. Lund", lives="Lindevej 7 2 tv, Odense"),
        Reason.ADDRESS,
    ),
    # Cards that say little.
    (person("Ada", phone=LINE), person("Ada Lovelace", phone=LINE), Reason.PARTLY),
    (person("Ada", mail=MAIL), person("Ada Lovelace", mail=MAIL), Reason.PARTLY),
    (person("A. Lovelace", phone=LINE), person("Ada Lovelace", phone=LINE), Reason.NEARLY),
    (person("Ada Lovelace"), person("Ada Lovelace"), Reason.NAME),
    (person("Ada Lovelace"), person("Ada Lovelace", phone=LINE), Reason.NAME),
    (person("Ada", works="Acme"), person("Ada", works="ACME A/S"), Reason.COMPANY),
    (person("Ada Lovelace", works="Acme"), person("Ada Lovelace", works="Acme"), Reason.NAME),
    (person(mail=MAIL), person("Ada Lovelace", mail=MAIL), Reason.EMAIL),
    (person(mail=MAIL), person(mail=MAIL), Reason.EMAIL),
    (person(phone=LINE), person("Ada", phone=LINE), Reason.NUMBER),
    (person(mail="info@shop.test"), person(mail="info@shop.test"), Reason.EMAIL),
    (person(works="Nordfisk A/S", phone=LINE), person(works="Nordfisk", phone=LINE), Reason.NUMBER),
    (person("Ada Lund", mail=MAIL), person("Augusta Lund", mail=MAIL), Reason.FAMILY),
]


@pytest.mark.parametrize(("one", "other", "reason"), ONE)
def test_one_person_is_asked_about_in_spite_of_what_people_mistype_or_leave_out(
    one: Card, other: Card, reason: Reason
) -> None:
    assert reason in reasons(one, other)
    assert reasons(one, other) == reasons(other, one)
    assert signs(traits(one)) & signs(traits(other))


HOME = {"phone": LINE, "lives": LIVES}
TWO = [
    (person("Anna Berg", works="Nordfisk", phone=LINE), person("Anna Holm", works="Sydtryk", phone=LINE)),
    (person("Jens Dahl", **HOME), person("Peter Dahl", **HOME)),
    (person("Jens Dahl", suffix="sr.", **HOME), person("Jens Dahl", suffix="jr.", **HOME)),
    (person("Ida Dahl", born=BORN, **HOME), person("Mie Dahl", born=BORN, **HOME)),
    (person("Jens Dahl", mail=MAIL, **HOME), person("Grethe Dahl", mail=MAIL, **HOME)),
    (person("Lena Friis", mail="order@shop.test"), person("Omar Said", mail="order@shop.test")),
    (person("Lena", mail="order@shop.test"), person("Omar", mail="order@shop.test")),
    (person("Lena Friis", mail="order@shop.test"), person(mail="order@shop.test")),
    (person("Edith", phone=LINE), person("Linus", phone=LINE)),
    (person(works="Nordfisk", phone=LINE), person("Anna Berg", works="Nordfisk", phone=LINE)),
    (person("Ada Lund", phone="00 00 00 00"), person("Bo Krag", phone="00 00 00 00")),
    (person(phone="99999999"), person(phone="99999999")),
    (person("Eva Lund", works="Acme"), person("Eva Lund", works="Bygma")),
    (person("Eva Lund", born="1980-02-03"), person("Eva Lund", born="1951-11-20")),
    (person("Anna Berg", lives=LIVES), person("Anna Holm", lives="Ahornvej 90, Odense")),
    (
        person("Hanne Lund", mail="hanne@x.test", phone=LINE),
        person("Anne Lund", mail="anne@x.test", phone="+45 66 99 88 77"),
    ),
    # Colleagues and neighbours who are called alike.
    (
        person("Käthe Lund", works="Acme", phone=LINE, lives=LIVES),
        person("Käthe Berg", works="Acme", phone=LINE, lives=LIVES),
    ),
    (person("Eva Lund", lives="Lindevej 7, Odense"), person("Eva Berg", lives="Lindevej 9, Odense")),
    (
        person("Asgeir Lund", works="Acme", mail="asgeir.ulfarsson@x.test"),
        person("Aegir Lund", works="Acme", mail="aegir.ulfarsson@x.test"),
    ),
    # What is one of two words is not the name, and one in thirty Danes is called Jensen.
    (named("Hanne", "Friis Holm"), named("Hanne", "Friis Krogh")),
    (named("Rasmus Peter", "Toft"), named("Peter Nis", "Toft")),
    (named("Anne", "Jensen"), named("Anne", "Jensen Holm")),
    (
        person("Joda Lund", lives=LIVES, mail="joda@x.test", phone="+45 66 11 22 33"),
        person("Soda Lund", lives=LIVES, mail="soda@y.test", phone="+45 66 44 55 66"),
    ),
    (person("Ada"), person("Ada")),
    (person("Lund", **FAMILY), person("Eva Lund")),
    (person(), person()),
]


@pytest.mark.parametrize(("one", "other"), TWO)
def test_what_two_people_share_does_not_make_them_one(one: Card, other: Card) -> None:
    assert reasons(one, other) == reasons(other, one) == []


SURE_ONES = [
    (person("Ada Lovelace", mail="ada@x.test"), person("Ada Lovelace", mail="ADA@x.test")),
    (person("Ada Lovelace", phone="+45 33 12 34 56"), person("Ada Lovelace", phone="33123456")),
    (person("Ada Lovelace", works="Acme A/S"), person("Ada Lovelace", works="ACME")),
    (person("Ada Lovelace", born=BORN), person("Ada Lovelace", born=BORN)),
    (person("Ada", mail="ada@x.test"), person("Ada Lovelace", mail="ADA@x.test")),
]


@pytest.mark.parametrize(("one", "other"), SURE_ONES)
def test_a_whole_name_with_something_or_a_mailbox_of_their_own_is_sure(one: Card, other: Card) -> None:
    told = compared(one, other)
    assert told
    assert told.sure


ASKED_ONLY = [
    (person("Ada Lovelace"), person("Ada Lovelace"), 2),
    (person("Ada", phone=LINE), person("Ada Lovelace", phone=LINE), 2),
    (person("Dahl", **FAMILY, **HOME), person("Jens Dahl", **HOME), 2),
    (person("Mia Dahl", born=BORN, lives=LIVES), person("Luke Dahl", born=BORN, lives=LIVES), 2),
    (person("Emma Dahl", born=BORN, **HOME), person("Emmy Dahl", born=BORN, **HOME), 2),
    (person("Jens Dahl", **HOME), person("Jens Dahl", suffix="jr.", **HOME), 2),
    (person("Ada Lund", mail=MAIL), person("Augusta Lund", mail=MAIL), 2),
    (named("Jens Peter", "Toft", lives=LIVES), named("Jens Otto", "Toft", lives=LIVES), 2),
    (named("Hanne", "Toft Holm", lives=LIVES), named("Toft Holm", "Anne", lives=LIVES), 2),
    (person("Anne Jensen", phone=LINE), person("Anne Jensen", phone=LINE), 40),
    (person("Anne Jensen", works="Novo"), person("Anne Jensen", works="Novo"), 4),
    (person("Anne Jensen", mail="aj@x.test", phone=LINE), person("Anne Jensen", mail="anje@x.test", phone=LINE), 2),
    (person("Eva Lund", phone=LINE, born="1980-02-03"), person("Eva Lund", phone=LINE, born="1951-11-20"), 2),
]


@pytest.mark.parametrize(("one", "other", "holders"), ASKED_ONLY)
def test_what_may_be_two_is_asked_about_and_never_sure(one: Card, other: Card, holders: int) -> None:
    told = compared(one, other, holders)
    assert told
    assert told.surety >= ENOUGH
    assert not told.sure


def test_what_many_have_says_less() -> None:
    one, other = person("A. Lund", phone=LINE), person("Lund", phone=LINE, **FAMILY)
    told = [compared(one, other, holders) for holders in (2, 4, 64, 4096)]
    sureties = [each.surety if each else 0 for each in told]
    assert sureties[0] > sureties[1] > sureties[2] == sureties[3]
    assert [common(holders) for holders in (1, 2, 3, 4, 7, 8, 63, 64, 9999)] == [0, 0, 0, 1, 1, 2, 4, 5, 5]


def test_what_speaks_against_is_told() -> None:
    one, other = person("Eva Lund", phone=LINE, born=BORN), person("Eva Lund", phone=LINE, born="1951-11-20")
    assert reasons(one, other) == [Reason.NUMBER, Reason.NAME, Reason.BORN_APART]


def test_the_table_is_of_chances_and_a_greater_agreement_never_says_less() -> None:
    for odds in TABLE.values():
        assert sum(each.m for each in odds.values()) <= 1.02
        assert sum(each.u for each in odds.values()) <= 1.02
        bits = [odds[level].bits for level in Likelihood if level in odds]
        assert bits == sorted(bits, reverse=True)
    assert ENOUGH < SURE


@pytest.mark.parametrize("number", [1, 2, 3])
def test_the_pairs_of_febrl_are_found(number: int) -> None:
    of = persons(number)
    told = figures(of, found(of))
    assert told.f1 >= 0.985
    assert told.precision >= 0.999
    assert told.sure_precision >= 0.999


few = st.sampled_from(
    ["", "Ada", "Adda", "A.", "Ada K", "Lovelace", "Lovelacce", "Byron", "Bo", "X", "Liz", "Elizabeth"]
)
related = st.builds(
    person,
    name=st.builds("{} {}".format, few, few),
    works=st.sampled_from(["", "Acme", "ACME Ltd", "Else"]),
    mail=st.sampled_from(
        ["", "a@x.example", "A@x.example", "ada.love@x.example", "ada.lave@x.example", "a@gmail.com", "info@x.example"]
    ),
    phone=st.sampled_from(["", "+45 33123456", "33123456", "+46 33123456", "123456", "+298 123456", "0 33 12 34 56"]),
    born=st.sampled_from(["", "1980-02-03", "1980-03-02", "1981-02-03", "1951-11-20"]),
    lives=st.sampled_from(["", "Lindevej 7, Odense", "Lindevej 9, Odense", "7 Lindevej, Aarhus", "Ahornvej 7, Oslo"]),
)


@given(related | cards(), related | cards(), st.integers(1, 99))
def test_two_that_are_alike_share_a_sign_and_are_so_both_ways(one: Card, other: Card, holders: int) -> None:
    there, back = compared(one, other, holders), compared(other, one, holders)
    assert (there and (there.surety, there.sure)) == (back and (back.surety, back.sure))
    if there and back:
        assert signs(traits(one)) & signs(traits(other))
        assert there.surety >= ENOUGH
        assert [each.reason for each in there.evidence] == [each.reason for each in back.evidence]
