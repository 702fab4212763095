"""Asking for a pass: a mailbox is due at once, read from the beginning, or looked at as if for the first time.

The pass itself is made by whichever worker comes first. It does not go before a moment that Google asked for
(`Retry-After`), but our own back-off ends here: somebody has mended what was wrong.
"""

from __future__ import annotations

from datetime import timedelta
from enum import Enum
from typing import Any

from sharesync.errors import InvalidInput, MailboxBusy, NotFound, Sentence
from sharesync.model.audit import Event
from sharesync.model.permission import Right
from sharesync.services.who_may.permission import require
from sharesync.store.database.work import Work
from sharesync.store.mailboxes import claims, links


class Manner(Enum):
    """How the next pass is to be made."""

    ORDINARY = "now"
    FULL = "full"
    """Without the sync token: everything is read."""
    RESET = "reset"
    """Full, and the persons are found again by mark and content."""


def ask(work: Work, user: str, manner: Manner = Manner.ORDINARY) -> None:
    """Make one mailbox due. Raises NotFound, NotAllowed, InvalidInput while it is paused or a pass goes on in it."""
    require(work, Right.ADMINISTER)
    found = claims.find(work.session, user)
    if found is None:
        raise NotFound("mailbox", user)
    if found.paused:
        raise InvalidInput("This mailbox is paused until its user is back in the Workspace.")
    due: dict[str, Any] = {"due_at": work.now, "asked_at": work.now, "backoff_until": None}
    if manner is Manner.ORDINARY:
        claims.write(work, user, **due)
        work.record(Event("mailbox.ask", mailbox=user, reason=manner.value))
        return
    try:
        # A pass under way relies on what it has read.
        fence = claims.claim(work, user, timedelta(), timedelta())
    except MailboxBusy:
        raise InvalidInput("A pass goes on in this mailbox; ask again when it has ended.") from None
    if manner is Manner.RESET:
        links.forget_persons(work, user)
        work.record(Event("mailbox.reset", mailbox=user))
    else:
        work.record(Event("mailbox.ask", mailbox=user, reason=manner.value))
    claims.end(work, user, fence, sync_token=None, **due)


def ask_all(work: Work) -> int:
    """Make every mailbox due that a grant reaches or that has something left to withdraw; returns how many."""
    require(work, Right.ADMINISTER)
    users = [one.user_id for one in claims.concerned(work.session) if not one.paused]
    claims.touch_users(work, users)
    work.record(Event("mailbox.ask", reason=Sentence("all %(number)s", number=len(users))))
    return len(users)
