"""Work: one transaction of one use case, with who acts and when, and its events written beside its changes.

A use case gets a `Work` and nothing else that changes. Whatever it records is written in the same transaction: no
event, no change; no change, no event.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from sharesync.model.actions import ACTIONS
from sharesync.model.audit import By, Event
from sharesync.store.database import Database
from sharesync.store.tables import EventRow, PayloadRow


@dataclass
class Work:
    """The open transaction of one use case."""

    session: Session
    now: datetime
    by: By
    new_id: Callable[[], str]
    """Makes ids that sort by time (UUID version 7, 32 hex digits)."""
    pass_id: str | None = None
    _events: list[dict[str, Any]] = field(default_factory=list)
    _values: list[dict[str, Any]] = field(default_factory=list)

    def record(self, event: Event) -> str:
        """Write one event of the change log; returns its id, so that what follows from it can name its cause.

        Raises KeyError for an action that `model/actions.py` does not document.
        """
        ACTIONS[event.action]
        event_id = self.new_id()
        self._events.append(
            {
                "id": event_id,
                "at": self.now,
                "action": event.action,
                "actor_kind": self.by.kind,
                "actor": self.by.id,
                "source": self.by.source,
                "outcome": event.outcome,
                "group_id": event.group,
                "contact_id": event.contact,
                "mailbox_id": event.mailbox,
                "fields": list(event.fields),
                "before_version": event.before_version,
                "after_version": event.after_version,
                "reason": event.reason,
                "cause": event.cause,
                "pass_id": self.pass_id,
            }
        )
        self._values.extend(
            {"event_id": event_id, "field": name, "before": before, "after": after}
            for name, (before, after) in event.values.items()
        )
        return event_id

    def flush(self) -> None:
        """Send the events to the database, in one statement each; called when the transaction ends."""
        if self._events:
            self.session.execute(insert(EventRow), self._events)
        if self._values:
            self.session.execute(insert(PayloadRow), self._values)
        self._events, self._values = [], []


@contextmanager
def working(
    database: Database, now: datetime, by: By, new_id: Callable[[], str], pass_id: str | None = None
) -> Iterator[Work]:
    """Open a transaction for one use case; commit with its events if the block ends well, else undo everything."""
    with database.writing() as session:
        work = Work(session, now, by, new_id, pass_id)
        yield work
        work.flush()
