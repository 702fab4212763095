"""Traits: what of a card is compared with others, in normal forms, and the signs by which like ones are found.

A sign is a text that two contacts may share: a value, or what is left of one when people mistype it. Contacts without
a sign in common are never compared, so that a store of 50,000 is compared in linear time.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from sharesync.model.card import Card, Item
from sharesync.model.nicknames import forms
from sharesync.model.providers import FREE
from sharesync.model.spelling import dial
from sharesync.model.suppression import SHORTEST


@dataclass(frozen=True, slots=True)
class AddressTrait:
    """An address as it is compared."""

    street: str
    city: str
    code: str


@dataclass(frozen=True, slots=True)
class Traits:
    """What of a card is compared, normalised; the values of a mapping are as the card writes them first."""

    mails: dict[str, str]
    numbers: dict[str, str]
    given: tuple[str, ...]
    family: tuple[str, ...]
    """Of an organisation without a person, the words of its name."""
    name: tuple[str, ...]
    """All words of the name, in no order."""
    person: bool
    """It names a person; otherwise an organisation, or nobody."""
    generation: str
    """`sr`, `jr` or a number: what tells a father from a son of the same name; mostly empty."""
    companies: dict[str, str]
    domains: frozenset[str]
    """Of its e-mail addresses, but for those where everybody may have one."""
    birthdays: frozenset[str]
    """As eight digits: year, month, day; without a year it begins with `0000`."""
    places: tuple[AddressTrait, ...]

    @property
    def whole(self) -> bool:
        """It has a person's given name and family name."""
        return self.person and bool(self.given and self.family)


def traits(card: Card) -> Traits:
    """What of this card is compared."""
    mails = {text.casefold(): text for item in card["emailAddresses"] if (text := item.text("value").strip())}
    companies = {c: text for item in card["organizations"] if (c := company(text := item.text("name")))}
    given, family, generation = _name(card)
    works = [_spelt(one.split()) for one in companies]
    person = bool(given or family) and not any({*given, *family} == set(one) for one in works)
    if not person:
        given, family = (), works[0] if works else ()
    domains = {mail.rpartition("@")[2] for mail in mails if "@" in mail}
    return Traits(
        mails=mails,
        numbers={n: text for item in card["phoneNumbers"] if rings(n := number(text := item.text("value")))},
        given=given,
        family=family,
        name=tuple(sorted({*given, *family})),
        person=person,
        generation=generation,
        companies=companies,
        domains=frozenset(domains - FREE - {""}),
        birthdays=frozenset(filter(None, map(_date, card["birthdays"]))),
        places=tuple(filter(None, map(_place, card["addresses"]))),
    )


# --- Signs -----------------------------------------------------------------------------------------------------------


def values(of: Traits) -> frozenset[str]:
    """The signs that are whole values: the more contacts have one, the less it says about each."""
    shared = (*map(work_sign, of.companies), *map(town_sign, towns(of)))
    return frozenset((*_own_values(of), *shared))


def signs(of: Traits) -> frozenset[str]:
    """The signs by which it meets others: two that are alike have one in common."""
    return frozenset((*_own_values(of), *_worn(of)))


def _own_values(of: Traits) -> Iterator[str]:
    yield from map(mail_sign, of.mails)
    yield from map(number_sign, of.numbers)
    if len(of.name) > 1:
        yield name_sign(of)


def mail_sign(mail: str) -> str:
    """The sign of an e-mail address."""
    return f"mail:{mail}"


def number_sign(digits: str) -> str:
    """The sign of a number: its end, because one may be written without its country."""
    return f"number:{digits[-SHORTEST:]}"


def name_sign(of: Traits) -> str:
    """The sign of a name, in whatever order."""
    return f"name:{' '.join(of.name)}"


def work_sign(place: str) -> str:
    """The sign of a company."""
    return f"work:{place}"


def town_sign(town: str) -> str:
    """The sign of a city or postal code."""
    return f"town:{town}"


def towns(of: Traits) -> list[str]:
    """Cities and postal codes of its addresses."""
    return [town for place in of.places for town in (place.city, place.code) if town]


def _worn(of: Traits) -> Iterator[str]:
    """What is left of values that were mistyped or changed: sounds, parts, and pairs of these."""
    sounds = {sound(word) for word in of.name if len(word) > 1} or set(of.name)
    for day in of.birthdays:
        yield f"born:{day[4:]}:{day[2:4]}"
        yield from (f"born:{day[4:]}:{said}" for said in sounds)
    if of.given and of.family:
        first, last = sound("".join(of.given[:1])), sound("".join(of.family))
        yield f"sounds:{' '.join(sorted((first, last)))}"
        yield from {f"near:{first}:{of.family[0][:3]}", f"near:{last}:{of.given[0][:3]}"}
        yield from (f"form:{form}:{last}" for word in of.given for form in forms(word))
    whole = {sound("".join(of.given)), sound("".join(of.family))} - {""}
    for place in of.places:
        where = [town for town in (place.code, place.city) if town]
        yield from (f"in:{town}:{said}" for town in where for said in sounds | whole)
        numbers = [word for word in place.street.split() if word.isdigit()]
        yield from (f"house:{town}:{number}" for town in where for number in numbers)
        if place.street:
            yield f"street:{''.join(sorted(place.street.split()))}"
    for mail in of.mails:
        box, _, at = mail.partition("@")
        if is_own(box):
            yield f"box:{box}"
            yield f"box:{sound(box)}@{at}"
    yield from (f"at:{place}:{said}" for place in of.companies for said in sounds)


_ROLES = frozenset(
    "accounts admin booking bookkeeping contact faktura finance firmapost hello hej info information invoice kontakt"
    " kontor mail noreply office order orders ordre post postmaster press reception regnskab sales salg salgsordre"
    " service support webmaster".split()
)
_BOX = 5


def is_role(mail: str) -> bool:
    """Whether an address is of a task, which many read: `order@`."""
    return mail.partition("@")[0] in _ROLES


def is_own(box: str) -> bool:
    """Whether what stands before the @ is long enough to be its owner's alone."""
    return len(box) >= _BOX and box not in _ROLES


# --- Normal forms ----------------------------------------------------------------------------------------------------


def number(text: str) -> str:
    """A phone number without its writing: digits, a `+` where it names its country; empty where it is an extension."""
    dialled = re.split(r"[,;#*]", text)[0]
    digits = re.sub(r"^[\D0]+|\(0\)|\D", "", dialled)
    if len(digits) < SHORTEST:
        return ""
    return "+" + digits if dial(dialled).startswith("+") else digits


def rings(digits: str) -> bool:
    """Whether somebody may answer there: `99999999` and `12345678` are typed where a form demands a number."""
    counted = len(digits) > SHORTEST and digits.removeprefix("+45") in "1234567890"
    return len(set(digits[-SHORTEST:])) > 1 and not counted


def is_one_number(one: str, other: str) -> bool:
    """Whether two numbers ring the same: equal, or one is the other without its country's one to three digits."""
    short, long = sorted((one, other), key=len)
    return one == other or (long.endswith(short) and bool(re.fullmatch(r"\+\d{1,3}", long[: -len(short)])))


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


def plain(word: str) -> str:
    """A folded word as people write it who have no such letters: `moelgaard` and `molgard` are one."""
    return re.sub(r"([aou])e|(a)a", r"\1\2", word)


@lru_cache(maxsize=16_384)
def sound(word: str) -> str:
    """How a word sounds: its first letter and its consonants, because vowels and doubled letters are mistyped first."""
    return re.sub(r"(.)\1+", r"\1", word[:1] + re.sub(r"[aeiouywh]", "", word[1:]))


def _spelt(words: list[str]) -> tuple[str, ...]:
    return tuple(map(plain, words))


_GENERATIONS = {"senior": "sr", "sen": "sr", "sr": "sr", "junior": "jr", "jun": "jr", "jr": "jr"}
_GENERATIONS |= {one: one for one in ("ii", "iii", "iv")}


def _name(card: Card) -> tuple[tuple[str, ...], tuple[str, ...], str]:
    """Given and family name and the generation; where only a whole name is told, its last word is the family's."""
    for item in card["names"]:
        told = fold(item.text("honorificSuffix"))
        given = _spelt(fold(f"{item.text('givenName')} {item.text('middleName')}"))
        family = fold(item.text("familyName"))
        if len(family) > 1 and family[-1] in _GENERATIONS:
            told.append(family.pop())
        generation = next((_GENERATIONS[word] for word in told if word in _GENERATIONS), "")
        if family or len(given) < 2:
            return given, _spelt(family), generation
        return given[:-1], given[-1:], generation
    return (), (), ""


def _date(item: Item) -> str:
    told = item.get("date")
    date: dict[str, int] = {part: int(value) for part, value in told} if isinstance(told, tuple) else {}
    if not date.get("month") or not date.get("day"):
        return ""
    return f"{date.get('year', 0):04}{date['month']:02}{date['day']:02}"


def _place(item: Item) -> AddressTrait | None:
    street = " ".join(_spelt(fold(f"{item.text('streetAddress')} {item.text('extendedAddress')}")))
    city = " ".join(_spelt(fold(item.text("city"))))
    code = "".join(fold(item.text("postalCode")))
    return AddressTrait(street, city, code) if street or city or code else None
