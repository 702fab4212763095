"""Imports: which files came into a group, and what each of them made, found by its event in the change log."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from sharesync.errors import NotFound
from sharesync.model.audit import Outcome
from sharesync.store.database.tables import EventRow, GroupRow
from sharesync.store.records.actors import actors

RUN, UNDO = "import.run", "import.undo"


@dataclass(frozen=True, slots=True)
class Import:
    """One import, as its event tells of it."""

    id: str
    at: datetime
    actor: str
    who: str
    """Their name; empty for the operator."""
    group: str
    group_name: str
    told: str
    """Format and number of entries."""
    undone: bool


@dataclass(frozen=True, slots=True)
class Made:
    """What one import did to one contact."""

    contact: str
    created: bool
    joined: bool
    versions: tuple[int, int] | None
    """Of a contact that was there: its version before and after."""


def latest(session: Session, among: Collection[str] | None, limit: int = 10) -> list[Import]:
    """The newest imports into these groups (None: into any)."""
    query = select(EventRow, GroupRow.name).join(GroupRow, GroupRow.id == EventRow.group_id)
    query = query.where(EventRow.action == RUN, GroupRow.deleted_at.is_(None))
    if among is not None:
        query = query.where(EventRow.group_id.in_(list(among)))
    return _imports(session, session.execute(query.order_by(EventRow.seq.desc()).limit(limit)).all())


def find(session: Session, event: str) -> Import:
    """One import, by the id of its event. Raises NotFound."""
    query = select(EventRow, GroupRow.name).join(GroupRow, GroupRow.id == EventRow.group_id)
    found = session.execute(query.where(EventRow.id == event, EventRow.action == RUN)).all()
    if not found:
        raise NotFound("import", event)
    return _imports(session, found)[0]


def made(session: Session, event: str) -> list[Made]:
    """What an import did, contact by contact; its events follow its own in the log."""
    first = select(EventRow.seq).where(EventRow.id == event).scalar_subquery()
    rows = session.scalars(
        select(EventRow).where(EventRow.seq > first, EventRow.cause == event).order_by(EventRow.seq)
    ).all()
    done: dict[str, Made] = {}
    for row in rows:
        if row.contact_id is None:
            continue
        before = done.get(row.contact_id, Made(row.contact_id, created=False, joined=False, versions=None))
        versions = before.versions
        if row.action == "contact.update" and row.before_version is not None and row.after_version is not None:
            versions = (row.before_version, row.after_version)
        done[row.contact_id] = Made(
            row.contact_id,
            before.created or row.action == "contact.create",
            before.joined or row.action == "group.add",
            versions,
        )
    return list(done.values())


def _imports(session: Session, found: Collection[tuple[EventRow, str]]) -> list[Import]:
    known = actors(session, {event.actor for event, _ in found})
    undone = set(
        session.scalars(
            select(EventRow.cause).where(
                EventRow.action == UNDO,
                EventRow.outcome != Outcome.INTENDED,  # begun, and perhaps broken off
                EventRow.cause.in_([event.id for event, _ in found]),
            )
        )
    )
    return [
        Import(
            event.id,
            event.at,
            event.actor,
            known.get(event.actor, ("", ""))[0],
            event.group_id or "",
            name,
            event.reason,
            event.id in undone,
        )
        for event, name in found
    ]
