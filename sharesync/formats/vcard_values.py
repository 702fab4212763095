"""A property with its values, each of which the ledger has heard of before anybody asks what it means."""

from __future__ import annotations

import re
from functools import lru_cache

from sharesync.formats.full_names import words
from sharesync.formats.ledger import ANYWHERE, LEFT_OUT, FileValue, Ledger
from sharesync.formats.vcard_heads import Head
from sharesync.formats.vcard_lines import Property, split, unescape
from sharesync.formats.vcard_words import SAYS_NOTHING, TECHNICAL


class Told:
    """What a property says: its text as a `whole`, or in `components`; the words of its type; other parameters."""

    __slots__ = ("group", "head", "line", "name", "params", "raw", "text", "types", "whole")

    def __init__(self, one: Property, name: str, ledger: Ledger) -> None:
        self.line, self.head, self.name, self.group, self.raw = one.line, one.head, name, one.head.group, one.value
        self.text = unescape(one.value).strip()
        types, params = _telling(one.head)
        self.types = [(word, ledger.read(one.line, f"{one.head.name};TYPE", word)) for word in types]
        self.params = {key: ledger.read(one.line, f"{one.head.name};{key}", text) for key, text in params}
        self.whole = ledger.read(one.line, one.head.name, self.text)

    def components(self) -> list[tuple[FileValue, ...]]:
        """The values between semicolons, and between commas in each."""
        parts = [split(component, ",") for component in split(self.raw, ";")]
        pieces = iter(self.whole.taken_apart([unescape(word).strip() for part in parts for word in part]))
        return [tuple(next(pieces) for _ in part) for part in parts]

    @property
    def rank(self) -> int:
        """1 to 100 as in PREF (RFC 6350, 5.3); TYPE=pref is 1; silence comes last."""
        return _rank(self.head)

    def pieces(self, sign: str) -> tuple[FileValue, ...]:
        """The values between signs."""
        return self.whole.taken_apart([unescape(word).strip() for word in split(self.raw, sign)])


def repeats(value: FileValue) -> None:
    """It is expected to say nothing that the card does not say: word by word it stands there, or is noted."""
    value.goes(ANYWHERE, *words(value.text), otherwise=LEFT_OUT)


@lru_cache(maxsize=2048)  # a file repeats a few dozen heads for thousands of cards
def _telling(head: Head) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
    """The words of a type, and the parameters, that say something about the contact."""
    types = (word.removeprefix("X-").removeprefix("x-") for word in head.types)
    params = tuple((key, text) for key, text in head.params if not TECHNICAL.fullmatch(key))
    return tuple(word for word in types if word and not SAYS_NOTHING.fullmatch(word)), params


@lru_cache(maxsize=2048)
def _rank(head: Head) -> int:
    if any(word.lower() == "pref" for word in head.types):
        return 1
    number = head.param("PREF")
    return max(int(number), 1) if re.fullmatch(r"[0-9]{1,2}|100", number) else 101
