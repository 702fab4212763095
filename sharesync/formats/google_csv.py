"""Google Contacts' CSV: both headers as columns, and cards as rows under the current one.

A block (`E-mail 1 - Label`, `E-mail 1 - Value`) repeats with 2, 3 …; ` ::: ` separates values in one cell; `* ` marks a
preferred value and a label. What Google's current header has no column for (a second organisation, instant messengers,
occupation …) gets columns behind it, named as in the old header, only where a contact needs them. Not held at all: an
e-mail's display name, a nickname's type, the country code, the rarer parts of an organisation, phonetic prefix and
suffix.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TextIO

from sharesync.formats.csv_columns import Column, LeftOut, Target
from sharesync.formats.dates import write_date
from sharesync.formats.spreadsheet import harmless
from sharesync.formats.vocabulary import spoken
from sharesync.model.card import Card
from sharesync.model.fields import FIELDS, Part

SEPARATOR = " ::: "
PREFERRED = "* "

_SINGLE: Mapping[str, tuple[str, str]] = {
    "First Name": ("names", "givenName"),
    "Middle Name": ("names", "middleName"),
    "Last Name": ("names", "familyName"),
    "Phonetic First Name": ("names", "phoneticGivenName"),
    "Phonetic Middle Name": ("names", "phoneticMiddleName"),
    "Phonetic Last Name": ("names", "phoneticFamilyName"),
    "Name Prefix": ("names", "honorificPrefix"),
    "Name Suffix": ("names", "honorificSuffix"),
    "Nickname": ("nicknames", "value"),
    "File As": ("", "file-as name"),
    "Organization Name": ("organizations", "name"),
    "Organization Title": ("organizations", "title"),
    "Organization Department": ("organizations", "department"),
    "Birthday": ("birthdays", "date"),
    "Notes": ("biographies", "value"),
    "Photo": ("", "photo"),
    "Labels": ("", "labels"),
}
"""The current header's first columns, in its order; without a field: what the note calls it."""

_OLD: Mapping[str, tuple[str, str]] = {
    "Name": ("names", "unstructuredName"),
    "Given Name": ("names", "givenName"),
    "Additional Name": ("names", "middleName"),
    "Family Name": ("names", "familyName"),
    "Yomi Name": ("names", "phoneticFullName"),
    "Given Name Yomi": ("names", "phoneticGivenName"),
    "Additional Name Yomi": ("names", "phoneticMiddleName"),
    "Family Name Yomi": ("names", "phoneticFamilyName"),
    "Occupation": ("occupations", "value"),
    "Group Membership": ("", "labels"),
    "Gender": ("", "gender"),
    "Language": ("", "language"),
}
_OLD_NICKNAMES = {"Initials": "INITIALS", "Short Name": "SHORT_NAME", "Maiden Name": "MAIDEN_NAME"}


@dataclass(frozen=True, slots=True)
class _Block:
    """Columns that repeat. `columns` maps what stands behind `E-mail 1 - ` to the part of the item."""

    field: str
    columns: Mapping[str, str]


_BLOCKS: Mapping[str, _Block] = {
    "E-mail": _Block("emailAddresses", {"Label": "type", "Value": "value"}),
    "Phone": _Block("phoneNumbers", {"Label": "type", "Value": "value"}),
    "Address": _Block(
        "addresses",
        {
            "Label": "type",
            "Formatted": "formattedValue",
            "Street": "streetAddress",
            "City": "city",
            "PO Box": "poBox",
            "Region": "region",
            "Postal Code": "postalCode",
            "Country": "country",
            "Extended Address": "extendedAddress",
        },
    ),
    "Relation": _Block("relations", {"Label": "type", "Value": "person"}),
    "Website": _Block("urls", {"Label": "type", "Value": "value"}),
    "Event": _Block("events", {"Label": "type", "Value": "date"}),
    "Custom Field": _Block("userDefined", {"Label": "key", "Value": "value"}),
}
_MORE_BLOCKS: Mapping[str, _Block] = {
    "Organization": _Block(
        "organizations",
        {
            "Type": "type",
            "Name": "name",
            "Yomi Name": "phoneticName",
            "Title": "title",
            "Department": "department",
            "Symbol": "symbol",
            "Location": "location",
            "Job Description": "jobDescription",
        },
    ),
    "IM": _Block("imClients", {"Type": "type", "Service": "protocol", "Value": "username"}),
    "SIP": _Block("sipAddresses", {"Label": "type", "Value": "value"}),
    "Calendar": _Block("calendarUrls", {"Label": "type", "Value": "url"}),
}
"""Of the old header, and two of our own in its manner."""


# --- Reading --------------------------------------------------------------------------------------------------------


def google_columns(header: Sequence[str]) -> list[Target | None] | None:
    """The columns of a header of Google's, None for those that are not; None if the header is not Google's at all."""
    columns = [_column(cell.strip()) for cell in header]
    blocks = any(re.fullmatch(r"(E-mail|Phone) [0-9]+ - .+", cell.strip()) for cell in header)
    known = sum(column is not None for column in columns)
    if known * 2 < len(header) or not (blocks or {"Labels", "Group Membership"} & set(header)):
        return None
    return columns


def _column(name: str) -> Target | None:
    if nickname := _OLD_NICKNAMES.get(name):
        return Column("nicknames", "value", nickname, nickname)
    if single := _SINGLE.get(name) or _OLD.get(name):
        field, part = single
        return Column(field, part) if field else LeftOut(part)
    if found := re.fullmatch(r"(.+) ([0-9]{1,3}) - (.+)", name):
        block = _BLOCKS.get(found[1]) or _MORE_BLOCKS.get(found[1])
        if block and (part := block.columns.get(found[3], "") or block.columns.get(_TWINS.get(found[3], ""), "")):
            return Column(block.field, part, "" if found[1] == "Organization" and found[2] == "1" else found[2])
    return None


_TWINS = {"Type": "Label", "Label": "Type"}
"""The old header says Type where the current one says Label."""


# --- Writing --------------------------------------------------------------------------------------------------------


def write_google_csv(rows: Iterable[tuple[tuple[str, ...], Card]], out: TextIO) -> None:
    """Contacts, each with the names of its groups, under the current header.

    The header depends on how many e-mails, phones … the richest contact has, so all rows are held until it is known.
    """
    cells = [_cells(groups, card) for groups, card in rows]
    used = {name for row in cells for name in row}
    header = list(_SINGLE)
    for blocks, least in ((_BLOCKS, 1), (_MORE_BLOCKS, 0)):
        for name, block in blocks.items():
            numbers = {int(found[1]) for one in used if (found := re.match(rf"{name} ([0-9]+) - ", one))}
            for number in range(1, max(numbers, default=least) + 1):
                columns = [f"{name} {number} - {column}" for column in block.columns]
                header += columns if least else [column for column in columns if column in used]
    header += ["Occupation"] if "Occupation" in used else []
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([harmless(row.get(name, "")) for name in header] for row in cells)


def _cells(groups: tuple[str, ...], card: Card) -> dict[str, str]:
    """The filled cells of one row, by column."""
    cells = {"Labels": SEPARATOR.join((*groups, PREFERRED + "myContacts"))}
    fields = card.as_json()
    for column, (field, part) in _SINGLE.items():
        for item in fields.get(field, ())[:1]:
            cells[column] = _cell(field, part, item)
    for column, field in (("Nickname", "nicknames"), ("Occupation", "occupations")):
        cells[column] = SEPARATOR.join(item["value"] for item in fields.get(field, ()))
    for item in fields.get("birthdays", ()):
        cells["Birthday"] = write_date(item["date"]) if "date" in item else item["text"]
    for blocks in (_BLOCKS, _MORE_BLOCKS):
        for name, block in blocks.items():
            for number, item in enumerate(fields.get(block.field, ()), 1):
                for column, part in block.columns.items():
                    if name == "Organization" and number == 1 and part in ("name", "title", "department"):
                        continue  # the current header has columns for these
                    cells[f"{name} {number} - {column}"] = _cell(block.field, part, item)
    return {column: cell for column, cell in cells.items() if cell}


def _cell(field: str, part: str, item: Mapping[str, Any]) -> str:
    value = item.get(part)
    if value is None:
        return ""
    write = _WRITERS.get(FIELDS[field].parts[part], str)
    text = write(value)
    if part in ("type", "protocol"):
        text = spoken("protocols" if part == "protocol" else field, text)
    if part in ("type", "key") and text.startswith(PREFERRED):
        return PREFERRED + text  # so that it is not taken for the mark
    return text


_WRITERS: Mapping[Part, Callable[[Any], str]] = {Part.DATE: write_date, Part.TEXT: str}
