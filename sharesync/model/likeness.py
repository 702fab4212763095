"""Likeness: what makes two contacts probably one and the same, with the reasons and how sure they make one.

What both cards say is weighed as Fellegi and Sunter do (A Theory for Record Linkage, 1969): how often the two cards of
one person agree so far (m), against how often those of two strangers do (u). The weight is log2(m / u), in bits, and
the weights add up. What only one of them says weighs nothing. From `ENOUGH` bits the two are asked about.

People who live or work together agree on much that is not themselves. Hence five rules beside the sum:

- What many contacts have says less (`common`): a bit for each doubling.
- Unlike given names are of two people, unless something is shared that a family does not share (`_are_two`).
- Unlike family names are of two who are called alike, unless birthday, mailbox or home say otherwise.
- An organisation and a person are one where they have a mailbox in common, not for the switchboard.
- An import may take one for the other (`SURE`) only where nothing speaks against it, and the whole name or a mailbox of
  their own is the same.

Nothing here decides anything: a pair is a question to a person. How nearly equal two texts are is asked of a `Ratio`
from 0 to 100, so that this floor needs no library.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, IntEnum
from math import log2

from sharesync.model.nicknames import is_short_for
from sharesync.model.traits import (
    Place,
    Traits,
    is_one_number,
    is_own,
    is_role,
    mail_sign,
    name_sign,
    number_sign,
    town_sign,
    work_sign,
)

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
ENOUGH = 13
"""Bits from which two are asked about: the same whole name reaches it, a nearly equal one mostly not.

Chosen on FEBRL 1, where all bounds from 8 to 13 find the same pairs and none that is false; of these the highest,
because address books hold relatives and colleagues, and FEBRL none.
"""
SURE = 20
"""Bits from which one may be taken for the other: one whole name at one small company, with nothing that is unlike."""


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


@dataclass(frozen=True, slots=True)
class Likeness:
    """Why two contacts are probably one, the strongest reason first, and how surely, in bits: more is surer."""

    surety: int
    evidence: tuple[LikenessEvidence, ...]
    sure: bool
    """An import may take one for the other."""


COUNTED = 64
"""Holders of a value from which more make no difference."""


def common(holders: int) -> int:
    """The bits that a value says less of each who has it: one for each doubling from four on, up to `COUNTED`.

    Up to three are one person's cards. Each doubling of u is a bit, as Winkler weighs frequent names (Advanced Methods
    for Record Linkage, 1994).
    """
    return max(min(holders, COUNTED).bit_length() - 2, 0)


def levels(one: Traits, other: Traits, ratio: Ratio, held: Held = lambda _: 2) -> dict[CardPart, Likelihood]:
    """How far two agree on each part that both have: what the chances of `TABLE` are estimated from."""
    found = [*_names(one, other, ratio, held), *_own(one, other, ratio, held), *_rest(one, other, ratio, held)]
    return {each.part: each.level for each in found}


def alike(one: Traits, other: Traits, ratio: Ratio, held: Held = lambda _: 2) -> Likeness | None:
    """Why these two are probably one; None where nothing says enough."""
    if one.generation != other.generation and one.generation and other.generation:
        return None
    names = _names(one, other, ratio, held)
    unlike = one.whole and other.whole and _level_of(names, CardPart.GIVEN) is Likelihood.UNLIKE
    if unlike and one.mails.keys().isdisjoint(other.mails) and not _are_born_alike(one, other):
        return None  # `_are_two`, whatever else they share; most pairs end here, before what takes long
    own = _own(one, other, ratio, held)
    if (one.companies or other.companies) and _are_namesakes(one, other, [*names, *own]):
        return None  # of colleagues home says nothing
    bits = sum(each.bits for each in names) + sum(each.bits for each in own)
    if bits + (_MOST_OF_HOMES if one.places and other.places else _MOST_OF_WORK) < ENOUGH:
        return None
    rest = _rest(one, other, ratio, held)
    found = [*names, *own, *rest]
    bits += sum(each.bits for each in rest)
    if bits < ENOUGH or (unlike and _are_two(one, other, found)) or _of_two_kinds(one, other, found):
        return None
    if _are_namesakes(one, other, found):
        return None
    evidence = _told(one, other, names, found)
    if not evidence:
        return None
    return Likeness(int(bits), evidence, sure=bits >= SURE and _may_be_sure(one, other, found))


@dataclass(frozen=True, slots=True)
class _Weighed:
    part: CardPart
    level: Likelihood
    bits: float
    evidence: LikenessEvidence | None = None


_WEIGHED = {
    (part, level): _Weighed(part, level, odds.bits) for part, levels in TABLE.items() for level, odds in levels.items()
}
_MOST_OF_WORK = _WEIGHED[CardPart.WORK, Likelihood.SAME].bits
_PLACE = (CardPart.STREET, CardPart.TOWN)
_MOST_OF_HOMES = _MOST_OF_WORK + sum(_WEIGHED[part, Likelihood.SAME].bits for part in _PLACE)


def _weigh(part: CardPart, level: Likelihood, evidence: LikenessEvidence | None = None, less: int = 0) -> _Weighed:
    weighed = _WEIGHED[part, level]
    if evidence is None and not less:
        return weighed
    return _Weighed(part, level, max(weighed.bits - less, 0) if less else weighed.bits, evidence)


def _level_of(found: Sequence[_Weighed], part: CardPart) -> Likelihood | None:
    return next((each.level for each in found if each.part is part), None)


# --- Rules beside the sum --------------------------------------------------------------------------------------------


def _are_two(one: Traits, other: Traits, found: Sequence[_Weighed]) -> bool:
    """Whether whole names with unlike given names are of two people, whatever else they share.

    Relatives share family name, home and line, so these say nothing. They seldom share a mailbox, unless they share
    the home, too; and of one day and year in one place there are only twins, whom a line of their own tells apart.
    """
    level = {each.part: each.level for each in found}
    home = Likelihood.SAME in (level.get(CardPart.STREET), level.get(CardPart.NUMBER))
    if (
        level.get(CardPart.MAIL) is Likelihood.SAME
        and level[CardPart.FAMILY] in (Likelihood.SAME, Likelihood.CLOSE)
        and not home
    ):
        return False
    born = level.get(CardPart.BIRTHDAY) in (Likelihood.SAME, Likelihood.CLOSE)
    yearless = any(day.startswith("0000") for day in one.birthdays | other.birthdays)
    lives = any(level.get(part) in (Likelihood.SAME, Likelihood.CLOSE) for part in (CardPart.STREET, CardPart.TOWN))
    reached = (one.mails and other.mails) or (one.numbers and other.numbers)
    return not born or yearless or not lives or bool(reached)


def _are_namesakes(one: Traits, other: Traits, found: Sequence[_Weighed]) -> bool:
    """Whether whole names that are partly alike are of two who are called so, and not of one who married.

    Colleagues share company, its address and its line, so only a birthday, a mailbox or a home tells.
    """
    level = {each.part: each.level for each in found}
    if not (one.whole and other.whole):
        return False
    initials = min(len(one.given[0]), len(other.given[0])) == 1
    boxes = level.get(CardPart.MAIL) is Likelihood.UNLIKE and not one.domains.isdisjoint(other.domains)
    if level.get(CardPart.GIVEN) is Likelihood.NEAR and boxes and not initials:
        return True  # each has a box of their own there
    if level.get(CardPart.FAMILY) is not Likelihood.UNLIKE:
        return False
    own = (CardPart.BIRTHDAY, CardPart.MAIL)
    home = () if one.companies or other.companies else (CardPart.STREET, CardPart.NUMBER)
    return not any(level.get(part) in (Likelihood.SAME, Likelihood.CLOSE) for part in (*own, *home))


def _of_two_kinds(one: Traits, other: Traits, found: Sequence[_Weighed]) -> bool:
    """Whether one is an organisation and the other a person, with no mailbox in common."""
    organisation = any(of.companies and not of.person for of in (one, other))
    return organisation and one.person != other.person and _level_of(found, CardPart.MAIL) is not Likelihood.SAME


def _may_be_sure(one: Traits, other: Traits, found: Sequence[_Weighed]) -> bool:
    """Whether nothing speaks against them, and they share the whole name and something, or a mailbox of their own."""
    level = {each.part: each.level for each in found}
    against = any(level.get(part) is Likelihood.UNLIKE for part in (CardPart.GIVEN, CardPart.FAMILY, CardPart.BIRTHDAY))
    two_boxes = level.get(CardPart.MAIL) is Likelihood.UNLIKE and not one.domains.isdisjoint(other.domains)
    if against or two_boxes or one.generation != other.generation:
        return False
    # What many have is theirs no more than others'.
    own = {each.part for each in found if not (each.evidence and common(each.evidence.holders))}
    shared = {part for part in own if level[part] is Likelihood.SAME}
    whole = level.get(CardPart.GIVEN) is Likelihood.SAME and level.get(CardPart.FAMILY) in (
        Likelihood.SAME,
        Likelihood.CLOSE,
    )
    if whole and level.get(CardPart.MAIL) is Likelihood.SAME:
        return True
    return CardPart.MAIL in shared or (whole and not shared.isdisjoint(_OF_ONE))


_OF_ONE = (CardPart.BIRTHDAY, CardPart.NUMBER, CardPart.WORK, CardPart.STREET)


def _told(
    one: Traits, other: Traits, names: Sequence[_Weighed], found: Sequence[_Weighed]
) -> tuple[LikenessEvidence, ...]:
    told = {each.evidence.reason: each.evidence for each in found if each.evidence and each.bits > 0}
    if said := _how_named(one, other, names):
        told[said] = LikenessEvidence(said)
    if not told:
        return ()
    if _level_of(found, CardPart.BIRTHDAY) is Likelihood.UNLIKE:
        told[Reason.BORN_APART] = LikenessEvidence(Reason.BORN_APART)
    return tuple(told[reason] for reason in Reason if reason in told)


# --- Names -----------------------------------------------------------------------------------------------------------


def _names(one: Traits, other: Traits, ratio: Ratio, held: Held) -> list[_Weighed]:
    """How far the names agree; a part that one of them has not says nothing."""
    if not one.name or not other.name or one.person != other.person:
        return []
    if one.name == other.name and len(one.name) > 1:
        less = common(held(name_sign(one)))
        return [_weigh(CardPart.GIVEN, Likelihood.SAME, less=less), _weigh(CardPart.FAMILY, Likelihood.SAME)]
    given, family = _given(one.given, other.given, ratio), _compared(one.family, other.family, ratio)
    if Likelihood.UNLIKE in (given, family):
        crossed = _compared(one.given, other.family, ratio), _compared(one.family, other.given, ratio)
        if crossed[0] and crossed[1]:
            # In which order both stand cannot be told, so the better agreement counts as the given name's.
            turned = min(crossed[0], crossed[1]), max(crossed[0], crossed[1])
            given, family = max((given, family), turned, key=_sum)
    if given is None and family in (None, Likelihood.UNLIKE):
        return _half_named(one, other, ratio)
    both = ((CardPart.GIVEN, given), (CardPart.FAMILY, family))
    return [_weigh(part, level) for part, level in both if level]


def _half_named(one: Traits, other: Traits, ratio: Ratio) -> list[_Weighed]:
    """One has only a given name and the other only a family name, or words of an organisation that are not its name."""
    if not (set(one.name) & set(other.name)) and _compared(one.name, other.name, ratio) is Likelihood.UNLIKE:
        return [_weigh(CardPart.GIVEN if one.person else CardPart.FAMILY, Likelihood.UNLIKE)]
    return [_weigh(CardPart.FAMILY, Likelihood.NEAR)]


def _sum(levels: tuple[Likelihood | None, Likelihood | None]) -> float:
    both = zip((CardPart.GIVEN, CardPart.FAMILY), levels, strict=True)
    return sum(_WEIGHED[part, level].bits for part, level in both if level)


def _given(one: tuple[str, ...], other: tuple[str, ...], ratio: Ratio) -> Likelihood | None:
    level = _compared(one, other, ratio)
    if level not in (Likelihood.NEAR, Likelihood.UNLIKE):
        return level
    if any(is_short_for(mine, yours) for mine in one for yours in other):
        return Likelihood.CLOSE
    short, long = sorted((one[0], other[0]), key=len)
    return Likelihood.NEAR if len(short) == 1 and long.startswith(short) else level


def _compared(one: tuple[str, ...], other: tuple[str, ...], ratio: Ratio) -> Likelihood | None:
    if not one or not other:
        return None
    if one == other:
        return Likelihood.SAME
    if len(one) == len(other) == 1:
        return _graded(ratio(one[0], other[0]))
    mine, yours = set(one), set(other)
    if mine == yours:
        return Likelihood.SAME
    joined, theirs = "".join(one), "".join(other)
    if joined == theirs:
        return Likelihood.CLOSE
    fewer, more = sorted((mine, yours), key=len)
    if fewer < more and any(len(word) > 1 for word in fewer):
        return Likelihood.CLOSE  # a name more
    words = (ratio(a, b) for a in one for b in other if min(len(a), len(b)) > 2)
    return _graded(max(ratio(joined, theirs), *words, 0))


def _graded(nearness: float) -> Likelihood:
    if nearness == 100:
        return Likelihood.SAME
    return Likelihood.CLOSE if nearness >= CLOSE else Likelihood.NEAR if nearness >= NEAR else Likelihood.UNLIKE


def _how_named(one: Traits, other: Traits, names: Sequence[_Weighed]) -> Reason | None:
    """The names' reason in words."""
    given, family = _level_of(names, CardPart.GIVEN), _level_of(names, CardPart.FAMILY)
    alike_in = [level for level in (given, family) if level not in (None, Likelihood.UNLIKE)]
    if not alike_in:
        return None
    if Likelihood.UNLIKE in (given, family):
        return Reason.GIVEN if family is Likelihood.UNLIKE else Reason.FAMILY
    if one.name == other.name:
        return Reason.NAME
    mine, yours = set(one.name), set(other.name)
    if mine <= yours or yours <= mine:
        return Reason.PARTLY
    if any(is_short_for(a, b) for a in mine - yours for b in yours - mine):
        return Reason.FORM
    rest = sorted(mine - yours), sorted(yours - mine)
    if len(rest[0]) == len(rest[1]) == 1 and _one_letter(rest[0][0], rest[1][0]):
        return Reason.LETTER
    return Reason.NEARLY


def _one_letter(one: str, other: str) -> bool:
    """Whether one letter was left out or mistyped, or two that stand together were swapped."""
    if abs(len(one) - len(other)) > 1:
        return False
    start = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    left, right = one[start:], other[start:]
    return (
        left[1:] in (right, right[1:]) or left == right[1:] or (left[:2] == right[:2][::-1] and left[2:] == right[2:])
    )


# --- Everything else -------------------------------------------------------------------------------------------------


def _own(one: Traits, other: Traits, ratio: Ratio, held: Held) -> list[_Weighed]:
    """What is mostly one person's alone."""
    return [*_mail(one, other, ratio, held), *_dialled(one, other, held), *_born(one, other)]


def _rest(one: Traits, other: Traits, ratio: Ratio, held: Held) -> list[_Weighed]:
    """What those who live or work together share."""
    return [*_work(one, other, ratio, held), *_lives(one, other, ratio, held)]


def _mail(one: Traits, other: Traits, ratio: Ratio, held: Held) -> Iterator[_Weighed]:
    if not one.mails or not other.mails:
        return
    same = sorted(one.mails.keys() & other.mails, key=lambda mail: (is_role(mail), mail))
    if same:
        mail, many = same[0], held(mail_sign(same[0]))
        # A task's mailbox says little of who does it, unless the cards are about the task: they name nobody.
        level = Likelihood.NEAR if is_role(mail) and (one.person or other.person) else Likelihood.SAME
        yield _weigh(CardPart.MAIL, level, LikenessEvidence(Reason.EMAIL, one.mails[mail], many), less=common(many))
        return
    for mine in one.mails:
        for theirs in other.mails:
            if _one_box(mine, theirs, ratio):
                yield _weigh(CardPart.MAIL, Likelihood.CLOSE, LikenessEvidence(Reason.MAILBOX, one.mails[mine]))
                return
    yield _weigh(CardPart.MAIL, Likelihood.UNLIKE)


def _one_box(one: str, other: str, ratio: Ratio) -> bool:
    """Whether two addresses may be one mistyped."""
    (mine, _, at), (theirs, _, there) = one.partition("@"), other.partition("@")
    if is_role(one) or is_role(other):
        return False
    # `anna.berg2@` is somebody else's than `anna.berg@`, and no typing error.
    counted = [sign for sign in mine if sign.isdigit()] != [sign for sign in theirs if sign.isdigit()]
    mistyped = is_own(mine) and is_own(theirs) and at == there and not counted and _one_letter(mine, theirs)
    return mistyped or (mine == theirs and at != there and ratio(at, there) >= CLOSE)


def _dialled(one: Traits, other: Traits, held: Held) -> Iterator[_Weighed]:
    if not one.numbers or not other.numbers:
        return
    key = next((key for key in one.numbers if any(is_one_number(key, theirs) for theirs in other.numbers)), None)
    if key is None:
        yield _weigh(CardPart.NUMBER, Likelihood.UNLIKE)
    else:
        many = held(number_sign(key))
        evidence = LikenessEvidence(Reason.NUMBER, one.numbers[key], many)
        yield _weigh(CardPart.NUMBER, Likelihood.SAME, evidence, less=common(many))


def _born(one: Traits, other: Traits) -> Iterator[_Weighed]:
    if one.birthdays and other.birthdays:
        level = min(_days(a, b) for a in one.birthdays for b in other.birthdays)
        reason = {Likelihood.SAME: Reason.BIRTHDAY, Likelihood.CLOSE: Reason.BORN_NEARLY}.get(level)
        if one.birthdays & other.birthdays:  # without a year it weighs less, and is the same all the same
            reason = Reason.BIRTHDAY
        yield _weigh(CardPart.BIRTHDAY, level, LikenessEvidence(reason) if reason else None)


def _are_born_alike(one: Traits, other: Traits) -> bool:
    return any(_days(a, b) is not Likelihood.UNLIKE for a in one.birthdays for b in other.birthdays)


def _days(one: str, other: str) -> Likelihood:
    if "0000" in (one[:4], other[:4]):
        return Likelihood.CLOSE if one[4:] == other[4:] else Likelihood.UNLIKE
    if one == other:
        return Likelihood.SAME
    if one[:4] == other[:4] and one[4:6] == other[6:] and one[6:] == other[4:6]:
        return Likelihood.CLOSE
    apart = [place for place, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
    turned = (
        len(apart) == 2
        and apart[1] == apart[0] + 1
        and sorted(one[p] for p in apart) == sorted(other[p] for p in apart)
    )
    return Likelihood.CLOSE if len(apart) == 1 or turned else Likelihood.UNLIKE


def _work(one: Traits, other: Traits, ratio: Ratio, held: Held) -> Iterator[_Weighed]:
    """Where they work, by the company's name: the domain of an address is a part of it, and weighed with it."""
    if not one.companies or not other.companies or one.person != other.person:
        return
    works = next((key for key in one.companies if key in other.companies), None)
    if works is not None:
        many = held(work_sign(works))
        yield _weigh(
            CardPart.WORK,
            Likelihood.SAME,
            LikenessEvidence(Reason.COMPANY, one.companies[works], many),
            less=common(many),
        )
    elif not any(ratio(a, b) >= CLOSE for a in one.companies for b in other.companies):
        yield _weigh(CardPart.WORK, Likelihood.UNLIKE)


def _lives(one: Traits, other: Traits, ratio: Ratio, held: Held) -> list[_Weighed]:
    homes = [_homes(a, b, ratio, held) for a in one.places for b in other.places]
    return max(homes, key=lambda some: sum(each.bits for each in some), default=[])


def _homes(one: Place, other: Place, ratio: Ratio, held: Held) -> list[_Weighed]:
    found = []
    if one.street and other.street:
        ordered = [" ".join(sorted(street.split())) for street in (one.street, other.street)]
        level = _graded(max(ratio(one.street, other.street), ratio(ordered[0], ordered[1])))
        fewer, more = sorted((set(one.street.split()), set(other.street.split())), key=len)
        if fewer == more:
            level = Likelihood.SAME
        elif fewer < more and len(fewer) > 1:
            level = Likelihood.CLOSE  # a house's name or a floor more
        elif level is Likelihood.CLOSE and _numbers(one.street) and _numbers(other.street):
            level = Likelihood.CLOSE if _numbers(one.street) & _numbers(other.street) else Likelihood.NEAR  # next door
        reason = {Likelihood.SAME: Reason.ADDRESS, Likelihood.CLOSE: Reason.NEAR_ADDRESS}.get(level)
        found.append(_weigh(CardPart.STREET, level, LikenessEvidence(reason) if reason else None))
    if levels := [*_towns(one, other, ratio)]:
        shared = [town for town in (one.code, one.city) if town and town in (other.code, other.city)]
        less = min((common(held(town_sign(town))) for town in shared), default=0)
        found.append(_weigh(CardPart.TOWN, min(levels), less=less))
    return found


def _numbers(street: str) -> set[str]:
    return {word for word in street.split() if word.isdigit()}


def _towns(one: Place, other: Place, ratio: Ratio) -> Iterator[Likelihood]:
    if one.city and other.city:
        level = _graded(ratio(one.city, other.city))
        yield Likelihood.CLOSE if level is Likelihood.NEAR else level
    if one.code and other.code:
        near = len(one.code) == len(other.code) and ratio(one.code, other.code) >= 75
        yield Likelihood.SAME if one.code == other.code else Likelihood.CLOSE if near else Likelihood.UNLIKE
