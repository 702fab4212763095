"""Rulings: what was decided about two contacts, so that nobody is asked twice and everything can be taken back."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, String, and_, cast, exists, false, insert, or_, select, union_all, update
from sqlalchemy.orm import Session, aliased

from sharesync.errors import NotFound
from sharesync.model.duplicate_decision import Apart, MergeRecord, Ruled, Ruling
from sharesync.store.database.tables import ContactRow, PairRow, RulingRow
from sharesync.store.database.work import Work
from sharesync.store.records.actors import actors
from sharesync.store.records.membership_filters import inside

Query = TypeVar("Query", bound="Select[*tuple[Any, ...]]")


def keep(work: Work, ruling: Apart | MergeRecord) -> None:
    """Keep what the actor decided."""
    work.session.execute(insert(RulingRow).values(**_columns(ruling), actor=work.by.id, at=work.now))


def _columns(ruling: Apart | MergeRecord) -> dict[str, Any]:
    match ruling:
        case Apart():
            return {"id": ruling.id, "ruling": Ruling.APART, "one_id": ruling.one, "other_id": ruling.other}
        case MergeRecord():
            return {
                "id": ruling.id,
                "ruling": Ruling.MERGED,
                "one_id": ruling.stayed,
                "other_id": ruling.gone,
                "versions": [ruling.before, ruling.after],
                "joined": list(ruling.joined),
                "left": list(ruling.left),
            }


def find(session: Session, ruling: str) -> Apart | MergeRecord:
    """One ruling. Raises NotFound."""
    row = session.get(RulingRow, ruling)
    if row is None:
        raise NotFound("decision", ruling)
    return _read(row)


def undo(work: Work, ruling: str) -> None:
    """Note that it was taken back."""
    work.session.execute(update(RulingRow).where(RulingRow.id == ruling).values(undone_at=work.now))


def are_apart(session: Session, one: str, other: str) -> bool:
    """Whether it was decided that these two are not the same."""
    found = select(RulingRow.id).where(
        RulingRow.one_id == min(one, other), RulingRow.other_id == max(one, other), *APART
    )
    return session.scalar(found.limit(1)) is not None


APART = (RulingRow.ruling == Ruling.APART, RulingRow.undone_at.is_(None))
"""Rulings by which two are not the same."""


def undecided(
    query: Query, among: Collection[str] | None, one: Any = PairRow.one_id, other: Any = PairRow.other_id
) -> Query:
    """Only pairs of which nothing was decided, neither in the trash and both in these groups (None: in any)."""
    return query.where(~_decided(one, other), _there(one, among), _there(other, among))


def alike(among: Collection[str] | None) -> Any:
    """Ids of contacts of which each is probably the same as one in these groups (None: in any), as far as undecided."""
    sides = ((PairRow.one_id, PairRow.other_id), (PairRow.other_id, PairRow.one_id))
    apart = ~_decided(PairRow.one_id, PairRow.other_id)
    return union_all(*(select(mine).where(apart, _there(theirs, among)) for mine, theirs in sides))


def _decided(one: Any, other: Any) -> ColumnElement[bool]:
    return exists().where(RulingRow.one_id == one, RulingRow.other_id == other, *APART)


def _there(ident: Any, among: Collection[str] | None) -> ColumnElement[bool]:
    if among is None:
        contact = aliased(ContactRow)
        return exists().where(contact.id == ident, contact.deleted_at.is_(None))
    return inside(ident, among)


def listed(
    session: Session, among: Collection[str] | None, after: str | None = None, size: int = 50
) -> tuple[list[Ruled], str | None]:
    """Rulings about contacts that are both in these groups, or left them for the trash (None: all), the latest first.

    Those after the ruling `after`; and after which the next page begins, if there is one.
    """
    one, other = aliased(ContactRow), aliased(ContactRow)
    query = (
        select(RulingRow, one.card, other.card)
        .join(one, one.id == RulingRow.one_id)
        .join(other, other.id == RulingRow.other_id)
        .where(one.erased_at.is_(None), other.erased_at.is_(None), _of(one, among), _of(other, among))
    )
    if after is not None:
        query = query.where(RulingRow.id < after)  # ids sort by time
    rows = session.execute(query.order_by(RulingRow.id.desc()).limit(size + 1)).all()
    known = actors(session, {row.actor for row, *_ in rows})
    found = [
        Ruled(_read(row), known.get(row.actor, ("", ""))[0], row.at, (mine.title, theirs.title))
        for row, mine, theirs in rows[:size]
    ]
    return found, found[-1].what.id if len(rows) > size else None


def _of(contact: type[ContactRow], among: Collection[str] | None) -> ColumnElement[bool]:
    if among is None:
        return contact.id.is_not(None)
    # The list of ids as text: an id is 32 hex digits and occurs in no other.
    left = (cast(contact.left, String).contains(group) for group in among)
    return or_(inside(contact.id, among), and_(contact.deleted_at.is_not(None), or_(false(), *left)))


def _read(row: RulingRow) -> Apart | MergeRecord:
    undone = row.undone_at is not None
    match row.ruling:
        case Ruling.APART:
            return Apart(row.id, row.one_id, row.other_id, undone)
        case Ruling.MERGED:
            before, after = row.versions or (0, 0)
            groups: Sequence[Sequence[str]] = (row.joined or (), row.left or ())
            return MergeRecord(row.id, row.one_id, row.other_id, undone, before, after, *map(tuple, groups))
