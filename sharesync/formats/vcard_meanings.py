"""What each property of a vCard means, in every version and of every maker: what it puts into a draft."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import unquote

from sharesync.errors import Sentence
from sharesync.formats.dates import is_no_date, iso_date
from sharesync.formats.entries import NAMELESS
from sharesync.formats.full_names import STRUCTURED
from sharesync.formats.vcard_draft import Draft, Parts
from sharesync.formats.vcard_lines import (
    Property,
    split,
    unescape,
)
from sharesync.formats.vcard_words import (
    ADDRESS_PARTS,
    BOOKKEEPING,
    IMPLIED_TYPE,
    LEFT_OUT,
    MESSENGERS,
    OWN,
    PHONETIC,
    PLAIN,
    SCHEMES,
    VENDORS,
)
from sharesync.formats.vocabulary import known_type, read_type
from sharesync.model.card import MAX_TEXT
from sharesync.model.spelling import clean


def _known_name(name: str) -> str:
    """X-SPOUSE for X-MS-SPOUSE, X-EVOLUTION-SPOUSE …"""
    for prefix in VENDORS:
        if name.startswith(prefix) and (plain := "X-" + name.removeprefix(prefix)) in PLAIN:
            return plain
    return name


def take(draft: Draft, one: Property) -> None:
    """Put what a property says into the draft; what makes no sense is a note there."""
    name = _known_name(one.head.name)
    _handler(name)(draft, one if name == one.head.name else replace(one, head=replace(one.head, name=name)))


def _handler(name: str) -> Callable[[Draft, Property], None]:
    if name in _HANDLERS:
        return _HANDLERS[name]
    if name in PLAIN:
        return _plain
    if name.startswith(OWN):
        return _own_part
    if name in LEFT_OUT or BOOKKEEPING.fullmatch(name):
        return leave_out
    return _unknown


# --- Names ------------------------------------------------------------------------------------------------------------


def _n(draft: Draft, one: Property) -> None:
    if any(part in draft.names for part in STRUCTURED):
        draft.notes.append(Sentence("a second name left out"))
        return
    for part, value in zip(STRUCTURED, split(one.value, ";"), strict=False):
        words = [unescape(word).strip() for word in split(value, ",")]
        if text := (", " if part == "honorificSuffix" else " ").join(filter(None, words)):
            draft.names[part] = text


def _fn(draft: Draft, one: Property) -> None:
    draft.formatted_name = draft.formatted_name or unescape(one.value)


def _phonetic(draft: Draft, one: Property) -> None:
    draft.names.setdefault(PHONETIC[one.head.name], unescape(one.value))


def _sound(draft: Draft, one: Property) -> None:
    """Japanese phones keep the reading of the name here."""
    if not any(word.upper() == "X-IRMC-N" for word in one.head.types):
        leave_out(draft, one)
        return
    for part, value in zip(("phoneticFamilyName", "phoneticGivenName"), split(one.value, ";"), strict=False):
        if value.strip():
            draft.names.setdefault(part, unescape(value))


def _maiden_name(draft: Draft, one: Property) -> None:
    draft.put("nicknames", one, {"value": unescape(one.value), "type": "MAIDEN_NAME"})


# --- Values -----------------------------------------------------------------------------------------------------------


def _plain(draft: Draft, one: Property) -> None:
    field, part = PLAIN[one.head.name]
    value = unescape(one.value).strip()
    if field == "userDefined":
        draft.put(field, one, {"key": clean(draft.labels.get(one.head.group, "")) or NAMELESS, "value": value})
    elif field == "nicknames":
        for name in split(one.value, ","):
            draft.put(field, one, {"value": unescape(name)})
    elif field == "events":
        if date := iso_date(value):
            draft.put(field, one, {part: date, "type": IMPLIED_TYPE.get(one.head.name, "")})
        else:
            draft.notes.append(Sentence("a date that cannot be read left out"))
    elif one.head.name == "RELATED" and one.head.param("VALUE").lower() != "text" and _REFERENCE.match(value):
        draft.notes.append(Sentence("a reference to another card left out"))
    else:
        value = _SCHEME.sub("", value) if field in ("phoneNumbers", "emailAddresses") else value
        draft.put(field, one, {part: value, "type": IMPLIED_TYPE.get(one.head.name, "")})


_REFERENCE = re.compile(r"(?i)urn:|https?:")
_SCHEME = re.compile(r"(?i)^(?:tel|mailto):")


def _adr(draft: Draft, one: Property) -> None:
    parts: Parts = {}
    for part, value in zip(ADDRESS_PARTS, split(one.value, ";"), strict=False):
        if text := ", ".join(filter(None, (unescape(word).strip() for word in split(value, ",")))):
            parts[part] = text
    if not parts and one.head.param("LABEL"):
        parts["formattedValue"] = unescape(one.head.param("LABEL"))
    draft.put("addresses", one, parts)


def _label(draft: Draft, one: Property) -> None:
    draft.put_label(one, unescape(one.value))


def _country_code(draft: Draft, one: Property) -> None:
    """Apple's X-ABADR: the country whose form an address has."""
    code = unescape(one.value).strip()
    if re.fullmatch(r"[A-Za-z]{2}", code):
        draft.put_own(one.head.group, "countryCode", code.upper())


def _org(draft: Draft, one: Property) -> None:
    name, *units = (unescape(unit).strip() for unit in split(one.value, ";"))
    draft.put("organizations", one, {"name": name, "department": ", ".join(filter(None, units))})


def _title(draft: Draft, one: Property) -> None:
    draft.put_title(one, unescape(one.value))


def _phonetic_org(draft: Draft, one: Property) -> None:
    draft.put_phonetic_organization(one, unescape(one.value))


def _bday(draft: Draft, one: Property) -> None:
    text = unescape(one.value)
    date = iso_date(text)
    if date and one.head.param("X-APPLE-OMIT-YEAR") == str(date.get("year", "")):
        date.pop("year", None)
    if date:
        if "date" in draft.birthday and draft.birthday["date"] != date:
            draft.notes.append(Sentence("a second birthday left out"))
        else:
            draft.birthday = {"date": date}
    elif not draft.birthday and not is_no_date(text):
        draft.birthday = {"text": text}


def _impp(draft: Draft, one: Property) -> None:
    scheme, colon, rest = unescape(one.value).strip().partition(":")
    service = one.head.param("X-SERVICE-TYPE")
    if not colon or not re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*", scheme):
        scheme, rest = "", scheme + colon + rest
    if scheme.lower() in ("sip", "sips"):
        draft.put("sipAddresses", one, {"value": f"{scheme}:{rest}"})
        return
    known = known_type("protocols", service) or service or SCHEMES.get(scheme.lower(), "")
    draft.put("imClients", one, {"username": unquote(rest), "protocol": known})


def _messenger(draft: Draft, one: Property) -> None:
    draft.put("imClients", one, {"username": unescape(one.value), "protocol": MESSENGERS[one.head.name]})


def _social_profile(draft: Draft, one: Property) -> None:
    """Apple's profiles elsewhere: an address in the web, or only a name there."""
    value, type_ = unescape(one.value).strip(), draft.type_of("urls", one)
    if re.match(r"(?i)https?:", value):
        draft.put("urls", one, {"value": value, "type": type_})
    else:
        name = one.head.param("X-USER") or value.removeprefix("x-apple:")
        draft.put("userDefined", one, {"key": clean(type_) or "Profile", "value": name})


def _android(draft: Draft, one: Property) -> None:
    """Android's own fields: `vnd.android.cursor.item/nickname;value;type;label;…`."""
    kind, value, number, label, *_ = [*map(unescape, split(one.value, ";")), "", "", ""]
    match kind.rpartition("/")[2]:
        case "nickname":
            draft.put("nicknames", one, {"value": value})
        case "contact_event" if date := iso_date(value):
            # ContactsContract.CommonDataKinds.Event: 0 custom, 1 anniversary, 2 other, 3 birthday
            if number == "3":
                draft.birthday = draft.birthday or {"date": date}
            else:
                type_ = {"1": "anniversary", "2": "other"}.get(number, label)
                draft.put("events", one, {"date": date, "type": type_})
        case "relation":
            draft.put("relations", one, {"person": value, "type": _ANDROID_RELATIONS.get(number, label)})
        case _:
            draft.notes.append(Sentence("a field of Android's own left out"))


# --- What has no place ------------------------------------------------------------------------------------------------


def leave_out(draft: Draft, one: Property) -> None:
    """Note what a contact has no place for, where people would miss it."""
    name = one.head.name
    if name == "CATEGORIES" and set(map(clean, split(one.value, ","))) <= {"My Contacts", "myContacts"}:
        return  # said of every contact
    if what := LEFT_OUT.get(name):
        draft.notes.append(what)


def _unknown(draft: Draft, one: Property) -> None:
    """A property we have never heard of: a custom field, if people can read it."""
    name, value = one.head.name.removeprefix("X-"), clean(unescape(one.value))
    if not value.strip("; "):
        return
    if one.head.param("VALUE").lower() in ("uri", "binary") or len(value) > MAX_TEXT or value.startswith("<"):
        draft.notes.append(Sentence("%(property)s left out", property=one.head.name.lower()))
        return
    label = clean(read_type("", draft.labels.get(one.head.group, "")))
    key = label or name.replace("-", " ").replace("_", " ").strip().capitalize() or NAMELESS
    draft.put("userDefined", one, {"key": key, "value": value})


def _own_part(draft: Draft, one: Property) -> None:
    words = one.head.name.removeprefix(OWN).lower().split("-")
    draft.put_own(one.head.group, words[0] + "".join(map(str.capitalize, words[1:])), unescape(one.value))


_ANDROID_RELATIONS = dict(
    zip(
        map(str, range(1, 15)),
        (
            *("assistant", "brother", "child", "domesticPartner", "father", "friend", "manager"),
            *("mother", "parent", "partner", "referredBy", "relative", "sister", "spouse"),
        ),
        strict=True,
    )
)
"""ContactsContract.CommonDataKinds.Relation, by number."""

_HANDLERS: dict[str, Callable[[Draft, Property], None]] = {
    "N": _n,
    "FN": _fn,
    **dict.fromkeys(PHONETIC, _phonetic),
    "SOUND": _sound,
    "X-MAIDENNAME": _maiden_name,
    "ADR": _adr,
    "LABEL": _label,
    "X-ABADR": _country_code,
    "ORG": _org,
    "TITLE": _title,
    "X-PHONETIC-ORG": _phonetic_org,
    "BDAY": _bday,
    "IMPP": _impp,
    **dict.fromkeys(MESSENGERS, _messenger),
    "X-SOCIALPROFILE": _social_profile,
    "X-ANDROID-CUSTOM": _android,
}
