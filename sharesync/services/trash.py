"""Trash and versions: contacts and cards brought back, and the end of what can be brought back."""

from __future__ import annotations

from datetime import timedelta

from sharesync.errors import InvalidInput, NotFound
from sharesync.model.audit import Event
from sharesync.model.contact import Contact
from sharesync.model.permission import Right
from sharesync.services import contacts as contact_cases
from sharesync.services import groups as group_cases
from sharesync.services.who_may.permission import groups_with, require_on_contact
from sharesync.store.database.work import Operation, Work, pieces
from sharesync.store.records import company_fields, contacts, photos


def restore(work: Work, contact: str) -> Contact:
    """Bring a contact back from the trash into the groups it left last, where the actor may edit.

    Raises NotFound, InvalidInput or NotAllowed.
    """
    require_on_contact(work, Right.EDIT, contact)
    found = contacts.get(work.session, contact)
    groups = groups_with(work, Right.EDIT, contacts.left_groups(work.session, contact))
    if found.deleted_at is None:
        raise InvalidInput("This contact is not in the trash.")
    if not groups:
        raise InvalidInput(
            "The groups this contact was in are gone, or its time in the trash is over; put it into another."
        )
    event = work.record(Event("contact.restore", contact=contact, after_version=found.version))
    for group in groups:
        group_cases.add_contacts(work, group, [contact], cause=event)
    return contacts.get(work.session, contact)


def restore_version(work: Work, contact: str, version: int) -> Contact:
    """Make an earlier version of a contact its next one. Raises NotFound or NotAllowed."""
    require_on_contact(work, Right.EDIT, contact)
    now = contacts.get(work.session, contact)
    old = contacts.cards_at(work.session, [(contact, version)]).get(contact)
    if old is None:
        raise NotFound("version", f"{version} of contact {contact}")
    here = company_fields.defined(work.session).kept_here(contacts.here_at(work.session, contact, version))
    if old != now.card or here != now.here:
        contact_cases.change(work, contact, now.version, now.card, old, here=here)
    return contacts.get(work.session, contact)


def purge(operation: Operation, keep: timedelta) -> int:
    """End the trash for contacts that have lain there longer; returns their number.

    Their history stays, but for photos that no legal hold is on.
    """
    with operation.look() as look:
        over = contacts.lain_since(look.session, look.now - keep)
    number = 0
    for some in pieces(over) if over else ():
        with operation.piece() as work:
            purged = contacts.purge(work, some, work.now - keep)
            for contact in purged:
                work.record(Event("contact.purge", contact=contact))
            photos.forget(work, [contact for contact in purged if not contacts.legal_hold(work.session, contact)])
        number += len(purged)
    return number
