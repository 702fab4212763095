"""The name that the cells of one row make: halves, a whole name beside them, initials that repeat them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from sharesync.formats.full_names import STRUCTURED

Fields = Mapping[str, list[dict[str, Any]]]


def words(text: str) -> list[str]:
    """The words of a name, without case and punctuation; an address is one."""
    return re.findall(r"\w(?:[\w.@'+-]*\w)?", text.casefold())


def says_nothing_new(text: str, fields: Fields) -> bool:
    """Whether a display name only repeats what the contact's name, company or address say."""
    said: set[str] = set()
    for field in ("names", "organizations", "emailAddresses", "nicknames"):
        for item in fields.get(field, ()):
            for part, value in item.items():
                if isinstance(value, str) and part not in ("type", "displayName", "unstructuredName"):
                    said.update(words(value))
                    said.add(value.casefold())
    return set(words(text)) <= said


def other_half(whole: str, half: str) -> str:
    """What remains of a name when one half is taken away; the name itself where it does not hold that half."""
    for cut in (whole.removeprefix(half + " "), whole.removesuffix(" " + half)):
        if cut != whole:
            return cut.strip(" ,")
    return "" if whole == half else whole


def are_initials(text: str, name: Mapping[str, Any]) -> bool:
    """Whether these are the first letters of the name, which Outlook writes by itself."""
    letters = "".join(filter(str.isalpha, text.casefold()))
    parts = [str(name[part]) for part in ("givenName", "middleName", "familyName") if name.get(part)]
    return letters == "".join(word[0] for part in parts for word in words(part))


def is_structured(name: Mapping[str, Any]) -> bool:
    """Whether any part of the name is said."""
    return any(map(name.get, STRUCTURED))
