"""Retirement: the oldest events go, their leaves stay in the tree, so that proofs and checkpoints hold as before.

Kept for each retired event are the 32 bytes of its leaf. Rejected: keeping only the roots of whole subtrees, which
would be less, but then no older checkpoint could be shown to be of this log, and no archived line to be in it.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, exists, insert, literal, select
from sqlalchemy.orm import Session

from sharesync.store.database import event_log
from sharesync.store.database.tables import ContactRow, EventRow, NodeRow, PayloadRow, RetirementRow
from sharesync.store.database.work import Work


def all_before(session: Session, size: int, moment: datetime) -> bool:
    """Whether every one of the first `size` events is of before the moment."""
    later = exists().where(EventRow.seq < size, EventRow.at >= moment)
    return not session.scalar(select(later))


def under_legal_hold(session: Session, size: int) -> list[str]:
    """Ids of contacts under a legal hold that the first `size` events speak of."""
    held = select(ContactRow.id).where(ContactRow.legal_hold_at.is_not(None))
    speaks = exists().where(EventRow.contact_id == ContactRow.id, EventRow.seq < size)
    return sorted(session.scalars(held.where(speaks)))


def retire(work: Work, size: int, note: str, archive: str) -> int:
    """Take away the events below `size`, and their values; returns how many. The database refuses any other."""
    session, start = work.session, event_log.start(work.session)
    here = (EventRow.seq >= start) & (EventRow.seq < size)
    leaves = select(literal(0), EventRow.seq, EventRow.leaf).where(here)
    session.execute(insert(NodeRow).from_select(["level", "place", "hash"], leaves))
    session.execute(insert(RetirementRow).values(size=size, at=work.now, checkpoint=note, archive=archive))
    gone = delete(PayloadRow).where(PayloadRow.event_id.in_(select(EventRow.id).where(here)))
    session.execute(gone.execution_options(synchronize_session=False))
    session.execute(delete(EventRow).where(here).execution_options(synchronize_session=False))
    return size - start
