"""Checkpoints sent away, to a folder or an address out of reach of the database's owner: each one, in order, once.

What the clock keeps beside the data is what is sent, so nothing is lost while the other side is away. No transaction is
open meanwhile. What was sent twice, because the process ended before it could be remembered, is the same checkpoint
under the same id.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sharesync.endpoints.places import Place
from sharesync.errors import Events, Sentence, Unreachable
from sharesync.services.app import World
from sharesync.services.log.checkpoints import kept
from sharesync.store.database import event_log
from sharesync.store.database.engine import Database, Session
from sharesync.store.log import checkpoints
from sharesync.store.log.checkpoints import SentCheckpoint

WAITS = tuple(timedelta(minutes=one) for one in (1, 5, 30, 120, 360))
"""Between two tries; the last one again and again."""
LOOK = 60.0
"""Seconds between two looks whether one is to be sent."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a place is behind the log."""

    place: str
    size: int
    """Events of the newest checkpoint that was sent there; 0: none was."""
    sent_at: datetime | None
    trouble: str
    """Why the next could not be sent; empty where nothing hinders it."""
    due: datetime | None
    """When that is tried again."""
    late: bool
    """Whether the log has grown, and nothing was sent for twice the time between two checkpoints."""


def send(world: World) -> None:
    """Send every checkpoint that is due, the oldest first."""
    place, folder = world.checkpoints_to, world.checkpoints
    if place is None or folder is None:
        return
    with world.database.reading() as session:
        known = checkpoints.of(session, place.name)
    for file in kept(folder):
        before = known.get(int(file.stem), SentCheckpoint(int(file.stem), None, 0, None, ""))
        if before.sent_at is not None:
            continue
        if before.due is not None and before.due > world.now():
            return
        after = _tried(place, file, before, world.now())
        with world.database.writing() as session:
            checkpoints.note(session, place.name, after)
        if after.sent_at is None:
            return


def _tried(place: Place, file: Path, before: SentCheckpoint, now: datetime) -> SentCheckpoint:
    tries = before.tries + 1
    try:
        place.put(before.size, file.read_bytes(), now)
    except Unreachable as error:
        return SentCheckpoint(before.size, None, tries, now + WAITS[min(tries, len(WAITS)) - 1], error.sentence)
    return SentCheckpoint(before.size, now, tries, None, "")


def standing(database: Database, place: Place, interval: timedelta, now: datetime) -> Standing:
    """How far the place is behind. `interval`: between two checkpoints."""
    with database.reading() as session:
        return _standing(session, place, interval, now)


def _standing(session: Session, place: Place, interval: timedelta, now: datetime) -> Standing:
    known = checkpoints.of(session, place.name).values()
    sent = max((one for one in known if one.sent_at), key=lambda one: one.size, default=None)
    stuck = next((one for one in known if not one.sent_at), None)
    size, at = (sent.size, sent.sent_at) if sent else (0, None)
    late = event_log.size(session) > size and (at is None or now - at > 2 * interval)
    return Standing(place.name, size, at, stuck.trouble if stuck else "", stuck.due if stuck else None, late)


def in_words(found: Standing) -> Sentence:
    """What was sent there."""
    if found.sent_at is None:
        return Sentence("no checkpoint of the log was sent to %(place)s yet", place=found.place)
    return Sentence(
        "the checkpoint of the log's first %(events)s is at %(place)s", events=Events(found.size), place=found.place
    )
