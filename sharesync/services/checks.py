"""Checks: somebody looked at a contact and says that it is right.

It changes nothing of the card: there is no version, and no mailbox is due. Filters ask for the moment (`checked>-1y`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from sharesync.errors import Refused
from sharesync.model.audit import Event
from sharesync.model.permission import Right
from sharesync.services import smart_members
from sharesync.services.bulk_plans import sifted
from sharesync.services.who_may.permission import require_on_contact
from sharesync.store.database.work import Operation, Work, pieces
from sharesync.store.records import contacts


def check(work: Work, contact: str) -> None:
    """Say that a contact is right, now. Raises NotFound, NotAllowed; Refused in the trash."""
    require_on_contact(work, Right.EDIT, contact)
    if contacts.get(work.session, contact).deleted_at is not None:
        raise Refused("This contact is in the trash; restore it first.")
    _write(work, {contact: work.now})


def check_asked(work: Work, contact: str, *, cause: str) -> None:
    """The same by somebody whom a review asks, as the caller has made sure: that they see the contact is enough."""
    _write(work, {contact: work.now}, cause)


def check_chosen(operation: Operation, chosen: Collection[str]) -> list[str]:
    """Say it of each that the actor may edit and that is not in the trash; returns those."""
    checked: list[str] = []
    for some in pieces(list(dict.fromkeys(chosen))):
        with operation.piece() as work:
            lying = contacts.lying(work.session, some)
            goes = [contact for contact in sifted(work, Right.EDIT, some).goes if contact not in lying]
            _write(work, dict.fromkeys(goes, work.now))
        checked += goes
    return checked


def put_back(work: Work, contact: str, now: str, before: str | None, *, cause: str, right: Right = Right.EDIT) -> bool:
    """Let it be as before, where nobody has checked the contact since; the moments are as the log tells them.

    `right`: what it took. Returns whether it was so. Raises NotFound, NotAllowed.
    """
    require_on_contact(work, right, contact)
    if _told(contacts.checked(work.session, [contact])[contact]) != now:
        return False
    _write(work, {contact: datetime.fromisoformat(before) if before else None}, cause)
    return True


def _write(work: Work, moments: Mapping[str, datetime | None], cause: str | None = None) -> None:
    """Let contacts be checked at these moments, or never; going back to an earlier one takes a check back."""
    events: dict[str, str | None] = {}
    for contact, before in contacts.checked(work.session, moments).items():
        after = moments[contact]
        forth = after is not None and (before is None or before <= after)
        action = "contact.check" if forth else "contact.uncheck"
        values = {"checked": (_told(before), _told(after))}
        events[contact] = work.record(Event(action, contact=contact, cause=cause, values=values))
    contacts.set_checked(work, moments)
    smart_members.follow(work, events)


def _told(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
