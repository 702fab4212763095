"""Inspecting the change log in the web page: one event with its values, and the check that the whole is untouched."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sharesync.errors import Events, Findings, NotFound, Refused, Sentence
from sharesync.formats.signed_note import Checkpoint
from sharesync.model.audit import Event
from sharesync.model.permission import Right
from sharesync.services.log import keyring, verification
from sharesync.services.log.checkpoints import kept
from sharesync.services.log.verification import LogVerdict
from sharesync.services.who_may.permission import require
from sharesync.store.database.engine import Session
from sharesync.store.database.work import Work
from sharesync.store.queries import events
from sharesync.store.queries.events import LoggedFilter


@dataclass(frozen=True, slots=True)
class EventValue:
    """A value before and after; `erased` where nothing is left but the promise that it was there."""

    field: str
    before: Any
    after: Any
    erased: bool


@dataclass(frozen=True, slots=True)
class InspectedEvent:
    """One event with its values."""

    event: dict[str, Any]
    values: tuple[EventValue, ...]


def look_at(work: Work, seq: int) -> InspectedEvent:
    """One event, by number; that someone looked is an event itself. Raises NotFound or NotAllowed."""
    require(work, Right.OVERSEE)
    found = next(iter(events.page(work.session, LoggedFilter(), before=seq + 1, limit=1).events), None)
    if found is None or found["seq"] != seq:
        raise NotFound("event", str(seq))
    work.record(Event("log.read", reason=Sentence("event %(number)s, with its values", number=seq)))
    there = {row["field"]: row for row in events.values(work.session, found["id"])}
    values = [
        EventValue(name, there[name]["before"], there[name]["after"], erased=False)
        if name in there
        else EventValue(name, None, None, erased=True)
        for name in sorted(found["commitments"])
    ]
    return InspectedEvent(found, tuple(values))


def check(session: Session, folder: Path | None, notes: Iterable[str] = ()) -> tuple[LogVerdict, list[Checkpoint]]:
    """What `audit verify` says: the whole log, recomputed and held against the checkpoints in the folder.

    And against these notes, which were kept elsewhere; returns the checkpoints that they are, too. Raises InvalidInput
    for a note that is none of this log.
    """
    outside = [keyring.read(session, note) for note in notes]
    points, strange = [], []
    for file in kept(folder) if folder else ():
        try:
            points.append(keyring.read(session, file.read_text(encoding="utf-8")))
        except (Refused, OSError, UnicodeDecodeError) as error:
            strange.append(f"{file.name}: {error if isinstance(error, Refused) else 'it cannot be read.'}")
    verdict = verification.verify(session, [*points, *outside])
    return replace(verdict, findings=strange + verdict.findings), outside


def note_check(work: Work, verdict: LogVerdict) -> None:
    """Log that someone had the log checked, and what came of it. Raises NotAllowed."""
    require(work, Right.OVERSEE)
    reason = Sentence("%(events)s: whole", events=Events(verdict.size))
    if not verdict.whole:
        found = Findings(len(verdict.told))
        reason = Sentence("%(events)s: %(findings)s", events=Events(verdict.size), findings=found)
    work.record(Event("log.check", reason=reason))
