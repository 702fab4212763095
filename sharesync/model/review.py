"""A review: people look through the contacts of a group or a filter by a day, each contact asked of one of them.

Whoever is asked says of each that it is right, corrects it, or says that it is gone. Who is asked is decided here, as a
pure function of who may see which contact.
"""

from __future__ import annotations

from calendar import monthrange
from collections import Counter, defaultdict, deque
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum

from sharesync.errors import InvalidInput
from sharesync.model.spelling import clean

MAX_NAME = 80
MONTHS = 3
"""In a quarter."""


class ItemState(Enum):
    """How a contact of a review stands."""

    OPEN = "open"
    RIGHT = "right"
    CORRECTED = "corrected"
    GONE = "gone"
    LEFT = "left"
    """It belongs to what is looked through no more, and nobody is asked."""


DECISIONS = (ItemState.RIGHT, ItemState.CORRECTED, ItemState.GONE)
"""What can be said of a contact."""


@dataclass(frozen=True, slots=True)
class ReviewDraft:
    """What somebody wants looked through; its name is cleaned when it is built. Raises InvalidInput."""

    name: str
    due: date
    group: str | None = None
    """The group whose contacts are asked about, by id; None: those of any that whoever starts it manages."""
    filter: str = ""
    """Which of them; nothing: all."""
    reviewers: tuple[str, ...] = ()
    """Users, by id."""
    field: str = ""
    """The field, by id, whose value names who is asked, by address or name; nothing: it is split evenly."""
    repeats: bool = False
    """Whether another one begins each quarter."""
    zone: str = ""
    """Where its days begin, by its IANA name; empty is this machine's."""

    def __post_init__(self) -> None:
        name = " ".join(clean(self.name).split())
        object.__setattr__(self, "name", name)
        if not name:
            raise InvalidInput("Give the review a name, to find it again.")
        if len(name) > MAX_NAME:
            raise InvalidInput("A review’s name has at most %(most)s characters.", most=MAX_NAME)


@dataclass(frozen=True, slots=True)
class Review:
    """One that was started."""

    id: str
    draft: ReviewDraft
    starter: str | None
    """Whoever started it, a user by id; None: an operator, so that it is the administrators'."""
    started_on: date
    """In its zone."""
    ticked: bool
    """Whether its contacts were chosen one by one."""
    ended: bool
    previous: str | None = None
    """The one that it repeats."""

    @property
    def next_on(self) -> date:
        """The day on which the next one begins, where it repeats."""
        return months_later(self.started_on, MONTHS)

    def next_draft(self, today: date) -> ReviewDraft:
        """The next one: due as many quarters later as it takes not to be due in the past."""
        due = months_later(self.draft.due, quarters := MONTHS)
        while due < today:
            quarters += MONTHS
            due = months_later(self.draft.due, quarters)
        return replace(self.draft, due=due)


def months_later(day: date, months: int) -> date:
    """The same day of a later month, or that month's last."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


# --- Who is asked ----------------------------------------------------------------------------------------------------


def split(contacts: Mapping[str, Collection[str]], load: Mapping[str, int] | None = None) -> dict[str, str]:
    """Who is asked about which contact, of those who may be, as evenly as that allows.

    `contacts`: for each its candidates; one without any is left out. `load`: how many each is asked about already.
    Contacts with the same candidates are alike, so that few numbers are looked at, however many contacts there are.
    """
    alike: dict[frozenset[str], list[str]] = defaultdict(list)
    for contact, candidates in sorted(contacts.items()):
        if candidates:
            alike[frozenset(candidates)].append(contact)
    loads = Counter(dict(load or {}))
    shares = {candidates: Counter[str]() for candidates in alike}
    for candidates in sorted(alike, key=lambda one: (len(one), sorted(one))):
        for _ in alike[candidates]:
            least = min(candidates, key=lambda one: (loads[one], one))
            shares[candidates][least] += 1
            loads[least] += 1
    while chain := _relief(shares, loads):
        for giver, taker, candidates in chain:
            shares[candidates][giver] -= 1
            shares[candidates][taker] += 1
        loads[chain[0][0]] -= 1
        loads[chain[-1][1]] += 1
    return {contact: who for candidates, some in alike.items() for contact, who in _dealt(some, shares[candidates])}


_Step = tuple[str, str, frozenset[str]]


def _relief(shares: Mapping[frozenset[str], Counter[str]], loads: Mapping[str, int]) -> list[_Step]:
    """Who hands a contact on to whom, so that somebody has one less and somebody else, who had two fewer, one more."""
    people = sorted({one for candidates in shares for one in candidates}, key=lambda one: (-loads[one], one))
    for first in people:
        came: dict[str, list[_Step]] = {first: []}
        waiting = deque([first])
        while waiting:
            giver = waiting.popleft()
            if loads[giver] <= loads[first] - 2:
                return came[giver]
            for candidates, share in shares.items():
                for taker in sorted(candidates - came.keys()) if share[giver] else ():
                    came[taker] = [*came[giver], (giver, taker, candidates)]
                    waiting.append(taker)
    return []


def _dealt(contacts: Collection[str], shares: Mapping[str, int]) -> Iterator[tuple[str, str]]:
    remaining = iter(contacts)
    for who in sorted(shares):
        for _ in range(shares[who]):
            yield next(remaining), who
