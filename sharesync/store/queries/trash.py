"""The trash: which contacts lie there, and the groups to which they can be restored."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from sharesync.store.database.tables import ContactRow, GroupRow
from sharesync.store.records.membership_filters import left_one_of


def lying(among: Collection[str] | None) -> Iterator[ColumnElement[bool]]:
    """What holds of a contact that can be restored to one of these groups; None: to any."""
    yield ContactRow.deleted_at.is_not(None)
    yield ContactRow.purged_at.is_(None)
    yield ContactRow.erased_at.is_(None)
    if among is not None:
        yield left_one_of(among)


def groups_left(
    session: Session, some: Collection[str], among: Collection[str] | None = None
) -> dict[str, tuple[str, ...]]:
    """Names of the groups that each of a page's contacts left last and that are there; `among`: of those alone."""
    rows = session.execute(select(ContactRow.id, ContactRow.left).where(ContactRow.id.in_(list(some)))).all()
    left = {group for row in rows for group in row.left or () if among is None or group in among}
    there = select(GroupRow.id, GroupRow.name).where(GroupRow.id.in_(left), GroupRow.deleted_at.is_(None))
    named = {row.id: row.name for row in session.execute(there)}
    return {row.id: tuple(named[group] for group in row.left or () if group in named) for row in rows}
