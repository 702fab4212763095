"""Matches: the contacts that a card is probably about, and why, among those compared (`likeness_index.py`)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from sharesync.model.card import Card
from sharesync.model.likeness import Likeness, alike
from sharesync.model.traits import traits
from sharesync.store.database.batching import chunks
from sharesync.store.database.tables import ContactRow
from sharesync.store.records.likeness_blocks import blocks as blocks_of
from sharesync.store.records.likeness_signs import holders_in, known_signs, ratio, signed
from sharesync.store.records.membership_filters import inside


@dataclass(frozen=True, slots=True)
class Match:
    """A contact that a card is probably about."""

    contact: str
    card: Card
    likeness: Likeness


def likely(session: Session, cards: Sequence[Card], among: Collection[str] | None = None) -> list[list[Match]]:
    """For each card the contacts that are probably the same, the surest first.

    Those outside the trash and in one of the groups `among` (None: in any). The number of statements grows with the
    cards alone, by one for some hundred.
    """
    told = [signed(card) for card in cards]
    blocks = blocks_of(session, {sign for one in told for sign in one.all})
    held = holders_in(blocks, 1)
    met = [
        # A contact with the same value must be found in whatever place: an import asks about the contacts of one group.
        {
            contact
            for sign in one.signs
            if (block := blocks.get(sign))
            for contact in (block.listed if sign in one.values else block.first)
        }
        for one in told
    ]
    known = _cards(session, {contact for some in met for contact in some}, among)
    seen = {contact: traits(card) for contact, card in known.items()}
    found = []
    for one, some in zip(told, met, strict=True):
        like = {contact: alike(one.traits, seen[contact], ratio(), held) for contact in some if contact in seen}
        sure = [Match(contact, known[contact], why) for contact, why in like.items() if why]
        found.append(sorted(sure, key=lambda match: (not match.likeness.sure, -match.likeness.surety, match.contact)))
    return found


def compare(session: Session, pairs: Sequence[tuple[Card, Card]]) -> list[Likeness | None]:
    """For each pair of cards why both are probably of one contact; None where nothing says so."""
    told = [(signed(one), signed(other)) for one, other in pairs]
    held = holders_in(blocks_of(session, {sign for one, other in told for sign in one.values & other.values}))
    return [alike(one.traits, other.traits, ratio(), held) for one, other in told]


def number_alike(session: Session, pairs: Sequence[tuple[str, str]]) -> int:
    """How many of these pairs of contacts, by id, are probably one."""
    seen = known_signs(session, {contact for pair in pairs for contact in pair})
    both = [(seen[one], seen[other]) for one, other in pairs if one in seen and other in seen]
    held = holders_in(blocks_of(session, {sign for one, other in both for sign in one.values & other.values}))
    return sum(alike(one.traits, other.traits, ratio(), held) is not None for one, other in both)


def _cards(session: Session, wanted: Iterable[str], among: Collection[str] | None = None) -> dict[str, Card]:
    """Cards of those of these contacts that are outside the trash and in these groups."""
    conditions: list[ColumnElement[bool]] = [ContactRow.erased_at.is_(None), ContactRow.deleted_at.is_(None)]
    if among is not None:
        conditions.append(inside(ContactRow.id, among))
    found: dict[str, Card] = {}
    for some in chunks(sorted(wanted)):
        rows = session.execute(select(ContactRow.id, ContactRow.card).where(ContactRow.id.in_(some), *conditions))
        found |= {row.id: row.card for row in rows}
    return found
