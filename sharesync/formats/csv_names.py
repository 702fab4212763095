"""The name that the cells of one row make: one half beside the whole, initials that repeat it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sharesync.formats.full_names import words


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
