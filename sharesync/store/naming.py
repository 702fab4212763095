"""Names: how people call today what the change log knows by id alone."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from sharesync.store.tables import GroupRow
from sharesync.store.timeline import Named, titles
from sharesync.store.who import people


@dataclass(frozen=True, slots=True)
class Names:
    """By id: users with name and address, groups, contacts. What is unknown here has no name any more."""

    users: Mapping[str, tuple[str, str]]
    groups: Mapping[str, Named]
    contacts: Mapping[str, Named]


def names(session: Session, users: Collection[str], groups: Collection[str], contacts: Collection[str]) -> Names:
    """Today's names of these."""
    rows = session.execute(select(GroupRow.id, GroupRow.name, GroupRow.deleted_at).where(GroupRow.id.in_(groups)))
    return Names(
        people(session, users),
        {row.id: Named(row.id, row.name, gone=row.deleted_at is not None) for row in rows},
        titles(session, contacts),
    )
