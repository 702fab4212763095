"""The likeness index: which contacts are probably one. It knows each contact as far as it was compared, soon all.

A sign is a hash of something that two contacts may share (`model/traits.py`). A new or changed card is compared with
those contacts alone with which it shares a sign, and what is alike becomes a pair. Signs and pairs tell nothing that
the cards do not: they are made anew where they are missing, and an erased contact has none.

Who writes a contact compares nothing. `contacts.compared` says at which version its signs stand, 0 where it has none;
so whoever lies in the trash should be at 0 and everybody else at their present version, and who is not (`UNCOMPARED`)
waits for `compare_some`. Nobody can forget to say that a contact waits: it follows from what it is.

The law: the pairs depend on which contacts there are outside the trash, never on how they came. Two meet by a sign if
one of them is among its first `FIRST` holders by id and the other among its first `LISTED`: so pairs grow with contacts
and not with their square, and of a hundred copies of one contact each is listed. A value says less the more contacts
have it. Where a contact that comes, changes or goes moves others across these bounds, they are compared anew, too.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Integer, Text, bindparam, cast, delete, func, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from sharesync.model.card import EMPTY
from sharesync.model.likeness import alike
from sharesync.model.likeness_odds import common
from sharesync.model.traits import traits
from sharesync.store.database.batching import chunks
from sharesync.store.database.tables import UNCOMPARED, ContactRow, PairRow, Table
from sharesync.store.records.likeness_blocks import LISTED, Block
from sharesync.store.records.likeness_blocks import blocks as blocks_of
from sharesync.store.records.likeness_signs import Blocks, Signed, holders_in, known_signs, ratio, signed_at, signed_of

_NONE = Block()
# Core statements: a contact has a dozen signs, and creating ORM rows costs more than the database does.
_CONTACTS, _SIGNS, _PAIRS = (Table.metadata.tables[name] for name in ("contacts", "signs", "pairs"))
_PAIR = insert(_PAIRS)
_UNSIGN = delete(_SIGNS).where(_SIGNS.c.sign == bindparam("sign"), _SIGNS.c.contact_id == bindparam("contact_id"))
_MARK = update(_CONTACTS).where(_CONTACTS.c.id == bindparam("contact")).values(compared=bindparam("at", type_=Integer))


@cache
def _sign(dialect: str) -> Any:
    # The release before this one may still run beside it, and may have noted them meanwhile.
    return (sqlite if dialect == "sqlite" else postgresql).insert(_SIGNS).on_conflict_do_nothing()


def uncompared(session: Session, most: int) -> int:
    """How many contacts wait to be compared, counted up to `most`."""
    some = select(ContactRow.id).where(UNCOMPARED).limit(most).subquery()
    return session.scalar(select(func.count()).select_from(some)) or 0


def compare_some(session: Session, most: int) -> int:
    """Compare so many of the contacts that wait with each other and with all others; returns how many that were."""
    rows = session.connection().execute(_WAITING, {"most": most}).all()
    _compare(
        session,
        {
            row.id: _Step(row.compared, row.version, signed_of(row.card))
            if row.deleted_at is None
            else _Step(row.compared, 0, None)
            for row in rows
        },
    )
    return len(rows)


_WAITING = (
    select(
        ContactRow.id,
        ContactRow.version,
        ContactRow.compared,
        ContactRow.deleted_at,
        cast(ContactRow.card, Text).label("card"),
    )
    .where(UNCOMPARED)
    .order_by(ContactRow.id)
    .limit(bindparam("most", type_=Integer))
)


def forget(session: Session, contact: str) -> None:
    """Keep nothing of a contact whose versions are still there: it is nobody's duplicate and holds no value."""
    at = session.scalar(select(ContactRow.compared).where(ContactRow.id == contact))
    if at:
        _compare(session, {contact: _Step(at, 0, None)})


# --- Comparing -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Step:
    """How a contact's signs change: from those of one of its versions to those of another."""

    before: int
    """0 where it has none."""
    after: int
    now: Signed | None
    """None where it keeps none."""


_NOBODY = Signed(traits(EMPTY), frozenset(), frozenset())


def _compare(session: Session, steps: Mapping[str, _Step]) -> None:
    """Bring the signs of these contacts up to date, make their pairs, and anew those of others that were moved."""
    was = signed_at(session, {contact: step.before for contact, step in steps.items() if step.before})
    changed = {
        contact: (was.get(contact, _NOBODY), step.now or _NOBODY)
        for contact, step in steps.items()
        if step.now is None or contact not in was or was[contact].traits != step.now.traits
    }
    gone, come = dict[int, list[str]](), dict[int, list[str]]()
    for contact, (old, new) in changed.items():
        for sign in old.all - new.all:
            gone.setdefault(sign, []).append(contact)
        for sign in new.all - old.all:
            come.setdefault(sign, []).append(contact)
    stood = blocks_of(session, gone.keys() | come.keys())
    for statement, told in ((_UNSIGN, gone), (_sign(session.get_bind().dialect.name), come)):
        if told:
            rows = [{"sign": sign, "contact_id": contact} for sign in sorted(told) for contact in told[sign]]
            session.connection().execute(statement, rows)
    stand = {sign: block.joined_by(come[sign]) for sign, block in stood.items() if sign not in gone}
    stand |= blocks_of(session, gone)
    weighing = frozenset[int]().union(*(of.values for two in changed.values() for of in two))
    _unpair(session, changed)
    _pair(session, {contact: steps[contact].now for contact in changed}, stood, stand, weighing)
    if steps:
        session.connection().execute(_MARK, [{"contact": contact, "at": step.after} for contact, step in steps.items()])


def _pair(
    session: Session,
    told: Mapping[str, Signed | None],
    stood: Blocks,
    stand: Blocks,
    weighing: Collection[int],
) -> None:
    """Make the pairs of these contacts, and make anew those of others that they affect.

    `stood`, `stand`: the blocks of the signs that came or went, before and after; `weighing`: which are values.
    """
    moved = {
        contact for sign, before in stood.items() for contact in _moved(before, stand[sign], weighs=sign in weighing)
    }
    moved -= told.keys()
    _unpair(session, moved)
    new = {contact: of for contact, of in told.items() if of} | known_signs(session, moved)
    blocks = {**stand, **blocks_of(session, {sign for of in new.values() for sign in of.all} - stand.keys())}
    met = set(_meetings(new, blocks))
    seen = known_signs(session, {contact for pair in met for contact in pair} - new.keys()) | new
    held = holders_in(blocks)
    rows = [
        {"one_id": one, "other_id": other, "surety": why.surety}
        for one, other in sorted(met)
        if one in seen and other in seen and (why := alike(seen[one].traits, seen[other].traits, ratio(), held))
    ]
    if rows:
        session.connection().execute(_PAIR, rows)


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


def _meetings(told: Mapping[str, Signed], blocks: Blocks) -> Iterator[tuple[str, str]]:
    for contact, of in told.items():
        for sign in of.signs:
            for other in blocks.get(sign, _NONE).met_by(contact):
                if other != contact:
                    yield min(contact, other), max(contact, other)


def _unpair(session: Session, contacts: Collection[str]) -> None:
    for some in chunks(sorted(contacts)):
        session.execute(delete(PairRow).where(or_(PairRow.one_id.in_(some), PairRow.other_id.in_(some))))
