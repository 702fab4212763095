"""Reconciling: what was read from a mailbox, held against what is known of it, becomes decisions.

Every link and every person read is answered at most once, in one of the ways of `Decision`; the order of pages,
persons and links means nothing. What may be read at all stands in `reading.py`, what a hand may do in `rights.py`.

A merge in Google Contacts leaves one of two persons, with the lists of both and often the marks of both. It is told
from an edit by its trace: a person of the user's own disappeared in the same reading, or the survivor carries a mark
that is not its own. What it brought is the user's; when in doubt it is taken for that, never for an edit.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sharesync.model.access import Level
from sharesync.model.card import EMPTY, Card, Item
from sharesync.model.fields import FIELDS, Shape
from sharesync.model.link import Known, Link, LinkState, Origin
from sharesync.model.mailbox import Seen
from sharesync.model.mark import Marks
from sharesync.sync.decisions import (
    Accepted,
    Decision,
    Doubted,
    Edit,
    Gone,
    Kept,
    Linked,
    Lost,
    Owned,
    Rejected,
    Returned,
    Shared,
    Strayed,
    Twin,
    Why,
)
from sharesync.sync.merge import merge, without
from sharesync.sync.reading import (
    Reading,
    Sides,
    age,
    forgotten_by_name,
    is_echo_of_before,
    is_sought,
    is_stale,
    marked_strangers,
    named,
)
from sharesync.sync.rights import Deed, Ruling, may_pass_on, rule


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
    persons: dict[str, Seen] = field(init=False)

    def __post_init__(self) -> None:
        self.persons = self.reading.persons()
        self.groups = {label.resource_name: group for group, label in self.known.labels.items() if label.resource_name}
        self.own_vanished = bool(self.reading.vanished(self.known))
        self.survivors: dict[str, str] = {}
        """Contacts whose person was merged into one that was the user's own, by that person's source id."""
        self.absorbed = {
            other
            for contact, link in self.known.links.items()
            if (seen := self.persons.get(link.source_id)) and not seen.deleted
            for other in self._other_marks(contact, seen)  # pragma: no mutate - its own would do no harm: it is here
        }
        """Contacts whose mark another contact's person carries: merged into it."""
        for contact, source_id in sorted(marked_strangers(self.known, self.reading, self.marks).items()):
            gone = contact in self.known.links and self._is_gone(contact)
            if gone and self.survivors.setdefault(source_id, contact) != contact:
                self.absorbed.add(contact)

    def decisions(self) -> Iterator[Decision]:
        linked = {link.source_id: link for link in self.known.links.values() if link.source_id}
        for source_id, link in sorted(linked.items()):
            if link.contact not in self.survivors.values():
                yield from self._linked(link, self.persons.get(source_id))
        strangers = [self.persons[source_id] for source_id in sorted(self.persons.keys() - linked.keys())]
        yield from self._strangers([seen for seen in strangers if not seen.deleted])

    # -- persons that are linked --

    def _linked(self, link: Link, seen: Seen | None) -> Iterator[Decision]:
        if self._is_gone(link.contact):
            yield self._gone(link)
        elif seen is None:
            if link.resource_name not in self.reading.direct:
                return  # no news of it
            if link.wrote_at and not self._is_settled(link):
                # Not listed, and a direct read did not find it: too soon after our write to believe it.
                yield Doubted(link.contact, link.wrote_at + self.settle)
            else:
                # Its name leads to another person: it is not here, but nobody said that it was deleted.
                yield Gone(link.contact, remains=link.contact in self.known.wanted)
        elif is_stale(link, seen):
            return
        elif is_echo_of_before(link, seen, self.now, self.settle) and link.wrote_at:
            yield Doubted(link.contact, link.wrote_at + self.settle)
        elif self._is_half_seen(link, seen):
            since = link.half_seen_at or self.now
            look_at = since + self.settle
            yield Doubted(link.contact, look_at if look_at > self.now else self.now + self.settle, since)
        elif self._is_nobodys_word(link, seen):
            yield Doubted(link.contact, self.now + self.settle)
        elif kept := self._kept(link, seen):
            yield kept

    def _is_nobodys_word(self, link: Link, seen: Seen) -> bool:
        """Whether this is an edit of a contact that is not shared here any more, and whose release is still to come.

        It is left unread. The release keeps it for its user, or the contact is shared here again before: then it is
        judged by the level of that time, and not written over as if it had been.
        """
        shared = link.contact in self.known.wanted or link.contact in self.known.trashed
        return not shared and link.state is LinkState.LIVE and seen.card.fingerprint != link.seen

    def _is_half_seen(self, link: Link, seen: Seen) -> bool:
        """Whether this may be a merge of which only one half was read: directly, while the listing has yet to show it.

        The tombstone of the user's own person comes with the listing; without it, their values would be taken for an
        edit and go to everyone. A listing may lag for minutes, so the doubt lasts for the settle time, or until the
        listing shows the person as it was read.
        """
        if link.contact not in self.sides or self.own_vanished or self._is_listed(seen):
            return False
        waited = link.half_seen_at is not None and link.half_seen_at + self.settle <= self.now
        if waited and self.reading.listing.next_sync_token is not None:
            return False  # a listing read after the settle time would have shown the other half
        return bool(_doubtful(self.sides[link.contact].remote, seen.card))

    def _is_listed(self, seen: Seen) -> bool:
        """Whether the listing shows the person as it is; its etag is another one all the same, made for a mask."""
        listed = self.reading.listing.persons.get(seen.source_id)
        return bool(listed and listed.updated_at and seen.updated_at and listed.updated_at >= seen.updated_at)

    def _is_gone(self, contact: str) -> bool:
        """A tombstone, or a direct read that said 404 outside the settle time."""
        link = self.known.links[contact]
        seen = self.persons.get(link.source_id)
        if seen is not None or not link.source_id:
            return seen is not None and seen.deleted
        name = link.resource_name
        return name in self.reading.direct and self.reading.direct[name] is None and self._is_settled(link)

    def _gone(self, link: Link) -> Gone:
        wanted = self.known.wanted.get(link.contact)
        if wanted is None or link.state is LinkState.LEAVING:
            return Gone(link.contact, remains=wanted is not None)
        # An edit that this mailbox had not seen wins over its deletion; a merge of two shared contacts deletes nothing.
        unseen = link.base_version != wanted.version or link.contact in self.absorbed
        leaves = frozenset(
            group
            for group in wanted.groups
            if not unseen and rule(Deed.DELETE, self.known.levels[group]) is Ruling.ACCEPT
        )
        return Gone(link.contact, leaves, remains=bool(wanted.groups - leaves))

    def _kept(self, link: Link, seen: Seen) -> Kept | None:
        labels, sign = self._labels_of(seen), self._photo_sign(link, seen)
        marked = self._is_marked(link.contact, link.origin, seen, sign)
        kept = Kept(link.contact, seen, labels, marked, own=self._own(link, seen), photo_sign=sign)
        wanted = self.known.wanted.get(link.contact)
        if link.state is LinkState.LEAVING:  # what is missing there may be our doing: nothing on it is its user's word
            return kept if wanted else self._if_news(link, kept)
        if link.contact in self.sides:
            owned, edit = self._news(link, seen, kept.own)
            kept = replace(kept, owned=owned, edit=edit)
        if wanted is None:
            if isinstance(kept.edit, Accepted):
                # Deleted by someone who had not seen this edit: the edit wins, and the contact comes back.
                kept = replace(kept, joins=self._may_edit(self.known.trashed[link.contact].groups))
            return self._if_news(link, kept)
        put_on = labels - link.labels - wanted.groups - link.moving
        missing = (link.labels & wanted.groups) - labels - self.reading.labels_gone - link.moving
        joins = frozenset(group for group in put_on if self._may_move(link.contact, group))
        leaves = frozenset(g for g in missing if rule(Deed.UNLABEL, self.known.levels[g]) is Ruling.ACCEPT)
        if put_on and missing and (put_on != joins or missing != leaves):
            joins, leaves = frozenset(), frozenset()  # half of a move is denied: both halves are undone
        if leaves == wanted.groups and link.base_version != wanted.version:
            leaves = frozenset()  # an edit that this mailbox had not seen wins over its deletion
        kept = replace(kept, joins=joins, leaves=leaves, put_back=missing - leaves, taken_off=put_on - joins)
        return self._if_news(link, kept)

    def _own(self, link: Link, seen: Seen) -> Card:
        """The user's own values on the person as they are now: some taken away, some corrected, all theirs."""
        own = {}
        for name, items in link.own.items.items():
            own[name] = [item for item in items if item in seen.card[name]]
            if len(own[name]) < len(items) and link.contact in self.sides:
                remote = self.sides[link.contact].remote
                own[name] += [item for item in seen.card[name] if item not in remote[name]]
        return EMPTY.replacing(own)

    def _if_news(self, link: Link, kept: Kept) -> Kept | None:
        """None where nothing about the person is new: a full listing of an unchanged mailbox decides nothing."""
        seen = kept.seen
        same = (
            link.look_at is None
            and seen.card.fingerprint == link.seen
            and (seen.etag, seen.resource_name, kept.labels) == (link.etag, link.resource_name, link.labels)
            and (link.marked, link.photo_sign) == (kept.marked, kept.photo_sign)
        )
        return None if same else kept

    def _news(self, link: Link, seen: Seen, own: Card) -> tuple[Owned | None, Edit | None]:
        """What a merge may have brought to the person, and what its user changed on it besides."""
        sides = self.sides[link.contact]
        theirs, was = without(seen.card, own), without(sides.remote, link.own)
        fields = was.differs(theirs)
        if not fields or theirs == sides.store or theirs in sides.between:
            return None, None
        if self._other_marks(link.contact, seen):
            return None, Rejected(theirs, fields, Why.MERGED, private=self.own_vanished)
        owned = None
        if self.own_vanished and (doubtful := _doubtful(sides.remote, seen.card)):
            asked = was.replacing({name: theirs[name] for name in doubtful})
            owned = Owned(_together(own, _brought(sides.remote, seen.card, doubtful)), asked)
            theirs, fields = theirs.replacing({name: was[name] for name in doubtful}), fields - doubtful
            if not fields:
                return owned, None
        return owned, self._edit(link.contact, was, theirs, fields)

    def _edit(self, contact: str, was: Card, theirs: Card, fields: frozenset[str]) -> Edit | None:
        if rule(Deed.EDIT, self._level(contact)) is Ruling.UNDO:
            return Rejected(theirs, fields, Why.VIEW)
        if not theirs:
            return None  # an emptied contact is not an edit: the push fills it again
        merged = merge(was, self.sides[contact].store, theirs)
        return Accepted(merged.card, fields, merged.conflicts)

    def _level(self, contact: str) -> Level | None:
        if contact in self.known.wanted:
            return self.known.level(contact)
        trashed = self.known.trashed.get(contact)
        return max((self.known.levels[group] for group in trashed.groups), default=None) if trashed else None

    def _may_edit(self, groups: Iterable[str]) -> frozenset[str]:
        return frozenset(g for g in groups if rule(Deed.EDIT, self.known.levels.get(g)) is Ruling.ACCEPT)

    def _may_move(self, contact: str, group: str) -> bool:
        there = self.known.levels.get(group)
        return may_pass_on(self.known, contact) and rule(Deed.MOVE, there) is Ruling.ACCEPT

    # -- persons that are not --

    def _strangers(self, strangers: list[Seen]) -> Iterator[Decision]:
        claimed: set[str] = set()
        unmarked: list[Seen] = []
        for seen in sorted(strangers, key=age):
            if carried := named(seen, self.marks) or self._remembered(seen):
                survivor = self.survivors.get(seen.source_id)
                contact, origin = next((found for found in carried if found[0] == survivor), carried[0])
                if self._is_of_the_past(contact, seen):
                    unmarked.append(seen)
                else:
                    yield self._marked(contact, origin, seen, claimed)
            else:
                unmarked.append(seen)
        adoptable = self._adoptable(claimed)
        there = {wanted.fingerprint for wanted in self.known.wanted.values()}
        for seen in unmarked:
            equal = adoptable.pop(seen.card.fingerprint, None)
            if equal:
                claimed.add(equal)
                labels, sign = self._labels_of(seen), self._photo_sign(None, seen)
                yield Linked(equal, seen, labels, Origin.ADOPTED, marked=False, photo_sign=sign)
            elif labels := self._labels_of(seen) & self.known.levels.keys():
                yield self._newcomer(seen, labels, there)
                # Of two that are equal the older one is shared: a second would stand in every mailbox twice.
                there.add(seen.card.fingerprint)
        if self.reading.listing.full:
            yield from self._never_made(claimed)

    def _remembered(self, seen: Seen) -> list[tuple[str, Origin]]:
        """The contact that a person without a mark was before a reset, by its name and one of our labels.

        Another program threw the mark away, and nobody has looked since: it would be shared, and so be there twice.
        """
        contact = forgotten_by_name(self.known).get(seen.resource_name)
        known = contact is not None and bool(self._labels_of(seen))
        return [(contact, self.known.links[contact].origin)] if contact and known else []

    def _is_of_the_past(self, contact: str, seen: Seen) -> bool:
        """Whether a mark names nothing shared here, while a contact that has no person here has just this content.

        So it is after a backup forgot a group that was then made anew: the persons are taken up, not doubled.
        """
        known = self.known
        here = contact in known.links or contact in known.wanted or contact in known.trashed or contact in known.erased
        free = (wanted for other, wanted in known.wanted.items() if self._is_free(known.links.get(other)))
        return not here and not self._labels_of(seen) and any(w.fingerprint == seen.card.fingerprint for w in free)

    def _marked(self, contact: str, origin: Origin, seen: Seen, claimed: set[str]) -> Decision:
        link, wanted, labels = self.known.links.get(contact), self.known.wanted.get(contact), self._labels_of(seen)
        if contact in claimed:
            return self._second(contact, origin, seen)
        if self.survivors.get(seen.source_id) == contact or (link and self._is_survivor_of_intent(link, seen)):
            claimed.add(contact)
            own = EMPTY
            if contact in self.sides:  # what is there beyond ours is theirs; where both have a name, it is ours
                remote = self.sides[contact].remote
                own = _brought(remote, seen.card, remote.differs(seen.card))
            sign = self._photo_sign(link, seen)
            return Linked(contact, seen, labels, Origin.ADOPTED, marked=False, own=own, photo_sign=sign)
        if link is not None and link.source_id:
            return self._second(contact, origin, seen)
        claimed.add(contact)
        said, sign = origin, self._photo_sign(link, seen)
        if (
            link
            and link.origin is not Origin.CREATED
            and link.resource_name in (seen.resource_name, *seen.previous_names)
        ):
            origin = link.origin  # forgotten by a reset before the mark could tell
        if link is None and wanted is None:
            back = self._may_edit(labels & self._left(contact))
            if back:
                return Returned(contact, seen, labels, back, origin)
            if contact not in self.known.erased:
                origin = Origin.ADOPTED  # it came back under the mark of a link that had ended: its user's by now
        return Linked(
            contact, seen, labels, origin, self._is_marked(contact, origin, seen, sign), said=said, photo_sign=sign
        )

    def _is_survivor_of_intent(self, link: Link, seen: Seen) -> bool:
        """Whether a person was merged into one of the user's before anyone saw it: just made, or forgotten by a reset.

        One that was known for the user's own is it for certain. With values more than there should be, any other may
        be, and the one that was linked before may have taken in one of the user's that is missing now.
        """
        if link.source_id or seen.source_id in self.known.own_ids:
            return not link.source_id
        same = not link.resource_name or link.resource_name in (seen.resource_name, *seen.previous_names)
        if same and not self.own_vanished and self._is_listed(seen):
            return False
        sides = self.sides.get(link.contact)
        return sides is not None and bool(_doubtful(sides.remote, seen.card))

    def _second(self, contact: str, origin: Origin, seen: Seen) -> Decision:
        link, wanted = self.known.links.get(contact), self.known.wanted.get(contact)
        erased = contact in self.known.erased
        same = erased or (wanted and seen.card.fingerprint in (wanted.fingerprint, link and link.agreed))
        ours = seen.photo in (None, self._photo_sign(link, seen)) and seen.is_bare(self.groups)
        same = same and (erased or ours)
        return Twin(contact, seen) if same and origin is Origin.CREATED else Strayed(seen, self._our_labels(seen))

    def _left(self, contact: str) -> frozenset[str]:
        trashed = self.known.trashed.get(contact)
        return trashed.groups if trashed else frozenset()

    def _adoptable(self, claimed: set[str]) -> dict[bytes, str]:
        """Contacts that are wanted here and have no person, by content."""
        free = (c for c in sorted(self.known.wanted) if c not in claimed and self._is_free(self.known.links.get(c)))
        return {self.known.wanted[contact].fingerprint: contact for contact in free}

    def _is_free(self, link: Link | None) -> bool:
        return link is None or (self.reading.listing.full and is_sought(link, self.now, self.settle))

    def _is_settled(self, link: Link) -> bool:
        return link.wrote_at is None or self.now >= link.wrote_at + self.settle

    def _newcomer(self, seen: Seen, labels: frozenset[str], there: set[bytes]) -> Decision:
        granted = frozenset(g for g in labels if rule(Deed.GIVE, self.known.levels.get(g)) is Ruling.ACCEPT)
        if not granted or not seen.card or seen.card.fingerprint in there:
            return Strayed(seen, self._our_labels(seen))
        return Shared(seen, granted)  # a label beside these that is not theirs to give goes with the push

    def _never_made(self, found: Iterable[str]) -> Iterator[Decision]:
        """Creates sent before the settle time and still not to be seen, although everyone was read since."""
        for contact in sorted(self.known.links.keys() - set(found)):
            if is_sought(self.known.links[contact], self.now, self.settle):
                yield Lost(contact)

    # -- looking at one person --

    def _is_marked(self, contact: str, origin: Origin, seen: Seen, sign: bytes | None) -> bool:
        return seen.marks == (self.marks.contact(contact, origin, sign),)

    def _photo_sign(self, link: Link | None, seen: Seen) -> bytes | None:
        """The sign of our photo: the mark knows it also where the store has forgotten."""
        return self.marks.vouched(seen.marks, seen.photo) or (link.photo_sign if link else None)

    def _other_marks(self, contact: str, seen: Seen) -> frozenset[str]:
        """Other contacts of ours whose mark this person carries."""
        if len(seen.marks) < 2:
            return frozenset()
        return frozenset(other for other, _ in named(seen, self.marks)) - {contact}

    def _labels_of(self, seen: Seen) -> frozenset[str]:
        return frozenset(self.groups[name] for name in seen.labels if name in self.groups)

    def _our_labels(self, seen: Seen) -> frozenset[str]:
        """Labels to take off a person of the user's own. Those of groups no longer granted are left to the user."""
        return frozenset(name for name in seen.labels if self.groups.get(name) in self.known.levels)


def _doubtful(before: Card, after: Card) -> frozenset[str]:
    """The fields in which something may have come with a merge, and not by an edit.

    A merge in Google Contacts joins lists, fills single values that were blank, and joins notes. So a field of values
    that none has been added to, or another name, was edited; a field with one value more, also where another is
    missing, may be both.
    """
    return frozenset(name for name in before.differs(after) if _may_be_brought(name, before[name], after[name]))


def _may_be_brought(name: str, before: tuple[Item, ...], after: tuple[Item, ...]) -> bool:
    if FIELDS[name].shape is not Shape.SINGLE or not before:
        return bool(set(after) - set(before))
    if name != "biographies" or not after:
        return False
    note = after[0].text("value")  # joined, line by line, to what stood there or to what was typed instead of it
    return before[0].text("value") in note or "\n" in note


def _brought(before: Card, after: Card, doubtful: frozenset[str]) -> Card:
    """What a merge may have brought. Joined notes cannot be told apart: of them nothing is the user's alone."""
    fields = (name for name in doubtful if FIELDS[name].shape is not Shape.SINGLE or not before[name])
    return EMPTY.replacing({name: [item for item in after[name] if item not in before[name]] for name in fields})


def _together(one: Card, other: Card) -> Card:
    return one.replacing({name: (*one[name], *items) for name, items in other.items.items()})
