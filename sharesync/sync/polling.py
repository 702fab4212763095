"""Polling: how often a mailbox is read in which nothing is known to have happened.

Google tells nobody when a contact is edited, so it is asked; and people edit in runs. Who has just done something will
soon do more, and is read at the shortest interval; then the interval grows with the time since, up to the longest.
"""

from __future__ import annotations

from datetime import datetime, timedelta

SHARE = 10
"""Whoever did something so long ago is read again after this part of that time: a reading finds an edit late by a tenth
of the time that its user had done nothing, at most."""


def until_next_reading(edited_at: datetime | None, now: datetime, shortest: timedelta, longest: timedelta) -> timedelta:
    """How long after a reading that found nothing the next one is due."""
    if edited_at is None:
        return longest
    return min(max(shortest, (now - edited_at) / SHARE), longest)
