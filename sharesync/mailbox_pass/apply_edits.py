"""What an edit becomes: the contact's next version, or a rejected version and a proposal."""

from __future__ import annotations

from sharesync.mailbox_pass.apply_session import Applying
from sharesync.model.audit import Outcome
from sharesync.model.card import Card
from sharesync.model.contact import VersionKind
from sharesync.services import contacts as contact_cases
from sharesync.store.records import company_fields, conflicts, contacts, private_cards, proposals
from sharesync.sync.decisions import Accepted, Rejected, Why
from sharesync.sync.merge import merge


def accept(at: Applying, contact: str, version: int, edit: Accepted) -> int:
    """Take an edit into the store; returns the contact's version after it."""
    store = at.sides[contact].store
    if edit.conflicts:
        conflicts.keep(at.work, contact, at.mailbox, edit.conflicts)
        at.event("conflict.keep", contact, fields=tuple(sorted({c.field for c in edit.conflicts})))
    if edit.card == store:
        return version
    contact_cases.change(at.work, contact, version, store, edit.card, mailbox=at.mailbox)
    return version + 1


def reject(at: Applying, contact: str, edit: Rejected) -> None:
    """Keep an edit that is undone: as a version, and as a proposal where only the level stood against it."""
    wanted, store = at.known.wanted.get(contact), at.sides[contact].store
    version = (wanted or at.known.trashed[contact]).version
    if edit.private:
        at.event("contact.update", contact, Outcome.REVERTED, reason=edit.why.value)
        private_cards.keep(at.work, contact, at.mailbox, version, edit.card)
        return
    event = at.event(
        "contact.update",
        contact,
        Outcome.REVERTED,
        fields=tuple(sorted(edit.fields)),
        before_version=version,
        reason=edit.why.value,
        values=contact_cases.values(store, edit.card),
    )
    contacts.keep(at.work, [(contact, version, VersionKind.REJECTED, edit.card, event)])
    if edit.why is Why.VIEW and wanted:
        _propose(at, contact, edit.card)


def _propose(at: Applying, contact: str, card: Card) -> None:
    """Keep an edit as a proposal; an earlier open one of the same person takes it in, the newer values winning."""
    version, store, card = merged_with_store(at, contact, card)
    earlier = proposals.open_one(at.work.session, contact, at.mailbox)
    if earlier is None:
        proposal = proposals.keep(at.work, contact, at.mailbox, version, card)
    else:
        proposal, typed_over, before = earlier
        then = contacts.cards_at(at.work.session, [(contact, typed_over)])[contact]
        sets = company_fields.defined(at.work.session).sets
        both = merge(store, card, merge(then, before, store, sets).card, sets).card
        proposals.change(at.work, proposal, version, both)
    at.event("proposal.keep", contact, reason=proposal)


def merged_with_store(at: Applying, contact: str, card: Card) -> tuple[int, Card, Card]:
    """The contact's version and card now, and that card with the difference merged in that was typed in the mailbox.

    The difference is that to the link's base: what others changed since is not taken back.
    """
    version, store = contacts.cards(at.work.session, [contact])[contact]
    link = at.known.links.get(contact)
    bases = contacts.cards_at(at.work.session, [(contact, link.base_version)]) if link else {}
    sets = company_fields.defined(at.work.session).sets
    return version, store, merge(bases.get(contact, store), card, store, sets).card
