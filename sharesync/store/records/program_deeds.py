"""What programs did lately, by their owner: it counts towards whether their next act is held."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from sharesync.model.access import Principal
from sharesync.model.waiting import HoldKind
from sharesync.store.database import event_log
from sharesync.store.database.tables import HoldRow, MembershipRow, TokenRow


def _by_tokens(room: Any, owner: Principal, action: str, since: datetime) -> tuple[ColumnElement[bool], ...]:
    its = select(TokenRow.id).where(TokenRow.owner_kind == owner.kind, TokenRow.owner == owner.subject)
    return room.actor.in_(its), room.action + "" == action, room.at >= since


def removed_by_tokens(session: Session, owner: Principal, since: datetime) -> dict[str, set[str]]:
    """The contacts by group that tokens of this owner took out since that moment, and that are not back in it."""
    found: dict[str, set[str]] = {}
    for room, _ in event_log.rooms(session):
        back = exists().where(MembershipRow.group_id == room.group_id, MembershipRow.contact_id == room.contact_id)
        done = _by_tokens(room, owner, "group.take", since)
        for group, contact in session.execute(select(room.group_id, room.contact_id).where(*done, ~back)):
            found.setdefault(group or "", set()).add(contact or "")
    return found


def edited_by_tokens(session: Session, owner: Principal, since: datetime) -> set[str]:
    """The contacts that tokens of this owner have edited since that moment."""
    found: set[str] = set()
    for room, _ in event_log.rooms(session):
        found |= set(session.scalars(select(room.contact_id).where(*_by_tokens(room, owner, "contact.update", since))))
    return found - {""}


def open_groups(session: Session, owner: Principal, kind: HoldKind) -> set[str]:
    """The groups with an open hold of this kind on what programs of this owner would do."""
    rows = session.scalars(
        select(HoldRow.group_id).where(
            HoldRow.owner_kind == owner.kind,
            HoldRow.owner == owner.subject,
            HoldRow.kind == kind,
            HoldRow.resolved_at.is_(None),
        )
    )
    return {group for group in rows if group}
