"""Contacts: made, changed and deleted by people; files and the sync change them through the same doors."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sharesync.errors import Sentence, StaleVersion, Suppressed
from sharesync.model.audit import Event
from sharesync.model.card import EMPTY, Card
from sharesync.model.company_fields import HERE, NOTHING, entries, merged_here
from sharesync.model.contact import Contact
from sharesync.model.permission import Right
from sharesync.services import groups as group_cases
from sharesync.services import smart_members
from sharesync.services.who_may.permission import groups_with, require_on_contact, require_on_group
from sharesync.store.database.work import Work
from sharesync.store.mailboxes import claims
from sharesync.store.records import company_fields, contacts, erasure, groups
from sharesync.sync.merge import merge

CARRIES_ERASED = Sentence("with an address or number of an erased contact")
"""What the log says of a card that carries such a thing because someone wanted it."""


def values(before: Card, after: Card) -> dict[str, tuple[object, object]]:
    """Before and after of each field that differs, as the change log keeps them."""
    if not before:
        return {name: (None, items) for name, items in sorted(after.as_json().items())}
    old, new = before.as_json(), after.as_json()
    return {name: (old.get(name), new.get(name)) for name in sorted(before.differs(after))}


def create(
    work: Work,
    group: str,
    card: Card,
    *,
    also: Collection[str] = (),
    mailbox: str | None = None,
    allow_erased: bool = False,
    here: Mapping[str, str] = NOTHING,
) -> str:
    """Make a contact in a group (by id), and in others `also`; returns its id. `here`: values of fields kept here.

    Raises Suppressed for a card with an address or number of an erased contact, unless that is asked for; NotAllowed.
    """
    for place in (group, *also):
        require_on_group(work, Right.EDIT, place)
    if not allow_erased and is_suppressed(work, card):
        raise Suppressed
    contact = work.new_id()
    card, here = company_fields.defined(work.session).placed(card, here)
    reason = _known(work, card) if allow_erased else ""
    event = tell_created(work, contact, group, card, here, mailbox=mailbox, reason=reason)
    contacts.insert_contacts(work, [(contact, card, event)], {contact: here})
    for place in (group, *also):
        group_cases.add_contacts(work, place, [contact], mailbox=mailbox, cause=event)
    return contact


def is_suppressed(work: Work, card: Card) -> bool:
    """Whether the card carries an address or number of a contact that was erased."""
    return erasure.suppressed(work.session, [card])[0]


def _known(work: Work, card: Card) -> str:
    """What the log says of a card that carries what was erased elsewhere."""
    return CARRIES_ERASED if is_suppressed(work, card) else ""


def values_here(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, tuple[object, object]]:
    """Values kept here before and after, where they differ, as the change log keeps them."""
    return {} if before == after else {HERE: (entries(before) or None, entries(after) or None)}


def tell_created(
    work: Work, contact: str, group: str, card: Card, here: Mapping[str, str] = NOTHING, **more: Any
) -> str:
    """Record that it was made; `more` is what else the event says."""
    beside = values_here(NOTHING, here)
    said, fields = values(EMPTY, card) | beside, (*card.items, *beside)
    event = Event("contact.create", group=group, contact=contact, fields=fields, after_version=1, values=said, **more)
    return work.record(event)


def edit(
    work: Work,
    contact: str,
    card: Card,
    *,
    here: Mapping[str, str] | None = None,
    version: int | None = None,
    cause: str | None = None,
) -> Contact:
    """Replace a contact's card, and its values of fields kept here where they are given.

    Raises NotFound, NotAllowed, or StaleVersion where it is no longer at `version`.
    """
    require_on_contact(work, Right.EDIT, contact)
    old = contacts.get(work.session, contact)
    if version is not None and version != old.version:
        raise StaleVersion(contact, version, old.version)
    if card == old.card and here in (None, old.here):
        return old
    change(work, old.id, old.version, old.card, card, here=here, cause=cause)
    return contacts.get(work.session, contact)


def change(
    work: Work,
    contact: str,
    version: int,
    before: Card,
    after: Card,
    *,
    here: Mapping[str, str] | None = None,
    mailbox: str | None = None,
    cause: str | None = None,
) -> str:
    """Write a contact's next version and make every mailbox due that holds it; returns the event's id.

    `here`: values of fields kept here, where they are to be others. What stands on the card under the name of such a
    field becomes its value, whoever wrote it: no mailbox is to see it.

    An address or number of an erased contact may be typed into another: that says something about this one (a line two
    people share), and refusing it would tell everyone whose it was. The log names it.
    """
    fields = company_fields.defined(work.session)
    concerned = here is not None or fields.on_card(after)
    was = contacts.here_of(work.session, [contact]).get(contact, {}) if concerned else {}
    if concerned:
        after, here = fields.placed(after, was if here is None else here)
    beside = {} if here is None else values_here(was, here)
    event = work.record(
        Event(
            "contact.update",
            contact=contact,
            mailbox=mailbox,
            fields=(*sorted(before.differs(after)), *beside),
            before_version=version,
            after_version=version + 1,
            reason=_typed(work, before, after),
            cause=cause,
            values=values(before, after) | beside,
        )
    )
    contacts.change(work, contact, version, after, event, here)
    claims.touch_contacts(work, [contact], but=mailbox)
    smart_members.follow(work, {contact: event})
    return event


def _typed(work: Work, before: Card, after: Card) -> str:
    return reason if (reason := _known(work, after)) and not is_suppressed(work, before) else ""


def take_back(work: Work, contact: str, before: int, after: int, *, cause: str) -> bool:
    """Take back what a contact's version `after` changed of its version `before`; returns whether any of it stood.

    A value that somebody has changed since stands, wherever its field has moved since: all three are compared with each
    value where its field is now. Nothing is taken back of what was erased or purged.
    """
    now, fields = contacts.get(work.session, contact), company_fields.defined(work.session)
    was, became = (contacts.cards_at(work.session, [(contact, one)]).get(contact) for one in (before, after))
    if was is None or became is None:
        return False
    was, here_was = fields.placed(was, contacts.here_at(work.session, contact, before))
    became, here_became = fields.placed(became, contacts.here_at(work.session, contact, after))
    stands, here_stands = fields.placed(now.card, now.here)
    card = merge(became, stands, was, fields.sets).card
    here = merged_here(fields, here_became, here_stands, here_was)
    if (card, here) == (stands, here_stands):
        return False
    change(work, contact, now.version, now.card, card, here=here, cause=cause)
    return True


def delete(work: Work, contact: str) -> Contact:
    """Take a contact out of all its groups where the actor may, as in a mailbox; returns what it was.

    In no group any more it lies in the trash. Raises NotFound or NotAllowed.
    """
    require_on_contact(work, Right.DELETE, contact)
    old = contacts.get(work.session, contact)
    held = [groups.find_id(work.session, name) for name in old.groups]
    group_cases.remove_contacts(work, [(group, contact) for group in groups_with(work, Right.DELETE, held)])
    return old
