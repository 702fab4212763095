"""Answers: what a program was told, by the key of its request, so that a repeated request does nothing twice.

They hold what people's cards hold: they are kept for a day, and no longer than what they speak of.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from sharesync.store.database.tables import AnswerRow
from sharesync.store.database.work import Work

KEPT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """What was answered to which request."""

    request: bytes
    """Its hash."""
    status: int
    headers: Mapping[str, str]
    body: str


def claim(work: Work, token: str, key: bytes, request: bytes) -> KeptAnswer | None:
    """Take a key for a request, or get the answer that it was given before.

    Another transaction that has taken the same key just now is waited for.
    """
    work.session.execute(delete(AnswerRow).where(AnswerRow.at < work.now - KEPT))
    its = AnswerRow.token_id == token, AnswerRow.key == key
    upsert = sqlite.insert if work.session.get_bind().dialect.name == "sqlite" else postgresql.insert
    row = {"token_id": token, "key": key, "request": request, "at": work.now}
    taken = work.session.execute(upsert(AnswerRow).values(row).on_conflict_do_nothing().returning(AnswerRow.key)).all()
    if taken:
        return None
    found = work.session.execute(
        select(AnswerRow.request, AnswerRow.status, AnswerRow.headers, AnswerRow.body).where(*its)
    ).one()
    return KeptAnswer(found.request, found.status or 500, found.headers or {}, found.body or "")


def keep(work: Work, token: str, key: bytes, status: int, headers: Mapping[str, str], body: str) -> None:
    """Keep what was answered."""
    its = AnswerRow.token_id == token, AnswerRow.key == key
    work.session.execute(update(AnswerRow).where(*its).values(status=status, headers=dict(headers), body=body))


def forget(work: Work, contact: str) -> None:
    """Forget every answer that speaks of a contact."""
    work.session.execute(delete(AnswerRow).where(AnswerRow.body.contains(contact)))
