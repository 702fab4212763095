"""Evidence: one reading of one mailbox beside what is known of it, and what both together tell of each person."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeGuard

from sharesync.model.access import Level
from sharesync.model.link import Link, LinkState, Origin, Snapshot
from sharesync.model.mailbox import Seen
from sharesync.model.mark import Marks
from sharesync.sync.brought import doubtful
from sharesync.sync.reading import Reading, Sides, has_mark, is_sought, marked_strangers, named


@dataclass
class Evidence:
    """All that a decision may depend on. Made once a reading; nothing in it changes while it is judged."""

    known: Snapshot
    reading: Reading
    sides: Mapping[str, Sides]
    """The cards of each contact that `reading.edited` names."""
    marks: Marks
    now: datetime
    settle: timedelta
    persons: Mapping[str, Seen] = field(init=False)
    groups: dict[str, str] = field(init=False)
    """Our labels: resource name → group."""
    own_vanished: bool = field(init=False)
    """Whether a person of the user's own is gone since the last reading: the trace of a merge."""
    survivors: dict[str, str] = field(init=False)
    """Contacts whose person was merged into one that was the user's own, by that person's source id."""
    absorbed: frozenset[str] = field(init=False)
    """Contacts whose mark another contact's person carries: merged into it; and those gone as one lost its mark that
    they may have been merged into."""
    unmarked_survivors: frozenset[str] = field(init=False)
    """Contacts whose person has more on it and has lost its mark, as others are gone or missing: these may be merged
    into it, and no mark tells whether they are."""
    newly_unmarked: frozenset[str] = field(init=False)
    """Contacts whose person has just lost its mark, as others are gone or missing: one that had nothing more to bring
    may be merged into it."""
    missing: frozenset[str] = field(init=False)
    """Contacts whose person was not found, too soon after our write to believe that it is gone. Among them are those
    whose making was never answered, and those that a reset has forgotten."""

    def __post_init__(self) -> None:
        self.persons = self.reading.persons()
        self.groups = {label.resource_name: group for group, label in self.known.labels.items() if label.resource_name}
        self.own_vanished = bool(self.reading.vanished(self.known))
        self.survivors = {}
        absorbed = {
            other
            for contact, link in self.known.links.items()
            if (seen := self.persons.get(link.source_id)) and not seen.deleted
            # Including its own mark changes nothing: the contact is present.
            for other in self.other_marks(contact, seen)  # pragma: no mutate
        }
        strangers = marked_strangers(self.known, self.reading, self.marks)
        for contact, source_id in sorted(strangers.items()):
            gone = contact in self.known.links and self.is_gone(self.known.links[contact])
            if gone and self.survivors.setdefault(source_id, contact) != contact:
                absorbed.add(contact)
        live = {contact: link for contact, link in self.known.links.items() if link.state is LinkState.LIVE}
        leaving = {contact: link for contact, link in self.known.links.items() if link.state is LinkState.LEAVING}
        unfound = self._unfound(strangers)
        vanished = {contact for contact, link in (live | leaving).items() if self.is_gone(link)}
        vanished |= {contact for contact in unfound if self.is_free(self.known.links[contact])}
        self.missing = (unfound - vanished) | {contact for contact, link in live.items() if self.is_missing(link)}
        somebody = bool(vanished or self.missing)
        self.unmarked_survivors = frozenset(filter(self._is_unmarked_and_more, self.sides if somebody else ()))
        self.newly_unmarked = frozenset(filter(self._is_newly_unmarked, live if somebody else ()))
        may_have_survived = self.unmarked_survivors or self.newly_unmarked
        self.absorbed = frozenset(absorbed | vanished if may_have_survived else absorbed)

    # -- of a link --

    def is_settled(self, link: Link) -> bool:
        """Whether the settle time after our last write is over."""
        return link.wrote_at is None or self.now >= link.wrote_at + self.settle

    def is_free(self, link: Link | None) -> bool:
        """Whether a contact has no person here, and none on its way."""
        return link is None or (self.reading.listing.full and is_sought(link, self.now, self.settle))

    def is_gone(self, link: Link) -> bool:
        """A tombstone, or a direct read that said 404 outside the settle time."""
        seen = self.persons.get(link.source_id)
        if seen is not None or not link.source_id:
            return seen is not None and seen.deleted
        return self.reading.is_not_found(link) and self.is_settled(link)

    def is_missing(self, link: Link) -> bool:
        """Whether a direct read said 404 within the settle time: gone, or not to be seen yet."""
        return link.source_id not in self.persons and self.reading.is_not_found(link) and not self.is_settled(link)

    def _unfound(self, strangers: Container[str]) -> frozenset[str]:
        """Contacts that wait for their person to be found, and it is not in this reading either."""
        waiting = {one: link for one, link in self.known.links.items() if link.state is LinkState.CREATING}
        waiting = {one: link for one, link in waiting.items() if not link.source_id and one not in strangers}
        if not waiting:
            return frozenset()
        there = {
            name
            for seen in self.persons.values()
            if not seen.deleted
            for name in (seen.resource_name, *seen.previous_names)
        }
        return frozenset(contact for contact, link in waiting.items() if link.resource_name not in there)

    def _is_unmarked_and_more(self, contact: str) -> bool:
        """Whether what may have come with a merge stands on a person without its mark."""
        link = self.known.links.get(contact)
        seen = self.persons.get(link.source_id) if link else None
        return self._is_unmarked(seen, contact) and bool(doubtful(self.sides[contact].remote, seen.card))

    def _is_newly_unmarked(self, contact: str) -> bool:
        link = self.known.links[contact]
        return link.marked and self._is_unmarked(self.persons.get(link.source_id), contact)

    def _is_unmarked(self, seen: Seen | None, contact: str) -> TypeGuard[Seen]:
        return seen is not None and not seen.deleted and not has_mark(contact, seen, self.marks)

    # -- of a contact --

    def level(self, contact: str) -> Level | None:
        """The level that counts for an edit: the highest in any group that holds the contact, or held it last."""
        if contact in self.known.wanted:
            return self.known.level(contact)
        return max((self.known.levels[group] for group in self.left(contact)), default=None)

    def left(self, contact: str) -> frozenset[str]:
        """The granted groups out of which a contact went into the trash."""
        trashed = self.known.trashed.get(contact)
        return trashed.groups if trashed else frozenset()

    # -- of a person --

    def labels_of(self, seen: Seen) -> frozenset[str]:
        """The groups whose labels a person carries."""
        return frozenset(self.groups[name] for name in seen.labels if name in self.groups)

    def our_labels(self, seen: Seen) -> frozenset[str]:
        """Labels to take off a person of the user's own. Those of groups no longer granted are left to the user."""
        return frozenset(name for name in seen.labels if self.groups.get(name) in self.known.levels)

    def is_listed(self, seen: Seen) -> bool:
        """Whether the listing shows the person as it is; its etag is another one all the same, made for a mask."""
        listed = self.reading.listing.persons.get(seen.source_id)
        return bool(listed and listed.updated_at and seen.updated_at and listed.updated_at >= seen.updated_at)

    def is_marked(self, contact: str, origin: Origin, seen: Seen, sign: bytes | None) -> bool:
        """Whether a person carries the mark it should, and no other."""
        return seen.marks == (self.marks.contact(contact, origin, sign),)

    def photo_sign(self, link: Link | None, seen: Seen) -> bytes | None:
        """The sign of our photo: the mark knows it also where the store has forgotten."""
        return self.marks.vouched(seen.marks, seen.photo) or (link.photo_sign if link else None)

    def other_marks(self, contact: str, seen: Seen) -> frozenset[str]:
        """Other contacts of ours whose mark this person carries."""
        if all(mark.startswith((f"{contact}.", f"{contact}+", f"{contact}~")) for mark in seen.marks):
            return frozenset()
        return frozenset(other for other, _ in named(seen, self.marks)) - {contact}
