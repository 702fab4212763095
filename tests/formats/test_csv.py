"""CSV files as Google, Outlook and people's own spreadsheets write them; every expectation is written by hand."""

from __future__ import annotations

import time
from typing import Any

import pytest

from sharesync.errors import InvalidInput, Sentence
from sharesync.formats.file_reading import Bad, Entry, Format, Parsed, read
from sharesync.formats.ledger import Note, kind_of
from sharesync.formats.text import GUESSED
from sharesync.formats.typed_values import DESTROYED
from sharesync.model.card import Card

CURRENT = (
    "First Name,Middle Name,Last Name,Phonetic First Name,Phonetic Middle Name,Phonetic Last Name,Name Prefix"
    ",Name Suffix,Nickname,File As,Organization Name,Organization Title,Organization Department,Birthday,Notes,Photo"
    ",Labels,E-mail 1 - Label,E-mail 1 - Value,E-mail 2 - Label,E-mail 2 - Value,Phone 1 - Label,Phone 1 - Value"
    ",Address 1 - Label,Address 1 - Formatted,Address 1 - Street,Address 1 - City,Address 1 - PO Box,Address 1 - Region"
    ",Address 1 - Postal Code,Address 1 - Country,Address 1 - Extended Address,Relation 1 - Label"
    ",Relation 1 - Value,Website 1 - Label,Website 1 - Value,Event 1 - Label,Event 1 - Value,Custom Field 1 - Label"
    ",Custom Field 1 - Value\n"
)
OLD = (
    "Name,Given Name,Additional Name,Family Name,Yomi Name,Given Name Yomi,Additional Name Yomi,Family Name Yomi"
    ",Name Prefix,Name Suffix,Initials,Nickname,Short Name,Maiden Name,Birthday,Gender,Location,Billing Information"
    ",Directory Server,Mileage,Occupation,Hobby,Sensitivity,Priority,Subject,Notes,Language,Photo,Group Membership"
    ",E-mail 1 - Type,E-mail 1 - Value,E-mail 2 - Type,E-mail 2 - Value,Phone 1 - Type,Phone 1 - Value,Phone 2 - Type"
    ",Phone 2 - Value,Address 1 - Type,Address 1 - Formatted,Address 1 - Street,Address 1 - City,Address 1 - PO Box"
    ",Address 1 - Region,Address 1 - Postal Code,Address 1 - Country,Address 1 - Extended Address,Organization 1 - Type"
    ",Organization 1 - Name,Organization 1 - Yomi Name,Organization 1 - Title,Organization 1 - Department"
    ",Organization 1 - Symbol,Organization 1 - Location,Organization 1 - Job Description,Website 1 - Type"
    ",Website 1 - Value\n"
)


def entries(text: str, encoding: str = "utf-8") -> tuple[Entry, ...]:
    return read(text.encode(encoding)).entries


def only(text: str, encoding: str = "utf-8") -> dict[str, Any]:
    (entry,) = entries(text, encoding)
    assert isinstance(entry, Parsed), entry
    return entry.card.as_json()


def row(header: str, **cells: str) -> str:
    """A row under a header: column names in `cells` with `_` for what no Python name may hold."""
    names = header.strip().split(",")
    folded = {"".join(filter(str.isalnum, name)): name for name in names}
    by_name = {folded[name]: cell for name, cell in cells.items()}
    return ",".join('"' + by_name.get(name, "").replace('"', '""') + '"' for name in names) + "\n"


def test_the_current_google_header() -> None:
    text = CURRENT + row(
        CURRENT,
        FirstName="Þórunn",
        LastName="Ægisdóttir",
        PhoneticFirstName="Thorunn",
        Nickname="Tóta",
        OrganizationName="Norðurljós ehf.",
        OrganizationTitle="Forstjóri",
        Birthday=" --12-01",
        Notes='Says "hæ", then:\nnothing',
        Labels="* myContacts",
        Email1Label="* Work",
        Email1Value="thorunn@nordurljos.example ::: th@nordurljos.example",
        Email2Label="Privat",
        Email2Value="tota@heima.example",
        Phone1Label="Work Fax",
        Phone1Value="+354 555 0100",
        Address1Label="Home",
        Address1Formatted="Laugavegur 1\n101 Reykjavík\nIS",
        Address1Street="Laugavegur 1",
        Address1City="Reykjavík",
        Address1PostalCode="101",
        Address1Country="IS",
        Relation1Label="Domestic Partner",
        Relation1Value="Jón",
        Website1Label="Home Page",
        Website1Value="https://nordurljos.example",
        Event1Label="Anniversary",
        Event1Value="2010-06-17",
        CustomField1Label="Kennitala",
        CustomField1Value="engin",
    )
    assert read(text.encode()).format is Format.GOOGLE_CSV
    assert only(text) == {
        "names": [{"givenName": "Þórunn", "familyName": "Ægisdóttir", "phoneticGivenName": "Thorunn"}],
        "nicknames": [{"value": "Tóta"}],
        "emailAddresses": [
            {"value": "thorunn@nordurljos.example", "type": "work"},
            {"value": "th@nordurljos.example", "type": "work"},
            {"value": "tota@heima.example", "type": "Privat"},
        ],
        "phoneNumbers": [{"value": "+354 555 0100", "type": "workFax"}],
        "addresses": [
            {
                "type": "home",
                "streetAddress": "Laugavegur 1",
                "city": "Reykjavík",
                "postalCode": "101",
                "country": "IS",
            }
        ],
        "organizations": [{"name": "Norðurljós ehf.", "title": "Forstjóri"}],
        "birthdays": [{"date": {"month": 12, "day": 1}}],
        "biographies": [{"value": 'Says "hæ", then:\nnothing'}],
        "urls": [{"value": "https://nordurljos.example", "type": "homePage"}],
        "relations": [{"person": "Jón", "type": "domesticPartner"}],
        "events": [{"date": {"year": 2010, "month": 6, "day": 17}, "type": "anniversary"}],
        "userDefined": [{"key": "Kennitala", "value": "engin"}],
    }


def test_the_old_google_header_in_utf_16() -> None:
    text = OLD + row(
        OLD,
        Name="Åsa Öberg",
        GivenName="Åsa",
        FamilyName="Öberg",
        MaidenName="Ek",
        Occupation="Läkare",
        Hobby="Segling",
        Sensitivity="Normal",
        GroupMembership="Kunder ::: * My Contacts",
        Email1Type="Work",
        Email1Value="asa@oberg.example",
        Email2Type="* Home",
        Email2Value="asa@hem.example",
        Phone1Type="Mobile",
        Phone1Value="070-123 45 67 ::: 070-765 43 21",
        Organization1Name="Öberg & Ek",
        Organization1Title="VD",
        Organization1JobDescription="Allt",
        Website1Type="Blog",
        Website1Value="https://oberg.example",
    )
    (entry,) = entries(text, "utf-16")
    assert isinstance(entry, Parsed)
    assert entry.notes == ("labels left out: line 2, Group Membership “Kunder ::: * My Contacts”",)
    assert entry.card.as_json() == {
        "names": [{"givenName": "Åsa", "familyName": "Öberg"}],
        "nicknames": [{"value": "Ek", "type": "MAIDEN_NAME"}],
        "emailAddresses": [
            {"value": "asa@hem.example", "type": "home"},
            {"value": "asa@oberg.example", "type": "work"},
        ],
        "phoneNumbers": [
            {"value": "070-123 45 67", "type": "mobile"},
            {"value": "070-765 43 21", "type": "mobile"},
        ],
        "organizations": [{"name": "Öberg & Ek", "title": "VD", "jobDescription": "Allt"}],
        "occupations": [{"value": "Läkare"}],
        "urls": [{"value": "https://oberg.example", "type": "blog"}],
        "userDefined": [{"key": "Hobby", "value": "Segling"}],
    }


def test_several_addresses_in_one_block_are_taken_apart_part_by_part() -> None:
    text = CURRENT + row(CURRENT, Address1Label="Work", Address1Street="A 1 ::: B 2", Address1City="Aarhus ::: Bergen")
    assert only(text) == {
        "addresses": [
            {"type": "work", "streetAddress": "A 1", "city": "Aarhus"},
            {"type": "work", "streetAddress": "B 2", "city": "Bergen"},
        ]
    }


def test_a_name_that_is_only_the_company_is_no_name() -> None:
    text = OLD + row(OLD, Name="Fjord & Co", Organization1Name="Fjord & Co")
    assert only(text) == {"organizations": [{"name": "Fjord & Co"}]}
    assert only(OLD + row(OLD, Name="Cher")) == {"names": [{"givenName": "Cher"}]}


OUTLOOK = (
    "Title,First Name,Middle Name,Last Name,Suffix,Company,Department,Job Title,Business Street,Business Street 2"
    ",Business City,Business State,Business Postal Code,Business Country/Region,Home Street,Home City,Business Fax"
    ",Business Phone,Business Phone 2,Home Phone,Mobile Phone,Other Phone,Pager,Company Main Phone,Anniversary,Birthday"
    ",Categories,E-mail Address,E-mail Type,E-mail Display Name,E-mail 2 Address,Gender,Initials,Manager's Name,Notes"
    ",Priority,Private,Profession,Sensitivity,Spouse,User 1,Web Page\r\n"
)


def test_outlook() -> None:
    text = OUTLOOK + row(
        OUTLOOK,
        Title="Dr.",
        FirstName="Søren",
        LastName="Ødegård",
        Company="Fjeldmark A/S",
        JobTitle="Direktør",
        BusinessStreet="Havnegade 1",
        BusinessStreet2="3. sal",
        BusinessCity="Aarhus C",
        BusinessPostalCode="8000",
        BusinessCountryRegion="Danmark",
        HomeCity="Skanderborg",
        BusinessFax="+45 00 00 00 01",
        BusinessPhone="+45 00 00 00 02",
        BusinessPhone2="+45 00 00 00 03",
        MobilePhone="+45 00 00 00 04",
        CompanyMainPhone="+45 00 00 00 05",
        Anniversary="0/0/00",
        Birthday="3/21/1980",
        EmailAddress="soren@fjeldmark.example",
        EmailType="SMTP",
        EmailDisplayName="Søren Ødegård (soren@fjeldmark.example)",
        Gender="Unspecified",
        ManagersName="Inge",
        Priority="Normal",
        Private="False",
        Profession="Ingeniør",
        Sensitivity="Normal",
        User1="kvartalsvis",
        WebPage="http://fjeldmark.example",
    )
    (entry,) = entries(text, "cp1252")
    assert isinstance(entry, Parsed)
    assert read(text.encode("cp1252")).format is Format.OUTLOOK_CSV
    assert entry.notes == (GUESSED,)
    assert entry.card.as_json() == {
        "names": [{"honorificPrefix": "Dr.", "givenName": "Søren", "familyName": "Ødegård"}],
        "emailAddresses": [{"value": "soren@fjeldmark.example"}],
        "phoneNumbers": [
            {"value": "+45 00 00 00 01", "type": "workFax"},
            {"value": "+45 00 00 00 02", "type": "work"},
            {"value": "+45 00 00 00 03", "type": "work"},
            {"value": "+45 00 00 00 04", "type": "mobile"},
            {"value": "+45 00 00 00 05", "type": "main"},
        ],
        "addresses": [
            {
                "type": "work",
                "streetAddress": "Havnegade 1\n3. sal",
                "city": "Aarhus C",
                "postalCode": "8000",
                "country": "Danmark",
            },
            {"type": "home", "city": "Skanderborg"},
        ],
        "organizations": [{"name": "Fjeldmark A/S", "title": "Direktør"}],
        "occupations": [{"value": "Ingeniør"}],
        "birthdays": [{"date": {"year": 1980, "month": 3, "day": 21}}],
        "urls": [{"value": "http://fjeldmark.example"}],
        "relations": [{"person": "Inge", "type": "manager"}],
        "userDefined": [{"key": "User 1", "value": "kvartalsvis"}],
    }


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            (
                "Fornavn;Efternavn;Firma;Stilling;E-mail;Mobil;Telefon (arbejde);Adresse;Postnr.;By;Land;Fødselsdag"
                ";Bemærkninger\n"
                'Jørgen;Næs;"Skov; Mark A/S";Gårdejer;jn@skovmark.example;+45 00 00 00 10;+45 00 00 00 11;Åvej 2;4000'
                ";Roskilde;Danmark;21-03-1980;æøå\n"
            ),
            {
                "names": [{"givenName": "Jørgen", "familyName": "Næs"}],
                "emailAddresses": [{"value": "jn@skovmark.example"}],
                "phoneNumbers": [
                    {"value": "+45 00 00 00 10", "type": "mobile"},
                    {"value": "+45 00 00 00 11", "type": "work"},
                ],
                "addresses": [
                    {"streetAddress": "Åvej 2", "postalCode": "4000", "city": "Roskilde", "country": "Danmark"}
                ],
                "organizations": [{"name": "Skov; Mark A/S", "title": "Gårdejer"}],
                "birthdays": [{"date": {"year": 1980, "month": 3, "day": 21}}],
                "biographies": [{"value": "æøå"}],
            },
        ),
        (
            (
                "Navn\tSelskap\tTittel\tE-post\tMobiltelefon\tTelefon privat\tPoststed\tBursdag\tNettside\n"
                "Kåre Bjørnstad\tFjellrev AS\tDaglig leder\tkaare@fjellrev.example\t+47 00 00 00 00\t+47 00 00 00 01"
                "\tTromsø\t5.4.1971\tfjellrev.example\n"
            ),
            {
                "names": [{"givenName": "Kåre Bjørnstad"}],
                "emailAddresses": [{"value": "kaare@fjellrev.example"}],
                "phoneNumbers": [
                    {"value": "+47 00 00 00 00", "type": "mobile"},
                    {"value": "+47 00 00 00 01", "type": "home"},
                ],
                "addresses": [{"city": "Tromsø"}],
                "organizations": [{"name": "Fjellrev AS", "title": "Daglig leder"}],
                "birthdays": [{"date": {"year": 1971, "month": 4, "day": 5}}],
                "urls": [{"value": "fjellrev.example"}],
            },
        ),
        (
            (
                "sep=;\nFörnamn;Efternamn;Företag;Befattning;E-postadress;E-postadress 2;Arbetstelefon;Hemtelefon"
                ";Gatuadress;Ort;Födelsedag;Kundnummer\n"
                "Örjan;Ståhl;Björkö Bruk AB;Inköpare;orjan@bjorko.example;orjan@hem.example;08-465 004 01;08-465 004 02"
                ";Storgatan 1;Malmö;1985-01-02;K-17\n"
            ),
            {
                "names": [{"givenName": "Örjan", "familyName": "Ståhl"}],
                "emailAddresses": [{"value": "orjan@bjorko.example"}, {"value": "orjan@hem.example"}],
                "phoneNumbers": [
                    {"value": "08-465 004 01", "type": "work"},
                    {"value": "08-465 004 02", "type": "home"},
                ],
                "addresses": [{"streetAddress": "Storgatan 1", "city": "Malmö"}],
                "organizations": [{"name": "Björkö Bruk AB", "title": "Inköpare"}],
                "birthdays": [{"date": {"year": 1985, "month": 1, "day": 2}}],
                "userDefined": [{"key": "Kundnummer", "value": "K-17"}],
            },
        ),
    ],
    ids=["Danish", "Norwegian", "Swedish"],
)
def test_nordic_spreadsheets_in_every_encoding(text: str, expected: dict[str, Any], encoding: str) -> None:
    assert only(text, encoding) == expected


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_every_delimiter(delimiter: str) -> None:
    text = "Name,Email,Phone,Phone\nAda,ada@x.example,1 555 0100,1 555 0101\n".replace(",", delimiter)
    assert only(text) == {
        "names": [{"givenName": "Ada"}],
        "emailAddresses": [{"value": "ada@x.example"}],
        "phoneNumbers": [{"value": "1 555 0100"}, {"value": "1 555 0101"}],
    }


def test_slashed_dates_are_what_the_file_as_a_whole_says() -> None:
    def birthdays(*dates: str) -> list[Any]:
        found = entries("Name,Birthday\n" + "".join(f"N{at},{date}\n" for at, date in enumerate(dates)))
        return [entry.card.as_json()["birthdays"][0] for entry in found if isinstance(entry, Parsed)]

    january, february = {"year": 1985, "month": 1, "day": 2}, {"year": 1985, "month": 2, "day": 1}
    assert birthdays("1/2/1985", "12/24/1990")[0] == {"date": january}
    assert birthdays("1/2/1985", "24/12/1990")[0] == {"date": february}
    assert birthdays("1/2/1985")[0] == {"date": january}
    assert birthdays("1.2.1985")[0] == {"date": february}
    assert birthdays("around 1900") == [{"text": "around 1900"}]


@pytest.mark.parametrize(
    "cell",
    [
        "25. marts 1980",
        "25 Mar 1980",
        "25-mars-1980",
        "March 25th, 1980",
        "Mar. 25 1980",
        "25.März 1980",
        "25 mar, 1980",
    ],
)
def test_months_are_read_by_their_names(cell: str) -> None:
    assert only(f'Name,Birthday\nAda,"{cell}"\n')["birthdays"] == [{"date": {"year": 1980, "month": 3, "day": 25}}]


@pytest.mark.parametrize(
    "cell", ["25. brumaire 1980", "31. juni 1980", "Mar 1980", "0 maj 1980", "25.3.80", "29305", "1985 ca.", "1985 1"]
)
def test_what_is_no_certain_date_stays_as_it_was_typed(cell: str) -> None:
    assert only(f'Name,Birthday\nAda,"{cell}"\n')["birthdays"] == [{"text": cell}]


@pytest.mark.parametrize(
    ("cell", "time"),
    [
        ("1980-03-25T00:00:00Z", ""),
        ("25.3.1980 00:00", ""),
        ("3/25/1980 12:00:00 AM", ""),
        ("3/25/1980 12:00 PM", "12:00 PM"),
        ("25. marts 1980, 10:30", "10:30"),
        ("1980-03-25T10:30:00+01:00", "10:30:00+01:00"),
    ],
)
def test_a_time_behind_a_date_is_noted_unless_it_is_midnight(cell: str, time: str) -> None:
    (entry,) = entries(f'Name,Birthday\nAda,"{cell}"\n')
    assert isinstance(entry, Parsed)
    assert entry.card.as_json()["birthdays"] == [{"date": {"year": 1980, "month": 3, "day": 25}}]
    assert [(note.kind, note.value) for note in entry.notes if isinstance(note, Note)] == (
        [("a time of day left out", time)] if time else []
    )


def test_a_date_by_its_month_needs_no_year() -> None:
    assert only("Name,Birthday\nAda,29. februar\n")["birthdays"] == [{"date": {"month": 2, "day": 29}}]


@pytest.mark.parametrize(
    ("cell", "numbers"),
    [
        ("33112233 / 20304050", ["33112233", "20304050"]),
        ("+45 33 11 22 33, (0170) 123456;20-30-40-50", ["+45 33 11 22 33", "(0170) 123456", "20-30-40-50"]),
        ("0170/1234567", ["0170/1234567"]),
        ("33112233 / 34", ["33112233 / 34"]),
        ("33112233,123456", ["33112233,123456"]),
        ("33112233;ext=123456", ["33112233 ext. 123456"]),
        ('=""0045 33112233""', ["0045 33112233"]),
    ],
)
def test_several_numbers_in_a_cell_are_several_where_each_is_whole(cell: str, numbers: list[str]) -> None:
    assert [item["value"] for item in only(f'Name,Phone\nAda,"{cell}"\n')["phoneNumbers"]] == numbers


def test_a_number_that_a_spreadsheet_rounded_is_left_out_of_any_column_and_makes_no_company() -> None:
    bo, ane = entries("Name,Email,EAN,Room,Notes\nBo,b@x.test,5.79E+12,2E10,1.5E+09\nAne,a@x.test,#NAVN?,,\n")
    assert isinstance(bo, Parsed)
    assert [kind_of(note) for note in bo.notes] == [DESTROYED]
    assert bo.card.as_json()["userDefined"] == [{"key": "Room", "value": "2E10"}]
    assert bo.card.as_json()["biographies"] == [{"value": "1.5E+09"}]
    assert isinstance(ane, Parsed)
    assert ane.card.as_json()["names"] == [{"givenName": "Ane"}]


def test_line_numbers_are_those_of_the_file_and_a_bad_row_stops_no_other() -> None:
    text = (
        "Name,Email,Notes\r\n"  # 1
        '"Ada","ada@x.example","two\r\nlines"\r\n'  # 2, 3
        "\r\n"  # 4
        "#N/A,,\r\n"  # 5
        ",,\r\n"  # 6, blank
        'Cyd,cyd@x.example,"never closed\r\n'  # 7
        "Dee,dee@x.example,\r\n"  # 8
    )
    first, bad, unclosed, last = entries(text)
    assert isinstance(first, Parsed)
    assert (first.line, first.card["biographies"][0].text("value")) == (2, "two\nlines")
    assert bad == Bad(5, Sentence("There is nothing in this entry that a contact can hold."))
    assert isinstance(unclosed, Parsed)
    assert (unclosed.line, unclosed.card["biographies"][0].text("value")) == (7, "never closed")
    assert unclosed.notes == ("a quotation mark that is never closed passed over",)
    assert isinstance(last, Parsed)
    assert (last.line, last.card["names"][0].text("givenName")) == (8, "Dee")


def test_a_row_with_nothing_that_a_contact_holds_is_bad() -> None:
    (entry,) = entries("Name,Categories\n,Friends\n")
    assert entry == Bad(2, Sentence("There is nothing in this entry that a contact can hold."))


def test_a_broken_byte_in_a_file_of_utf_8_costs_only_itself() -> None:
    first, second = read("Navn;By\nJørgen Næs;Å".encode() + b"\xe6rhus\n" + "Åse;Ærø\n".encode()).entries
    assert isinstance(first, Parsed)
    assert isinstance(second, Parsed)
    assert first.card.as_json() == {"names": [{"givenName": "Jørgen Næs"}], "addresses": [{"city": "Århus"}]}
    assert first.notes == ("letters that cannot be read left out",)
    assert second == Parsed(3, Card.parse({"names": [{"givenName": "Åse"}], "addresses": [{"city": "Ærø"}]}))


def test_cells_beyond_the_header_are_fields_of_their_own() -> None:
    assert only("Name,Email\nAda,ada@x.example,x,\n")["userDefined"] == [{"key": "Column 3", "value": "x"}]
    text = "Name,Email\n" + "Bo,bo@x.example\n" * 60 + "Ada,ada@x.example,x,\n"
    last = entries(text)[-1]
    assert isinstance(last, Parsed)
    assert last.card.as_json()["userDefined"] == [{"key": "Column 3", "value": "x"}]


def test_unclosed_quotation_marks_all_over_a_large_file_cost_no_time() -> None:
    text = "Name,Email\n" + '"Ada,ada@x.example\n' * 9999
    begun = time.process_time()
    assert entries(text)
    assert time.process_time() - begun < 5


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b" \n\n",
        b"Dear all,\nhere are the numbers.\n",
        b"PK\x03\x04\x14\x00",
        b"\x89PNG\r\n",
        b"a,b,c\n1,2,3\n",
        b"<html>",
    ],
)
def test_what_is_no_file_of_contacts_is_refused_in_one_sentence(data: bytes) -> None:
    with pytest.raises(InvalidInput, match=r"^“x\.txt” .*(accepted are vCard|save it as CSV).*\.$"):
        read(data, "x.txt")
