"""Owners: whose a token or an endpoint is, a user or a service, and whether that one is still here."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, and_, case, func, or_, select

from sharesync.model.access import PrincipalKind
from sharesync.store.database.tables import EndpointRow, ServiceRow, TokenRow, UserRow

_AWAY = or_(UserRow.suspended, UserRow.archived, UserRow.deleted)
_SERVICE_NAME = "service:" + ServiceRow.name


def with_owners(owned: type[EndpointRow | TokenRow]) -> Select[Any]:
    """Each row, its owner's `title` (the name people know) what a command has it `called`, whether it is here."""
    return (
        select(
            owned,
            func.coalesce(func.nullif(UserRow.name, ""), UserRow.email, _SERVICE_NAME, "").label("title"),
            func.coalesce(UserRow.email, _SERVICE_NAME, "").label("called"),
            case((UserRow.id.is_not(None), ~_AWAY), else_=ServiceRow.id.is_not(None) & ServiceRow.removed_at.is_(None)),
        )
        .outerjoin(UserRow, and_(owned.owner_kind == PrincipalKind.USER, UserRow.id == owned.owner))
        .outerjoin(ServiceRow, and_(owned.owner_kind == PrincipalKind.SERVICE, ServiceRow.id == owned.owner))
    )
