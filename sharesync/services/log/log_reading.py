"""Who reads or exports the change log is written into it as well."""

from __future__ import annotations

from typing import Any

from sharesync.errors import Events, Sentence
from sharesync.model.audit import Event
from sharesync.model.permission import Right
from sharesync.services.who_may.permission import require
from sharesync.store.database import event_log
from sharesync.store.database.engine import Database
from sharesync.store.database.work import Work
from sharesync.store.queries import events
from sharesync.store.queries.events import LoggedFilter


def read(
    database: Database, wanted: LoggedFilter, *, before: int | None = None, limit: int = 100
) -> list[dict[str, Any]]:
    """The newest events that match; looking for a text may take a while, during which nobody waits.

    Nothing of it is shown before `note_read` has let it pass.
    """
    found: list[dict[str, Any]] = []
    while True:
        with database.reading_log() as session:
            page = events.page(session, wanted, before=before, limit=limit - len(found))
        found += page.events
        before = page.older
        if before is None or len(found) == limit:
            return found


def note_read(work: Work, wanted: LoggedFilter, number: int) -> None:
    """Log that someone looks at so many events. Raises NotAllowed."""
    require(work, Right.OVERSEE)
    filters = _filters(wanted)
    reason = Sentence("by %(filters)s: %(events)s", filters=filters, events=Events(number))
    work.record(Event("log.read", reason=reason if filters else Sentence("all: %(events)s", events=Events(number))))


def note_export(work: Work, wanted: LoggedFilter, form: str) -> int:
    """Log that someone takes a copy of the events that match; returns how many events the log held before that.

    Raises NotAllowed.
    """
    require(work, Right.OVERSEE)
    work.number_events()
    filters = _filters(wanted)
    reason = Sentence("by %(filters)s as %(form)s", filters=filters, form=form)
    work.record(Event("log.export", reason=reason if filters else Sentence("all as %(form)s", form=form)))
    return event_log.size(work.session)


def note_proof(work: Work, seq: int) -> None:
    """Log that someone took an event with its proof. Raises NotAllowed."""
    require(work, Right.OVERSEE)
    work.record(Event("log.read", reason=Sentence("event %(number)s, with its proof", number=seq)))


def _filters(wanted: LoggedFilter) -> str:
    """Which filters were set. What someone searched for may be a name, and names do not go into the log."""
    return ", ".join(name for name in LoggedFilter.__slots__ if getattr(wanted, name))
