"""Folded cards: cards of which little is kept until somebody looks into one.

A mailbox of 25,000 is read whole once a week, and of nearly everybody nothing is asked but whether the fingerprint is
the one that is known. An open card takes several times the memory of one that is folded together with others like it.
"""

from __future__ import annotations

import marshal
import zlib
from collections.abc import Mapping, Sequence
from functools import cached_property
from types import MappingProxyType

from sharesync.model.card import Card, Item


def fold(cards: Sequence[Card]) -> list[Card]:
    """The same cards, folded together: each unfolds when it is looked into, and not for its fingerprint."""
    pile = _Pile(cards)
    return [_FoldedCard(card.fingerprint, pile, place) for place, card in enumerate(cards)]


class _Pile:
    """What stands on the cards that were folded together."""

    def __init__(self, cards: Sequence[Card]) -> None:
        # `marshal` writes texts, numbers, flags and tuples as they are, and is read by this very process alone.
        contents = [{name: [item.parts for item in items] for name, items in card.items.items()} for card in cards]
        self._pressed = zlib.compress(marshal.dumps(list(map(marshal.dumps, contents))), 1)

    @cached_property
    def _contents(self) -> list[bytes]:
        """Kept: who looks into one card looks into others, and in another order."""
        return list(marshal.loads(zlib.decompress(self._pressed)))  # noqa: S302  # bytes that __init__ wrote

    def items(self, place: int) -> Mapping[str, tuple[Item, ...]]:
        """What stands on one of them."""
        content = marshal.loads(self._contents[place])  # noqa: S302  # bytes that __init__ wrote
        return MappingProxyType({name: tuple(map(Item, parts)) for name, parts in content.items()})


class _FoldedCard(Card):
    _pile: _Pile
    _place: int

    def __init__(self, fingerprint: bytes, pile: _Pile, place: int) -> None:
        object.__setattr__(self, "fingerprint", fingerprint)
        object.__setattr__(self, "_pile", pile)
        object.__setattr__(self, "_place", place)

    @cached_property
    def items(self) -> Mapping[str, tuple[Item, ...]]:
        return self._pile.items(self._place)
