"""What belongs to one event: what led to it, what was done together with it, and what followed from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from sharesync.model.audit import ActorKind, Outcome
from sharesync.store.database.ids import later
from sharesync.store.database.tables import EventRow
from sharesync.store.queries.deeds import MILLISECONDS

MOST = 20
"""So many of each are shown."""
STEPS = 4
"""How far back it is asked what led to what."""

_Event = dict[str, Any]


@dataclass(frozen=True, slots=True)
class RelatedEvents:
    """Events in the log's order, their columns by name; one more than `MOST`, and any of them, where there are more."""

    led: list[_Event]
    beside: list[_Event]
    """Of the same deed of a person or program. The events of one pass have no more to do with each other than that."""
    followed: list[_Event]

    @property
    def all(self) -> list[_Event]:
        """All of them."""
        return self.led + self.beside + self.followed


def related(session: Session, event: Mapping[str, Any]) -> RelatedEvents:
    """What belongs to this event, each event once."""
    led = _led(session, event["cause"])
    known = {event["id"], *(one["id"] for one in led)}
    caused = EventRow.cause == event["id"]
    followed = _found(session, caused, *_within(event["id"]), known=known)
    if event["contact_id"]:  # deliveries follow for as long as mailboxes sleep
        late = known | {one["id"] for one in followed}
        followed += _found(session, caused, EventRow.contact_id == event["contact_id"], known=late)
    known |= {one["id"] for one in followed}
    by_hand = event["actor_kind"] in (ActorKind.USER, ActorKind.TOKEN)
    deed = event["pass_id"] if by_hand else None
    beside = _found(session, EventRow.pass_id == deed, *_within(deed), known=known) if deed else []
    return RelatedEvents(led, beside, followed)


def _led(session: Session, cause: str | None) -> list[_Event]:
    found: list[_Event] = []
    while cause and len(found) < STEPS:
        some = _found(session, EventRow.id == cause, known={one["id"] for one in found})
        found = some + found
        cause = some[0]["cause"] if some else None
    return found


def _within(begin: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Ids sort by time: those of the hour after this one."""
    return later(EventRow.id, begin), later(f"{int(begin[:12], 16) + MILLISECONDS:012x}", EventRow.id)


def _found(session: Session, *conditions: ColumnElement[bool], known: set[str]) -> list[_Event]:
    # Put in order here: asked for in the order of their numbers, a database would read the log through.
    rows = session.execute(
        select(*EventRow.__table__.columns)
        .where(*conditions, EventRow.outcome != Outcome.INTENDED, EventRow.id.not_in(known))
        .limit(MOST + 1)
    )
    return sorted((dict(row._mapping) for row in rows), key=itemgetter("seq"))
