"""Small vCards, each with one kind of trouble (`imports/*.vcf`); what is right for each was written by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sharesync.errors import InvalidInput
from sharesync.formats.file_reading import Parsed, read
from sharesync.formats.ledger import Note, kind_of
from sharesync.formats.text import GUESSED, decode

FOLDER = Path(__file__).parent / "imports"

STREET = {"streetAddress": "Vej 1", "city": "Holte", "postalCode": "2840", "country": "DK"}

RIGHT: dict[str, list[dict[str, Any]]] = {
    "adr_label.vcf": [
        {"addresses": [STREET | {"type": "work", "extendedAddress": "Reception, 3. sal"}]},
        {"addresses": [STREET | {"streetAddress": "Vej 2", "extendedAddress": "Bagindgang"}]},
    ],
    "android_label.vcf": [
        {"phoneNumbers": [{"value": "+451", "type": "Sommer"}, {"value": "+452", "type": "Sommerhus"}]}
    ],
    "apple_sub.vcf": [
        {
            "addresses": [
                {
                    "type": "home",
                    "streetAddress": "1 Main",
                    "extendedAddress": "Khlong Toei, Watthana",
                    "city": "Bangkok",
                    "postalCode": "10110",
                    "country": "Thailand",
                }
            ]
        }
    ],
    "email_angle.vcf": [
        {
            "emailAddresses": [{"value": "om@ega.test", "displayName": "Om Ega"}, {"value": "om2@ega.test"}],
            "phoneNumbers": [{"value": "+451"}],
        }
    ],
    "evo_urls.vcf": [
        {
            "urls": [
                {"value": "http://blog.test/ev", "type": "blog"},
                {"value": "http://video.test/ev", "type": "Video"},
            ]
        }
    ],
    "fn_differs.vcf": [
        {
            "names": [{"givenName": "Karla", "familyName": "Rask"}],
            "userDefined": [{"key": "Display name", "value": "Karla Rask (elektriker)"}],
        }
    ],
    "fn_n.vcf": [
        {"userDefined": [{"key": "Display name", "value": "Karla Rask (elektriker)"}]},
        {"names": [{"givenName": "Janet", "familyName": "Lund"}]},
        {"names": [{"givenName": "Mikkel Dam"}], "nicknames": [{"value": "Mikkel Dam"}]},
        {"names": [], "organizations": [{"name": "Byens Smedje"}]},
        {"names": [{"givenName": "Smedjen Kontor"}], "organizations": [{"name": "Byens Smedje"}]},
        {"names": [], "emailAddresses": [{"value": "ole@dam.test"}]},
        {"names": [{"givenName": "Bob Ross"}], "nicknames": [{"value": "Robert Ross", "type": "ALTERNATE_NAME"}]},
    ],
    "fn_nick.vcf": [{"names": [{"givenName": "Mikkel Dam"}], "nicknames": [{"value": "Mikkel Dam"}]}],
    "impp_min.vcf": [
        {
            "imClients": [
                {"username": "ib@jab.test", "protocol": "jabber"},
                {"username": "ib1", "protocol": "matrix"},
                {"username": "https://wa.me/4512"},
                {"username": "ib-uden-skema"},
            ]
        }
    ],
    "lostlines.vcf": [
        {"phoneNumbers": [], "addresses": [{"streetAddress": "Vej 1", "type": "home"}]},
    ],
    "phon_org.vcf": [
        {"organizations": [{"name": "Nordlüs", "department": "Salg", "title": "Sjef", "phoneticName": "Nordlys"}]}
    ],
    "two_types.vcf": [
        {
            "emailAddresses": [{"value": "b@ty.test", "type": "home"}],
            "phoneNumbers": [
                {"value": "4", "type": "mobile"},
                {"value": "5", "type": "VIDEO"},
                {"value": "6", "type": "TEXTPHONE"},
            ],
            "userDefined": [{"key": "X400", "value": "c=DK"}],
        }
    ],
    "vnd63.vcf": [{"names": [{"givenName": "Li", "familyName": "Mo"}], "userDefined": []}],
}
"""File → fields of its cards; other fields are of no matter there."""

NOTES = {
    "lostlines.vcf": [
        "a line that is no vCard left out: line 5 “TEL;TYPE=CELL +4511”",
        "a line that is no vCard left out: line 7 “App 2;Holte;;2840;DK”",
    ],
    "two_types.vcf": [
        "a second type left out: line 5, EMAIL;TYPE “WORK”",
        "a second type left out: line 6, TEL;TYPE “HOME”",
    ],
    "vnd63.vcf": [
        "what a program keeps for itself left out: line 5, VND-63-SENSITIVE-CONTENT-CONFIG “0”",
        "what a program keeps for itself left out: line 6, X-ACTIVITY-ALERT “type=call,snd=x”",
        "what a program keeps for itself left out: line 7, X-TIMES_CONTACTED “7”",
    ],
}
"""File → notes on what its cards do not hold."""


def parsed(data: bytes) -> list[Parsed]:
    return [entry for entry in read(data).entries if isinstance(entry, Parsed)]


def one(body: str, version: str = "3.0") -> Parsed:
    (entry,) = parsed(f"BEGIN:VCARD\r\nVERSION:{version}\r\n{body}\r\nEND:VCARD\r\n".encode())
    return entry


def test_every_file_is_known_here() -> None:
    assert sorted(file.name for file in FOLDER.glob("*.vcf")) == sorted(RIGHT)


@pytest.mark.parametrize("name", RIGHT)
def test_what_is_right_for_a_file(name: str) -> None:
    entries = parsed((FOLDER / name).read_bytes())
    for entry, right in zip(entries, RIGHT[name], strict=True):
        for field, items in right.items():
            found = entry.card.as_json().get(field, [])
            assert sorted(map(sorted, (item.items() for item in found))) == sorted(
                map(sorted, (item.items() for item in items))
            )
    left_out = [note for entry in entries for note in entry.notes if "left out" in note]
    assert left_out == NOTES.get(name, [])


@pytest.mark.parametrize("lines", [["X-PHONETIC-ORG:R", "ORG:N"], ["ORG:N", "X-PHONETIC-ORG:R"]])
def test_the_reading_of_an_organization_finds_it_in_any_order(lines: list[str]) -> None:
    assert one("\r\n".join([*lines, "TITLE:T"])).card.as_json()["organizations"] == [
        {"name": "N", "phoneticName": "R", "title": "T"}
    ]


@pytest.mark.parametrize(
    ("line", "number", "noted"),
    [
        ("TEL:tel:+45-33-12-34-56;ext=7", "+45-33-12-34-56 ext. 7", []),
        ("TEL;VALUE=uri:tel:%2B4533123456", "+4533123456", []),
        ("TEL:+45 33 12 34 56\\;ext=7", "+45 33 12 34 56 ext. 7", []),
        ("TEL:tel:33123456;phone-context=+45", "33123456", ["+45"]),
    ],
)
def test_an_address_of_a_phone_is_taken_apart(line: str, number: str, noted: list[str]) -> None:
    entry = one(line)
    assert entry.card.as_json()["phoneNumbers"] == [{"value": number}]
    assert [getattr(note, "value", "") for note in entry.notes] == noted


@pytest.mark.parametrize(
    ("line", "items"),
    [
        ("EMAIL:mailto:om%2Bnyt@ega.test", [{"value": "om+nyt@ega.test"}]),
        ("EMAIL:Om Ega <mailto:om@ega.test>", [{"value": "om@ega.test", "displayName": "Om Ega"}]),
        ("EMAIL:a@ega.test\\; b@ega.test", [{"value": "a@ega.test"}, {"value": "b@ega.test"}]),
    ],
)
def test_an_address_of_an_e_mail_is_taken_apart(line: str, items: list[dict[str, str]]) -> None:
    assert one(line).card.as_json() == {"emailAddresses": items}


def test_an_e_mail_without_an_at_sign_stays_as_a_custom_field_and_is_noted() -> None:
    entry = one("FN:Ib\r\nEMAIL;TYPE=HOME:ib.test")
    assert entry.card.as_json()["userDefined"] == [{"key": "E-mail", "value": "ib.test"}]
    assert "no e-mail address, so kept as a field of its own: line 4, EMAIL “ib.test”" in entry.notes


@pytest.mark.parametrize("none", ["#N/A", "n/a", "N/A", "-", "–"])
def test_values_that_are_none_are_left_out_with_a_note(none: str) -> None:
    entry = one(f"N:Vig;Ane;{none}\r\nTEL:{none}\r\nEMAIL:{none}\r\nADR:;;Vej 1;{none}\r\nORG:{none};Salg")
    assert entry.card.as_json() == {
        "names": [{"givenName": "Ane", "familyName": "Vig"}],
        "addresses": [{"streetAddress": "Vej 1"}],
        "organizations": [{"department": "Salg"}],
    }
    left_out = [note for note in entry.notes if isinstance(note, Note) and kind_of(note).startswith("no value")]
    assert [(note.line, note.value) for note in left_out] == [(number, none) for number in range(3, 8)]


def test_a_day_without_its_month_is_kept_as_it_is_written() -> None:
    assert one("BDAY:---03", "4.0").card.as_json() == {"birthdays": [{"text": "---03"}]}


def test_values_of_one_altid_are_one_value_and_the_others_are_noted() -> None:
    entry = one(
        "N;ALTID=1;LANGUAGE=ja:山田;太郎\r\nN;ALTID=1;LANGUAGE=en:Yamada;Taro\r\nORG;ALTID=2:A\r\nORG;ALTID=2:Å", "4.0"
    )
    assert entry.card.as_json() == {
        "names": [{"familyName": "山田", "givenName": "太郎"}],
        "organizations": [{"name": "A"}],
    }
    assert list(entry.notes) == [
        "another writing of the same value left out: line 4, N “Yamada;Taro”",
        "another writing of the same value left out: line 6, ORG “Å”",
    ]


def test_the_fields_of_kaddressbook() -> None:
    body = (
        "FN:Kaj\nX-KADDRESSBOOK-X-SpousesName:Bo\nX-KADDRESSBOOK-X-ManagersName:Cy\nX-KADDRESSBOOK-X-Profession:Smed\n"
        "X-KADDRESSBOOK-X-Anniversary:2009-08-08\nX-KADDRESSBOOK-X-Department:Salg\nX-KADDRESSBOOK-X-Office:3.12\n"
        "X-KADDRESSBOOK-BlogFeed:https://blog.test/kaj\nX-messaging/xmpp-All:kaj@x.test\ue000kaj@y.test\n"
        "X-KADDRESSBOOK-X-IMAddress:kaj\nX-KADDRESSBOOK-CRYPTOPROTOPREF:inline"
    )
    entry = one(body)
    assert entry.card.as_json() == {
        "names": [{"givenName": "Kaj"}],
        "organizations": [{"department": "Salg", "location": "3.12"}],
        "occupations": [{"value": "Smed"}],
        "events": [{"date": {"year": 2009, "month": 8, "day": 8}, "type": "anniversary"}],
        "urls": [{"value": "https://blog.test/kaj", "type": "blog"}],
        "relations": [{"person": "Bo", "type": "spouse"}, {"person": "Cy", "type": "manager"}],
        "imClients": [
            {"username": "kaj@x.test", "protocol": "jabber"},
            {"username": "kaj@y.test", "protocol": "jabber"},
            {"username": "kaj"},
        ],
    }
    assert [kind_of(note) for note in entry.notes] == ["what a program keeps for itself left out"]


def test_a_photo_that_lies_elsewhere_is_noted_with_its_address() -> None:
    assert one("FN:A\r\nPHOTO;VALUE=uri:https://photos.test/a.jpg").notes == (
        "photo left out: line 4, PHOTO “https://photos.test/a.jpg”",
    )


# --- Letters ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("page", "name"),
    [
        *(("cp1252", name) for name in ("Søren Ødegård", "SØREN ÅSE", "d’Été – Ñandú", "Weiß; Müller", "½ l, 5 m²")),
        *(("cp1250", name) for name in ("Łucja Żak", "Wałęsa Łódź", "Świętochłowice")),
        *(("mac_roman", name) for name in ("Søren Ødegård", "Åse Kjær", "Bjørn Ågård Øst")),
        *(("cp850", name) for name in ("Søren Ødegård", "Jörg Weiß", "Åse Kjær", "Müller", "Günther")),
    ],
)
def test_letters_of_another_code_page_are_right(page: str, name: str) -> None:
    assert decode(name.encode(page)).text == name
    (entry,) = parsed(f"BEGIN:VCARD\nVERSION:3.0\nFN:{name}\nEND:VCARD\n".encode(page))
    assert entry.card.title == name
    assert entry.notes == (GUESSED,)


@pytest.mark.parametrize(("page", "name"), [("mac_roman", "Müller"), ("iso8859-2", "Wąs")])
def test_letters_that_cannot_be_told_are_refused_with_what_to_do(page: str, name: str) -> None:
    for text in (f"BEGIN:VCARD\nVERSION:3.0\nFN:{name}\nEND:VCARD\n", f"Name,Email\n{name},a@x.test\n"):
        with pytest.raises(InvalidInput, match="save it as UTF-8"):
            read(text.encode(page))


def test_a_value_that_names_its_letters_is_no_doubt_for_the_others() -> None:
    text = "BEGIN:VCARD\nVERSION:2.1\nN;CHARSET=MacRoman:M\x9fller\nNOTE:Weiß\nEND:VCARD\n"
    raw = text.encode("latin-1")
    assert parsed(raw)[0].card.as_json() == {
        "names": [{"familyName": "Müller"}],
        "biographies": [{"value": "Weiß"}],
    }
