"""Filters: which contacts are asked for, as a value. How they are typed is in `filter_lines.py`.

A filter is clauses, all of which must hold; a clause is alternatives, any of which must; an alternative is conditions,
all of which hold, or not. They look at one text of words (`searching.py`), one of what a card says by name
(`facets.py`), the groups that hold the contact, moments, and amounts: numbers, sums and days. This definition is asked
of the database by `store/` and answered here for one contact; a property of the tests holds the two equal.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from sharesync.model.searching import Term, terms_of


class Where(Enum):
    """What a term is looked for in."""

    WORDS = "words"
    """All values of a card, and the names of the groups that hold the contact."""
    FACETS = "facets"
    GROUP = "group"
    """The name of one of the groups that hold it."""


@dataclass(frozen=True, slots=True)
class Said:
    """A contact says so somewhere."""

    where: Where
    term: Term


CHANGED, CREATED, CHECKED = "changed", "created", "checked"
"""Moments of a contact; it may never have been checked."""
ENTRY = "entry"
"""The moment of the last thing that happened with it; `entry.purchase` of the last purchase."""
PHOTO, FOLLOW_UP, SPENT = "photo", "followup", "spent"
"""Amounts: 1 where it has a photo; the day of the first follow-up that is open, as `date.toordinal`; the sum of its
purchases in each currency, in ten-thousandths, which `spent.EUR` asks of one currency."""


@dataclass(frozen=True, slots=True)
class During:
    """A moment of a contact lies there: from `begin` on, until before `end`; None is no bound, but there is one."""

    what: str
    begin: datetime | None = None
    end: datetime | None = None

    def holds(self, moment: datetime | None) -> bool:
        """Whether a moment lies there; none lies nowhere."""
        return (
            moment is not None
            and (self.begin is None or self.begin <= moment)
            and (self.end is None or moment < self.end)
        )


@dataclass(frozen=True, slots=True)
class Measured:
    """One of a contact's amounts of this name lies there: from `begin` on, until before `end`; None is no bound."""

    name: str
    """Of those above, or the id of a field."""
    begin: float | None = None
    end: float | None = None

    def holds(self, amounts: Iterable[float]) -> bool:
        """Whether any of these amounts lies there."""
        return any(
            (self.begin is None or self.begin <= one) and (self.end is None or one < self.end) for one in amounts
        )


@dataclass(frozen=True, slots=True)
class Lacking:
    """A contact is in a group that requires something of it, and does not say that."""

    required: tuple[tuple[Term, frozenset[str]], ...]
    """What is looked for in its facets, with the ids of the groups that require it."""


@dataclass(frozen=True, slots=True)
class Alike:
    """A contact is probably the same as another one that the asker may see, and nobody decided about the two."""


Condition = Said | During | Measured | Lacking | Alike


@dataclass(frozen=True, slots=True)
class Alternative:
    """All of these hold; or, where it is negated, not all of them."""

    conditions: tuple[Condition, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Clause:
    """One thing that is asked for: any of these. `text` is how it was typed."""

    text: str
    alternatives: tuple[Alternative, ...]
    is_plain: bool = False
    """It is made of words alone, as a search is."""


@dataclass(frozen=True, slots=True)
class Searched:
    """What a filter looks at, of one contact."""

    words: str
    facets: str
    groups: Mapping[str, str]
    """The haystack of the name of each group that holds it, by the group's id, as far as the asker may see them."""
    moments: Mapping[str, datetime]
    """By name; one that never was is left out."""
    amounts: Mapping[str, Collection[float]] = field(default_factory=dict)
    """By name, or by the id of the field in which it says one."""
    alike: bool = False
    """Whether it is one of two that are probably the same, as far as the asker may see both."""


@dataclass(frozen=True, slots=True)
class Filter:
    """What is asked for: every clause. None asks for everyone."""

    clauses: tuple[Clause, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.clauses)

    def __and__(self, other: Filter) -> Filter:
        """What both ask for."""
        return Filter(self.clauses + other.clauses)

    @property
    def looks_at_groups(self) -> bool:
        """Whether the groups that hold a contact may say that something holds."""
        return any(
            isinstance(condition, Lacking) or (isinstance(condition, Said) and condition.where is not Where.FACETS)
            for condition in self._conditions()
        )

    @property
    def looks_at_others(self) -> bool:
        """Whether something holds of a contact by what other contacts are, so that it changes when they do."""
        return any(isinstance(condition, Alike) for condition in self._conditions())

    def _conditions(self) -> Iterator[Condition]:
        for clause in self.clauses:
            for one in clause.alternatives:
                yield from one.conditions

    def without(self, number: int) -> str:
        """How it is typed without one of its clauses."""
        return " ".join(clause.text for place, clause in enumerate(self.clauses) if place != number)

    def holds(self, told: Searched) -> bool:
        """Whether one contact is among those that are asked for."""
        return all(any(_holds(one, told) for one in clause.alternatives) for clause in self.clauses)


EVERYONE = Filter()


def _holds(one: Alternative, told: Searched) -> bool:
    return one.negated != all(_is_so(condition, told) for condition in one.conditions)


def _is_so(condition: Condition, told: Searched) -> bool:
    match condition:
        case During():
            return condition.holds(told.moments.get(condition.what))
        case Measured():
            return condition.holds(told.amounts.get(condition.name, ()))
        case Alike():
            return told.alike
        case Lacking():
            return any(
                not told.groups.keys().isdisjoint(groups) and not term.found_in(told.facets)
                for term, groups in condition.required
            )
        case Said(Where.FACETS, term):
            return term.found_in(told.facets)
        case Said(where, term):
            in_group = any(term.found_in(name) for name in told.groups.values())
            return in_group or (where is Where.WORDS and term.found_in(told.words))


def plain(text: str) -> Filter:
    """A search: every word, and no sign in it means anything. Raises SearchTooLong."""
    terms = terms_of(text)
    return Filter((words(text, terms),) if terms else ())


def words(typed: str, terms: Sequence[Term]) -> Clause:
    """The clause that words beside each other are."""
    return Clause(typed, (Alternative(tuple(Said(Where.WORDS, term) for term in terms)),), is_plain=True)
