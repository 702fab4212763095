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

from collections.abc import Sequence
from dataclasses import dataclass

from sharesync.model import likeness_names, likeness_values
from sharesync.model.likeness_odds import (
    WEIGHED,
    CardPart,
    Held,
    Likelihood,
    LikenessEvidence,
    Ratio,
    Reason,
    Weighed,
    common,
    level_of,
)
from sharesync.model.traits import Traits

ENOUGH = 13
"""Bits from which two are asked about: the same whole name reaches it, a nearly equal one mostly not.

Chosen on FEBRL 1, where all bounds from 8 to 13 find the same pairs and none that is false; of these the highest,
because address books hold relatives and colleagues, and FEBRL none.
"""
SURE = 20
"""Bits from which one may be taken for the other: one whole name at one small company, with nothing that is unlike."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """Why two contacts are probably one, the strongest reason first, and how surely, in bits: more is surer."""

    surety: int
    evidence: tuple[LikenessEvidence, ...]
    sure: bool
    """An import may take one for the other."""


def levels(one: Traits, other: Traits, ratio: Ratio, held: Held = lambda _: 2) -> dict[CardPart, Likelihood]:
    """How far two agree on each part that both have: what the chances of `TABLE` are estimated from."""
    found = [
        *likeness_names.names(one, other, ratio, held),
        *likeness_values.own(one, other, ratio, held),
        *likeness_values.shared(one, other, ratio, held),
    ]
    return {each.part: each.level for each in found}


def alike(one: Traits, other: Traits, ratio: Ratio, held: Held = lambda _: 2) -> Likeness | None:
    """Why these two are probably one; None where nothing says enough."""
    if one.generation != other.generation and one.generation and other.generation:
        return None
    names = likeness_names.names(one, other, ratio, held)
    unlike = one.whole and other.whole and level_of(names, CardPart.GIVEN) is Likelihood.UNLIKE
    if unlike and one.mails.keys().isdisjoint(other.mails) and not likeness_values.are_born_alike(one, other):
        return None  # `_are_two`, whatever else they share; most pairs end here, before what takes long
    own = likeness_values.own(one, other, ratio, held)
    if (one.companies or other.companies) and _are_namesakes(one, other, [*names, *own]):
        return None  # of colleagues home says nothing
    bits = sum(each.bits for each in names) + sum(each.bits for each in own)
    if bits + (_MOST_OF_HOMES if one.places and other.places else _MOST_OF_WORK) < ENOUGH:
        return None
    rest = likeness_values.shared(one, other, ratio, held)
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


_MOST_OF_WORK = WEIGHED[CardPart.WORK, Likelihood.SAME].bits
_PLACE = (CardPart.STREET, CardPart.TOWN)
_MOST_OF_HOMES = _MOST_OF_WORK + sum(WEIGHED[part, Likelihood.SAME].bits for part in _PLACE)


def _are_two(one: Traits, other: Traits, found: Sequence[Weighed]) -> bool:
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


def _are_namesakes(one: Traits, other: Traits, found: Sequence[Weighed]) -> bool:
    """Whether whole names that are partly alike are of two who are called so, and not of one who married.

    Colleagues share company, its address and its line, so only a birthday, a mailbox or a home tells.
    """
    level = {each.part: each.level for each in found}
    if not (one.whole and other.whole):
        return False
    initials = min(len(one.given[0]), len(other.given[0])) == 1
    boxes = level.get(CardPart.MAIL) is Likelihood.UNLIKE and not one.domains.isdisjoint(other.domains)
    reached = [level.get(part) for part in _REACHED]
    apart = Likelihood.SAME not in reached and reached.count(Likelihood.UNLIKE) > 1
    if level.get(CardPart.GIVEN) is Likelihood.NEAR and not initials and (boxes or apart):
        return True  # each has a box of their own there, or two things of their own: Joda and Soda Lund of one house
    if level.get(CardPart.FAMILY) is not Likelihood.UNLIKE:
        return False
    own = (CardPart.BIRTHDAY, CardPart.MAIL)
    home = () if one.companies or other.companies else (CardPart.STREET, CardPart.NUMBER)
    return not any(level.get(part) in (Likelihood.SAME, Likelihood.CLOSE) for part in (*own, *home))


_REACHED = (CardPart.BIRTHDAY, CardPart.MAIL, CardPart.NUMBER)


def _of_two_kinds(one: Traits, other: Traits, found: Sequence[Weighed]) -> bool:
    """Whether one is an organisation and the other a person, with no mailbox in common."""
    organisation = any(of.companies and not of.person for of in (one, other))
    return organisation and one.person != other.person and level_of(found, CardPart.MAIL) is not Likelihood.SAME


def _may_be_sure(one: Traits, other: Traits, found: Sequence[Weighed]) -> bool:
    """Whether nothing speaks against them, and they share the whole name and something, or a mailbox of their own."""
    level = {each.part: each.level for each in found}
    against = any(level.get(part) is Likelihood.UNLIKE for part in (CardPart.GIVEN, CardPart.FAMILY, CardPart.BIRTHDAY))
    two_boxes = level.get(CardPart.MAIL) is Likelihood.UNLIKE and not one.domains.isdisjoint(other.domains)
    if against or two_boxes or one.generation != other.generation:
        return False
    # What many have is theirs no more than others'.
    own = {each.part for each in found if not (each.evidence and common(each.evidence.holders))}
    shared = {part for part in own if level[part] is Likelihood.SAME}
    # Where family and given name stand crossed, the one that is only close may be the given name of a sister.
    straight = one.name == other.name or not set(one.given).isdisjoint(other.given)
    alike_in = level.get(CardPart.GIVEN), level.get(CardPart.FAMILY)
    whole = straight and alike_in[0] is Likelihood.SAME and alike_in[1] in (Likelihood.SAME, Likelihood.CLOSE)
    if whole and level.get(CardPart.MAIL) is Likelihood.SAME:
        return True
    return CardPart.MAIL in shared or (whole and not shared.isdisjoint(_OF_ONE))


_OF_ONE = (CardPart.BIRTHDAY, CardPart.NUMBER, CardPart.WORK, CardPart.STREET)


def _told(
    one: Traits, other: Traits, names: Sequence[Weighed], found: Sequence[Weighed]
) -> tuple[LikenessEvidence, ...]:
    told = {each.evidence.reason: each.evidence for each in found if each.evidence and each.bits > 0}
    if said := likeness_names.how_named(one, other, names):
        told[said] = LikenessEvidence(said)
    if not told:
        return ()
    if level_of(found, CardPart.BIRTHDAY) is Likelihood.UNLIKE:
        told[Reason.BORN_APART] = LikenessEvidence(Reason.BORN_APART)
    return tuple(told[reason] for reason in Reason if reason in told)
