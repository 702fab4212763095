"""The change log for programs: envelopes without values, the newest first. Each reading is an event itself."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from msgspec import Meta, Struct

from sharesync.model.token import Scope
from sharesync.services.log import log_reading
from sharesync.store.queries import events
from sharesync.store.queries.events import LoggedFilter
from web.api.answers import Answer, after, cursor_of, next_link
from web.api.registry import Api
from web.api.room_shapes import Cursor, EventList, EventShape, Limit
from web.frame.live import the_world
from web.frame.needs import OVERSEE
from web.frame.person import acting

api = Api("api_log", __name__, url_prefix="/api/v1")


class EventQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Which events; ids are exact."""

    group: Annotated[str, Meta(max_length=64)] | None = None
    contact: Annotated[str, Meta(max_length=64)] | None = None
    mailbox: Annotated[str, Meta(max_length=64, description="Google's user id.")] | None = None
    actor: Annotated[str, Meta(max_length=64)] | None = None
    action: Annotated[str, Meta(max_length=64, description="An action, or the noun before its dot.")] | None = None
    since: Annotated[datetime, Meta(tz=True)] | None = None
    until: Annotated[datetime, Meta(tz=True)] | None = None
    limit: Limit = 50
    cursor: Cursor = None


@api.get("/events", needs=OVERSEE, scope=Scope.AUDIT_READ, query=EventQuery, gives=EventList)
def list_events(query: EventQuery) -> Answer:
    """Events of the change log, the newest first."""
    wanted = LoggedFilter(
        actor=query.actor,
        group=query.group,
        contact=query.contact,
        mailbox=query.mailbox,
        action=query.action,
        since=query.since,
        until=query.until,
    )
    before = int(text) if query.cursor and (text := after(query.cursor)).isdecimal() else None
    with the_world().database.reading_log() as session:
        found = events.page(session, wanted, before=before, limit=query.limit)
    with acting() as work:
        log_reading.note_read(work, wanted, len(found.events))
    cursor = None if found.older is None else cursor_of(str(found.older))
    return Answer(EventList([_shape(one) for one in found.events], cursor), headers=next_link(cursor))


def _shape(event: dict[str, Any]) -> EventShape:
    return EventShape(
        seq=event["seq"],
        id=event["id"],
        at=event["at"],
        action=event["action"],
        actor=f"{event['actor_kind'].value}:{event['actor']}",
        source=event["source"].value,
        outcome=event["outcome"].value,
        group=event["group_id"],
        contact=event["contact_id"],
        mailbox=event["mailbox_id"],
        fields=event["fields"],
        before_version=event["before_version"],
        after_version=event["after_version"],
        reason=event["reason"],
        cause=event["cause"],
    )
