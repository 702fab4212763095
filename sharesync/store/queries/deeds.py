"""Deeds: what one request of the page did, as its events say it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from sharesync.model.audit import ActorKind, Outcome
from sharesync.store.database.batching import chunks
from sharesync.store.database.tables import EventRow, PayloadRow

MILLISECONDS = 3_600_000
"""No deed takes longer."""


@dataclass(frozen=True, slots=True)
class Did:
    """One event of a deed."""

    id: str
    action: str
    actor: str
    group: str | None
    contact: str | None
    before_version: int | None
    after_version: int | None
    reason: str
    cause: str | None
    values: dict[str, tuple[Any, Any]]
    """Before and after, by field, of what is no card."""


def of(session: Session, deed: str) -> list[Did]:
    """The events of a deed that went well, the newest first; none where there is no such deed."""
    columns = (
        *(EventRow.id, EventRow.action, EventRow.actor, EventRow.group_id, EventRow.contact_id),
        *(EventRow.before_version, EventRow.after_version, EventRow.reason, EventRow.cause),
    )
    rows = session.execute(select(*columns).where(*_went_well(deed)).order_by(EventRow.seq.desc())).all()
    plain = [row.id for row in rows if not (row.contact_id and row.after_version)]
    told: dict[str, dict[str, tuple[Any, Any]]] = {}
    for some in chunks(plain):
        values = select(PayloadRow.event_id, PayloadRow.field, PayloadRow.before, PayloadRow.after)
        for event, name, before, after in session.execute(values.where(PayloadRow.event_id.in_(some))):
            told.setdefault(event, {})[name] = (before, after)
    return [Did(*row, told.get(row.id, {})) for row in rows]


def actions(session: Session, deed: str) -> frozenset[str]:
    """What was done in a deed."""
    return frozenset(session.scalars(select(EventRow.action).distinct().where(*_went_well(deed))))


def _went_well(deed: str) -> tuple[ColumnElement[bool], ...]:
    """Ids sort by time, and a deed's own is a little older than those of its events: they are in the hour after it."""
    hour = f"{int(deed[:12], 16) + MILLISECONDS:012x}" if re.fullmatch("[0-9a-f]{32}", deed) else deed
    went_well = (EventRow.outcome == Outcome.OK) | (EventRow.action == "proposal.dismiss")
    by_hand = EventRow.actor_kind.in_((ActorKind.USER, ActorKind.TOKEN))  # what a mailbox did has its own rules
    return EventRow.id > deed, EventRow.id < hour, EventRow.pass_id == deed, by_hand, went_well
