"""The card: a contact's shared fields, canonical and comparable.

A card uses the writable field names of the People API's `Person` (method `people.updateContact`), without what Google
computes. Its law: two cards are equal if and only if no person would call them different. Order of items, blanks,
line endings, Unicode composition, signs that nobody sees, the case of a predefined type, repeated items and Google's
computed parts mean nothing; the order in which items
were typed is kept for display only.
"""

from __future__ import annotations

import hashlib
import json
from calendar import isleap
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from math import ceil
from types import MappingProxyType
from typing import Any

from sharesync.errors import InvalidCard
from sharesync.model.countries import contradicts
from sharesync.model.fields import DEFAULTS, DIALLED, FIELDS, FieldRule, Part, Shape, Value, standard
from sharesync.model.spelling import clean, dial

Key = tuple[Value | None, ...]

MAX_TEXT = 1024
MAX_ITEMS = 500
MAX_BYTES = 128 * 1024
"""Limits of one contact (Google Contacts Help, "Import contacts"); notes may be longer than the first."""


@dataclass(frozen=True, slots=True)
class Item:
    """One e-mail, phone, address …: its parts, sorted by name, none of them blank."""

    parts: tuple[tuple[str, Value], ...]

    def get(self, part: str) -> Value | None:
        """The part's value, or None where the item does not say."""
        for name, value in self.parts:
            if name == part:
                return value
        return None

    def text(self, part: str) -> str:
        """The part as text, empty where the item does not say."""
        value = self.get(part)
        return value if isinstance(value, str) else ""

    def as_json(self) -> dict[str, Any]:
        """The item as the People API writes it."""
        return {name: dict(value) if isinstance(value, tuple) else value for name, value in self.parts}


@dataclass(frozen=True)
class Card:
    """An immutable card. `items` maps field names to items in typed order; equality and hash are canonical."""

    items: Mapping[str, tuple[Item, ...]] = field(default_factory=lambda: MappingProxyType({}))

    # -- making -------------------------------------------------------------------------------------------------------

    @staticmethod
    def parse(value: object) -> Card:
        """Build a card from JSON that people or programs hand in.

        Raises InvalidCard, in one sentence, for unknown fields or parts, wrong types, two items where one is allowed,
        or a card beyond Google's limits, so that no contact enters the store that a mailbox could never hold.
        """
        if not isinstance(value, Mapping):
            raise InvalidCard("A card is one JSON object with fields such as names, emailAddresses, phoneNumbers.")
        for name in value:
            if name not in FIELDS:
                known = ", ".join(FIELDS)
                raise InvalidCard(
                    "A card has no field “%(where)s”; it may have %(known)s.", str(name), where=name, known=known
                )
        card = Card(_items(value, strict=True))
        card.check_limits()
        return card

    @staticmethod
    def read(value: Mapping[str, Any]) -> Card:
        """Build a card from a `Person` of Google's or from our own store: what is not managed is passed over."""
        return Card(_items(value))

    def check_limits(self) -> None:
        """Raise InvalidCard where this card is larger than Google lets one contact be."""
        count = sum(map(len, self.items.values()))
        if count > MAX_ITEMS:
            raise InvalidCard(
                "A contact may have at most %(most)s values; this one has %(number)s.", most=MAX_ITEMS, number=count
            )
        parts, signs = 0, 0
        for name, items in self.items.items():
            longest = 0
            for item in items:
                for _, part in item.parts:
                    length = len(part) if isinstance(part, str) else _DATE
                    parts, signs, longest = parts + 1, signs + length, max(longest, length)
            if longest > MAX_TEXT and name != "biographies":
                raise InvalidCard(
                    "A value in %(where)s is %(number)s characters long; Google allows %(most)s.",
                    name,
                    where=name,
                    number=longest,
                    most=MAX_TEXT,
                )
        if parts * _AROUND + signs * _WIDEST <= MAX_BYTES:
            return
        size = len(json.dumps(self.as_json(), ensure_ascii=False).encode())
        if size > MAX_BYTES:
            raise InvalidCard(
                "A contact may take %(most)s KB; this one takes %(number)s.",
                most=MAX_BYTES // 1024,
                number=ceil(size / 1024),
            )

    # -- looking ------------------------------------------------------------------------------------------------------

    def __bool__(self) -> bool:
        return bool(self.items)

    def __getitem__(self, name: str) -> tuple[Item, ...]:
        return self.items.get(name, ())

    def as_json(self) -> dict[str, list[dict[str, Any]]]:
        """The card as the People API writes it: fields in reading order, items as typed."""
        return {name: [item.as_json() for item in self.items[name]] for name in FIELDS if name in self.items}

    @cached_property
    def canonical(self) -> Mapping[str, frozenset[Item]]:
        """What equality looks at: the set of items of each field."""
        return {name: frozenset(items) for name, items in self.items.items()}

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Card):
            return NotImplemented
        # Mostly they were typed in one order; then the sets, which a card keeps, need not be made.
        return self.items == other.items or self.canonical == other.canonical

    def __hash__(self) -> int:
        return hash(self.fingerprint)

    @cached_property
    def fingerprint(self) -> bytes:
        """16 bytes that are equal for equal cards, whatever the order of their items."""
        pairs = [
            (name, sorted(_JSON.encode(item.as_json()) for item in self.items[name])) for name in sorted(self.items)
        ]
        return hashlib.blake2b(_JSON.encode(pairs).encode(), digest_size=16).digest()

    def differs(self, other: Card) -> frozenset[str]:
        """The names of the fields in which the two cards differ."""
        mine, theirs = self.canonical, other.canonical
        return frozenset(name for name in mine.keys() | theirs.keys() if mine.get(name) != theirs.get(name))

    @cached_property
    def title(self) -> str:
        """What a list calls this contact: its name, else its company, nickname, address or number; may be empty."""
        return self.titles[0]

    @cached_property
    def titles(self) -> tuple[str, ...]:
        """Its title, and what would be it if its values stood in another order: equal cards have the same ones."""
        words = ("honorificPrefix", "givenName", "middleName", "familyName", "honorificSuffix")
        names = (" ".join(filter(None, (name.text(word) for word in words))) for name in self["names"])
        if spoken := tuple(filter(None, names)):
            return spoken
        for other, part in _TITLES:
            if texts := tuple(filter(None, (item.text(part) for item in self[other]))):
                return texts
        return ("",)

    # -- parts of a card ----------------------------------------------------------------------------------------------

    def replacing(self, fields: Mapping[str, Iterable[Item]]) -> Card:
        """This card with the named fields replaced; a field replaced by nothing goes."""
        merged = dict(self.items) | {name: tuple(dict.fromkeys(items)) for name, items in fields.items()}
        return Card(MappingProxyType({name: merged[name] for name in FIELDS if merged.get(name)}))


_JSON = json.JSONEncoder(sort_keys=True, ensure_ascii=False, check_circular=False)
_DATE, _AROUND, _WIDEST = 40, 90, 6
"""More characters than a date, a number or a flag takes in JSON; than the names around a part; bytes than a sign."""

_TITLES = (
    ("organizations", "name"),
    ("nicknames", "value"),
    ("emailAddresses", "value"),
    ("phoneNumbers", "value"),
)

EMPTY = Card()


def item_key(rule: FieldRule, item: Item) -> Key:
    """The normalised values by which an item of a KEYED field is known: case and writing of numbers mean nothing."""
    if rule.name == "phoneNumbers":
        return (dial(item.text("value")),)
    told = (item.get(part) for part in rule.key)
    return tuple(value.casefold() if isinstance(value, str) else value for value in told)


# --- Reading JSON ---------------------------------------------------------------------------------------------------


def _items(value: Mapping[str, Any], *, strict: bool = False) -> Mapping[str, tuple[Item, ...]]:
    fields = {}
    for name, rule in FIELDS.items():
        raw = value.get(name)
        if raw is None:
            continue
        if not isinstance(raw, list) or not all(map(_is_object, raw)):
            if strict:
                raise InvalidCard("“%(where)s” is a list of objects.", name, where=name)
            continue
        items = tuple(dict.fromkeys(item for one in raw if (item := _item(rule, one, strict=strict))))
        if rule.shape is Shape.SINGLE and len(items) > 1:
            if strict:
                raise InvalidCard("A contact has at most one entry in “%(where)s”.", name, where=name)
            items = items[:1]
        if items:
            fields[name] = items
    return MappingProxyType(fields)


def _is_object(value: object) -> bool:
    return type(value) is dict or isinstance(
        value, Mapping
    )  # to ask whether a dict is a Mapping takes ten times as long


_COMPUTED = frozenset("metadata formattedType canonicalForm displayNameLastFirst formattedProtocol".split())
"""Parts that Google computes; handed in, they are passed over rather than refused, so that its own JSON can be used."""


def _item(rule: FieldRule, raw: Mapping[str, Any], *, strict: bool) -> Item | None:
    if rule.name == "names":
        raw = dict(raw)
        unstructured = raw.pop("unstructuredName", None) or raw.get("displayName")
        raw.pop("displayName", None)
        if unstructured and not any(raw.get(part) for part in rule.parts):
            raw["givenName"] = unstructured
    parts: dict[str, Value] = {}
    for part, value in raw.items():
        kind = rule.parts.get(part)
        if kind is None:
            if strict and part not in _COMPUTED:
                raise InvalidCard(
                    "An entry in “%(where)s” has no part “%(part)s”.", rule.name, where=rule.name, part=part
                )
            continue
        read = _text(rule.name, part, value) if kind is Part.TEXT else _part(kind, value, strict=strict)
        if read is None and strict and not _blank(value):
            raise InvalidCard(
                "“%(part)s” in “%(where)s” is not a %(kind)s.", rule.name, where=rule.name, part=part, kind=kind.value
            )
        if read is not None and DEFAULTS.get((rule.name, part)) != read:
            parts[part] = read
    if strict and rule.name == "userDefined" and "value" in parts and "key" not in parts:
        raise InvalidCard("A custom field needs a name (“key”) beside its value.", rule.name)
    return make_item(rule, parts)


def make_item(rule: FieldRule, parts: Mapping[str, Value]) -> Item | None:
    """The item of these parts, canonical; None where they say nothing."""
    if rule.name == "addresses":
        parts = _address(parts)
    elif rule.name == "birthdays" and "date" in parts:
        parts = {part: value for part, value in parts.items() if part != "text"}
    if parts.keys().isdisjoint(rule.needs):
        return None
    return Item(tuple(sorted(parts.items())))


def _address(parts: Mapping[str, Value]) -> Mapping[str, Value]:
    parts = dict(parts)
    if parts.keys() - {"type", "formattedValue", "countryCode"}:
        # Google builds formattedValue from the parts, and lets it win over them when both are sent.
        parts.pop("formattedValue", None)
    code, country = parts.get("countryCode"), parts.get("country")
    if code and country and not contradicts(str(code), str(country)):
        del parts["countryCode"]  # Google derives it from the country
    return parts


def _blank(value: object) -> bool:
    return value in (None, False, {}) or (isinstance(value, str) and not clean(value))  # 0 is False, too


def _text(field: str, part: str, value: object) -> str | None:
    if not isinstance(value, str):
        return None
    return standard(field, part, clean(value, dialled=(field, part) in DIALLED)) or None


def _part(kind: Part, value: object, *, strict: bool) -> Value | None:
    match kind:
        case Part.FLAG:
            return True if value is True else None
        case Part.NUMBER:
            return value if isinstance(value, int) and not isinstance(value, bool) and value else None
        case Part.DATE:
            return _date(value, strict=strict)
        case Part.TEXT:
            raise ValueError("text is read by its field")


_DAYS = (0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def _date(value: object, *, strict: bool) -> tuple[tuple[str, int], ...] | None:
    """A date of Google's, `google.type.Date`: year, month and day may each be missing or 0.

    What stands in a mailbox or was kept before is read also where that year has no 29 February, so that it is not lost;
    nobody may bring one in.
    """
    if not isinstance(value, Mapping):
        return None
    numbers = {name: value.get(name) or 0 for name in ("year", "month", "day")}
    if not all(isinstance(number, int) and not isinstance(number, bool) for number in numbers.values()):
        return None
    year, month, day = numbers.values()
    if not (0 <= year <= 9999 and 0 <= month <= 12 and 0 <= day <= _DAYS[month]) or (day and not month):
        return None
    if strict and year and (month, day) == (2, 29) and not isleap(year):
        return None
    return tuple((name, number) for name, number in numbers.items() if number) or None
