"""Duplicates: contacts that are probably one, found as soon as they are written."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sharesync.model.card import Card
from sharesync.store.database.engine import Session
from sharesync.store.records import likeness_index
from sharesync.store.records.likeness_index import Match

__all__ = ["Match", "likely", "likely_each"]


def likely(session: Session, card: Card, among: Collection[str] | None = None) -> list[Match]:
    """The contacts that a card is probably about, the surest first; `among`: ids of the groups that are looked at."""
    return likely_each(session, [card], among)[0]


def likely_each(session: Session, cards: Sequence[Card], among: Collection[str] | None = None) -> list[list[Match]]:
    """The same for each of many cards, such as a file's, in few statements."""
    return likeness_index.likely(session, cards, among)
