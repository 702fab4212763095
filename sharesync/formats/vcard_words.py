"""What vCard properties and their types mean in Google's words, for reading and for writing.

A part that no property holds (an organisation's symbol, an e-mail's display name …) travels as `X-SHARESYNC-` and
the part's name, tied to its item by the group (`item3.ORG`, `item3.X-SHARESYNC-SYMBOL`): others pass it over, we
read it.
"""

from __future__ import annotations

import re
from functools import lru_cache

from sharesync.errors import Sentence
from sharesync.formats.vocabulary import known_type

OURS = "-//sharesync//sharesync//EN"
"""The PRODID of what we write: each value in it is what a card held, so it is read as it stands."""
OWN = "X-SHARESYNC-"
CUSTOM_FIELD = OWN + "FIELD"
"""A custom field: its name is the group's X-ABLabel."""

PLAIN: dict[str, tuple[str, str]] = {
    "NICKNAME": ("nicknames", "value"),
    "EMAIL": ("emailAddresses", "value"),
    "TEL": ("phoneNumbers", "value"),
    "X-MS-TEL": ("phoneNumbers", "value"),
    "ROLE": ("occupations", "value"),
    "URL": ("urls", "value"),
    "X-SIP": ("sipAddresses", "value"),
    "CALURI": ("calendarUrls", "url"),
    "FBURL": ("calendarUrls", "url"),
    "X-EVOLUTION-BLOG-URL": ("urls", "value"),
    "X-EVOLUTION-VIDEO-URL": ("urls", "value"),
    "X-KADDRESSBOOK-BLOGFEED": ("urls", "value"),
    "BLOGFEED": ("urls", "value"),
    "NOTE": ("biographies", "value"),
    CUSTOM_FIELD: ("userDefined", "value"),
    "X-ABRELATEDNAMES": ("relations", "person"),
    "RELATED": ("relations", "person"),
    "X-SPOUSE": ("relations", "person"),
    "X-MANAGER": ("relations", "person"),
    "X-ASSISTANT": ("relations", "person"),
    "X-CHILD": ("relations", "person"),
    "X-ABDATE": ("events", "date"),
    "ANNIVERSARY": ("events", "date"),
    "X-ANNIVERSARY": ("events", "date"),
    "DEATHDATE": ("events", "date"),
}
"""Property → the field and the part that its value is."""

IMPLIED_TYPE = {
    "FBURL": "freeBusy",
    "X-EVOLUTION-BLOG-URL": "blog",
    "X-EVOLUTION-VIDEO-URL": "Video",
    "X-KADDRESSBOOK-BLOGFEED": "blog",
    "BLOGFEED": "blog",
    "X-SPOUSE": "spouse",
    "X-MANAGER": "manager",
    "X-ASSISTANT": "assistant",
    "X-CHILD": "child",
    "ANNIVERSARY": "anniversary",
    "X-ANNIVERSARY": "anniversary",
    "DEATHDATE": "death",
}
"""Property → the type it has without saying so."""

VENDORS = ("X-MS-", "X-EVOLUTION-", "X-KADDRESSBOOK-X-", "X-KADDRESSBOOK-", "X-MOZILLA-")
"""Prefixes behind which programs keep their spouse, manager, assistant and anniversary."""
PLAIN_NAMES = {
    "X-SPOUSESNAME": "X-SPOUSE",
    "X-SPOUSE-NAME": "X-SPOUSE",
    "X-MANAGERSNAME": "X-MANAGER",
    "X-ASSISTANTSNAME": "X-ASSISTANT",
    "X-PROFESSION": "ROLE",
    "X-NICKNAME": "NICKNAME",
}
"""Other words for a property of `PLAIN`, behind these prefixes or without one."""

MESSENGERS = {
    "X-AIM": "aim",
    "X-MSN": "msn",
    "X-YAHOO": "yahoo",
    "X-SKYPE": "skype",
    "X-SKYPE-USERNAME": "skype",
    "X-QQ": "qq",
    "X-GOOGLE-TALK": "googleTalk",
    "X-GTALK": "googleTalk",
    "X-ICQ": "icq",
    "X-JABBER": "jabber",
    "X-NETMEETING": "netMeeting",
    "X-MS-IMADDRESS": "",
    "X-KADDRESSBOOK-X-IMADDRESS": "",
    "X-TWITTER": "Twitter",
    "X-GADUGADU": "Gadu-Gadu",
    "X-GROUPWISE": "GroupWise",
    "X-MATRIX": "matrix",
}
MESSENGER_PROPERTIES = {"googleTalk": "X-GTALK", "skype": "X-SKYPE"} | {
    word: f"X-{word.upper()}" for word in ("aim", "msn", "yahoo", "qq", "icq", "jabber")
}
"""What Google's own exports use, and what Android and Apple read; IMPP came to vCard 3.0 later (RFC 4770)."""
SCHEMES = {
    "aim": "aim",
    "msnim": "msn",
    "ymsgr": "yahoo",
    "skype": "skype",
    "qq": "qq",
    "gtalk": "googleTalk",
    "icq": "icq",
    "xmpp": "jabber",
    "jabber": "jabber",
}
"""Scheme of an instant messenger's address → Google's protocol."""

PHONETIC = {
    "X-PHONETIC-FIRST-NAME": "phoneticGivenName",
    "X-PHONETIC-MIDDLE-NAME": "phoneticMiddleName",
    "X-PHONETIC-LAST-NAME": "phoneticFamilyName",
}

OF_THE_EMPLOYER = {
    "X-PHONETIC-ORG": "phoneticName",
    "X-KADDRESSBOOK-X-DEPARTMENT": "department",
    "X-KADDRESSBOOK-X-OFFICE": "location",
    "X-EVOLUTION-OFFICE": "location",
    "X-DEPARTMENT": "department",
}
"""Property → the part of the first organisation that it is."""

WITHIN_THE_CITY = ("X-APPLE-SUBLOCALITY", "X-APPLE-SUBADMINISTRATIVEAREA")
"""Apple's parts of an address for which Google has none."""

LEFT_OUT = {
    "PHOTO": Sentence("photo left out"),
    "X-THUMBNAIL": Sentence("photo left out"),
    "LOGO": Sentence("logo left out"),
    "SOUND": Sentence("sound left out"),
    "KEY": Sentence("certificate left out"),
    "GEO": Sentence("position left out"),
    "TZ": Sentence("time zone left out"),
    "LANG": Sentence("language left out"),
    "GENDER": Sentence("gender left out"),
    "X-GENDER": Sentence("gender left out"),
    "AGENT": Sentence("a card within the card left out"),
    "MEMBER": Sentence("members left out"),
    "X-ADDRESSBOOKSERVER-MEMBER": Sentence("members left out"),
    "CATEGORIES": Sentence("labels left out"),
    "X-GROUP-MEMBERSHIP": Sentence("labels left out"),
    "XML": Sentence("XML left out"),
}
"""Property → the note on it. A card cannot hold these."""

SORTED_AS = ("SORT-STRING", "X-EVOLUTION-FILE-AS", "NAME", "X-FILE-AS")
"""The name once more, as a list sorts it."""

STRUCTURE = re.compile(
    r"BEGIN|END|VERSION|PRODID|X-PRODID|X-GENERATOR|UID|X-ABUID|X-ID|X-ETAG|X-IRMC-LUID|REV|CREATED|X-TIMESTAMP"
    r"|CLIENTPIDMAP|PROFILE|X-COUCHDB-.*|X-EVOLUTION-WEBDAV.*"
)
"""How the file is written and when: nothing about the contact, so it goes without a note."""
BOOKKEEPING = re.compile(
    r"SOURCE|CLASS|MAILER|KIND|X-AB(?!RELATEDNAMES|DATE).*|X-ADDRESSBOOKSERVER-.*|X-APPLE-.*|X-IMAGE.*|X-SHARED-PHOTO.*"
    r"|X-MS-(?:OL-.*|CARDPICTURE)|X-EVOLUTION-LIST.*|X-FC-.*|X-MOZILLA-(?:HTML|PROPERTY).*|X-ADDRESSING-GRAMMAR"
    r"|X-ACCOUNT|X-CLASS|X-REDUCTION|X-NO|X-IRMC-.*|X-SAMSUNGADR|X-MAIL-CLIENT|JSPROP|X-KADDRESSBOOK-(?!X-).*"
    r"|VND-.*|X-ACTIVITY-ALERT|X-(?:LAST-)?TIMES?[_-]CONTACTED|X-LAST[_-]TIME[_-]CONTACTED|X-STARRED"
    r"|X-(?:CUSTOM[_-])?RINGTONE|X-SEND[_-]TO[_-]VOICEMAIL|X-SAMSUNG-.*|X-HTC.*|X-MIUI.*|X-OPPO.*|X-VIVO.*"
)
"""What programs write for themselves: it is noted, and becomes no custom field."""
KEPT_BY_A_PROGRAM = Sentence("what a program keeps for itself left out")

ADDRESS_PARTS = ("poBox", "extendedAddress", "streetAddress", "city", "region", "postalCode", "country")
"""The order of ADR (RFC 6350, 6.3.1)."""

TYPES = {
    "home": ("HOME",),
    "work": ("WORK",),
    "mobile": ("CELL",),
    "homeFax": ("HOME", "FAX"),
    "workFax": ("WORK", "FAX"),
    "otherFax": ("FAX",),
    "pager": ("PAGER",),
    "workMobile": ("WORK", "CELL"),
    "workPager": ("WORK", "PAGER"),
    "main": ("MAIN",),
}
"""Google's type → vCard's types, where vCard has them."""

SAYS_NOTHING = re.compile(
    r"pref|internet|voice|intl|postal|parcel|uri|none|default|"
    r"(?:image/)?(?:jpe?g|png|gif|bmp|tiff?|webp)|wave|aiff|pcm|basic|x509|pgp|irmc-n",
    re.IGNORECASE,
)
"""Words of a type that are said of nearly every value (RFC 2426 has them as defaults), or of how it is written."""
TECHNICAL = re.compile(
    r"CHARSET|ENCODING|VALUE|PREF|MEDIATYPE|FMTTYPE|PID|ALTID|LANGUAGE|INDEX|CALSCALE|DERIVED|PROP-ID|CREATED|TYPE"
    r"|X-APPLE-.*|X-AB.*|X-EVOLUTION-(?:UI-SLOT|E164|DEST.*)|X-COUCHDB-.*|X-IC-CROPRECT|X-TEAMIDENTIFIER|X-BUNDLEIDENTIFIERS"
)
"""Parameters that tell how a value is written, not what it says."""
_PHONE_TYPES = {frozenset(word.lower() for word in words): google for google, words in TYPES.items()}
_MOBILE = frozenset(("mobile", "pcs", "iphone", "cell"))


@lru_cache(maxsize=2048)  # a file repeats a few dozen types for thousands of cards
def type_of(field: str, words: tuple[str, ...]) -> str:
    """Google's type, or a custom one, for the words of a property's TYPE; empty where they say nothing."""
    if field == "nicknames":
        return next(filter(None, (known_type(field, word) for word in words)), "")
    if field in ("phoneNumbers", "sipAddresses"):
        said = {"cell" if word.lower() in _MOBILE else word.lower() for word in words}
        said &= {"home", "work", "cell", "fax", "pager", "main"}
        for combination in (said, said - {"home"}, said & {"fax", "work", "home"}, said & {"cell"}, said & {"pager"}):
            if google := _PHONE_TYPES.get(frozenset(combination)):
                return google
    return next(filter(None, (known_type(field, word) for word in words)), words[0] if words else "")


@lru_cache(maxsize=2048)
def is_said_by(field: str, type_: str, word: str) -> bool:
    """Whether a type of an item says this word of a property's TYPE."""
    if word == type_ or known_type(field, word) == type_ != "":
        return True
    return ("CELL" if word.lower() in _MOBILE else word.upper()) in TYPES.get(type_, ())


_APPLE_LABELS = frozenset(
    [
        *("anniversary", "other", "spouse", "child", "mother", "father", "parent", "brother", "sister", "friend"),
        *("partner", "manager", "assistant", "homePage", "home", "work", "mobile", "main", "pager"),
    ]
)


def label_of(google: str) -> str:
    """A predefined type without a vCard type, as the X-ABLabel that Apple or Google itself would write."""
    if google in _APPLE_LABELS:
        return f"_$!<{google[0].upper()}{google[1:]}>!$_"
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", google).upper()
