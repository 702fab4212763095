"""What becomes of each request about a person: one table, by what was asked and what Google answered.

The log says of every answer what it was: done, refused, or why it failed; only of what was certainly not done for
Google's or the moment's sake it says nothing, because the pass that was stopped tells it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from sharesync.errors import Sentence
from sharesync.mailbox_pass.push_session import Sending
from sharesync.model.audit import Outcome
from sharesync.model.mailbox import Deleted, Missing, NotDone, Poisoned, Stale, Unknown, WishOutcome, Written
from sharesync.store.database.work import Work


class Asked(Enum):
    """What is asked of Google about one person; the value is the event's action."""

    CREATE = "person.create"
    UPDATE = "person.update"
    PUT_PHOTO = "person.set_photo"
    TAKE_PHOTO = "person.remove_photo"
    DELETE = "person.delete"
    """Of one whose link ends, that we made and nobody touched."""
    STRIP = "person.release"
    """Take our values and mark off one whose link ends, and leave the rest to its user."""


class Consequence(Enum):
    """What becomes of the link."""

    DONE = "done"
    """It follows what Google returned; of a person that is gone, or only its user's now, it ends."""
    ASIDE = "set aside"
    """It is left alone until the contact changes, or for a day."""
    LOOK = "look"
    """The person is read before anything else is sent about it."""
    STAYS = "stays"
    """It stays as it is. The next plan asks again; a create that may have been done is looked for."""
    BACK = "taken back"
    """The intent is taken back: nothing was made, and there is nothing to look for."""


DONE, ASIDE, LOOK, STAYS, BACK = Consequence

_ANSWERS: tuple[tuple[type[WishOutcome], ...], ...] = (
    (Written, Deleted), (Missing,), (Stale,), (Poisoned,), (Unknown,), (NotDone,)
)  # fmt: skip
_TABLE: Mapping[Asked, tuple[Consequence, ...]] = {
    #                     done   missing stale  poisoned unknown not done
    Asked.CREATE:      (DONE,  BACK,   BACK,  ASIDE,   STAYS,  BACK),
    Asked.UPDATE:      (DONE,  LOOK,   LOOK,  ASIDE,   LOOK,   STAYS),
    Asked.PUT_PHOTO:   (DONE,  LOOK,   LOOK,  ASIDE,   STAYS,  LOOK),
    Asked.TAKE_PHOTO:  (DONE,  LOOK,   LOOK,  ASIDE,   STAYS,  LOOK),
    Asked.DELETE:      (DONE,  DONE,   STAYS, ASIDE,   STAYS,  STAYS),
    Asked.STRIP:       (DONE,  DONE,   STAYS, ASIDE,   STAYS,  STAYS),
}  # fmt: skip
EFFECTS: Mapping[tuple[Asked, type[WishOutcome]], Consequence] = {
    (request, answer): effect
    for request, row in _TABLE.items()
    for answers, effect in zip(_ANSWERS, row, strict=True)
    for answer in answers
}
_COUNTED = {
    Asked.CREATE: "created",
    Asked.UPDATE: "updated",
    Asked.PUT_PHOTO: "updated",
    Asked.TAKE_PHOTO: "updated",
    Asked.DELETE: "deleted",
}
"""Which counter of the pass a request adds to."""
_FAILED: Mapping[type, Sentence] = {
    Stale: Sentence("changed meanwhile"),
    Missing: Sentence("not there any more"),
    Unknown: Sentence("answer lost"),
}


@dataclass(frozen=True, slots=True)
class About:
    """One request, and what its event says beside the answer."""

    request: Asked
    contact: str | None
    cause: str | None
    version: int | None = None
    """The contact's version that was sent."""
    fields: tuple[str, ...] = ()
    reason: Sentence | str = ""
    """Why it was asked, where the cause does not tell."""


def answered(send: Sending, work: Work, about: About, came: WishOutcome) -> Consequence:
    """Record what Google answered to a request about a link's person, and count it; what becomes of the link."""
    effect = EFFECTS[about.request, type(came)]
    if effect is Consequence.DONE and (counter := _COUNTED.get(about.request)):
        setattr(send.tally, counter, getattr(send.tally, counter) + 1)
    if isinstance(came, Poisoned) and about.request not in (Asked.DELETE, Asked.STRIP):
        refused(send, work, about, came.reason)
    else:
        told(send, work, about, came, done=effect is Consequence.DONE)
    return effect


def refused(send: Sending, work: Work, about: About, reason: Sentence, **more: Any) -> None:
    """Record that this contact is left alone here, and why."""
    facts: dict[str, Any] = {"after_version": about.version, "reason": reason, "cause": about.cause, **more}
    send.event(work, "person.refuse", about.contact, Outcome.FAILED, **facts)


def told(send: Sending, work: Work, about: About, came: WishOutcome, *, done: bool) -> None:
    """Record that it was done; or that it was not, or perhaps not."""
    action, contact = about.request.value, about.contact
    if done:
        facts: dict[str, Any] = {"after_version": about.version, "fields": about.fields, "reason": about.reason}
        send.event(work, action, contact, cause=about.cause, **facts)
    elif reason := came.reason if isinstance(came, Poisoned) else _FAILED.get(type(came)):
        send.event(work, action, contact, Outcome.FAILED, reason=reason, cause=about.cause)
