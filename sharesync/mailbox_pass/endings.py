"""Endings: how a pass ended, what is said about it, and when the mailbox is tried again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sharesync.errors import (
    Attention,
    BudgetSpent,
    Contacts,
    GoogleError,
    MailboxPaused,
    RetryLater,
    Sentence,
    StrangeListing,
)
from sharesync.google.budget import SPAN
from sharesync.model.link import LinkState, Snapshot
from sharesync.model.mailbox import MailboxState
from sharesync.store.mailboxes.claims import at_the_latest
from sharesync.sync.plan import lacks_photo

A_PHOTO_MINUTE = timedelta(minutes=1, seconds=SPAN)
"""For so long Google counts photos; what was used is told to the next pass in spans, rounded up."""

NOTHING = Sentence()


@dataclass(frozen=True, slots=True)
class Ending:
    """How a pass ended, in the words of `status`."""

    outcome: MailboxState
    reason: Sentence = NOTHING
    not_before: datetime | None = None
    """When it is worth looking again: what Google asked for, the end of a settle time, or a fresh budget."""
    failed: bool = False
    stopped: bool = False
    """Whether something ended it before all was done: what was read last is not all that was sent."""
    guess: datetime | None = None
    """Until when the back-off lasts at least; only we say so, so it holds nobody up who asks by hand."""
    empty: bool = False
    """Whether nobody known there was listed, and that was not believed."""
    again: bool = False
    """Whether there is more to do at once."""

    def next_try(self, failures: int, now: datetime, interval: timedelta, *, progress: bool) -> dict[str, Any]:
        """The columns of the mailbox that say when its next pass may be; `failures` are those in a row before this.

        `progress`: this pass did something, so the row begins anew.
        """
        if self.failed:
            failures = 1 if progress else failures + 1
            back_off = max(now + _back_off(failures, interval), self.guess or now)
            return {"failures": failures, "not_before": self.not_before, "backoff_until": back_off}
        values: dict[str, Any] = {"failures": 0, "not_before": None, "backoff_until": None}
        if self.again or self.not_before:
            values["due_at"] = at_the_latest(self.not_before or now)
        return values


def failed(error: GoogleError) -> Ending:
    """The ending of a pass that a call to Google stopped: healed by time, by a person, or by the user's return."""
    match error:
        case BudgetSpent():  # tried again at a fixed time, without back-off
            return Ending(MailboxState.RETRY, error.sentence, error.not_before, stopped=True)
        case MailboxPaused():
            outcome = MailboxState.PAUSED
        case Attention():
            outcome = MailboxState.ATTENTION
        case _:
            outcome = MailboxState.RETRY
    not_before, guess = (error.not_before, error.guess) if isinstance(error, RetryLater) else (None, None)
    empty = isinstance(error, StrangeListing)
    return Ending(outcome, error.sentence, not_before, failed=True, stopped=True, guess=guess, empty=empty)


def unforeseen(mishap: str) -> Ending:
    """The ending of a pass in which an error of our own came up, known by its mishap's number."""
    sentence = Sentence("Something unforeseen went wrong; the log tells of it under mishap %(mishap)s.", mishap=mishap)
    return Ending(MailboxState.ATTENTION, sentence, failed=True, stopped=True)


def went_well(known: Snapshot, settle: timedelta, now: datetime, *, unfinished: bool) -> Ending:
    """The ending of a pass in which every call worked: all done, or something that waits."""
    aside = [link for _, link in sorted(known.links.items()) if link.aside]
    if aside:
        why, number = aside[0].aside, Contacts(len(aside))
        sentence = Sentence("A contact is set aside: %(why)s", why=why)
        if number > 1:
            sentence = Sentence("A contact is set aside: %(why)s (%(contacts)s in all)", why=why, contacts=number)
        return Ending(MailboxState.ATTENTION, sentence)
    if waiting := _waiting(known, settle):
        return Ending(MailboxState.RETRY, _OLDER, min(waiting))
    if unfinished:
        return Ending(MailboxState.RETRY, _CHANGED, again=True)
    if any(lacks_photo(known, link, now) for link in known.links.values()):
        return Ending(MailboxState.RETRY, _PHOTOS, now + A_PHOTO_MINUTE)
    if known.held:
        sentence = Sentence(
            "Waits for a decision: %(contacts)s (`sharesync holds list`).", contacts=Contacts(len(known.held))
        )
        return Ending(MailboxState.HELD, sentence)
    return Ending(MailboxState.OK)


_OLDER = Sentence("Google may still show older values here; sharesync looks again.")
_PHOTOS = Sentence("Google takes few photos a minute; sharesync goes on with the others.")
_CHANGED = Sentence("The mailbox changed while it was written; sharesync looks again.")


def _waiting(known: Snapshot, settle: timedelta) -> list[datetime]:
    """When each thing that cannot be known yet will be."""
    looks = [link.look_at for link in known.links.values() if link.look_at]
    asked = [link.wrote_at for link in known.links.values() if link.state is LinkState.CREATING]
    asked += [label.wrote_at for label in known.labels.values() if not label.resource_name]
    return looks + [moment + settle for moment in asked if moment]


def _back_off(failures: int, interval: timedelta) -> timedelta:
    """Twice as long after every failure: from a tenth of the interval to an hour."""
    factor: int = 2 ** min(failures - 1, 16)
    return min(interval / 10 * factor, max(interval, timedelta(hours=1)))
