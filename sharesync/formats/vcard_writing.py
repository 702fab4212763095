"""Cards into vCard 3.0.

3.0 and not 4.0: it is what Google Contacts and iPhones export themselves, and the newest version that they, Android
and Outlook all import; 4.0's own forms have been seen to arrive in Google Contacts as plain text. So the words are
those of these programs: `item1.X-ABLabel` for types, X-ABDATE, X-ABRELATEDNAMES, X-PHONETIC-…, and `--0414` for a
birthday without a year, as Google writes it. What none of them knows travels as told in `vcard_words`.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import quote

from sharesync.formats.dates import write_date
from sharesync.formats.full_names import STRUCTURED
from sharesync.formats.vcard_words import (
    ADDRESS_PARTS,
    CUSTOM_FIELD,
    MESSENGER_PROPERTIES,
    OURS,
    OWN,
    PHONETIC,
    TYPES,
    label_of,
)
from sharesync.model.card import Card
from sharesync.model.fields import TYPES as GOOGLE_TYPES

Parts = dict[str, Any]


def vcard(card: Card, photo: bytes = b"") -> str:
    """One vCard 3.0 with CRLF line ends, folded at 75 octets (RFC 2426, 2.6); the photo, if any, is a JPEG."""
    return "".join(f"{_folded(line)}\r\n" for line in _lines(card, photo))


def _lines(card: Card, photo: bytes) -> Iterator[str]:
    yield "BEGIN:VCARD"
    yield "VERSION:3.0"
    yield f"PRODID:{OURS}"
    yield from _names(card)
    group = 0
    for field, items in card.as_json().items():
        if field == "names":
            continue
        for item in items:
            line, *others = _item(field, item)
            if others or field == "organizations":
                group += 1
                yield from (f"item{group}.{one}" for one in (line, *others))
            else:
                yield line
    if photo:
        yield "PHOTO;ENCODING=b;TYPE=JPEG:" + b64encode(photo).decode()
    yield "END:VCARD"


def _names(card: Card) -> Iterator[str]:
    name: Parts = dict(card["names"][0].parts) if card["names"] else {}
    yield "N:" + ";".join(_text(name.pop(part, "")) for part in STRUCTURED)
    yield "FN:" + _text(card.title)
    for prop, part in PHONETIC.items():
        if part in name:
            yield f"{prop}:{_text(name.pop(part))}"
    yield from _own_parts(name)
    if not card["names"] and any(item.text("name") for item in card["organizations"]):
        yield "X-ABShowAs:COMPANY"


def _item(field: str, item: Parts) -> Iterator[str]:
    """The line of one item, then those that belong to it and so make it a group."""
    lines, left = _WRITERS[field](dict(item))
    yield from lines
    yield from _own_parts(left)


PropertyLines = tuple[list[str], Parts]
"""An item's lines, and the parts that none of them holds."""


def _plain(prop: str, field: str, part: str, *types: str) -> Callable[[Parts], PropertyLines]:
    def write(item: Parts) -> PropertyLines:
        head, labels = _typed(prop, field, item, *types)
        value = item.pop(part, "")
        text = _uri(value) if field in ("urls", "calendarUrls") else _text(value)
        return [f"{head}:{text}", *labels], item

    return write


def _address(item: Parts) -> PropertyLines:
    head, labels = _typed("ADR", "addresses", item)
    parts = {part: item.pop(part, "") for part in ADDRESS_PARTS}
    if not any(parts.values()):
        parts["streetAddress"] = item.get("formattedValue", "")  # so that others, too, see the address
    if re.fullmatch(r"[A-Z]{2}", item.get("countryCode", "")):
        labels.append(f"X-ABADR:{item.pop('countryCode').lower()}")
    return [f"{head}:{';'.join(map(_text, parts.values()))}", *labels], item


def _organization(item: Parts) -> PropertyLines:
    head, labels = _typed("ORG", "organizations", item)
    name, department = item.pop("name", ""), item.pop("department", "")
    lines = [f"{head}:{_text(name)}" + (f";{_text(department)}" if department else "")]
    if title := item.pop("title", ""):
        lines.append(f"TITLE:{_text(title)}")
    return lines + labels, item


def _birthday(item: Parts) -> PropertyLines:
    if date := item.pop("date", None):
        return [f"BDAY:{write_date(date, basic=True)}"], item
    return [f"BDAY;VALUE=text:{_text(item.pop('text', ''))}"], item


def _event(item: Parts) -> PropertyLines:
    head, labels = _typed("X-ABDATE", "events", item)
    return [f"{head}:{write_date(item.pop('date'))}", *labels], item


def _messenger(item: Parts) -> PropertyLines:
    protocol, user = item.get("protocol", ""), item.pop("username", "")
    if prop := MESSENGER_PROPERTIES.get(protocol):
        del item["protocol"]
        head, labels = _typed(prop, "imClients", item)
        return [f"{head}:{_text(user)}", *labels], item
    head, labels = _typed("IMPP", "imClients", item)
    if service := re.sub(r"[^\w ()&.-]", " ", protocol):
        head += f';X-SERVICE-TYPE="{service}"'
        if service == protocol:  # else the parameter cannot say it, and an own part does
            del item["protocol"]
    return [f"{head}:x-apple:{quote(user)}", *labels], item


def _calendar(item: Parts) -> PropertyLines:
    if item.get("type") == "freeBusy":
        return [f"FBURL:{_uri(item.pop('url', ''))}"], {}
    return _plain("CALURI", "calendarUrls", "url")(item)


def _custom(item: Parts) -> PropertyLines:
    key = item.pop("key", "")
    return [f"{CUSTOM_FIELD}:{_text(item.pop('value', ''))}", *([f"X-ABLabel:{_text(key)}"] if key else [])], item


_WRITERS: Mapping[str, Callable[[Parts], PropertyLines]] = {
    "nicknames": lambda item: ([f"NICKNAME:{_text(item.pop('value', ''))}"], item),
    "emailAddresses": _plain("EMAIL", "emailAddresses", "value", "INTERNET"),
    "phoneNumbers": _plain("TEL", "phoneNumbers", "value"),
    "addresses": _address,
    "organizations": _organization,
    "occupations": _plain("ROLE", "occupations", "value"),
    "birthdays": _birthday,
    "events": _event,
    "urls": _plain("URL", "urls", "value"),
    "relations": _plain("X-ABRELATEDNAMES", "relations", "person"),
    "imClients": _messenger,
    "sipAddresses": _plain("X-SIP", "sipAddresses", "value"),
    "calendarUrls": _calendar,
    "biographies": _plain("NOTE", "biographies", "value"),
    "userDefined": _custom,
}


def _typed(prop: str, field: str, item: Parts, *types: str) -> tuple[str, list[str]]:
    """The property with the vCard types of the item, and a label where vCard has no word for its type."""
    said = str(item.pop("type", ""))
    known = said in GOOGLE_TYPES.get(field, ())
    if known and said in TYPES and field not in ("relations", "events"):
        types += TYPES[said]
        said = ""
    labels = [f"X-ABLabel:{_text(label_of(said) if known else said)}"] if said else []
    return prop + "".join(f";TYPE={word}" for word in types), labels


def _own_parts(left: Parts) -> Iterator[str]:
    for part, value in left.items():
        name = OWN + re.sub(r"(?=[A-Z])", "-", part).upper()
        match value:
            case bool():
                yield f"{name}:true"
            case dict():
                yield f"{name}:{write_date(value)}"
            case _:
                yield f"{name}:{_text(str(value))}"


def _text(value: str) -> str:
    return re.sub(r"([\\,;])", r"\\\1", value).replace("\n", "\\n")


def _uri(value: str) -> str:
    """Addresses keep their commas and semicolons, which RFC 2426 leaves alone in a URI."""
    return value.replace("\\", "\\\\").replace("\n", "\\n")


def _folded(line: str) -> str:
    if len(line.encode()) <= 75:
        return line
    if line.isascii():  # a photo, letter by letter, would take as long as all else
        return "\r\n ".join((line[:75], *(line[at : at + 74] for at in range(75, len(line), 74))))
    pieces, size = [""], 0
    for sign in line:
        width = len(sign.encode())
        if size + width > 75:
            pieces.append(" ")
            size = 1
        pieces[-1] += sign
        size += width
    return "\r\n".join(pieces)
