"""Events as auditors look for them: filtered, newest first, page by page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, String, cast, exists, select
from sqlalchemy.orm import Session

from sharesync.model.audit import Outcome, Source
from sharesync.store.tables import EventRow, PayloadRow


@dataclass(frozen=True, slots=True)
class Filter:
    """Which events are asked for; what is None or empty is not. `actor`, `group`, `contact`, `mailbox` are ids."""

    actor: str | None = None
    group: str | None = None
    contact: str | None = None
    mailbox: str | None = None
    action: str | None = None
    """An action, or the noun before its dot."""
    outcome: Outcome | None = None
    source: Source | None = None
    since: datetime | None = None
    until: datetime | None = None
    text: str = ""
    """Found in an event's reason or in one of its values."""

    def conditions(self) -> Iterator[ColumnElement[bool]]:
        """As SQL."""
        for column, value in (
            (EventRow.actor, self.actor),
            (EventRow.group_id, self.group),
            (EventRow.contact_id, self.contact),
            (EventRow.mailbox_id, self.mailbox),
            (EventRow.outcome, self.outcome),
            (EventRow.source, self.source),
        ):
            if value is not None:
                yield column == value
        if self.action:
            whole = EventRow.action == self.action
            yield whole if "." in self.action else EventRow.action.startswith(self.action + ".", autoescape=True)
        if self.since:
            yield EventRow.at >= self.since
        if self.until:
            yield EventRow.at < self.until
        if self.text:
            values = exists().where(PayloadRow.event_id == EventRow.id, _says(PayloadRow, self.text))
            yield EventRow.reason.contains(self.text, autoescape=True) | values


def _says(table: type[PayloadRow], text: str) -> ColumnElement[bool]:
    before, after = cast(table.before, String), cast(table.after, String)
    return before.contains(text, autoescape=True) | after.contains(text, autoescape=True)


def page(session: Session, wanted: Filter, *, before: int | None = None, limit: int = 100) -> list[dict[str, Any]]:
    """The newest events that match, those before the number `before`; columns by name."""
    query = select(*EventRow.__table__.columns).where(*wanted.conditions()).order_by(EventRow.seq.desc()).limit(limit)
    if before is not None:
        query = query.where(EventRow.seq < before)
    return [dict(row._mapping) for row in session.execute(query)]


def oldest_first(session: Session, wanted: Filter, *, below: int) -> Iterator[dict[str, Any]]:
    """Every event that matches, of those numbered below `below`, read a batch at a time."""
    columns = EventRow.__table__.columns
    query = select(*columns).where(*wanted.conditions(), EventRow.seq < below).order_by(EventRow.seq)
    for row in session.execute(query.execution_options(yield_per=1000)):
        yield dict(row._mapping)


def values(session: Session, event: str) -> list[dict[str, Any]]:
    """The values of one event that were not erased: field, before, after."""
    rows = session.scalars(select(PayloadRow).where(PayloadRow.event_id == event).order_by(PayloadRow.field))
    return [{"field": row.field, "before": row.before, "after": row.after} for row in rows]
