"""Making persons equal to their contacts, and giving them their mark."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sharesync.errors import Sentence
from sharesync.mailbox_pass.push_effects import About, Asked, Consequence, answered, refused
from sharesync.mailbox_pass.push_session import Sending, at_rest
from sharesync.model.card import EMPTY, Card
from sharesync.model.link import Link
from sharesync.model.mailbox import MARK_KEY, UNREADABLE, Poisoned, Seen, Unread, Update, Written
from sharesync.services import contacts as contact_cases
from sharesync.store.database.work import Work
from sharesync.store.mailboxes import claims, links
from sharesync.store.records import contacts
from sharesync.sync.aside import set_aside
from sharesync.sync.merge import overlay
from sharesync.sync.patches import remote_card

FIGHT_PUSHES, FIGHT_TIME = 3, timedelta(hours=1)
"""How often the same version is written to one person before what keeps changing it is named, not fought."""
FIGHT = Sentence("Something in this mailbox keeps changing %(where)s back; look for another program that writes there.")


@dataclass(frozen=True, slots=True)
class _Wanted:
    """One person, what it is to be, and what it is."""

    link: Link
    version: int
    card: Card
    """The contact's card, and the user's own values on it."""
    shown: Card
    """The person as last seen."""
    fresh: Seen | Unread | None
    """As it was read right now, because its mark is to be written."""
    cause: str | None

    @property
    def fields(self) -> frozenset[str]:
        return self.card.differs(self.shown)

    @property
    def about(self) -> About:
        return About(Asked.UPDATE, self.link.contact, self.cause, self.version)


def update(send: Sending, batch: Sequence[str]) -> None:
    """Write what differs; 200 at most."""
    # clientData is written whole: the pairs of other programs are read right before.
    unmarked = [send.known.links[c].resource_name for c in batch if not send.known.links[c].marked]
    fresh = send.people.get(unmarked) if unmarked else {}
    with send.work() as work:
        send.check(work)
        done, wishes = list[Link](), list[tuple[_Wanted, Update]]()
        for one in _wanted(send, work, batch, fresh):
            match _decided(send, work, one):
                case Link() as link:
                    done.append(link)
                case Update() as wish:
                    wishes.append((one, wish))
        links.update_links(work, send.mailbox, done)
        if wishes:
            send.intend(work, Sentence("update %(contacts)s"), len(wishes))
    send.remember(done)
    if wishes:
        _send(send, wishes)


def _wanted(
    send: Sending, work: Work, batch: Sequence[str], fresh: Mapping[str, Seen | Unread | None]
) -> Sequence[_Wanted]:
    known = [send.known.links[contact] for contact in batch]
    cards = contacts.cards(work.session, batch)
    bases = contacts.cards_at(work.session, ((link.contact, link.base_version) for link in known))
    causes = contacts.events_of(work.session, ((c, version) for c, (version, _) in cards.items()))
    return [
        _Wanted(
            link,
            cards[link.contact][0],
            overlay(cards[link.contact][1], link.own),
            remote_card(link, bases.get(link.contact, EMPTY)),
            fresh.get(link.resource_name),
            causes.get(link.contact),
        )
        for link in known
    ]


def _decided(send: Sending, work: Work, one: _Wanted) -> Link | Update:
    """What is to be sent; or the link where nothing is, or must not be now."""
    link, seen = one.link, one.fresh
    if isinstance(seen, Unread):
        return _aside(send, work, one, UNREADABLE)
    if not link.marked and (seen is None or seen.card.fingerprint != link.seen):
        return replace(link, look_at=work.now)  # changed since it was read: decide about that first
    if one.fields and _is_fight(link, one.version, work.now):
        what = Sentence(FIGHT.template, where=", ".join(sorted(one.fields)))
        return _aside(send, work, one, what, values=contact_cases.values(one.card, one.shown))
    if not one.fields and not seen:
        return replace(link, base_version=one.version, agreed=link.seen, patch=None)
    data = None
    if seen:
        data = (*seen.foreign_data, (MARK_KEY, send.marks.contact(link.contact, link.origin, link.photo_sign)))
    etag = seen.etag if seen else link.etag
    return Update(link.source_id, link.resource_name, etag, one.card, one.fields, data)


def _aside(send: Sending, work: Work, one: _Wanted, reason: Sentence, **more: Any) -> Link:
    refused(send, work, one.about, reason, **more)
    return set_aside(one.link, one.version, reason, work.now)


def _send(send: Sending, wishes: Sequence[tuple[_Wanted, Update]]) -> None:
    outcomes = send.people.update([wish for _, wish in wishes])
    with send.work() as work:
        claims.require(work.session, send.mailbox, send.fence)
        written = []
        for (one, wish), came in zip(wishes, outcomes, strict=True):
            about = replace(one.about, fields=tuple(sorted(wish.fields)))
            match answered(send, work, about, came), came:
                case Consequence.DONE, Written(seen):
                    written.append(_counted(at_rest(send, work, one.link, seen, one.version, one.card), one, work.now))
                case Consequence.ASIDE, Poisoned(reason):
                    written.append(set_aside(one.link, one.version, reason, work.now))
                case Consequence.LOOK, _:
                    written.append(replace(one.link, look_at=work.now))
                case _:
                    pass  # it stays as it is
        links.update_links(work, send.mailbox, written)
    send.remember(written)
    send.raise_trouble()


def _counted(rested: Link, one: _Wanted, now: datetime) -> Link:
    """The link, counting how often this version was written there."""
    again = _is_again(one.link, one.version, now)
    since = one.link.pushes_since if again else now
    return replace(rested, pushes=one.link.pushes + 1 if again else 1, pushes_since=since)


def _is_again(link: Link, version: int, now: datetime) -> bool:
    """Whether the version that stands there was written within the hour already."""
    return link.base_version == version and link.pushes_since is not None and now < link.pushes_since + FIGHT_TIME


def _is_fight(link: Link, version: int, now: datetime) -> bool:
    return _is_again(link, version, now) and link.pushes >= FIGHT_PUSHES
