"""The change feed: up to where a program was told what changed, and what it may know of by then.

A program that follows the feed has, at its position, every contact that its sights showed it. What it was told comes
from two sources, in this order: contacts that events of the log speak of; and, where its rights have changed since,
every contact of the groups that came into sight or left it. So rights need no events: they are compared.

Of a group that it sees no more, a program is told at its next reading which contacts to forget, by their ids: also such
as joined the group since. Rejected: to work out who was there when the right ended, which nobody is harmed by.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass, replace

ALL = "*"
"""The mark of sights that hold everything."""
MARK_BYTES = 6
"""A position names every group that its program sees, so they are named briefly. Two groups with one mark would cost a
superfluous line; nobody gains a right by it."""


def mark(group: str) -> str:
    """How a position names a group."""
    return hashlib.blake2b(group.encode(), digest_size=MARK_BYTES).hexdigest()


def sight(visible: Collection[str] | None) -> frozenset[str]:
    """The marks of the groups that somebody sees; None is all."""
    return frozenset({ALL}) if visible is None else frozenset(map(mark, visible))


@dataclass(frozen=True, slots=True)
class Position:
    """Where a program stands in the feed."""

    seen: int
    """It was told of the events below this number."""
    size: int
    """How many events the log held when it was told how contacts stand."""
    witness: str
    """The last of those events, by its leaf: where the log holds another one there, it is another history."""
    sight: frozenset[str] = frozenset()
    """Marks of the groups that it sees."""
    anew: frozenset[str] = frozenset()
    """Marks of the groups of which it is told anew, contact by contact, for they came into sight or left it."""
    after: str = ""
    """Of these, it was told of the contacts up to this id."""

    def under(self, now: frozenset[str]) -> Position:
        """The same with the sights of now."""
        if now == self.sight:
            return self
        return replace(self, sight=now, anew=self.anew | (self.sight ^ now), after="")

    def may_know(self, groups: Collection[str]) -> bool:
        """Whether it may have been told of a contact that is or was in these groups."""
        known = self.sight | self.anew
        return ALL in known or not known.isdisjoint(map(mark, groups))

    def shows(self, groups: Collection[str]) -> bool:
        """Whether it sees a contact in these groups."""
        return ALL in self.sight or not self.sight.isdisjoint(map(mark, groups))
