"""Export: contacts into a file of JSON Lines, vCard 3.0 or Google CSV."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import TextIO

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


def write(format: ExportFormat, rows: Iterable[Exported], out: TextIO) -> None:  # noqa: A002 - the word people type
    """Write the contacts to `out`, which is to be opened as UTF-8 with `newline=""`: vCard has its own line ends.

    JSON Lines and vCard are written one by one; a CSV header depends on all contacts, so for CSV they are held.
    """
    match format:
        case ExportFormat.JSONL:
            out.writelines(json_line(row.id, row.version, row.groups, row.card) + "\n" for row in rows)
        case ExportFormat.VCF:
            out.writelines(vcard(row.card) for row in rows)
        case ExportFormat.GOOGLE_CSV:
            write_google_csv(((row.groups, row.card) for row in rows), out)
