"""The contacts that the demo imports: invented people in files as Apple's and Google's programs write them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import sharesync.formats
from sharesync.formats.file_reading import Format, Parsed, read
from sharesync.formats.ledger import kind_of
from sharesync.model.card import Card

FOLDER = Path(sharesync.formats.__file__).parents[1] / "demo"
FILES = [
    ("customers.vcf", Format.VCARD, 120),
    ("suppliers.csv", Format.GOOGLE_CSV, 103),
    ("press.csv", Format.GOOGLE_CSV, 80),
]


def cards() -> list[Card]:
    entries = [entry for name, _, _ in FILES for entry in read((FOLDER / name).read_bytes()).entries]
    return [entry.card for entry in entries if isinstance(entry, Parsed)]


@pytest.mark.parametrize(("name", "format_", "count"), FILES)
def test_every_entry_is_a_contact_and_nothing_but_labels_is_left_out(name: str, format_: Format, count: int) -> None:
    reading = read((FOLDER / name).read_bytes(), name)
    assert reading.format is format_
    assert len(reading.entries) == count
    for entry in reading.entries:
        assert isinstance(entry, Parsed)
        assert [kind_of(note) for note in entry.notes] == ([] if format_ is Format.VCARD else ["labels left out"])


def test_no_two_contacts_are_equal_or_called_the_same() -> None:
    assert len(set(cards())) == 303
    assert len({card.title for card in cards()}) == 303


def test_addresses_lead_nowhere() -> None:
    for card in cards():
        for email in card["emailAddresses"]:
            assert re.fullmatch(r"[a-z0-9.-]+@[a-z0-9.-]+\.example", email.text("value"))
        for url in card["urls"]:
            assert re.fullmatch(r"https://[a-z0-9.-]+\.example(/.*)?", url.text("value"))


FICTIONAL = re.compile(
    r"\+1 (\d{3}-)?555[- ]01\d\d|\+1 \(555\) 010-0\d{3} x12"  # reserved for fiction in North America
    r"|(\+44 |0)20 7946 0\d{3}|\+44 161 496 0\d{3}|(\+44 |0)7700 900\d{3}"  # Ofcom's numbers for drama
    r"|(\+46 8|08)-?[ ]?465 004 \d\d|031-390 06 \d\d|(\+46 |0)70[- ]174 06 \d\d"  # Sweden's numbers for books and film
    r"|\+49 30 23125 \d{3}|\(069\) 90009 \d{3}|040 66969 \d{3}|\+49 171 39200 \d\d"  # Germany's
    r"|(\+33 |0)1 99 00 \d\d \d\d|06 39 98 \d\d \d\d"  # France's
    r"|\+45 ?0[01].*|0[01] \d\d 0[01] \d\d|\+47 000? .*|\+47 00 0.*|000 01 \d{3}"  # no number there begins with 0
    r"|\+(354|298|358|48|90|84|30|380|359|20|420|36|372) (9 0000|00).*|\+81 (3|90)-0000-01\d\d"
)


def test_numbers_are_nobodys() -> None:
    for card in cards():
        for phone in card["phoneNumbers"]:
            assert FICTIONAL.fullmatch(phone.text("value"))


def test_all_their_letters_are_there() -> None:
    text = "".join(str(card.as_json()) for card in cards())
    assert [letter for letter in "æøåÆØÅäöÄÖÞðÝłŁżźşŞıİğđĐοїҐбÜßœŘőõ青ل" if letter not in text] == []


def test_there_is_something_of_everything() -> None:
    fields = {field for card in cards() for field in card.items}
    assert fields >= set(
        "names nicknames emailAddresses phoneNumbers addresses organizations occupations birthdays events urls"
        " relations imClients biographies userDefined".split()
    )
    assert any("phoneticFamilyName" in dict(name.parts) for card in cards() for name in card["names"])
    assert any(
        date and "year" not in date for card in cards() for one in card["birthdays"] if (date := one.as_json()["date"])
    )
    assert any(
        "\n" in note.text("value") and '"' in note.text("value") for card in cards() for note in card["biographies"]
    )
    assert any(not card["names"] for card in cards())
