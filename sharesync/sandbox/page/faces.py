"""What templates show of contacts and accounts: titles, monograms, colours, icons, short lines."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from markupsafe import Markup

from sharesync.sandbox.wire import Json

ICONS = Path(__file__).parent / "static/vendor/material-symbols-0.48.2"
COLOURS = 10


def title(contact: Json) -> str:
    """What a list calls a contact; empty where it has nothing to be called by."""
    for field, part in (
        ("names", "displayName"),
        ("organizations", "name"),
        ("nicknames", "value"),
        ("emailAddresses", "value"),
        ("phoneNumbers", "value"),
    ):
        for item in contact["fields"].get(field, ()):
            if item.get(part):
                return str(item[part])
    return ""


def first(contact: Json, field: str, part: str = "value") -> str:
    """The first value of a field."""
    return next((str(item[part]) for item in contact["fields"].get(field, ()) if item.get(part)), "")


def job(contact: Json) -> str:
    """Title and company, as the list shows them."""
    held = contact["fields"].get("organizations") or [{}]
    return ", ".join(filter(None, (held[0].get("title"), held[0].get("name"))))


def person_id(contact: Json) -> str:
    """The part of the resource name that stands in addresses."""
    return str(contact["resourceName"]).removeprefix("people/")


def initial(name: str) -> str:
    """One letter for a monogram; empty where the name has none."""
    return next((sign.upper() for sign in name if sign.isalnum()), "")


def colour(key: str) -> int:
    """The number of a monogram's colour."""
    return hashlib.blake2b(key.encode(), digest_size=2).digest()[0] % COLOURS


def date(item: Json) -> str:
    """A date of which any part may be missing."""
    parts: dict[str, Any] = item.get("date") or {}
    month = MONTHS[parts["month"] - 1] if parts.get("month") else ""
    spoken = " ".join(str(part) for part in (parts.get("day"), month, parts.get("year")) if part)
    return spoken or str(item.get("text", ""))


MONTHS = "January February March April May June July August September October November December".split()


@cache
def icon(name: str) -> Markup:
    """An icon in the colour of the text around it, silent to screen readers."""
    drawing = (ICONS / f"{name}.svg").read_text(encoding="utf-8")
    inside = drawing[drawing.index(">") + 1 :]
    return Markup(f'<svg viewBox="0 -960 960 960" fill="currentColor" aria-hidden="true">{inside}')  # noqa: S704  # our own files
