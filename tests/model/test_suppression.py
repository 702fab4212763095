"""Suppression marks: who was erased is known again, however they are written, and by nobody without the key."""

import hashlib
import hmac

import pytest

from sharesync.model.card import EMPTY, Card
from sharesync.model.suppression import digests

KEY = b"k" * 32


def marks(*mails: str, phones: tuple[str, ...] = ()) -> frozenset[bytes]:
    raw = {"emailAddresses": [{"value": one} for one in mails], "phoneNumbers": [{"value": one} for one in phones]}
    return digests(KEY, Card.parse(raw))


def phone(number: str) -> frozenset[bytes]:
    return marks(phones=(number,))


def test_an_address_leaves_a_keyed_hash_and_nothing_else() -> None:
    """What was kept by an older version must be found by every later one."""
    assert marks("Eva@X.test") == {hmac.digest(KEY, b"mail:eva@x.test", hashlib.sha256)}
    assert phone("+45 33 12 34 56") == {hmac.digest(KEY, b"tel:4533123456", hashlib.sha256)}


def test_every_address_and_number_of_a_card_leaves_its_own() -> None:
    both = marks("a@x.test", "b@x.test", phones=("+45 33123456", "12345678"))
    assert both == marks("a@x.test") | marks("b@x.test") | phone("+45 33123456") | phone("12345678")
    assert len(both) == 4
    assert digests(KEY, EMPTY) == frozenset()


def test_another_key_leaves_other_marks() -> None:
    assert not marks("a@x.test") & digests(b"o" * 32, Card.parse({"emailAddresses": [{"value": "a@x.test"}]}))


def test_the_case_of_an_address_means_nothing() -> None:
    assert marks("Straße@x.test") == marks("STRASSE@X.TEST")
    assert marks("a@x.test") != marks("b@x.test")


@pytest.mark.parametrize(
    "number", ["+45 33 12 34 56", "0045-33123456", "+45 (0)33 12 34 56", "(+45) 33.12.34.56", "4533123456"]
)
def test_the_writing_of_a_number_means_nothing(number: str) -> None:
    assert phone(number) == phone("+4533123456")


def test_a_nought_in_brackets_counts_where_no_country_stands_before_it() -> None:
    assert phone("(0)33 12 34 56") == phone("033123456") != phone("33123456")


@pytest.mark.parametrize(("number", "told"), [("12345", False), ("123456", True), ("0012345", False), ("–", False)])
def test_an_extension_says_nothing_about_who_it_is(number: str, told: bool) -> None:
    assert bool(phone(number)) is told
