"""Saved filters: kept, found by who may see them, forgotten."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import delete, insert, or_, select, true
from sqlalchemy.orm import Session

from sharesync.errors import NotFound
from sharesync.model.saved_filter import SavedFilter
from sharesync.store.database.tables import GroupRow, SavedFilterRow
from sharesync.store.database.work import Work

_ALL = select(
    *(SavedFilterRow.id, SavedFilterRow.name, SavedFilterRow.filter, SavedFilterRow.order, SavedFilterRow.columns),
    *(SavedFilterRow.owner, SavedFilterRow.group_id.label("group")),
)


def seen(session: Session, user: str, groups: Collection[str] | None) -> list[SavedFilter]:
    """A user's own, and those shared with who sees any of these groups, None is all; by name."""
    shared = true() if groups is None else SavedFilterRow.group_id.in_(list(groups))
    live = select(GroupRow.id).where(GroupRow.deleted_at.is_(None))
    which = or_(SavedFilterRow.owner == user, SavedFilterRow.group_id.in_(live) & shared)
    rows = session.execute(_ALL.where(which).order_by(SavedFilterRow.name, SavedFilterRow.id))
    return [SavedFilter(**row) for row in rows.mappings()]


def get(session: Session, saved: str) -> SavedFilter:
    """One by its id. Raises NotFound."""
    row = session.execute(_ALL.where(SavedFilterRow.id == saved)).mappings().one_or_none()
    if row is None:
        raise NotFound("filter", saved)
    return SavedFilter(**row)


def add(work: Work, saved: SavedFilter) -> None:
    """Keep one."""
    work.session.execute(
        insert(SavedFilterRow).values(
            id=saved.id,
            name=saved.name,
            filter=saved.filter,
            order=saved.order,
            columns=saved.columns,
            owner=saved.owner,
            group_id=saved.group,
            created_at=work.now,
        )
    )


def remove(work: Work, saved: str) -> None:
    """Forget one."""
    work.session.execute(delete(SavedFilterRow).where(SavedFilterRow.id == saved))
