"""A portion of what is known: about some contacts, and no other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeVar

Value = TypeVar("Value")


class OutOfPortion(Exception):
    """A contact was asked for that this portion says nothing about: an error of ours, and never "it is not there"."""


class Portion(Mapping[str, Value]):
    """What is known about each of some contacts, by id.

    A question about another contact gets OutOfPortion, also by `in` and `get`: that it is missing here would tell
    nothing, and to believe it would make contacts twice or let them go. To go through it is to go through the portion.
    """

    def __init__(self, contacts: frozenset[str], found: Mapping[str, Value]) -> None:
        self.contacts = contacts
        self._found = dict(found)

    def __getitem__(self, contact: str) -> Value:
        if contact not in self.contacts:
            raise OutOfPortion
        return self._found[contact]

    def __iter__(self) -> Iterator[str]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)
