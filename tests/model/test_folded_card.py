"""Folded cards are the cards they were, in a fraction of the memory."""

import tracemalloc
from collections.abc import Callable, Sequence
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from sharesync.model.card import Card
from sharesync.model.folded_card import fold
from tests.cards import cards


@given(st.lists(cards(), max_size=4), st.randoms(use_true_random=False))
def test_a_folded_card_is_the_card_that_was_folded_down_to_the_order_of_its_items(
    before: Sequence[Card], random: Random
) -> None:
    folded = fold(before)
    assert [one.fingerprint for one in folded] == [card.fingerprint for card in before]
    for one, card in sorted(zip(folded, before, strict=True), key=lambda _: random.random()):
        assert (one, hash(one), bool(one)) == (card, hash(card), bool(card))
        assert [*one.items.items()] == [*card.items.items()]
        assert one.replacing({}) == card


def test_folded_cards_take_less_than_a_third_of_the_memory_of_open_ones() -> None:
    def made() -> list[Card]:
        return [
            Card.parse(
                {
                    "names": [{"givenName": f"Given{number}", "familyName": "Ågård"}],
                    "emailAddresses": [{"value": f"given{number}@customer.example", "type": "work"}],
                    "phoneNumbers": [{"value": f"+45 {20_000_000 + number}", "type": "mobile"}],
                    "organizations": [{"name": "Customer", "title": "Head of Things"}],
                }
            )
            for number in range(500)
        ]

    opened = made()
    open_cards, folded_cards = taken(made), taken(lambda: fold(opened))
    assert folded_cards < open_cards / 3


def taken(make: Callable[[], object]) -> int:
    """The bytes of what is made."""
    tracemalloc.start()
    try:
        kept = make()
        return tracemalloc.get_traced_memory()[0]
    finally:
        del kept
        tracemalloc.stop()
