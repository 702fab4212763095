"""A vCard in the making: items gathered property by property, then put together as the fields of a card."""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass
from typing import Any

from sharesync.formats.dates import iso_date
from sharesync.formats.full_names import STRUCTURED, given_name
from sharesync.formats.vcard_lines import Property, RawCard, unescape
from sharesync.formats.vcard_words import type_of
from sharesync.formats.vocabulary import read_type
from sharesync.model.fields import FIELDS, Part

Parts = dict[str, Any]
_PARTS = frozenset(part for rule in FIELDS.values() for part in rule.parts)


@dataclass(frozen=True, slots=True)
class _Item:
    """One e-mail, phone, address … with the group of its property; a `rank` of 1 is the most preferred."""

    field: str
    parts: Parts
    group: str = ""
    rank: int = 101


class Draft:
    """What is known of one card so far. The groups of its properties (`item1.TEL`) tie labels and parts to items."""

    def __init__(self, raw: RawCard) -> None:
        self.notes = raw.notes
        self.names: Parts = {}
        self.formatted_name = ""
        self.birthday: Parts = {}
        self.picture = b""
        self.labels: dict[str, str] = {}
        """X-ABLabel by group."""
        self.kind = ""
        self._items: list[_Item] = []
        self._titles: list[tuple[str, str]] = []
        self._employer: _Item | None = None
        """The first organisation."""
        self._formatted_addresses: list[_Item] = []
        self._own: dict[str, Parts] = {}
        for one in raw.properties:
            match one.head.name:
                case "X-ABLABEL":
                    self.labels[one.head.group] = unescape(one.value)
                case "KIND" | "X-ADDRESSBOOKSERVER-KIND":
                    self.kind = one.value.strip().lower()
                case "X-ABSHOWAS" if one.value.strip().upper() == "COMPANY":
                    self.kind = self.kind or "org"

    # -- gathering ----------------------------------------------------------------------------------------------------

    def type_of(self, field: str, one: Property) -> str:
        """The type a property gives its item: the group's label, else its own TYPE."""
        if label := self.labels.get(one.head.group) if one.head.group else None:
            return read_type(field, label)
        return type_of(field, one.head.types)

    def put(self, field: str, one: Property, parts: Parts) -> None:
        """Take an item, with the property's type unless it has one."""
        if "type" in FIELDS[field].parts and not parts.get("type"):
            parts["type"] = self.type_of(field, one)
        item = _item(field, one, parts)
        self._items.append(item)
        if field == "organizations" and self._employer is None:
            self._employer = item

    def put_title(self, one: Property, title: str) -> None:
        """Take a job's title, which belongs to an organisation of the card."""
        self._titles.append((one.head.group, title))

    def put_label(self, one: Property, text: str) -> None:
        """Take an address as it stands on an envelope."""
        parts = {"formattedValue": text, "type": self.type_of("addresses", one)}
        self._formatted_addresses.append(_item("addresses", one, parts))

    def put_phonetic_organization(self, one: Property, text: str) -> None:
        """Take the reading of the first organisation's name."""
        if self._employer is None:
            self.put("organizations", one, {})
        if self._employer is not None:
            self._employer.parts.setdefault("phoneticName", text)

    def put_own(self, group: str, part: str, text: str) -> None:
        """Take a part of the item of this group, or of the name where there is no group."""
        if group and part in _PARTS:
            self._own.setdefault(group, {})[part] = text
        elif not group and part in FIELDS["names"].parts:
            self.names[part] = text

    # -- putting together ---------------------------------------------------------------------------------------------

    def fields(self) -> dict[str, list[Parts]]:
        """The card as JSON: preferred values first, each item with the parts that its group adds."""
        self._employ()
        self._address()
        fields: dict[str, list[Parts]] = {}
        for item in sorted(self._items, key=lambda item: item.rank):
            fields.setdefault(item.field, []).append(_completed(item, self._own.get(item.group, {})))
        if self.birthday:
            fields["birthdays"] = [self.birthday]
        if len(notes := fields.get("biographies", [])) > 1:
            fields["biographies"] = [notes[0] | {"value": "\n\n".join(dict.fromkeys(one["value"] for one in notes))}]
        self._name(fields)
        return fields

    def _employ(self) -> None:
        """Give every title its organisation: that of its group, else the first that has none."""
        free = deque(item for item in self._items if item.field == "organizations" and "title" not in item.parts)
        near: dict[str, deque[_Item]] = {}
        for item in free:
            near.setdefault(item.group, deque()).append(item)
        for group, title in self._titles:
            employer = _first_free(near.get(group, deque()) if group else deque()) or _first_free(free)
            if employer:
                employer.parts["title"] = title
            else:
                self._items.append(_Item("organizations", {"title": title}, group))

    def _address(self) -> None:
        """Where an address is only given as on an envelope, take that."""
        types = {item.parts.get("type", "") for item in self._items if item.field == "addresses"}
        known = types | {""}
        self._items += [
            item for item in self._formatted_addresses if not types or item.parts.get("type", "") not in known
        ]

    def _name(self, fields: dict[str, list[Parts]]) -> None:
        if self.kind in ("org", "organization") and not any(map(self.names.get, STRUCTURED)):
            if not any("name" in parts for parts in fields.get("organizations", [])):
                fields.setdefault("organizations", []).insert(0, {"name": self.formatted_name})
        elif given := given_name(self.formatted_name, self.names, fields):
            self.names["givenName"] = given
        if self.names:
            fields["names"] = [self.names]


def _first_free(employers: deque[_Item]) -> _Item | None:
    """The first without a title, taken out; one that got its title by the other way is passed over."""
    while employers:
        found = employers.popleft()
        if "title" not in found.parts:
            return found
    return None


def _item(field: str, one: Property, parts: Parts) -> _Item:
    return _Item(field, {part: value for part, value in parts.items() if value}, one.head.group, _rank(one))


def _rank(one: Property) -> int:
    """1 to 100 as in PREF (RFC 6350, 5.3); TYPE=pref is 1; silence comes last."""
    if any(word.lower() == "pref" for word in one.head.types):
        return 1
    number = one.head.param("PREF")
    return max(int(number), 1) if re.fullmatch(r"[0-9]{1,2}|100", number) else 101


def _completed(item: _Item, own: Parts) -> Parts:
    """The item with the parts that only our own exports carry."""
    kinds = FIELDS[item.field].parts
    added: Parts = {}
    for part, text in own.items():
        kind = kinds.get(part)
        if kind is Part.TEXT:
            added[part] = text
        elif kind is Part.FLAG:
            added[part] = text == "true"
        elif kind is Part.NUMBER and re.fullmatch(r"-?[0-9]{1,9}", text):
            added[part] = int(text)
        elif kind is Part.DATE and (date := iso_date(text)):
            added[part] = date
    if "formattedValue" in added:  # an address that was never taken apart
        return {part: text for part, text in item.parts.items() if part == "type"} | added
    return item.parts | added
