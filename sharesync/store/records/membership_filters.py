"""Membership filters: which contacts are in which groups, as a part of other queries."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Select, String, cast, exists, false, func, or_, select
from sqlalchemy.orm import Session, aliased

from sharesync.store.database.tables import ContactRow, GroupRow, MembershipRow

SIZE = select(func.count()).where(MembershipRow.group_id == GroupRow.id).scalar_subquery()
"""How many contacts a group holds, counted group by group: as quick as its index, whatever the others hold."""

SOUGHT = 3
"""Up to so many groups are sought one by one."""
WIDE = 2_000
"""From so many contacts on, a group is leafed through in the order of the list, and not sorted for it."""

_PLACE = aliased(MembershipRow)


def belonging(session: Session, contacts: Collection[str], groups: Collection[str] | None) -> set[str]:
    """Those of a few contacts that are in any of these groups; None is any group at all, the trash included."""
    if groups is None:
        return set(contacts)
    held = MembershipRow.contact_id.in_(list(contacts)), MembershipRow.group_id.in_(list(groups))
    return set(session.scalars(select(MembershipRow.contact_id).where(*held)))


def holding(groups: Collection[str]) -> Select[str]:
    """Ids of all contacts that are in one of these groups."""
    return select(MembershipRow.contact_id).where(MembershipRow.group_id.in_(list(groups)))


def inside(contact: Any, groups: Collection[str]) -> ColumnElement[bool]:
    """Whether the contact of this column is in one of these groups; a contact in the trash is in none.

    It is asked of each contact in turn: a page costs its rows, and not all that the groups hold.
    """
    if not groups:
        return false()
    # A contact is in few groups. Without `coalesce`, SQLite would seek each of many groups in the index instead.
    group = func.coalesce(_PLACE.group_id, _PLACE.group_id) if len(groups) > SOUGHT else _PLACE.group_id
    # One column, which the index holds: for all columns SQLite would read the row as well.
    return exists(_PLACE.contact_id).where(_PLACE.contact_id == contact, group.in_(list(groups)))


def left_one_of(groups: Collection[str]) -> ColumnElement[bool]:
    """Whether a contact in the trash left one of these groups last."""
    # The list of ids as text: an id is 32 hex digits and occurs in no other.
    return or_(false(), *(cast(ContactRow.left, String).contains(group) for group in groups))


def is_wide(session: Session, groups: Collection[str]) -> bool:
    """Whether these groups hold so many contacts that listing them takes longer than asking about each on a page."""
    some = select(MembershipRow.contact_id).where(MembershipRow.group_id.in_(list(groups))).limit(WIDE + 1).subquery()
    return (session.scalar(select(func.count()).select_from(some)) or 0) > WIDE
