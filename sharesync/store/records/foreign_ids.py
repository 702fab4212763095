"""Foreign ids: by which id a program knows a contact, and what it said of it last.

That card is the base of the next merge: what people changed since is theirs, and stays.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, insert, select, update
from sqlalchemy.orm import Session

from sharesync.model.card import EMPTY, Card
from sharesync.store.database.tables import ForeignIdRow
from sharesync.store.database.work import Work


@dataclass(frozen=True, slots=True)
class ForeignId:
    """An id of one source, among those of one owner: another's programs have others, and learn nothing of these."""

    owner: str
    """Id of the user or service."""
    source: str
    external_id: str

    @property
    def digest(self) -> str:
        """What the id is kept as."""
        return hashlib.sha256(self.external_id.encode()).hexdigest()


def _is(which: ForeignId) -> tuple[ColumnElement[bool], ...]:
    return (
        ForeignIdRow.owner == which.owner,
        ForeignIdRow.source == which.source,
        ForeignIdRow.external_id == which.digest,
    )


def find(session: Session, which: ForeignId) -> tuple[str, Card, dict[str, str]] | None:
    """The contact of this id, and what was said of it last, in fields kept here, too."""
    asked = select(ForeignIdRow.contact_id, ForeignIdRow.card, ForeignIdRow.here).where(*_is(which))
    row = session.execute(asked).one_or_none()
    return (row.contact_id, row.card, row.here or {}) if row else None


def keep(work: Work, which: ForeignId, contact: str, card: Card, here: Mapping[str, str]) -> None:
    """Say by which id a contact is known, and what its source says of it now."""
    told = {"contact_id": contact, "card": card, "here": dict(here) or None, "pushed_at": work.now}
    changed = work.session.execute(update(ForeignIdRow).where(*_is(which)).values(told).returning(ForeignIdRow.source))
    if not changed.all():
        row = {"owner": which.owner, "source": which.source, "external_id": which.digest, **told}
        work.session.execute(insert(ForeignIdRow).values(row))


def forget(work: Work, contact: str) -> None:
    """Forget what programs said of a contact; that it is theirs stays known, so that no push makes it again."""
    work.session.execute(update(ForeignIdRow).where(ForeignIdRow.contact_id == contact).values(card=EMPTY, here=None))
