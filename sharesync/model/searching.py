"""Searching: every text that somebody searches by passes here, so that no search costs more than a bounded one.

A database looks at every contact for every word: a search of 20,000 words would hold a thread for minutes.
"""

from __future__ import annotations

from sharesync.errors import SearchTooLong
from sharesync.model.spelling import clean

MOST_LETTERS = 500
MOST_WORDS = 30


def sought(text: str) -> str:
    """A text to be found as it stands. Raises SearchTooLong."""
    if len(text) > MOST_LETTERS:
        raise SearchTooLong(MOST_LETTERS, MOST_WORDS)
    return text


def words_of(text: str) -> list[str]:
    """The words that all must be found, folded. Raises SearchTooLong."""
    words = list(dict.fromkeys(clean(sought(text)).casefold().split()))
    if len(words) > MOST_WORDS:
        raise SearchTooLong(MOST_LETTERS, MOST_WORDS)
    return words
