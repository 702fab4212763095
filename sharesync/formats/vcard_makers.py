"""Dates, messengers and profiles in vCards: each maker of programs has its own way to write them."""

from __future__ import annotations

import re
from urllib.parse import unquote

from sharesync.errors import Sentence
from sharesync.formats.dates import TIME_OF_DAY, is_midnight, is_no_date, iso_date, without_time, write_date
from sharesync.formats.ledger import FileValue
from sharesync.formats.vcard_draft import CardDraft, Parts
from sharesync.formats.vcard_values import Told
from sharesync.formats.vcard_words import KEPT_BY_A_PROGRAM, MESSENGERS, SCHEMES
from sharesync.formats.vocabulary import known_type, read_type
from sharesync.model.spelling import clean

SECOND_BIRTHDAY = Sentence("a second birthday left out")
NO_DATE = Sentence("a date that cannot be read left out")

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


def key_of(label: FileValue | None) -> str:
    """The name that a group's label gives to a custom field."""
    key = clean(read_type("", label.text)) if label else ""
    if label and key:
        label.goes("userDefined", key)
    return key


def event(draft: CardDraft, one: Told, value: FileValue, type_: str) -> None:
    """A date that comes again."""
    if date := dated(one, value, "events"):
        draft.put("events", one, {"date": date, "type": type_})
    else:
        value.left_out(NO_DATE)


def dated(one: Told, value: FileValue, field: str) -> Parts | None:
    """The date that a value is, which is to stand in a field; its time of day is noted unless it is midnight."""
    day, time = without_time(value.text)
    date = iso_date(day)
    if date is None:
        return None
    if one.head.param("X-APPLE-OMIT-YEAR") == str(date.get("year", "")):
        date.pop("year", None)
    if not is_midnight(time):
        told, clock = value.taken_apart([day, time])
        clock.left_out(TIME_OF_DAY)
        value = told
    value.goes(field, write_date(date))
    return date


def birthday(draft: CardDraft, one: Told) -> None:
    """The birthday, as a date or in words."""
    if is_no_date(one.text):
        one.whole.passes()
    elif date := dated(one, one.whole, "birthdays"):
        if "date" in draft.birthday and draft.birthday["date"] != date:
            one.whole.left_out(SECOND_BIRTHDAY)
        else:
            draft.birthday = {"date": date}
    elif draft.birthday:
        one.whole.left_out(SECOND_BIRTHDAY)
    else:
        draft.birthday = {"text": one.text}
        one.whole.goes("birthdays")


def messenger_address(draft: CardDraft, one: Told) -> None:
    """An address of a messenger; the scheme says which, or Apple's parameter does."""
    scheme, colon, rest = one.text.partition(":")
    service = one.params.get("X-SERVICE-TYPE") or one.params.get("SERVICE-TYPE")
    if not colon or not re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*", scheme) or rest.startswith("//"):
        scheme, rest = "", one.text
    if scheme.lower() in ("sip", "sips"):
        draft.put("sipAddresses", one, {"value": one.text})
        one.whole.goes("sipAddresses")
        return
    protocol = SCHEMES.get(scheme.lower(), "" if scheme.lower() == "x-apple" else scheme)
    if service:
        told = known_type("protocols", service.text) or service.text
        if scheme and protocol.casefold() not in ("", told.casefold()):
            rest = one.text
        protocol = told
        if draft.is_ours:
            service.passes()  # a part of our own says it where the parameter cannot
        else:
            service.goes("imClients", told)
    user = unquote(rest) if scheme else rest
    draft.put("imClients", one, {"username": user, "protocol": protocol})
    one.whole.goes("imClients", user, "" if service else protocol)


def messenger(draft: CardDraft, one: Told) -> None:
    """A name at a messenger that the property names."""
    draft.put("imClients", one, {"username": one.text, "protocol": MESSENGERS[one.name]})
    one.whole.goes("imClients")


MESSAGING = re.compile(r"X-MESSAGING/.+")


def kaddressbook_messenger(draft: CardDraft, one: Told) -> None:
    """KAddressBook's messengers: `X-messaging/xmpp-All`."""
    service = one.name.removeprefix("X-MESSAGING/").removesuffix("-ALL").lower()
    for user in one.whole.taken_apart(one.text.split("\ue000")):
        draft.put("imClients", one, {"username": user.text, "protocol": read_type("protocols", service)})
        user.goes("imClients")


FULL_CONTACT = re.compile(r"X-FCENCODED-((?:[0-9A-F]{2})+)")


def full_contact(draft: CardDraft, one: Told) -> None:
    """FullContact's relations and dates, whose names say it in hexadecimal: `X-FC-RelatedNames:Mother`."""
    kind, _, type_ = bytes.fromhex(re.sub(FULL_CONTACT, r"\1", one.name)).decode("utf-8", "replace").partition(":")
    match kind:
        case "X-FC-RelatedNames":
            draft.put("relations", one, {"person": one.text, "type": read_type("relations", type_)})
            one.whole.goes("relations")
        case "X-FC-OtherDates":
            event(draft, one, one.whole, read_type("events", type_))
        case _:
            one.whole.left_out(KEPT_BY_A_PROGRAM)


def social_profile(draft: CardDraft, one: Told) -> None:
    """Profiles elsewhere (Apple, RFC 9554): an address in the web, or only a name there."""
    type_ = draft.type_of("urls", one)
    for service in ("X-SERVICE-TYPE", "SERVICE-TYPE"):
        if service in one.params and not type_:
            type_ = one.params[service].text
            one.params[service].goes("urls", type_)
    user = one.params.get("X-USER") or one.params.get("USERNAME")
    if re.match(r"(?i)https?:", one.text):
        draft.put("urls", one, {"value": one.text, "type": type_})
        one.whole.goes("urls")
        if user and user.text in one.text:
            user.passes()
        return
    name = user.text if user else one.text.removeprefix("x-apple:")
    draft.put("userDefined", one, {"key": clean(type_) or "Profile", "value": name})
    one.whole.goes("userDefined", one.text.removeprefix("x-apple:"))
    if user:
        user.goes("userDefined")
    if label := draft.labels.get(one.group):
        label.goes("userDefined", type_)
    for _, word in one.types:
        word.goes("userDefined")


def android(draft: CardDraft, one: Told) -> None:
    """Android's own fields: `vnd.android.cursor.item/nickname;value;type;label;…`."""
    kind, value, number, label, *_ = (*one.pieces(";"), *(FileValue(one.line, "", "") for _ in range(3)))
    kind.passes()
    match kind.text.rpartition("/")[2]:
        case "nickname":
            draft.put("nicknames", one, {"value": value.text})
            value.goes("nicknames")
            number.passes()
        case "contact_event":
            # ContactsContract.CommonDataKinds.Event: 0 custom, 1 anniversary, 2 other, 3 birthday
            number.passes()
            if number.text == "3" and not draft.birthday and (date := dated(one, value, "birthdays")):
                draft.birthday = {"date": date}
            else:
                type_ = {"1": "anniversary", "2": "other"}.get(number.text, label.text)
                event(draft, one, value, type_)
                label.goes("events", type_)
        case "relation":
            type_ = _ANDROID_RELATIONS.get(number.text, label.text)
            draft.put("relations", one, {"person": value.text, "type": type_})
            number.passes()
            value.goes("relations")
            label.goes("relations", type_)
        case _:
            kind.left_out(ANDROIDS_OWN)


ANDROIDS_OWN = Sentence("a field of Android's own left out")
