"""The names of contacts: as of today, and as of an event, where the log speaks of one that was renamed since."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from sharesync.model.contact import VersionKind
from sharesync.store.database.tables import ContactRow, VersionRow
from sharesync.store.records.membership_filters import belonging

NameThen = tuple[str, datetime]
"""A contact's id, and when the event happened that speaks of it."""


@dataclass(frozen=True, slots=True)
class Named:
    """A contact or group with its name; empty where it has none, or was erased."""

    id: str
    title: str
    gone: bool = False
    """It was erased, or the group was deleted: there is nothing to open."""
    hidden: bool = False
    """The reader may not see it any more: it has no name for them."""


def titles(session: Session, contacts: Collection[str], among: Collection[str] | None = None) -> dict[str, Named]:
    """Today's title of each contact that is in these groups, or left one of them for the trash; None is all."""
    rows = session.execute(
        select(ContactRow.id, ContactRow.card, ContactRow.left, ContactRow.deleted_at, ContactRow.erased_at).where(
            ContactRow.id.in_(list(contacts))
        )
    ).all()
    seen = belonging(session, contacts, among)

    def named(row: Any) -> Named:
        if row.erased_at:
            return Named(row.id, "", gone=True)
        left = set(row.left or ()) if row.deleted_at else set[str]()
        hidden = among is not None and row.id not in seen and not left & set(among)
        return Named(row.id, "", hidden=True) if hidden else Named(row.id, row.card.title)

    return {row.id: named(row) for row in rows}


def titles_then(
    session: Session, moments: Collection[NameThen], among: Collection[str] | None = None
) -> dict[NameThen, Named]:
    """Each contact's title just before the event, or its first one where the event is its first; `among` as above."""
    today = titles(session, {contact for contact, _ in moments}, among)
    told = [one for one in moments if one[0] in today and today[one[0]].title]
    rows = session.execute(
        select(VersionRow.contact_id, VersionRow.id, VersionRow.at)
        .where(VersionRow.contact_id.in_({contact for contact, _ in told}), VersionRow.kind == VersionKind.ACCEPTED)
        .order_by(VersionRow.contact_id, VersionRow.version)
    )
    versions = {contact: list(some) for contact, some in groupby(rows, key=lambda row: row.contact_id)}
    chosen = {one: _then(versions[one[0]], one[1]) for one in told if one[0] in versions}
    newest = {some[-1].id for some in versions.values()}  # most of them, and their names are known
    cards = _cards(session, set(chosen.values()) - newest)
    return {
        one: Named(one[0], cards[chosen[one]]) if chosen.get(one) in cards else today[one[0]]
        for one in moments
        if one[0] in today
    }


def _then(versions: Iterable[Any], at: datetime) -> int:
    """The version that stood before a moment, of versions in their order; the first where none did."""
    first, *others = versions
    found: int = first.id
    for row in others:
        if row.at < at:
            found = row.id
    return found


def _cards(session: Session, versions: Collection[int]) -> dict[int, str]:
    rows = session.execute(select(VersionRow.id, VersionRow.card).where(VersionRow.id.in_(versions)))
    return {row.id: row.card.title for row in rows}
