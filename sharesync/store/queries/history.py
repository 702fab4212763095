"""The history of one contact: every card it had, the refused ones too, and who brought each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from sharesync.model.audit import ActorKind, Source
from sharesync.model.card import Card
from sharesync.model.contact import VersionKind
from sharesync.store.database.tables import EventRow, VersionRow
from sharesync.store.queries import fates
from sharesync.store.queries.fates import ProposalFate
from sharesync.store.records.actors import Who, actors, who


@dataclass(frozen=True, slots=True)
class HistoryCard:
    """One card of a contact's history, and who brought it."""

    event: str
    """Id of the event of the log that brought it."""
    version: int
    kind: VersionKind
    card: Card
    at: datetime
    actor: Who
    source: Source | None
    """None where the event that says so was retired."""
    fate: ProposalFate | None = None
    """The proposal that a refused one is kept as."""
    here: Mapping[str, str] = field(default_factory=dict)
    """Values of fields kept here, by the field's id."""


def history(session: Session, contact: str, proposals: Sequence[ProposalFate], limit: int = 50) -> list[HistoryCard]:
    """The cards a contact had, the refused ones too, the newest first; `proposals` are those about it."""
    rows: Sequence[tuple[VersionRow, EventRow | None]] = session.execute(
        select(VersionRow, EventRow)
        .outerjoin(EventRow, EventRow.id == VersionRow.event_id)
        .where(VersionRow.contact_id == contact)
        .order_by(VersionRow.id.desc())
        .limit(limit)
    ).all()
    known = actors(session, {event.actor for _, event in rows if event})
    return [
        HistoryCard(
            row.event_id,
            row.version,
            row.kind,
            row.card,
            row.at,
            who(event.actor_kind, event.actor, known) if event else Who(ActorKind.USER, ""),
            event.source if event else None,
            fates.of_edit(proposals, contact, event.mailbox_id or "", row.at)
            if event and row.kind is VersionKind.REJECTED
            else None,
            row.here or {},
        )
        for row, event in rows
    ]
