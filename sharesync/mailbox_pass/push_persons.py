"""Pushing persons: made, changed, put under labels and taken off them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sharesync.errors import Contacts, GoogleError, OutcomeUnknown, Sentence
from sharesync.mailbox_pass.push_session import Sending, batches
from sharesync.model.audit import Event, Outcome
from sharesync.model.card import Card
from sharesync.model.link import Link, LinkState, Origin
from sharesync.model.mailbox import (
    MARK_KEY,
    UNREADABLE,
    Create,
    Missing,
    Poisoned,
    Seen,
    Stale,
    Unknown,
    Unread,
    Update,
    Written,
)
from sharesync.services import contacts as contact_cases
from sharesync.store.database.work import Work
from sharesync.store.mailboxes import claims, links
from sharesync.store.mailboxes import event_causes as why
from sharesync.store.records import contacts
from sharesync.sync.aside import set_aside
from sharesync.sync.merge import overlay
from sharesync.sync.patches import patch_from, remote_card
from sharesync.sync.plan import is_look_due

SINGLY = 5
"""So few creates go as one request each (`google/budget.py`: it costs less than a batch)."""
MOVE = 500
"""Persons put on or off a label before they are looked at again (Google takes 1,000)."""
FIGHT_PUSHES, FIGHT_TIME = 3, timedelta(hours=1)
"""How often the same version is written to one person before what keeps changing it is named, not fought."""
FIGHT = Sentence("Something in this mailbox keeps changing %(where)s back; look for another program that writes there.")


def in_batches(send: Sending, wanted: Sequence[str]) -> Iterator[Sequence[str]]:
    """The contacts that have a label to be born under, so many at a time.

    Those whose create was lost before go few at a time, one request each: one that Google cannot answer for must not
    make it lose the others again and again.
    """
    labels = {group for group, label in send.known.labels.items() if label.resource_name}
    placeable = [contact for contact in wanted if send.known.wanted[contact].groups & labels]
    yield from batches([contact for contact in placeable if not _tries(send, contact)])
    yield from batches([contact for contact in placeable if _tries(send, contact)], SINGLY)


def _tries(send: Sending, contact: str) -> int:
    link = send.known.links.get(contact)
    return link.pushes if link else 0


def create(send: Sending, batch: Sequence[str]) -> None:
    """Make persons, 200 at most. Each create is intended before it is sent; a lost answer leaves the intent."""
    with send.work() as work:
        send.check(work)
        cards = contacts.cards(work.session, batch)
        causes = contacts.events_of(work.session, cards)
        send.intend(work, Sentence("create %(contacts)s"), len(batch))
        intents = [
            Link(
                contact,
                LinkState.CREATING,
                Origin.CREATED,
                cards[contact][0],
                wrote_at=work.now,
                pushes=_tries(send, contact) + 1,
            )
            for contact in batch
        ]
        links.delete_links(work, send.mailbox, batch)  # those refused before
        links.insert_links(work, send.mailbox, intents)
    try:
        outcomes = send.people.create([_wish(send, intent.contact, cards[intent.contact][1]) for intent in intents])
    except GoogleError as error:
        if not isinstance(error, OutcomeUnknown):
            with send.work() as work:  # certainly not executed: nothing to wait for
                _as_before(send, work, batch)
        raise
    with send.work() as work:
        claims.require(work.session, send.mailbox, send.fence)
        written, dropped = [], []
        for intent, outcome in zip(intents, outcomes, strict=True):
            version, card = cards[intent.contact]
            match outcome:
                case Written(seen):
                    written.append(replace(_at_rest(send, intent, seen, version, card, work), pushes=0))
                    send.event(
                        work, "person.create", intent.contact, after_version=version, cause=causes.get(intent.contact)
                    )
                    send.tally.created += 1
                case Poisoned(reason):
                    refused = replace(intent, state=LinkState.REFUSED)
                    written.append(_aside(send, work, refused, version, reason, cause=causes.get(intent.contact)))
                case Unknown():
                    send.missed(work, "person.create", intent.contact, outcome, causes.get(intent.contact))
                case _:
                    dropped.append(intent.contact)
        links.update_links(work, send.mailbox, written)
        _as_before(send, work, dropped)
    send.raise_trouble()


def _as_before(send: Sending, work: Work, contacts: Sequence[str]) -> None:
    """Take back the intents of creates that were not carried out; how often one was lost before is not forgotten."""
    links.delete_links(work, send.mailbox, contacts)
    links.insert_links(work, send.mailbox, [one for c in contacts if (one := send.known.links.get(c))])


def _wish(send: Sending, contact: str, card: Card) -> Create:
    groups = send.known.wanted[contact].groups
    labels = frozenset(
        label.resource_name for group in groups if (label := send.known.labels.get(group)) and label.resource_name
    )
    return Create(card, labels, send.marks.contact(contact, Origin.CREATED))


def _at_rest(send: Sending, link: Link, seen: Seen, version: int, sent: Card, work: Work) -> Link:
    """The link after a write: what Google returned is what both sides agree on."""
    groups = {label.resource_name: group for group, label in send.known.labels.items()}
    return replace(
        link,
        state=LinkState.LIVE,
        base_version=version,
        source_id=seen.source_id,
        resource_name=seen.resource_name,
        etag=seen.etag,
        agreed=seen.card.fingerprint,
        seen=seen.card.fingerprint,
        before=link.seen,
        patch=patch_from(sent, seen.card),
        labels=frozenset(groups[name] for name in seen.labels if name in groups),
        marked=seen.marks == (send.marks.contact(link.contact, link.origin, link.photo_sign),),
        wrote_at=work.now,
        written_at=seen.updated_at or link.written_at,
        look_at=None,
        aside="",
        aside_until=None,
    )


def update(send: Sending, batch: Sequence[str]) -> None:
    """Make persons equal to their contacts, and give them their mark; 200 at most."""
    # clientData is written whole: the pairs of other programs are read right before.
    unmarked = [send.known.links[c].resource_name for c in batch if not send.known.links[c].marked]
    fresh = send.people.get(unmarked) if unmarked else {}
    with send.work() as work:
        send.check(work)
        cards = contacts.cards(work.session, batch)
        bases = contacts.cards_at(work.session, ((c, send.known.links[c].base_version) for c in batch))
        causes = contacts.events_of(work.session, cards)
        mailbox_links = [send.known.links[contact] for contact in batch]
        done, wishes = [], []
        for link in mailbox_links:
            version, card = cards[link.contact]
            target = overlay(card, link.own)
            fields = target.differs(remote_card(link, bases.get(link.contact, Card())))
            seen = fresh.get(link.resource_name)
            if isinstance(seen, Unread):
                done.append(_aside(send, work, link, version, UNREADABLE, cause=causes.get(link.contact)))
            elif not link.marked and (seen is None or seen.card.fingerprint != link.seen):
                done.append(replace(link, look_at=work.now))  # changed since it was read: decide about that first
            elif fields and _is_fight(link, version, work.now):
                what = Sentence(FIGHT.template, where=", ".join(sorted(fields)))
                there = remote_card(link, bases[link.contact])
                values = contact_cases.values(target, there)
                done.append(_aside(send, work, link, version, what, cause=causes.get(link.contact), values=values))
            elif fields or seen:
                wishes.append((link, version, target, _change(send, link, target, fields, seen)))
            else:
                done.append(replace(link, base_version=version, agreed=link.seen, patch=None))
        links.update_links(work, send.mailbox, done)
        if wishes:
            send.intend(work, Sentence("update %(contacts)s"), len(wishes))
    send.remember(done)
    if not wishes:
        return
    outcomes = send.people.update([wish for *_, wish in wishes])
    with send.work() as work:
        claims.require(work.session, send.mailbox, send.fence)
        written = []
        for (link, version, target, wish), outcome in zip(wishes, outcomes, strict=True):
            match outcome:
                case Written(seen):
                    again = _is_again(link, version, work.now)
                    rested = _at_rest(send, link, seen, version, target, work)
                    written.append(
                        replace(
                            rested,
                            pushes=link.pushes + 1 if again else 1,
                            pushes_since=link.pushes_since if again else work.now,
                        )
                    )
                    send.event(
                        work,
                        "person.update",
                        link.contact,
                        fields=tuple(sorted(wish.fields)),
                        after_version=version,
                        cause=causes.get(link.contact),
                    )
                    send.tally.updated += 1
                case Poisoned(reason):
                    written.append(_aside(send, work, link, version, reason, cause=causes.get(link.contact)))
                case Stale() | Missing() | Unknown():
                    send.missed(work, "person.update", link.contact, outcome, causes.get(link.contact))
                    written.append(replace(link, look_at=work.now))
                case _:
                    pass
        links.update_links(work, send.mailbox, written)
    send.remember(written)
    send.raise_trouble()


def _is_again(link: Link, version: int, now: datetime) -> bool:
    """Whether the version that stands there was written within the hour already."""
    return link.base_version == version and link.pushes_since is not None and now < link.pushes_since + FIGHT_TIME


def _is_fight(link: Link, version: int, now: datetime) -> bool:
    return _is_again(link, version, now) and link.pushes >= FIGHT_PUSHES


def _aside(send: Sending, work: Work, link: Link, version: int, reason: Sentence, **more: Any) -> Link:
    send.event(work, "person.refuse", link.contact, Outcome.FAILED, after_version=version, reason=reason, **more)
    return set_aside(link, version, reason, work.now)


def _change(send: Sending, link: Link, target: Card, fields: frozenset[str], seen: Seen | None) -> Update:
    data = None
    if seen:
        data = (*seen.foreign_data, (MARK_KEY, send.marks.contact(link.contact, link.origin, link.photo_sign)))
    return Update(link.source_id, link.resource_name, seen.etag if seen else link.etag, target, fields, data)


def _is_in_doubt(send: Sending, contact: str) -> bool:
    """Whether a person was found changed as it was to be written: what it is now is decided before it gets a label."""
    link = send.known.links[contact]
    return is_look_due(link, send.world.now()) and not link.moving


def modify(send: Sending, group: str, on: Sequence[str], off: Sequence[str]) -> None:
    """Put a group's label on persons and take it off others; the next round looks at what became of it."""
    label = send.known.labels.get(group)
    if label is None or not label.resource_name:
        return
    asked = [(contact, True) for contact in on] + [(contact, False) for contact in off]
    moves = [(contact, put_on) for contact, put_on in asked if not _is_in_doubt(send, contact)]
    for start in range(0, len(moves), MOVE):
        some = moves[start : start + MOVE]
        with send.work() as work:
            send.check(work)
            # From here on the labels are looked at directly: modify does not say what it did to whom.
            moved = [send.known.links[contact] for contact, _ in some]
            moving = [replace(link, look_at=work.now, moving=link.moving | {group}) for link in moved]
            links.update_links(work, send.mailbox, moving)
            send.intend(work, Sentence("put on or take off a label of %(contacts)s"), len(some), group=group)
        send.remember(moving)
        names = {contact: send.known.links[contact].resource_name for contact, _ in some}
        send.people.modify(
            label.resource_name,
            add=[names[contact] for contact, put_on in some if put_on],
            remove=[names[contact] for contact, put_on in some if not put_on],
        )
        with send.work() as work:
            cause = why.of_moves(work.session, group, send.mailbox)
            reason = Sentence("%(contacts)s put on or off", contacts=Contacts(len(some)))
            work.record(Event("label.fill", group=group, mailbox=send.mailbox, reason=reason, cause=cause))
