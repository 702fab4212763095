"""What people have said that the columns of a CSV file mean, so that they need not say it of the next one."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from sharesync.store.database.tables import ToldColumnsRow
from sharesync.store.database.work import Work

MOST = 100
"""Headers that are remembered of one person, the newest."""


def remember(work: Work, user: str, header: bytes, words: Sequence[str]) -> None:
    """Keep what somebody said of files with this header, a word a column, in place of what they said before."""
    mine = ToldColumnsRow.user_id == user
    work.session.execute(delete(ToldColumnsRow).where(mine, ToldColumnsRow.header == header))
    work.session.execute(
        insert(ToldColumnsRow).values(user_id=user, header=header, words=" ".join(words), told_at=work.now)
    )
    newest = select(ToldColumnsRow.header).where(mine).order_by(ToldColumnsRow.told_at.desc()).limit(MOST)
    kept = work.session.scalars(newest).all()
    work.session.execute(delete(ToldColumnsRow).where(mine, ToldColumnsRow.header.not_in(kept)))


def recall(session: Session, user: str, header: bytes) -> tuple[str, ...] | None:
    """What somebody said of files with this header; None where they said nothing."""
    told = session.scalar(
        select(ToldColumnsRow.words).where(ToldColumnsRow.user_id == user, ToldColumnsRow.header == header)
    )
    return None if told is None else tuple(told.split())
