"""Recasting: bringing what was derived from cards into today's form, where what counts as a change has become less.

A card stays as it was written, and the log vouches for it so; it is read in today's form. What is derived from it and
kept must follow, or the next pass would take the difference of the two forms for somebody's edit.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import delete, select, type_coerce, update
from sqlalchemy.orm import Session

from sharesync.model.card import Card
from sharesync.model.fields import FIELDS, Shape
from sharesync.store.database.columns import JsonType
from sharesync.store.database.tables import ContactRow, LinkRow, PairRow, SignRow, VersionRow
from sharesync.store.records.derived_columns import derived

Raw = Mapping[str, Any]
"""A card as JSON, as it was kept."""


def recast(session: Session) -> None:
    """Make anew what contacts and links keep of cards that say the same in fewer words today.

    A link keeps no copy of the person, only its difference to a version, so its fingerprints are made anew where they
    are found to be those of what this gives. Others stay: such a person is compared part by part when it is read next.
    """
    moved = _contacts(session)
    versions = {
        (row.contact_id, row.version): row.card
        for row in session.execute(
            select(VersionRow.contact_id, VersionRow.version, type_coerce(VersionRow.card, JsonType).label("card"))
        ).yield_per(1000)
        if _is_moved(row.card)
    }
    moved |= {contact for contact, _ in versions}
    if moved:
        # They hold nothing that the cards do not, and are made again once they are missing.
        session.execute(delete(PairRow))
        session.execute(delete(SignRow))
    _links(session, moved)


def _contacts(session: Session) -> set[str]:
    rows = session.execute(select(ContactRow.id, type_coerce(ContactRow.card, JsonType).label("card"))).all()
    moved = {row.id: row.card for row in rows if _is_moved(row.card)}
    for contact, raw in moved.items():
        made = derived(Card.read(raw), ())
        there = {name: made[name] for name in ("fingerprint", "title", "words")}  # later columns are not there yet
        session.execute(update(ContactRow).where(ContactRow.id == contact).values(**there))
    return set(moved)


def _links(session: Session, moved: set[str]) -> None:
    columns = (LinkRow.mailbox_id, LinkRow.contact_id, LinkRow.base_version, LinkRow.patch)
    prints = (LinkRow.agreed, LinkRow.seen, LinkRow.before, type_coerce(LinkRow.own, JsonType).label("own"))
    asked = select(*columns, *prints)
    for row in session.execute(asked).all():
        own, patch = row.own or {}, row.patch or {}
        if not (row.contact_id in moved or _is_moved(own) or _is_moved(patch)):
            continue
        made = {_fingerprint(raw): Card.read(raw).fingerprint for raw in _shown(session, row.contact_id, own, patch)}
        new = {name: made.get(getattr(row, name), getattr(row, name)) for name in ("agreed", "seen", "before")}
        session.execute(
            update(LinkRow)
            .where(LinkRow.mailbox_id == row.mailbox_id, LinkRow.contact_id == row.contact_id)
            .values(**new)
        )


def _shown(session: Session, contact: str, own: Raw, patch: Raw) -> Iterator[Raw]:
    """What may stand, or have stood, in a mailbox: each version, the user's own values, the known difference."""
    card: Any
    for card in session.scalars(select(type_coerce(VersionRow.card, JsonType)).where(VersionRow.contact_id == contact)):
        whole = _overlaid(card, own)
        yield from (card, whole, {name: items for name, items in {**whole, **patch}.items() if items})


def _overlaid(card: Raw, own: Raw) -> Raw:
    whole = dict(card)
    for name, items in own.items():
        if FIELDS[name].shape is not Shape.SINGLE:
            whole[name] = [*whole.get(name, ()), *(item for item in items if item not in whole.get(name, ()))]
        else:
            whole.setdefault(name, items)
    return whole


def _is_moved(raw: Raw) -> bool:
    """Whether a card, or some fields of one, is read otherwise than it was written."""
    return any(Card.read({name: items}).as_json().get(name, []) != items for name, items in raw.items())


def _fingerprint(raw: Raw) -> bytes:
    """The fingerprint of a card in the form in which it was written (`Card.fingerprint`)."""

    def told(items: Iterable[Raw]) -> list[str]:
        return sorted(json.dumps(item, sort_keys=True, ensure_ascii=False) for item in items)

    pairs = [(name, told(raw[name])) for name in sorted(raw)]
    return hashlib.blake2b(json.dumps(pairs, ensure_ascii=False).encode(), digest_size=16).digest()
