"""Conflicts: values that two sides changed differently, kept until someone decides."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import insert

from sharesync.store.tables import ConflictRow
from sharesync.store.work import Work
from sharesync.sync.merge import Conflict


def keep(work: Work, contact: str, mailbox: str, conflicts: Iterable[Conflict]) -> None:
    """Keep what a merge could not decide: the store's items stood, the mailbox's are the other."""
    rows = [
        {
            "id": work.new_id(),
            "contact_id": contact,
            "mailbox_id": mailbox,
            "field": conflict.field,
            "store": [item.as_json() for item in conflict.store],
            "other": [item.as_json() for item in conflict.other],
            "since": work.now,
        }
        for conflict in conflicts
    ]
    if rows:
        work.session.execute(insert(ConflictRow), rows)
