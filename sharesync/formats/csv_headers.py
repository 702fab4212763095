"""The words of CSV headers: English, Danish, Norwegian, Swedish; Outlook's own among them.

A header is read in three steps: as a whole (`Home Page`), then as a noun with words that say the kind (`Business
Street 2`, `Telefon (arbejde)`), then as a compound (`Arbejdstelefon`). Case, blanks and punctuation mean nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from sharesync.formats.csv_columns import LINES, ONE_ITEM, Column, Passed, Target, Unknown


def columns_of(header: Sequence[str]) -> list[Target] | None:
    """What each column is; None if this is no header of contacts."""
    words = [_fold(cell) for cell in header]
    columns = [_column(cell, word) for cell, word in zip(header, words, strict=True)]
    if {"jobtitle", "stilling", "befattning", "stillingstittel", "jobtitel"} & set(words):
        # Outlook: beside a job, a title is that of the person
        columns = [
            Column("names", "honorificPrefix") if word in ("title", "titel", "tittel") else column
            for word, column in zip(words, columns, strict=True)
        ]
    known = [column for column in columns if isinstance(column, Column)]
    filled = sum(bool(word) for word in words)
    if not any(column.field in _TELLING for column in known) or (len(known) < 2 < filled) or not known:
        return None
    return apart(columns)


_TELLING = ("names", "emailAddresses", "phoneNumbers", "organizations")
"""A file without any column of these is no list of contacts."""


def apart(columns: Sequence[Target]) -> list[Target]:
    """Give a second column of the same meaning (`Phone`, `Phone`) a slot of its own, so that neither is lost."""
    seen: set[Target] = set()
    apart: list[Target] = []
    for column in columns:
        if isinstance(column, Column) and column in seen and column.field not in ONE_ITEM and column.part not in LINES:
            apart.append(replace(column, slot=f"{column.slot}/{len(apart)}"))
        else:
            apart.append(column)
        seen.add(column)
    return apart


def column_of(cell: str) -> Target:
    """What one heading says, alone."""
    return _column(cell, _fold(cell))


def _column(cell: str, word: str) -> Target:
    name = cell.strip()
    if not word:
        return Passed("a column without a name")
    if word in _PASSED:
        return Passed(_PASSED[word])
    number = "".join(re.findall(r"[0-9]+", word)) or "1"
    bare = re.sub(r"[0-9]+", "", word)
    if bare in _NOUNS:
        return _made(_NOUNS[bare], number, "")
    tokens = [token for part in re.findall(r"[^\W_]+", name.casefold()) for token in re.findall(r"[^0-9]+", part)]
    kinds = [_KINDS[token] for token in tokens if token in _KINDS]
    noun = "".join(token for token in tokens if token not in _KINDS)
    if not kinds:
        kinds, noun = _compound(bare)
    if not noun and set(kinds) & {"mobile", "fax", "pager"}:
        noun = "phone"
    target = _NOUNS.get(noun)
    if target and kinds and target[0] in _TYPED:
        return _made(target, number, _type(target[0], kinds))
    return Unknown(name)


def _made(target: tuple[str, str], number: str, type_: str) -> Column:
    field, part = target
    if field in ("names", "birthdays", "biographies"):
        return Column(field, part)
    if field == "addresses":
        return Column(field, part, type_ or ("" if part == "streetAddress" else number if number != "1" else ""), type_)
    if field == "organizations":
        return Column(field, part, "" if number == "1" else number)
    implied = _IMPLIED.get((field, part), "")
    return Column(
        field,
        "person" if field == "relations" else part.rpartition(":")[2],
        f"{part} {type_} {number}",
        type_ or implied,
    )


def _compound(word: str) -> tuple[list[str], str]:
    """`arbejdstelefon` as work and phone."""
    for prefix, kind in _PREFIXES.items():
        if word.startswith(prefix) and word != prefix:
            kinds, noun = _compound(word.removeprefix(prefix))
            return [kind, *kinds], noun
    for token in ("fax", "mobil"):
        if word == token:
            return [_KINDS[token]], ""
    return [], word


def _type(field: str, kinds: Sequence[str]) -> str:
    said = set(kinds)
    if field != "phoneNumbers":
        return next((kind for kind in kinds if kind in ("home", "work", "other")), "")
    place = "work" if "work" in said else "home" if "home" in said else ""
    if "fax" in said:
        return f"{place}Fax" if place else "otherFax"
    for kind in ("mobile", "pager"):
        if kind in said:
            return f"work{kind.capitalize()}" if place == "work" else kind
    return next((kind for kind in kinds if kind in ("main", "other")), place) or kinds[0]


def _fold(cell: str) -> str:
    return re.sub(r"[\W_]", "", cell.casefold())


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _table(rows: Mapping[tuple[str, str], str]) -> dict[str, tuple[str, str]]:
    return {word: target for target, words in rows.items() for word in words.split()}


_TYPED = ("emailAddresses", "phoneNumbers", "addresses", "urls", "imClients")

_NOUNS = _table(
    {
        ("names", "givenName"): "firstname givenname forename fornavn förnamn tilltalsnamn",
        ("names", "middleName"): "middlename additionalname mellemnavn mellomnavn mellannamn",
        ("names", "familyName"): "lastname familyname surname efternavn etternavn efternamn slægtsnavn släktnamn",
        ("names", "honorificPrefix"): "prefix nameprefix namntitel navnetitel salutation hilsen tiltaleform",
        ("names", "honorificSuffix"): "suffix namesuffix suffiks navnesuffiks",
        ("names", "unstructuredName"): (
            "name fullname displayname contactname contact navn fuldtnavn fulltnavn visningsnavn kontakt kontaktnavn"
            " namn fullständigtnamn visningsnamn kontaktnamn kontaktperson"
        ),
        ("names", "phoneticGivenName"): "givenyomi phoneticfirstname phoneticgivenname",
        ("names", "phoneticFamilyName"): "surnameyomi phoneticlastname phoneticfamilyname",
        ("nicknames", "value"): "nickname alias kaldenavn kallenavn øgenavn smeknamn",
        ("emailAddresses", "value"): (
            "email emailaddress mail mailaddress emailvalue emailadresse epost epostadresse epostadress"
            " mejl mejladress mailadress epostaddress primaryemail"
        ),
        ("phoneNumbers", "value"): (
            "phone phonenumber telephone telephonenumber tel telefon telefonnummer telefonnr tlf tlfnr telnr phonevalue"
        ),
        ("organizations", "name"): (
            "company companyname organization organisation organizationname organisationname employer firma firmanavn"
            " virksomhed virksomhedsnavn selskab selskap bedrift organisasjon företag företagsnamn bolag"
            " arbejdsgiver arbeidsgiver arbetsgivare"
        ),
        ("organizations", "phoneticName"): "companyyomi",
        ("organizations", "department"): "department afdeling avdeling avdelning",
        ("organizations", "title"): (
            "jobtitle title position stilling stillingsbetegnelse stillingstittel jobtitel jobbtitel titel tittel"
            " befattning yrkestitel role rolle roll"
        ),
        ("organizations", "location"): "officelocation office kontor kontorsplats kontorsted",
        ("occupations", "value"): "profession occupation erhverv yrke profession",
        ("birthdays", "date"): (
            "birthday birthdate dateofbirth bday fødselsdag fødselsdato fødtdato bursdag fødd födelsedag födelsedatum"
        ),
        ("events", "date"): "anniversary mærkedag merkedag årsdag bryllupsdag bröllopsdag jubileum",
        ("biographies", "value"): (
            "notes note comment comments remarks noter notat notater note bemærkning bemærkninger merknad merknader"
            " kommentar kommentarer anteckning anteckningar anmärkning"
        ),
        ("urls", "value"): (
            "webpage website web url homepage webaddress internet hjemmeside webside websted webadresse nettside"
            " nettsted nettadresse hemsida webbsida webbplats webbadress"
        ),
        ("relations", "spouse"): "spouse ægtefælle ektefelle makemaka maka make partner",
        ("relations", "manager"): "manager managersname chef chefensnavn leder sjef chefensnamn chefsnamn overordnet",
        ("relations", "assistant"): "assistantsname assistent assistentensnavn assistentsnavn assistentensnamn",
        ("relations", "child"): "children børn barn",
        ("relations", "referredBy"): "referredby henvistaf refereretaf",
        ("imClients", "username"): "imaddress im chat snabbmeddelande",
        ("calendarUrls", "url"): "internetfreebusy",
        ("phoneNumbers", "callback:value"): "callback",
        ("phoneNumbers", "car:value"): "carphone biltelefon",
        ("phoneNumbers", "isdn:value"): "isdn",
        ("phoneNumbers", "radio:value"): "radiophone",
        ("phoneNumbers", "telex:value"): "telex",
        ("phoneNumbers", "tty:value"): "ttytddphone",
        ("phoneNumbers", "assistant:value"): "assistantsphone assistentenstelefon",
        (
            "phoneNumbers",
            "main:value",
        ): "companymainphone primaryphone hovednummer hovedtelefon växel hovedtelefonfirma",
        ("addresses", "streetAddress"): (
            "address street streetaddress addressline gade vej gadenavn vejnavn adresse gateadresse gate gata adress"
            " gatuadress postadresse postadress postaladdress mailingaddress addressstreet"
        ),
        ("addresses", "extendedAddress"): "extendedaddress apartment suite conavn coadresse coadress",
        ("addresses", "city"): "city town by bynavn poststed ort postort stad addresscity",
        (
            "addresses",
            "region",
        ): "state region province county stateprovince landsdel fylke kommune delstat län addressstate",
        ("addresses", "postalCode"): (
            "postalcode zip zipcode postcode postnr postnummer ziporpostalcode zippostalcode postkode addresspostalcode"
        ),
        ("addresses", "country"): "country countryregion land landområde landregion landlandsdel addresscountry",
        ("addresses", "poBox"): "pobox addresspobox postboks postbox box",
    }
)
"""Folded header → field and part. Before a colon: a slot of its own, and the type in `_IMPLIED`."""

_IMPLIED = {("relations", kind): kind for kind in ("spouse", "manager", "assistant", "child", "referredBy")} | {
    ("phoneNumbers", f"{kind}:value"): kind
    for kind in ("callback", "car", "isdn", "radio", "telex", "tty", "assistant", "main")
}
_IMPLIED |= {("events", "date"): "anniversary", ("calendarUrls", "url"): "freeBusy"}

_KINDS = {
    word: kind
    for kind, words in {
        "home": "home private personal privat hjem hjemme hjemmet bostad hem hemma personlig",
        "work": (
            "work business office arbejde arbejds arbeid arbeids arbete arbets jobb job kontor firma company corporate"
            " direkte direct erhverv"
        ),
        "mobile": "mobile cell cellular mobil mobiltelefon mobilnummer mobilnr mobiltlf mobiltel cellphone handy",
        "fax": "fax faks faxnummer telefax telefaks faxnr",
        "pager": "pager personsøger personsøker personsökare beeper",
        "main": "main primary hoved huvud primær",
        "other": "other andet anden andre annen annet annan annat övrig øvrig övrigt",
    }.items()
    for word in words.split()
}

_PREFIXES = {
    "arbejds": "work", "arbeids": "work", "arbets": "work", "arbejde": "work", "arbeid": "work", "firma": "work",
    "kontor": "work", "jobb": "work", "job": "work", "work": "work", "business": "work",
    "hjemme": "home", "hjem": "home", "hem": "home", "privat": "home", "bostads": "home", "home": "home",
    "mobil": "mobile", "fax": "fax", "faks": "fax",
}  # fmt: skip
"""The first words of compounds, longest reading first where one begins another."""

_PASSED = dict.fromkeys(
    _words(
        "emaildisplayname email2displayname email3displayname emailtype email2type email3type private"
        " sensitivity priority visningsnavnforemail privat følsomhed prioritet prioritering känslighet account"
    ),
    "",
) | {
    "photo": "photo", "picture": "photo", "foto": "photo", "billede": "photo", "bilde": "photo", "bild": "photo",
    "gender": "gender", "køn": "gender", "kjønn": "gender", "kön": "gender",
    "language": "language", "sprog": "language", "språk": "language",
    "categories": "labels", "category": "labels", "groups": "labels", "kategorier": "labels", "kategori": "labels",
    "labels": "labels", "keywords": "labels", "initials": "initials", "initialer": "initials",
}  # fmt: skip
"""What a card cannot hold, and what Outlook writes about every contact."""
