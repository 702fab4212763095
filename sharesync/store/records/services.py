"""Services: programs that are principals of their own."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from sharesync.errors import NotFound
from sharesync.model.access import Level, PrincipalKind
from sharesync.store.database.tables import GrantRow, ServiceRow
from sharesync.store.database.work import Work


@dataclass(frozen=True, slots=True)
class Service:
    """A program that is granted access like anybody else."""

    id: str
    name: str
    created_at: datetime


_LIVE = ServiceRow.removed_at.is_(None)


def listed(session: Session) -> list[Service]:
    """All that were not removed, by name."""
    rows = session.execute(
        select(ServiceRow.id, ServiceRow.name, ServiceRow.created_at).where(_LIVE).order_by(ServiceRow.name)
    )
    return [Service(*row) for row in rows]


def find_id(session: Session, name: str) -> str:
    """The id of the service of this name. Raises NotFound."""
    found = session.scalar(select(ServiceRow.id).where(ServiceRow.name == name, _LIVE))
    if found is None:
        raise NotFound("service", name, "`sharesync services list` shows them all.")
    return found


def names(session: Session, ids: Collection[str]) -> dict[str, tuple[str, bool]]:
    """By id: the name, and whether it was removed."""
    rows = session.execute(
        select(ServiceRow.id, ServiceRow.name, ServiceRow.removed_at).where(ServiceRow.id.in_(list(ids)))
    )
    return {ident: (name, removed is not None) for ident, name, removed in rows}


def limits(session: Session, group: str) -> dict[str, int | None]:
    """The services that were granted a group, by name, each with how much it may change at once, if not as usual."""
    its = GrantRow.kind == PrincipalKind.SERVICE, GrantRow.subject == ServiceRow.id, GrantRow.group_id == group
    asked = select(ServiceRow.name, GrantRow.at_once).where(*its, _LIVE).order_by(ServiceRow.name)
    return dict(session.execute(asked).all())


def limits_of(session: Session, service: str) -> dict[str, int]:
    """How much a service may change at once, by group, where that is more than usual."""
    its = GrantRow.kind == PrincipalKind.SERVICE, GrantRow.subject == service, GrantRow.at_once.is_not(None)
    return {
        group: at_once or 0
        for group, at_once in session.execute(select(GrantRow.group_id, GrantRow.at_once).where(*its))
    }


def set_limit(work: Work, group: str, service: str, at_once: int | None) -> bool:
    """Let a service change so many contacts of a group at once; False where it was not granted the group."""
    its = GrantRow.kind == PrincipalKind.SERVICE, GrantRow.subject == service, GrantRow.group_id == group
    changed = update(GrantRow).where(*its).values(at_once=at_once).returning(GrantRow.subject)
    return work.session.execute(changed).first() is not None


def add(work: Work, service: str, name: str) -> None:
    """Keep a new one."""
    work.session.execute(insert(ServiceRow).values(id=service, name=name, created_at=work.now))


def remove(work: Work, service: str) -> list[tuple[str, Level]]:
    """End a service and its grants; returns its level on each group that was granted to it, by id."""
    work.session.execute(update(ServiceRow).where(ServiceRow.id == service).values(removed_at=work.now))
    its = GrantRow.kind == PrincipalKind.SERVICE, GrantRow.subject == service
    ended = work.session.execute(delete(GrantRow).where(*its).returning(GrantRow.group_id, GrantRow.level))
    return sorted((group, level) for group, level in ended)
