"""Work left undone: what is due and waits because no process does it, each as a problem in words, or as nothing."""

from __future__ import annotations

from datetime import datetime, timedelta

from sharesync.errors import Minutes, Sentence
from sharesync.store.database import event_log
from sharesync.store.database.engine import Session
from sharesync.store.queries import neglect

NUMBERED_WITHIN = timedelta(minutes=1)
"""Events get their numbers within a second; where one waits for so long, nobody gives any."""


def passes(session: Session, now: datetime, interval: timedelta) -> Sentence:
    """That mailboxes are due and nobody passes over them. `interval`: between two passes over one mailbox."""
    since = neglect.neglected(session, now, interval)
    if since is None:
        return Sentence()
    return Sentence(
        "Mailboxes have been due for %(minutes)s and nobody passes over them; see that `sharesync run` runs,"
        " or `clock` and `worker` with the same SHARESYNC_QUEUE.",
        minutes=_minutes(since, now),
    )


def numbers(session: Session, now: datetime) -> Sentence:
    """That events of the change log wait for their numbers, whatever hinders the log's leader."""
    since = event_log.waiting_since(session)
    if since is None or now - since < NUMBERED_WITHIN:
        return Sentence()
    return Sentence(
        "Events have waited for their number for %(minutes)s; see that `sharesync clock` or `run` runs, and in its log"
        " what hinders it.",
        minutes=_minutes(since, now),
    )


def _minutes(since: datetime, now: datetime) -> Minutes:
    return Minutes(int((now - since).total_seconds() // 60))
