"""The past: a group as it stood at a moment, read from the events and versions that made it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from sharesync.errors import Refused
from sharesync.model.card import Card
from sharesync.model.contact import VersionKind
from sharesync.store.database import event_log
from sharesync.store.database.batching import chunks
from sharesync.store.database.tables import EventRow, MembershipRow, VersionRow


def members(session: Session, group: str, at: datetime) -> dict[str, tuple[int, Card]]:
    """Version and card, as of then, of each contact that was in the group then; those erased since are left out.

    What counts is the order of events, not their times alone: of a clock that was set back the later event stands.
    Raises Refused where the events of that time were retired.
    """
    retired = event_log.start(session)
    if retired and at < (begin := session.scalars(select(EventRow.at).where(EventRow.seq == retired)).one()):
        raise Refused(
            "The log goes back to %(begin)s UTC; what was before is archived.", begin=f"{begin:%Y-%m-%d %H:%M}"
        )
    last = (
        select(func.max(EventRow.seq))
        .where(EventRow.group_id == group, EventRow.action.in_(("group.add", "group.take")), EventRow.at <= at)
        .group_by(EventRow.contact_id)
    )
    there = set(
        session.scalars(select(EventRow.contact_id).where(EventRow.seq.in_(last), EventRow.action == "group.add"))
    )
    if retired:
        there |= _since_before(session, group, at)
    return cards_at(session, [contact for contact in there if contact], at)


def _since_before(session: Session, group: str, at: datetime) -> set[str | None]:
    """Contacts whose joining was told by an event that was retired.

    The next thing told of them is that they left; or nothing more is told, and they are there today.
    """
    moves = (EventRow.group_id == group) & EventRow.action.in_(("group.add", "group.take"))
    told = set(session.scalars(select(EventRow.contact_id).where(moves, EventRow.at <= at)))
    next_ = select(func.min(EventRow.seq)).where(moves, EventRow.at > at).group_by(EventRow.contact_id)
    later = session.execute(select(EventRow.contact_id, EventRow.action).where(EventRow.seq.in_(next_)))
    actions = {row.contact_id: row.action for row in later}
    today = set(session.scalars(select(MembershipRow.contact_id).where(MembershipRow.group_id == group)))
    left = {contact for contact, action in actions.items() if action == "group.take"}
    return (left | (today - actions.keys())) - told


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
