"""What each property of a vCard means, in every version and of every maker: what it puts into a draft."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from sharesync.errors import Sentence
from sharesync.formats.entries import NAMELESS
from sharesync.formats.full_names import STRUCTURED
from sharesync.formats.ledger import ANYWHERE
from sharesync.formats.typed_values import NO_VALUE, is_none
from sharesync.formats.vcard_addresses import address, country_code, email, label, phone, within_the_city
from sharesync.formats.vcard_draft import CardDraft
from sharesync.formats.vcard_lines import BEGIN
from sharesync.formats.vcard_makers import (
    FULL_CONTACT,
    MESSAGING,
    android,
    birthday,
    event,
    full_contact,
    kaddressbook_messenger,
    key_of,
    messenger,
    messenger_address,
    social_profile,
)
from sharesync.formats.vcard_values import Told, repeats
from sharesync.formats.vcard_words import (
    BOOKKEEPING,
    IMPLIED_TYPE,
    KEPT_BY_A_PROGRAM,
    LEFT_OUT,
    MESSENGERS,
    OF_THE_EMPLOYER,
    OURS,
    OWN,
    PHONETIC,
    PLAIN,
    PLAIN_NAMES,
    SORTED_AS,
    STRUCTURE,
    VENDORS,
    WITHIN_THE_CITY,
)
from sharesync.model.spelling import clean

SECOND_NAME = Sentence("a second name left out")
REFERENCE = Sentence("a reference to another card left out")
OTHER_WRITING = Sentence("another writing of the same value left out")


@lru_cache(maxsize=2048)  # a file repeats a few dozen names for thousands of cards
def known_name(name: str) -> str:
    """X-SPOUSE for X-MS-SPOUSE, X-EVOLUTION-SPOUSE …"""
    if name in _HANDLERS:
        return name
    for prefix in VENDORS:
        if name.startswith(prefix):
            plain = "X-" + name.removeprefix(prefix)
            if (found := PLAIN_NAMES.get(plain, plain)) in PLAIN:
                return found
    return PLAIN_NAMES.get(name, name)


def foresee(draft: CardDraft, one: Told) -> None:
    """Learn from a property what others of its card mean."""
    match one.name:
        case "X-ABLABEL" if one.group:
            draft.labels[one.group] = one.whole
        case "PRODID":
            draft.is_ours = one.text == OURS
        case "KIND" | "X-ADDRESSBOOKSERVER-KIND":
            draft.kind = one.text.lower()
            if draft.kind in ("individual", "org", "organization", "group"):
                one.whole.passes()
        case "X-ABSHOWAS" if one.text.upper() == "COMPANY":
            draft.kind = draft.kind or "org"
            one.whole.passes()
        case _:
            pass


def take(draft: CardDraft, one: Told) -> None:
    """Put what a property says into the draft; what makes no sense is a note there."""
    if "SORT-AS" in one.params:
        repeats(one.params["SORT-AS"])
    if altid := one.head.param("ALTID"):
        if (one.name, altid) in draft.alternatives:
            one.whole.goes(ANYWHERE, otherwise=OTHER_WRITING)
            return
        draft.alternatives.add((one.name, altid))
    if not draft.is_ours and is_none(one.text):
        one.whole.left_out(NO_VALUE)
    elif one.text or one.name == "ORG":  # a blank ORG may have a title beside it
        _handler(one.name)(draft, one)


@lru_cache(maxsize=2048)
def _handler(name: str) -> Callable[[CardDraft, Told], None]:
    if name in _HANDLERS:
        return _HANDLERS[name]
    if name in PLAIN:
        return _plain
    if name.startswith(OWN):
        return _own_part
    if name in LEFT_OUT or STRUCTURE.fullmatch(name) or BOOKKEEPING.fullmatch(name):
        return _leave_out
    return next((handler for pattern, handler in _PATTERNS if pattern.fullmatch(name)), _unknown)


# --- Names ------------------------------------------------------------------------------------------------------------


def _n(draft: CardDraft, one: Told) -> None:
    parts = one.components()
    if any(part in draft.names for part in STRUCTURED):
        for value in (value for values in parts for value in values):
            value.left_out(SECOND_NAME)
        return
    for part, values in zip(STRUCTURED, parts, strict=False):
        if text := draft.joined(values, "names"):
            draft.names[part] = text


def _fn(draft: CardDraft, one: Told) -> None:
    draft.full_names.append(one.whole)


def _phonetic(draft: CardDraft, one: Told) -> None:
    draft.names.setdefault(PHONETIC[one.name], one.text)
    one.whole.goes("names")


def _sound(draft: CardDraft, one: Told) -> None:
    """Japanese phones keep the reading of the name here."""
    if not any(word.upper() == "X-IRMC-N" for word in one.head.types):
        _leave_out(draft, one)
        return
    for part, values in zip(("phoneticFamilyName", "phoneticGivenName"), one.components(), strict=False):
        if text := draft.joined(values, "names"):
            draft.names.setdefault(part, text)


def _maiden_name(draft: CardDraft, one: Told) -> None:
    draft.put("nicknames", one, {"value": one.text, "type": "MAIDEN_NAME"})
    one.whole.goes("nicknames")


# --- Values -----------------------------------------------------------------------------------------------------------


def _plain(draft: CardDraft, one: Told) -> None:
    field, part = PLAIN[one.name]
    match field:
        case "userDefined":
            label = draft.labels.get(one.group)
            draft.put(field, one, {"key": key_of(label) or NAMELESS, "value": one.text})
        case "nicknames":
            for name in one.pieces(","):
                draft.put(field, one, {"value": name.text})
                name.goes(field)
            return
        case "events":
            event(draft, one, one.whole, IMPLIED_TYPE.get(one.name, ""))
            return
        case "relations" if _is_reference(one):
            one.whole.left_out(REFERENCE)
            return
        case "emailAddresses" if not draft.is_ours:
            email(draft, one)
            return
        case "phoneNumbers" if not draft.is_ours:
            phone(draft, one)
            return
        case _:
            draft.put(field, one, {part: one.text, "type": IMPLIED_TYPE.get(one.name, "")})
    one.whole.goes(field)


def _is_reference(one: Told) -> bool:
    return one.name == "RELATED" and one.head.param("VALUE").lower() != "text" and bool(_REFERENCE.match(one.text))


_REFERENCE = re.compile(r"(?i)urn:|https?:")


def _org(draft: CardDraft, one: Told) -> None:
    name, *units = one.pieces(";")
    department = draft.joined(units, "organizations")
    draft.put("organizations", one, {"name": draft.joined([name], "organizations"), "department": department})


def _title(draft: CardDraft, one: Told) -> None:
    draft.put_title(one)


def _of_the_employer(draft: CardDraft, one: Told) -> None:
    draft.put_of_the_employer(OF_THE_EMPLOYER[one.name], one)


# --- What has no place ------------------------------------------------------------------------------------------------


def _leave_out(draft: CardDraft, one: Told) -> None:
    """Note what a contact has no place for, unless it says nothing about it."""
    if STRUCTURE.fullmatch(one.name):
        one.whole.passes()
    elif one.name in ("CATEGORIES", "X-GROUP-MEMBERSHIP"):
        for label in one.pieces(","):
            if label.text in ("My Contacts", "myContacts"):  # said of every contact
                label.passes()
            else:
                label.left_out(LEFT_OUT[one.name])
    elif one.name == "AGENT" and BEGIN.fullmatch(one.text):
        one.whole.passes()  # its lines are noted one by one
    elif what := LEFT_OUT.get(one.name):
        one.whole.left_out(what)
    elif BOOKKEEPING.fullmatch(one.name) and one.name not in (
        "X-ABLABEL",
        "KIND",
        "X-ADDRESSBOOKSERVER-KIND",
        "X-ABSHOWAS",
    ):
        one.whole.left_out(KEPT_BY_A_PROGRAM)


def _sorted_as(draft: CardDraft, one: Told) -> None:
    repeats(one.whole)


def _unknown(draft: CardDraft, one: Told) -> None:
    """A property we have never heard of: a custom field, if people can read it."""
    value = clean(one.text)
    if not value.strip("; "):
        one.whole.passes()
        return
    if one.head.param("VALUE").lower() in ("uri", "binary") or value.startswith("<") or _MACHINES.search(value):
        one.whole.left_out(Sentence("%(property)s left out", property=one.head.name.lower()))
        return
    name = one.name.removeprefix("X-").removeprefix("MS-").replace("-", " ").replace("_", " ").strip().capitalize()
    draft.put("userDefined", one, {"key": key_of(draft.labels.get(one.group)) or name or NAMELESS, "value": value})
    one.whole.goes("userDefined")


_MACHINES = re.compile(r"\S{400}")
"""Longer than any word: no text that people read."""


def _own_part(draft: CardDraft, one: Told) -> None:
    words = one.name.removeprefix(OWN).lower().split("-")
    draft.put_own(one, words[0] + "".join(map(str.capitalize, words[1:])))


_HANDLERS: dict[str, Callable[[CardDraft, Told], None]] = {
    "N": _n,
    "FN": _fn,
    **dict.fromkeys(PHONETIC, _phonetic),
    "SOUND": _sound,
    "X-MAIDENNAME": _maiden_name,
    "ADR": address,
    "LABEL": label,
    "X-ABADR": country_code,
    "ORG": _org,
    "TITLE": _title,
    **dict.fromkeys(OF_THE_EMPLOYER, _of_the_employer),
    **dict.fromkeys(WITHIN_THE_CITY, within_the_city),
    **dict.fromkeys(SORTED_AS, _sorted_as),
    "BDAY": birthday,
    "IMPP": messenger_address,
    **dict.fromkeys(MESSENGERS, messenger),
    "X-SOCIALPROFILE": social_profile,
    "SOCIALPROFILE": social_profile,
    "X-ANDROID-CUSTOM": android,
}
_PATTERNS = ((MESSAGING, kaddressbook_messenger), (FULL_CONTACT, full_contact))
"""Properties whose names hold more than themselves."""
