"""The past: a group as it stood at a moment, read from the events and versions that made it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from sharesync.model.card import Card
from sharesync.model.contact import VersionKind
from sharesync.store.contacts import chunks
from sharesync.store.tables import EventRow, VersionRow


def members(session: Session, group: str, at: datetime) -> dict[str, tuple[int, Card]]:
    """Version and card, as of then, of each contact that was in the group then; those erased since are left out.

    What counts is the order of events, not their times alone: of a clock that was set back the later event stands.
    """
    last = (
        select(func.max(EventRow.seq))
        .where(EventRow.group_id == group, EventRow.action.in_(("group.add", "group.take")), EventRow.at <= at)
        .group_by(EventRow.contact_id)
    )
    there = session.scalars(
        select(EventRow.contact_id).where(EventRow.seq.in_(last), EventRow.action == "group.add")
    ).all()
    return cards_at(session, [contact for contact in there if contact], at)


def cards_at(session: Session, contacts: list[str], at: datetime) -> dict[str, tuple[int, Card]]:
    """Version and card, as of then, of each contact that existed then."""
    found: dict[str, tuple[int, Card]] = {}
    for some in chunks(sorted(contacts)):
        rows = session.execute(
            select(VersionRow.contact_id, VersionRow.version, VersionRow.card)
            .where(VersionRow.contact_id.in_(some), VersionRow.kind == VersionKind.ACCEPTED, VersionRow.at <= at)
            .order_by(VersionRow.version)
        )
        found |= {row.contact_id: (row.version, row.card) for row in rows}
    return found
