"""The trash, page by page: contacts that left their last group, with the groups to which they can be restored."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, String, and_, cast, false, func, or_, select
from sqlalchemy.orm import Session

from sharesync.model.card import Card
from sharesync.store.database.tables import ContactRow, GroupRow
from sharesync.store.queries.contact_names import Named


@dataclass(frozen=True, slots=True)
class Trashed:
    """A contact in the trash."""

    id: str
    card: Card
    deleted_at: datetime
    groups: tuple[Named, ...]
    """The groups it left that are still there; those alone that whoever looks may see."""


@dataclass(frozen=True, slots=True)
class Heap:
    """One page of the trash, the latest first."""

    contacts: tuple[Trashed, ...]
    total: int
    following: str | None
    """The contact before the next page."""


def heap(session: Session, among: Collection[str] | None, after: str | None = None, size: int = 50) -> Heap:
    """What can be restored to one of these groups (None: to any), after the contact `after`."""
    here = list(lying(among))
    later = session.execute(select(ContactRow.deleted_at, ContactRow.id).where(ContactRow.id == after, *here)).first()
    before: list[ColumnElement[bool]] = []
    if later and later.deleted_at:
        at, contact = later
        before = [or_(ContactRow.deleted_at < at, and_(ContactRow.deleted_at == at, ContactRow.id > contact))]
    rows = list(
        session.scalars(
            select(ContactRow)
            .where(*here, *before)
            .order_by(ContactRow.deleted_at.desc(), ContactRow.id)
            .limit(size + 1)
        )
    )
    left = {group for row in rows for group in row.left or () if among is None or group in among}
    named = {
        row.id: Named(row.id, row.name)
        for row in session.execute(
            select(GroupRow.id, GroupRow.name).where(GroupRow.id.in_(left), GroupRow.deleted_at.is_(None))
        )
    }
    total = session.scalar(select(func.count()).select_from(ContactRow).where(*here)) or 0
    return Heap(
        tuple(
            Trashed(row.id, row.card, row.deleted_at, tuple(named[one] for one in row.left or () if one in named))
            for row in rows[:size]
            if row.deleted_at
        ),
        total,
        rows[size - 1].id if len(rows) > size else None,
    )


def lying(among: Collection[str] | None) -> Iterator[ColumnElement[bool]]:
    """What holds of a contact that can be restored to one of these groups; None: to any."""
    yield ContactRow.deleted_at.is_not(None)
    yield ContactRow.purged_at.is_(None)
    yield ContactRow.erased_at.is_(None)
    if among is not None:
        # The list of ids as text: an id is 32 hex digits and occurs in no other.
        yield or_(false(), *(cast(ContactRow.left, String).contains(group) for group in among))
