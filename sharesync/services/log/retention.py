"""Retention: the oldest events are archived in a file that its keeper can verify, and taken away here.

Only a whole beginning of the log goes, and only one that a signed checkpoint covers. The archive is written, and read
back and checked, before anything is taken away; the rest is one transaction. Values before and after are not in the
archive: they are personal data, and erasing them must stay possible; a contact's own history keeps its cards. While a
legal hold is on a contact that these events speak of, nothing of them goes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TextIO

from sharesync.errors import Refused, Sentence
from sharesync.formats.events import LogFormat, write
from sharesync.formats.signed_note import Checkpoint
from sharesync.model.audit import Event
from sharesync.model.permission import Right
from sharesync.services.log import keyring
from sharesync.services.log.proofs import prover
from sharesync.services.log.verification import verify
from sharesync.services.who_may.permission import require
from sharesync.store.database import event_log
from sharesync.store.database.engine import Session
from sharesync.store.database.work import Work
from sharesync.store.log import retirement
from sharesync.store.queries import events
from sharesync.store.queries.events import LoggedFilter


@dataclass(frozen=True, slots=True)
class Retirable:
    """A beginning of the log that may go: events from `start` to below `size`, and the checkpoint that covers them."""

    start: int
    size: int
    note: str

    @property
    def events(self) -> int:
        """How many they are."""
        return self.size - self.start


def retirable(session: Session, before: datetime, notes: Mapping[str, Checkpoint]) -> Retirable | None:
    """The longest beginning of the log that is all of before the moment and covered by one of these signed notes.

    Raises Refused where the log is not whole, or a legal hold forbids it.
    """
    start = event_log.start(session)
    size = event_log.size(session)
    covered = [(point.size, note) for note, point in notes.items() if start < point.size <= size]
    fitting = [(cut, note) for cut, note in sorted(covered) if retirement.all_before(session, cut, before)]
    if not fitting:
        return None
    cut, note = fitting[-1]
    verdict = verify(session, list(notes.values()))
    if not verdict.whole:
        raise Refused("The log is not whole (`sharesync audit verify` says why); nothing is retired.")
    held = retirement.under_legal_hold(session, cut)
    if held:
        raise Refused(
            "A legal hold is on contact %(contact)s, of which these events speak; nothing is retired.", contact=held[0]
        )
    return Retirable(start, cut, note)


def archive(session: Session, found: Retirable, out: TextIO) -> str:
    """Write the events to an archive: a line each with its proof, the checkpoint last (`audit check` reads it).

    Returns what it is checked with.
    """
    verifier = keyring.verifier_of(session, found.note)
    lines = (event for event in events.oldest_first(session, LoggedFilter(), below=found.size))
    write(LogFormat.JSONL, lines, out, prover(session, found.size))
    out.write(json.dumps({"checkpoint": found.note, "verifier": verifier}, ensure_ascii=False) + "\n")
    return verifier


def retire(work: Work, found: Retirable, digest: str) -> str:
    """Take the events away that an archive with this SHA-256 holds; returns the id of the event that says so.

    Raises NotAllowed, and Refused where others were retired meanwhile.
    """
    require(work, Right.ADMINISTER)
    work.number_events()
    if event_log.start(work.session) != found.start:
        raise Refused("Events were retired meanwhile; look again.")
    event = work.record(
        Event(
            "log.retire",
            reason=Sentence("events below %(number)s, archive sha256:%(digest)s", number=found.size, digest=digest),
        )
    )
    retirement.retire(work, found.size, found.note, digest)
    return event
