"""Traits: normal forms in which values of cards are compared."""

import pytest

from sharesync.model.card import Card
from sharesync.model.traits import company, fold, is_one_number, number, plain, traits
from tests.users import fields


@pytest.mark.parametrize(("one", "other"), [("moelgaard", "molgard"), ("mueller", "muller"), ("joergen", "jorgen")])
def test_letters_are_told_as_people_write_them_who_have_none_of_them(one: str, other: str) -> None:
    assert plain(one) == plain(other)


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


@pytest.mark.parametrize(
    "typed", ["+45 00 00 00 00", "99999999", "99 99 99 99", "12345678", "+45 12 34 56 78", "1234567890"]
)
def test_a_number_that_a_form_was_filled_with_is_none(typed: str) -> None:
    assert traits(Card.parse(fields(phones=[typed]))).numbers == {}


def test_a_name_told_as_a_whole_ends_with_the_family_name() -> None:
    told = traits(Card.parse(fields(given="Ada King Lovelace")))
    assert (told.given, told.family, told.whole) == (("ada", "king"), ("lovelace",), True)


def test_a_generation_is_no_family_name() -> None:
    told = traits(Card.parse(fields(given="Sammy", family="Davis Jr.")))
    assert (told.family, told.generation) == (("davis",), "jr")


def test_who_is_called_like_their_company_is_an_organisation() -> None:
    told = traits(Card.parse(fields(given="Nordfisk", job=("Nordfisk A/S", ""))))
    assert (told.person, told.given, told.family) == (False, (), ("nordfisk",))
