"""Filters: which contacts are asked for, as a value. How they are typed is in `filter_lines.py`.

A filter is clauses, all of which must hold; a clause is alternatives, any of which must; an alternative is conditions,
all of which hold, or not. They look at one text of words (`searching.py`), one of what a card says by name
(`facets.py`), the names of groups, two moments, and what is said in numbers and days. This definition is asked of the
database by `store/` and answered here for one contact; a property of the tests holds the two equal.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class During:
    """A contact was changed or created then: from `begin` on, until before `end`; None is no bound."""

    what: str
    begin: datetime | None
    end: datetime | None

    def holds(self, moment: datetime) -> bool:
        """Whether a moment lies there."""
        return (self.begin is None or self.begin <= moment) and (self.end is None or moment < self.end)


@dataclass(frozen=True, slots=True)
class Measured:
    """A contact says a number or a day in a field: from `begin` on, until before `end`; None is no bound."""

    field: str
    """Its id."""
    begin: float | None
    end: float | None

    def holds(self, amount: float | None) -> bool:
        """Whether an amount lies there; none lies nowhere."""
        return (
            amount is not None
            and (self.begin is None or self.begin <= amount)
            and (self.end is None or amount < self.end)
        )


Condition = Said | During | Measured


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
    groups: Collection[str]
    """Haystacks of the names of the groups that hold it, as far as the asker may see them."""
    changed: datetime
    created: datetime
    amounts: Mapping[str, float]
    """Numbers and days that it says in fields, by the field's id."""


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
        """Whether the names of groups may say that something holds."""
        return any(
            isinstance(condition, Said) and condition.where is not Where.FACETS
            for clause in self.clauses
            for one in clause.alternatives
            for condition in one.conditions
        )

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
    if isinstance(condition, During):
        return condition.holds(told.changed if condition.what == "changed" else told.created)
    if isinstance(condition, Measured):
        return condition.holds(told.amounts.get(condition.field))
    term = condition.term
    if condition.where is Where.FACETS:
        return term.found_in(told.facets)
    in_group = any(term.found_in(group) for group in told.groups)
    return in_group or (condition.where is Where.WORDS and term.found_in(told.words))


def plain(text: str) -> Filter:
    """A search: every word, and no sign in it means anything. Raises SearchTooLong."""
    terms = terms_of(text)
    return Filter((words(text, terms),) if terms else ())


def words(typed: str, terms: Sequence[Term]) -> Clause:
    """The clause that words beside each other are."""
    return Clause(typed, (Alternative(tuple(Said(Where.WORDS, term) for term in terms)),), is_plain=True)
