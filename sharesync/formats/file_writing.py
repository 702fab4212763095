"""Export: contacts into a file of JSON Lines, vCard 3.0 or Google CSV."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum

from sharesync.formats.google_csv import write_google_csv
from sharesync.formats.jsonl import json_line
from sharesync.formats.vcard_writing import vcard
from sharesync.model.card import Card


class ExportFormat(Enum):
    """The formats of `contacts export`, by the word people type."""

    JSONL = "jsonl"
    VCF = "vcf"
    GOOGLE_CSV = "google-csv"


@dataclass(frozen=True, slots=True)
class Exported:
    """One contact as the store has it; `groups` are the names of the groups that hold it."""

    id: str
    version: int
    groups: tuple[str, ...]
    card: Card
    photo: bytes = b""
    """As JPEG; only vCard has a place for it."""
    fields: Mapping[str, str] = field(default_factory=dict)
    """What it says in fields of the company's own, by name; only JSON Lines tell of those that are kept here."""


def pieces(form: ExportFormat, rows: Iterable[Exported]) -> Iterator[str]:
    """The file, in pieces, for UTF-8 and with no other line ends than its own (`newline=""`).

    JSON Lines and vCard are written one by one; a CSV header depends on all contacts, so for CSV they are held.
    """
    match form:
        case ExportFormat.JSONL:
            yield from (json_line(row.id, row.version, row.groups, row.card, row.fields) + "\n" for row in rows)
        case ExportFormat.VCF:
            yield from (vcard(row.card, row.photo) for row in rows)
        case ExportFormat.GOOGLE_CSV:
            out = io.StringIO(newline="")
            write_google_csv(((row.groups, row.card) for row in rows), out)
            yield out.getvalue()
