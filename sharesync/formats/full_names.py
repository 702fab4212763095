"""A name of which a file gives the whole: FN of a vCard, the column Name of a CSV file.

Where it gives no parts beside it, the whole is kept as the given name: nobody can say which part of `Nguyễn Thị Minh
Khai` or `Ørsted Consult` is the family's, and unsplit it reads as it was written. Programs fill it for contacts without
a name, too, with the company, the e-mail or the number; then it is no name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from sharesync.model.spelling import clean

Fields = Mapping[str, list[dict[str, Any]]]

STRUCTURED = ("familyName", "givenName", "middleName", "honorificPrefix", "honorificSuffix")
"""The parts that make a name; in the order of a vCard's N (RFC 6350, 6.2.2)."""

_OTHERWISE_CALLED = (
    ("organizations", "name"),
    ("emailAddresses", "value"),
    ("phoneNumbers", "value"),
)
_SAID = ("names", "organizations", "emailAddresses", "nicknames", "phoneNumbers")


def given_name(full: str, name: Mapping[str, Any], fields: Fields) -> str:
    """What the given name is to be, beside the name's parts and the other fields; empty where there is none."""
    full = clean(full)
    if not full or is_structured(name):
        return ""
    called = (clean(item.get(part, "")) for field, part in _OTHERWISE_CALLED for item in fields.get(field, ()))
    return "" if full in called else full


def is_structured(name: Mapping[str, Any]) -> bool:
    """Whether any part of the name is said."""
    return any(map(name.get, STRUCTURED))


def words(text: str) -> list[str]:
    """The words of a name, without case and punctuation; an address is one."""
    return re.findall(r"\w(?:[\w.@'+-]*\w)?", text.casefold())


def says_nothing_new(full: str, name: Mapping[str, Any], fields: Fields) -> bool:
    """Whether a whole name only repeats what the contact's name, company or address say."""
    if full == " ".join(name[part] for part in ("givenName", "familyName") if name.get(part)):
        return True
    said: set[str] = set()
    for item in (name, *(item for field in _SAID for item in fields.get(field, ()))):
        for part, value in item.items():
            if isinstance(value, str) and part not in ("type", "displayName", "unstructuredName"):
                said.update(words(value))
                said.add(clean(value).casefold())
    return clean(full).casefold() in said or set(words(full)) <= said


def completed(full: str, name: Mapping[str, Any]) -> dict[str, str]:
    """Both halves of a name, of which the parts tell one and the whole both: in its order, as people read it.

    Empty where the parts tell more or less than one half, or where the rest of the whole is no name.
    """
    told = [part for part in STRUCTURED if name.get(part)]
    if len(told) != 1 or told[0] not in ("familyName", "givenName"):
        return {}
    half, full = str(name[told[0]]), clean(full)
    if full.startswith(half + " "):
        first, last = half, full.removeprefix(half + " ")
    elif full.endswith(" " + half):
        first, last = full.removesuffix(" " + half), half
    else:
        return {}
    rest = last if first == half else first
    return {"givenName": first, "familyName": last} if re.fullmatch(r"[^\W\d_][\w .'’-]*", rest) else {}
