"""Signs: which contacts are probably one is known at any time, because every card that is written is compared at once.

A sign is a hash of something that two contacts may share (`model/traits.py`). A new or changed card is compared with
those contacts alone with which it shares a sign, and what is alike becomes a pair. Signs and pairs tell nothing that
the cards do not: they are made anew where they are missing, and an erased contact has none.

The law: the pairs depend on which contacts there are outside the trash, never on how they came. Two meet by a sign if
one of them is among its first `FIRST` holders by id and the other among its first `LISTED`: so pairs grow with contacts
and not with their square, and of a hundred copies of one contact each is listed. A value says less the more contacts
have it. Where a contact that comes, changes or goes moves others across these bounds, they are compared anew, too.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from hashlib import blake2b

from sqlalchemy import BigInteger, ColumnElement, Text, bindparam, cast, delete, insert, or_, select
from sqlalchemy.orm import Session

from sharesync.model.card import Card
from sharesync.model.likeness import Likeness, alike
from sharesync.model.likeness_odds import Ratio, common
from sharesync.model.traits import Traits, traits, values
from sharesync.model.traits import signs as signs_of
from sharesync.store.database.batching import chunks
from sharesync.store.database.tables import ContactRow, PairRow, SignRow, Table
from sharesync.store.records.likeness_blocks import LISTED, Block
from sharesync.store.records.likeness_blocks import blocks as blocks_of
from sharesync.store.records.membership_filters import inside


@dataclass(frozen=True, slots=True)
class Match:
    """A contact that a card is probably about."""

    contact: str
    card: Card
    likeness: Likeness


BATCH = 20_000
"""Contacts that are compared at a time when all are."""
# Past the mapper, which would take longer than the database: a contact has a dozen signs.
_SIGN, _PAIR = (insert(Table.metadata.tables[name]) for name in ("signs", "pairs"))
_UNSIGN = delete(Table.metadata.tables["signs"]).where(
    SignRow.sign == bindparam("the_sign", type_=BigInteger), SignRow.contact_id == bindparam("contact")
)


@cache
def _ratio() -> Ratio:
    from rapidfuzz.fuzz import ratio  # takes a tenth of a second to load, and most commands compare nothing

    return ratio


_Blocks = Mapping[int, Block]
_NONE = Block()


def learn(session: Session, cards: Mapping[str, Card]) -> None:
    """Note the signs of new contacts, and compare them with each other and with all others."""
    new = {contact: _signed(card) for contact, card in cards.items()}
    holders: dict[int, list[str]] = {}
    for contact, of in new.items():
        for sign in of.all:
            holders.setdefault(sign, []).append(contact)
    if not holders:
        return
    stood = blocks_of(session, holders)
    session.connection().execute(
        _SIGN, [{"sign": sign, "contact_id": contact} for sign in sorted(holders) for contact in holders[sign]]
    )
    stand = {sign: block.joined_by(holders[sign]) for sign, block in stood.items()}
    _compare(session, new, stood, stand, frozenset().union(*(of.values for of in new.values())))


def relearn(session: Session, contact: str, before: Card, after: Card) -> None:
    """Compare a contact anew whose card was changed, if what is compared was."""
    old, new = _signed(before), _signed(after)
    if old.traits == new.traits:
        return
    stood = blocks_of(session, old.all ^ new.all)
    if gone := old.all - new.all:
        _unsign(session, contact, gone)
    if come := new.all - old.all:
        session.execute(_SIGN, [{"sign": one, "contact_id": contact} for one in sorted(come)])
    _unpair(session, [contact])
    _compare(session, {contact: new}, stood, blocks_of(session, stood), old.values | new.values)


def forget(session: Session, contacts: Collection[str]) -> None:
    """Keep nothing of contacts, whose cards are still there: they are nobody's duplicates and hold no value."""
    old = _known(session, contacts)
    stood = blocks_of(session, {sign for of in old.values() for sign in of.all})
    if not stood:
        return
    session.connection().execute(
        _UNSIGN, [{"the_sign": sign, "contact": contact} for contact, of in old.items() for sign in sorted(of.all)]
    )
    _unpair(session, contacts)
    _compare(session, {}, stood, blocks_of(session, stood), frozenset().union(*(of.values for of in old.values())))


def ensure(session: Session) -> None:
    """Compare all contacts outside the trash where none has been compared: the database is from before the signs."""
    if session.scalar(select(SignRow.sign).limit(1)) is not None:
        return
    last = ""
    while rows := session.execute(
        select(ContactRow.id, ContactRow.card)
        .where(ContactRow.id > last, ContactRow.erased_at.is_(None), ContactRow.deleted_at.is_(None))
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
    told = [_signed(card) for card in cards]
    blocks = blocks_of(session, {sign for one in told for sign in one.all})
    held = _holders(blocks, 1)
    met = [
        # Who has a value that is the same must be found wherever it stands: an import asks for one group's contacts.
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
        like = {contact: alike(one.traits, seen[contact], _ratio(), held) for contact in some if contact in seen}
        sure = [Match(contact, known[contact], why) for contact, why in like.items() if why]
        found.append(sorted(sure, key=lambda match: (not match.likeness.sure, -match.likeness.surety, match.contact)))
    return found


def compare(session: Session, pairs: Sequence[tuple[Card, Card]]) -> list[Likeness | None]:
    """Of each pair of contacts' cards why they are probably of one; None where nothing says so."""
    told = [(_signed(one), _signed(other)) for one, other in pairs]
    held = _holders(blocks_of(session, {sign for one, other in told for sign in one.values & other.values}))
    return [alike(one.traits, other.traits, _ratio(), held) for one, other in told]


# --- Comparing -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Signed:
    """What is compared of a contact, and its signs: those by which it meets others, and those that are values."""

    traits: Traits
    signs: frozenset[int]
    values: frozenset[int]

    @property
    def all(self) -> frozenset[int]:
        return self.signs | self.values


def _signed(card: Card) -> _Signed:
    of = traits(card)
    hashed = {sign: _hash(sign) for sign in signs_of(of) | values(of)}
    return _Signed(of, frozenset(hashed[sign] for sign in signs_of(of)), frozenset(hashed[sign] for sign in values(of)))


def _compare(
    session: Session, told: Mapping[str, _Signed], stood: _Blocks, stand: _Blocks, weighing: Collection[int]
) -> None:
    """Make the pairs of these contacts, and anew those of others that were moved.

    `stood`, `stand`: the blocks of the signs that came or went, before and after; `weighing`: which are values.
    """
    moved = {
        contact for sign, before in stood.items() for contact in _moved(before, stand[sign], weighs=sign in weighing)
    }
    moved -= told.keys()
    _unpair(session, moved)
    new = dict(told) | _known(session, moved)
    blocks = {**stand, **blocks_of(session, {sign for of in new.values() for sign in of.all} - stand.keys())}
    met = set(_meetings(new, blocks))
    seen = _known(session, {contact for pair in met for contact in pair} - new.keys()) | new
    held = _holders(blocks)
    rows = [
        {"one_id": one, "other_id": other, "surety": why.surety}
        for one, other in sorted(met)
        if one in seen and other in seen and (why := alike(seen[one].traits, seen[other].traits, _ratio(), held))
    ]
    if rows:
        session.execute(_PAIR, rows)


def _moved(before: Block, after: Block, *, weighs: bool) -> Iterator[str]:
    """Contacts that meet others by this sign than they did, or for which it weighs otherwise."""
    if not before.known:
        return  # only those have it who came, and they are compared anyway
    if weighs and common(before.holders) != common(after.holders):
        yield from after.listed
    elif before.listed != after.listed:
        yield from {*before.first} ^ {*after.first}
        if after.holders > LISTED or before.holders > LISTED:
            yield from {*before.listed} ^ {*after.listed}


def _meetings(told: Mapping[str, _Signed], blocks: _Blocks) -> Iterator[tuple[str, str]]:
    for contact, of in told.items():
        for sign in of.signs:
            for other in blocks.get(sign, _NONE).met_by(contact):
                if other != contact:
                    yield min(contact, other), max(contact, other)


def _holders(blocks: _Blocks, more: int = 0) -> Callable[[str], int]:
    def held(sign: str) -> int:
        found = blocks.get(_hash(sign))
        return found.holders + more if found else 2

    return held


def _unpair(session: Session, contacts: Collection[str]) -> None:
    for some in chunks(sorted(contacts)):
        session.execute(delete(PairRow).where(or_(PairRow.one_id.in_(some), PairRow.other_id.in_(some))))


def _unsign(session: Session, contact: str, signs: Collection[int]) -> None:
    # Both columns alone: SQLite looks up no list of pairs in an index.
    session.execute(delete(SignRow).where(SignRow.sign.in_(sorted(signs)), SignRow.contact_id == contact))


def _hash(sign: str) -> int:
    return int.from_bytes(blake2b(sign.encode(), digest_size=8).digest(), "big", signed=True)


def _known(session: Session, wanted: Iterable[str]) -> dict[str, _Signed]:
    """What is compared of these contacts, wherever they are: a sign's first holders are asked for again and again."""
    found: dict[str, _Signed] = {}
    for some in chunks(sorted(wanted)):
        for contact, text in session.connection().execute(_TEXTS, {"some": some}):
            found[contact] = _signed_of(text)
    return found


_TEXTS = select(ContactRow.id, cast(ContactRow.card, Text)).where(
    ContactRow.id.in_(bindparam("some", expanding=True)), ContactRow.erased_at.is_(None)
)


@lru_cache(maxsize=8192)  # some 40 MB; by its text, so that it is never another card's
def _signed_of(text: str) -> _Signed:
    return _signed(Card.read(json.loads(text)))


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
