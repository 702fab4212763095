"""vCards of every version and misreading; every expectation is written by hand."""

from __future__ import annotations

import base64
import re
import textwrap
from typing import Any

import pytest
import vobject

from sharesync.errors import Sentence
from sharesync.formats.file_reading import Bad, Entry, Parsed, read
from sharesync.formats.file_writing import Exported, ExportFormat, pieces
from sharesync.formats.ledger import LEFT_OUT, kind_of
from sharesync.formats.typed_values import WRONG_EMAIL, WRONG_PHONE
from sharesync.formats.vcard_groups import GROUP
from sharesync.formats.vcard_lines import RawCard, raw_cards
from sharesync.model.card import Card


def entries(text: str | bytes) -> tuple[Entry, ...]:
    return read(text if isinstance(text, bytes) else text.encode()).entries


def card(body: str | bytes, version: str = "3.0") -> dict[str, Any]:
    return parsed(body, version).card.as_json()


def notes(body: str | bytes, version: str = "3.0") -> tuple[str, ...]:
    return kinds(parsed(body, version))


def kinds(entry: Parsed) -> tuple[str, ...]:
    """Why values of an entry are left out."""
    return tuple(kind for note in entry.notes if (kind := kind_of(note)) not in (WRONG_EMAIL, WRONG_PHONE))


def parsed(body: str | bytes, version: str = "3.0") -> Parsed:
    raw = body if isinstance(body, bytes) else body.encode()
    (entry,) = entries(b"BEGIN:VCARD\r\nVERSION:%b\r\n%b\r\nEND:VCARD\r\n" % (version.encode(), raw))
    assert isinstance(entry, Parsed), entry
    return entry


# --- Lines ----------------------------------------------------------------------------------------------------------


def test_folded_lines_are_joined_even_inside_of_a_letter() -> None:
    folded = "NOTE:Smørrebrød".encode()
    at = folded.index("ø".encode()) + 1
    assert card(folded[:at] + b"\r\n " + folded[at:]) == {"biographies": [{"value": "Smørrebrød"}]}


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n", "\r\r\n"])
def test_every_line_end(end: str) -> None:
    found = entries(f"BEGIN:VCARD{end}FN:Ada{end}NOTE:a{end} b{end}END:VCARD{end}")
    assert [entry.card.as_json() for entry in found if isinstance(entry, Parsed)] == [
        {"names": [{"givenName": "Ada"}], "biographies": [{"value": "ab"}]}
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "latin-1", "cp1252"])
def test_every_encoding(encoding: str) -> None:
    (entry,) = entries("BEGIN:VCARD\nN:Ødegård;Søren\nEND:VCARD\n".encode(encoding))
    assert isinstance(entry, Parsed)
    assert entry.card.as_json() == {"names": [{"familyName": "Ødegård", "givenName": "Søren"}]}
    assert bool(entry.notes) == (encoding in ("latin-1", "cp1252"))


def test_quoted_printable_with_soft_breaks_and_a_charset() -> None:
    body = (
        "N;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:=D8deg=E5rd;S=\r\n=F8ren\r\n"
        "NOTE;QUOTED-PRINTABLE:one=0D=0A=\r\n two=3B\r\nTEL;CELL:1"
    )
    assert card(body, "2.1") == {
        "names": [{"familyName": "Ødegård", "givenName": "Søren"}],
        "phoneNumbers": [{"value": "1", "type": "mobile"}],
        "biographies": [{"value": "one\n two;"}],
    }


def test_eight_bit_values_in_their_own_charset() -> None:
    body = (
        b"N;CHARSET=SHIFT_JIS:"
        + "山田;太郎".encode("shift_jis")
        + b"\r\nNOTE;CHARSET=windows-1251:"
        + "Да".encode("cp1251")
    )
    assert card(body, "2.1") == {
        "names": [{"familyName": "山田", "givenName": "太郎"}],
        "biographies": [{"value": "Да"}],
    }


def test_the_reading_of_a_name_from_a_japanese_phone() -> None:
    body = "N:山田;太郎\r\nSOUND;X-IRMC-N;CHARSET=UTF-8:ヤマダ;タロウ;;;"
    assert card(body, "2.1") == {
        "names": [
            {
                "familyName": "山田",
                "givenName": "太郎",
                "phoneticFamilyName": "ヤマダ",
                "phoneticGivenName": "タロウ",
            }
        ]
    }


JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF"
IN_BASE64 = "/9j/4AAQSkZJRg=="
NO_PICTURE = (
    "photo left out: This is no picture that sharesync can read; choose a JPEG, PNG, WebP or GIF file."  # but its head
)


def held(text: str) -> bytes:
    """What the first photo of a card holds."""
    (card,) = raw_cards(f"BEGIN:VCARD\r\n{text}\r\nEND:VCARD\r\n".encode())
    assert isinstance(card, RawCard)
    return next((one.picture for one in card.properties if one.picture), b"")


@pytest.mark.parametrize(
    "photo",
    [
        "PHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQ\r\n SkZJRg==\r\n",
        "PHOTO;ENCODING=BASE64;JPEG:/9j/4AAQ\r\n SkZJRg==\r\n\r\n",
        "PHOTO;ENCODING=BASE64:/9j/4AAQSkZJRg==\r\n\r\n",
        "PHOTO;BASE64:\r\n  /9j/4AAQ\r\n  SkZJRg==\r\n\r\n",
        "PHOTO;TYPE=JPEG;ENCODING=BASE64:/9j/4AAQ\r\nSkZJRg==\r\n\r\n",
        "PHOTO;TYPE=JPEG;ENCODING=BASE64:\r\n /9j/4AAQ\r\n SkZJRg==\r\n\r\n",
        "PHOTO;JPEG:/9j/4AAQSkZJRg==\r\n",
        "PHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQSkZJRg\r\n",  # without what fills the last four letters
        (
            "PHOTO;ENCODING=b;TYPE=JPEG;X-ABCROP-RECTANGLE=ABClipRect_1&-9&20&283&283&W\r\n GHe9zKmBvRvhyIyYvN/1g=="
            ":/9j/4AAQSkZJRg==\r\n"
        ),
        'item1.PHOTO;X-IC-CROPRECT="0:0:100:100";ENCODING=b:/9j/4AAQSkZJRg==\r\nitem1.X-ABLabel:Ada\r\n',
        "PHOTO:data:image/jpeg;base64,/9j/4AAQ\r\n SkZJRg==\r\n",
        "PHOTO:data:image/jpeg\\;base64\\,/9j/4AAQSkZJRg==\r\n",
        "PHOTO;VALUE=uri;PREF=1:DATA:image/jpeg;charset=utf-8;base64,/9j/4AAQSkZJRg==\r\n",
        "PHOTO;ENCODING=b;TYPE=JPEG:data:image/jpeg;base64,/9j/4AAQSkZJRg==\r\n",
        "PHOTO;ENCODING=b:/9j/4AAQSkZJRg==\r\nPHOTO;ENCODING=b:\r\n",
    ],
)
def test_a_photo_comes_with_its_entry(photo: str) -> None:
    found = parsed(f"FN:Ada\r\n{photo}TEL:1")
    assert found.card.as_json() == {"names": [{"givenName": "Ada"}], "phoneNumbers": [{"value": "1"}]}
    assert (held(f"FN:Ada\r\n{photo}TEL:1"), set(kinds(found)) - {"photo left out", NO_PICTURE, "left out"}) == (
        JPEG,
        set(),
    )


def test_a_photo_of_hundreds_of_lines_comes_whole() -> None:
    content = bytes(range(256)) * 400
    lines = textwrap.wrap(base64.b64encode(content).decode(), 74)
    assert len(lines) > 1000
    for end, fold in (("\r\n", " "), ("\n", "\t"), ("\r\n", "")):
        text = "FN:Ada\nPHOTO;ENCODING=BASE64;JPEG:" + (end + fold).join(lines) + end + end + "TEL:1"
        assert held(text) == content
        assert parsed(text).card["phoneNumbers"][0].text("value") == "1"


def test_the_first_of_several_photos_is_it_and_the_others_are_named() -> None:
    first, second, address = (
        f"PHOTO;ENCODING=b:{IN_BASE64}\r\n",
        "PHOTO;ENCODING=b:AAAA\r\n",
        "PHOTO:https://photos.example/1.jpg\r\n",
    )
    for photos in (first + second, first + address, address + first):
        assert held(f"FN:Ada\r\n{photos}") == JPEG
        other = NO_PICTURE if second in photos else "photo left out"
        assert sorted(notes(f"FN:Ada\r\n{photos}")) == sorted([NO_PICTURE, other])
    assert notes(f"FN:Ada\r\n{first}") == (NO_PICTURE,)


@pytest.mark.parametrize(
    "photo",
    [
        "PHOTO;VALUE=uri:https://photos.example/1.jpg\r\n",
        "PHOTO:https://photos.example/1.jpg?" + "x" * 2000 + "\r\n",
        "PHOTO;ENCODING=b;VALUE=uri:https://photos.example/1.jpg\r\n",
        "PHOTO;VALUE=URL:cid:face@mail.example\r\n",
        "PHOTO:data:image/svg+xml,<svg/>\r\n",
        "PHOTO;ENCODING=b;TYPE=JPEG:AAAAA\r\n",  # a fifth letter says too little for another byte
    ],
)
def test_a_photo_that_is_only_an_address_or_broken_is_left_out_and_named(photo: str) -> None:
    found = parsed(f"FN:Ada\r\n{photo}TEL:1")
    assert found.card.as_json() == {"names": [{"givenName": "Ada"}], "phoneNumbers": [{"value": "1"}]}
    assert (held(f"FN:Ada\r\n{photo}TEL:1"), found.photo, kinds(found)) == (b"", None, ("photo left out",))


def test_an_entry_that_is_only_a_photo_is_no_contact() -> None:
    (entry,) = entries(f"BEGIN:VCARD\r\nPHOTO;ENCODING=b:{IN_BASE64}\r\nEND:VCARD\r\n")
    assert isinstance(entry, Bad)


def test_a_photo_is_written_as_iphones_write_it_and_vobject_reads_the_same() -> None:
    ada = Card.parse({"names": [{"givenName": "Ada"}]})
    content = bytes(range(256))
    text = "".join(pieces(ExportFormat.VCF, [Exported("c", 1, (), ada, content)]))
    assert "\r\nPHOTO;ENCODING=b;TYPE=JPEG:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIj\r\n JCUm" in text
    assert vobject.readOne(text).photo.value == content


def test_escapes() -> None:
    body = r"NOTE:a\, b\; c\: d\\n e\nf\N\"g\" C:\temp" + "\r\n" + r"ADR:;;Gade 1\; st\, tv;By\\en;;;"
    assert card(body) == {
        "addresses": [{"streetAddress": "Gade 1; st, tv", "city": "By\\en"}],
        "biographies": [{"value": 'a, b; c: d\\n e\nf\n"g" C:\\temp'}],
    }


def test_commas_stay_in_names_and_addresses_and_separate_nicknames() -> None:
    body = (
        "N:Ek;Åse;Maria,Lovisa;Dr.,Prof.;M.D.,Ph.D.\r\nADR:;;Gata 1,c/o Ek;Malmö;;;\r\nORG:Ek, Ek & Co\r\nNICKNAME:A,B"
    )
    assert card(body) == {
        "names": [
            {
                "familyName": "Ek",
                "givenName": "Åse",
                "middleName": "Maria, Lovisa",
                "honorificPrefix": "Dr., Prof.",
                "honorificSuffix": "M.D., Ph.D.",
            }
        ],
        "nicknames": [{"value": "A"}, {"value": "B"}],
        "addresses": [{"streetAddress": "Gata 1, c/o Ek", "city": "Malmö"}],
        "organizations": [{"name": "Ek, Ek & Co"}],
    }


def test_colons_and_semicolons_in_quoted_parameters_are_no_ends() -> None:
    assert card('TEL;X-NOTE="a:b;c";TYPE="work,voice":+45 1') == {"phoneNumbers": [{"value": "+45 1", "type": "work"}]}


# --- Cards ----------------------------------------------------------------------------------------------------------


def test_line_numbers_and_what_stands_around_cards() -> None:
    first = "hello\nworld\nBEGIN:VCARD\nFN:A\nEND:VCARD\n\n"
    text = first + "\ufeffbegin:vcard \nFN:B\nEND:vcard\nBEGIN:VCARD\nEND:VCARD\n\x1a"
    assert entries(text) == (
        Bad(1, Sentence("This line stands outside of any vCard: “hello”.")),
        Bad(2, Sentence("This line stands outside of any vCard: “world”.")),
        Parsed(3, Card.parse({"names": [{"givenName": "A"}]})),
        Parsed(7, Card.parse({"names": [{"givenName": "B"}]})),
        Bad(10, Sentence("There is nothing in this entry that a contact can hold.")),
    )


def test_a_missing_end_costs_nothing() -> None:
    text = "BEGIN:VCARD\nFN:A\nBEGIN:VCARD\nFN:B\n"
    assert entries(text) == (
        Parsed(1, Card.parse({"names": [{"givenName": "A"}]}), notes=(Sentence("the card's end is missing"),)),
        Parsed(3, Card.parse({"names": [{"givenName": "B"}]}), notes=(Sentence("the card's end is missing"),)),
    )


@pytest.mark.parametrize("agent", ["AGENT:\r\nBEGIN:VCARD", "AGENT:BEGIN:VCARD", "AGENT:\r\n\r\nBEGIN:VCARD\r\nTEL:9"])
def test_a_card_within_a_card_is_left_out(agent: str) -> None:
    body = f"FN:Boss\r\n{agent}\r\nFN:Assistant\r\nEND:VCARD\r\nTEL:1"
    assert card(body, "2.1") == {"names": [{"givenName": "Boss"}], "phoneNumbers": [{"value": "1"}]}


def test_a_line_that_is_no_property_costs_only_itself() -> None:
    assert card("FN:A\r\nwhatever this is\r\nTEL:1") == {
        "names": [{"givenName": "A"}],
        "phoneNumbers": [{"value": "1"}],
    }
    assert notes("FN:A\r\nwhatever this is") == ("a line that is no vCard left out",)


@pytest.mark.parametrize("kind", ["KIND:group", "X-ADDRESSBOOKSERVER-KIND:group"])
def test_a_group_card_is_a_note_that_names_it_and_its_members(kind: str) -> None:
    """Also before their cards have come, in either writing of a UID, and those whose cards are not in the file."""
    member = "MEMBER" if kind.startswith("KIND") else "X-ADDRESSBOOKSERVER-MEMBER"
    members = "".join(f"{member}:urn:uuid:{uid}\r\n" for uid in ("A-1", "b-2", "c-3"))
    group = f"BEGIN:VCARD\r\nN:Friends;;;;\r\nFN:Friends\r\n{kind}\r\n{members}NOTE:dear\r\nEND:VCARD\r\n"
    cards = "".join(
        f"BEGIN:VCARD\r\nFN:{name}\r\nUID:{uid}\r\nEND:VCARD\r\n"
        for name, uid in (("Ane", "urn:uuid:a-1"), ("Bo", "B-2"))
    )
    found = read((group + cards).encode())
    assert [entry.card.title for entry in found.entries if isinstance(entry, Parsed)] == ["Ane", "Bo"]
    assert [(note.line, note.kind, note.value) for note in found.notes] == [
        (1, GROUP, "Friends: Ane, Bo, urn:uuid:c-3"),
        (8, LEFT_OUT, "dear"),
    ]


def test_a_large_group_takes_as_many_notes_as_its_members_need() -> None:
    members = "".join(f"MEMBER:mailto:member{at}@x.test\r\n" for at in range(100))
    found = read(f"BEGIN:VCARD\r\nKIND:group\r\nFN:All\r\n{members}END:VCARD\r\n".encode())
    assert found.entries == ()
    said = "\n".join(found.notes)
    assert [at for at in range(100) if f"member{at}@" not in said] == []
    assert {note.value[:5] for note in found.notes} == {"All: "}


@pytest.mark.parametrize(
    "body",
    [
        "N:;;;;\r\nFN:Fjord & Co\r\nORG:Fjord & Co\r\nX-ABShowAs:COMPANY",
        "FN:Fjord & Co\r\nORG:Fjord & Co",
        "FN:Fjord & Co\r\nKIND:org",
        "N:;;;;\r\nFN:Fjord & Co\r\nX-ABShowAs:COMPANY",
    ],
)
def test_a_company_has_an_organization_and_no_name(body: str) -> None:
    assert card(body) == {"organizations": [{"name": "Fjord & Co"}]}


def test_a_full_name_counts_where_n_is_empty_unless_it_repeats_an_address() -> None:
    assert card("N:;;;;\r\nFN:Cher") == {"names": [{"givenName": "Cher"}]}
    assert card("N:Sarkisian;Cherilyn\r\nFN:Cher") == {
        "names": [{"familyName": "Sarkisian", "givenName": "Cherilyn"}],
        "userDefined": [{"key": "Display name", "value": "Cher"}],
    }
    assert card("FN:a@x.example\r\nEMAIL:a@x.example") == {"emailAddresses": [{"value": "a@x.example"}]}


# --- Properties -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("TEL;WORK;VOICE", "work"),
        ("TEL;HOME", "home"),
        ("TEL;CELL;PREF", "mobile"),
        ("TEL;TYPE=cell;TYPE=home", "mobile"),
        ("TEL;TYPE=WORK,CELL", "workMobile"),
        ("TEL;WORK;FAX", "workFax"),
        ("TEL;TYPE=HOME;TYPE=FAX", "homeFax"),
        ("TEL;FAX", "otherFax"),
        ("TEL;PAGER", "pager"),
        ("TEL;TYPE=work,pager", "workPager"),
        ("TEL;TYPE=MAIN", "main"),
        ("TEL;TYPE=other", "other"),
        ("TEL;type=IPHONE;type=CELL;type=VOICE", "mobile"),
        ("TEL;TYPE=Sommerhus", "Sommerhus"),
        ('TEL;VALUE=uri;TYPE="work,voice";PREF=1', "work"),
        ("TEL;TYPE=pref,voice", None),
        ("TEL", None),
        ("item1.X-ABLabel:_$!<Mobile>!$_\r\nitem1.TEL", "mobile"),
        ("item1.X-ABLabel:_$!<HomeFAX>!$_\r\nitem1.TEL;type=pref", "homeFax"),
        ("item1.X-ABLabel:Sommerhus\r\nitem1.TEL;type=HOME", "Sommerhus"),
    ],
)
def test_types_of_phones(head: str, expected: str | None) -> None:
    (phone,) = card(f"{head}:1")["phoneNumbers"]
    assert phone == ({"value": "1", "type": expected} if expected else {"value": "1"})


def test_the_preferred_value_comes_first() -> None:
    body = "EMAIL:c@x.example\r\nEMAIL;PREF=2:b@x.example\r\nEMAIL;TYPE=pref:a@x.example"
    assert [email["value"] for email in card(body)["emailAddresses"]] == ["a@x.example", "b@x.example", "c@x.example"]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("BDAY:19850102", {"date": {"year": 1985, "month": 1, "day": 2}}),
        ("BDAY:1985-01-02", {"date": {"year": 1985, "month": 1, "day": 2}}),
        ("BDAY;VALUE=date:1985-01-02", {"date": {"year": 1985, "month": 1, "day": 2}}),
        ("BDAY:1985-01-02T00:00:00Z", {"date": {"year": 1985, "month": 1, "day": 2}}),
        ("BDAY:19850102T000000", {"date": {"year": 1985, "month": 1, "day": 2}}),
        ("BDAY:--0102", {"date": {"month": 1, "day": 2}}),
        ("BDAY:--01-02", {"date": {"month": 1, "day": 2}}),
        ("BDAY;X-APPLE-OMIT-YEAR=1604:1604-01-02", {"date": {"month": 1, "day": 2}}),
        ("BDAY:1604-01-02", {"date": {"month": 1, "day": 2}}),
        ("BDAY:1985", {"date": {"year": 1985}}),
        ("BDAY:1985-02-31", {"text": "1985-02-31"}),
        ("BDAY:1985 ca", {"text": "1985 ca"}),
        ("BDAY:1985-01-02 -maybe", {"text": "1985-01-02 -maybe"}),
        ("BDAY;VALUE=text:circa 1800", {"text": "circa 1800"}),
    ],
)
def test_birthdays(line: str, expected: dict[str, Any]) -> None:
    assert card(line) == {"birthdays": [expected]}


def test_no_birthday_is_no_birthday() -> None:
    assert card("FN:A\r\nBDAY:0000-00-00") == {"names": [{"givenName": "A"}]}


def test_titles_find_their_organizations() -> None:
    assert card("ORG:One\r\nTITLE:Boss\r\nORG:Two;Sales;North\r\nTITLE:Clerk\r\nTITLE:Poet")["organizations"] == [
        {"name": "One", "title": "Boss"},
        {"name": "Two", "department": "Sales, North", "title": "Clerk"},
        {"title": "Poet"},
    ]
    assert card("item1.ORG:One\r\nitem2.ORG:Two\r\nitem2.TITLE:Clerk")["organizations"] == [
        {"name": "One"},
        {"name": "Two", "title": "Clerk"},
    ]


def test_an_address_as_on_an_envelope_counts_where_there_is_no_other() -> None:
    label = "LABEL;TYPE=HOME:Gade 1\\n1000 By"
    assert card(label) == {"addresses": [{"formattedValue": "Gade 1\n1000 By", "type": "home"}]}
    assert card("ADR;TYPE=HOME:;;Gade 1;By;;1000;\r\n" + label) == {
        "addresses": [{"streetAddress": "Gade 1", "city": "By", "postalCode": "1000", "type": "home"}]
    }


def test_messengers_relations_dates_and_profiles_of_many_programs() -> None:
    body = """
IMPP;X-SERVICE-TYPE=Skype;type=WORK:skype:ada%20b
IMPP:xmpp:ada@jabber.example
IMPP:sip:ada@sip.example
X-AIM:ada
item1.IMPP;X-SERVICE-TYPE=Signal:x-apple:ada
RELATED;VALUE=text;TYPE=spouse:Bo
RELATED;TYPE=friend:urn:uuid:1
X-EVOLUTION-MANAGER:Cy
item2.X-ABRELATEDNAMES:Di
item2.X-ABLabel:DOMESTIC_PARTNER
ANNIVERSARY:20090808T1430-0500
item3.X-ABDATE:1999-12-31
item3.X-ABLabel:Party
X-MS-ANNIVERSARY:someday
X-SOCIALPROFILE;type=mastodon:https://social.example/@ada
X-ANDROID-CUSTOM:vnd.android.cursor.item/nickname;Addie;1;;;;;;;;;;;;;
X-ANDROID-CUSTOM:vnd.android.cursor.item/contact_event;2001-02-03;1;;;;;;;;;;;;;
X-ANDROID-CUSTOM:vnd.android.cursor.item/relation;Ed;13;;;;;;;;;;;;;
"""
    assert card(body) == {
        "nicknames": [{"value": "Addie"}],
        "events": [
            {"date": {"year": 2009, "month": 8, "day": 8}, "type": "anniversary"},
            {"date": {"year": 1999, "month": 12, "day": 31}, "type": "Party"},
            {"date": {"year": 2001, "month": 2, "day": 3}, "type": "anniversary"},
        ],
        "urls": [{"value": "https://social.example/@ada", "type": "mastodon"}],
        "relations": [
            {"person": "Bo", "type": "spouse"},
            {"person": "Cy", "type": "manager"},
            {"person": "Di", "type": "domesticPartner"},
            {"person": "Ed", "type": "sister"},
        ],
        "imClients": [
            {"username": "ada b", "protocol": "skype", "type": "work"},
            {"username": "ada@jabber.example", "protocol": "jabber"},
            {"username": "ada", "protocol": "aim"},
            {"username": "ada", "protocol": "Signal"},
        ],
        "sipAddresses": [{"value": "sip:ada@sip.example"}],
    }
    assert notes(body) == (
        "left out",
        "a reference to another card left out",
        "a time of day left out",
        "a date that cannot be read left out",
    )


def test_unknown_properties_become_custom_fields_or_are_named() -> None:
    body = (
        "FN:A\nX-CUSTOMER-NUMBER:K-17\nitem1.X-ABLabel:Shoe size\nitem1.X-WHATEVER:45\nHOBBY;LEVEL=high:chess\n"
        f"X-LONG:{'x' * 1025}\nX-PICTURE;VALUE=uri:https://x.example/y\nX-EMPTY:;;\nX-ABUID:1\nUID:2\nGEO:1;2"
    )
    assert card(body)["userDefined"] == [
        {"key": "Customer number", "value": "K-17"},
        {"key": "Shoe size", "value": "45"},
        {"key": "Hobby", "value": "chess"},
    ]
    assert notes(body) == ("left out", "x-long left out", "x-picture left out", "position left out")
    assert parsed(body).notes[0] == "left out: line 7, HOBBY;LEVEL “high”"


def test_several_notes_are_one() -> None:
    assert card("NOTE:a\r\nNOTE:b\r\nNOTE:a") == {"biographies": [{"value": "a\n\nb"}]}


def test_labels_are_named_unless_every_contact_has_them() -> None:
    assert notes("FN:A\r\nCATEGORIES:myContacts") == ()
    assert notes("FN:A\r\nCATEGORIES:myContacts,VIP") == ("labels left out",)


def test_a_card_beyond_googles_limits_also_when_fitted_is_bad_and_the_reason_holds_no_value() -> None:
    titles = "".join(f"ORG:{at}\nTITLE:{'secret ' * 140}\n" for at in range(200))
    bad, good = entries(f"BEGIN:VCARD\nFN:A\n{titles}END:VCARD\nBEGIN:VCARD\nFN:B\nEND:VCARD\n")
    assert isinstance(bad, Bad)
    assert re.fullmatch(r"A contact may take 128 KB; this one takes \d+\.", bad.reason)
    assert isinstance(good, Parsed)


# --- Writing --------------------------------------------------------------------------------------------------------

RICH = {
    "names": [{"givenName": "Søren", "familyName": "Ødegård", "phoneticGivenName": "Soren"}],
    "emailAddresses": [{"value": "s@x.example", "type": "work"}, {"value": "t@x.example", "type": "Sommerhus"}],
    "phoneNumbers": [{"value": "+45 1", "type": "homeFax"}, {"value": "+45 2", "type": "other"}],
    "addresses": [{"type": "home", "streetAddress": "Gade 1, st", "city": "By", "countryCode": "DK"}],
    "organizations": [{"name": "Fjord; Co", "department": "Salg", "title": "Chef", "symbol": "FJO"}],
    "birthdays": [{"date": {"month": 4, "day": 14}}],
    "events": [{"date": {"year": 2010, "month": 6, "day": 17}, "type": "anniversary"}],
    "urls": [{"value": "https://x.example/?a=1,2;b", "type": "homePage"}],
    "relations": [{"person": "Bo", "type": "domesticPartner"}],
    "imClients": [{"username": "s", "protocol": "googleTalk"}, {"username": "s@y", "protocol": "Signal"}],
    "biographies": [{"value": 'one\ntwo, "three"'}],
    "userDefined": [{"key": "Kundenr.", "value": "17"}],
}


def written(value: dict[str, Any]) -> str:
    return "".join(pieces(ExportFormat.VCF, [Exported("c1", 1, (), Card.parse(value))]))


def test_a_vcard_says_it_in_the_words_of_google_and_apple() -> None:
    assert written(RICH).split("\r\n") == [
        "BEGIN:VCARD",
        "VERSION:3.0",
        "PRODID:-//sharesync//sharesync//EN",
        "N:Ødegård;Søren;;;",
        "FN:Søren Ødegård",
        "X-PHONETIC-FIRST-NAME:Soren",
        "EMAIL;TYPE=INTERNET;TYPE=WORK:s@x.example",
        "item1.EMAIL;TYPE=INTERNET:t@x.example",
        "item1.X-ABLabel:Sommerhus",
        "TEL;TYPE=HOME;TYPE=FAX:+45 1",
        "item2.TEL:+45 2",
        "item2.X-ABLabel:_$!<Other>!$_",
        "item3.ADR;TYPE=HOME:;;Gade 1\\, st;By;;;",
        "item3.X-ABADR:dk",
        "item4.ORG:Fjord\\; Co;Salg",
        "item4.TITLE:Chef",
        "item4.X-SHARESYNC-SYMBOL:FJO",
        "BDAY:--0414",
        "item5.X-ABDATE:2010-06-17",
        "item5.X-ABLabel:_$!<Anniversary>!$_",
        "item6.URL:https://x.example/?a=1,2;b",
        "item6.X-ABLabel:_$!<HomePage>!$_",
        "item7.X-ABRELATEDNAMES:Bo",
        "item7.X-ABLabel:DOMESTIC_PARTNER",
        "X-GTALK:s",
        'IMPP;X-SERVICE-TYPE="Signal":x-apple:s%40y',
        'NOTE:one\\ntwo\\, "three"',
        "item8.X-SHARESYNC-FIELD:17",
        "item8.X-ABLabel:Kundenr.",
        "END:VCARD",
        "",
    ]


def test_another_library_reads_the_same_in_what_we_write() -> None:
    (theirs,) = vobject.readComponents(written(RICH))
    assert theirs.fn.value == "Søren Ødegård"
    assert (theirs.n.value.family, theirs.n.value.given) == ("Ødegård", "Søren")
    assert [one.value for one in theirs.contents["email"]] == ["s@x.example", "t@x.example"]
    assert [one.value for one in theirs.contents["tel"]] == ["+45 1", "+45 2"]
    assert theirs.org.value == ["Fjord; Co", "Salg"]
    assert theirs.adr.value.street == "Gade 1, st"
    assert theirs.note.value == 'one\ntwo, "three"'


def test_a_company_is_shown_as_one_on_a_phone() -> None:
    lines = written({"organizations": [{"name": "Fjord & Co"}]}).split("\r\n")
    assert lines[3:6] == ["N:;;;;", "FN:Fjord & Co", "X-ABShowAs:COMPANY"]
