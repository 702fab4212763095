"""A vCard in the making: items gathered property by property, then put together as the fields of a card."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable
from typing import Any, NamedTuple

from sharesync.errors import Sentence
from sharesync.formats.dates import iso_date, write_date
from sharesync.formats.full_names import completed, given_name, is_structured, says_nothing_new, words
from sharesync.formats.ledger import FileValue, Note
from sharesync.formats.typed_values import NO_VALUE, is_none
from sharesync.formats.vcard_lines import RawCard
from sharesync.formats.vcard_values import Told
from sharesync.formats.vcard_words import is_said_by, type_of
from sharesync.formats.vocabulary import read_type
from sharesync.model.card import MAX_TEXT
from sharesync.model.fields import FIELDS, Part

Parts = dict[str, Any]
_PARTS = frozenset(part for rule in FIELDS.values() for part in rule.parts)
SECOND_TYPE = Sentence("a second type left out")
DISPLAY_NAME = "Display name"
"""The custom field of a whole name that says more than the name's parts."""


class _Item(NamedTuple):
    """One e-mail, phone, address … with the group of its property; a `rank` of 1 is the most preferred."""

    field: str
    parts: Parts
    group: str = ""
    rank: int = 101


class CardDraft:
    """What is known of one card so far. The groups of its properties (`item1.TEL`) tie labels and parts to items."""

    def __init__(self, raw: RawCard) -> None:
        self.ledger = raw.ledger
        self.notes = raw.notes
        self.names: Parts = {}
        self.full_names: list[FileValue] = []
        self.birthday: Parts = {}
        self.picture = b""
        self.labels: dict[str, FileValue] = {}
        """X-ABLabel by group."""
        self.kind = ""
        self.alternatives: set[tuple[str, str]] = set()
        """ALTIDs seen: properties of one name and ALTID are one value in several writings (RFC 6350, 5.4)."""
        self.is_ours = False
        """Written by sharesync: each value is what a card held, however odd it looks."""
        self._items: list[_Item] = []
        self._titles: list[tuple[str, FileValue]] = []
        self._of_the_employer: list[tuple[str, FileValue]] = []
        self._envelopes: list[tuple[_Item, FileValue]] = []
        """Addresses as they stand on an envelope."""
        self._in_address: dict[str, list[FileValue]] = {}
        self._own: dict[str, dict[str, FileValue]] = {}

    # -- gathering ----------------------------------------------------------------------------------------------------

    def type_of(self, field: str, one: Told) -> str:
        """The type a property gives its item: the group's label, else its own TYPE."""
        label = self.labels.get(one.group) if one.group else None
        if label and label.text:
            found = read_type(field, label.text)
            label.goes(field, found)
        else:
            found = type_of(field, tuple(word for word, _ in one.types))
        _account(field, one, found)
        return found

    def joined(self, values: Iterable[FileValue], field: str) -> str:
        """The values as one text, which is to stand in a field."""
        found = []
        for value in values:
            if not self.is_ours and is_none(value.text):
                value.left_out(NO_VALUE)
            elif value.text:
                value.goes(field)
                found.append(value.text)
        return ", ".join(found)

    def warn(self, why: Sentence, one: Told, text: str) -> None:
        """Note a value that came into the card, and looks wrong."""
        self.notes.append(Note(why, one.line, one.head.name, text))

    def put(self, field: str, one: Told, parts: Parts) -> None:
        """Take an item, with the property's type unless it has one."""
        if "type" in FIELDS[field].parts:
            if parts.get("type"):
                _account(field, one, parts["type"])
            else:
                parts["type"] = self.type_of(field, one)
        self._items.append(_item(field, one, parts))

    def put_title(self, one: Told) -> None:
        """Take a job's title, which belongs to an organisation of the card."""
        one.whole.goes("organizations")
        self._titles.append((one.group, one.whole))

    def put_envelope(self, one: Told, value: FileValue) -> None:
        """Take an address as it stands on an envelope."""
        parts = {"formattedValue": value.text, "type": self.type_of("addresses", one)}
        self._envelopes.append((_item("addresses", one, parts), value))

    def put_in_address(self, one: Told) -> None:
        """Take a part of the address of its group for which Google has none."""
        self._in_address.setdefault(one.group, []).append(one.whole)

    def put_country(self, one: Told) -> None:
        """Take the code of the country in which an address lies, which goes with the country's name beside it."""
        self._own.setdefault(one.group, {})["countryCode"] = one.whole

    def put_of_the_employer(self, part: str, one: Told) -> None:
        """Take a part of the first organisation."""
        self._of_the_employer.append((part, one.whole))

    def put_own(self, one: Told, part: str) -> None:
        """Take a part of the item of this group, or of the name where there is no group."""
        if one.group and part in _PARTS:
            self._own.setdefault(one.group, {})[part] = one.whole
        elif not one.group and part in FIELDS["names"].parts:
            self.names[part] = one.text
            one.whole.goes("names")

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
        if self.names:
            fields["names"] = [self.names]
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
                employer.parts["title"] = title.text
            else:
                self._items.append(_Item("organizations", {"title": title.text}, group))
        if not self._of_the_employer:
            return
        employer = next((item for item in self._items if item.field == "organizations"), None)
        if employer is None:
            employer = _Item("organizations", {})
            self._items.append(employer)
        for part, value in self._of_the_employer:
            employer.parts.setdefault(part, value.text)
            value.goes("organizations")

    def _address(self) -> None:
        """Give every address what stands beside it; where there is none but on an envelope, take that."""
        addresses = [item for item in self._items if item.field == "addresses"]
        by_group = {item.group: item for item in reversed(addresses) if item.group}
        by_type = {item.parts.get("type", ""): item for item in reversed(addresses)}
        for group, values in self._in_address.items():
            if item := by_group.get(group):
                _extend(item, values)
        for envelope, value in self._envelopes:
            beside = (envelope.group and by_group.get(envelope.group)) or by_type.get(envelope.parts.get("type", ""))
            if beside is None and not envelope.parts.get("type") and addresses:
                beside = addresses[0]
            if beside is None or not (beside.parts.keys() - {"type"}):
                value.goes("addresses")
                (beside.parts if beside else {}).update(envelope.parts)
                if beside is None:
                    self._items.append(envelope)
            elif not self.is_ours:
                self._read_envelope(beside, value)

    def _read_envelope(self, address: _Item, value: FileValue) -> None:
        """Take the lines of an envelope that say more than the address and who lives there."""
        said = {word for text in address.parts.values() for word in words(text)}
        said |= {word for text in self.names.values() for word in words(text)}
        said |= {word for full in self.full_names for word in words(full.text)}
        said |= {word for item in self._items if item.field == "organizations" for word in words(_text(item))}
        lines = value.taken_apart(value.text.split("\n"))
        for line in lines:
            if set(words(line.text)) <= said:
                line.passes()
        _extend(address, [line for line in lines if not set(words(line.text)) <= said])

    def _name(self, fields: dict[str, list[Parts]]) -> None:
        """Read the whole name, and a second one (RFC 6350, 6.2.1), for what the parts do not say."""
        for place, other in enumerate(self.full_names):
            if place == 0:
                self._full_name(other, fields)
            elif says_nothing_new(other.text, self.names, fields):
                other.passes()
            else:
                fields.setdefault("nicknames", []).append({"value": other.text, "type": "ALTERNATE_NAME"})
                other.goes("nicknames")

    def _full_name(self, full: FileValue, fields: dict[str, list[Parts]]) -> None:
        is_company = self.kind in ("org", "organization") and not is_structured(self.names)
        if is_company and not any("name" in parts for parts in fields.get("organizations", ())):
            fields.setdefault("organizations", []).insert(0, {"name": full.text})
            full.goes("organizations")
            return
        if self.is_ours and says_nothing_new(full.text, self.names, fields):  # whoever edits our file may add to it
            full.passes()
        elif given := given_name(full.text, self.names, fields):
            self.names["givenName"] = given
            full.goes("names")
        elif not is_structured(self.names) or says_nothing_new(full.text, self.names, fields):
            full.passes()
        elif both := completed(full.text, self.names):
            self.names |= both
            full.goes("names", *both.values())
        else:
            fields.setdefault("userDefined", []).append({"key": DISPLAY_NAME, "value": full.text})
            full.goes("userDefined")


def _account(field: str, one: Told, type_: str) -> None:
    """Say which words of a property's TYPE its item's type says."""
    for word, value in one.types:
        if is_said_by(field, type_, word):
            value.goes(field, type_)
        else:
            value.left_out(SECOND_TYPE)


def _extend(address: _Item, values: list[FileValue]) -> None:
    """Put values into what Google has for all that is more than a street."""
    for value in values:
        text = ", ".join(filter(None, (address.parts.get("extendedAddress", ""), value.text)))
        if len(text) <= MAX_TEXT:
            address.parts["extendedAddress"] = text
            value.goes("addresses")


def _text(item: _Item) -> str:
    return " ".join(value for value in item.parts.values() if isinstance(value, str))


def _first_free(employers: deque[_Item]) -> _Item | None:
    """The first without a title, taken out; one that got its title by the other way is passed over."""
    while employers:
        found = employers.popleft()
        if "title" not in found.parts:
            return found
    return None


def _item(field: str, one: Told, parts: Parts) -> _Item:
    return _Item(field, {part: value for part, value in parts.items() if value}, one.group, one.rank)


def _completed(item: _Item, own: dict[str, FileValue]) -> Parts:
    """The item with the parts that only our own exports carry."""
    kinds = FIELDS[item.field].parts
    added: Parts = {}
    for part, value in own.items():
        kind, text = kinds.get(part), value.text
        if part == "countryCode" and kind is Part.TEXT:
            added[part] = text.upper()
            value.passes()  # a card has it where its country does not say the same
        elif kind is Part.TEXT:
            added[part] = text
            value.goes(item.field)
        elif kind is Part.FLAG:
            added[part] = text == "true"
            value.goes(item.field, "True")
        elif kind is Part.NUMBER and re.fullmatch(r"-?[0-9]{1,9}", text):
            added[part] = int(text)
            value.goes(item.field)
        elif kind is Part.DATE and (date := iso_date(text)):
            added[part] = date
            value.goes(item.field, write_date(date))
    if "formattedValue" in added:  # an address that was never taken apart
        return {part: text for part, text in item.parts.items() if part == "type"} | added
    return item.parts | added
