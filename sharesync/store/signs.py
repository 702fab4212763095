"""Signs: which contacts are probably one is known at any time, because every card that is written is compared at once.

A sign is a hash of something that two contacts may share (`model/likeness.py`). A new or changed card is compared
with those contacts alone with which it shares a sign, and what is alike becomes a pair. Signs and pairs tell nothing
that the cards do not: they are made anew where they are missing, and an erased contact has none.

A sign that more than `MOST` contacts have (a switchboard, `info@`, the commonest name of a large company) says nothing
about any of them and makes no pair; those made before it had become so common stay.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import combinations

from rapidfuzz.fuzz import ratio
from sqlalchemy import ColumnElement, bindparam, delete, func, insert, or_, select, tuple_
from sqlalchemy.orm import Session

from sharesync.model.card import Card
from sharesync.model.likeness import Likeness, Traits, alike, keys, traits
from sharesync.store.belonging import inside
from sharesync.store.chunks import chunks
from sharesync.store.tables import ContactRow, PairRow, SignRow, Table


@dataclass(frozen=True, slots=True)
class Match:
    """A contact that a card is probably about."""

    contact: str
    card: Card
    likeness: Likeness


MOST = 12
"""Contacts that may share a sign."""
BATCH = 5000
"""Contacts that are compared at a time when all are."""
# Past the mapper, which would take longer than the database: a contact has eight signs.
_SIGN, _PAIR = (insert(Table.metadata.tables[name]) for name in ("signs", "pairs"))


_RARE = (
    select(SignRow.sign)
    .where(SignRow.sign.in_(bindparam("some", expanding=True)))
    .group_by(SignRow.sign)
    .having(func.count().between(bindparam("least"), MOST))
)
_HELD = select(SignRow.sign, SignRow.contact_id).where(SignRow.sign.in_(_RARE))


def learn(session: Session, cards: Mapping[str, Card]) -> None:
    """Note the signs of new contacts, and compare them with each other and with all others."""
    told = {contact: traits(card) for contact, card in cards.items()}
    signs = {contact: _signs(keys(found)) for contact, found in told.items()}
    rows = [{"sign": sign, "contact_id": contact} for contact, some in signs.items() for sign in sorted(some)]
    if rows:
        session.execute(_SIGN, rows)
        _pair(session, told, {sign for some in signs.values() for sign in some})


def relearn(session: Session, contact: str, before: Card, after: Card) -> None:
    """Compare a contact anew whose card was changed, if what is compared was."""
    old, new = traits(before), traits(after)
    if old == new:
        return
    had, has = _signs(keys(old)), _signs(keys(new))
    if had - has:
        session.execute(delete(SignRow).where(tuple_(SignRow.sign, SignRow.contact_id).in_(_rows(contact, had - has))))
    if has - had:
        session.execute(_SIGN, [{"sign": one, "contact_id": contact} for one in sorted(has - had)])
    _unpair(session, contact)
    _pair(session, {contact: new}, has)


def forget(session: Session, contact: str) -> None:
    """Keep nothing of a contact."""
    session.execute(delete(SignRow).where(SignRow.contact_id == contact))
    _unpair(session, contact)


def ensure(session: Session) -> None:
    """Compare all contacts where none has been compared: the database comes from before there were signs."""
    if session.scalar(select(SignRow.sign).limit(1)) is not None:
        return
    last = ""
    while rows := session.execute(
        select(ContactRow.id, ContactRow.card)
        .where(ContactRow.id > last, ContactRow.erased_at.is_(None))
        .order_by(ContactRow.id)
        .limit(BATCH)
    ).all():
        learn(session, {row.id: row.card for row in rows})
        last = rows[-1].id


def likely(session: Session, cards: Sequence[Card], among: Collection[str] | None = None) -> list[list[Match]]:
    """Of each card the contacts that are probably the same one, the surest first.

    Those outside the trash and in one of the groups `among` (None: in any). The number of statements grows with the
    cards alone, by one for some hundred.
    """
    told = [traits(card) for card in cards]
    signs = [_signs(keys(one)) for one in told]
    blocks = _blocks(session, {sign for some in signs for sign in some}, least=1)
    met = [{contact for sign in some for contact in blocks.get(sign, ())} for some in signs]
    known = _cards(session, {contact for some in met for contact in some}, among)
    seen = {contact: traits(card) for contact, card in known.items()}
    found = []
    for one, some in zip(told, met, strict=True):
        like = {contact: alike(one, seen[contact], ratio) for contact in some if contact in seen}
        sure = [Match(contact, known[contact], why) for contact, why in like.items() if why]
        found.append(sorted(sure, key=lambda match: (-match.likeness.surety, match.contact)))
    return found


def compare(one: Card, other: Card) -> Likeness | None:
    """Why two cards are probably of one contact; None where nothing says so."""
    return alike(traits(one), traits(other), ratio)


# --- Comparing -------------------------------------------------------------------------------------------------------


def _pair(session: Session, new: Mapping[str, Traits], signs: Collection[int]) -> None:
    """Make pairs of these contacts with those that share one of these signs with them."""
    met: set[tuple[str, str]] = set()
    for block in _blocks(session, signs, least=2).values():
        met |= {pair for pair in combinations(sorted(block), 2) if pair[0] in new or pair[1] in new}
    others = {contact for pair in met for contact in pair} - new.keys()
    seen = {contact: traits(card) for contact, card in _cards(session, others, anywhere=True).items()} | dict(new)
    rows = [
        {"one_id": one, "other_id": other, "surety": why.surety}
        for one, other in sorted(met)
        if one in seen and other in seen and (why := alike(seen[one], seen[other], ratio))
    ]
    if rows:
        session.execute(_PAIR, rows)


def _unpair(session: Session, contact: str) -> None:
    session.execute(delete(PairRow).where(or_(PairRow.one_id == contact, PairRow.other_id == contact)))


def _signs(words: Iterable[str]) -> frozenset[int]:
    return frozenset(
        int.from_bytes(blake2b(word.encode(), digest_size=8).digest(), "big", signed=True) for word in words
    )


def _rows(contact: str, signs: Iterable[int]) -> list[tuple[int, str]]:
    return [(sign, contact) for sign in sorted(signs)]


def _blocks(session: Session, signs: Collection[int], *, least: int) -> dict[int, list[str]]:
    """The contacts that have each of these signs, where they are so many at least and not too many."""
    found: dict[int, list[str]] = {}
    for some in chunks(sorted(signs)):
        for sign, contact in session.connection().execute(_HELD, {"some": some, "least": least}):
            found.setdefault(sign, []).append(contact)
    return found


def _cards(
    session: Session, wanted: Iterable[str], among: Collection[str] | None = None, *, anywhere: bool = False
) -> dict[str, Card]:
    """Cards of these contacts; unless `anywhere`, of those alone that are outside the trash and in these groups."""
    conditions: list[ColumnElement[bool]] = [ContactRow.erased_at.is_(None)]
    if not anywhere:
        conditions.append(ContactRow.deleted_at.is_(None))
    if among is not None:
        conditions.append(inside(ContactRow.id, among))
    found: dict[str, Card] = {}
    for some in chunks(sorted(wanted)):
        rows = session.execute(select(ContactRow.id, ContactRow.card).where(ContactRow.id.in_(some), *conditions))
        found |= {row.id: row.card for row in rows}
    return found
