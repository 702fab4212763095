"""Searching: when a text finds a contact, a person, a group or an event. One rule, wherever somebody types to find.

Every word must be found, in any order; a word is found anywhere in a word. Case, accents, quotes and hyphens mean
nothing, and `Østergård` is found as `ostergard` and as `oestergaard`. From the fourth digit on, a number is found by
any digits that follow each other in it, however it is spaced, with its country's code or without.

What is searched is a *haystack*: one text made of all values, folded, with the other ways to write its words and
numbers on lines of their own. A word that is typed becomes a `Term`: the *needles* to look for in a haystack. Both
databases can look for a text in a text, so memory, SQLite and PostgreSQL give the same answer. A search is bounded: a
database looks at every contact for every needle, and for 20,000 words it would hold a thread for minutes.

Rejected: the one spelling to which all others are reduced (`ø`, `oe` and `o` alike `o`), because whoever types `joe`
would find every John; only words of five letters and more are also compared in this way.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from sharesync.errors import SearchTooLong
from sharesync.model.spelling import bare, clean

MOST_LETTERS = 500
MOST_WORDS = 30
DIGITS = 4
"""So many digits are a number, of which any part is found."""
PIECES = 4
"""So many words of less than `DIGITS` digits each are one number: to look for 12 and for 34 finds all and nothing."""
ALIKE = 5
"""So many letters a word has that is found whichever way its vowels are written."""

_QUOTES = "'\"`´ʹʻʼˈ‘’‚‛“”„‟«»‹›′″"
_HYPHENS = "-\u00ad\u2010\u2011\u2012\u2013\u2014\u2015\u2212"
_DROPPED = re.compile(f"[{re.escape(_QUOTES + _HYPHENS)}]")
_QUOTED = re.compile(f"[{re.escape(_QUOTES)}]")
_DASHED = re.compile(f"[{re.escape(_HYPHENS)}]")
_AROUND = ".,;:!?()[]{}<>"
"""What stands around a word where people paste it."""

_LONG = str.maketrans({"å": "aa", "ä": "ae", "ö": "oe", "ø": "oe", "ü": "ue"})
_LONG_LETTERS = re.compile("[åäöøü]")
_VOWELS = re.compile("a[ae]+|oe+|ue+")

_BETWEEN = rf"[ \t\u00a0\u2009\u202f()./{re.escape(_HYPHENS)}]*"
_NUMBER = re.compile(rf"(?<![\w@.+])(?:\+|\(\+?)?{_BETWEEN}[0-9](?:{_BETWEEN}[0-9]){{{DIGITS - 1},}}(?![\w@])")
_DIALLED = re.compile(rf"[+(]*(?:[0-9]|[()./{re.escape(_HYPHENS)}])*")
_TRUNK = re.compile(r"(?<=[0-9])\s*\(0\)")
"""The zero that is dialled at home only, as in +44 (0)20."""
_TWO_DIGITS = frozenset(
    "20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66"
    " 81 82 84 86 90 91 92 93 94 95 98".split()
)
"""Codes of countries (ITU E.164); one digit for 1 and 7, three for all others."""


@dataclass(frozen=True, slots=True)
class Term:
    """One thing that is looked for: found where any of its ways has all its needles in the haystack."""

    ways: tuple[tuple[str, ...], ...]

    def found_in(self, haystack: str) -> bool:
        """Whether a haystack holds it."""
        return any(all(needle in haystack for needle in way) for way in self.ways)


def found(terms: Iterable[Term], haystack: str) -> bool:
    """Whether a haystack holds all that is looked for."""
    return all(term.found_in(haystack) for term in terms)


def bounded(text: str) -> str:
    """A text of bearable length. Raises SearchTooLong."""
    if len(text) > MOST_LETTERS:
        raise SearchTooLong(MOST_LETTERS, MOST_WORDS)
    return text


# --- What is typed ---------------------------------------------------------------------------------------------------


def terms_of(text: str) -> tuple[Term, ...]:
    """What a text asks for; all of it must be found. Raises SearchTooLong."""
    words = clean(_TRUNK.sub("", bounded(text))).casefold().split()
    terms = dict.fromkeys(_terms(words))
    if max(len(words), len(terms)) > MOST_WORDS:
        raise SearchTooLong(MOST_LETTERS, MOST_WORDS)
    # Where nothing but signs is typed, they are what is looked for: everything would be no answer.
    return tuple(terms) or tuple(Term(((bare(word),),)) for word in words)


def phrase_of(text: str) -> Term:
    """Words that follow each other as they are typed, and nothing but them in between."""
    return Term(((" ".join(bare(_DROPPED.sub("", clean(text).casefold())).split()),),))


def _terms(words: list[str]) -> Iterator[Term]:
    for is_number, some in groupby(words, key=_is_dialled):
        together = list(some)
        if not is_number:
            yield from (_word(part) for word in together for part in _DASHED.split(word) if _told(part))
        elif len(digits := "".join(map(_digits, together))) < DIGITS:
            yield from (_word(word) for word in together if _told(word))
        else:
            yield _number("".join(together), digits, together)


def _is_dialled(word: str) -> bool:
    return _DIALLED.fullmatch(word) is not None


def _word(word: str) -> Term:
    return Term(tuple((way,) for way in spellings(_told(word))))


@lru_cache(maxsize=16_384)
def spellings(word: str) -> tuple[str, ...]:
    """The ways a word is looked for: plain, with its letters written long, and as all ways have it in common."""
    ways = [bare(word), _long(word)]
    if len(like := _alike(ways[0])) >= ALIKE:
        ways.append(like)
    return tuple(dict.fromkeys(ways))


def unquoted(text: str) -> str:
    """A text without the quotes that people write within words: `O'Brien` is one."""
    return _QUOTED.sub("", text)


def _told(word: str) -> str:
    return _DROPPED.sub("", word).strip(_AROUND)


def _number(typed: str, digits: str, words: list[str]) -> Term:
    """Words of digits beside each other are one number, or else each a number for itself (a street's, a postcode)."""
    ways: list[tuple[str, ...]] = [(way,) for way in _dialled(typed, digits)]
    if len(words) > 1 and not _is_one(typed, words):
        ways.append(tuple(dict.fromkeys(told for word in words if (told := _told(word)))))
    elif (told := _told(typed)) != ways[0][0]:
        ways.append((told,))
    return Term(tuple(dict.fromkeys(ways)))


def _is_one(typed: str, words: list[str]) -> bool:
    """Whether words of digits can only be one number: one with its country, or one in many short pieces."""
    international, _ = _is_international(typed, _digits(typed))
    return international or (len(words) >= PIECES and max(len(_digits(word)) for word in words) < DIGITS)


def dialled(typed: str) -> Iterator[str]:
    """The ways a number is looked for: its digits, and after `#` those that are left without a country's code."""
    return _dialled(typed, _digits(typed))


def _dialled(typed: str, digits: str) -> Iterator[str]:
    international, digits = _is_international(typed, digits)
    yield digits
    if not international and digits.startswith("0") and len(home := digits.lstrip("0")) >= DIGITS - 1:
        yield home
    if len(home := digits[_code(digits) :].lstrip("0")) >= DIGITS:
        yield f"#{home}"


def is_same_number(one: str, other: str) -> bool:
    """Whether two writings are of one phone number: spaced otherwise, with its country or without."""
    ways = [(_terms_of_number(typed), haystack([typed])) for typed in (one, other)]
    (mine, here), (theirs, there) = ways
    return bool(mine and theirs) and found(mine, there) and found(theirs, here)


def _terms_of_number(typed: str) -> tuple[Term, ...]:
    return terms_of(typed) if len(_digits(typed)) >= DIGITS else ()


# --- What is searched ------------------------------------------------------------------------------------------------


def haystack(values: Iterable[str]) -> str:
    """The text in which needles are looked for."""
    text = "\n".join(values)
    if not text.isascii():
        text = unicodedata.normalize("NFC", text).casefold()
    plain = bare(_DROPPED.sub("", text))
    return "\n".join((plain, *dict.fromkeys(_other_ways(text, plain))))


@lru_cache(maxsize=65_536)
def haystack_of(*values: str) -> str:
    """The same of a few texts by which people and groups are known, which are asked for with every letter typed."""
    return haystack(values)


def _other_ways(text: str, plain: str) -> Iterator[str]:
    if _LONG_LETTERS.search(text):
        for word in _DROPPED.sub("", text).split():
            if _LONG_LETTERS.search(word):
                yield _long(word)
    if _VOWELS.search(plain):
        for word in plain.split():
            if len(like := _alike(word)) >= ALIKE and like != word:
                yield like
    yield from written_numbers(text)


def written_numbers(text: str) -> Iterator[str]:
    """The numbers in a text as they are looked for: `+` and all digits where the country is said, else after `#`."""
    for match in _NUMBER.finditer(_TRUNK.sub("", text)):
        typed = match.group()
        international, digits = _is_international(typed, _digits(typed))
        if international:
            yield f"+{digits}"
            continue
        if digits.startswith("0"):
            yield digits
        yield f"#{digits.lstrip('0')}"


def _long(word: str) -> str:
    """A word as those write it whose keyboard lacks a letter and who do not leave it out: `oestergaard`."""
    return bare(word.translate(_LONG))


def _alike(plain: str) -> str:
    """A word as all ways to write its vowels have it in common: `ostergard` for `ostergaard`, too."""
    return _VOWELS.sub(lambda match: match.group()[0], plain)


def _digits(text: str) -> str:
    return "".join(sign for sign in text if "0" <= sign <= "9")


def _is_international(typed: str, digits: str) -> tuple[bool, str]:
    """Whether a number says its country, and its digits from there on."""
    if "+" in typed:
        return True, digits
    return (True, digits[2:]) if digits.startswith("00") else (False, digits)


def _code(digits: str) -> int:
    """How many digits the country's code has, where the number begins with one."""
    if digits.startswith(("1", "7")):
        return 1
    return 2 if digits[:2] in _TWO_DIGITS else 3
