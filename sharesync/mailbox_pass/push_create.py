"""Making persons. Each create is intended before it is sent; one whose answer is lost leaves its intent to be found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from sharesync.errors import GoogleError, OutcomeUnknown, Sentence
from sharesync.mailbox_pass.push_effects import About, Asked, Consequence, answered
from sharesync.mailbox_pass.push_session import Sending, at_rest, batches
from sharesync.model.card import Card
from sharesync.model.link import Link, LinkState, Origin
from sharesync.model.mailbox import Create, Poisoned, WishOutcome, Written
from sharesync.store.database.work import Work
from sharesync.store.mailboxes import claims, links
from sharesync.store.records import contacts
from sharesync.sync.aside import set_aside

SINGLY = 5
"""So few creates go as one request each (`google/budget.py`: it costs less than a batch)."""


def in_batches(send: Sending, wanted: Sequence[str]) -> Iterator[Sequence[str]]:
    """The contacts that have a label to be born under, so many at a time.

    Those whose create was lost before go few at a time, one request each: one that Google cannot answer for must not
    make it lose the others again and again.
    """
    labels = {group for group, label in send.known.labels.items() if label.resource_name}
    placeable = [contact for contact in wanted if send.known.placeable(contact) & labels]
    yield from batches([contact for contact in placeable if not _tries(send, contact)])
    yield from batches([contact for contact in placeable if _tries(send, contact)], SINGLY)


def create(send: Sending, batch: Sequence[str]) -> None:
    """Make persons, 200 at most."""
    with send.work() as work:
        send.check(work)
        cards = contacts.cards(work.session, batch)
        causes = contacts.events_of(work.session, ((c, version) for c, (version, _) in cards.items()))
        send.intend(work, Sentence("create %(contacts)s"), len(batch))
        intents = [_intent(send, contact, cards[contact][0], work) for contact in batch]
        links.delete_links(work, send.mailbox, batch)  # those refused before
        links.insert_links(work, send.mailbox, intents)
    outcomes = _send(send, intents, {contact: card for contact, (_, card) in cards.items()})
    with send.work() as work:
        claims.require(work.session, send.mailbox, send.fence)
        written, back = [], []
        for intent, came in zip(intents, outcomes, strict=True):
            version, card = cards[intent.contact]
            about = About(Asked.CREATE, intent.contact, causes.get(intent.contact), version)
            match answered(send, work, about, came), came:
                case Consequence.DONE, Written(seen):
                    written.append(replace(at_rest(send, work, intent, seen, version, card), pushes=0))
                case Consequence.ASIDE, Poisoned(reason):
                    refused = replace(intent, state=LinkState.REFUSED)
                    written.append(set_aside(refused, version, reason, work.now))
                case Consequence.BACK, _:
                    back.append(intent.contact)
                case _:
                    pass  # the intent stays, to be found
        links.update_links(work, send.mailbox, written)
        _take_back(send, work, back)
    send.raise_trouble()


def _intent(send: Sending, contact: str, version: int, work: Work) -> Link:
    tries = _tries(send, contact) + 1
    return Link(contact, LinkState.CREATING, Origin.CREATED, version, wrote_at=work.now, pushes=tries)


def _tries(send: Sending, contact: str) -> int:
    link = send.known.links.get(contact)
    return link.pushes if link else 0


def _send(send: Sending, intents: Sequence[Link], cards: Mapping[str, Card]) -> Sequence[WishOutcome]:
    try:
        return send.people.create([_wish(send, intent.contact, cards[intent.contact]) for intent in intents])
    except GoogleError as error:
        if not isinstance(error, OutcomeUnknown):
            with send.work() as work:  # certainly not executed: nothing to wait for
                _take_back(send, work, [intent.contact for intent in intents])
        raise


def _take_back(send: Sending, work: Work, contacts: Sequence[str]) -> None:
    """Take back the intents of creates that were not carried out; how often one was lost before is not forgotten."""
    links.delete_links(work, send.mailbox, contacts)
    links.insert_links(work, send.mailbox, [one for c in contacts if (one := send.known.links.get(c))])


def _wish(send: Sending, contact: str, card: Card) -> Create:
    labels = frozenset(
        label.resource_name
        for group in send.known.placeable(contact)
        if (label := send.known.labels.get(group)) and label.resource_name
    )
    return Create(card, labels, send.marks.contact(contact, Origin.CREATED))
