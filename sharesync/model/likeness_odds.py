"""What an agreement weighs: the odds of each part of a card, and the reasons that are told."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, IntEnum
from math import log2

Ratio = Callable[[str, str], float]
Held = Callable[[str], int]
"""How many contacts have a sign."""


class CardPart(IntEnum):
    """What of two cards is compared; a number, because half a million are looked up a minute."""

    GIVEN = 1
    FAMILY = 2
    BIRTHDAY = 3
    MAIL = 4
    NUMBER = 5
    WORK = 6
    STREET = 7
    TOWN = 8
    """City or postal code, which say one thing."""

    __hash__ = int.__hash__  # an enum's own is Python code


class Likelihood(IntEnum):
    """How far two cards agree on one part, most first."""

    SAME = 1
    CLOSE = 2
    NEAR = 3
    UNLIKE = 4

    __hash__ = int.__hash__


CLOSE = 88
"""The ratio from which texts are close: one letter in eight or so."""
NEAR = 72
"""The ratio from which they may be one mistyped: one letter in four."""


@dataclass(frozen=True, slots=True)
class Odds:
    """How often the cards of one person (m) and of two strangers (u) agree so far."""

    m: float
    u: float

    @property
    def bits(self) -> float:
        """What it says for one person, or, below zero, for two."""
        return log2(self.m / self.u)


TABLE: Mapping[CardPart, Mapping[Likelihood, Odds]] = {
    # Estimated from FEBRL 1 by `python -m tests.febrl`. What fewer than five of its pairs of strangers show is taken
    # for five, and a lesser agreement weighs no more than a greater one.
    CardPart.GIVEN: {
        Likelihood.SAME: Odds(0.79, 0.0048),
        Likelihood.CLOSE: Odds(0.052, 0.0011),
        Likelihood.NEAR: Odds(0.062, 0.0034),
        Likelihood.UNLIKE: Odds(0.098, 0.99),
    },
    CardPart.FAMILY: {
        Likelihood.SAME: Odds(0.73, 0.0041),
        Likelihood.CLOSE: Odds(0.12, 0.00068),
        Likelihood.NEAR: Odds(0.097, 0.0012),
        Likelihood.UNLIKE: Odds(0.056, 0.99),
    },
    CardPart.BIRTHDAY: {
        Likelihood.SAME: Odds(0.94, 0.00004),
        Likelihood.CLOSE: Odds(0.0074, 0.001),
        Likelihood.UNLIKE: Odds(0.052, 1.0),
    },
    CardPart.STREET: {
        Likelihood.SAME: Odds(0.3, 0.00004),
        Likelihood.CLOSE: Odds(0.57, 0.000076),
        Likelihood.NEAR: Odds(0.043, 0.00037),
        Likelihood.UNLIKE: Odds(0.089, 1.0),
    },
    CardPart.TOWN: {
        Likelihood.SAME: Odds(0.95, 0.0023),
        Likelihood.CLOSE: Odds(0.047, 0.034),
        Likelihood.UNLIKE: Odds(0.005, 0.96),
    },
    # FEBRL has neither e-mail, number nor company, so these are assumed: of 20,000 people two share a line, of a
    # million a mailbox, of 80 an employer; more than half keep their line and mailbox, and four of five their employer.
    CardPart.MAIL: {
        Likelihood.SAME: Odds(0.55, 1 / 1_000_000),
        Likelihood.CLOSE: Odds(0.05, 1 / 2_000),
        Likelihood.NEAR: Odds(0.05, 1 / 200),
        Likelihood.UNLIKE: Odds(0.35, 0.98),
    },
    CardPart.NUMBER: {Likelihood.SAME: Odds(0.60, 1 / 20_000), Likelihood.UNLIKE: Odds(0.40, 1.0)},
    CardPart.WORK: {Likelihood.SAME: Odds(0.80, 1 / 80), Likelihood.UNLIKE: Odds(0.06, 0.98)},
}


class Reason(Enum):
    """Why two contacts are probably one, what tells most first; and what speaks against it."""

    EMAIL = "email"
    NUMBER = "number"
    NAME = "name"
    BIRTHDAY = "birthday"
    FORM = "form"
    """One has a short form of the other's given name."""
    LETTER = "letter"
    """The names differ in one letter."""
    PARTLY = "partly"
    """One has only a part of the other's name."""
    NEARLY = "nearly"
    """Nearly the same name."""
    MAILBOX = "mailbox"
    """Nearly the same e-mail address."""
    ADDRESS = "address"
    GIVEN = "given"
    """The same given name, and another family name."""
    FAMILY = "family"
    """The same family name, and another given name."""
    BORN_NEARLY = "born-nearly"
    """Birthdays that differ in one digit, or by day and month swapped, or one without its year."""
    NEAR_ADDRESS = "near-address"
    COMPANY = "company"
    BORN_APART = "born-apart"
    """Birthdays that are unlike: it speaks against them."""


@dataclass(frozen=True, slots=True)
class LikenessEvidence:
    """One reason, and the value that both have, as the first of them writes it."""

    reason: Reason
    shared: str = ""
    holders: int = 0
    """How many contacts have that value, where it is counted."""


COUNTED = 64
"""Holders of a value from which more make no difference."""


def common(holders: int) -> int:
    """The bits that a value says less of each who has it: one for each doubling from four on, up to `COUNTED`.

    Up to three are one person's cards. Each doubling of u is a bit, as Winkler weighs frequent names (Advanced Methods
    for Record Linkage, 1994).
    """
    return max(min(holders, COUNTED).bit_length() - 2, 0)


@dataclass(frozen=True, slots=True)
class Weighed:
    """How far two cards agree on one part, and what that weighs."""

    part: CardPart
    level: Likelihood
    bits: float
    evidence: LikenessEvidence | None = None


WEIGHED = {
    (part, level): Weighed(part, level, odds.bits) for part, levels in TABLE.items() for level, odds in levels.items()
}


def weigh(part: CardPart, level: Likelihood, evidence: LikenessEvidence | None = None, less: int = 0) -> Weighed:
    """What an agreement weighs, in bits, `less` so many because many have the value; never below zero for that."""
    weighed = WEIGHED[part, level]
    if evidence is None and not less:
        return weighed
    return Weighed(part, level, max(weighed.bits - less, 0) if less else weighed.bits, evidence)


def level_of(found: Sequence[Weighed], part: CardPart) -> Likelihood | None:
    """How far they agree on a part; None where one of them does not have it."""
    return next((each.level for each in found if each.part is part), None)


def graded(nearness: float) -> Likelihood:
    """How far two texts agree whose ratio is this."""
    if nearness == 100:
        return Likelihood.SAME
    return Likelihood.CLOSE if nearness >= CLOSE else Likelihood.NEAR if nearness >= NEAR else Likelihood.UNLIKE


def one_letter(one: str, other: str) -> bool:
    """Whether one letter was left out or mistyped, or two that stand together were swapped."""
    if abs(len(one) - len(other)) > 1:
        return False
    start = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    left, right = one[start:], other[start:]
    return (
        left[1:] in (right, right[1:]) or left == right[1:] or (left[:2] == right[:2][::-1] and left[2:] == right[2:])
    )
