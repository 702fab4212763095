"""What vCard properties and their types mean in Google's words, for reading and for writing.

A part that no property holds (an organisation's symbol, an e-mail's display name …) travels as `X-SHARESYNC-` and
the part's name, tied to its item by the group (`item3.ORG`, `item3.X-SHARESYNC-SYMBOL`): others pass it over, we
read it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from sharesync.errors import Sentence
from sharesync.formats.vocabulary import known_type

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
    "X-SPOUSE": "spouse",
    "X-MANAGER": "manager",
    "X-ASSISTANT": "assistant",
    "X-CHILD": "child",
    "ANNIVERSARY": "anniversary",
    "X-ANNIVERSARY": "anniversary",
    "DEATHDATE": "death",
}
"""Property → the type it has without saying so."""

VENDORS = ("X-MS-", "X-EVOLUTION-", "X-KADDRESSBOOK-", "X-MOZILLA-")
"""Prefixes behind which programs keep their spouse, manager, assistant and anniversary."""

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
}
"""Scheme of an instant messenger's address → Google's protocol."""

PHONETIC = {
    "X-PHONETIC-FIRST-NAME": "phoneticGivenName",
    "X-PHONETIC-MIDDLE-NAME": "phoneticMiddleName",
    "X-PHONETIC-LAST-NAME": "phoneticFamilyName",
}

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
    "XML": Sentence("XML left out"),
}
"""Property → the note on it. A card cannot hold these."""

BOOKKEEPING = re.compile(
    r"BEGIN|END|VERSION|PRODID|X-PRODID|UID|REV|CREATED|SOURCE|NAME|PROFILE|CLASS|MAILER|SORT-STRING|CLIENTPIDMAP|KIND"
    r"|X-AB(?!RELATEDNAMES|DATE).*|X-ADDRESSBOOKSERVER-.*|X-APPLE-.*|X-IMAGE.*|X-SHARED-PHOTO.*|X-GENERATOR|X-ID|X-ETAG"
    r"|X-MS-(?:OL-.*|CARDPICTURE|TEXT)|X-COUCHDB-.*|X-EVOLUTION-(?:FILE-AS|BLOG-URL|VIDEO-URL|LIST.*|WEBDAV.*)|X-FC.*"
    r"|X-MOZILLA-(?:HTML|PROPERTY).*|X-GROUP-MEMBERSHIP|X-ADDRESSING-GRAMMAR|X-ACCOUNT|X-CLASS|X-REDUCTION|X-NO"
    r"|X-IRMC-.*|X-TIMESTAMP|X-SAMSUNGADR|X-MAIL-CLIENT|JSPROP",
)
"""What programs write for themselves: not the contact's, so nothing is lost without it."""

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

_NO_TYPE = frozenset(
    [
        *("pref", "internet", "x400", "voice", "msg", "video", "text", "textphone", "dom", "intl", "postal"),
        *("parcel", "uri", "sms", "none", "default"),
    ]
)
"""Said of nearly every value, or of how it is reached; not what people call it."""
_PHONE_TYPES = {frozenset(word.lower() for word in words): google for google, words in TYPES.items()}


def type_of(field: str, types: Sequence[str]) -> str:
    """Google's type, or a custom one, for the words of a property's TYPE; empty where they say nothing."""
    words = [word for word in types if word.lower() not in _NO_TYPE]
    if field == "nicknames":
        return next(filter(None, (known_type(field, word) for word in words)), "")
    if field in ("phoneNumbers", "sipAddresses"):
        said = {"cell" if word.lower() in ("mobile", "pcs", "iphone") else word.lower() for word in words}
        for combination in (said, said - {"home"}, said & {"fax", "work", "home"}, said & {"cell"}, said & {"pager"}):
            if google := _PHONE_TYPES.get(frozenset(combination)):
                return google
    return next(filter(None, (known_type(field, word) for word in words)), words[0] if words else "")


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
