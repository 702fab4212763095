"""Facets: what a filter's `name:value` can ask of a card, written as one text beside the one that words are found in.

Each line of it is one value: the sign of its name before each of its words, folded. So `city:york` is a search for the
sign of `city` followed by `york`, which both databases and memory do alike (`searching.py`), and a value that is asked
for whole (a tag, a country, a domain) is a search for sign, value and the line's end. Signs are control characters:
no value of a card holds one (`spelling.clean`).

Rejected: a row for each value, which costs fifteen rows a contact and makes an import of 25,000 half as slow again.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from sharesync.model.card import Card, Item
from sharesync.model.company_fields import TAGS as TAGS_ID
from sharesync.model.company_fields import CompanyField, FieldValue
from sharesync.model.countries import codes_of
from sharesync.model.field_kinds import FieldKind, parts
from sharesync.model.plausible import looks_like_email, looks_like_phone
from sharesync.model.searching import DIGITS, Term, dialled, spellings, unquoted, written_numbers
from sharesync.model.spelling import bare, clean

TAGS = frozenset({"tag", "tags"})
"""The keys of the custom entry that holds a contact's tags, folded."""
_WORD = re.compile(r"[^\W_]+")
_SHORT = DIGITS - 1
"""From so many digits on, a part of a number is written down: `phone:112` finds those who have just that."""


class Kind(ABC):
    """How the values of a name are written, and asked for. Two values of one kind are compared in one way only."""

    @abstractmethod
    def lines(self, sign: str, value: str) -> Iterator[str]:
        """The lines of one value, without their ends."""

    @abstractmethod
    def ways(self, sign: str, value: str) -> Iterator[str]:
        """The needles, of which any finds what is asked for; none where the value can never be found."""


class Words(Kind):
    """Words that follow each other in a value: the last may be the beginning of one."""

    def lines(self, sign: str, value: str) -> Iterator[str]:
        """The value as it is written, and its words in other spellings."""
        words = [spellings(word) for word in _words(value)]
        yield " ".join(sign + plain for plain, *_ in words)
        yield from dict.fromkeys(sign + other for _, *others in words for other in others)

    def ways(self, sign: str, value: str) -> Iterator[str]:
        """One word in all its spellings; several as they are written."""
        words = _words(value)
        if len(words) == 1:
            yield from (sign + spelling for spelling in spellings(words[0]))
        elif words:
            yield " ".join(sign + bare(word) for word in words)


class Whole(Kind):
    """The whole value, and no part of it."""

    def lines(self, sign: str, value: str) -> Iterator[str]:
        """The value, folded."""
        yield sign + " ".join(bare(value).split())

    def ways(self, sign: str, value: str) -> Iterator[str]:
        """The same with the line's end."""
        yield f"{sign}{' '.join(bare(value).split())}\n"


class Domains(Whole):
    """A domain: it finds what lies below it, too."""

    def lines(self, sign: str, value: str) -> Iterator[str]:
        """The domain and those above it, down to two labels."""
        labels = bare(value).split(".")
        yield from (sign + ".".join(labels[begin:]) for begin in range(max(1, len(labels) - 1)))

    def ways(self, sign: str, value: str) -> Iterator[str]:
        """Without the @ that people put before it."""
        yield from super().ways(sign, value.removeprefix("@").strip("."))


class Countries(Words):
    """A country by its code, or by its name in ten languages."""

    def ways(self, sign: str, value: str) -> Iterator[str]:
        """Its codes, and its name from the beginning; two letters alone are no beginning: `de` is not Denmark."""
        is_code = len(value) == 2  # ISO 3166
        codes = codes_of(value) or ({value} if is_code else set())
        yield from (f"{sign}={code.lower()}\n" for code in sorted(codes))
        yield from WHOLE.ways(sign, value) if is_code else super().ways(sign, value)


class Numbers(Kind):
    """A phone number, or a part of one, with its country or without."""

    def lines(self, sign: str, value: str) -> Iterator[str]:
        """Its digits from each on, and whether it says its country."""
        for form in dict.fromkeys(written_numbers(value)) or ["".join(filter(str.isdecimal, value))]:
            digits = form.lstrip("+#")
            if form.startswith("#"):
                yield sign + form
            yield from (sign + digits[begin:] for begin in range(max(1, len(digits) - _SHORT + 1)))

    def ways(self, sign: str, value: str) -> Iterator[str]:
        """As it is dialled from here and from abroad."""
        yield from (sign + way for way in dialled(value))


WORDS, WHOLE, DOMAINS, COUNTRIES, NUMBERS = Words(), Whole(), Domains(), Countries(), Numbers()


@dataclass(frozen=True, slots=True)
class Facet:
    """One name that a filter may ask a value of."""

    kind: Kind
    values: Callable[[Card], Iterable[str]]


def _parts(field: str, *parts: str) -> Callable[[Card], Iterator[str]]:
    def values(card: Card) -> Iterator[str]:
        for item in card[field]:
            yield from filter(None, (item.text(part) for part in parts or ("value",)))

    return values


def _names(card: Card) -> Iterator[str]:
    for item in card["names"]:
        parts = ("honorificPrefix", "givenName", "middleName", "familyName", "honorificSuffix")
        yield " ".join(filter(None, (item.text(part) for part in parts)))
    yield from _parts("nicknames")(card)


def _domains(card: Card) -> Iterator[str]:
    for item in card["emailAddresses"]:
        _, at, domain = item.text("value").rpartition("@")
        if at and domain:
            yield domain


def _countries(card: Card) -> Iterator[str]:
    for item in card["addresses"]:
        yield item.text("country")


def _codes(card: Card) -> Iterator[str]:
    for item in card["addresses"]:
        known = codes_of(item.text("country"))
        code = item.text("countryCode")
        yield from sorted({code} if code and (not known or code.upper() in known) else known)


def _tags(card: Card) -> Iterator[str]:
    for item in card["userDefined"]:
        if bare(item.text("key")) in TAGS:
            yield from filter(None, (tag.strip() for tag in item.text("value").split(",")))


def _days(card: Card) -> Iterator[str]:
    for item in card["birthdays"]:
        yield _day(item)


def _day(item: Item) -> str:
    date = item.get("date")
    if not isinstance(date, tuple):
        return item.text("text")
    units = dict(date)
    return "-".join(f"{units[unit]:02}" for unit in ("year", "month", "day") if units.get(unit))


FACETS: Mapping[str, Facet] = MappingProxyType(
    {
        "name": Facet(WORDS, _names),
        "email": Facet(WORDS, _parts("emailAddresses")),
        "domain": Facet(DOMAINS, _domains),
        "phone": Facet(NUMBERS, _parts("phoneNumbers")),
        "company": Facet(WORDS, _parts("organizations", "name")),
        "title": Facet(WORDS, _parts("organizations", "title")),
        "department": Facet(WORDS, _parts("organizations", "department")),
        "street": Facet(WORDS, _parts("addresses", "streetAddress", "extendedAddress", "poBox")),
        "city": Facet(WORDS, _parts("addresses", "city")),
        "region": Facet(WORDS, _parts("addresses", "region")),
        "postcode": Facet(WORDS, _parts("addresses", "postalCode")),
        "country": Facet(COUNTRIES, _countries),
        "birthday": Facet(WORDS, _days),
        "website": Facet(WORDS, _parts("urls")),
        "relation": Facet(WORDS, _parts("relations", "person")),
        "note": Facet(WORDS, _parts("biographies")),
        "tag": Facet(WHOLE, _tags),
    }
)
"""By the name that is typed. Adding one here makes it a term everywhere, once the next start has derived it."""

_HAS: Mapping[str, Callable[[Card], Iterable[object]]] = MappingProxyType(
    {name: facet.values for name, facet in FACETS.items() if name != "domain"}
    | {"address": lambda card: card["addresses"], "nickname": _parts("nicknames")}
)
HAS = tuple(_HAS)
"""What a contact can be asked to have, or to lack."""

_SIGNS = {name: chr(sign) for name, sign in zip(FACETS, (*range(3, 9), *range(14, 28)), strict=False)}
_HAS_SIGN, _INVALID_SIGN, _FIELD_SIGN = "\1", "\2", "\x1f"


def facets(card: Card, told: Iterable[FieldValue]) -> str:
    """Every line of a card, and of what the contact says in the company's fields."""
    fields = (line for value in told if value.field.id != TAGS_ID for line in _of_field(value))
    return "".join(f"{line}\n" for line in dict.fromkeys((*_lines(card), *fields)))


def asking(name: str, value: str) -> Term:
    """What finds the contacts of which a facet has this value; a value of signs alone finds nobody."""
    return Term(tuple((way,) for way in dict.fromkeys(FACETS[name].kind.ways(_SIGNS[name], clean(value)))))


def asking_field(field: CompanyField, value: str) -> Term:
    """What finds the contacts that say this in a field of words."""
    written = field.canonical(value) or value
    ways = _KINDS[field.kind].ways(_field_sign(field), clean(written))
    return Term(tuple((way,) for way in dict.fromkeys(ways)))


def having(name: str | CompanyField) -> Term:
    """What finds the contacts that have something there: `name` is one of `HAS`, or a field."""
    return Term(((f"{_HAS_SIGN}{name if isinstance(name, str) else _field_sign(name)}\n",),))


def unfit(field: CompanyField) -> Term:
    """What finds the contacts whose value does not fit into a field."""
    return Term(((f"{_INVALID_SIGN}{_field_sign(field)}\n",),))


def invalid(name: str) -> Term:
    """What finds the contacts with an address (`email`) or a number (`phone`) that nobody can reach."""
    return Term(((f"{_INVALID_SIGN}{name}\n",),))


def _lines(card: Card) -> Iterator[str]:
    told = {name: [*facet.values(card)] for name, facet in FACETS.items()}
    for name, texts in told.items():
        for text in texts:
            yield from (_written_again if len(text) < _OFTEN else _written)(name, text)
    yield from (f"{_SIGNS['country']}={code.lower()}" for code in _codes(card))
    yield from (_HAS_SIGN + name for name, values in _HAS.items() if any(told[name] if name in told else values(card)))
    if any(not looks_like_email(item.text("value")) for item in card["emailAddresses"]):
        yield f"{_INVALID_SIGN}email"
    if any(not looks_like_phone(item.text("value")) for item in card["phoneNumbers"]):
        yield f"{_INVALID_SIGN}phone"


def _written(name: str, text: str) -> tuple[str, ...]:
    """The lines of one value."""
    return tuple(filter(None, FACETS[name].kind.lines(_SIGNS[name], text)))


_OFTEN = 40
"""Characters of a value that many contacts may have: a city, a title, a given name, a company."""
_written_again = lru_cache(maxsize=8192)(_written)

_KINDS: Mapping[FieldKind, Kind] = MappingProxyType(
    {kind: WHOLE if kind in (FieldKind.ONE_OF, FieldKind.SEVERAL_OF, FieldKind.YES_NO) else WORDS for kind in FieldKind}
)
"""How the values of a field are asked for; of a number or a day this is what does not fit."""


def _field_sign(field: CompanyField) -> str:
    return f"{_FIELD_SIGN}{field.id}="


def _of_field(value: FieldValue) -> Iterator[str]:
    sign, kind = _field_sign(value.field), value.field.kind
    yield _HAS_SIGN + sign
    if not value.fits:
        yield _INVALID_SIGN + sign
        yield from filter(None, WORDS.lines(sign, value.text))
    elif not kind.is_amount:
        for one in parts(value.told) if kind is FieldKind.SEVERAL_OF else [value.told]:
            yield from filter(None, _KINDS[kind].lines(sign, one))


def _words(value: str) -> list[str]:
    return _WORD.findall(unquoted(value.casefold()))
