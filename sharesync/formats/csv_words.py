"""The words of CSV headings, in English, Danish, Norwegian, Swedish and German.

A heading is made of few words that every program combines in its own way: a *noun* says what the cells are, a *kind*
whose or which (`Home`, `mobil`), *small words* nothing. `csv_grammar.py` reads the combinations, so no heading of more
than one word stands here unless it means something else than its parts. The words are those of Outlook's, Google's,
Thunderbird's and Yahoo's exports, of common CRM and accounting programs, and of people's own lists.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

Noun = tuple[str, str]
"""A field of the card and a part of its items; a field without a capital of its own is one of `ROLES`."""

BARE, CONTACT, CUSTOMER = ("role", "bare"), ("role", "contact"), ("role", "customer")
"""A name of which the other columns say whose it is: `Name`, `Contact person`, `Customer name`."""
MARK: Noun = ("role", "type")
"""Says that the column holds the type of a value, not the value."""

FULL: Noun = ("names", "unstructuredName")
EMAIL: Noun = ("emailAddresses", "value")
PHONE: Noun = ("phoneNumbers", "value")
SWITCHBOARD: Noun = ("phoneNumbers", "main")
STREET: Noun = ("addresses", "streetAddress")
POSTAL_LINE: Noun = ("addresses", "postalLine")
"""Swedish: the street where there is no other, else the postal code (Outlook)."""
POSTAL_CITY: Noun = ("addresses", "postalCity")
"""Postal code and city in one cell."""
COMPANY: Noun = ("organizations", "name")
OFFICE: Noun = ("organizations", "location")
OCCUPATION: Noun = ("occupations", "value")


def fold(text: str) -> str:
    """A heading or a word without case, blanks, digits and punctuation."""
    return re.sub(r"[\W\d_]", "", text.casefold())


def _by_word(rows: Mapping[Noun, str]) -> Mapping[str, Noun]:
    return MappingProxyType({fold(word): noun for noun, words in rows.items() for word in words.split()})


NOUNS = _by_word(
    {
        ("names", "givenName"): "firstname givenname forename fornavn förnamn tilltalsnamn vorname rufname angitt",
        ("names", "middleName"): "middlename additionalname mellemnavn mellomnavn mellannamn weiterevornamen",
        ("names", "phoneticGivenName"): "givenyomi",
        ("names", "familyName"): (
            "lastname familyname surname efternavn etternavn efternamn slægtsnavn släktnamn nachname familienname"
            " zuname"
        ),
        ("names", "honorificPrefix"): (
            "prefix nameprefix namntitel navnetitel salutation hilsen tiltaleform anrede tilltal"
        ),
        ("names", "honorificSuffix"): "suffix namesuffix suffiks navnesuffiks namnsuffix namenszusatz",
        FULL: (
            "fullname displayname completename fuldtnavn fuldenavn fulltnavn visningsnavn vistnavn visnavn"
            " fullständigtnamn visningsnamn anzeigename angezeigtername vollständigername vollername"
        ),
        BARE: "name navn namn",
        CONTACT: (
            "contact contactname contactperson kontakt kontaktnavn kontaktnamn kontaktperson ansprechpartner att attn"
            " attention"
        ),
        CUSTOMER: (
            "customername clientname suppliername kundenavn kundenavne debitornavn leverandørnavn kundnamn"
            " leverantörsnamn kundename lieferantenname"
        ),
        ("nicknames", "value"): "nickname alias kaldenavn kallenavn øgenavn smeknamn spitzname",
        ("nicknames", "initials"): "initials initialer initialen",
        EMAIL: "email mail epost mejl emails",
        PHONE: (
            "telefonogfax tlfogfax telefonochfax"
            " phone telephone tel telefon tlf phones ringnummer rufnummer festnetz landline fastnet fastnettelefon tlph"
        ),
        SWITCHBOARD: "växel switchboard omstilling zentrale hovednummer",
        COMPANY: (
            "company employer organization organisation organisasjon firma virksomhed selskab selskap bedrift företag"
            " företags bolag unternehmen arbejdsgiver arbeidsgiver arbetsgivare arbeitgeber accountname"
        ),
        ("organizations", "department"): "department dept afdeling avdeling avdelning abteilung",
        ("organizations", "title"): (
            "jobtitle title position stilling stillingsbetegnelse stillingstittel jobtitel jobbtitel titel tittel"
            " befattning yrkestitel role rolle roll funktion funksjon arbeitstitel berufsbezeichnung"
        ),
        OFFICE: "officelocation office kontor kontorsplats kontorsted arbetsplats büro",
        OCCUPATION: "profession occupation erhverv yrke beruf",
        ("birthdays", "date"): (
            "birthday birthdate dateofbirth bday dob fødselsdag fødselsdato fødtdato født bursdag fødd födelsedag"
            " födelsedatum född geburtstag geburtsdatum"
        ),
        ("birthdays", "year"): "birthyear fødselsår födelseår föddår geburtsjahr",
        ("birthdays", "month"): "birthmonth fødselsmåned födelsemånad föddmånad geburtsmonat",
        ("birthdays", "day"): "dayofbirth fødselsdagen födddag",
        ("events", "date"): (
            "anniversary mærkedag merkedag årsdag bryllupsdag bröllopsdag jubileum jubilæum jahrestag hochzeitstag"
        ),
        ("biographies", "value"): (
            "notes note comment comments remarks description noter notat notater bemærkning bemærkninger merknad"
            " merknader kommentar kommentarer beskrivelse anteckning anteckningar anmärkning beskrivning notiz notizen"
            " bemerkung bemerkungen anmerkung anmerkungen kommentare beschreibung"
        ),
        ("urls", "value"): (
            "webpage website web url homepage internet hjemmeside webside websted nettside nettsted nett hemsida"
            " webbsida webbplats webb webseite internetseite"
        ),
        ("relations", "spouse"): (
            "spouse ægtefælle ektefelle makemaka make maka partner partnerin ehepartner ehegatte spousepartner"
        ),
        ("relations", "manager"): (
            "manager managers chef chefens leder sjef overordnet overordnedes vorgesetzter vorgesetzten reportsto"
        ),
        ("relations", "assistant"): "assistant assistants asst assistent assistents assistentens",
        ("relations", "child"): "child children childrens børn barn kinder",
        ("relations", "referredBy"): "referredby henvistaf refereretaf empfohlenvon",
        ("imClients", "username"): (
            "imaddress im chat messenger instantmessenger messengerid screenname messengername snabbmeddelande"
            " skærmnavn skjermnavn skärmnamn"
        ),
        ("imClients", "skype"): "skype skypeid skypename",
        ("imClients", "icq"): "icq icqid",
        ("imClients", "aim"): "aim aimid",
        ("imClients", "msn"): "msn msnid",
        ("imClients", "qq"): "qqid",
        ("imClients", "googleTalk"): "googletalk googleid",
        ("imClients", "jabber"): "jabber xmpp",
        ("calendarUrls", "url"): (
            "internetfreebusy ledigoptagetviainternettet ledigeogopptattetidspunktpåinternett"
            " ledigupptageninformationförinternet internetfreigebucht"
        ),
        STREET: (
            "address street streetaddress addressline gade vej gadenavn vejnavn adresse gate vei gata adress"
            " gatuadress postadresse postaladdress strasse anschrift"
        ),
        POSTAL_LINE: "postadress",
        ("addresses", "extendedAddress"): "extendedaddress apartment suite conavn coadresse coadress adresszusatz",
        ("addresses", "city"): "city town by bynavn poststed ort postort stad stadt",
        ("addresses", "region"): (
            "state region province county landsdel stat fylke kommune delstat län bundesland kanton område"
        ),
        ("addresses", "postalCode"): (
            "postalcode zip zipcode postcode postnr postnummer ziporpostalcode postkode plz postleitzahl postal"
        ),
        POSTAL_CITY: (
            "postby postnrby postnrogby postnummerogby postnrogsted postnrochort postnummerochort plzort plzundort"
            " zipandcity postcodeandcity"
        ),
        ("addresses", "country"): "country countryregion countrycode land landområde landregion landlandsdel",
        ("addresses", "poBox"): "pobox postofficebox postboks postbox box postfach",
        MARK: "type typ label",
    }
)

WHOLE = _by_word(
    {
        ("names", "givenName"): "first given",
        ("names", "middleName"): "middle",
        ("names", "familyName"): "last family",
        ("addresses", "extendedAddress"): "c/o",
    }
)
"""Words that mean this only where they are all that the heading says."""

SOFT: tuple[Noun, ...] = (BARE, CONTACT, COMPANY, OFFICE, OCCUPATION, STREET)
"""Nouns that only say whose or where, beside another: the first ones give way first."""

WORK, HOME, OTHER, MAIN, PHONETIC, SECOND = "work", "home", "other", "main", "phonetic", "second"
DEVICES = frozenset("mobile fax pager callback car isdn radio telex tty".split())
"""Kinds that make a column one of numbers, whatever else is said."""

KINDS: Mapping[str, str] = MappingProxyType(
    {
        fold(word): kind
        for kind, words in {
            HOME: "home private personal privat private priv hjem hjemme hjemmet bostad bostads hem hemma personlig",
            WORK: (
                "work business arbejde arbejds arb arbeid arbeids arbete arbets arbeit job jobb corporate direct"
                " direkte geschäftlich geschäft dienstlich beruflich"
            ),
            OTHER: (
                "other andet anden andre annen annet annan annat øvrig øvrigt övrig övrigt weitere weiterer weiteres"
                " weiteresr weiterese andere anderes sonstige sonstiges"
            ),
            MAIN: "main primary hoved huvud haupt primær primært primär primäre",
            "mobile": "mobile cell cellular mobil mobiles mobilt handy cellphone",
            "fax": "fax faks telefax telefaks",
            "pager": "pager personsøger personsøker personsökare beeper",
            "callback": "callback tilbagekald tilbakeringing motringning rückmeldung rückruf",
            "car": "car bil auto",
            "isdn": "isdn",
            "radio": "radio",
            "telex": "telex teleks",
            "tty": "ttytdd forhørselshemmede fürhörbehinderte",
            PHONETIC: "yomi phonetic",
            SECOND: (
                "second secondary alternate alternative alternativ ekstra extra sekundær sekundär sekundäre zweite"
                " ytterligare"
            ),
            "=Mailing": "mailing",
            "=Billing": "billing",
            "=Invoice": "invoice",
            "=Faktura": "faktura fakturerings fakturering",
            "=Rechnung": "rechnung rechnungs",
            "=Shipping": "shipping",
            "=Delivery": "delivery",
            "=Levering": "levering leverings",
            "=Leverans": "leverans",
            "=Lieferung": "lieferung liefer",
            "=Visiting": "visiting",
            "=Besøg": "besøg besøgs besøks",
            "=Besök": "besöks",
        }.items()
        for word in words.split()
    }
)
"""Word → kind. Behind `=`: a type for a place that Google has no word for, in the language of the heading."""

NUMBER = frozenset(map(fold, "number nummer numbers numre nr no num".split()))
SMALL = NUMBER | frozenset(
    map(
        fold,
        "person people of for for the på til von der des die and og och und value line linje rad associated".split(),
    )
)
"""Words that say nothing that matters. A number may be that of a phone."""

BOOKKEEPING: Mapping[str, str] = MappingProxyType(
    {
        fold(word): name
        for name, words in {
            "priority": "priority prioritet prioritering priorität",
            "private": "private privat",
            "sensitivity": "sensitivity følsomhed følsomhet känslighet vertraulichkeit",
            "gender": "gender køn kjønn kön geschlecht",
        }.items()
        for word in words.split()
    }
)
"""Columns that Outlook fills for every contact."""
STOCK = frozenset(
    map(
        str.casefold,
        (
            *("Normal", "Unspecified", "False", "Falsk", "Usand", "Usann", "Falskt", "Falsch", "0", "SMTP", "EX"),
            *("Uspecificeret", "Ikke angivet", "Uspesifisert", "Ospecificerat", "Ospecificerad", "Keine Angabe"),
            *("Nicht angegeben"),
        ),
    )
)
"""What Outlook writes there when nobody has said anything."""

LEFT_OUT: Mapping[str, str] = MappingProxyType(
    {
        fold(word): name
        for name, words in {
            "photo": "photo picture foto billede bilde bild avatar",
            "labels": "categories category groups kategorier kategori kategorien labels keywords stichwörter tags",
        }.items()
        for word in words.split()
    }
)
"""Columns whose cells a card cannot hold."""

FIRM_NUMBERS = frozenset(
    map(fold, "cvr cvrnr cvrnummer ean eannr eannummer senr vatnumber vatno orgnr organisationsnummer ustidnr".split())
)
"""Columns that only a company fills."""

OWN_NUMBERS = frozenset(map(fold, "kontaktnr contactno".split()))
"""By what accounting programs count their contacts, and nobody can be called: `Contact Number` is a phone's."""

NOT_READ = frozenset(
    map(
        fold,
        (
            "prénom nom nomdefamille nombre apellido apellidos nome cognome sobrenome apelido voornaam achternaam"
            " etunimi sukunimi imię nazwisko jméno příjmení meno priezvisko keresztnév vezetéknév ime prezime priimek"
            " имя фамилия όνομα επώνυμο soyadı fornafn eftirnafn eesnimi perekonnanimi vārds uzvārds vardas pavardė"
            " prenume"
        ).split(),
    )
)
"""First and last names in languages whose other headings we do not know."""
