"""Likeness: what makes two contacts probably one and the same, with the reasons and how sure they make one.

The law: a pair needs a reason, and every reason can be shown. An address that both have is one; so is a number, unless
both have whole names that are unlike; so is the same name, unless company or domain speak against it. A nearly equal
name is one only where they share a company, a domain of their own or the bearing of the family name. Signs that dozens
share (a switchboard, `info@`) are for the store to pass over. Nothing here decides anything: a pair is a question to a
person.

How nearly equal two texts are is asked of a `Ratio` from 0 to 100, so that this floor needs no library.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum

from sharesync.model.card import Card
from sharesync.model.providers import FREE
from sharesync.model.spelling import dial
from sharesync.model.suppression import SHORTEST

Ratio = Callable[[str, str], float]
NEAR = 88
"""Names are nearly equal from here on: one letter in eight or so."""
NEARER = 93
"""The same where nothing but the name speaks for it."""
UNLIKE = 60
"""Below this two names speak against it."""


class Reason(Enum):
    """Why two contacts are probably one."""

    EMAIL = "email"
    NUMBER = "number"
    NAME = "name"
    NEARLY = "nearly"
    """Nearly the same name."""
    COMPANY = "company"
    DOMAIN = "domain"
    """Addresses at the same domain, and not at a provider whose domain everyone has."""


WEIGHTS = {
    Reason.EMAIL: 50,
    Reason.NUMBER: 40,
    Reason.NAME: 30,
    Reason.NEARLY: 20,
    Reason.COMPANY: 15,
    Reason.DOMAIN: 10,
}
AGAINST = 25
"""What an address or number says less where the names are unlike: two people share it."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One reason, and the address, number, company or domain that both have, as the first of them writes it."""

    reason: Reason
    shared: str = ""


@dataclass(frozen=True, slots=True)
class Likeness:
    """Why two contacts are probably one, the strongest reason first, and how surely: more is surer."""

    surety: int
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Traits:
    """What of a card is compared, normalised; each as the card writes it first."""

    mails: dict[str, str]
    numbers: dict[str, str]
    name: tuple[str, ...]
    """The words of the name, folded and sorted; of an organisation without a person, the company's."""
    bearing: str
    """How the family name sounds, with the first letter of the given name."""
    companies: dict[str, str]
    domains: frozenset[str]

    @property
    def joined(self) -> str:
        """The name as one text."""
        return " ".join(self.name)


def traits(card: Card) -> Traits:
    """What of this card is compared."""
    mails = {text.casefold(): text for item in card["emailAddresses"] if (text := item.text("value").strip())}
    numbers = {n: text for item in card["phoneNumbers"] if (n := number(text := item.text("value")))}
    companies = {c: text for item in card["organizations"] if (c := company(text := item.text("name")))}
    given, family = _name(card)
    words = sorted({*given, *family}) or sorted({word for one in list(companies)[:1] for word in one.split()})
    domains = {mail.rpartition("@")[2] for mail in mails if "@" in mail}
    return Traits(
        mails=mails,
        numbers=numbers,
        name=tuple(words),
        bearing=_bearing(given, family),
        companies=companies,
        domains=frozenset(domains - FREE - {""}),
    )


def keys(of: Traits) -> frozenset[str]:
    """Signs by which contacts that may be alike are found: two without one in common are not."""
    return frozenset(_keys(of))


def _keys(of: Traits) -> Iterator[str]:
    yield from (f"mail:{mail}" for mail in of.mails)
    yield from (f"number:{one[-SHORTEST:]}" for one in of.numbers)
    if len(of.name) > 1:
        yield f"name:{of.joined}"
    if of.bearing:
        yield f"bearing:{of.bearing}"
    yield from (f"at:{place}:{word}" for place in (*of.companies, *of.domains) for word in _telling(of.name))


def _telling(name: tuple[str, ...]) -> list[str]:
    """The words of a name by which it is known: initials say little, unless there is nothing else."""
    return [word for word in name if len(word) > 1] or list(name)


def alike(one: Traits, other: Traits, ratio: Ratio) -> Likeness | None:
    """Why these two are probably one; None where nothing says so."""
    found = [*_shared(one, other), *_named_alike(one, other, ratio)]
    if not found:
        return None
    if found[0].reason is Reason.EMAIL:  # says more than its domain
        found = [each for each in found if each.reason is not Reason.DOMAIN]
    surety = sum(WEIGHTS[each.reason] for each in found)
    if _named_unlike(one, other, ratio):
        if [each.reason for each in found] == [Reason.NUMBER] and min(len(one.name), len(other.name)) > 1:
            return None  # a line that two people share
        surety -= AGAINST
    return Likeness(surety, tuple(found))


def _shared(one: Traits, other: Traits) -> Iterator[Evidence]:
    mail = next((text for key, text in one.mails.items() if key in other.mails), None)
    if mail is not None:
        yield Evidence(Reason.EMAIL, mail)
    same = (text for key, text in one.numbers.items() if any(is_one_number(key, theirs) for theirs in other.numbers))
    dialled = next(same, None)
    if dialled is not None:
        yield Evidence(Reason.NUMBER, dialled)


def _named_alike(one: Traits, other: Traits, ratio: Ratio) -> Iterator[Evidence]:
    place = _place(one, other)
    apart = not place and bool((one.companies and other.companies) or (one.domains and other.domains))
    name = Evidence(Reason.NAME)
    if one.name == other.name:
        if one.name and (place or (len(one.name) > 1 and not apart)):
            yield name
            yield from filter(None, (place,))
    elif len(one.name) > 1 and len(other.name) > 1:
        kin = bool(one.bearing) and one.bearing == other.bearing
        known = kin or not set(_telling(one.name)).isdisjoint(_telling(other.name))
        if (place and known and _nearly(one, other, ratio, NEAR)) or (
            kin and not apart and _nearly(one, other, ratio, NEARER)
        ):
            yield Evidence(Reason.NEARLY)
            yield from filter(None, (place,))


def _place(one: Traits, other: Traits) -> Evidence | None:
    """The company or domain that both have."""
    works = next((text for key, text in one.companies.items() if key in other.companies), None)
    if works is not None:
        return Evidence(Reason.COMPANY, works)
    domain = min(one.domains & other.domains, default=None)
    return Evidence(Reason.DOMAIN, domain) if domain else None


def _nearly(one: Traits, other: Traits, ratio: Ratio, enough: int) -> bool:
    fewer, more = sorted((set(one.name), set(other.name)), key=lambda name: (len(name), sorted(name)))
    rest, spare = fewer - more, more - fewer
    if all(any(_shortens(word, whole) for whole in spare) for word in rest):
        return True  # a middle name more, or initials
    return ratio(one.joined, other.joined) >= enough


def _shortens(initial: str, whole: str) -> bool:
    return len(initial) == 1 and whole.startswith(initial)


def _named_unlike(one: Traits, other: Traits, ratio: Ratio) -> bool:
    if not one.name or not other.name or set(one.name) & set(other.name):
        return False
    if any(ratio(word, theirs) >= NEAR for word in one.name for theirs in other.name):
        return False  # Grace and Gracie Hopper
    return ratio(one.joined, other.joined) < UNLIKE


# --- Normal forms ----------------------------------------------------------------------------------------------------


def number(text: str) -> str:
    """A phone number without its writing: digits, a `+` where it names its country; empty where it is an extension."""
    dialled = re.split(r"[,;#*]", text)[0]
    digits = re.sub(r"^[\D0]+|\(0\)|\D", "", dialled)
    if len(digits) < SHORTEST:
        return ""
    return "+" + digits if dial(dialled).startswith("+") else digits


def is_one_number(one: str, other: str) -> bool:
    """Whether two numbers ring the same: equal, or one is the other without its country's one to three digits."""
    short, long = sorted((one, other), key=len)
    return one == other or bool(re.fullmatch(r"\+\d{1,3}", long.removesuffix(short)))


_LEGAL = frozenset(
    "ab ag aps as asa bv co company corp corporation gmbh inc incorporated kg limited llc llp ltd nv oy oyj plc sa sarl"
    " sas se spa srl".split()
)
_WORD = re.compile(r"[^\W_]+")
_LETTERS = str.maketrans({"ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"})


def company(name: str) -> str:
    """A company's name as it is compared: without its legal form, whatever its case and accents."""
    words = fold(re.sub(r"(?<=\b\w)[./](?=\w\b)", "", name))  # A/S and S.A. are one word
    return " ".join([word for word in words if word not in _LEGAL] or words)


def fold(text: str) -> list[str]:
    """The words of a text without case and accents: `Ågård-Bøgh` is `agard`, `bogh`."""
    if not text.isascii():
        apart = unicodedata.normalize("NFKD", text.casefold()).translate(_LETTERS)
        text = "".join(sign for sign in apart if not unicodedata.combining(sign))
    return _WORD.findall(text.casefold())


def _name(card: Card) -> tuple[list[str], list[str]]:
    """The words of given and family name, one after the other where only a whole name is told."""
    for item in card["names"]:
        given = fold(f"{item.text('givenName')} {item.text('middleName')}")
        family = fold(item.text("familyName"))
        return (given, family) if family else (given[:-1], given[-1:])
    return [], []


def _bearing(given: list[str], family: list[str]) -> str:
    if not given or not family:
        return ""
    # Vowels and doubled letters are what people mistype and mishear first.
    said = "".join(family)
    consonants = re.sub(r"(.)\1+", r"\1", said[0] + re.sub(r"[aeiouyw]", "", said[1:]))
    return f"{consonants} {given[0][0]}"
