"""Reconciling: what was read from a mailbox, held against what is known of it, becomes decisions.

Every link and every person read is answered once, in one of the ways of `Decision`; the order of pages, persons and
links means nothing. Four rules guard against reading what is not there:

* Absence is never deletion. A person is gone by a tombstone, or by a full listing without it *and* a direct read that
  answers 404, outside the settle time.
* What is older than our last write decides nothing; what equals the state before our last write decides nothing
  within the settle time, and is read again later.
* An empty full listing where links exist is no reading at all.
* A valid mark finds a lost link; equal content (adoption) only ever gives the user's person a label, never a copy.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sharesync.errors import MalformedReply
from sharesync.model.card import Card
from sharesync.model.link import Known, Link, LinkState, Origin
from sharesync.model.mailbox import Listing, Seen
from sharesync.model.mark import Marks
from sharesync.sync.merge import Conflict, merge, without
from sharesync.sync.rights import Deed, Ruling, rule

# --- Decisions -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Accepted:
    """An edit that becomes the contact's next version; `card` is the store's with the edit merged in."""

    card: Card
    fields: frozenset[str]
    conflicts: tuple[Conflict, ...] = ()


@dataclass(frozen=True, slots=True)
class Rejected:
    """An edit by someone who may only view: kept as a rejected version, undone in the mailbox."""

    card: Card
    fields: frozenset[str]


@dataclass(frozen=True, slots=True)
class Kept:
    """A linked person stands in the mailbox as `seen`; what its user did to it, if anything."""

    contact: str
    seen: Seen
    labels: frozenset[str]
    """Ids of groups whose label the person carries."""
    marked: bool
    """Whether it carries our mark, and no other contact's."""
    edit: Accepted | Rejected | None = None
    joins: frozenset[str] = frozenset()
    """Groups the contact joins, because the user put the label on and may."""
    leaves: frozenset[str] = frozenset()
    """Groups the contact leaves, because the user took the label off and may."""
    put_back: frozenset[str] = frozenset()
    """Labels taken off by someone who may not: the push puts them back."""
    taken_off: frozenset[str] = frozenset()
    """Labels put on by someone who may not: the push takes them off."""


@dataclass(frozen=True, slots=True)
class Gone:
    """A linked person is no more. The contact leaves `leaves`; where other groups remain the push makes it again."""

    contact: str
    leaves: frozenset[str]
    remains: bool


@dataclass(frozen=True, slots=True)
class Linked:
    """An unlinked person is this contact: found by its mark, or adopted because its content is equal."""

    contact: str
    seen: Seen
    labels: frozenset[str]
    origin: Origin
    marked: bool


@dataclass(frozen=True, slots=True)
class Shared:
    """The user put labels on a person of their own and may: it becomes a contact of these groups."""

    seen: Seen
    groups: frozenset[str]


@dataclass(frozen=True, slots=True)
class Strayed:
    """An unlinked person carries labels (or marks) of ours and must not: they are taken off, the person stays."""

    seen: Seen
    labels: frozenset[str]
    """Resource names of the labels to take off."""


@dataclass(frozen=True, slots=True)
class Twin:
    """A second person with the mark of a contact that is linked already, of our making and unchanged: it goes."""

    contact: str
    seen: Seen


@dataclass(frozen=True, slots=True)
class Lost:
    """A create whose answer was lost was certainly never carried out: the push sends it again."""

    contact: str


@dataclass(frozen=True, slots=True)
class Doubted:
    """What was read may be stale: decide nothing, read the person directly at `look_at`."""

    contact: str
    look_at: datetime


Decision = Kept | Gone | Linked | Shared | Strayed | Twin | Lost | Doubted


@dataclass(frozen=True, slots=True)
class Sides:
    """The two cards an edit is merged with: `remote`, the person as last seen, and `store`, the contact now."""

    remote: Card
    store: Card


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read from a mailbox in one go: a listing, and the persons read directly because of it."""

    listing: Listing
    direct: Mapping[str, Seen | None]
    """By resource name; None for a 404."""
    labels_gone: frozenset[str] = frozenset()
    """Groups whose label is certainly gone: a person without it has lost nothing but its label."""


# --- Before deciding: what must be read directly, whose cards are needed ---------------------------------------------


def check(known: Known, listing: Listing) -> None:
    """Raise MalformedReply for a listing that cannot be true: empty and full, where persons are linked."""
    linked = sum(link.state is LinkState.LIVE for link in known.links.values())
    if listing.full and linked and not listing.persons:
        raise MalformedReply("Google listed no contact at all where sharesync keeps some; nothing was concluded.")


def doubtful(known: Known, listing: Listing, now: datetime, settle: timedelta) -> tuple[str, ...]:
    """Resource names of the persons about whom the listing alone decides nothing."""
    return tuple(
        link.resource_name
        for link in known.links.values()
        if link.source_id and _must_look(link, listing.persons.get(link.source_id), listing.full, now, settle)
    )


def _must_look(link: Link, seen: Seen | None, full: bool, now: datetime, settle: timedelta) -> bool:
    if seen is None:
        return full or (link.look_at is not None and link.look_at <= now)
    return not seen.deleted and _is_echo_of_before(link, seen, now, settle)


def edited(known: Known, reading: Reading, now: datetime, settle: timedelta) -> frozenset[str]:
    """Contacts whose linked person's content is news: `decide` needs their cards."""
    seen_by_id = _joined(known, reading)
    return frozenset(
        link.contact
        for link in known.links.values()
        if (seen := seen_by_id.get(link.source_id))
        and not seen.deleted
        and not _is_stale(link, seen)
        and _is_news(known, link, seen)
    )


def _is_news(known: Known, link: Link, seen: Seen) -> bool:
    wanted = known.wanted.get(link.contact)
    if wanted is None or seen.card.fingerprint == link.seen:
        return False
    # What the mailbox should hold is no news, even where the answer to our write was lost on the way.
    due = link.agreed if link.base_version == wanted.version else b"" if link.own else wanted.fingerprint
    return seen.card.fingerprint != due


def _is_stale(link: Link, seen: Seen) -> bool:
    return bool(link.written_at and seen.updated_at and seen.updated_at < link.written_at)


def _is_echo_of_before(link: Link, seen: Seen, now: datetime, settle: timedelta) -> bool:
    recent = link.wrote_at is not None and now < link.wrote_at + settle
    return recent and link.before not in (b"", link.seen) and seen.card.fingerprint == link.before


def _joined(known: Known, reading: Reading) -> dict[str, Seen]:
    """Persons by source id, direct reads over listed ones: a direct read sees a write at once, a listing does not."""
    persons = dict(reading.listing.persons)
    persons.update((seen.source_id, seen) for seen in reading.direct.values() if seen)
    return persons


# --- Deciding --------------------------------------------------------------------------------------------------------


def decide(
    known: Known,
    reading: Reading,
    sides: Mapping[str, Sides],
    marks: Marks,
    now: datetime,
    settle: timedelta,
) -> tuple[Decision, ...]:
    """Answer every link and every person read. `sides` holds the cards of all contacts that `edited` named."""
    return tuple(_Judge(known, reading, sides, marks, now, settle).decisions())


@dataclass
class _Judge:
    known: Known
    reading: Reading
    sides: Mapping[str, Sides]
    marks: Marks
    now: datetime
    settle: timedelta

    def decisions(self) -> Iterator[Decision]:
        persons = _joined(self.known, self.reading)
        self.groups = {label.resource_name: group for group, label in self.known.labels.items() if label.resource_name}
        linked = {link.source_id: link for link in self.known.links.values() if link.source_id}
        for source_id, link in sorted(linked.items()):
            yield from self._linked(link, persons.get(source_id))
        strangers = [persons[source_id] for source_id in sorted(persons.keys() - linked.keys())]
        yield from self._strangers([seen for seen in strangers if not seen.deleted])

    # -- persons that are linked --

    def _linked(self, link: Link, seen: Seen | None) -> Iterator[Decision]:
        if seen is None:
            yield from self._unseen(link)
        elif seen.deleted:
            yield self._gone(link)
        elif _is_stale(link, seen):
            return
        elif _is_echo_of_before(link, seen, self.now, self.settle) and link.wrote_at:
            yield Doubted(link.contact, link.wrote_at + self.settle)
        else:
            kept = self._kept(link, seen)
            if kept:
                yield kept

    def _unseen(self, link: Link) -> Iterator[Decision]:
        if link.resource_name not in self.reading.direct:
            return  # no news of it
        # Not listed, and a direct read said 404.
        if link.wrote_at and self.now < link.wrote_at + self.settle:
            yield Doubted(link.contact, link.wrote_at + self.settle)
        else:
            yield self._gone(link)

    def _gone(self, link: Link) -> Gone:
        wanted = self.known.wanted.get(link.contact)
        groups = wanted.groups if wanted else frozenset()
        leaves = frozenset(g for g in groups if rule(Deed.DELETE, self.known.levels[g]) is Ruling.ACCEPT)
        return Gone(link.contact, leaves, remains=bool(groups - leaves))

    def _kept(self, link: Link, seen: Seen) -> Kept | None:
        labels, marked = self._labels_of(seen), seen.marks == (self.marks.contact(link.contact, link.origin),)
        edit = self._edit(link, seen) if link.contact in self.sides else None
        wanted = self.known.wanted.get(link.contact)
        if wanted is None:
            return self._if_news(link, Kept(link.contact, seen, labels, marked))
        put_on = labels - link.labels - wanted.groups
        joins = frozenset(group for group in put_on if self._may_move(link.contact, group))
        missing = (link.labels & wanted.groups) - labels - self.reading.labels_gone
        leaves = frozenset(group for group in missing if rule(Deed.UNLABEL, self.known.levels[group]) is Ruling.ACCEPT)
        if put_on - joins:
            # Half of a move is denied: the other half is undone with it, or the contact would be lost to its group.
            leaves = frozenset()
        taken_off = put_on - joins
        return self._if_news(
            link, Kept(link.contact, seen, labels, marked, edit, joins, leaves, frozenset(missing - leaves), taken_off)
        )

    def _if_news(self, link: Link, kept: Kept) -> Kept | None:
        """None where nothing about the person is new: a full listing of an unchanged mailbox decides nothing."""
        seen = kept.seen
        same = (
            link.look_at is None
            and seen.card.fingerprint == link.seen
            and (seen.etag, seen.resource_name, kept.labels) == (link.etag, link.resource_name, link.labels)
            and link.marked == kept.marked
        )
        return None if same else kept

    def _may_move(self, contact: str, group: str) -> bool:
        here, there = self.known.level(contact), self.known.levels.get(group)
        return rule(Deed.EDIT, here) is Ruling.ACCEPT and rule(Deed.MOVE, there) is Ruling.ACCEPT

    def _edit(self, link: Link, seen: Seen) -> Accepted | Rejected | None:
        sides = self.sides[link.contact]
        theirs, was = without(seen.card, link.own), without(sides.remote, link.own)
        fields = was.differs(theirs)
        if not fields or theirs == sides.store:
            return None
        if rule(Deed.EDIT, self.known.level(link.contact)) is Ruling.UNDO:
            return Rejected(theirs, fields)
        if not theirs:
            return None  # an emptied contact is not an edit: the push fills it again
        merged = merge(was, sides.store, theirs)
        return Accepted(merged.card, fields, merged.conflicts)

    # -- persons that are not --

    def _strangers(self, strangers: list[Seen]) -> Iterator[Decision]:
        claimed: set[str] = set()
        unmarked: list[Seen] = []
        for seen in sorted(strangers, key=_age):
            named = [found for mark in seen.marks if (found := self.marks.read_contact(mark))]
            if named:
                yield self._marked(*named[0], seen, claimed)
            else:
                unmarked.append(seen)
        adoptable = self._adoptable(claimed)
        for seen in unmarked:
            contact = adoptable.pop(seen.card.fingerprint, None)
            if contact:
                claimed.add(contact)
                yield Linked(contact, seen, self._labels_of(seen), Origin.ADOPTED, marked=False)
            elif labels := self._labels_of(seen):
                yield self._newcomer(seen, labels)
        if self.reading.listing.full or self.reading.listing.next_sync_token is not None:
            yield from self._never_made(claimed)

    def _marked(self, contact: str, origin: Origin, seen: Seen, claimed: set[str]) -> Decision:
        link = self.known.links.get(contact)
        if contact not in claimed and (link is None or not link.source_id):
            claimed.add(contact)
            if link is None and contact not in self.known.wanted:
                origin = Origin.ADOPTED  # it came back under the mark of a link that had ended: its user's by now
            marked = seen.marks == (self.marks.contact(contact, origin),)
            return Linked(contact, seen, self._labels_of(seen), origin, marked)
        wanted = self.known.wanted.get(contact)
        same = wanted and seen.card.fingerprint in (wanted.fingerprint, link.agreed if link else b"")
        if same and origin is Origin.CREATED:
            return Twin(contact, seen)
        return Strayed(seen, self._our_labels(seen))

    def _adoptable(self, claimed: set[str]) -> dict[bytes, str]:
        """Contacts that are wanted here and have no person, by content."""
        free = (c for c in sorted(self.known.wanted) if c not in claimed and self._is_free(self.known.links.get(c)))
        return {self.known.wanted[contact].fingerprint: contact for contact in free}

    def _is_free(self, link: Link | None) -> bool:
        return link is None or (link.state is LinkState.CREATING and self._is_settled(link))

    def _is_settled(self, link: Link) -> bool:
        return link.wrote_at is None or self.now >= link.wrote_at + self.settle

    def _newcomer(self, seen: Seen, labels: frozenset[str]) -> Decision:
        granted = frozenset(g for g in labels if rule(Deed.GIVE, self.known.levels.get(g)) is Ruling.ACCEPT)
        copies = any(seen.card.fingerprint == wanted.fingerprint for wanted in self.known.wanted.values())
        if not granted or not seen.card or copies:
            return Strayed(seen, self._our_labels(seen))
        return Shared(seen, granted)  # a label beside these that is not theirs to give goes with the push

    def _never_made(self, found: Iterable[str]) -> Iterator[Decision]:
        """Creates sent before the settle time and still not to be seen, although everything since was read."""
        missing = self.known.links.keys() - set(found)
        for contact in sorted(missing):
            link = self.known.links[contact]
            if link.state is LinkState.CREATING and self._is_settled(link):
                yield Lost(contact)

    def _labels_of(self, seen: Seen) -> frozenset[str]:
        return frozenset(self.groups[name] for name in seen.labels if name in self.groups)

    def _our_labels(self, seen: Seen) -> frozenset[str]:
        return frozenset(name for name in seen.labels if name in self.groups)


def _age(seen: Seen) -> tuple[float, str]:
    """Older first: of twins the older one stays."""
    return (seen.updated_at.timestamp() if seen.updated_at else 0.0, seen.source_id)


# --- In words --------------------------------------------------------------------------------------------------------


def in_words(decision: Decision) -> Iterator[tuple[str, str | None, str | None, tuple[str, ...]]]:
    """A decision as lines of a dry run: action, contact, group, fields. What only takes note says nothing."""
    match decision:
        case Kept(contact=contact):
            match decision.edit:
                case Accepted(fields=fields):
                    yield "edit.accept", contact, None, tuple(sorted(fields))
                case Rejected(fields=fields):
                    yield "edit.revert", contact, None, tuple(sorted(fields))
                case None:
                    pass
            for action, groups in (("group.add", decision.joins), ("group.take", decision.leaves)):
                yield from ((action, contact, group, ()) for group in sorted(groups))
        case Gone(contact=contact):
            yield from (("group.take", contact, group, ()) for group in sorted(decision.leaves))
            if decision.remains:
                yield "contact.restore", contact, None, ()
        case Linked(contact=contact, origin=origin):
            yield ("link.adopt" if origin is Origin.ADOPTED else "link.find"), contact, None, ()
        case Shared():
            yield from (("contact.share", None, group, ()) for group in sorted(decision.groups))
        case Strayed():
            yield "label.take_off", None, None, ()
        case Twin(contact=contact):
            yield "person.delete", contact, None, ()
        case Lost() | Doubted():
            pass
