"""How far two cards agree on everything but names: mailboxes, numbers, birthdays, work and homes."""

from __future__ import annotations

from collections.abc import Iterator

from sharesync.model.likeness_odds import (
    CLOSE,
    CardPart,
    Held,
    Likelihood,
    LikenessEvidence,
    Ratio,
    Reason,
    Weighed,
    common,
    graded,
    one_letter,
    weigh,
)
from sharesync.model.traits import (
    AddressTrait,
    Traits,
    is_one_number,
    is_own,
    is_role,
    mail_sign,
    number_sign,
    town_sign,
    work_sign,
)


def own(one: Traits, other: Traits, ratio: Ratio, held: Held) -> list[Weighed]:
    """What is mostly one person's alone."""
    return [*_mail(one, other, ratio, held), *_dialled(one, other, held), *_born(one, other)]


def shared(one: Traits, other: Traits, ratio: Ratio, held: Held) -> list[Weighed]:
    """What those who live or work together share."""
    return [*_work(one, other, ratio, held), *_lives(one, other, ratio, held)]


def _mail(one: Traits, other: Traits, ratio: Ratio, held: Held) -> Iterator[Weighed]:
    if not one.mails or not other.mails:
        return
    same = sorted(one.mails.keys() & other.mails, key=lambda mail: (is_role(mail), mail))
    if same:
        mail, many = same[0], held(mail_sign(same[0]))
        # A task's mailbox says little of who does it, unless the cards are about the task: they name nobody.
        level = Likelihood.NEAR if is_role(mail) and (one.person or other.person) else Likelihood.SAME
        yield weigh(CardPart.MAIL, level, LikenessEvidence(Reason.EMAIL, one.mails[mail], many), less=common(many))
        return
    for mine in one.mails:
        for theirs in other.mails:
            if _one_box(mine, theirs, ratio):
                yield weigh(CardPart.MAIL, Likelihood.CLOSE, LikenessEvidence(Reason.MAILBOX, one.mails[mine]))
                return
    yield weigh(CardPart.MAIL, Likelihood.UNLIKE)


def _one_box(one: str, other: str, ratio: Ratio) -> bool:
    """Whether two addresses may be one mistyped."""
    (mine, _, at), (theirs, _, there) = one.partition("@"), other.partition("@")
    if at == there:
        letter = is_own(mine) and is_own(theirs) and one_letter(mine, theirs)
        # `anna.berg2@` is somebody else's than `anna.berg@`, and no typing error.
        return letter and [*filter(str.isdigit, mine)] == [*filter(str.isdigit, theirs)]
    return mine == theirs and not is_role(one) and ratio(at, there) >= CLOSE


def _dialled(one: Traits, other: Traits, held: Held) -> Iterator[Weighed]:
    if not one.numbers or not other.numbers:
        return
    key = next((key for key in one.numbers if any(is_one_number(key, theirs) for theirs in other.numbers)), None)
    if key is None:
        yield weigh(CardPart.NUMBER, Likelihood.UNLIKE)
    else:
        many = held(number_sign(key))
        evidence = LikenessEvidence(Reason.NUMBER, one.numbers[key], many)
        yield weigh(CardPart.NUMBER, Likelihood.SAME, evidence, less=common(many))


def _born(one: Traits, other: Traits) -> Iterator[Weighed]:
    if one.birthdays and other.birthdays:
        level = min(_days(a, b) for a in one.birthdays for b in other.birthdays)
        reason = {Likelihood.SAME: Reason.BIRTHDAY, Likelihood.CLOSE: Reason.BORN_NEARLY}.get(level)
        if one.birthdays & other.birthdays:  # without a year it weighs less, and is the same all the same
            reason = Reason.BIRTHDAY
        yield weigh(CardPart.BIRTHDAY, level, LikenessEvidence(reason) if reason else None)


def are_born_alike(one: Traits, other: Traits) -> bool:
    """Whether any of their birthdays may be the same."""
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


def _work(one: Traits, other: Traits, ratio: Ratio, held: Held) -> Iterator[Weighed]:
    """Where they work, by the company's name: the domain of an address is a part of it, and weighed with it."""
    if not one.companies or not other.companies or one.person != other.person:
        return
    works = next((key for key in one.companies if key in other.companies), None)
    if works is not None:
        many = held(work_sign(works))
        yield weigh(
            CardPart.WORK,
            Likelihood.SAME,
            LikenessEvidence(Reason.COMPANY, one.companies[works], many),
            less=common(many),
        )
    elif not any(ratio(a, b) >= CLOSE for a in one.companies for b in other.companies):
        yield weigh(CardPart.WORK, Likelihood.UNLIKE)


def _lives(one: Traits, other: Traits, ratio: Ratio, held: Held) -> list[Weighed]:
    homes = [_homes(a, b, ratio, held) for a in one.places for b in other.places]
    return max(homes, key=lambda some: sum(each.bits for each in some), default=[])


def _homes(one: AddressTrait, other: AddressTrait, ratio: Ratio, held: Held) -> list[Weighed]:
    found = []
    if one.street and other.street:
        ordered = [" ".join(sorted(street.split())) for street in (one.street, other.street)]
        level = graded(max(ratio(one.street, other.street), ratio(ordered[0], ordered[1])))
        fewer, more = sorted((set(one.street.split()), set(other.street.split())), key=len)
        if fewer == more:
            level = Likelihood.SAME
        elif fewer < more and len(fewer) > 1:
            level = Likelihood.CLOSE  # a house's name or a floor more
        elif level is Likelihood.CLOSE and _numbers(one.street) and _numbers(other.street):
            level = Likelihood.CLOSE if _numbers(one.street) & _numbers(other.street) else Likelihood.NEAR  # next door
        reason = {Likelihood.SAME: Reason.ADDRESS, Likelihood.CLOSE: Reason.NEAR_ADDRESS}.get(level)
        found.append(weigh(CardPart.STREET, level, LikenessEvidence(reason) if reason else None))
    if levels := [*_towns(one, other, ratio)]:
        shared = [town for town in (one.code, one.city) if town and town in (other.code, other.city)]
        less = min((common(held(town_sign(town))) for town in shared), default=0)
        found.append(weigh(CardPart.TOWN, min(levels), less=less))
    return found


def _numbers(street: str) -> set[str]:
    return {word for word in street.split() if word.isdigit()}


def _towns(one: AddressTrait, other: AddressTrait, ratio: Ratio) -> Iterator[Likelihood]:
    if one.city and other.city:
        level = graded(ratio(one.city, other.city))
        yield Likelihood.CLOSE if level is Likelihood.NEAR else level
    if one.code and other.code:
        near = len(one.code) == len(other.code) and ratio(one.code, other.code) >= 75
        yield Likelihood.SAME if one.code == other.code else Likelihood.CLOSE if near else Likelihood.UNLIKE
