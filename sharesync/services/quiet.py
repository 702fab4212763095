"""A reading from which nothing follows: found out without the writer's place.

Nearly every pass reads what it knew already. Held under the writer's lock, as a reading that changes something must be,
the looking alone would keep everyone else waiting: seconds, for a mailbox of 25,000.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from sharesync.model.link import Known
from sharesync.model.mailbox import SeenLabel
from sharesync.model.mark import Marks
from sharesync.services import pull_labels
from sharesync.services.apply import sides_of
from sharesync.store.database import Session
from sharesync.sync.reading import Reading, edited
from sharesync.sync.reconcile import decide


def quiet(
    session: Session,
    known: Known,
    reading: Reading,
    labels: Mapping[str, SeenLabel],
    marks: Marks,
    asked: datetime,
    settle: timedelta,
) -> bool:
    """Whether the reading changes nothing about what is known."""
    if reading.labels_gone or known.held or pull_labels.found_again(known, labels, marks):
        return False
    if pull_labels.stayed(known):
        return False
    sides = sides_of(session, known, edited(known, reading, marks))
    if decide(known, reading, sides, marks, asked, settle):
        return False
    linked = frozenset(link.source_id for link in known.links.values() if link.source_id)
    return (reading.own_ids(known, linked), reading.deleted_ids(known)) == (known.own_ids, known.deleted_ids)
