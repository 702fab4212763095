"""Checkpoints sent away: which, where to, when, and what hinders the next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from sharesync.store.database.tables import CheckpointRow


@dataclass(frozen=True, slots=True)
class SentCheckpoint:
    """A checkpoint of so many events, on its way to one place: sent, or tried so often and due again."""

    size: int
    sent_at: datetime | None
    tries: int
    due: datetime | None
    trouble: str


def of(session: Session, place: str) -> dict[int, SentCheckpoint]:
    """Those that were sent or tried there, by their size, the smallest first."""
    rows = session.scalars(select(CheckpointRow).where(CheckpointRow.place == place).order_by(CheckpointRow.size))
    return {row.size: SentCheckpoint(row.size, row.sent_at, row.tries, row.due_at, row.trouble) for row in rows}


def note(session: Session, place: str, sent: SentCheckpoint) -> None:
    """Remember what came of a try."""
    values = {"sent_at": sent.sent_at, "tries": sent.tries, "due_at": sent.due, "trouble": sent.trouble}
    session.execute(delete(CheckpointRow).where(CheckpointRow.place == place, CheckpointRow.size == sent.size))
    session.execute(insert(CheckpointRow).values(place=place, size=sent.size, **values))
