"""What one heading of a CSV file says, word by word: `Person - Email - Work`, `Telefon 2, arb.`, `Hjemland/område`.

A heading is read as a row of words that all have to be known, whether they are written apart or as one. At most one of
its nouns remains: a *soft* one gives way to another (`Company Phone`, `E-Mail-Adresse`, `Navn på overordnet`). What
cannot be read to its end means nothing: half a heading would be a wrong one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from sharesync.formats.csv_words import (
    BARE,
    COMPANY,
    CONTACT,
    DEVICES,
    EMAIL,
    FULL,
    HOME,
    KINDS,
    MAIN,
    MARK,
    NOUNS,
    NUMBER,
    OFFICE,
    OTHER,
    OWN_NUMBERS,
    PHONE,
    PHONETIC,
    SECOND,
    SMALL,
    SOFT,
    SWITCHBOARD,
    WHOLE,
    WORK,
    Noun,
    fold,
)

TYPED = frozenset(("emailAddresses", "phoneNumbers", "addresses", "urls", "imClients"))
"""Fields whose items have a type that a heading may say."""
_PHONETIC = {"givenName": "phoneticGivenName", "middleName": "phoneticMiddleName", "familyName": "phoneticFamilyName"}


@dataclass(frozen=True, slots=True)
class Heading:
    """What a heading says."""

    field: str
    part: str
    type: str = ""
    """Google's word for the kind, or the heading's own."""
    numbers: tuple[int, ...] = ()
    """In the heading's order: `Address 2: Street 1`."""
    second: bool = False
    """It says that there is another of its kind: `Secondary Email`."""
    if_numbers: bool = False
    """It names no more than whose number may be meant (`Work`): the cells have to tell."""
    marks: bool = False
    """Its cells say the type of a value, and not the value: `Phone 1 - Type`."""

    @property
    def noun(self) -> Noun:
        """Field and part."""
        return self.field, self.part


@lru_cache(maxsize=4096)
def read_heading(text: str) -> Heading | None:
    """What a heading says; None where it is not understood. Headings repeat from file to file, so they are kept."""
    numbers = tuple(int(number) for number in re.findall(r"[0-9]{1,3}", text))
    word = fold(text)
    if word in WHOLE:
        return _made([WHOLE[word]], [], numbers, says_number=False)
    words = next(_words(word, 0), None)
    if not words or word in OWN_NUMBERS:
        return None
    nouns = list(dict.fromkeys(NOUNS[one] for one in words if one in NOUNS and one not in KINDS))
    both = [one for one in words if one in NOUNS and one in KINDS]
    kinds = [KINDS[one] for one in words if one in KINDS]
    if both and not nouns:
        nouns = [NOUNS[both[0]]]
    return _made(nouns, kinds, numbers, says_number=any(one in NUMBER for one in words))


def _words(text: str, at: int) -> Iterator[list[str]]:
    """The ways to read a folded heading as known words, those of long words first."""
    if at == len(text):
        yield []
        return
    for end in range(min(len(text), at + _LONGEST), at, -1):
        if text[at:end] in _KNOWN:
            for rest in _words(text, end):
                yield [text[at:end], *rest]


_KNOWN = NOUNS.keys() | KINDS.keys() | SMALL
_LONGEST = max(map(len, _KNOWN))


def _made(nouns: list[Noun], kinds: list[str], numbers: tuple[int, ...], *, says_number: bool) -> Heading | None:
    marks, second = MARK in nouns, SECOND in kinds
    kinds = [kind for kind in kinds if kind != SECOND]
    found = _one([noun for noun in nouns if noun != MARK], kinds, says_number=says_number)
    if found is None:
        return None
    noun, kinds, if_numbers = found
    field, part = noun
    if PHONETIC in kinds:
        part = "phoneticName" if noun == COMPANY else _PHONETIC.get(part, "")
        kinds = [kind for kind in kinds if kind != PHONETIC]
        if not part:
            return None
    if field in TYPED:
        return Heading(field, part, _type(field, kinds), numbers, second, if_numbers, marks)
    if marks or set(kinds) - ({WORK, MAIN} if field == "organizations" else {MAIN} if noun == CONTACT else set()):
        return None
    return Heading(field, part, "", numbers, second, if_numbers)


def _one(nouns: list[Noun], kinds: list[str], *, says_number: bool) -> tuple[Noun, list[str], bool] | None:
    """The noun that the others only describe, the kinds with what those say, whether the cells have to tell."""
    if set(kinds) & DEVICES and PHONE not in nouns and not {field for field, _ in nouns} & TYPED - {"phoneNumbers"}:
        nouns = [*nouns, PHONE]
    if not nouns or (nouns == [CONTACT] and says_number):
        return (PHONE, kinds, True) if nouns or any(kind in (WORK, HOME, OTHER, MAIN) for kind in kinds) else None
    if SWITCHBOARD in nouns:
        return PHONE, [*kinds, MAIN], False
    if EMAIL in nouns and {BARE, FULL} & set(nouns):
        return ("emailAddresses", "displayName"), kinds, False
    people = [part for field, part in nouns if field == "relations"]
    if people and PHONE in nouns:  # the number of one's assistant
        return PHONE, [*kinds, people[0]], False
    rest = list(nouns)
    for soft in SOFT:
        if len(rest) > 1 and soft in rest:
            rest.remove(soft)
            if soft in (COMPANY, OFFICE) and rest[0][0] in TYPED:
                kinds = [*kinds, WORK]
    if len({field for field, _ in rest}) > 1 or len(rest) != 1:
        return None
    return rest[0], kinds, rest[0] in (OFFICE, CONTACT)


def _type(field: str, kinds: Sequence[str]) -> str:
    said = set(kinds)
    if field == "phoneNumbers":
        place = "work" if "work" in said else "home" if "home" in said else ""
        if "fax" in said:
            return f"{place}Fax" if place else "otherFax"
        for kind in ("mobile", "pager"):
            if kind in said:
                return f"work{kind.capitalize()}" if place == "work" else kind
        return next((kind.removeprefix("=") for kind in kinds if kind not in (WORK, HOME)), place)
    return next((kind.removeprefix("=") for kind in kinds if kind[0] == "=" or kind in (HOME, WORK, OTHER)), "")
