"""What Google makes of a field on its way in: computed parts filled, unknown and empty parts gone.

Items are kept as they will be shown, without their metadata. Values stay verbatim where Google keeps them so (e-mail,
phone, url); an item without any text is dropped. Sources: People API reference; formats observed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

import phonenumbers

from sharesync.sandbox.dates import check_date
from sharesync.sandbox.errors import invalid_argument
from sharesync.sandbox.fields import SINGLE, WRITABLE, writable_keys
from sharesync.sandbox.names import complete_name
from sharesync.sandbox.wire import Json

Items = tuple[Json, ...]

# Predefined types and how the English page shows them; any other type is custom and shown verbatim.
_TYPES = {
    "home": "Home", "work": "Work", "other": "Other", "mobile": "Mobile", "homeFax": "Home Fax", "workFax": "Work Fax",
    "otherFax": "Other Fax", "pager": "Pager", "workMobile": "Work Mobile", "workPager": "Work Pager", "main": "Main",
    "googleVoice": "Google Voice", "homePage": "Home Page", "blog": "Blog", "profile": "Profile", "ftp": "FTP",
    "reservations": "Reservations", "appInstallPage": "App Install Page", "anniversary": "Anniversary",
    "school": "School", "spouse": "Spouse", "child": "Child", "mother": "Mother", "father": "Father",
    "parent": "Parent", "brother": "Brother", "sister": "Sister", "friend": "Friend", "relative": "Relative",
    "domesticPartner": "Domestic Partner", "manager": "Manager", "assistant": "Assistant", "partner": "Partner",
    "referredBy": "Referred By", "account": "Account", "customer": "Customer", "network": "Network",
    "freeBusy": "Free/Busy", "organization": "Organization", "loginId": "Login Id",
}  # fmt: skip
_PROTOCOLS = {"aim": "AIM", "msn": "MSN", "yahoo": "Yahoo", "skype": "Skype", "qq": "QQ", "googleTalk": "Google Talk",
              "icq": "ICQ", "jabber": "Jabber", "netMeeting": "Net Meeting"}  # fmt: skip
_COUNTRIES = {"austria": "AT", "belgium": "BE", "denmark": "DK", "danmark": "DK", "finland": "FI", "france": "FR",
              "germany": "DE", "iceland": "IS", "netherlands": "NL", "norway": "NO", "norge": "NO",
              "poland": "PL", "spain": "ES", "sweden": "SE", "sverige": "SE", "united kingdom": "GB",
              "united states": "US"}  # fmt: skip
_ADDRESS_LINES = ("streetAddress", "extendedAddress", "poBox", "city", "region", "postalCode", "country")
_DEFAULT_ENUMS = {"nicknames": ("type", "DEFAULT"), "miscKeywords": ("type", "TYPE_UNSPECIFIED")}


def normalise(person: Json, mask: frozenset[str], region: str, old: Mapping[str, Items]) -> dict[str, Items]:
    """The masked fields of `person` (memberships apart) as Google would keep them; absent ones become empty.

    `region` is where a phone number without country code belongs; `old` the contact's present fields. Raises ApiError.
    """
    fields: dict[str, Items] = {}
    for field in WRITABLE:
        if field not in mask or field == "memberships":
            continue
        given = person.get(field)
        if not given:
            fields[field] = ()
            continue
        if field in SINGLE and len(given) > 1:
            raise invalid_argument(f"Cannot have more than one person.{field} per source.")
        items = (_item(field, raw, region, old.get(field, ())) for raw in given)
        fields[field] = tuple(item for item in items if item is not None)
    return fields


def _item(field: str, raw: Json, region: str, old: Items) -> Json | None:
    allowed = writable_keys(field)
    item = {key: value for key, value in raw.items() if key in allowed and value not in ("", None, False, {}, [])}
    enum = _DEFAULT_ENUMS.get(field)
    if enum and item.get(enum[0]) == enum[1]:
        del item[enum[0]]
    for key in ("date", "startDate", "endDate"):
        if key in item:
            item[key] = check_date(item[key])
            if not item[key]:
                del item[key]
    if field == "addresses":
        item = _address(item, old)
    if not any(key not in ("type", "contentType") and _told(value) for key, value in item.items()):
        return None
    item = _computed(field, item, region)
    if "type" in item and field not in ("nicknames", "locations"):
        item["formattedType"] = _TYPES.get(item["type"], item["type"])
    return item


def _computed(field: str, item: Json, region: str) -> Json:
    """The item with the parts Google adds to it. Raises ApiError for one that must not stand."""
    match field:
        case "names":
            return complete_name(item)
        case "phoneNumbers":
            canonical = _canonical_phone(item.get("value", ""), region)
            return {**item, "canonicalForm": canonical} if canonical else item
        case "biographies":
            return {**item, "contentType": item.get("contentType", "TEXT_PLAIN")}
        case "genders" if "value" in item:
            return {**item, "formattedValue": item["value"].capitalize()}
        case "imClients" if "protocol" in item:
            return {**item, "formattedProtocol": _PROTOCOLS.get(item["protocol"], item["protocol"])}
        case "userDefined" | "clientData" if not (_told(item.get("key")) and _told(item.get("value"))):
            raise invalid_argument()  # key and value must both be there
    return item


def _told(value: object) -> bool:
    return bool(value.strip()) if isinstance(value, str) else value is not None


def _address(item: Json, old: Items) -> Json:
    """formattedValue wins over the structured parts (observed): a client that sends an old one keeps the old parts."""
    sent = item.get("formattedValue")
    structured = {key: value for key, value in item.items() if key != "formattedValue"}
    built = "\n".join(structured[key] for key in _ADDRESS_LINES if key in structured)
    if sent is not None and sent != built:
        known: Sequence[Json] = [one for one in old if one.get("formattedValue") == sent]
        kind = {"type": item["type"]} if "type" in item else {}
        parts = {key: value for key, value in known[0].items() if key not in ("type", "formattedType")} if known else {}
        return {**(parts or {"formattedValue": sent, "streetAddress": sent}), **kind}
    if built:
        structured["formattedValue"] = built
    code = _COUNTRIES.get(structured.get("country", "").strip().lower())
    if code:
        structured.setdefault("countryCode", code)
    return structured


@lru_cache(maxsize=65536)
def _canonical_phone(value: str, region: str) -> str | None:
    try:
        number = phonenumbers.parse(value, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
