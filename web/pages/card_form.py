"""The form of a card: every field of a contact as rows of boxes, read back into a card, rows added and taken away.

A box is called `FIELD-ROW-PART`, a date's three boxes `FIELD-ROW-PART-year` and so on. Parts that have no box (what
Google made of an address, say) travel along in one hidden box a row, so that saving never loses them.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sharesync.errors import InvalidCard
from sharesync.model.card import Card
from sharesync.model.fields import FIELDS, Part, Shape
from web.frame.numbers import whole
from web.words.fields import KINDS

FormRow = dict[str, Any]
Draft = dict[str, list[FormRow]]
"""Rows by field, as typed: text, a date's parts as text, a flag."""

REST = "~"
"""The box of what has no box."""


@dataclass(frozen=True, slots=True)
class Box:
    """One box: the part it holds, what it is called, what kind of input it is; `more`: folded away while empty."""

    part: str
    label: str
    kind: str = "text"
    more: bool = False


TYPES: Mapping[str, tuple[str, ...]] = {
    "emailAddresses": ("home", "work", "other"),
    "phoneNumbers": (
        *("home", "work", "mobile", "homeFax", "workFax", "otherFax", "pager", "workMobile", "workPager", "main"),
        *("googleVoice", "other"),
    ),
    "addresses": ("home", "work", "other"),
    "organizations": ("work", "school"),
    "events": ("anniversary", "other"),
    "urls": ("home", "work", "blog", "profile", "homePage", "ftp", "reservations", "other"),
    "relations": (
        *("spouse", "child", "mother", "father", "parent", "brother", "sister", "friend", "relative"),
        *("domesticPartner", "manager", "assistant", "referredBy", "partner"),
    ),
    "imClients": ("home", "work", "other"),
    "sipAddresses": ("home", "work", "mobile", "other"),
    "calendarUrls": ("home", "freeBusy", "work"),
}
"""What Google offers as kinds (People API, `Person`); any other word does, too."""


def _boxes(*rows: str) -> tuple[Box, ...]:
    """`part|label|kind`, a `+` before what is folded away."""
    cut = [[*row.removeprefix("+").split("|"), ""] for row in rows]
    return tuple(Box(c[0], c[1], c[2] or "text", row.startswith("+")) for row, c in zip(rows, cut, strict=True))


BOXES: Mapping[str, tuple[Box, ...]] = {
    "names": _boxes(
        "givenName|First name",
        "familyName|Last name",
        "+honorificPrefix|Title before the name",
        "+middleName|Middle name",
        "+honorificSuffix|Title after the name",
        "+phoneticGivenName|First name, as spoken",
        "+phoneticMiddleName|Middle name, as spoken",
        "+phoneticFamilyName|Last name, as spoken",
        "+phoneticFullName|Whole name, as spoken",
        "+phoneticHonorificPrefix|Title before, as spoken",
        "+phoneticHonorificSuffix|Title after, as spoken",
    ),
    "emailAddresses": _boxes("value|Address|email", "type|Kind|type", "+displayName|Shown as"),
    "phoneNumbers": _boxes("value|Number|tel", "type|Kind|type"),
    "organizations": _boxes(
        "name|Company",
        "title|Job title",
        "department|Department",
        "+type|Kind|type",
        "+jobDescription|What they do there",
        "+location|Place",
        "+costCenter|Cost centre",
        "+symbol|Ticker symbol",
        "+domain|Domain",
        "+phoneticName|Company, as spoken",
        "+startDate|From|date",
        "+endDate|Until|date",
        "+current|Works there now|flag",
    ),
    "addresses": _boxes(
        "streetAddress|Street|area",
        "postalCode|Postcode",
        "city|City",
        "country|Country",
        "type|Kind|type",
        "+extendedAddress|Second line",
        "+poBox|PO box",
        "+region|Region",
        "+countryCode|Country code",
    ),
    "birthdays": _boxes("date|Date|date"),
    "biographies": _boxes("value|Notes|area"),
    "nicknames": _boxes("value|Nickname"),
    "occupations": _boxes("value|Occupation"),
    "events": _boxes("date|Date|date", "type|Kind|type"),
    "urls": _boxes("value|Address|url", "type|Kind|type"),
    "relations": _boxes("person|Name", "type|Kind|type"),
    "imClients": _boxes("username|Name there", "protocol|Service", "+type|Kind|type"),
    "sipAddresses": _boxes("value|Address", "type|Kind|type"),
    "calendarUrls": _boxes("url|Address|url", "type|Kind|type"),
    "userDefined": _boxes("key|Name", "value|Value"),
}
"""Every managed field with its boxes, in the order of the form."""

ALWAYS = ("names", "emailAddresses", "phoneNumbers", "organizations", "addresses", "birthdays", "biographies")
"""Fields that have a row to fill in from the beginning; the others are asked for."""
AT_FIRST = ("names", "emailAddresses", "phoneNumbers", "organizations")
"""Those of them that stand open in the form of a new contact."""
_DATE = ("day", "month", "year")
_DATED = frozenset(box.part for boxes in BOXES.values() for box in boxes if box.kind == "date")
"""Parts that have three boxes."""


def draft(card: Card) -> Draft:
    """The card as rows to edit."""
    return filled({field: [_row(field, item) for item in items] for field, items in card.as_json().items()})


def filled(rows: Draft) -> Draft:
    """With an empty row for each field that always has one."""
    return {field: rows.get(field) or ([{}] if field in ALWAYS else []) for field in BOXES}


def _row(field: str, item: Mapping[str, Any]) -> FormRow:
    row: FormRow = {}
    rest = dict(item)
    for box in BOXES[field]:
        value = rest.pop(box.part, None)
        if value is not None:
            row[box.part] = {name: str(number) for name, number in value.items()} if box.kind == "date" else value
    if rest:
        row[REST] = json.dumps(rest, ensure_ascii=False)
    return row


def folded(field: str, row: FormRow) -> list[Box]:
    """The boxes of a row that are folded away: those that few need, while nothing is in them."""
    return [box for box in BOXES[field] if box.more and not _says(row.get(box.part))]


def is_folded(field: str, rows: list[FormRow], opened: Collection[str]) -> bool:
    """Whether a field is folded away as a whole: nothing is in its one row, and nobody asked for it."""
    empty = len(rows) == 1 and not any(_says(value) for value in rows[0].values())
    return empty and field in ALWAYS and field not in opened


def _says(value: object) -> bool:
    return any(value.values()) if isinstance(value, dict) else bool(value)


def sent(form: Mapping[str, str]) -> Draft:
    """The rows of a form that was sent, in the order of the page."""
    rows: dict[str, dict[int, FormRow]] = {}
    for name, text in form.items():
        field, _, rest = name.partition("-")
        number, _, part = rest.partition("-")
        if field in BOXES and (place := _place(number)) is not None:
            row = rows.setdefault(field, {}).setdefault(place, {})
            part, _, detail = part.partition("-")
            if detail in _DATE and part in _DATED:
                row.setdefault(part, {})[detail] = text
            elif part not in _DATED:
                row[part] = kind_meant(field, text) if part == "type" else text
    return filled({field: [row for _, row in sorted(numbered.items())] for field, numbered in rows.items()})


def kind_meant(field: str, typed: str) -> str:
    """The kind that somebody typed: one of Google's by the word for it; any other word is itself."""
    said = typed.strip().casefold()
    return next((kind for kind in TYPES.get(field, ()) if KINDS.get(kind, kind).casefold() == said), typed)


def with_row(rows: Draft, field: str) -> Draft:
    """One more empty row of a field; a field that holds one thing has one row."""
    full = field not in BOXES or (FIELDS[field].shape is Shape.SINGLE and rows[field])
    return rows if full else rows | {field: [*rows[field], {}]}


def without_row(rows: Draft, name: str) -> Draft:
    """Without the row that `FIELD-ROW` names."""
    field, _, number = name.partition("-")
    if field not in BOXES or (wanted := _place(number)) is None:
        return rows
    return filled(rows | {field: [row for place, row in enumerate(rows[field]) if place != wanted]})


def _place(number: str) -> int | None:
    try:
        return whole(number)
    except ValueError:
        return None


def card(rows: Draft) -> Card:
    """The card that was typed. Raises InvalidCard, in one sentence and with the field."""
    return Card.parse({field: [_item(field, row) for row in typed] for field, typed in rows.items() if typed})


def _item(field: str, row: FormRow) -> dict[str, Any]:
    item = _rest(field, row.get(REST, ""))
    for box in BOXES[field]:
        value = row.get(box.part)
        match FIELDS[field].parts[box.part]:
            case Part.DATE:
                item[box.part] = _date(field, value if isinstance(value, dict) else {})
            case Part.FLAG:
                item[box.part] = bool(value)
            case _:
                item[box.part] = value or ""
    if field == "userDefined" and not str(item["value"]).strip():
        return {}  # a name without a value says nothing
    return item


def _rest(field: str, text: str) -> dict[str, Any]:
    try:
        rest = json.loads(text or "{}")
    except (ValueError, RecursionError):
        raise InvalidCard("The form came back broken; open it again.", field) from None
    if not isinstance(rest, dict):
        raise InvalidCard("The form came back broken; open it again.", field)
    return {part: value for part, value in rest.items() if part in FIELDS[field].parts}


def _date(field: str, typed: Mapping[str, str]) -> dict[str, int]:
    numbers = {}
    for name in _DATE:
        text = typed.get(name, "").strip()
        if not text:
            continue
        try:
            numbers[name] = whole(text)
        except ValueError:
            raise InvalidCard("Write a date’s day and year in digits; what is not known stays empty.", field) from None
    if numbers.get("day") and not numbers.get("month"):
        raise InvalidCard("A date with a day needs its month.", field)
    return numbers
