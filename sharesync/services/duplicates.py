"""Duplicates: contacts that are probably one.

A write compares nothing; its contact waits. The clock compares what waits, so mostly nothing does, and a question about
duplicates compares the rest first: in pieces, each a short transaction, before the transaction that asks.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager

from sharesync.model.card import Card
from sharesync.store.database.beside import CardEdits
from sharesync.store.database.engine import Database, Session
from sharesync.store.records import likeness_index, likeness_matches
from sharesync.store.records.likeness_matches import Match

__all__ = ["MANY", "Match", "catch_up", "compared", "compared_by_now", "likely", "likely_each"]

PATIENCE = 1.0
"""Seconds for which a page waits until what was written lately is compared."""
MANY = 100
"""Contacts that are counted where they wait."""
PIECE = 400
"""Contacts that one transaction compares: half a second's work where they have much in common."""


def catch_up(database: Database, seconds: float | None = None) -> None:
    """Compare the contacts that wait: all of them, or as many as so many seconds allow."""
    until = None if seconds is None else time.monotonic() + seconds
    with database.reading() as session:
        waits = bool(likeness_index.uncompared(session, 1))
    while waits and (until is None or time.monotonic() < until):
        with database.writing(CardEdits()) as session:
            waits = likeness_index.compare_some(session, PIECE) == PIECE


@contextmanager
def compared(database: Database) -> Iterator[Session]:
    """A transaction that only reads, for a question about duplicates: every contact has been compared before it."""
    catch_up(database)
    with database.reading() as session:
        yield session


@contextmanager
def compared_by_now(database: Database) -> Iterator[tuple[Session, int]]:
    """The same for a page, which waits a second at most; with the number of contacts that still wait, for it to say.

    No more than `MANY` + 1 are counted.
    """
    with database.reading() as session:
        if not (waits := likeness_index.uncompared(session, 1)):
            yield session, 0  # the usual case
    if waits:
        catch_up(database, PATIENCE)
        with database.reading() as session:
            yield session, likeness_index.uncompared(session, MANY + 1)


def likely(session: Session, card: Card, among: Collection[str] | None = None) -> list[Match]:
    """The contacts that a card is probably about, the surest first; `among`: ids of the groups that are looked at."""
    return likely_each(session, [card], among)[0]


def likely_each(session: Session, cards: Sequence[Card], among: Collection[str] | None = None) -> list[list[Match]]:
    """The same for each of many cards, such as a file's, in few statements."""
    return likeness_matches.likely(session, cards, among)
