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
    told = {contact: traits(card) for contact, card in cards.items()}
    signs = {contact: _signs(found) | _values(found) for contact, found in told.items()}
    pairs = sorted((sign, contact) for contact, some in signs.items() for sign in some)
    rows = [{"sign": sign, "contact_id": contact} for sign, contact in pairs]
    if rows:
        session.execute(_SIGN, rows)
        stand = blocks_of(session, {sign for some in signs.values() for sign in some})
        _compare(
            session, told, _without(session, stand, told.keys()), stand, frozenset().union(*map(_values, told.values()))
        )


def relearn(session: Session, contact: str, before: Card, after: Card) -> None:
    """Compare a contact anew whose card was changed, if what is compared was."""
    old, new = traits(before), traits(after)
    if old == new:
        return
    had, has = _signs(old) | _values(old), _signs(new) | _values(new)
    stood = blocks_of(session, had ^ has)
    if had - has:
        _unsign(session, contact, had - has)
    if has - had:
        session.execute(_SIGN, [{"sign": one, "contact_id": contact} for one in sorted(has - had)])
    _unpair(session, [contact])
    _compare(session, {contact: new}, stood, blocks_of(session, stood), _values(old) | _values(new))


def forget(session: Session, contacts: Collection[str]) -> None:
    """Keep nothing of contacts, whose cards are still there: they are nobody's duplicates and hold no value."""
    old = _traits(session, contacts)
    had = {contact: _signs(of) | _values(of) for contact, of in old.items()}
    stood = blocks_of(session, {sign for some in had.values() for sign in some})
    if not stood:
        return
    session.connection().execute(
        _UNSIGN, [{"the_sign": sign, "contact": contact} for contact, some in had.items() for sign in sorted(some)]
    )
    _unpair(session, contacts)
    _compare(session, {}, stood, blocks_of(session, stood), frozenset().union(*map(_values, old.values())))


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
    told = [traits(card) for card in cards]
    whole = [_values(one) for one in told]
    signs = [_signs(one) for one in told]
    blocks = blocks_of(session, {sign for some in (*signs, *whole) for sign in some})
    held = _holders(blocks, 1)
    met = [
        # Who has a value that is the same must be found wherever it stands: an import asks for one group's contacts.
        {
            contact
            for sign in some
            if (block := blocks.get(sign))
            for contact in (block.listed if sign in its else block.first)
        }
        for some, its in zip(signs, whole, strict=True)
    ]
    known = _cards(session, {contact for some in met for contact in some}, among)
    seen = {contact: traits(card) for contact, card in known.items()}
    found = []
    for one, some in zip(told, met, strict=True):
        like = {contact: alike(one, seen[contact], _ratio(), held) for contact in some if contact in seen}
        sure = [Match(contact, known[contact], why) for contact, why in like.items() if why]
        found.append(sorted(sure, key=lambda match: (not match.likeness.sure, -match.likeness.surety, match.contact)))
    return found


def compare(session: Session, pairs: Sequence[tuple[Card, Card]]) -> list[Likeness | None]:
    """Of each pair of contacts' cards why they are probably of one; None where nothing says so."""
    told = [(traits(one), traits(other)) for one, other in pairs]
    held = _holders(blocks_of(session, {sign for one, other in told for sign in _values(one) & _values(other)}))
    return [alike(one, other, _ratio(), held) for one, other in told]


# --- Comparing -------------------------------------------------------------------------------------------------------


def _compare(
    session: Session, told: Mapping[str, Traits], stood: _Blocks, stand: _Blocks, weighing: Collection[int]
) -> None:
    """Make the pairs of these contacts, and anew those of others that were moved.

    `stood`, `stand`: the blocks of the signs that came or went, before and after; `weighing`: which are values.
    """
    moved = {
        contact for sign, before in stood.items() for contact in _moved(before, stand[sign], weighs=sign in weighing)
    }
    moved -= told.keys()
    _unpair(session, moved)
    new = dict(told) | _traits(session, moved)
    signs = {contact: _signs(of) for contact, of in new.items()}
    wanted = {sign for of, some in zip(new.values(), signs.values(), strict=True) for sign in some | _values(of)}
    blocks = {**stand, **blocks_of(session, wanted - stand.keys())}
    met = set(_meetings(signs, blocks))
    others = {contact for pair in met for contact in pair} - new.keys()
    seen = _traits(session, others) | new
    held = _holders(blocks)
    rows = [
        {"one_id": one, "other_id": other, "surety": why.surety}
        for one, other in sorted(met)
        if one in seen and other in seen and (why := alike(seen[one], seen[other], _ratio(), held))
    ]
    if rows:
        session.execute(_PAIR, rows)


def _moved(before: Block, after: Block, *, weighs: bool) -> Iterator[str]:
    """Contacts that meet others by this sign than they did, or for which it weighs otherwise."""
    if weighs and common(before.holders) != common(after.holders):
        yield from after.listed
    elif before.listed != after.listed:
        yield from {*before.first} ^ {*after.first}
        if after.holders > LISTED or before.holders > LISTED:
            yield from {*before.listed} ^ {*after.listed}


def _without(session: Session, stand: _Blocks, new: Collection[str]) -> dict[int, Block]:
    """The blocks as they were before these contacts came."""
    deep = [sign for sign, block in stand.items() if block.holders > LISTED and not set(block.known).isdisjoint(new)]
    known = dict(stand) | blocks_of(session, deep, len(new))
    return {sign: block.without(new) for sign, block in known.items()}


def _meetings(signs: Mapping[str, Collection[int]], blocks: _Blocks) -> Iterator[tuple[str, str]]:
    for contact, some in signs.items():
        for sign in some:
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


def _signs(of: Traits) -> frozenset[int]:
    return frozenset(map(_hash, signs_of(of)))


def _values(of: Traits) -> frozenset[int]:
    return frozenset(map(_hash, values(of)))


def _traits(session: Session, wanted: Iterable[str]) -> dict[str, Traits]:
    """What is compared of these contacts, wherever they are: a sign's first holders are asked for again and again."""
    found: dict[str, Traits] = {}
    for some in chunks(sorted(wanted)):
        for contact, text in session.connection().execute(_TEXTS, {"some": some}):
            found[contact] = _traits_of(text)
    return found


_TEXTS = select(ContactRow.id, cast(ContactRow.card, Text)).where(
    ContactRow.id.in_(bindparam("some", expanding=True)), ContactRow.erased_at.is_(None)
)


@lru_cache(maxsize=8192)  # some 30 MB; by its text, so that it is never another card's
def _traits_of(text: str) -> Traits:
    return traits(Card.read(json.loads(text)))


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
