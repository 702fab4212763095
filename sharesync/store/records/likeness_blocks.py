"""Blocks: the contacts that have a sign, as far as they are compared by it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from sqlalchemy import BigInteger, Integer, Select, bindparam, select, union_all
from sqlalchemy.orm import Session

from sharesync.store.database.tables import SignRow

FIRST = 6
"""Holders of a sign that are compared with all of it that are listed."""
LISTED = 100
"""Holders of a sign that are compared at all by it: no fewer than are counted, so that all are weighed anew."""
_SOME, _MANY = 10, 100
"""Signs in one statement, each a part that ends after so many holders: a large company's sign has thousands.

One contact has a few; to run a statement for a hundred takes ten times as long, whatever it finds.
"""


_NAMES = {size: [f"sign{number}" for number in range(size)] for size in (_SOME, _MANY)}


def _part(name: str) -> Select[tuple[int, str]]:
    held = select(SignRow.sign, SignRow.contact_id).where(SignRow.sign == bindparam(name, type_=BigInteger))
    some = held.order_by(SignRow.contact_id).limit(bindparam("most", type_=Integer)).subquery()
    return select(some.c.sign, some.c.contact_id)


_HELD = {size: union_all(*map(_part, names)) for size, names in _NAMES.items()}


@dataclass(slots=True)
class Block:
    """Those who have a sign, by id: the first of them, and one beyond those that are listed."""

    known: list[str] = field(default_factory=list)

    @property
    def first(self) -> list[str]:
        return self.known[:FIRST]

    @property
    def listed(self) -> list[str]:
        return self.known[:LISTED]

    @property
    def holders(self) -> int:
        """How many contacts have it, as far as that matters."""
        return len(self.known)

    def joined_by(self, new: Collection[str]) -> Block:
        """The same once these hold it, too: who is beyond those that are known stays unknown."""
        return Block(sorted({*self.known, *new})[: LISTED + 1])

    def met_by(self, contact: str) -> list[str]:
        """The contacts with which one is compared by this sign, itself included."""
        if contact in self.first:
            return self.listed
        return self.first if contact in self.listed else []


def blocks(session: Session, signs: Iterable[int]) -> dict[int, Block]:
    """The contacts that have these signs."""
    found = {sign: Block() for sign in signs}
    wanted = sorted(found)
    size = _SOME if len(wanted) <= _SOME else _MANY
    for start in range(0, len(wanted), size):
        some = wanted[start : start + size]
        asked = dict.fromkeys(_NAMES[size], None) | dict(zip(_NAMES[size], some, strict=False))
        for row in session.connection().execute(_HELD[size], asked | {"most": LISTED + 1}).all():
            found[row.sign].known.append(row.contact_id)
    for block in found.values():
        block.known.sort()  # by code point, as ids are compared here, whatever the database's order
    return found
