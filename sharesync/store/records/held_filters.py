"""What a program's held filter would choose by: beside the contacts that would leave, which the hold keeps."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session

from sharesync.model.access import Principal
from sharesync.model.waiting import HoldKind, Resolution, WantedFilter
from sharesync.store.database import event_log
from sharesync.store.database.tables import HeldRow, HoldRow, MembershipRow, TokenRow
from sharesync.store.database.work import Work


def keep(work: Work, hold: str, wanted: WantedFilter) -> None:
    """Keep what would choose, in place of what would have chosen before."""
    said = {"filter": wanted.filter, "sources": None if wanted.sources is None else list(wanted.sources)}
    work.session.execute(update(HoldRow).where(HoldRow.id == hold).values(wanted=said))


def drop(work: Work, owner: Principal, group: str) -> str | None:
    """End the open hold of what programs of this owner would let choose; returns its id, if there was one."""
    open_one = select(HoldRow.id).where(
        *(HoldRow.owner_kind == owner.kind, HoldRow.owner == owner.subject, HoldRow.group_id == group),
        *(HoldRow.kind == HoldKind.FILTER, HoldRow.resolved_at.is_(None)),
    )
    hold = work.session.scalar(open_one)
    if hold is not None:
        work.session.execute(update(HeldRow).where(HeldRow.hold_id == hold).values(resolution=Resolution.RESTORED))
        work.session.execute(update(HoldRow).where(HoldRow.id == hold).values(resolved_at=work.now))
    return hold


def left_lately(session: Session, owner: Principal, group: str, since: datetime) -> set[str]:
    """The contacts that left a smart group by filters of this owner's programs since, and are not back in it."""
    its = select(TokenRow.id).where(TokenRow.owner_kind == owner.kind, TokenRow.owner == owner.subject)
    filters: set[str] = set()
    for room, _ in event_log.rooms(session):
        said = room.actor.in_(its), room.action + "" == "group.filter", room.at >= since
        filters |= set(session.scalars(select(room.id).where(*said, room.group_id + "" == group)))
    found: set[str] = set()
    for room, _ in event_log.rooms(session) if filters else ():
        back = exists().where(MembershipRow.group_id == room.group_id, MembershipRow.contact_id == room.contact_id)
        left = select(room.contact_id).where(
            room.group_id == group, room.action + "" == "group.take", room.at >= since, room.cause.in_(filters), ~back
        )
        found |= set(session.scalars(left))
    return found
