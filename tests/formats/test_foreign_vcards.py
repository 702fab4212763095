"""Exports of other people's programs, as they wrote them (`vcards`, with their licence)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import vobject

from sharesync.formats.file_reading import Format, Parsed, read
from sharesync.formats.ledger import kind_of
from sharesync.formats.typed_values import NO_EMAIL, WRONG_PHONE
from sharesync.model.fields import FIELDS
from tests.pictures import shown

FOLDER = Path(__file__).parent / "vcards"

CARDS = {
    "John_Doe_ANDROID.vcf": 6,
    "John_Doe_BLACK_BERRY.vcf": 1,
    "John_Doe_EVOLUTION.vcf": 1,
    "John_Doe_GMAIL.vcf": 1,
    "John_Doe_IPHONE.vcf": 1,
    "John_Doe_LOTUS_NOTES.vcf": 1,
    "John_Doe_MAC_ADDRESS_BOOK.vcf": 1,
    "John_Doe_MS_OUTLOOK.vcf": 1,
    "fullcontact.vcf": 1,
    "gmail-list.vcf": 3,
    "gmail-single.vcf": 1,
    "gmail-single2.vcf": 1,
    "outlook-2003.vcf": 1,
    "outlook-2007.vcf": 1,
    "rfc6350-example.vcf": 1,
    "thunderbird-MoreFunctionsForAddressBook-extension.vcf": 1,
}
"""File → how often BEGIN:VCARD stands in it."""


def parsed(name: str) -> list[Parsed]:
    reading = read((FOLDER / name).read_bytes(), name)
    assert reading.format is Format.VCARD
    assert not [entry for entry in reading.entries if not isinstance(entry, Parsed)]
    return [entry for entry in reading.entries if isinstance(entry, Parsed)]


def only(name: str) -> tuple[dict[str, Any], tuple[str, ...]]:
    (entry,) = parsed(name)
    return entry.card.as_json(), tuple(kind for note in entry.notes if (kind := kind_of(note)) != WRONG_PHONE)


def test_every_file_is_known_here() -> None:
    assert sorted(file.name for file in FOLDER.glob("*.vcf")) == sorted(CARDS)


@pytest.mark.parametrize("name", CARDS)
def test_every_card_of_every_file_is_read(name: str) -> None:
    assert len(parsed(name)) == CARDS[name]


_TOO_MUCH_FOR_VOBJECT = {
    "John_Doe_ANDROID.vcf": "a photo that the file cut short",
    "John_Doe_LOTUS_NOTES.vcf": "a property PROFILE",
}


@pytest.mark.parametrize("name", sorted(CARDS.keys() - _TOO_MUCH_FOR_VOBJECT))
def test_vobject_finds_the_same_names_addresses_and_numbers(name: str) -> None:
    theirs = list(
        vobject.readComponents((FOLDER / name).read_text("utf-8", "replace"), ignoreUnreadable=True, allowQP=True)
    )
    ours = parsed(name)
    assert len(ours) == len(theirs)
    for entry, other in zip(ours, theirs, strict=True):
        (found,) = entry.card["names"]
        assert (found.text("familyName"), found.text("givenName")) == (other.n.value.family, other.n.value.given)
        for field, key in (("emailAddresses", "email"), ("phoneNumbers", "tel")):
            values = {
                str(one.value).strip().removeprefix("tel:").replace(";ext=", " ext. ")
                for one in other.contents.get(key, ())
            }
            assert {item.text("value") for item in entry.card[field]} == values


_ENCODED = {"John_Doe_ANDROID.vcf", "John_Doe_MS_OUTLOOK.vcf", "outlook-2003.vcf", "outlook-2007.vcf"}
"""Files with quoted-printable values, which do not stand in them letter by letter."""


@pytest.mark.parametrize("name", sorted(CARDS.keys() - _ENCODED))
def test_what_a_card_holds_was_in_its_file(name: str) -> None:
    """No value is invented or mangled: letters and digits of each stand in the file."""
    raw = (FOLDER / name).read_bytes().decode()
    plain = "".join(filter(str.isalnum, raw.replace("\r\n ", "").replace("\n ", "").replace("\\n", "")))
    for entry in parsed(name):
        for field, items in entry.card.items.items():
            for item in items:
                for part, value in item.parts:
                    if isinstance(value, str) and part in FIELDS[field].needs and field != "userDefined":
                        assert "".join(filter(str.isalnum, value)) in plain


FACES = {
    "John_Doe_IPHONE.vcf": (320, 320),
    "John_Doe_LOTUS_NOTES.vcf": (200, 200),
    "John_Doe_MAC_ADDRESS_BOOK.vcf": (256, 256),
    "John_Doe_MS_OUTLOOK.vcf": (32, 26),
    "outlook-2007.vcf": (72, 86),
    "thunderbird-MoreFunctionsForAddressBook-extension.vcf": (100, 132),
}
"""File → the size of the picture it holds, which is small enough to stay as large."""


@pytest.mark.parametrize("name", FACES)
def test_a_picture_that_a_file_holds_comes_with_its_card(name: str) -> None:
    assert [shown(entry.photo.content()).size for entry in parsed(name) if entry.photo] == [FACES[name]]


@pytest.mark.parametrize("name", sorted(CARDS.keys() - FACES.keys()))
def test_a_picture_that_was_cut_off_or_lies_elsewhere_does_not(name: str) -> None:
    assert [entry.photo for entry in parsed(name)] == [None] * len(parsed(name))


# --- By hand --------------------------------------------------------------------------------------------------------


def test_android() -> None:
    first, second, third, fourth, fifth, sixth = parsed("John_Doe_ANDROID.vcf")
    assert first.card.as_json() == {"emailAddresses": [{"value": "john.doe@company.com"}]}
    assert second.card.as_json() == {"emailAddresses": [{"value": "jane.doe@company.com"}]}
    assert third.card.as_json() == {
        "names": [{"familyName": "Ñ Ñ Ñ Ñ"}],
        "phoneNumbers": [{"value": "123456789", "type": "mobile"}],
    }
    assert fourth.card.as_json()["phoneNumbers"] == [
        {"value": "123456", "type": "mobile"},
        {"value": "234567", "type": "home"},
        {"value": "3456789", "type": "mobile"},
        {"value": "45678901", "type": "home"},
    ]
    assert fifth.card.as_json() == {
        "names": [{"familyName": "Ñ Ñ", "givenName": "Ñ Ñ Ñ"}],
        "emailAddresses": [{"value": "bob@company.com", "type": "work"}],
        "phoneNumbers": [
            {"value": "123456", "type": "mobile"},
            {"value": "123456", "type": "work"},
            {"value": "123456", "type": "workFax"},
        ],
        "organizations": [{"name": "Ñ" * 12}],
        "urls": [{"value": "www.company.com"}, {"value": "http://www.company.com"}],
        "userDefined": [{"key": "E-mail", "value": "Ñ" * 14}],
    }
    assert tuple(map(kind_of, fifth.notes)) == (NO_EMAIL, "photo left out")
    assert sixth.card["names"][0].text("familyName") == "ÑÑÑÑ"
    assert sixth.card["emailAddresses"][0].text("value") == "henry@company.com"


def test_black_berry() -> None:
    assert only("John_Doe_BLACK_BERRY.vcf") == (
        {
            "names": [{"familyName": "Doe", "givenName": "john"}],
            "phoneNumbers": [{"value": "+96123456789", "type": "mobile"}],
            "organizations": [{"name": "Acme Solutions"}],
        },
        ("photo left out: This is no picture that sharesync can read; choose a JPEG, PNG, WebP or GIF file.",),
    )


def test_iphone() -> None:
    assert only("John_Doe_IPHONE.vcf") == (
        {
            "names": [
                {
                    "familyName": "Doe",
                    "givenName": "John",
                    "middleName": "Richter, James",
                    "honorificPrefix": "Mr.",
                    "honorificSuffix": "Sr.",
                }
            ],
            "nicknames": [{"value": "Johny"}],
            "emailAddresses": [{"value": "john.doe@ibm.com"}],
            "phoneNumbers": [
                {"value": "905-555-1234", "type": "mobile"},
                {"value": "905-666-1234", "type": "home"},
                {"value": "905-777-1234", "type": "work"},
                {"value": "905-888-1234", "type": "homeFax"},
                {"value": "905-999-1234", "type": "workFax"},
                {"value": "905-111-1234", "type": "pager"},
                {"value": "905-222-1234", "type": "AssistantPhone"},
            ],
            "addresses": [
                {
                    "type": "home",
                    "streetAddress": "Silicon Alley 5",
                    "city": "New York",
                    "region": "New York",
                    "postalCode": "12345",
                    "country": "United States of America",
                },
                {
                    "type": "work",
                    "streetAddress": "Street4\nBuilding 6\nFloor 8",
                    "city": "New York",
                    "postalCode": "12345",
                    "country": "USA",
                },
            ],
            "organizations": [{"name": "IBM", "department": "Accounting", "title": "Money Counter"}],
            "birthdays": [{"date": {"year": 2012, "month": 6, "day": 6}}],
            "urls": [{"value": "http://www.ibm.com", "type": "homePage"}],
        },
        (),
    )


def test_outlook_2007() -> None:
    card, notes = only("outlook-2007.vcf")
    assert set(notes) == {"certificate left out", "what a program keeps for itself left out"}
    assert card == {
        "names": [
            {"familyName": "Angstadt", "givenName": "Michael", "honorificPrefix": "Mr.", "honorificSuffix": "Jr."}
        ],
        "nicknames": [{"value": "Mike"}],
        "emailAddresses": [{"value": "mike.angstadt@gmail.com"}],
        "phoneNumbers": [
            {"value": "(111) 555-1111", "type": "work"},
            {"value": "(111) 555-2222", "type": "home"},
            {"value": "(111) 555-4444", "type": "mobile"},
            {"value": "(111) 555-3333", "type": "workFax"},
            {"value": "(111) 555-4444", "type": "CALLBACK"},
        ],
        "addresses": [
            {
                "type": "work",
                "extendedAddress": "TheOffice",
                "streetAddress": "222 Broadway",
                "city": "New York",
                "region": "NY",
                "postalCode": "99999",
                "country": "USA",
            }
        ],
        "organizations": [{"name": "TheCompany", "department": "TheDepartment", "title": "TheJobTitle"}],
        "occupations": [{"value": "TheProfession"}],
        "birthdays": [{"date": {"year": 1922, "month": 3, "day": 10}}],
        "events": [{"date": {"year": 2012, "month": 8, "day": 1}, "type": "anniversary"}],
        "urls": [
            {"value": "http://mikeangstadt.name", "type": "home"},
            {"value": "http://mikeangstadt.name", "type": "work"},
        ],
        "relations": [
            {"person": "TheManagerName", "type": "manager"},
            {"person": "TheAssistantName", "type": "assistant"},
            {"person": "TheSpouse", "type": "spouse"},
        ],
        "imClients": [{"username": "im@aim.com"}],
        "calendarUrls": [{"url": "http://website.com/mycal", "type": "freeBusy"}],
        "biographies": [
            {
                "value": "This is the NOTE field\t\nI assume it encodes this text inside a NOTE vCard type.\n"
                "But I'm not sure because there's text formatting going on here.\nIt does not preserve the formatting"
            }
        ],
    }


def test_outlook_2003() -> None:
    card, notes = only("outlook-2003.vcf")
    assert notes == ("certificate left out",)
    assert card["names"] == [
        {"familyName": "Doe", "givenName": "John", "honorificPrefix": "Mr.", "honorificSuffix": "III"}
    ]
    assert card["organizations"] == [{"name": "Company, The", "department": "TheDepartment", "title": "The Job Title"}]
    assert card["biographies"] == [{"value": "This is the note field!!\nSecond line\n\nThird line is empty"}]
    assert card["addresses"] == [
        {
            "type": "work",
            "extendedAddress": "TheOffice",
            "streetAddress": "123 Main St",
            "city": "Austin",
            "region": "TX",
            "postalCode": "12345",
            "country": "United States of America",
        }
    ]


def test_gmail() -> None:
    card, notes = only("gmail-single.vcf")
    assert notes == ()
    assert card == {
        "names": [
            {
                "familyName": "Dartmouth",
                "givenName": "Greg",
                "phoneticGivenName": "Grregg",
                "phoneticFamilyName": "Dart-mowth",
            }
        ],
        "nicknames": [{"value": "Gman"}],
        "emailAddresses": [{"value": "gdartmouth@hotmail.com"}],
        "phoneNumbers": [
            {"value": "555 555 1111", "type": "mobile"},
            {"value": "555 555 2222", "type": "googleVoice"},
        ],
        "addresses": [
            {"type": "home", "streetAddress": "123 Home St\nHome City, HM 12345"},
            {
                "type": "CustomAdrType",
                "streetAddress": "321 Custom St",
                "city": "Custom City",
                "region": "TX",
                "postalCode": "98765",
                "country": "USA",
            },
        ],
        "organizations": [{"name": "TheCompany", "title": "TheJobTitle"}],
        "birthdays": [{"date": {"year": 1960, "month": 9, "day": 10}}],
        "events": [{"date": {"year": 1970, "month": 6, "day": 2}, "type": "anniversary"}],
        "urls": [{"value": "http://TheProfile.com", "type": "profile"}],
        "relations": [
            {"person": "MySpouse", "type": "spouse"},
            {"person": "MyCustom", "type": "CustomRelationship"},
        ],
        "imClients": [{"username": "123456789", "protocol": "icq"}],
        "biographies": [
            {"value": "This is GMail's note field.\nIt should be added as a NOTE type.\nACustomField: CustomField"}
        ],
    }


def test_the_example_of_the_standard() -> None:
    assert only("rfc6350-example.vcf") == (
        {
            "names": [{"familyName": "Perreault", "givenName": "Simon", "honorificSuffix": "ing. jr, M.Sc."}],
            "emailAddresses": [{"value": "simon.perreault@viagenie.ca", "type": "work"}],
            "phoneNumbers": [
                {"value": "+1-418-656-9254 ext. 102", "type": "work"},
                {"value": "+1-418-262-6501", "type": "workMobile"},
            ],
            "addresses": [
                {
                    "type": "work",
                    "extendedAddress": "Suite D2-630",
                    "streetAddress": "2875 Laurier",
                    "city": "Quebec",
                    "region": "QC",
                    "postalCode": "G1V 2M2",
                    "country": "Canada",
                }
            ],
            "organizations": [{"name": "Viagenie", "type": "work"}],
            "birthdays": [{"date": {"month": 2, "day": 3}}],
            "events": [{"date": {"year": 2009, "month": 8, "day": 8}, "type": "anniversary"}],
            "urls": [{"value": "http://nomis80.org", "type": "home"}],
        },
        (
            "a time of day left out",
            "gender left out",
            "language left out",
            "language left out",
            "a second type left out",
            "a second type left out",
            "left out",
            "position left out",
            "left out",
            "certificate left out",
            "time zone left out",
        ),
    )


def test_thunderbird() -> None:
    card, notes = only("thunderbird-MoreFunctionsForAddressBook-extension.vcf")
    assert notes == ("labels left out",)
    assert card["phoneNumbers"] == [
        {"value": "555-555-1111", "type": "work"},
        {"value": "555-555-2222", "type": "home"},
        {"value": "555-555-5555", "type": "mobile"},
        {"value": "555-555-3333", "type": "otherFax"},
        {"value": "555-555-4444", "type": "pager"},
    ]
    assert card["emailAddresses"][0] == {"value": "doe.john@hotmail.com"}
    assert len(card["emailAddresses"]) == 5
    assert card["relations"] == [{"person": "TheSpouse", "type": "spouse"}]
    assert card["biographies"] == [
        {
            "value": "This is the notes field.\nSecond Line\n\nFourth Line\n"
            'You can put anything in the "note" field; even curse words.'
        }
    ]
