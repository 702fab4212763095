"""What a person says of a CSV file's columns is remembered for their next file with the same header."""

from __future__ import annotations

from sharesync.formats.file_reading import Mapping, Sheet
from sharesync.store.database.engine import Session
from sharesync.store.database.work import Work
from sharesync.store.records import told_columns


def remember(work: Work, sheet: Sheet, mapping: Mapping) -> None:
    """Keep what the actor says of this header. A first line that names nothing is another in the next file."""
    if mapping.heading:
        told_columns.remember(work, work.by.id, sheet.digest, mapping.words)


def recall(session: Session, user: str, sheet: Sheet) -> Mapping | None:
    """What they said of an earlier file with this header; None where they said nothing."""
    words = told_columns.recall(session, user, sheet.digest)
    return None if words is None else Mapping(words)
