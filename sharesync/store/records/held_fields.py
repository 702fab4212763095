"""What a program's held edits would say in fields that are kept here: beside the cards that the hold keeps."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from sharesync.store.database.tables import HeldRow
from sharesync.store.database.work import Work


def keep(work: Work, hold_id: str, here: Mapping[str, Mapping[str, str]]) -> None:
    """Keep beside the cards of a hold what the contacts would say in fields kept here."""
    rows = [{"hold_id": hold_id, "contact_id": contact, "here": dict(said)} for contact, said in here.items()]
    if rows:
        work.session.execute(update(HeldRow), rows)


def waiting(session: Session, hold_id: str) -> dict[str, dict[str, str]]:
    """The same, by contact, where it was kept."""
    asked = select(HeldRow.contact_id, HeldRow.here).where(HeldRow.hold_id == hold_id, HeldRow.here.is_not(None))
    return {row.contact_id: row.here for row in session.execute(asked)}
