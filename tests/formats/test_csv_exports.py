"""The exports of address books, mail programs and CRMs, by the headings that they write.

The people are invented. Each heading is one that the program's own export, its documentation or, for Outlook in other
languages than English, the table by which Exchange reads such exports gives.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest

from sharesync.errors import InvalidInput
from sharesync.formats.file_reading import FileReading, Format, Parsed, read
from sharesync.model.card import Card

IMPORTS = Path(__file__).parent / "imports"


def file(header: str, *rows: str, delimiter: str = "|") -> bytes:
    """A file with commas of a header and rows that are written with bars."""
    out = io.StringIO()
    csv.writer(out).writerows(line.split(delimiter) for line in (header, *rows))
    return out.getvalue().encode()


def card(reading: FileReading, at: int = 0) -> dict[str, Any]:
    one = reading.entries[at]
    assert isinstance(one, Parsed), one
    return one.card.as_json()


def notes(reading: FileReading) -> list[str]:
    return [str(note) for one in reading.entries if isinstance(one, Parsed) for note in one.notes]


OUTLOOK = {
    "English": (
        "Title|First Name|Middle Name|Last Name|Suffix|Company|Department|Job Title|Business Street|Business Street 2"
        "|Business City|Business State|Business Postal Code|Business Country/Region|Home Street|Home City"
        "|Home Postal Code|Other City|Business Fax|Business Phone|Business Phone 2|Callback|Car Phone|Home Fax"
        "|Home Phone|ISDN|Mobile Phone|Other Phone|Pager|Telex|Anniversary|Assistant's Name|Assistant's Phone|Birthday"
        "|Business Address PO Box|Children|E-mail Address|E-mail Type|E-mail Display Name|E-mail 2 Address|Gender"
        "|Initials|Manager's Name|Notes|Priority|Private|Profession|Sensitivity|Spouse|User 1|Web Page"
    ),
    "Danish": (
        "Titel|Fornavn|Mellemnavn|Efternavn|Suffiks|Firma|Afdeling|Stilling|Gade (arbejde)|Gade 2 (firma)"
        "|By (arbejde)|Område (arbejde)|Postnummer (arbejde)|Land/område (arbejde)|Gade (privat)|By (privat)"
        "|Postnummer (privat)|Anden by|Fax (arbejde)|Telefon (arbejde)|Telefon 2 (arbejde)|Tilbagekald|Biltelefon"
        "|Fax (privat)|Telefon (privat)|ISDN|Mobiltelefon|Anden telefon|Personsøger|Telex|Mærkedag|Assistentens navn"
        "|Assistentens telefon|Fødselsdag|Adresse, postboks (arbejde)|Børn|E-mail-adresse|E-mail-type|E-mail-vist navn"
        "|E-mail 2-adresse|Køn|Initialer|Navn på overordnet|Notater|Prioritet|Privat|Profession|Følsomhed|Ægtefælle"
        "|Bruger 1|webside"
    ),
    "Norwegian": (
        "Tittel|Fornavn|Mellomnavn|Etternavn|Suffiks|Firma|Avdeling|Stilling|Adresse, arb.: Gate/vei"
        "|Adresse 2, arb.: Gate/vei|Adresse, arb.: Poststed|Adresse, arb.: Område|Adresse, arb.: Postnummer"
        "|Firmaland/område|Adresse, priv.: Gate/vei|Adresse, priv.: Poststed|Adresse, priv.: Postnummer"
        "|Annen adresse: Poststed|Telefaks, arb.|Telefon, arb.|Telefon 2, arb.|Tilbakeringing|Biltelefon"
        "|Telefaks, priv.|Telefon, priv.|ISDN|Mobiltelefon|Annen telefon|Personsøker|Teleks|Merkedag|Assistentens navn"
        "|Assistentens telefonnummer|Fødselsdag|Adresse, arb.: Postboks|Barn|E-postadresse|E-posttype"
        "|Visningsnavn for e-post|E-postadresse 2|Kjønn|Initialer|Overordnedes navn|Notater|Prioritet|Privat|Yrke"
        "|Følsomhet|Ektefelle|Bruker 1|Webside"
    ),
    "Swedish": (
        "Titel|Förnamn|Mellannamn|Efternamn|Namnsuffix|Företag|Avdelning|Befattning|Gatuadress, arbete"
        "|Gatuadress 2, arbete|Ort, arbete|Region, arbete|Postadress, arbete|Land, arbete|Gatuadress, hem|Hemort"
        "|Postnr, hem|Annan ort|Fax arbete|Arbete|Telefon 2, arbete|Motringning|Biltelefon|Fax, hem|Hem|ISDN"
        "|Mobiltelefon|Telefon, annan|Personsökare|Telex|Årsdag|Namn, assistent|Telefon, assistent|Födelsedag"
        "|Arbetsadress, box|Barn|E-postadress|E-posttyp|E-postnamn|E-postadress 2|Kön|Initialer|Namn, chef"
        "|Anteckningar|Prioritet|Privat|Yrke|Känslighet|Make maka|Användare 1|Webbsida"
    ),
    "German": (
        "Anrede|Vorname|Weitere Vornamen|Nachname|Suffix|Firma|Abteilung|Position|Straße geschäftlich"
        "|Straße geschäftlich 2|Ort geschäftlich|Region geschäftlich|Postleitzahl geschäftlich|Land/Region geschäftlich"
        "|Straße privat|Ort privat|Postleitzahl privat|Weiterer Ort|Fax geschäftlich|Telefon geschäftlich"
        "|Telefon geschäftlich 2|Rückmeldung|Autotelefon|Fax privat|Telefon privat|ISDN|Mobiltelefon|Weiteres Telefon"
        "|Pager|Telex|Jahrestag|Name Assistent|Telefon Assistent|Geburtstag|Postfach geschäftlich|Kinder"
        "|E-Mail-Adresse|E-Mail-Typ|E-Mail: Angezeigter Name|E-Mail 2: Adresse|Geschlecht|Initialen"
        "|Name des/der Vorgesetzten|Notizen|Priorität|Privat|Beruf|Vertraulichkeit|Partner|Benutzer 1|Webseite"
    ),
}
OUTLOOK_ROW = (
    "Dr.|Ane|Li|Vig|jr.|Vig ApS|Salg|Chefrådgiver|Vej 1|2. sal|Holte|Nord|2840|Danmark|Allé 3|Lyngby|2800|Farum|1001"
    "|1002|1003|1004|1005|1006|1007|1008|1009|1010|1011|1012|17.6.2010|Bo|1013|25.3.1980|77|Ci|ane@vig.test|SMTP"
    "|Ane Vig (ane@vig.test)|a2@vig.test|Unspecified|A.L.V.|Di|en note|Normal|False|Rådgiver|Normal|Eli|kvartal"
    "|http://vig.test"
)
OUTLOOK_CARD = {
    "names": [
        {
            "honorificPrefix": "Dr.",
            "givenName": "Ane",
            "middleName": "Li",
            "familyName": "Vig",
            "honorificSuffix": "jr.",
        }
    ],
    "emailAddresses": [{"value": "ane@vig.test"}, {"value": "a2@vig.test"}],
    "phoneNumbers": [
        {"value": "1001", "type": "workFax"},
        {"value": "1002", "type": "work"},
        {"value": "1003", "type": "work"},
        {"value": "1004", "type": "callback"},
        {"value": "1005", "type": "car"},
        {"value": "1006", "type": "homeFax"},
        {"value": "1007", "type": "home"},
        {"value": "1008", "type": "isdn"},
        {"value": "1009", "type": "mobile"},
        {"value": "1010", "type": "other"},
        {"value": "1011", "type": "pager"},
        {"value": "1012", "type": "telex"},
        {"value": "1013", "type": "assistant"},
    ],
    "addresses": [
        {
            "type": "work",
            "streetAddress": "Vej 1\n2. sal",
            "city": "Holte",
            "region": "Nord",
            "postalCode": "2840",
            "country": "Danmark",
            "poBox": "77",
        },
        {"type": "home", "streetAddress": "Allé 3", "city": "Lyngby", "postalCode": "2800"},
        {"type": "other", "city": "Farum"},
    ],
    "organizations": [{"name": "Vig ApS", "department": "Salg", "title": "Chefrådgiver"}],
    "occupations": [{"value": "Rådgiver"}],
    "birthdays": [{"date": {"year": 1980, "month": 3, "day": 25}}],
    "events": [{"date": {"year": 2010, "month": 6, "day": 17}, "type": "anniversary"}],
    "urls": [{"value": "http://vig.test"}],
    "relations": [
        {"person": "Bo", "type": "assistant"},
        {"person": "Ci", "type": "child"},
        {"person": "Di", "type": "manager"},
        {"person": "Eli", "type": "spouse"},
    ],
    "biographies": [{"value": "en note"}],
}


@pytest.mark.parametrize("language", OUTLOOK)
def test_outlook_in_five_languages_is_one_card(language: str) -> None:
    reading = read(file(OUTLOOK[language], OUTLOOK_ROW))
    found = card(reading)
    assert found.pop("userDefined")[0]["value"] == "kvartal"
    assert found == OUTLOOK_CARD
    assert notes(reading) == []
    assert reading.format is Format.OUTLOOK_CSV


def test_outlooks_bookkeeping_stands_where_somebody_has_filled_it() -> None:
    row = OUTLOOK_ROW.replace("|Normal|False|", "|High|True|").replace("Unspecified", "Female").replace("SMTP", "EX")
    for language, header in OUTLOOK.items():
        custom = {one["value"] for one in card(read(file(header, row)))["userDefined"]}
        assert custom == {"High", "True", "Female", "kvartal"}, language


WORLD: dict[str, tuple[str, str, dict[str, Any]]] = {
    "Outlook 365": (
        (
            "First Name|Middle Name|Last Name|Title|Suffix|Nickname|Given Yomi|Surname Yomi"
            "|E-mail Address|E-mail 2 Address"
            "|E-mail 3 Address|Home Phone|Business Phone|Mobile Phone|Primary Phone|Company Main Phone"
            "|IMAddress|Job Title"
            "|Company|Office Location|Company Yomi|Business Street|Other Street|Other Country/Region|Personal Web Page"
            "|Schools|Web Page|Birthday"
        ),
        (
            "Ane||Vig|Dr.||Annie|An|Vi|a@vig.test|b@vig.test|c@vig.test|1001|1002|1003|1004|1005|ane.im|Boss|Vig ApS|B2"
            "|Fig|Vej 1|Vej 2|Norge|http://me.test|KU|http://vig.test|12/1/1985"
        ),
        {
            "names": [
                {
                    "honorificPrefix": "Dr.",
                    "givenName": "Ane",
                    "familyName": "Vig",
                    "phoneticGivenName": "An",
                    "phoneticFamilyName": "Vi",
                }
            ],
            "nicknames": [{"value": "Annie"}],
            "emailAddresses": [{"value": "a@vig.test"}, {"value": "b@vig.test"}, {"value": "c@vig.test"}],
            "phoneNumbers": [
                {"value": "1001", "type": "home"},
                {"value": "1002", "type": "work"},
                {"value": "1003", "type": "mobile"},
                {"value": "1004", "type": "main"},
                {"value": "1005", "type": "main"},
            ],
            "addresses": [
                {"type": "work", "streetAddress": "Vej 1"},
                {"type": "other", "streetAddress": "Vej 2", "country": "Norge"},
            ],
            "organizations": [{"name": "Vig ApS", "title": "Boss", "location": "B2", "phoneticName": "Fig"}],
            "birthdays": [{"date": {"year": 1985, "month": 12, "day": 1}}],
            "urls": [{"value": "http://me.test", "type": "home"}, {"value": "http://vig.test"}],
            "imClients": [{"username": "ane.im"}],
            "userDefined": [{"key": "Schools", "value": "KU"}],
        },
    ),
    "Thunderbird": (
        (
            "First Name|Last Name|Display Name|Nickname|Primary Email|Secondary Email|Screen Name|Work Phone|Home Phone"
            "|Fax Number|Pager Number|Mobile Number|Home Address|Home Address 2|Home City|Home State|Home ZipCode"
            "|Home Country|Work Address|Work City|Job Title|Department|Organization|Web Page 1|Web Page 2|Birth Year"
            "|Birth Month|Birth Day|Custom 1|Notes|"
        ),
        (
            "Ane|Vig|Ane Vig|Annie|a@vig.test|b@vig.test|anevig|1001|1002|1003|1004|1005|Vej 1|2. sal|Holte|Nord|2840"
            "|Danmark|Vej 2|Farum|Boss|Salg|Vig ApS|http://vig.test|http://me.test|1980|3|25|blå|hej|"
        ),
        {
            "names": [{"givenName": "Ane", "familyName": "Vig"}],
            "nicknames": [{"value": "Annie"}],
            "emailAddresses": [{"value": "a@vig.test"}, {"value": "b@vig.test"}],
            "phoneNumbers": [
                {"value": "1001", "type": "work"},
                {"value": "1002", "type": "home"},
                {"value": "1003", "type": "otherFax"},
                {"value": "1004", "type": "pager"},
                {"value": "1005", "type": "mobile"},
            ],
            "addresses": [
                {
                    "type": "home",
                    "streetAddress": "Vej 1\n2. sal",
                    "city": "Holte",
                    "region": "Nord",
                    "postalCode": "2840",
                    "country": "Danmark",
                },
                {"type": "work", "streetAddress": "Vej 2", "city": "Farum"},
            ],
            "organizations": [{"name": "Vig ApS", "title": "Boss", "department": "Salg"}],
            "birthdays": [{"date": {"year": 1980, "month": 3, "day": 25}}],
            "urls": [{"value": "http://vig.test"}, {"value": "http://me.test"}],
            "imClients": [{"username": "anevig"}],
            "biographies": [{"value": "hej"}],
            "userDefined": [{"key": "Custom 1", "value": "blå"}],
        },
    ),
    "Thunderbird in German": (
        (
            "Vorname|Nachname|Anzeigename|Spitzname|Primäre E-Mail-Adresse|Sekundäre E-Mail-Adresse|Messenger-Name"
            "|Tel. dienstlich|Tel. privat|Fax-Nummer|Pager-Nummer|Mobil-Tel.-Nr.|Privat: Adresse"
            "|Privat: Ort|Privat: PLZ"
            "|Dienstlich: Adresse|Dienstlich: Adresse 2|Dienstlich: Bundesland|Arbeitstitel|Abteilung|Organisation"
            "|Webseite 1|Geburtsjahr|Geburtsmonat|Geburtstag|Notizen"
        ),
        (
            "Jörg|Weiß|Jörg Weiß|Jo|j@weiss.test|j2@weiss.test|jorg|1001|1002|1003|1004|1005|Weg 1|Ulm"
            "|89073|Weg 2|Haus B"
            "|Bayern|Chef|Vertrieb|Weiß AG|http://weiss.test|1980|3|25|hallo"
        ),
        {
            "names": [{"givenName": "Jörg", "familyName": "Weiß"}],
            "nicknames": [{"value": "Jo"}],
            "emailAddresses": [{"value": "j@weiss.test"}, {"value": "j2@weiss.test"}],
            "phoneNumbers": [
                {"value": "1001", "type": "work"},
                {"value": "1002", "type": "home"},
                {"value": "1003", "type": "otherFax"},
                {"value": "1004", "type": "pager"},
                {"value": "1005", "type": "mobile"},
            ],
            "addresses": [
                {"type": "home", "streetAddress": "Weg 1", "city": "Ulm", "postalCode": "89073"},
                {"type": "work", "streetAddress": "Weg 2\nHaus B", "region": "Bayern"},
            ],
            "organizations": [{"name": "Weiß AG", "title": "Chef", "department": "Vertrieb"}],
            "birthdays": [{"date": {"year": 1980, "month": 3, "day": 25}}],
            "urls": [{"value": "http://weiss.test"}],
            "imClients": [{"username": "jorg"}],
            "biographies": [{"value": "hallo"}],
        },
    ),
    "Yahoo": (
        (
            "First|Middle|Last|Nickname|Email|Category|Messenger ID|Home|Work|Pager|Fax|Mobile|Other|Primary"
            "|Alternate Email 1|Alternate Email 2|Personal Website|Business Website|Title|Company"
            "|Work Address|Work City"
            "|Work State|Work ZIP|Home Address|Home Town|Home County|Home Post Code|Birthday"
            "|Anniversary|Comments|Skype ID"
        ),
        (
            "Ane|Li|Vig|Annie|a@vig.test||anevig|33 00 00 01|33 00 00 02|33 00 00 03|33 00 00 04"
            "|20 00 00 05|33 00 00 06"
            "|33 00 00 07|b@vig.test|c@vig.test|http://me.test|http://vig.test|Boss|Vig ApS|Vej 1|Holte|Nord|2840|Vej 2"
            "|Farum|Syd|3520|3/25/1980|6/17/2010|hej|ane.skype"
        ),
        {
            "names": [{"givenName": "Ane", "middleName": "Li", "familyName": "Vig"}],
            "nicknames": [{"value": "Annie"}],
            "emailAddresses": [{"value": "a@vig.test"}, {"value": "b@vig.test"}, {"value": "c@vig.test"}],
            "phoneNumbers": [
                {"value": "33 00 00 01", "type": "home"},
                {"value": "33 00 00 02", "type": "work"},
                {"value": "33 00 00 03", "type": "pager"},
                {"value": "33 00 00 04", "type": "otherFax"},
                {"value": "20 00 00 05", "type": "mobile"},
                {"value": "33 00 00 06", "type": "other"},
                {"value": "33 00 00 07", "type": "main"},
            ],
            "addresses": [
                {"type": "work", "streetAddress": "Vej 1", "city": "Holte", "region": "Nord", "postalCode": "2840"},
                {"type": "home", "streetAddress": "Vej 2", "city": "Farum", "region": "Syd", "postalCode": "3520"},
            ],
            "organizations": [{"name": "Vig ApS", "title": "Boss"}],
            "birthdays": [{"date": {"year": 1980, "month": 3, "day": 25}}],
            "events": [{"date": {"year": 2010, "month": 6, "day": 17}, "type": "anniversary"}],
            "urls": [{"value": "http://me.test", "type": "home"}, {"value": "http://vig.test", "type": "work"}],
            "imClients": [{"username": "anevig"}, {"username": "ane.skype", "protocol": "skype"}],
            "biographies": [{"value": "hej"}],
        },
    ),
    "HubSpot": (
        (
            "Record ID|First Name|Last Name|Email|Phone Number|Contact owner|Associated Company|Lead Status|Job Title"
            "|Mobile Phone Number|Street Address|City|State/Region|Postal Code|Country/Region|Company Name|Website URL"
            "|Fax Number|Salutation"
        ),
        (
            "51|Ane|Vig|a@vig.test|1001|Bo Nul|Vig ApS|Open|Boss|1002|Vej 1|Holte|Nord|2840|Danmark|"
            "|http://vig.test|1003"
            "|Dr."
        ),
        {
            "names": [{"honorificPrefix": "Dr.", "givenName": "Ane", "familyName": "Vig"}],
            "emailAddresses": [{"value": "a@vig.test"}],
            "phoneNumbers": [
                {"value": "1001"},
                {"value": "1002", "type": "mobile"},
                {"value": "1003", "type": "otherFax"},
            ],
            "addresses": [
                {
                    "streetAddress": "Vej 1",
                    "city": "Holte",
                    "region": "Nord",
                    "postalCode": "2840",
                    "country": "Danmark",
                }
            ],
            "organizations": [{"name": "Vig ApS", "title": "Boss"}],
            "urls": [{"value": "http://vig.test"}],
            "userDefined": [
                {"key": "Record ID", "value": "51"},
                {"key": "Contact owner", "value": "Bo Nul"},
                {"key": "Lead Status", "value": "Open"},
            ],
        },
    ),
    "Salesforce": (
        (
            "Salutation|FirstName|LastName|Title|Account Name|MailingStreet|MailingCity|MailingState|MailingPostalCode"
            "|MailingCountry|OtherStreet|OtherCity|Phone|Fax|MobilePhone|HomePhone|OtherPhone"
            "|AssistantPhone|AssistantName"
            "|Email|Department|Birthdate|Description|LeadSource"
        ),
        (
            "Dr.|Ane|Vig|Boss|Vig ApS|Vej 1|Holte|Nord|2840|Danmark|Vej 2|Farum|1001|1002|1003|1004|1005|1006|Bo"
            "|a@vig.test|Salg|1980-03-25|hej|Web"
        ),
        {
            "names": [{"honorificPrefix": "Dr.", "givenName": "Ane", "familyName": "Vig"}],
            "emailAddresses": [{"value": "a@vig.test"}],
            "phoneNumbers": [
                {"value": "1001"},
                {"value": "1002", "type": "otherFax"},
                {"value": "1003", "type": "mobile"},
                {"value": "1004", "type": "home"},
                {"value": "1005", "type": "other"},
                {"value": "1006", "type": "assistant"},
            ],
            "addresses": [
                {
                    "type": "Mailing",
                    "streetAddress": "Vej 1",
                    "city": "Holte",
                    "region": "Nord",
                    "postalCode": "2840",
                    "country": "Danmark",
                },
                {"type": "other", "streetAddress": "Vej 2", "city": "Farum"},
            ],
            "organizations": [{"name": "Vig ApS", "title": "Boss", "department": "Salg"}],
            "birthdays": [{"date": {"year": 1980, "month": 3, "day": 25}}],
            "relations": [{"person": "Bo", "type": "assistant"}],
            "biographies": [{"value": "hej"}],
            "userDefined": [{"key": "LeadSource", "value": "Web"}],
        },
    ),
    "Zoho": (
        (
            "Record Id|Contact Owner|First Name|Last Name|Account Name|Email|Title|Phone|Home Phone"
            "|Other Phone|Fax|Mobile"
            "|Date of Birth|Assistant|Asst Phone|Email Opt Out|Skype ID|Secondary Email|Reporting To|Mailing Street"
            "|Other Street|Mailing City|Mailing State|Mailing Zip|Other Zip|Mailing Country|Description"
        ),
        (
            "zcrm_1|Bo|Ane|Vig|Vig ApS|a@vig.test|Boss|1001|1002|1003|1004|1005|1980-03-25|Ci|1006|false|ane.skype"
            "|b@vig.test||Vej 1|Vej 2|Holte|Nord|2840|3520|Danmark|hej"
        ),
        {
            "names": [{"givenName": "Ane", "familyName": "Vig"}],
            "emailAddresses": [{"value": "a@vig.test"}, {"value": "b@vig.test"}],
            "phoneNumbers": [
                {"value": "1001"},
                {"value": "1002", "type": "home"},
                {"value": "1003", "type": "other"},
                {"value": "1004", "type": "otherFax"},
                {"value": "1005", "type": "mobile"},
                {"value": "1006", "type": "assistant"},
            ],
            "addresses": [
                {
                    "type": "Mailing",
                    "streetAddress": "Vej 1",
                    "city": "Holte",
                    "region": "Nord",
                    "postalCode": "2840",
                    "country": "Danmark",
                },
                {"type": "other", "streetAddress": "Vej 2", "postalCode": "3520"},
            ],
            "organizations": [{"name": "Vig ApS", "title": "Boss"}],
            "birthdays": [{"date": {"year": 1980, "month": 3, "day": 25}}],
            "relations": [{"person": "Ci", "type": "assistant"}],
            "imClients": [{"username": "ane.skype", "protocol": "skype"}],
            "biographies": [{"value": "hej"}],
            "userDefined": [
                {"key": "Record Id", "value": "zcrm_1"},
                {"key": "Contact Owner", "value": "Bo"},
                {"key": "Email Opt Out", "value": "false"},
            ],
        },
    ),
    "Pipedrive": (
        (
            "Person - ID|Person - Name|Person - Organization|Person - Phone - Work|Person - Phone - Home"
            "|Person - Phone - Mobile|Person - Phone - Other|Person - Email - Work"
            "|Person - Email - Home|Person - Job title"
            "|Person - Postal address|Organization - Address|Person - Owner"
        ),
        "7|Ane Vig|Vig ApS|1001|1002|1003|1004|a@vig.test|b@vig.test|Boss|Vej 1|Vej 2|Bo",
        {
            "names": [{"givenName": "Ane Vig"}],
            "emailAddresses": [{"value": "a@vig.test", "type": "work"}, {"value": "b@vig.test", "type": "home"}],
            "phoneNumbers": [
                {"value": "1001", "type": "work"},
                {"value": "1002", "type": "home"},
                {"value": "1003", "type": "mobile"},
                {"value": "1004", "type": "other"},
            ],
            "addresses": [{"streetAddress": "Vej 1"}, {"streetAddress": "Vej 2", "type": "work"}],
            "organizations": [{"name": "Vig ApS", "title": "Boss"}],
            "userDefined": [{"key": "Person - ID", "value": "7"}, {"key": "Person - Owner", "value": "Bo"}],
        },
    ),
    "Dynamics 365": (
        (
            "(Do Not Modify) Contact|Full Name|First Name|Last Name|Email|Company Name|Business Phone|Mobile Phone"
            "|Job Title|Address 1: Street 1|Address 1: Street 2|Address 1: City|Address 1: ZIP/Postal Code"
            "|Address 1: Country/Region|Address 2: Street 1|Address 2: City|Email Address 2|Fax|Spouse/Partner Name"
        ),
        (
            "c-1|Ane Vig|Ane|Vig|a@vig.test|Vig ApS|1001|1002|Boss|Vej 1|2. sal|Holte|2840|Danmark"
            "|Vej 2|Farum|b@vig.test"
            "|1003|Bo"
        ),
        {
            "names": [{"givenName": "Ane", "familyName": "Vig"}],
            "emailAddresses": [{"value": "a@vig.test"}, {"value": "b@vig.test"}],
            "phoneNumbers": [
                {"value": "1001", "type": "work"},
                {"value": "1002", "type": "mobile"},
                {"value": "1003", "type": "otherFax"},
            ],
            "addresses": [
                {
                    "streetAddress": "Vej 1\n2. sal",
                    "city": "Holte",
                    "postalCode": "2840",
                    "country": "Danmark",
                },
                {"streetAddress": "Vej 2", "city": "Farum"},
            ],
            "organizations": [{"name": "Vig ApS", "title": "Boss"}],
            "relations": [{"person": "Bo", "type": "spouse"}],
            "userDefined": [{"key": "(Do Not Modify) Contact", "value": "c-1"}],
        },
    ),
    "Nutshell": (
        (
            "Full Name|Company name|Job Title|Email|Phone - Mobile|Phone - Work|Phone - Fax|Address 1"
            "|Address 2|City|State"
            "|Zip|URL|Description|Tag"
        ),
        "Ane Vig|Vig ApS|Boss|a@vig.test|1001|1002|1003|Vej 1|2. sal|Holte|Nord|2840|http://vig.test|hej|VIP",
        {
            "names": [{"givenName": "Ane Vig"}],
            "emailAddresses": [{"value": "a@vig.test"}],
            "phoneNumbers": [
                {"value": "1001", "type": "mobile"},
                {"value": "1002", "type": "work"},
                {"value": "1003", "type": "otherFax"},
            ],
            "addresses": [{"streetAddress": "Vej 1\n2. sal", "city": "Holte", "region": "Nord", "postalCode": "2840"}],
            "organizations": [{"name": "Vig ApS", "title": "Boss"}],
            "urls": [{"value": "http://vig.test"}],
            "biographies": [{"value": "hej"}],
            "userDefined": [{"key": "Tag", "value": "VIP"}],
        },
    ),
    "types beside numbers": (
        "Name|Phone 1|Phone 1 Type|Phone 2|Phone 2 Type|E-Mail (Work)|Mobil|Faktura e-mail",
        "Ane Vig|1001|Work Fax|1002|Sommerhus|a@vig.test|1003|f@vig.test",
        {
            "names": [{"givenName": "Ane Vig"}],
            "emailAddresses": [{"value": "a@vig.test", "type": "work"}, {"value": "f@vig.test", "type": "Faktura"}],
            "phoneNumbers": [
                {"value": "1001", "type": "workFax"},
                {"value": "1002", "type": "Sommerhus"},
                {"value": "1003", "type": "mobile"},
            ],
        },
    ),
}


@pytest.mark.parametrize("program", WORLD)
def test_every_column_of_an_export_is_in_its_place(program: str) -> None:
    header, row, expected = WORLD[program]
    reading = read(file(header, row))
    found = card(reading)
    for field, items in found.items():  # in which order they came means nothing
        assert sorted(map(repr, map(sorted, (one.items() for one in items)))) == sorted(
            map(repr, map(sorted, (one.items() for one in expected.get(field, ()))))
        ), field
    assert found.keys() == expected.keys()
    assert notes(reading) == []


def imported(name: str) -> FileReading:
    return read((IMPORTS / name).read_bytes(), name)


def person(**fields: str) -> list[dict[str, str]]:
    return [fields]


SMALL: dict[str, dict[str, Any]] = {
    "privat.csv": {
        "names": person(givenName="Ane Vig"),
        "phoneNumbers": [
            {"value": "33 00 00 01", "type": "work"},
            {"value": "33 00 00 02", "type": "home"},
            {"value": "20 00 00 03", "type": "mobile"},
        ],
        "userDefined": [{"key": "Prioritet", "value": "VIP"}],
    },
    "name_first.csv": {
        "names": person(givenName="Ane", familyName="Vig"),
        "emailAddresses": [{"value": "ane@vig.test"}],
    },
    "display.csv": {
        "names": person(givenName="Ane", familyName="Vig"),
        "emailAddresses": [{"value": "ane@vig.test"}],
        "userDefined": [{"key": "Display Name", "value": "Tandlæge Ane Vig"}],
    },
    "economic.csv": {
        "names": person(givenName="Ane Vig"),
        "emailAddresses": [{"value": "a@vig.test"}],
        "phoneNumbers": [{"value": "33 1"}, {"value": "20 2", "type": "mobile"}],
        "addresses": [{"streetAddress": "Vej 1", "postalCode": "2840", "city": "Holte", "country": "Danmark"}],
        "organizations": [{"name": "Vig ApS"}],
        "userDefined": [
            {"key": "Nr.", "value": "1"},
            {"key": "CVR-nr.", "value": "12345678"},
            {"key": "EAN-nr.", "value": "579"},
            {"key": "Att.", "value": "Bo"},
        ],
    },
    "tb_min.csv": {
        "names": person(givenName="Ane", familyName="Vig"),
        "emailAddresses": [{"value": "a@vig.test"}, {"value": "a2@vig.test"}],
        "phoneNumbers": [
            {"value": "13", "type": "otherFax"},
            {"value": "14", "type": "pager"},
            {"value": "15", "type": "mobile"},
        ],
        "birthdays": [{"date": {"year": 1980, "month": 3, "day": 25}}],
        "userDefined": [{"key": "Display Name", "value": "Tandlæge Vig"}],
    },
    "nachname.csv": {
        "names": person(givenName="Jörg", familyName="Weiß"),
        "emailAddresses": [{"value": "j@weiss.test"}],
        "phoneNumbers": [{"value": "1", "type": "work"}, {"value": "2", "type": "mobile"}],
    },
    "name_vorname.csv": {
        "names": person(givenName="Jörg", familyName="Weiß"),
        "emailAddresses": [{"value": "j@weiss.test"}],
    },
    "hubspot_min.csv": {
        "names": person(givenName="Ane", familyName="Vig"),
        "emailAddresses": [{"value": "ane@vig.test"}],
        "addresses": [{"region": "HS"}],
        "organizations": [{"name": "Vig ApS"}],
        "urls": [{"value": "http://vig.test"}],
    },
    "mailing_min.csv": {
        "names": person(givenName="Ane", familyName="Vig"),
        "emailAddresses": [{"value": "a2@vig.test"}],
        "phoneNumbers": [{"value": "12", "type": "mobile"}],
        "addresses": [{"type": "Mailing", "streetAddress": "Vej 1", "city": "Holte", "postalCode": "2840"}],
        "organizations": [{"name": "Vig ApS"}],
        "biographies": [{"value": "hello"}],
    },
    "pipedrive_min.csv": {
        "names": person(givenName="Ane Vig"),
        "emailAddresses": [{"value": "ane@vig.test", "type": "work"}],
        "organizations": [{"name": "Vig ApS"}],
    },
    "linkedin_min.csv": {
        "names": person(givenName="Ane", familyName="Vig"),
        "emailAddresses": [{"value": "ane@vig.test"}],
        "organizations": [{"name": "Vig ApS", "title": "Boss"}],
        "urls": [{"value": "https://www.linkedin.com/in/anevig"}],
        "userDefined": [{"key": "Connected On", "value": "12 Mar 2023"}],
    },
    "titlerow.csv": {
        "names": person(givenName="Ane Vig"),
        "emailAddresses": [{"value": "ane@vig.test"}],
        "phoneNumbers": [{"value": "11"}],
    },
}


@pytest.mark.parametrize("name", SMALL)
def test_a_small_file_is_the_card_that_it_says(name: str) -> None:
    reading = imported(name)
    found = {field: list(map(dict, items)) for field, items in card(reading).items()}
    assert found == SMALL[name]
    assert len(reading.entries) == 1


def test_no_column_is_thrown_away_by_its_name() -> None:
    reading = imported("dropped_cols.csv")
    said = repr(card(reading)) + repr(notes(reading))
    for value in "AccountX PrioX PrivX SensX KeywX GendX LangX InitX TypeX DispX PhotX StatX IdX YearX".split():
        assert value in said
    assert notes(reading) == ["labels left out: line 2, Keywords “KeywX”", "photo left out: line 2, Photo “PhotX”"]


def test_lines_above_the_headings_are_named() -> None:
    assert imported("titlerow.csv").notes == ("a line above the headings left out: line 1, Column 1 “Kundeliste 2024”",)
    assert [note.line for note in imported("linkedin_min.csv").notes] == [1, 2]


def test_columns_that_nobody_knows_are_named() -> None:
    assert imported("economic.csv").unknown == ("Nr.", "CVR-nr.", "EAN-nr.")
    assert imported("name_first.csv").unknown == ()


def test_what_a_spreadsheet_destroyed_is_left_out_with_a_note() -> None:
    reading = imported("excel_sci.csv")
    assert "phoneNumbers" not in card(reading)
    assert card(reading, 1)["phoneNumbers"] == [{"value": "33123456"}]
    (note,) = notes(reading)
    assert note.endswith("line 2, Phone “4.53312E+09”")


def test_formulas_come_in_unharmed() -> None:
    first, second = (card(imported("formula.csv"), at) for at in (0, 1))
    assert (first["names"], first["phoneNumbers"], first["biographies"]) == (
        person(givenName="=cmd", familyName="Vig"),
        [{"value": "+4511"}],
        [{"value": "-1+2"}],
    )
    assert (second["phoneNumbers"], second["biographies"]) == ([{"value": "+4512"}], [{"value": "@x"}])


def test_letters_of_a_code_page_are_read_or_the_file_is_refused() -> None:
    reading = imported("cp1250.csv")
    assert card(reading)["names"] == person(givenName="Łucja Żak")
    assert (reading.letters, reading.guessed) == ("Windows-1250", True)
    assert "save it as UTF-8" in notes(reading)[0]
    rows = "Navn;By\nSøren Æbelø;Århus\nPær Øst;Ærø\n"
    for page, called in (("mac_roman", "Mac Roman"), ("cp850", "DOS (850)"), ("cp1252", "Windows-1252")):
        reading = read(rows.encode(page))
        assert (reading.letters, card(reading)["names"]) == (called, person(givenName="Søren Æbelø"))
    assert read(rows.encode()).letters == "UTF-8"


def test_an_unclosed_quote_costs_its_own_row() -> None:
    reading = imported("quotes.csv")
    names = [(card(reading, at)["names"][0]["givenName"], card(reading, at)["biographies"]) for at in range(4)]
    assert names == [
        ('Ane "An"', [{"value": '5" pipe'}]),
        ("Bo", [{"value": "unclosed"}]),
        ("Ci", [{"value": "x"}]),
        ("Di", [{"value": "y"}]),
    ]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ("n/a|-|#N/A|#ERROR!|4,53E+09", {"names": person(givenName="Ane")}),
        ("Vig|Ane Vig <ane@vig.test>|2840.0|mailto:b@vig.test|tel:33123456", None),
        ("Vig|ingen|2840|b@vig.test|33123456", None),
    ],
)
def test_values_that_are_none_and_values_in_disguise(cells: str, expected: dict[str, Any] | None) -> None:
    reading = read(file("First Name|Last Name|Email|Zip|Second Email|Phone", f"Ane|{cells}"))
    found = card(reading)
    if expected:
        assert found == expected
        assert len(notes(reading)) == 5
        return
    assert (found["addresses"], found["phoneNumbers"]) == ([{"postalCode": "2840"}], [{"value": "33123456"}])
    if "ingen" in cells:
        assert found["emailAddresses"] == [{"value": "b@vig.test"}]
        assert found["userDefined"] == [{"key": "Email", "value": "ingen"}]
        assert notes(reading) == ["no e-mail address, so kept as a field of its own: line 2, Email “ingen”"]
    else:
        assert found["emailAddresses"] == [{"value": "ane@vig.test"}, {"value": "b@vig.test"}]
        assert notes(reading) == []


@pytest.mark.parametrize(
    "header",
    [
        *("Prénom|Nom|E-mail|Organisation", "Voornaam|Achternaam|E-mail|Titel", "Nombre|Apellidos|Email|Empresa"),
        *("Nome|Cognome|Email|Telefono", "Etunimi|Sukunimi|Sähköposti|Puhelin", "Imię|Nazwisko|Email|Telefon"),
        *("Cliente|Email|Phone", "Medlem|E-mail|Telefon"),
    ],
)
def test_a_language_that_is_not_read_is_refused_and_never_half_read(header: str) -> None:
    with pytest.raises(InvalidInput, match=r"--map"):
        read(file(header, "Ane|Vig|ane@vig.test|11"))


def test_a_column_of_a_firms_number_says_whose_the_name_is() -> None:
    reading = read(file("Navn|CVR|E-mail", "Vig ApS|12345678|a@vig.test", "Bo Nul||b@nul.test"))
    assert (card(reading)["organizations"], card(reading, 1)["names"]) == (
        [{"name": "Vig ApS"}],
        person(givenName="Bo Nul"),
    )


def test_numbers_as_addresses_are_taken_apart() -> None:
    for number in ("tel:+45-33-12-34-56;ext=7", "+45-33-12-34-56;ext=7", "tel:%2B45-33-12-34-56;ext=7"):
        reading = read(file("Navn|Telefon|C/O", f"Ane|{number}|Bo"))
        assert card(reading)["phoneNumbers"] == [{"value": "+45-33-12-34-56 ext. 7"}]
        assert card(reading)["addresses"] == [{"extendedAddress": "Bo"}]
        assert notes(reading) == []


def test_a_company_with_its_contact_person() -> None:
    for header in ("Firma|Kontaktperson|E-mail", "Company|Contact|Email", "Kundenavn|Att.|E-mail"):
        found = card(read(file(header, "Vig ApS|Ane Vig|a@vig.test")))
        assert (found["organizations"], found["names"]) == ([{"name": "Vig ApS"}], person(givenName="Ane Vig"))


def test_a_name_beside_one_half_may_be_the_whole() -> None:
    for whole in ("Ane Vig", "Vig"):
        found = card(read(file("Fornavn|Navn|E-mail", f"Ane|{whole}|a@vig.test")))
        assert found["names"] == person(givenName="Ane", familyName="Vig")


THUNDERBIRD = {
    "Danish": (
        "Fornavn,Efternavn,Vis navn,Alias,Primær mail,Sekundær mail,Arbejdstelefon,Hjemmetelefon,Faxnummer"
        ",Personsøgernummer,Mobilnummer,Hjemmeadresse,Hjemmeadresse 2,Hjemmeby,Hjemmestat,Hjemmepostnummer,Hjemmeland"
        ",Arbejdsadresse,Arbejdsadresse 2,Arbejdsby,Arbejdsstat,Arbejdspostnummer,Arbejdsland,Job titel,Afdeling"
        ",Organisation,Hjemmeside 1,Fødselsår,Fødselsmåned,Fødselsdag,Brugerdef. 1,Notater,Skærmnavn"
    ),
    "Norwegian": (
        "Fornavn,Etternavn,Fullt navn,Kallenavn,Primær e-post,Sekundær e-post,Arbeidstelefon,Hjemmetelefon,Faks"
        ",Personsøker,Mobil,Hjem Adresse,Hjem Adresse 2,Hjem Poststed,Hjem Region,Hjem Postnr,Hjem Land,Arbeid Adresse"
        ",Arbeid Adresse 2,Arbeid Poststed,Arbeid Region,Arbeid Postnr,Arbeid Land,Jobbtittel,Avdeling,Organisasjon"
        ",Nettside 1,Fødselsår,Fødselsmåned,Fødselsdag,Egendefinert 1,Notater,Skjermnavn"
    ),
    "Swedish": (
        "Förnamn,Efternamn,Visningsnamn,Smeknamn,E-post,Ytterligare e-post,Telefon arbete,Telefon privat,Faxnummer"
        ",Personsökare,Mobiltelefon,Adress privat (rad 1),Adress privat (rad 2),Stad privat,Landsdel (Stat) privat"
        ",Postnummer privat,Land privat,Adress arbete (rad 1),Adress arbete (rad 2),Stad arbete,Landsdel (Stat) arbete"
        ",Postnummer arbete,Land arbete,Titel,Avdelning,Organisation,Webbplats,Född år,Född månad,Född dag"
        ",Annan uppgift 1,Anteckningar,Skärmnamn"
    ),
}
"""Thunderbird's headings (mozilla-l10n, importMsgs.properties); the Swedish display name by its later word."""


@pytest.mark.parametrize("language", THUNDERBIRD)
def test_thunderbird_in_the_nordic_languages(language: str) -> None:
    cells = (
        "Ane,Vig,Ane Vig,Anja,a@vig.test,a2@vig.test,33000001,33000002,33000003,33000004,20000005,Vej 1,2. sal,Holte"
        ",Sjælland,2840,Danmark,Gade 2,Port B,Lyngby,Fyn,2800,Norge,Chef,Salg,Vig ApS,https://a.test,1980,3,25,rød"
        ",en note,anja80"
    )
    found = read(f"{THUNDERBIRD[language]}\n{cells}\n".encode())
    (entry,) = found.entries
    assert isinstance(entry, Parsed)
    assert entry.card == Card.parse(
        {
            "names": [{"givenName": "Ane", "familyName": "Vig"}],
            "nicknames": [{"value": "Anja"}],
            "emailAddresses": [{"value": "a@vig.test"}, {"value": "a2@vig.test"}],
            "phoneNumbers": [
                {"value": "33000001", "type": "work"},
                {"value": "33000002", "type": "home"},
                {"value": "33000003", "type": "otherFax"},
                {"value": "33000004", "type": "pager"},
                {"value": "20000005", "type": "mobile"},
            ],
            "addresses": [
                {
                    "type": "home", "streetAddress": "Vej 1\n2. sal", "city": "Holte", "region": "Sjælland",
                    "postalCode": "2840", "country": "Danmark",
                },
                {
                    "type": "work", "streetAddress": "Gade 2\nPort B", "city": "Lyngby", "region": "Fyn",
                    "postalCode": "2800", "country": "Norge",
                },
            ],
            "organizations": [{"name": "Vig ApS", "title": "Chef", "department": "Salg"}],
            "birthdays": [{"date": {"year": 1980, "month": 3, "day": 25}}],
            "urls": [{"value": "https://a.test"}],
            "imClients": [{"username": "anja80"}],
            "biographies": [{"value": "en note"}],
            "userDefined": [{"key": found.unknown[0], "value": "rød"}],
        }
    )  # fmt: skip
    assert len(found.unknown) == 1
    assert entry.notes == ()


@pytest.mark.parametrize(
    ("cell", "address"),
    [
        ("2840 Holte", {"postalCode": "2840", "city": "Holte"}),
        ("DK-1150 København K", {"postalCode": "DK-1150", "city": "København K"}),
        ("114 55 Stockholm", {"postalCode": "114 55", "city": "Stockholm"}),
        ("Holte", {"city": "Holte"}),
        ("2840", {"city": "2840"}),
    ],
)
@pytest.mark.parametrize("heading", ["Post/By", "Postnr. og by", "Postnr/By"])
def test_postal_code_and_city_in_one_column_are_parted(heading: str, cell: str, address: dict[str, str]) -> None:
    (entry,) = read(f"Navn;Adresse;{heading};E-mail\nAne;Vej 1;{cell};a@x.test\n".encode()).entries
    assert isinstance(entry, Parsed)
    assert entry.card.as_json()["addresses"] == [address | {"streetAddress": "Vej 1"}]


def test_a_number_for_phone_and_fax_is_a_phone() -> None:
    """e-conomic's customers have one field for both."""
    (entry,) = read(b"Navn;Telefon- og faxnr.;E-mail\nAne;33000001;a@x.test\n").entries
    assert isinstance(entry, Parsed)
    assert entry.card.as_json()["phoneNumbers"] == [{"value": "33000001"}]


VIG = {
    "names": person(givenName="Ane Vig"),
    "phoneNumbers": [{"value": "33 12 34 56"}],
    "addresses": [{"streetAddress": "Havnevej 1", "postalCode": "2840", "city": "Holte"}],
    "organizations": [{"name": "Vig Byg ApS"}],
}
"""What all of these lists say."""


@pytest.mark.parametrize(
    ("header", "row", "more"),
    [
        pytest.param(
            "Kundenr.|Navn|Adresse|Postnr.|By|CVR-nr.|EAN-nr.|Telefon|Mobiltelefon|E-mail|Kontaktperson|Kundegruppe",
            "101|Vig Byg ApS|Havnevej 1|2840|Holte|12345678|5790000000012|33 12 34 56|20 30 40 50|p@vig.test|Ane Vig|1",
            {
                "phoneNumbers": [{"value": "33 12 34 56"}, {"value": "20 30 40 50", "type": "mobile"}],
                "emailAddresses": [{"value": "p@vig.test"}],
                "userDefined": [
                    {"key": "Kundenr.", "value": "101"},
                    {"key": "CVR-nr.", "value": "12345678"},
                    {"key": "EAN-nr.", "value": "5790000000012"},
                    {"key": "Kundegruppe", "value": "1"},
                ],
            },
            id="customers, with a number and a group",
        ),
        pytest.param(
            "Navn|Att. person|Adresse|Postnr.|By|Telefon|E-mail|Hjemmeside|CVR-nr.|EAN-nr.",
            "Vig Byg ApS|Ane Vig|Havnevej 1|2840|Holte|33 12 34 56|post@vig.test|https://vig.test|12345678|5790000000012",
            {
                "emailAddresses": [{"value": "post@vig.test"}],
                "urls": [{"value": "https://vig.test"}],
                "userDefined": [{"key": "CVR-nr.", "value": "12345678"}, {"key": "EAN-nr.", "value": "5790000000012"}],
            },
            id="the person by Att.",
        ),
        pytest.param(
            "Type|Navn|Kontaktnr.|CVR-nr.|EAN-nr.|Telefon|Adresse|Postnummer|By|Kontaktperson|Kontaktperson e-mail",
            "Virksomhed|Vig Byg ApS|100007|12345678|5790000000012|33 12 34 56|Havnevej 1|2840|Holte|Ane Vig|a@vig.test",
            {
                "emailAddresses": [{"value": "a@vig.test"}],
                "userDefined": [
                    {"key": "Type", "value": "Virksomhed"},
                    {"key": "Kontaktnr.", "value": "100007"},
                    {"key": "CVR-nr.", "value": "12345678"},
                    {"key": "EAN-nr.", "value": "5790000000012"},
                ],
            },
            id="contacts that are counted, which is no phone number",
        ),
        pytest.param(
            "name|contactNo|registrationNo|ean|phone|street|zipcode|city|email|contactPerson",
            "Vig Byg ApS|7|12345678|5790000000012|33 12 34 56|Havnevej 1|2840|Holte|post@vig.test|Ane Vig",
            {
                "emailAddresses": [{"value": "post@vig.test"}],
                "userDefined": [
                    {"key": "contactNo", "value": "7"},
                    {"key": "registrationNo", "value": "12345678"},
                    {"key": "ean", "value": "5790000000012"},
                ],
            },
            id="by the names of an interface for programs",
        ),
        pytest.param(
            "Firmanavn|Kontaktperson|CVR-nr.|EAN|Att.|Telefon|Mobil|Adresse|Postnr.|By",
            "Vig Byg ApS|Ane Vig|12345678|5790000000012|Bo Holm|33 12 34 56|20 30 40 50|Havnevej 1|2840|Holte",
            {
                "phoneNumbers": [{"value": "33 12 34 56"}, {"value": "20 30 40 50", "type": "mobile"}],
                "userDefined": [
                    {"key": "CVR-nr.", "value": "12345678"},
                    {"key": "EAN", "value": "5790000000012"},
                    {"key": "Att.", "value": "Bo Holm"},
                ],
            },
            id="a contact person, and somebody else by Att.",
        ),
    ],
)
def test_the_lists_of_accounting_programs(header: str, row: str, more: dict[str, Any]) -> None:
    """The headings of e-conomic, Dinero and Billy, as far as they are public: a file of each was not to be had."""
    reading = read(file(header, row))
    assert card(reading) == VIG | more
    assert notes(reading) == []


def test_nutshell() -> None:
    header = (
        "Full Name|First Name|Last Name|Company|Job Title|Email|Mobile Phone|Work Phone|Address: Main - Address 1"
        "|Address: Main - City|Address: Main - State|Address: Main - Zip|Address: Main - Country Code|URL|Note|Owner"
    )
    row = (
        "Ane Vig|Ane|Vig|Vig Byg|Chef|ane@vig.test|20 30 40 50|33 12 34 56|Havnevej 1|Holte|Sjælland|2840|DK"
        "|https://vig.test|Met at the fair|Bo Holm"
    )
    reading = read(file(header, row))
    assert card(reading) == {
        "names": person(givenName="Ane", familyName="Vig"),
        "emailAddresses": [{"value": "ane@vig.test"}],
        "phoneNumbers": [{"value": "20 30 40 50", "type": "mobile"}, {"value": "33 12 34 56", "type": "work"}],
        "addresses": [
            {
                "streetAddress": "Havnevej 1",
                "postalCode": "2840",
                "city": "Holte",
                "region": "Sjælland",
                "country": "DK",
            }
        ],
        "organizations": [{"name": "Vig Byg", "title": "Chef"}],
        "urls": [{"value": "https://vig.test"}],
        "biographies": [{"value": "Met at the fair"}],
        "userDefined": [{"key": "Owner", "value": "Bo Holm"}],
    }
