"""Deeds: what one request, or one command, did, as its events say it."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from sharesync.model.audit import OPERATOR, ActorKind, Outcome
from sharesync.store.database import event_log
from sharesync.store.database.batching import chunks
from sharesync.store.database.ids import later
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

    @property
    def named(self) -> bool:
        """Whether its reason begins with whom or what it is about: a principal, an entry."""
        return self.action.partition(".")[0] in ("grant", "entry")


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


def was_done_since(session: Session, did: Did, rivals: Collection[str], besides: Collection[str | None]) -> bool:
    """Whether a later event of these actions is about the same: what stands now may be its doing.

    `besides`: deeds whose events do not count. About the same are a group, a contact, and what the reason begins with,
    as far as it names them.
    """
    for room, _ in event_log.rooms(session):
        same = [later(room.id, did.id), room.action.in_(list(rivals)), room.outcome == Outcome.OK]
        same += [room.contact_id == did.contact] if did.contact else []
        same += [room.group_id == did.group] if did.group else []
        same += [room.reason.startswith(did.reason.partition(" ")[0], autoescape=True)] if did.named else []
        others = room.pass_id.is_(None) | room.pass_id.not_in([one for one in besides if one])
        if session.scalar(select(room.id).where(*same, others).limit(1)):
            return True
    return False


def actions(session: Session, deed: str) -> frozenset[str]:
    """What was done in a deed."""
    return frozenset(session.scalars(select(EventRow.action).distinct().where(*_went_well(deed))))


def _went_well(deed: str) -> tuple[ColumnElement[bool], ...]:
    """Ids sort by time, to the millisecond: a deed's events are in the hour that begins with that of its own."""
    begin = end = deed
    if re.fullmatch("[0-9a-f]{32}", deed):
        begin, end = deed[:12], f"{int(deed[:12], 16) + MILLISECONDS:012x}"
    went_well = (EventRow.outcome == Outcome.OK) | (EventRow.action == "proposal.dismiss")
    # What a mailbox did has its own rules.
    by_hand = EventRow.actor_kind.in_((ActorKind.USER, ActorKind.TOKEN)) | (EventRow.actor == OPERATOR.id)
    return later(EventRow.id, begin), later(end, EventRow.id), EventRow.pass_id == deed, by_hand, went_well
