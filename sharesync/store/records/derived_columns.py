"""Derived: what is kept beside a card and made of it, by which contacts are found, sorted and compared."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from sharesync.model.alphabet import Alphabet
from sharesync.model.card import Card, Item
from sharesync.model.facets import facets
from sharesync.model.searching import haystack
from sharesync.store.database.tables import ContactRow

BATCH = 1_000
"""Contacts that are brought up to date in one transaction: it takes well under a second."""

_MISSING = select(ContactRow.id, ContactRow.card).where(ContactRow.sort_en.is_(None)).order_by(ContactRow.id)


def derived(card: Card) -> dict[str, Any]:
    """The columns that are made of a card."""
    title = card.title
    return {
        "fingerprint": card.fingerprint,
        "title": title.casefold(),
        "words": haystack((*_named(card), *(_spoken(item) for items in card.items.values() for item in items))),
        "facets": facets(card),
        **{f"sort_{alphabet.value}": alphabet.key(title) for alphabet in Alphabet},
    }


def fill(session: Session) -> bool:
    """Derive the columns of some contacts for which they are missing; False where none are. Done again and again.

    They are missing where a release brings new ones: its migration makes `sort_en` of every contact NULL.
    """
    rows = session.execute(_MISSING.limit(BATCH)).all()
    if rows:
        session.execute(update(ContactRow), [{"id": row.id, **derived(row.card)} for row in rows])
    return bool(rows)


def _named(card: Card) -> Iterator[str]:
    """The name as people see it, where its parts are kept in another order: it may be asked for in quotes."""
    if len(card["names"]) and len(card["names"][0].parts) > 1:
        yield card.title


def _spoken(item: Item) -> str:
    return " ".join(_texts(item))


def _texts(item: Item) -> Iterator[str]:
    for name, part in item.parts:
        if isinstance(part, str) and name not in ("type", "contentType"):
            yield part
        elif isinstance(part, tuple):
            day = dict(part)
            yield "-".join(f"{day[unit]:02}" for unit in ("year", "month", "day") if day.get(unit))
