"""Pushing: a program says, by an id of its own, what a contact is like now; again and again, as with every night.

What it said before is the base of a three-way merge. So what people changed since stays, what the program changed comes
in, and where both changed one value the store's stands, as everywhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sharesync.errors import NotAllowed, Refused, Suppressed
from sharesync.model.audit import ActorKind
from sharesync.model.card import Card
from sharesync.model.company_fields import merged_here
from sharesync.model.permission import Right
from sharesync.services import contacts as contact_cases
from sharesync.services import program_holds
from sharesync.services.who_may.permission import require_on_contact
from sharesync.store.database.work import Work
from sharesync.store.records import company_fields, contacts, foreign_ids, tokens
from sharesync.store.records.foreign_ids import ForeignId
from sharesync.sync.merge import merge

FieldTexts = Mapping[str, str | None]
NONE_SAID: FieldTexts = {}


@dataclass(frozen=True, slots=True)
class Pushed:
    """What became of it: the contact, whether it is new, in which fields the store's value stood, and holds if any."""

    contact: str
    created: bool = False
    stood: tuple[str, ...] = ()
    holds: tuple[str, ...] = ()


def push(
    work: Work, source: str, external_id: str, groups: Sequence[str], card: Card, said_fields: FieldTexts = NONE_SAID
) -> Pushed:
    """Bring in what a program says of a contact; `groups`, by id, are for one that is new.

    `said_fields`: values of the company's fields, by name; a field that is not named is as it was said before.

    One that was deleted here is not made again. Raises Refused for it, NotAllowed, NotFound, Suppressed.
    """
    if work.by.kind is not ActorKind.TOKEN:
        raise NotAllowed("Ids of another program are for programs.")
    which = ForeignId(tokens.get(work.session, work.by.id).owner.subject, source, external_id)
    known, fields = foreign_ids.find(work.session, which), company_fields.defined(work.session)
    card, here = fields.written(card, known[2] if known else {}, said_fields)
    if known is None:
        first, *others = groups
        contact = contact_cases.create(work, first, card, also=others, here=here)
        foreign_ids.keep(work, which, contact, card, here)
        return Pushed(contact, created=True)
    contact, said, said_here = known
    if contacts.erased(work.session, [contact]):
        raise Suppressed
    require_on_contact(work, Right.EDIT, contact)
    now = contacts.get(work.session, contact)
    if now.deleted_at is not None:
        raise Refused("This contact was deleted here, and is not made again by itself; restore it first.")
    merged, beside = merge(said, now.card, card, fields.sets), merged_here(fields, said_here, now.here, here)
    changed = merged.card != now.card or beside != now.here
    if changed and (held := program_holds.edits(work, {contact: merged.card}, {contact: beside})):
        return Pushed(contact, holds=tuple(held))
    foreign_ids.keep(work, which, contact, card, here)
    if changed:
        contact_cases.edit(work, contact, merged.card, here=beside, version=now.version)
    return Pushed(contact, stood=tuple(sorted({one.field for one in merged.conflicts})))
