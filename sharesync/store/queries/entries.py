"""Entries as people read them: a contact's, newest first, and what somebody is to do."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from sharesync.model.audit import ActorKind
from sharesync.model.entry import EntryKind, KeptEntry
from sharesync.store.database.tables import ContactRow, EntryRow, UserRow
from sharesync.store.records.actors import Who, actors, who
from sharesync.store.records.entries import find, kept
from sharesync.store.records.membership_filters import inside

__all__ = ["DueEntry", "EntryPage", "ShownEntry", "cursor", "due", "find", "number_due", "page", "shown", "to_do"]


@dataclass(frozen=True, slots=True)
class ShownEntry:
    """An entry with the names that people know: of its author, and of who is to do it."""

    entry: KeptEntry
    author: Who
    doer: Who | None


@dataclass(frozen=True, slots=True)
class EntryPage:
    """Some entries; `older` is the cursor of those before them, None where there are none."""

    entries: tuple[ShownEntry, ...]
    older: str | None


def page(
    session: Session, contact: str, *, kind: EntryKind | None = None, before: str | None = None, size: int = 20
) -> EntryPage:
    """A contact's entries of this kind, or all; those before the cursor. A cursor that is none is passed over."""
    query = _NAMED.where(EntryRow.contact_id == contact, EntryRow.removed_at.is_(None))
    if kind is not None:
        query = query.where(EntryRow.kind == kind)
    if (last := _read(before)) is not None:
        at, entry = last
        query = query.where(or_(EntryRow.at < at, and_(EntryRow.at == at, EntryRow.id < entry)))
    rows = session.execute(query.order_by(EntryRow.at.desc(), EntryRow.id.desc()).limit(size + 1)).all()
    found = _shown(session, rows[:size])
    return EntryPage(found, cursor(found[-1].entry) if len(rows) > size else None)


def shown(session: Session, contact: str, entry: str) -> ShownEntry:
    """One entry of a contact with its names. Raises NotFound."""
    found = find(session, contact, entry)
    (one,) = _shown(session, session.execute(_NAMED.where(EntryRow.id == found.id)).all())
    return one


def to_do(session: Session, contact: str, limit: int = 50) -> tuple[ShownEntry, ...]:
    """The follow-ups of a contact that are not done yet, in order of their days."""
    query = _NAMED.where(
        EntryRow.contact_id == contact,
        EntryRow.day.is_not(None),
        EntryRow.done_at.is_(None),
        EntryRow.removed_at.is_(None),
    )
    return _shown(session, session.execute(query.order_by(EntryRow.day, EntryRow.id).limit(limit)).all())


def cursor(entry: KeptEntry) -> str:
    """The cursor of what is older than this entry."""
    return f"{entry.says.at.isoformat()}~{entry.id}"


def _read(told: str | None) -> tuple[datetime, str] | None:
    moment, _, entry = (told or "").partition("~")
    try:
        at = datetime.fromisoformat(moment)
    except ValueError:
        return None
    return (at, entry) if at.tzinfo and entry else None


_AUTHOR, _DOER = aliased(UserRow), aliased(UserRow)
_NAMED = (
    select(EntryRow, _AUTHOR.name, _AUTHOR.email, _DOER.name, _DOER.email)
    .outerjoin(_AUTHOR, _AUTHOR.id == EntryRow.author)
    .outerjoin(_DOER, _DOER.id == EntryRow.doer)
)
"""Entries with the people in them; programs are few, and asked for where there is one."""


def _shown(session: Session, rows: Sequence[Any]) -> tuple[ShownEntry, ...]:
    programs = {row.author for row, *_ in rows if row.author_kind is ActorKind.TOKEN}
    known = actors(session, programs) if programs else {}

    found = []
    for row, author, author_email, doer, doer_email in rows:
        people = known | ({row.author: (author, author_email)} if author_email else {})
        task = Who(ActorKind.USER, row.doer, doer, doer_email) if row.doer else None
        found.append(ShownEntry(kept(row), who(row.author_kind, row.author, people), task))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class DueEntry:
    """An open follow-up, and its contact by name."""

    entry: KeptEntry
    day: date
    title: str


def due(session: Session, user: str, by: date | None, among: Collection[str] | None, limit: int = 50) -> list[DueEntry]:
    """What this user is to do by a day (None: ever), in order of days, about contacts in these groups (None: all)."""
    query = _of_doer(select(EntryRow, EntryRow.day, ContactRow.card), user, by, among)
    rows = session.execute(query.order_by(EntryRow.day, EntryRow.at, EntryRow.id).limit(limit))
    return [DueEntry(kept(row), day, card.title) for row, day, card in rows if day]


def number_due(session: Session, user: str, by: date, among: Collection[str] | None) -> int:
    """How much that is."""
    return session.scalar(_of_doer(select(func.count(EntryRow.id)), user, by, among)) or 0


def _of_doer(query: Any, user: str, by: date | None, among: Collection[str] | None) -> Any:
    of_theirs = query.join(ContactRow, ContactRow.id == EntryRow.contact_id).where(
        EntryRow.doer == user,
        EntryRow.day.is_not(None) if by is None else EntryRow.day <= by,
        EntryRow.done_at.is_(None),
        EntryRow.removed_at.is_(None),
        ContactRow.deleted_at.is_(None),
    )
    return of_theirs if among is None else of_theirs.where(inside(EntryRow.contact_id, among))
