"""The order of a list of contacts, and by which values of a card, besides its name, it can be sorted.

A value is sorted by a key that is kept beside the card: the value in the reader's alphabet, then the name, so that the
contacts of one company stand by name. Keys are cut, because ties beyond their length fall back on the id. A contact
without the value comes last in either direction: its key begins with a byte that no text holds.

Lists are not sorted by groups, for which of them a reader sees differs from reader to reader; nor by words of fields of
one's own, which would take a row for each value. Their headers are plain words; a filter finds them instead.

Rejected: a row for each value (it costs an import a third of its speed), and sorting what was found in memory, which
reads 50,000 cards to show fifty.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from sharesync.model.alphabet import Alphabet
from sharesync.model.card import Card
from sharesync.model.spelling import dial

NAME, CHANGED, ADDED, DELETED = "name", "changed", "added", "deleted"
"""What a list is sorted by when nothing is said; what was changed, made or, in the trash, deleted last comes first."""
BLANK = b"\xff"
"""How the key of a contact without the value begins: UTF-8 has no such byte."""
_VALUE, _NAME = 64, 48
"""Bytes of the value and of the name that a key keeps."""


@dataclass(frozen=True, slots=True)
class ListOrder:
    """By which column a list is sorted, and whether the other way round than is usual for it."""

    by: str = NAME
    """`name`, `changed`, `added`, `deleted`, one of `KEYED`, or the id of a field of numbers or days."""
    turned: bool = False

    @staticmethod
    def read(text: str) -> ListOrder:
        """As an address or a saved filter has it: `company`, or `-company` the other way round; nothing is by name."""
        return ListOrder(text.removeprefix("-") or NAME, text.startswith("-"))

    def __str__(self) -> str:
        return f"-{self.by}" if self.turned else self.by

    @property
    def down(self) -> bool:
        """Whether what is last, or most, comes first."""
        return self.turned != (self.by in (CHANGED, ADDED, DELETED))


@dataclass(frozen=True, slots=True)
class _Keyed:
    value: Callable[[Card], str]
    spoken: bool = True
    """Its words are sorted by the reader's alphabet; else there is one order for all."""


def _first(field: str, part: str) -> Callable[[Card], str]:
    return lambda card: next((item.text(part) for item in card[field] if item.text(part)), "")


def _birthday(card: Card) -> str:
    """Month and day: people look for who has a birthday next, and seldom for who is oldest."""
    for item in card["birthdays"]:
        if isinstance(date := item.get("date"), tuple):
            units = dict(date)
            return "-".join(f"{units.get(unit) or 0:02}" for unit in ("month", "day", "year"))
    return ""


KEYED: Mapping[str, _Keyed] = MappingProxyType(
    {
        "company": _Keyed(_first("organizations", "name")),
        "title": _Keyed(_first("organizations", "title")),
        "city": _Keyed(_first("addresses", "city")),
        "email": _Keyed(_first("emailAddresses", "value"), spoken=False),
        "phone": _Keyed(
            lambda card: next((dial(item.text("value")) for item in card["phoneNumbers"]), ""), spoken=False
        ),
        "birthday": _Keyed(_birthday, spoken=False),
    }
)
"""Values by which a list can be sorted, by the name of their column."""


def key_column(by: str, alphabet: Alphabet) -> str:
    """The column of contacts that holds the key of one of `KEYED` in an alphabet."""
    return f"by_{by}_{alphabet.value}" if KEYED[by].spoken else f"by_{by}"


def _alphabets(keyed: _Keyed) -> Iterator[Alphabet]:
    yield from Alphabet if keyed.spoken else (Alphabet.ENGLISH,)


KEY_COLUMNS = tuple(key_column(by, one) for by, keyed in KEYED.items() for one in _alphabets(keyed))
"""All of them."""


def sort_keys(card: Card) -> dict[str, bytes]:
    """By column: what a card is sorted by, its name and the values of `KEYED`."""
    title = card.title
    names = {alphabet: alphabet.key(title) for alphabet in Alphabet}
    keys = {f"sort_{alphabet.value}": key for alphabet, key in names.items()}
    for by, keyed in KEYED.items():
        value = keyed.value(card)
        for alphabet in _alphabets(keyed):
            first = alphabet.key(value)[:_VALUE] + b"\0" if value else BLANK
            keys[key_column(by, alphabet)] = first + names[alphabet][:_NAME]
    return keys
