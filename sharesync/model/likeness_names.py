"""How far the names of two cards agree, and how that is told."""

from __future__ import annotations

from collections.abc import Sequence
from math import log2

from sharesync.model.likeness_odds import (
    TABLE,
    WEIGHED,
    CardPart,
    Held,
    Likelihood,
    Ratio,
    Reason,
    Weighed,
    common,
    graded,
    level_of,
    one_letter,
    weigh,
)
from sharesync.model.nicknames import is_short_for
from sharesync.model.surnames import spread
from sharesync.model.traits import Traits, name_sign


def names(one: Traits, other: Traits, ratio: Ratio, held: Held) -> list[Weighed]:
    """How far the names agree; a part that one of them has not says nothing."""
    if not one.name or not other.name or one.person != other.person:
        return []
    if one.name == other.name and len(one.name) > 1:
        less = common(held(name_sign(one)))
        return [weigh(CardPart.GIVEN, Likelihood.SAME, less=less), weigh(CardPart.FAMILY, Likelihood.SAME)]
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
    return [weigh(part, level, less=_spread(one, other, part)) for part, level in both if level]


def _spread(one: Traits, other: Traits, part: CardPart) -> int:
    """The bits that a family name says less of which a word is shared, and each has others or a whole people bears it.

    Whole names that are the same are counted in the store instead; a part of one is not.
    """
    mine, yours = set(one.family), set(other.family)
    shared = mine & yours
    if part is not CardPart.FAMILY or not shared:
        return 0
    return (0 if shared in (mine, yours) else _BY_CHANCE) + min(spread(word) for word in shared)


_FAMILY = TABLE[CardPart.FAMILY]
_BY_CHANCE = round(log2(_FAMILY[Likelihood.SAME].u / _FAMILY[Likelihood.NEAR].u))
"""Strangers share one of two words as often as a name of one word, and not as seldom as they have nearly one name."""


def _half_named(one: Traits, other: Traits, ratio: Ratio) -> list[Weighed]:
    """One has only a given name and the other only a family name, or words of an organisation that are not its name."""
    if not (set(one.name) & set(other.name)) and _compared(one.name, other.name, ratio) is Likelihood.UNLIKE:
        return [weigh(CardPart.GIVEN if one.person else CardPart.FAMILY, Likelihood.UNLIKE)]
    return [weigh(CardPart.FAMILY, Likelihood.NEAR)]


def _sum(levels: tuple[Likelihood | None, Likelihood | None]) -> float:
    both = zip((CardPart.GIVEN, CardPart.FAMILY), levels, strict=True)
    return sum(WEIGHED[part, level].bits for part, level in both if level)


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
        return graded(ratio(one[0], other[0]))
    mine, yours = set(one), set(other)
    if mine == yours:
        return Likelihood.SAME
    joined, theirs = "".join(one), "".join(other)
    if joined == theirs:
        return Likelihood.CLOSE
    fewer, more = sorted((mine, yours), key=len)
    if fewer < more and any(len(word) > 1 for word in fewer):
        return Likelihood.CLOSE  # a name more
    nearest = graded(max((ratio(a, b) for a in one for b in other if min(len(a), len(b)) > 2), default=0))
    # A word is not the name: Hansen Friis and Hansen Krogh are of two families, and Anne Marie Lund is not Anne Louise.
    most = Likelihood.CLOSE if len(fewer) == 1 else Likelihood.NEAR
    return min(graded(ratio(joined, theirs)), max(nearest, most))


def how_named(one: Traits, other: Traits, names: Sequence[Weighed]) -> Reason | None:
    """The names' reason in words."""
    given, family = level_of(names, CardPart.GIVEN), level_of(names, CardPart.FAMILY)
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
    if len(rest[0]) == len(rest[1]) == 1 and one_letter(rest[0][0], rest[1][0]):
        return Reason.LETTER
    return Reason.NEARLY
