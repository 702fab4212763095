"""Owners of tokens and endpoints: a user or a service, and whether it is still there."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, and_, case, func, or_, select

from sharesync.model.access import PrincipalKind
from sharesync.store.database.tables import EndpointRow, ServiceRow, TokenRow, UserRow

_AWAY = or_(UserRow.suspended, UserRow.archived, UserRow.deleted)
_SERVICE_NAME = "service:" + ServiceRow.name


def with_owners(owned: type[EndpointRow | TokenRow]) -> Select[Any]:
    """Each row's columns, its owner's `title` (the name people know), what a command has it `called`, if it is `there`.

    Column by column: every request of a program asks whose its token is, and a mapped row takes longer to make.
    """
    there = UserRow.id.is_not(None), ~_AWAY
    service_there = ServiceRow.id.is_not(None) & ServiceRow.removed_at.is_(None)
    return (
        select(
            *owned.__table__.columns,
            func.coalesce(func.nullif(UserRow.name, ""), UserRow.email, _SERVICE_NAME, "").label("title"),
            func.coalesce(UserRow.email, _SERVICE_NAME, "").label("called"),
            case(there, else_=service_there).label("there"),
        )
        .outerjoin(UserRow, and_(owned.owner_kind == PrincipalKind.USER, UserRow.id == owned.owner))
        .outerjoin(ServiceRow, and_(owned.owner_kind == PrincipalKind.SERVICE, ServiceRow.id == owned.owner))
    )
