"""Signs of a card as numbers, and of contacts: what was compared of each, at the version that was."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from hashlib import blake2b
from typing import Any

from sqlalchemy import CompoundSelect, Text, bindparam, cast, select, tuple_
from sqlalchemy.orm import Session

from sharesync.model.card import Card
from sharesync.model.contact import VersionKind
from sharesync.model.likeness_odds import Ratio
from sharesync.model.traits import Traits, traits, values
from sharesync.model.traits import signs as signs_of
from sharesync.store.database.batching import chunks
from sharesync.store.database.tables import UNCOMPARED, ContactRow, Table, VersionRow
from sharesync.store.records.likeness_blocks import Block

Blocks = Mapping[int, Block]
"""Who has which sign."""


@dataclass(frozen=True, slots=True)
class Signed:
    """What is compared of a contact, and its signs: those by which it meets others, and those that are values."""

    traits: Traits
    signs: frozenset[int]
    values: frozenset[int]

    @property
    def all(self) -> frozenset[int]:
        return self.signs | self.values


def signed(card: Card) -> Signed:
    """Of a card."""
    of = traits(card)
    met, held = signs_of(of), values(of)
    numbers = {sign: hashed(sign) for sign in met | held}
    return Signed(of, frozenset(numbers[sign] for sign in met), frozenset(numbers[sign] for sign in held))


def hashed(sign: str) -> int:
    """The number that stands for a sign."""
    return int.from_bytes(blake2b(sign.encode(), digest_size=8).digest(), "big", signed=True)


def bearing(sign: str) -> CompoundSelect[Any]:
    """Ids of all contacts outside the trash that may have a sign: those that have it, and those not yet compared."""
    return _SIGNS_OF.where(_SIGNS.c.sign == hashed(sign)).union_all(_NOT_COMPARED)


_SIGNS, _CONTACTS = Table.metadata.tables["signs"], Table.metadata.tables["contacts"].alias("waiting")
_SIGNS_OF = select(_SIGNS.c.contact_id)
_NOT_COMPARED = select(_CONTACTS.c.id).where(UNCOMPARED)
"""By another name: it is asked within queries of contacts, and `UNCOMPARED` speaks of the innermost."""


def known_signs(session: Session, wanted: Iterable[str]) -> dict[str, Signed]:
    """What is compared of these contacts, at the versions whose signs stand: a sign's first holders come up often."""
    found: dict[str, Signed] = {}
    behind: dict[str, int] = {}
    for some in chunks(sorted(wanted)):
        for contact, version, compared, text in session.connection().execute(_TEXTS, {"some": some}):
            if compared == version:
                found[contact] = signed_of(text)
            else:
                behind[contact] = compared
    return found | signed_at(session, behind)


_TEXTS = select(ContactRow.id, ContactRow.version, ContactRow.compared, cast(ContactRow.card, Text)).where(
    ContactRow.id.in_(bindparam("some", expanding=True)), ContactRow.compared > 0
)


def signed_at(session: Session, versions: Mapping[str, int]) -> dict[str, Signed]:
    """What was compared of these contacts at these versions."""
    found: dict[str, Signed] = {}
    for some in chunks(sorted(versions.items())):
        for contact, text in session.connection().execute(_VERSIONS, {"some": some}):
            found[contact] = signed_of(text)
    return found


_VERSIONS = select(VersionRow.contact_id, cast(VersionRow.card, Text)).where(
    tuple_(VersionRow.contact_id, VersionRow.version).in_(bindparam("some", expanding=True)),
    VersionRow.kind == VersionKind.ACCEPTED,
)


@lru_cache(maxsize=8192)  # some 40 MB; by its text, so that it is never another card's
def signed_of(text: str) -> Signed:
    """Of a card as it is kept."""
    return signed(Card.read(json.loads(text)))


def holders_in(blocks: Blocks, more: int = 0) -> Callable[[str], int]:
    """Tells how many contacts have a sign that is a value, with so many more who are not in the store."""

    def held(sign: str) -> int:
        found = blocks.get(hashed(sign))
        return found.holders + more if found else 2

    return held


@cache
def ratio() -> Ratio:
    """What tells how nearly equal two texts are."""
    from rapidfuzz.fuzz import ratio  # takes a tenth of a second to load, and most commands compare nothing

    return ratio
