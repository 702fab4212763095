"""What is kept for the mailbox's user alone: values of their own, and the question whether these were meant for all."""

from __future__ import annotations

from sharesync.mailbox_pass.apply_edits import merged_with_store
from sharesync.mailbox_pass.apply_session import Applying
from sharesync.model.card import EMPTY, Card
from sharesync.model.fields import FIELDS, Shape
from sharesync.model.link import Link
from sharesync.store.records import company_fields, contacts, private_cards
from sharesync.sync.merge import merge, overlay, without


def keep_changed(at: Applying, link: Link, own: Card, seen: Card) -> None:
    """Keep each version of values that a user changed and that are their own; an open question asks of the newest."""
    asked = private_cards.open_one(at.work.session, link.contact, at.mailbox)
    if asked is None or link.contact not in at.bases:
        private_cards.keep(at.work, link.contact, at.mailbox, link.base_version, seen)
        return
    base, changed = at.bases[link.contact], link.own.differs(own)
    gone = EMPTY.replacing({name: [one for one in link.own[name] if one not in own[name]] for name in changed})
    card = base.replacing({name: seen[name] for name in changed})
    ask(at, link.contact, card, (asked[0], without(asked[1], gone)))


def keep_typed(at: Applying, link: Link, seen: Card) -> None:
    """Ask about what was typed on a person while it was being released: it is made whole again, and written over.

    What is missing there may be our doing; what was not there before is certainly its user's, and may be an own
    contact's with which they merged it.
    """
    base = contacts.cards_at(at.work.session, [(link.contact, link.base_version)]).get(link.contact, EMPTY)
    before = overlay(base, link.own)
    typed = {name: [item for item in items if item not in before[name]] for name, items in seen.items.items()}
    typed = {name: items for name, items in typed.items() if items}
    if typed:
        lists = {name: items for name, items in typed.items() if FIELDS[name].shape is not Shape.SINGLE}
        ask(at, link.contact, base.replacing(typed | {n: (*base[n], *lists[n]) for n in lists}))


def ask(at: Applying, contact: str, card: Card, earlier: tuple[int, Card] | None = None) -> None:
    """Ask this mailbox's user, and nobody else, whether what stands there was meant for all.

    An earlier open question to them (the version it was typed over, and the card) goes on in this one, the newer
    values winning.
    """
    version, store, card = merged_with_store(at, contact, card)
    if earlier := earlier or private_cards.open_one(at.work.session, contact, at.mailbox):
        then = contacts.cards_at(at.work.session, [(contact, earlier[0])]).get(contact, store)
        sets = company_fields.defined(at.work.session).sets
        card = merge(store, card, merge(then, earlier[1], store, sets).card, sets).card
    if card == store:
        private_cards.keep(at.work, contact, at.mailbox, version, card)
        return
    question = private_cards.keep(at.work, contact, at.mailbox, version, card, asked=True)
    at.event("question.ask", contact, reason=question)
