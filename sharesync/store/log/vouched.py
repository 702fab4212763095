"""What the log vouches for, as it lies beside the log: contacts, their accepted cards, and who made these."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import exists, select, text, type_coerce
from sqlalchemy.orm import Session

from sharesync.model.audit import Outcome
from sharesync.model.contact import VersionKind
from sharesync.store.database.columns import JsonType
from sharesync.store.database.tables import ContactRow, EventRow, PayloadRow, VersionRow

BATCH = 500
MAKE = ("contact.create", "contact.update", "contact.recover")
"""Actions that make a version, where their outcome is ok."""

_GUARDED = {
    "events": ("update", "delete"),
    "log_nodes": ("update", "delete"),
    "event_values": ("update",),
    "log_retirements": ("update", "delete"),
}
"""What the database refuses to do to the log's tables (`migrations/`)."""


@dataclass(frozen=True, slots=True)
class Maker:
    """The event that made a version."""

    contact: str | None
    version: int | None
    at: datetime
    fields: list[str]
    values: dict[str, tuple[Any, Any]]
    """Before and after by field, as far as they are kept."""


@dataclass(frozen=True, slots=True)
class VouchedVersion:
    """One accepted version; `card` as JSON, so that one which is no card can be told of. `maker`: None: not found."""

    version: int
    card: Any
    at: datetime
    maker: Maker | None
    here: Mapping[str, str] = field(default_factory=dict)
    """Values of fields kept here."""


@dataclass(frozen=True, slots=True)
class VouchedContact:
    """A contact as it stands, and every version it had, the oldest first."""

    contact: str
    version: int
    card: Any
    versions: list[VouchedVersion] = field(default_factory=list)
    here: Mapping[str, str] = field(default_factory=dict)


def standings(session: Session) -> Iterator[VouchedContact]:
    """Every contact that was not erased, a batch at a time."""
    last = ""
    card = type_coerce(ContactRow.card, JsonType).label("card")
    query = select(ContactRow.id, ContactRow.version, card, ContactRow.here)
    while True:
        more = query.where(ContactRow.id > last, ContactRow.erased_at.is_(None)).order_by(ContactRow.id).limit(BATCH)
        rows = session.execute(more).all()
        if not rows:
            return
        found = {row.id: VouchedContact(row.id, row.version, row.card, here=row.here or {}) for row in rows}
        _fill(session, found)
        yield from found.values()
        last = rows[-1].id


def _fill(session: Session, found: dict[str, VouchedContact]) -> None:
    rows = session.execute(
        select(
            VersionRow.contact_id,
            VersionRow.version,
            type_coerce(VersionRow.card, JsonType).label("card"),
            VersionRow.at,
            VersionRow.here,
            EventRow.id.label("event"),
            EventRow.contact_id.label("told_of"),
            EventRow.after_version,
            EventRow.at.label("told_at"),
            EventRow.fields,
        )
        .outerjoin(EventRow, EventRow.id == VersionRow.event_id)
        .where(VersionRow.contact_id.in_(list(found)), VersionRow.kind == VersionKind.ACCEPTED)
        .order_by(VersionRow.contact_id, VersionRow.version)
    ).all()
    values: dict[str, dict[str, tuple[Any, Any]]] = {}
    events = [row.event for row in rows if row.event]
    for start in range(0, len(events), BATCH):
        some = PayloadRow.event_id.in_(events[start : start + BATCH])
        for one in session.execute(select(*PayloadRow.__table__.columns).where(some)):
            values.setdefault(one.event_id, {})[one.field] = (one.before, one.after)
    for row in rows:
        maker = None
        if row.event:
            maker = Maker(row.told_of, row.after_version, row.told_at, row.fields, values.get(row.event, {}))
        found[row.contact_id].versions.append(VouchedVersion(row.version, row.card, row.at, maker, row.here or {}))


def lost(session: Session, most: int) -> list[tuple[int, str]]:
    """Events that made a version which is not there, though its contact was not erased: number, contact."""
    kept = exists().where(VersionRow.event_id == EventRow.id, VersionRow.kind == VersionKind.ACCEPTED)
    gone = exists().where(ContactRow.id == EventRow.contact_id, ContactRow.erased_at.is_not(None))
    rows = session.execute(
        select(EventRow.seq, EventRow.contact_id)
        .where(EventRow.action.in_(MAKE), EventRow.outcome == Outcome.OK, ~kept, ~gone)
        .order_by(EventRow.seq)
        .limit(most)
    )
    return [(row.seq, row.contact_id) for row in rows]


def erased_unsaid(session: Session, most: int) -> list[str]:
    """Contacts that count as erased, and no event says so."""
    said = exists().where(EventRow.contact_id == ContactRow.id, EventRow.action == "contact.erase")
    return list(session.scalars(select(ContactRow.id).where(ContactRow.erased_at.is_not(None), ~said).limit(most)))


def first_kept(session: Session) -> datetime | None:
    """When the first event was written that was not retired."""
    return session.scalar(select(EventRow.at).order_by(EventRow.seq).limit(1))


def triggers_gone(session: Session) -> list[str]:
    """Names of the triggers that keep the log append-only and are missing, or switched off."""
    sqlite = session.get_bind().dialect.name == "sqlite"
    query = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if sqlite
        else "SELECT tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid"
        " WHERE pg_table_is_visible(tgrelid) AND tgenabled IN ('O', 'A')"
    )
    there = set(session.scalars(text(query)))
    wanted = {f"{table}_no_{verb}" for table, verbs in _GUARDED.items() for verb in verbs}
    wanted |= {"log_retirements_ready"}
    if sqlite:
        wanted |= {f"{table}_no_replace" for table in ("events", "log_nodes", "event_values")}
    else:
        wanted |= {f"{table}_no_truncate" for table in _GUARDED}
    return sorted(wanted - there)
