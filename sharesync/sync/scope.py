"""The scope of a pass: which contacts it must know about, where all others are certainly at rest.

A mailbox is at rest when a pass has ended there with nothing left to send, to look at again or to be decided. From then
on only two things can make a contact interesting: it changed in the store (its id is noted in the mailbox's row), or
Google says that a person changed. So a pass knows those, and those that wait for a time (`store/mailboxes/links.py`),
and costs nothing for the others.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from sharesync.model.link import Snapshot
from sharesync.model.mailbox import Seen
from sharesync.model.mark import Marks
from sharesync.sync.reading import named


@dataclass(frozen=True, slots=True)
class PassScope:
    """The contacts that are named here, and those whose person was read."""

    contacts: frozenset[str]
    persons: frozenset[str] = frozenset()
    """Source ids of all persons that were read."""
    fingerprints: frozenset[bytes] = frozenset()
    """Of persons under one of our labels: a contact with the same content may be meant."""

    def reading(self, persons: Iterable[Seen], labels: Collection[str], marks: Marks) -> PassScope:
        """With these persons, too. `labels`: resource names of ours."""
        persons = list(persons)
        return PassScope(
            self.contacts | {contact for seen in persons for contact, _ in named(seen, marks)},
            self.persons | {seen.source_id for seen in persons},
            self.fingerprints | {seen.card.fingerprint for seen in persons if not seen.labels.isdisjoint(labels)},
        )

    def after(self, known: Snapshot) -> PassScope:
        """With the contacts that are known now: one whose person goes is not found by it any more."""
        return replace(self, contacts=self.contacts.union(known.links, known.wanted))
