"""An address or a number that nobody can reach looks wrong; what only some machines refuse does not."""

import socket

import pytest

from sharesync.model.plausible import looks_like_email, looks_like_phone


@pytest.mark.parametrize(
    "address",
    ["ada@holm.dk", "ada+list@mail.holm.example", "o'brien@holm.dk", "åse@æble.dk", "ADA@HOLM.DK", "ada@holm.test"],
)
def test_an_address_to_which_a_letter_may_arrive(address: str) -> None:
    assert looks_like_email(address)


@pytest.mark.parametrize(
    "address",
    [
        *("nowhere", "@holm.dk", "ada@", "ada@holm", "ada@@holm.dk", "ada@holm..dk", "ada..b@holm.dk", "ada@-holm.dk"),
        *("ada @holm.dk", "Ada <ada@holm.dk>", "ada@holm.dk, bo@holm.dk", "ada@ho_lm.dk", "ada@10.0.0.1", ""),
        *("ada@holm.invalid", f"{'a' * 300}@holm.dk"),
    ],
)
def test_an_address_to_which_none_can(address: str) -> None:
    assert not looks_like_email(address)


@pytest.mark.parametrize(
    "number",
    [
        *("+45 33 12 34 56", "0045 33123456", "+4533123456;ext=12", "+45 33 12 34 56,,12#", "+49 (0)30 123456"),
        *("+1 202 555 0100", "+1 800 FLOWERS", "+44 20 7946 0958", "+800 1234 5678"),
        *("33 12 34 56", "112", "12", "(030) 12 34 56", "33123456 ext. 12", "00 04 01 79"),
    ],
)
def test_a_number_that_may_ring(number: str) -> None:
    assert looks_like_phone(number)


@pytest.mark.parametrize(
    "number",
    [
        *("+45 33 12 34 5", "+45 33 12 34 567", "0045 33 12 34 5", "+999 123456", "+", "+1 555"),
        *("1", "abcdefg", "12345abcdefg", "", "1" * 21),
    ],
)
def test_a_number_that_nobody_can_dial(number: str) -> None:
    assert not looks_like_phone(number)


def test_nobody_is_asked_over_the_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object, **__: object) -> None:
        raise AssertionError("the network was asked")

    for name in ("socket", "getaddrinfo", "create_connection"):
        monkeypatch.setattr(socket, name, refused)
    for judge in (looks_like_email, looks_like_phone):
        judge.cache_clear()
    assert looks_like_email("ada@nobody-has-this-name-yet.dk")
    assert looks_like_phone("+45 33 12 34 56")
