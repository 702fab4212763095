"""Capacity: what the main jobs cost at Google, by the prices and rules that the code sends by.

A promise of the tests: what is told here is what a pass then counts.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from sharesync.google.budget import BATCH, LABEL_READ, LABEL_WRITE, READ, SINGLES, WRITE_BATCH, WRITE_ONE, Price
from sharesync.google.person_reading import PAGE

DAILY_LIMIT = 100_000
"""Contacts that one user's account may write a day (observed in several projects; the Cloud console tells)."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What a job asks of Google in one mailbox."""

    calls: int = 0
    units: dict[str, int] = field(default_factory=dict)
    """By quota, each counted a minute."""
    daily_writes: int = 0
    """Against the day's limit a batch counts as full, however few are in it."""

    def __add__(self, other: Cost) -> Cost:
        names = self.units.keys() | other.units.keys()
        units = {name: self.units.get(name, 0) + other.units.get(name, 0) for name in sorted(names)}
        return Cost(self.calls + other.calls, units, self.daily_writes + other.daily_writes)

    def times(self, number: float) -> Cost:
        """The same so many times; a part of a call is rounded up."""
        units = {name: math.ceil(one * number) for name, one in self.units.items()}
        return Cost(math.ceil(self.calls * number), units, math.ceil(self.daily_writes * number))

    def minutes(self, limits: dict[str, int]) -> int:
        """How many minutes it takes at least where each quota is limited to so many units a minute."""
        return max((math.ceil(self.units.get(name, 0) / most) for name, most in limits.items()), default=0)


def full_reading(persons: int) -> Cost:
    """Everyone in a mailbox, and its labels."""
    return _of(READ).times(max(1, math.ceil(persons / PAGE))) + _of(LABEL_READ)


def look() -> Cost:
    """A reading that finds nothing new."""
    return full_reading(0)


def edit() -> Cost:
    """One changed contact, written unread."""
    return _of(WRITE_ONE, daily=1)


def fill(contacts: int) -> Cost:
    """So many contacts into an empty mailbox under a new label."""
    full, rest = divmod(contacts, BATCH)
    batch, single = _of(WRITE_BATCH, daily=BATCH), edit()
    creates = batch.times(full) + (single.times(rest) if rest <= SINGLES else batch)
    return look() + _of(LABEL_WRITE) + creates


def _of(price: Price, daily: int = 0) -> Cost:
    return Cost(1, dict(price.parts()), daily)
