"""Rows of any CSV file into cards, row by row: what their cells mean beside each other."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from sharesync.errors import Sentence
from sharesync.formats.csv_columns import Target
from sharesync.formats.csv_draft import DraftItem, DraftTable, Parts, RowDraft
from sharesync.formats.csv_names import are_initials, other_half
from sharesync.formats.csv_reading import CsvRow
from sharesync.formats.dates import (
    TIME_OF_DAY,
    is_midnight,
    is_no_date,
    iso_date,
    spoken_date,
    without_time,
    write_date,
)
from sharesync.formats.entries import NAMELESS, Bad, Entry, entry
from sharesync.formats.full_names import given_name, is_structured, says_nothing_new, words
from sharesync.formats.google_csv import PREFERRED, SEPARATOR
from sharesync.formats.ledger import FileValue
from sharesync.formats.typed_values import (
    NO_EMAIL,
    WRONG_EMAIL,
    WRONG_PHONE,
    dialled,
    emails,
    phones,
    whole_number,
)
from sharesync.formats.vocabulary import read_type
from sharesync.model.plausible import looks_like_email, looks_like_phone
from sharesync.model.spelling import clean

UNCLOSED = Sentence("a quotation mark that is never closed passed over")


def read_rows(
    found: Sequence[CsvRow | Bad],
    header: Sequence[str],
    columns: Sequence[Target],
    notes: Sequence[Sentence] = (),
    *,
    by_program: bool = False,
    damaged: bool = False,
) -> Iterator[Entry]:
    """The entries that these rows are; `notes` hold for all of them whose letters go beyond ASCII.

    `by_program`: a program wrote each cell where it belongs, so an e-mail is one, whatever it looks like.
    `damaged`: some letters could not be read.
    """
    table = DraftTable(found, header, columns, by_program=by_program, damaged=damaged)
    for row in found:
        if isinstance(row, Bad):
            yield row
            continue
        draft = RowDraft(table, row)
        fields = _Fields(draft).made()
        if row.unclosed:
            draft.notes.append(UNCLOSED)
        if notes and not all(map(str.isascii, row.cells)):
            draft.notes += notes
        yield entry(row.line, fields, draft.notes, ledger=draft.ledger)


_CODE_AND_CITY = re.compile(r"((?:[A-Z]{1,2}-)?[0-9]{3,5}(?: [0-9]{2})?)[ ,]+([^\W\d_].*)")


class _Fields:
    """The fields of a card, made of a row that has been put into its columns."""

    def __init__(self, draft: RowDraft) -> None:
        self.draft = draft
        self.fields: dict[str, list[Parts]] = {}
        self.preferred: dict[str, list[Parts]] = {}

    def made(self) -> dict[str, list[Parts]]:
        for (field, _), item in list(self.draft.items.items()):
            if field not in ("names", "birthdays"):
                self._finish(field, item)
        fields = self.fields
        for field, items in self.preferred.items():
            fields[field] = items + fields.get(field, [])
        self._finish_name()
        self._finish_birthday()
        self._drop_repeated()
        if self.draft.custom:
            fields["userDefined"] = fields.get("userDefined", []) + self.draft.custom
        return fields

    def _finish(self, field: str, item: DraftItem) -> None:
        name = "key" if field == "userDefined" else "type"
        label = item.parts.get(name, "")
        first = label.startswith(PREFERRED)
        if first:
            label = item.parts[name] = label.removeprefix(PREFERRED)
        if name in item.cells:
            self._read_label(field, name, label, item)
        if "protocol" in item.parts:
            item.parts["protocol"] = read_type("protocols", item.parts["protocol"])
            if "protocol" in item.cells:
                item.cells["protocol"][1].goes(field, item.parts["protocol"])
        for one in self._taken_apart(field, item):
            if self._is_whole(field, one, item):
                (self.preferred if first else self.fields).setdefault(field, []).append(one)

    def _read_label(self, field: str, name: str, label: str, item: DraftItem) -> None:
        value = item.cells[name][1]
        if name == "type" and label.casefold() in ("smtp", "ex"):  # Outlook's way to send mail
            del item.parts["type"]
            value.passes()
            return
        item.parts[name] = read_type(field, label) if name == "type" else clean(label) or NAMELESS
        value.goes(field, item.parts[name])

    def _taken_apart(self, field: str, item: DraftItem) -> list[Parts]:
        """The items that one block holds: Google joins values with the same label in one cell, part by part."""
        parts = item.parts
        if "type" in parts and "type" not in item.cells:
            parts["type"] = read_type(field, parts["type"])
        joined = [part for part, text in parts.items() if SEPARATOR in text] if field != "biographies" else []
        if not joined:
            several = {"emailAddresses": self._emails, "phoneNumbers": self._phones}.get(field)
            return several(parts, item) if several else [dict(parts)]
        pieces = {part: [piece.strip() for piece in parts[part].split(SEPARATOR)] for part in joined}
        for part in joined:
            if part in item.cells:
                item.cells[part][1].goes(field, *pieces[part])
        alone = {part: text for part, text in parts.items() if part not in joined}
        return [
            {part: pieces[part][at] if at < len(pieces[part]) else "" for part in joined} | alone
            for at in range(max(map(len, pieces.values())))
        ]

    def _emails(self, parts: Parts, item: DraftItem) -> list[Parts]:
        if "value" not in parts:
            return [dict(parts)]
        (at, value), text = item.cells["value"], parts["value"]
        if "@" not in text and self.draft.table.by_program:
            self.draft.warn(WRONG_EMAIL, at, text)
            return [dict(parts)]
        if "@" not in text:
            self.draft.keep(at, text, value)
            self.draft.warn(NO_EMAIL, at, text)
            return []
        found = emails(text)
        value.goes("emailAddresses", *(address for _, address in found))
        made = []
        for name, address in found:
            if "@" not in address:
                self.draft.keep(at, address, FileValue(self.draft.row.line, "", address))
                continue
            if not looks_like_email(address):
                self.draft.warn(WRONG_EMAIL, at, address)
            made.append(parts | {"value": address} | ({"displayName": name} if name else {}))
        if len(made) < len(found):
            value.goes("emailAddresses", *(one["value"] for one in made))
        return made

    def _phones(self, parts: Parts, item: DraftItem) -> list[Parts]:
        found = phones(parts.get("value", ""))
        if len(found) < 2:
            return [dict(parts)]
        item.cells["value"][1].goes("phoneNumbers", *found)
        return [parts | {"value": number} for number in found]

    def _is_whole(self, field: str, one: Parts, item: DraftItem) -> bool:
        """Make the item's value what a card takes; whether anything remains of it."""
        if field == "phoneNumbers" and one.get("value"):
            at, value = item.cells["value"]
            text, one["value"] = one["value"], dialled(one["value"])
            if text != one["value"]:
                value.goes(field, one["value"])
            if not looks_like_phone(one["value"]):
                self.draft.warn(WRONG_PHONE, at, text)
        elif field == "addresses" and "postalCity" in one:
            self._part_town(one, item)
        elif field == "addresses" and one.get("postalCode", "").endswith("0"):
            text, one["postalCode"] = one["postalCode"], whole_number(one["postalCode"])
            if text != one["postalCode"]:
                item.cells["postalCode"][1].goes(field, one["postalCode"])
        elif "date" in one:
            return self._read_date(field, one, item)
        return True

    def _part_town(self, one: Parts, item: DraftItem) -> None:
        """Take `2840 Holte` apart; where it is more or less than that, it is the city."""
        (at, value), text = item.cells["postalCity"], one.pop("postalCity")
        found = _CODE_AND_CITY.fullmatch(text)
        if found and not {"postalCode", "city"} & one.keys():
            one["postalCode"], one["city"] = found.groups()
            value.goes("addresses", *found.groups())
        elif "city" not in one:
            one["city"] = text
        else:
            self.draft.keep(at, text, value)

    def _read_date(self, field: str, one: Parts, item: DraftItem) -> bool:
        (at, value), text = item.cells["date"], one.pop("date")
        day, time = without_time(text)
        if date := spoken_date(day, month_first=self.draft.table.month_first):
            one["date"] = date
            if not is_midnight(time):
                value, clock = value.taken_apart([day, time])
                clock.left_out(TIME_OF_DAY)
            value.goes(field, write_date(date))
            return True
        if is_no_date(text):
            value.passes()
        elif field == "birthdays":
            one["text"] = text
            value.goes(field, text)
            return True
        else:
            self.draft.keep(at, text, value)
        return False

    # -- what the whole row says --------------------------------------------------------------------------------------

    def _finish_name(self) -> None:
        item = self.draft.items.get(("names", ""))
        if item is None:
            return
        name = item.parts
        self.fields["names"] = [name]
        for part in ("half", "unstructuredName"):
            if part not in name:
                continue
            text, (at, value) = name.pop(part), item.cells[part]
            if part == "half" and (has := next((one for one in ("givenName", "familyName") if name.get(one)), "")):
                other = "familyName" if has == "givenName" else "givenName"
                rest = other_half(text, name[has])
                if rest:
                    name[other] = rest
                    value.goes("names", rest)
                else:
                    value.passes()
            elif given := given_name(text, name, self.fields):
                name["givenName"] = given
                value.goes("names", given)
            elif not is_structured(name) or says_nothing_new(text, name, self.fields):
                value.passes()
            else:
                self.draft.keep(at, text, value)

    def _finish_birthday(self) -> None:
        item = self.draft.items.get(("birthdays", ""))
        if item is None:
            return
        one = {part: item.parts[part] for part in ("date",) if part in item.parts}
        if one and self._read_date("birthdays", one, item):
            self.fields["birthdays"] = [one]
        numbers = {part: item.parts[part] for part in ("year", "month", "day") if part in item.parts}
        if not numbers:
            return
        date = None
        if all(map(str.isdecimal, numbers.values())) and not one:
            year, month, day = (int(numbers.get(part, 0)) for part in ("year", "month", "day"))
            date = iso_date(write_date({"year": year, "month": month, "day": day}))
        if date:
            self.fields["birthdays"] = [{"date": date}]
        for part, text in numbers.items():
            at, value = item.cells[part]
            if date and str(date.get(part, 0)) == text.lstrip("0"):
                value.goes("birthdays", f"{date[part]:02}")
            elif not text.strip("0"):
                value.passes()
            else:
                self.draft.keep(at, text, value)

    def _drop_repeated(self) -> None:
        """What only repeats the rest of the row: an e-mail's display name, initials, an address in one text."""
        for (field, _), item in self.draft.items.items():
            if field == "addresses" and "formattedValue" in item.cells:
                parts = {part: text for part, text in item.parts.items() if part not in ("formattedValue", "type")}
                if parts and set(words(item.parts["formattedValue"])) <= set(words(" ".join(parts.values()))):
                    item.cells["formattedValue"][1].passes()
        for one in self.fields.get("emailAddresses", ()):
            name = one.get("displayName")
            if name and (says_nothing_new(name, {}, self.fields) or one.get("value", "").casefold() == name.casefold()):
                del one["displayName"]
        for (field, slot), item in self.draft.items.items():
            if field == "emailAddresses" and "displayName" in item.cells:
                if says_nothing_new(item.parts["displayName"], {}, self.fields):
                    item.cells["displayName"][1].passes()
            elif (field, slot) == ("nicknames", "initials"):
                name = next(iter(self.fields.get("names", ())), {})
                if are_initials(item.parts["value"], name):
                    self.fields["nicknames"] = [
                        nick for nick in self.fields["nicknames"] if nick.get("type") != "INITIALS"
                    ]
                    item.cells["value"][1].passes()
