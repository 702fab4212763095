"""Erasure: a contact goes for good, here and from every mailbox, and does not come back unasked.

Here everything goes in one transaction. From each mailbox it goes with that mailbox's next pass
(`mailbox_pass/push_release.py`), which leaves a receipt in the log: `person.delete` or `person.release`, its
cause the event of the erasure.
"""

from __future__ import annotations

from dataclasses import dataclass

from sharesync.errors import InvalidInput, Refused
from sharesync.model.audit import Event
from sharesync.model.permission import Right
from sharesync.services import groups as group_cases
from sharesync.services.who_may.permission import require
from sharesync.store.database.work import Work
from sharesync.store.mailboxes import claims
from sharesync.store.records import contacts, erasure


@dataclass(frozen=True, slots=True)
class Erased:
    """What an erasure did: the id of its event, and in how many mailboxes the contact has still to go."""

    contact: str
    event: str
    mailboxes: int


def erase(work: Work, contact: str, reason: str) -> Erased:
    """Erase a contact. Raises NotFound, InvalidInput without a reason, Refused while a legal hold is on it, NotAllowed.

    The reason stays in the log for good: it must say nothing about the person.
    """
    require(work, Right.ADMINISTER)
    why = _said(reason)
    contacts.get(work.session, contact)
    if contacts.legal_hold(work.session, contact):
        raise Refused("A legal hold forbids to erase this contact; `sharesync contacts hold ID --release` ends it.")
    event = work.record(Event("contact.erase", contact=contact, reason=why))
    erasure.suppress(work, contact, erasure.cards_of(work.session, contact))
    claims.touch_contacts(work, [contact])
    pairs = [(group, contact) for group in erasure.groups_of(work.session, contact)]
    group_cases.remove_contacts(work, pairs, cause=event)
    erasure.wipe(work, contact)
    return Erased(contact, event, len(erasure.mailboxes_of(work.session, contact)))


def put_legal_hold(work: Work, contact: str, reason: str) -> bool:
    """Put a legal hold on a contact; returns whether there was none. Raises NotFound, InvalidInput."""
    return _set_legal_hold(work, contact, reason, held=True)


def end_legal_hold(work: Work, contact: str, reason: str) -> bool:
    """End a contact's legal hold; returns whether there was one. Raises NotFound, InvalidInput."""
    return _set_legal_hold(work, contact, reason, held=False)


def _set_legal_hold(work: Work, contact: str, reason: str, *, held: bool) -> bool:
    require(work, Right.ADMINISTER)
    why = _said(reason)
    contacts.get(work.session, contact)
    if contacts.legal_hold(work.session, contact) == held:
        return False
    contacts.set_legal_hold(work, contact, held=held)
    work.record(Event("contact.hold" if held else "contact.unhold", contact=contact, reason=why))
    return True


def _said(reason: str) -> str:
    if not reason.strip():
        raise InvalidInput("Say why, for the log: --reason TEXT, without anything about the person.")
    return reason.strip()
