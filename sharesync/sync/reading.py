"""Readings: what was read from a mailbox in one go, and what of it must be read again before anything is decided.

Three rules guard against reading what is not there:

* Absence is never deletion. A person is gone by a tombstone, or by a full listing without it *and* a direct read that
  answers 404, outside the settle time.
* What is older than what we know decides nothing; what equals the state before our last write decides nothing within
  the settle time, and is read again later.
* A full listing that shows nobody of those known there is no reading at all, until it is so for the settle time; and
  then only if a direct read finds none of them either.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from sharesync.model.card import Card
from sharesync.model.link import Link, LinkState, Origin, Snapshot
from sharesync.model.mailbox import Listing, Seen
from sharesync.model.mark import Marks


@dataclass(frozen=True, slots=True)
class Sides:
    """The two cards an edit is merged with: `remote`, the person as last seen, and `store`, the contact now.

    Of a contact that has no link here nobody knows what was last seen: `remote` is the contact now.
    """

    remote: Card
    store: Card
    between: tuple[Card, ...] = ()
    """The versions after the one this mailbox agreed to (all, where there is no link) and before the one now: what
    stands there like one of these is our own write, its answer lost, and no edit."""
    sets: frozenset[str] = frozenset()
    """Keys of custom entries that are merged value by value (`CompanyFields.sets`)."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read from a mailbox in one go: a listing, and the persons read directly because of it."""

    listing: Listing
    direct: Mapping[str, Seen | None]
    """By resource name; None for a 404."""
    labels_gone: frozenset[str] = frozenset()
    """Groups whose label is certainly gone: a person without it has lost nothing but its label."""
    unread: frozenset[str] = frozenset()
    """Resource names of those over whom Google stumbled as they were to be read directly: the listing alone does not
    decide about them."""

    def persons(self) -> Mapping[str, Seen]:
        """By source id, direct reads over listed ones: a direct read sees a write at once, a listing does not."""
        if not self.direct and not self.unread:
            return self.listing.persons
        persons = {
            source: seen
            for source, seen in self.listing.persons.items()
            if seen.deleted
            or (seen.resource_name not in self.unread and self.direct.get(seen.resource_name, seen) is not None)
        }
        persons.update((seen.source_id, seen) for seen in self.direct.values() if seen)
        return persons

    def is_not_found(self, link: Link) -> bool:
        """Whether a direct read of a linked person answered 404. Soon after our write that proves nothing."""
        return link.resource_name in self.direct and self.direct[link.resource_name] is None

    def over(self, known: Snapshot) -> frozenset[str]:
        """Which linked persons this reading shows dead, or is without although it is of everyone."""
        persons, linked = self.persons(), {link.source_id for link in known.links.values() if link.source_id}
        return frozenset(one for one in linked if (persons[one].deleted if one in persons else self.listing.full))

    def vanished(self, known: Snapshot) -> frozenset[str]:
        """Which of the user's own persons are gone since the last reading, those too that were never seen alive."""
        dead = {seen.source_id for seen in self.listing.persons.values() if seen.deleted} - known.deleted_ids
        absent = known.own_ids - self.listing.persons.keys() if self.listing.full else frozenset[str]()
        return frozenset(absent | dead.difference(link.source_id for link in known.links.values()))

    def deleted_ids(self, known: Snapshot) -> frozenset[str]:
        """The persons we deleted whose tombstones are still to come, those a lagging listing shows alive too."""
        waiting = known.deleted_ids & self.listing.persons.keys() if self.listing.full else known.deleted_ids
        return waiting - self.persons().keys()

    def own_ids(self, known: Snapshot, linked: frozenset[str]) -> frozenset[str]:
        """The user's own persons after this reading; `linked` are the source ids of those that are shared."""
        strangers = (seen for source_id, seen in self.listing.persons.items() if source_id not in linked)
        alive = {seen.source_id for seen in strangers if not seen.deleted}
        return ((known.own_ids - self.vanished(known)) | alive) - linked - known.deleted_ids


def may_be_half(known: Snapshot, reading: Reading, marks: Marks) -> bool:
    """Whether a delta may show one half of a merge, and have left the other out: only everyone tells.

    Somebody is gone, by a tombstone or by a direct read, who may have been merged into another; or a shared person was
    changed, in a mailbox where one of its user's own may have been merged into it, or without its mark, so that nothing
    tells which other shared one may have been.
    """
    if reading.listing.full:
        return False
    persons = reading.persons()
    read = [(link, seen) for link in known.links.values() if (seen := persons.get(link.source_id))]
    if reading.vanished(known) or any(seen.deleted and link.state is LinkState.LIVE for link, seen in read):
        return True
    if any(link.state is LinkState.LIVE and reading.is_not_found(link) for link in known.links.values()):
        return True
    news = [(link, seen) for link, seen in read if not is_stale(link, seen) and is_news(known, link, seen)]
    return any(known.own_ids or not has_mark(link.contact, seen, marks) for link, seen in news)


def everyone_after(delta: Listing, everyone: Listing) -> Listing:
    """A listing of everyone, with the tombstones of the delta because of which it was asked for."""
    gone = {source: seen for source, seen in delta.persons.items() if seen.deleted}
    return replace(everyone, persons=gone | dict(everyone.persons))


def is_strange(known: Snapshot, listing: Listing, marks: Marks) -> bool:
    """Whether a full listing shows nobody of those known in the mailbox: hardly true, and never believed at once.

    It may be cut short, or another mailbox's.
    """
    links = [link for link in known.links.values() if link.state is not LinkState.REFUSED]
    dead = {source for source, seen in listing.persons.items() if seen.deleted}
    ids = (known.own_ids | {link.source_id for link in links if link.source_id}) - dead
    if not listing.full or ids & listing.persons.keys():
        return False
    if not ids:  # a link that a reset has forgotten had a person; a create without answer may have one
        return bool(links) and not listing.persons
    forgotten = {link.contact for link in links if not link.source_id}
    marked = (contact for seen in listing.persons.values() for contact, _ in named(seen, marks))
    return forgotten.isdisjoint(marked)


def belies(known: Snapshot, reading: Reading) -> bool:
    """Whether a linked person is there by a direct read; after a strange listing, that leaves the two in dispute."""
    return any(reading.direct.get(link.resource_name) for link in known.links.values())


FULL_EVERY = timedelta(days=6)
"""Everyone is read in full once in so long: what one delta left out no later one tells. A day less than the week that
is promised, because a mailbox may have to wait for its turn."""


def is_full_due(user: str, full_at: datetime | None, now: datetime) -> bool:
    """Whether all of a mailbox is to be read again, however well its deltas went.

    Each user's span begins at another moment: a company whose mailboxes were filled on one day would otherwise read all
    of them on one day for ever.
    """
    if full_at is None:
        return True
    ahead = FULL_EVERY * (zlib.crc32(user.encode()) / 2**32)
    return (now - _OLDEST + ahead) // FULL_EVERY != (full_at - _OLDEST + ahead) // FULL_EVERY


def is_sought(link: Link, now: datetime, settle: timedelta) -> bool:
    """Whether the settle time is over for a create whose answer is not known.

    Only a full listing tells that it was never carried out: what a delta leaves out may be told by none that follows.
    """
    settled = link.wrote_at is None or now >= link.wrote_at + settle
    return link.state is LinkState.CREATING and settled


def doubtful(known: Snapshot, listing: Listing, now: datetime, settle: timedelta) -> tuple[str, ...]:
    """Resource names of the persons about whom the listing alone decides nothing."""
    linked = (
        link.resource_name
        for link in known.links.values()
        if link.source_id and _must_look(known, link, listing, now, settle)
    )
    # Persons with a mark and no link: one that we released and a listing that lags still shows as it was, one that its
    # user took out of Google's trash, or one whose making was never answered. Only a direct read can tell. So it is
    # with one under a label of ours: before it is shared it is certain that it has no mark, which a listing that lags
    # may not show yet, and that it was not linked before a reset.
    ours = {link.source_id for link in known.links.values()}
    forgotten = forgotten_by_name(known)
    labels = {label.resource_name for label in known.labels.values()}
    strangers = (seen for source, seen in listing.persons.items() if source not in ours and not seen.deleted)
    asked = (
        seen
        for seen in strangers
        if seen.marks or seen.source_id in known.deleted_ids or seen.labels & labels or seen.resource_name in forgotten
    )
    return (*linked, *(seen.resource_name for seen in sorted(asked, key=age)))


def forgotten_by_name(known: Snapshot) -> dict[str, str]:
    """Contacts whose persons a reset has forgotten, by the name of resource under which each was known."""
    return {
        link.resource_name: link.contact
        for link in known.links.values()
        if link.state is LinkState.CREATING and not link.source_id and link.resource_name
    }


def _must_look(known: Snapshot, link: Link, listing: Listing, now: datetime, settle: timedelta) -> bool:
    seen = listing.persons.get(link.source_id)
    if seen is not None and seen.deleted:
        return False
    if link.state is LinkState.LEAVING:
        return link.contact in known.wanted
    if link.look_at is not None and link.look_at <= now:
        return True
    if listing.full and (seen is None or link.half_seen_at is not None):
        return True  # of half a merge the listing may show neither half yet
    return seen is not None and is_echo_of_before(link, seen, now, settle)


def marked_strangers(known: Snapshot, reading: Reading, marks: Marks) -> dict[str, str]:
    """Contacts whose mark an unlinked person carries, and the oldest such person's source id."""
    linked = {link.source_id for link in known.links.values()}
    strangers = [seen for source, seen in reading.persons().items() if source not in linked and not seen.deleted]
    found: dict[str, str] = {}
    for seen in sorted(strangers, key=age):
        for contact, _ in named(seen, marks):
            found.setdefault(contact, seen.source_id)
    return found


def named(seen: Seen, marks: Marks) -> list[tuple[str, Origin]]:
    """The contacts whose marks a person carries, with its origin as each mark tells it; in no order of Google's.

    A merge leaves both marks of a contact on one person. If one of them was the user's own, it is: that comes first.
    """
    return sorted(
        (found for mark in set(seen.marks) if (found := marks.read_contact(mark))),
        key=lambda one: (one[0], one[1] is Origin.CREATED, one[1].value),
    )


def has_mark(contact: str, seen: Seen, marks: Marks) -> bool:
    """Whether a person carries a mark of the contact, among others or alone."""
    return any(contact == one for one, _ in named(seen, marks))


def age(seen: Seen) -> tuple[datetime, str]:
    """Older first: of twins the older one stays."""
    return (seen.updated_at or _OLDEST, seen.source_id)


_OLDEST = datetime.min.replace(tzinfo=UTC)


def edited(known: Snapshot, reading: Reading, marks: Marks) -> frozenset[str]:
    """Contacts whose cards a decision needs: their person's content is news, or another person may be their own.

    That one carries their mark, or lost it and bears the name that a reset has forgotten.
    """
    persons = reading.persons()
    news = {
        link.contact
        for link in known.links.values()
        if (seen := persons.get(link.source_id))
        and not seen.deleted
        and not is_stale(link, seen)
        and is_news(known, link, seen)
    }
    strangers = marked_strangers(known, reading, marks).items()
    marked = {
        one for one, source_id in strangers if one in known.links or one in known.trashed or source_id in known.own_ids
    }
    unmarked = {seen.resource_name for seen in persons.values() if not seen.deleted and not seen.marks}
    forgotten = {contact for name, contact in forgotten_by_name(known).items() if name in unmarked}
    return frozenset(news | marked | forgotten)


def is_news(known: Snapshot, link: Link, seen: Seen) -> bool:
    """Whether a linked person's content is something that we neither know nor wrote."""
    wanted = known.wanted.get(link.contact) or known.trashed.get(link.contact)
    if wanted is None or link.state is LinkState.LEAVING or seen.card.fingerprint == link.seen:
        return False
    if link.base_version == wanted.version:
        return seen.card.fingerprint != link.agreed
    # What the mailbox should hold is no news, even where the answer to our write was lost on the way.
    return bool(link.own) or seen.card.fingerprint != wanted.fingerprint


def is_stale(link: Link, seen: Seen) -> bool:
    """Whether the person was read as it was before the newest that we know of it."""
    return bool(link.written_at and seen.updated_at and seen.updated_at < link.written_at)


def is_echo_of_before(link: Link, seen: Seen, now: datetime, settle: timedelta) -> bool:
    """Whether what was read is what stood there before our last write, so soon that it may be a late reading."""
    recent = link.wrote_at is not None and now < link.wrote_at + settle
    return recent and link.before != link.seen and seen.card.fingerprint == link.before
