"""Alphabets: in which order names stand in a list, by the reader's language.

The Danish and Norwegian alphabet ends in æ ø å, and `aa` is an å; the Swedish one in å ä ö; English knows no letters
but a to z, and an accent counts only between names that are otherwise alike (Unicode CLDR says the same of all three).

A key is bytes, because both databases, and memory, compare bytes alike: the order of a text is the database's own.
Rejected: PyICU, a library to compile for every machine; a collation of the database, which SQLite lacks and PostgreSQL
has as far as the machine was built with it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from enum import Enum
from typing import Any, TypeVar

from sharesync.model.spelling import bare

Titled = TypeVar("Titled")

LONGEST = 120
"""Bytes of a name by which it is sorted: an index of PostgreSQL has no room for the longest ones."""

_AFTER_Z = "{|}"
"""Signs that follow the letter z; as themselves they are taken out of names."""
_SIGNS = str.maketrans(dict.fromkeys("'’-\u2010\u2011{|}~"))


class Alphabet(Enum):
    """By the language, as its code is written."""

    ENGLISH = "en"
    DANISH = "da"
    """And Norwegian."""
    SWEDISH = "sv"

    @staticmethod
    def of(language: str) -> Alphabet:
        """The alphabet of a language by its code; the English one where it has none of its own here."""
        return _OF.get(language, Alphabet.ENGLISH)

    def key(self, name: str) -> bytes:
        """What a list sorts a name by."""
        folded = name.casefold()
        text = folded if folded.isascii() else unicodedata.normalize("NFC", folded)
        text = text.translate(_SIGNS)
        if self is Alphabet.DANISH:
            text = text.replace("aa", "å")
        first = bare(text.translate(_LETTERS[self]))
        return _cut(first) + b"\0" + _cut(text)

    def in_order(
        self, found: Iterable[Titled], name: Callable[[Titled], str], first: Callable[[Titled], Any] | None = None
    ) -> list[Titled]:
        """What has names, as a list shows it: by what `first` says, where it is given, then by name."""
        return sorted(found, key=lambda one: (first(one) if first else 0, self.key(name(one)), name(one)))


_OF = {
    "da": Alphabet.DANISH,
    "nb": Alphabet.DANISH,
    "no": Alphabet.DANISH,
    "nn": Alphabet.DANISH,
    "sv": Alphabet.SWEDISH,
}
_LETTERS = {
    Alphabet.ENGLISH: {},
    Alphabet.DANISH: str.maketrans("æäøöåü", "{{||}y"),
    Alphabet.SWEDISH: str.maketrans("åäæöøü", "{||}}y"),
}


def _cut(text: str) -> bytes:
    return text.encode()[:LONGEST]
