"""The managed fields, as one table: which parts a field's items hold and how items are told apart.

Fields and parts are named as in the People API's `Person`; what Google computes is left out. Words: a *field*
(`phoneNumbers`) holds *items*; an item holds *parts* (`value`, `type`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType

Value = str | int | bool | tuple[tuple[str, int], ...]
"""What a part may hold: text, a number, a flag, or a date as its sorted year, month and day."""


class Shape(Enum):
    """How a field's items are told apart when two sides are compared or merged."""

    SINGLE = "single"
    """At most one item; Google refuses a second (People API, `Person`)."""
    KEYED = "keyed"
    """A set of items, each known by a normalised key part: an e-mail by its address, a phone by its digits."""
    RECORD = "record"
    """A few items of many parts (addresses, organisations), known by their type while there is one of it."""


class Part(Enum):
    """What a part of an item holds."""

    TEXT = "text"
    DATE = "date"
    NUMBER = "number"
    FLAG = "flag"


@dataclass(frozen=True, slots=True)
class FieldRule:
    """One row of the table below: the parts a field's items may hold and how items are told apart."""

    name: str
    shape: Shape
    parts: Mapping[str, Part]
    key: tuple[str, ...]
    needs: tuple[str, ...]
    """An item that holds none of these parts is blank and does not exist."""


def _rule(name: str, shape: Shape, text: str, key: str = "", needs: str = "", **others: Part) -> FieldRule:
    parts = dict.fromkeys(text.split(), Part.TEXT) | others
    substance = needs.split() or [part for part in parts if part not in ("type", "contentType", "countryCode")]
    return FieldRule(name, shape, MappingProxyType(parts), tuple(key.split()), tuple(substance))


FIELDS: Mapping[str, FieldRule] = MappingProxyType(
    {
        rule.name: rule
        for rule in (
            _rule(
                "names",
                Shape.SINGLE,
                "honorificPrefix givenName middleName familyName honorificSuffix phoneticFullName"
                " phoneticHonorificPrefix phoneticGivenName phoneticMiddleName phoneticFamilyName"
                " phoneticHonorificSuffix",
            ),
            _rule("nicknames", Shape.KEYED, "value type", key="value"),
            _rule("emailAddresses", Shape.KEYED, "value type displayName", key="value", needs="value"),
            _rule("phoneNumbers", Shape.KEYED, "value type", key="value"),
            _rule(
                "addresses",
                Shape.RECORD,
                "type poBox streetAddress extendedAddress city region postalCode country countryCode formattedValue",
            ),
            _rule(
                "organizations",
                Shape.RECORD,
                "type name phoneticName title department jobDescription symbol domain location costCenter",
                current=Part.FLAG,
                fullTimeEquivalentMillipercent=Part.NUMBER,
                startDate=Part.DATE,
                endDate=Part.DATE,
                needs="name phoneticName title department jobDescription symbol domain location costCenter",
            ),
            _rule("occupations", Shape.KEYED, "value", key="value"),
            _rule("birthdays", Shape.SINGLE, "text", date=Part.DATE),
            _rule("events", Shape.KEYED, "type", key="type date", date=Part.DATE),
            _rule("urls", Shape.KEYED, "value type", key="value"),
            _rule("relations", Shape.KEYED, "person type", key="person"),
            _rule("imClients", Shape.KEYED, "username protocol type", key="username protocol", needs="username"),
            _rule("sipAddresses", Shape.KEYED, "value type", key="value"),
            _rule("calendarUrls", Shape.KEYED, "url type", key="url"),
            _rule("biographies", Shape.SINGLE, "value contentType"),
            _rule("userDefined", Shape.KEYED, "key value", key="key", needs="value"),
        )
    }
)
"""Every managed field, in the order in which people read a contact. What is not here is the user's own."""

DEFAULTS = {("nicknames", "type"): "DEFAULT", ("biographies", "contentType"): "TEXT_PLAIN"}
"""Values that Google adds or drops at will because they are the default of an enum."""

TYPES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "emailAddresses": ("home", "work", "other"),
        "phoneNumbers": (
            *("home", "work", "mobile", "homeFax", "workFax", "otherFax", "pager", "workMobile", "workPager"),
            *("main", "googleVoice", "other"),
        ),
        "addresses": ("home", "work", "other"),
        "organizations": ("work", "school"),
        "urls": ("home", "work", "blog", "profile", "homePage", "ftp", "reservations", "appInstallPage", "other"),
        "relations": (
            *("spouse", "child", "mother", "father", "parent", "brother", "sister", "friend", "relative"),
            *("domesticPartner", "manager", "assistant", "referredBy", "partner"),
        ),
        "events": ("anniversary", "other"),
        "imClients": ("home", "work", "other"),
        "sipAddresses": ("home", "work", "mobile", "other"),
        "calendarUrls": ("home", "freeBusy", "work"),
        "nicknames": ("DEFAULT", "MAIDEN_NAME", "INITIALS", "OTHER_NAME", "ALTERNATE_NAME", "SHORT_NAME"),
        "protocols": ("aim", "msn", "yahoo", "skype", "qq", "googleTalk", "icq", "jabber", "netMeeting"),
    }
)
"""Field → its predefined types (People API, `Person`). `protocols` are those of `imClients`."""

_STANDARD = {
    (field, "type") if field != "protocols" else ("imClients", "protocol"): {word.casefold(): word for word in words}
    for field, words in TYPES.items()
}


def standard(field: str, part: str, text: str) -> str:
    """Google's own writing of a predefined type, whose case means nothing (`Work`); another text as it is."""
    words = _STANDARD.get((field, part))
    return text if words is None else words.get(text.casefold(), text)


DIALLED = frozenset(
    {("emailAddresses", "value"), ("phoneNumbers", "value"), ("urls", "value"), ("calendarUrls", "url")}
)
DIALLED |= {("sipAddresses", "value"), ("imClients", "username")}
"""Parts that a machine dials or opens: a sign that nobody sees would make another number or address of them."""
