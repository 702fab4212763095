"""Pushing: a program says, by an id of its own, what a contact is like now; again and again, as with every night.

What it said before is the base of a three-way merge. So what people changed since stays, what the program changed comes
in, and where both changed one value the store's stands, as everywhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sharesync.errors import NotAllowed, Refused, Suppressed
from sharesync.model.audit import ActorKind
from sharesync.model.card import Card
from sharesync.model.permission import Right
from sharesync.services import contacts as contact_cases
from sharesync.services import program_holds
from sharesync.services.who_may.permission import require_on_contact
from sharesync.store.database.work import Work
from sharesync.store.records import company_fields, contacts, foreign_ids, tokens
from sharesync.store.records.foreign_ids import ForeignId
from sharesync.sync.merge import merge


@dataclass(frozen=True, slots=True)
class Pushed:
    """What became of it: the contact, whether it is new, in which fields the store's value stood, and holds if any."""

    contact: str
    created: bool = False
    stood: tuple[str, ...] = ()
    holds: tuple[str, ...] = ()


def push(work: Work, source: str, external_id: str, groups: Sequence[str], card: Card) -> Pushed:
    """Bring in what a program says of a contact; `groups`, by id, are for one that is new.

    One that was deleted here is not made again. Raises Refused for it, NotAllowed, NotFound, Suppressed.
    """
    if work.by.kind is not ActorKind.TOKEN:
        raise NotAllowed("Ids of another program are for programs.")
    which = ForeignId(tokens.get(work.session, work.by.id).owner.subject, source, external_id)
    known = foreign_ids.find(work.session, which)
    if known is None:
        first, *others = groups
        contact = contact_cases.create(work, first, card, also=others)
        foreign_ids.keep(work, which, contact, card)
        return Pushed(contact, created=True)
    contact, said = known
    if contacts.erased(work.session, [contact]):
        raise Suppressed
    require_on_contact(work, Right.EDIT, contact)
    now = contacts.get(work.session, contact)
    if now.deleted_at is not None:
        raise Refused("This contact was deleted here, and is not made again by itself; restore it first.")
    merged = merge(said, now.card, card, company_fields.defined(work.session).sets)
    if merged.card != now.card and (held := program_holds.edits(work, {contact: merged.card})):
        return Pushed(contact, holds=tuple(held))
    foreign_ids.keep(work, which, contact, card)
    if merged.card != now.card:
        contact_cases.edit(work, contact, merged.card, version=now.version)
    return Pushed(contact, stood=tuple(sorted({one.field for one in merged.conflicts})))
