"""A whole header of a CSV file: what each column is, beside the others.

Some headings say little alone. `Name` is the other half beside `First name`, the company beside `Contact person`;
`Title` is `Dr.` beside `Job title`; `Work` is a number where its cells are numbers; `Privat` is Outlook's own
bookkeeping under Outlook's header and nowhere else. What no heading tells stays a field of its own name.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from sharesync.formats.csv_columns import LINES, ONE_ITEM, Column, LeftOut, Stock, Target, UnknownColumn
from sharesync.formats.csv_grammar import TYPED, Heading, read_heading
from sharesync.formats.csv_words import (
    BARE,
    BOOKKEEPING,
    COMPANY,
    CONTACT,
    CUSTOMER,
    FIRM_NUMBERS,
    FULL,
    LEFT_OUT,
    NOT_READ,
    OFFICE,
    POSTAL_LINE,
    STREET,
    fold,
)

_GIVEN, _FAMILY, _PREFIX = ("names", "givenName"), ("names", "familyName"), ("names", "honorificPrefix")
_POSTAL_CODE = ("addresses", "postalCode")
_TELLING = ("names", "emailAddresses", "phoneNumbers", "organizations")
"""A file without any column of these is no list of contacts."""

Rows = Sequence[Sequence[str]]


def columns_of(header: Sequence[str], rows: Rows = ()) -> list[Target] | None:
    """What each column is; `rows` are looked at where headings leave it open. None if this is no header of contacts."""
    columns = columns_by(header, rows)
    known = [column for column in columns if isinstance(column, Column)]
    filled = sum(bool(cell.strip()) for cell in header)
    if not any(column.field in _TELLING for column in known) or len(known) < 2 < filled:
        return None
    return columns


def columns_by(header: Sequence[str], rows: Rows = ()) -> list[Target]:
    """What each column is by its heading, whether the file is a list of contacts or not."""
    heads = [read_heading(cell) for cell in header]
    heads = [head and _told_by_cells(head, _cells(rows, at)) for at, head in enumerate(heads)]
    _place_names(heads, header)
    nouns = {head.noun for head in heads if head}
    if ("birthdays", "year") in nouns or ("birthdays", "month") in nouns:
        heads = [replace(head, part="day") if head and head.noun == ("birthdays", "date") else head for head in heads]
    if _JOBS & set(map(fold, header)):
        heads = [
            Heading(*_PREFIX) if head and fold(cell) in _TITLES else head
            for head, cell in zip(heads, header, strict=True)
        ]
    there = {(head.noun, head.type) for head in heads if head}
    for at, head in enumerate(heads):
        if head and head.noun == POSTAL_LINE:
            is_code = (STREET, head.type) in there and (_POSTAL_CODE, head.type) not in there
            heads[at] = replace(head, part="postalCode" if is_code else "streetAddress")
    blocks = {
        (head.type, head.numbers[0]) for head in heads if head and head.field == "addresses" and head.noun != STREET
        and head.numbers
    }  # fmt: skip
    stocked = is_outlook(header)
    made = [
        _column(head, blocks) if head else _without(cell, at, stocked=stocked)
        for at, (head, cell) in enumerate(zip(heads, header, strict=True))
    ]
    return apart(made)


_TITLES = frozenset(("title", "titel", "tittel"))
_JOBS = frozenset(("jobtitle", "stilling", "befattning", "stillingstittel", "jobtitel", "jobbtitel"))
"""Beside a job, a title is that of the person, as in Outlook."""


def is_outlook(header: Sequence[str]) -> bool:
    """Whether this is the whole header of an Outlook's export, in any of the languages that are read."""
    kept = {BOOKKEEPING[word] for word in map(fold, header) if word in BOOKKEEPING}
    streets = {head.type for cell in header if (head := read_heading(cell)) and head.noun == STREET}
    return {"priority", "sensitivity"} <= kept and {"work", "home"} <= streets


def unread_language(header: Sequence[str]) -> str:
    """The first heading that is a name in a language whose other headings we do not know; else empty."""
    return next((cell.strip() for cell in header if fold(cell) in NOT_READ), "")


def apart(columns: Sequence[Target]) -> list[Target]:
    """Give a second column of the same meaning (`Phone`, `Phone`) a slot of its own, so that neither is lost."""
    seen: Counter[Target] = Counter()
    apart: list[Target] = []
    for column in columns:
        again = f"/{seen[column]}" if seen[column] else ""
        seen[column] += 1
        own = isinstance(column, Column) and column.field not in ONE_ITEM and (column.field, column.part) not in LINES
        apart.append(replace(column, slot=column.slot + again) if isinstance(column, Column) and own else column)
    return apart


def _cells(rows: Rows, at: int) -> list[str]:
    return [cell for row in rows if at < len(row) and (cell := row[at].strip())]


_NUMBER = re.compile(r"[+(]?[0-9][0-9 ()./\u00a0-]*")


def _told_by_cells(head: Heading, cells: Sequence[str]) -> Heading | None:
    """What the heading says now that its cells are known."""
    if not head.if_numbers:
        return head
    least = 6 if head.noun == OFFICE else 1
    numbers = sum(bool(_NUMBER.fullmatch(cell)) and sum(map(str.isdecimal, cell)) >= least for cell in cells)
    if cells and numbers * 3 >= len(cells) * 2:
        return Heading("phoneNumbers", "value", head.type or ("work" if head.noun == OFFICE else ""), head.numbers)
    return None if head.field == "phoneNumbers" else head


def _place_names(heads: list[Heading | None], header: Sequence[str]) -> None:
    """Say of each bare name whose it is."""
    nouns = Counter(head.noun for head in heads if head)
    halves = nouns[_GIVEN], nouns[_FAMILY]
    firm_told = any(fold(cell) in FIRM_NUMBERS for cell in header)
    contact_is_firms = bool(nouns[CONTACT] and nouns[BARE] + nouns[CUSTOMER] and not nouns[COMPANY])
    for at, head in enumerate(heads):
        if head is None or head.field != "role":
            continue
        if head.noun == CONTACT:
            heads[at] = Heading(*FULL)
        elif (contact_is_firms or (head.noun == CUSTOMER and any(halves))) and not nouns[COMPANY]:
            heads[at] = Heading(*COMPANY)
        elif any(halves) and not all(halves):
            heads[at] = Heading("names", "half")
        elif firm_told and not any(halves) and not nouns[COMPANY]:
            heads[at] = Heading("names", "either")
        else:
            heads[at] = Heading(*FULL)


def _without(cell: str, at: int, *, stocked: bool) -> Target:
    """The column of a heading that says nothing about a card."""
    word, name = fold(cell), cell.strip() or f"Column {at + 1}"
    if word in LEFT_OUT:
        return LeftOut(LEFT_OUT[word])
    return Stock(name) if stocked and word in BOOKKEEPING else UnknownColumn(name)


_IMPLIED = {"events": "anniversary", "calendarUrls": "freeBusy"}


def _column(head: Heading, blocks: set[tuple[str, int]]) -> Column:
    field, part = head.noun
    number = str(head.numbers[-1]) if head.numbers and head.numbers[-1] != 1 else ""
    if field in ONE_ITEM:
        return Column(field, part)
    if field == "relations":
        return Column(field, "person", f"{part}{number}", part)
    if head.noun == ("nicknames", "initials"):
        return Column(field, "value", "initials", "INITIALS")
    slot = f"{head.type}{'+' if head.second else ''}{number}"
    if field == "addresses":
        return Column(field, "type" if head.marks else part, head.type + _block(head, blocks), head.type)
    if field == "imClients" and part != "username":
        return Column(field, "username", f"{part}{slot}", head.type, part)
    if field in TYPED:
        return Column(field, "type" if head.marks else part, slot, head.type)
    return Column(field, part, number, _IMPLIED.get(field, ""))


def _block(head: Heading, blocks: set[tuple[str, int]]) -> str:
    """Which of several addresses of one kind: its number, unless that counts the lines of a street."""
    if not head.numbers:
        return ""
    first = head.numbers[0]
    counts_lines = head.noun == STREET and len(head.numbers) == 1 and (head.type, first) not in blocks
    return "" if counts_lines or first == 1 else f" {first}"
