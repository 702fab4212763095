"""Work: one transaction of one use case, with who acts and when, and its events written beside its changes.

A use case gets a `Work` and nothing else that changes. Whatever it records is written in the same transaction: no
event, no change; no change, no event.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from sharesync.model.actions import ACTIONS, VERSION
from sharesync.model.audit import By, Event, Source, commitment
from sharesync.store.database import event_log
from sharesync.store.database.beside import Beside
from sharesync.store.database.engine import Database


@dataclass
class Work:
    """The open transaction of one use case."""

    session: Session
    now: datetime
    """When this transaction got the writer's place: what was committed before it is older, what comes after it is not.
    Others see its changes later than that; who reads meanwhile does not know them yet."""
    by: By
    new_id: Callable[[], str]
    """Makes ids that sort by time (UUID version 7, 32 hex digits)."""
    pass_id: str | None = None
    _events: list[dict[str, Any]] = field(default_factory=list)
    _values: list[dict[str, Any]] = field(default_factory=list)
    _told: bool = False

    def record(self, event: Event, *, by: By | None = None) -> str:
        """Write one event of the change log; returns its id, so that what follows from it can name its cause.

        `by` says whose deed it is, where it follows from the actor's and is not theirs. Raises KeyError for an action
        that `model/actions.py` does not document.
        """
        ACTIONS[event.action]
        event_id, by = self.new_id(), by or self.by
        values = [
            {"event_id": event_id, "field": name, "salt": secrets.token_bytes(16), "before": before, "after": after}
            for name, (before, after) in sorted(event.values.items())
        ]
        self._values += values
        self._events.append(
            {
                "id": event_id,
                "format": VERSION,
                "at": self.now,
                "action": event.action,
                "actor_kind": by.kind.value,
                "actor": by.id,
                "source": by.source.value,
                "outcome": event.outcome.value,
                "group_id": event.group,
                "contact_id": event.contact,
                "mailbox_id": event.mailbox,
                "fields": list(event.fields),
                "before_version": event.before_version,
                "after_version": event.after_version,
                "reason": event.reason,
                "cause": event.cause,
                "pass_id": self.pass_id,
                "commitments": {
                    row["field"]: commitment(row["salt"], event_id, row["field"], row["before"], row["after"])
                    for row in values
                },
            }
        )
        return event_id

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """Do something that an error takes back, its events with it, while the transaction goes on."""
        events, values = len(self._events), len(self._values)
        try:
            with self.session.begin_nested():
                yield
        except BaseException:
            del self._events[events:], self._values[values:]
            raise

    def flush(self) -> None:
        """Write the events so far; called when the transaction ends."""
        self._told = self._told or bool(self._events)
        event_log.append(self.session, self._events, self._values)
        self._events, self._values = [], []

    def number_events(self) -> None:
        """Number every event that was committed or flushed: the log is whole until the transaction ends."""
        event_log.number_all(self.session)

    @property
    def told(self) -> bool:
        """Whether it has written events."""
        return self._told


_AWAITED = (Source.WEB, Source.IMPORT, Source.CLI)
"""Where a person acts, who is shown next what the log says of it."""


@contextmanager
def working(
    database: Database,
    clock: Callable[[], datetime],
    by: By,
    new_id: Callable[[], str],
    pass_id: str | None = None,
    *,
    beside: Beside | None = None,
) -> Iterator[Work]:
    """Open a transaction for one use case; commit with its events if the block ends well, else undo everything.

    Its events are numbered after that; who acts as a person waits for it. `beside`: what alone it writes,
    where others may write meanwhile.

    The clock is read once its place is held: of two transactions that do not go beside each other, the later one has
    the later `now`.
    """
    with database.writing(beside) as session:
        work = Work(session, clock(), by, new_id, pass_id)
        yield work
        work.flush()
    if work.told:
        database.number(wait=by.source in _AWAITED)


PIECE = 200
"""Contacts that one transaction of an operation changes: well under a second's work."""

T = TypeVar("T")


def pieces(many: Sequence[T]) -> Iterator[Sequence[T]]:
    """The values in pieces, each for a transaction of its own; at least one piece."""
    for start in range(0, max(len(many), 1), PIECE):
        yield many[start : start + PIECE]


@dataclass(frozen=True, slots=True)
class ReadOnly:
    """A transaction that only reads, for one actor: to ask what they may, and to plan, keeps no writer waiting."""

    session: Session
    now: datetime
    by: By


@dataclass(frozen=True, slots=True)
class Operation:
    """An act on many contacts, carried out in pieces, a transaction each: nobody waits for the whole of it.

    What of it is committed stays, whatever becomes of the rest; who does it again goes on where it ended. Its first
    event is named as their cause by all that follow. Where there is more than one piece, that event says what is
    intended, and the last piece records that it was done.
    """

    database: Database
    clock: Callable[[], datetime]
    by: By
    new_id: Callable[[], str]
    deed: str | None = None
    """What names all of it in the log, like a pass."""

    @contextmanager
    def look(self, *, log: bool = False) -> Iterator[ReadOnly]:
        """What is asked beforehand. Each piece asks again: others go on writing meanwhile.

        `log`: the change log is asked, and must be whole.
        """
        with self.database.reading_log() if log else self.database.reading() as session:
            yield ReadOnly(session, self.clock(), self.by)

    def piece(self) -> AbstractContextManager[Work]:
        """The next transaction."""
        return working(self.database, self.clock, self.by, self.new_id, self.deed)
