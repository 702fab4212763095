"""Derived: what is kept beside a card and made of it, by which contacts are found, sorted and compared."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from sharesync.model.card import Card, Item
from sharesync.model.company_fields import FieldValue
from sharesync.model.facets import facets
from sharesync.model.list_order import sort_keys
from sharesync.model.searching import haystack
from sharesync.store.database.batching import chunks
from sharesync.store.database.tables import ContactRow
from sharesync.store.records import company_fields

BATCH = 1_000
"""Contacts that are brought up to date in one transaction: it takes well under a second."""

_SOME = select(ContactRow.id, ContactRow.card, ContactRow.here)
_MISSING = _SOME.where(ContactRow.sort_en.is_(None)).order_by(ContactRow.id)


def derived(card: Card, told: Sequence[FieldValue]) -> dict[str, Any]:
    """The columns that are made of a card, and of what the contact says in the company's fields."""
    return {
        "fingerprint": card.fingerprint,
        "title": card.title.casefold(),
        "words": haystack(
            (
                *_named(card),
                *(_spoken(item) for items in card.items.values() for item in items),
                *(value.text for value in told if not value.field.shown),
            )
        ),
        "facets": facets(card, told),
        **sort_keys(card),
    }


def fill(session: Session) -> bool:
    """Derive the columns of some contacts for which they are missing; False where none are. Done again and again.

    They are missing where a release brings new ones: its migration makes `sort_en` of every contact NULL.
    """
    rows = session.execute(_MISSING.limit(BATCH)).all()
    _derive(session, rows)
    return bool(rows)


def rederive(session: Session, contacts: Sequence[str]) -> None:
    """Make anew what is derived of some contacts, as a field is another one now."""
    for some in chunks(contacts):
        _derive(session, session.execute(_SOME.where(ContactRow.id.in_(some))).all())


def _derive(session: Session, rows: Sequence[Any]) -> None:
    fields = company_fields.defined(session)
    told = {row.id: fields.values(row.card, row.here or {}) for row in rows}
    if rows:
        session.execute(update(ContactRow), [{"id": row.id, **derived(row.card, told[row.id])} for row in rows])
        company_fields.measure(session, told)


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
