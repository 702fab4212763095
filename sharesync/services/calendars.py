"""A calendar of one's open follow-ups, at an address that whoever knows it may read.

The address opens this and nothing else, so it tells days and ids and no word of a contact. It ends when its owner says
so, makes another, or may not sign in any more; and what the owner may not see any more is not in it.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import date, datetime

from sharesync.errors import NotAllowed, NotFound
from sharesync.model.audit import ActorKind, Event
from sharesync.model.permission import Right
from sharesync.services.who_may.permission import require, user_party
from sharesync.store.database.engine import Session
from sharesync.store.database.work import Work
from sharesync.store.mailboxes import directory
from sharesync.store.queries import entries
from sharesync.store.records import calendars, roles

MOST = 500
"""Follow-ups in a calendar."""


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """One follow-up: its id, by which day it is due, about which contact, and since when it stands."""

    id: str
    day: date
    contact: str
    since: datetime


def open_address(work: Work) -> str:
    """Make an address for the calendar of the actor, a person; the former one ends. Returns its secret."""
    _require_person(work)
    secret = secrets.token_hex(24)
    calendars.put(work, work.by.id, _digest(secret))
    work.record(Event("calendar.open"))
    return secret


def close_address(work: Work) -> bool:
    """End the address; returns whether there was one."""
    _require_person(work)
    if not calendars.take(work, work.by.id):
        return False
    work.record(Event("calendar.close"))
    return True


def _require_person(work: Work) -> None:
    require(work, Right.ENTER)
    if work.by.kind is not ActorKind.USER:
        raise NotAllowed("A calendar is a person’s own.")


def days(session: Session, secret: str) -> list[CalendarDay]:
    """What stands in the calendar that a secret opens, the first day first. Raises NotFound where it opens none."""
    user = calendars.owner(session, _digest(secret))
    if user is None or directory.paused(session, user):
        raise NotFound("calendar", "…")
    seen = user_party(session, user, roles.of(session, user)).visible
    due = entries.due(session, user, None, seen, MOST)
    return [CalendarDay(one.entry.id, one.day, one.entry.contact, one.entry.says.at) for one in due]


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
