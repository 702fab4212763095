"""Unlisted pairs: how many there are beyond those that are listed, where many contacts are probably one.

Of a hundred copies of one contact each is listed with the first few alone (`records/likeness_index.py`), so that pairs
grow with contacts and not with their square. Whoever decides must know that it is not all. Contacts that only share
what strangers share are no pair: two are counted if they are compared now, and found alike.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations, islice

from sqlalchemy import select, union_all
from sqlalchemy.orm import Session

from sharesync.store.database.batching import chunks
from sharesync.store.database.tables import PairRow, RulingRow
from sharesync.store.queries.duplicates import MOST
from sharesync.store.records import duplicate_decisions, likeness_matches
from sharesync.store.records.likeness_blocks import FIRST

COMPARED = 500
"""So many are compared for a page; beyond that it is enough to know that they may be more."""


@dataclass(frozen=True, slots=True)
class Unlisted:
    """How many pairs are not listed, of those that were looked at."""

    pairs: int
    all: bool
    """Whether all were looked at."""


def unlisted(session: Session, among: Collection[str] | None) -> Unlisted:
    """The pairs that are not listed, of contacts that are both listed with a third, in these groups (None: in any)."""
    sides = (PairRow.one_id, PairRow.other_id)
    rows = session.execute(
        duplicate_decisions.undecided(select(*sides), among).order_by(PairRow.surety.desc(), *sides).limit(MOST)
    ).all()
    alike: dict[str, set[str]] = {}
    for one, other in rows:
        alike.setdefault(one, set()).add(other)
        alike.setdefault(other, set()).add(one)
    # Among seven that have a value, one of each two is among the first six.
    crowds = [sorted(others) for _, others in sorted(alike.items()) if len(others) > FIRST]
    if not crowds:
        return Unlisted(0, all=True)
    known = set(_known(session, {contact for crowd in crowds for contact in crowd}))
    told = {pair: None for crowd in crowds for pair in combinations(crowd, 2) if pair not in known}
    some = [*islice(told, COMPARED)]
    return Unlisted(likeness_matches.number_alike(session, some), all=len(some) == len(told) and len(rows) < MOST)


def _known(session: Session, contacts: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Pairs of these contacts that are listed, or of which it was decided that they are two."""
    for some in chunks(sorted(contacts)):
        listed = select(PairRow.one_id, PairRow.other_id).where(PairRow.one_id.in_(some))
        apart = select(RulingRow.one_id, RulingRow.other_id).where(
            RulingRow.one_id.in_(some), *duplicate_decisions.APART
        )
        yield from ((one, other) for one, other in session.execute(union_all(listed, apart)))
