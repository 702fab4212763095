"""A search costs no more than 30 words of a database."""

import pytest

from sharesync.errors import SearchTooLong
from sharesync.model.searching import MOST_LETTERS, MOST_WORDS, sought, words_of


def test_words_are_folded_and_asked_once() -> None:
    assert words_of("  Ada ADA  Zoë ") == ["ada", "zoë"]


def test_a_search_as_long_as_may_be_is_asked() -> None:
    assert len(words_of(" ".join(f"w{number}" for number in range(MOST_WORDS)))) == MOST_WORDS
    assert sought("a" * MOST_LETTERS) == "a" * MOST_LETTERS


@pytest.mark.parametrize("text", ["a" * 501, " ".join(map(str, range(31))), "a b " * 100_000])
def test_a_longer_one_is_refused_in_one_sentence(text: str) -> None:
    with pytest.raises(SearchTooLong, match=r"^A search has at most 500 letters and 30 words; search for less\.$"):
        words_of(text)
