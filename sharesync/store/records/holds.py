"""Holds: what so many removals or edits at once would do, kept until someone decides."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import bindparam, exists, func, insert, select, update
from sqlalchemy.orm import Session

from sharesync.errors import NotFound
from sharesync.model.access import Principal, PrincipalKind
from sharesync.model.card import Card
from sharesync.model.link import HeldParts
from sharesync.model.waiting import HoldKind, OpenHold, Resolution, WantedFilter
from sharesync.store.database import event_log
from sharesync.store.database.batching import chunks
from sharesync.store.database.columns import Time
from sharesync.store.database.event_log import STRETCH
from sharesync.store.database.tables import (
    EventRow,
    GroupRow,
    HeldRow,
    HoldRow,
    KeptRow,
    LinkRow,
    MembershipRow,
    ServiceRow,
    SpanRow,
    UserRow,
)
from sharesync.store.database.work import Work

_STANDING = select(LinkRow.contact_id, LinkRow.source_id).where(
    LinkRow.mailbox_id == bindparam("mailbox"), LinkRow.contact_id.in_(bindparam("contacts", expanding=True))
)


def keep(
    work: Work,
    whose: str | Principal,
    group: str | None,
    kind: HoldKind,
    contacts: Mapping[str, tuple[frozenset[str], int, Card | None]],
) -> str:
    """Keep a hold of a mailbox, by its user, or of programs, by their owner.

    Of each contact it keeps the groups it was removed from, its version and the card an edit would give it.

    More of the same kind and group joins the hold that is open already. Returns its id.
    """
    hold = _joined(work, whose, group, kind)
    known = set(work.session.scalars(select(HeldRow.contact_id).where(HeldRow.hold_id == hold)))
    removed = [contact for contact, (_, _, card) in contacts.items() if card is None]
    stayed = {} if isinstance(whose, Principal) else _standing(work.session, whose, removed)
    rows = [
        {
            "hold_id": hold,
            "contact_id": contact,
            "groups": sorted(groups),
            "version": version,
            "card": card,
            "stayed_id": stayed.get(contact),
            "resolution": Resolution.OPEN,
        }
        for contact, (groups, version, card) in contacts.items()
    ]
    if new := [row for row in rows if row["contact_id"] not in known]:
        work.session.connection().execute(insert(HeldRow), new)
    if old := [row for row in rows if row["contact_id"] in known]:
        work.session.execute(update(HeldRow), old)
    return hold


def _joined(work: Work, whose: str | Principal, group: str | None, kind: HoldKind) -> str:
    """The hold of this kind and group that is open, or a new one."""
    its: dict[str, Any] = (
        {"owner_kind": whose.kind, "owner": whose.subject} if isinstance(whose, Principal) else {"mailbox_id": whose}
    )
    open_hold = select(HoldRow.id).where(
        *(getattr(HoldRow, name) == value for name, value in its.items()),
        HoldRow.group_id == group,
        HoldRow.kind == kind,
        HoldRow.resolved_at.is_(None),
    )
    hold = work.session.scalar(open_hold)
    if hold is None:
        hold = work.new_id()
        values = {"id": hold, **its, "group_id": group, "kind": kind, "since": work.now}
        work.session.execute(insert(HoldRow).values(values))
    return hold


def _standing(session: Session, mailbox: str, contacts: Iterable[str]) -> dict[str, str | None]:
    found: dict[str, str | None] = {}
    for some in chunks(contacts):
        found |= dict(session.execute(_STANDING, {"mailbox": mailbox, "contacts": some}).all())
    return found


def stayed(session: Session, hold_id: str, contacts: Collection[str]) -> dict[str, str | None]:
    """The source id of each contact's person that its user took out of groups and kept; None where they deleted it.

    Who stands for the contact there later may be another person, of our making.
    """
    asked = select(HeldRow.contact_id, HeldRow.stayed_id).where(
        HeldRow.hold_id == hold_id, HeldRow.contact_id.in_(list(contacts))
    )
    return dict(session.execute(asked).all())


_HELD = (
    select(HeldRow.contact_id, HeldRow.groups, HoldRow.kind, HoldRow.group_id)
    .join(HoldRow, HoldRow.id == HeldRow.hold_id)
    .where(
        HoldRow.mailbox_id == bindparam("mailbox"),
        HoldRow.resolved_at.is_(None),
        HeldRow.resolution == Resolution.OPEN,
    )
)


def held(session: Session, mailbox: str) -> dict[str, HeldParts]:
    """What waits in one mailbox, by contact."""
    found: dict[str, HeldParts] = {}
    for contact, groups, kind, group in session.connection().execute(_HELD, {"mailbox": mailbox}):
        before = found.get(contact, HeldParts())
        found[contact] = HeldParts(
            before.groups | set(groups), before.edit or (group or "" if kind is HoldKind.EDIT else "")
        )
    return found


_BEFORE = (
    select((SpanRow.place + 1) * STRETCH)
    .where(SpanRow.last_at < bindparam("since", type_=Time))
    .order_by(SpanRow.place.desc())
    .limit(1)
    .scalar_subquery()
)


@cache
def _removed(room: Any) -> Any:
    # By mailbox, not by action: thousands may leave a group in the web page meanwhile.
    return (
        select(room.group_id, room.contact_id)
        .distinct()
        .where(
            room.mailbox_id == bindparam("mailbox"),
            *([EventRow.seq >= func.coalesce(_BEFORE, 0)] if room is EventRow else []),
            room.action + "" == "group.take",
            room.at >= bindparam("since", type_=Time),
            ~exists().where(MembershipRow.group_id == room.group_id, MembershipRow.contact_id == room.contact_id),
        )
    )


def removed_since(session: Session, mailbox: str, since: datetime) -> Counter[str]:
    """How many contacts each group lost to a hand in this mailbox since that moment, and does not hold again.

    The log names the mailbox where a hand did it there, and not where somebody applied a hold.
    """
    asked = {"mailbox": mailbox, "since": since}
    found = {
        (group, contact)
        for room, _ in event_log.rooms(session)
        for group, contact in session.connection().execute(_removed(room), asked)
    }
    return Counter(group for group, _ in found if group)


def listed(session: Session, hold_id: str | None = None, mailbox: str | None = None) -> list[OpenHold]:
    """All open holds, the oldest first; or one, or those of one mailbox."""
    query = (
        select(HoldRow, func.coalesce(UserRow.email, "service:" + ServiceRow.name), GroupRow.name)
        .outerjoin(UserRow, UserRow.id == func.coalesce(HoldRow.mailbox_id, HoldRow.owner))
        .outerjoin(ServiceRow, (ServiceRow.id == HoldRow.owner) & (HoldRow.owner_kind == PrincipalKind.SERVICE))
        .outerjoin(GroupRow, GroupRow.id == HoldRow.group_id)
        .where(HoldRow.resolved_at.is_(None))
        .order_by(HoldRow.since, HoldRow.id)
    )
    if hold_id is not None:
        query = query.where(HoldRow.id == hold_id)
    if mailbox is not None:
        query = query.where(HoldRow.mailbox_id == mailbox)
    found = session.execute(query).all()
    waiting = _waiting_in(session, [row.id for row, _, _ in found])
    people = _losing(session) if any(row.kind is HoldKind.DIRECTORY for row, _, _ in found) else {}
    return [
        OpenHold(
            row.id,
            email or "",
            row.mailbox_id or "",
            row.group_id,
            name or "",
            row.kind,
            tuple(waiting.get(row.id, ())),
            row.since,
            Principal(row.owner_kind, row.owner) if row.owner_kind and row.owner else None,
            tuple(people.get(row.id, ())),
            _wanted(row.wanted) if row.wanted else None,
        )
        for row, email, name in found
    ]


def _wanted(said: Mapping[str, Any]) -> WantedFilter:
    return WantedFilter(said["filter"], None if said["sources"] is None else tuple(said["sources"]))


def _waiting_in(session: Session, ids: Collection[str]) -> Mapping[str, list[str]]:
    """The contacts that wait in each of these holds."""
    rows = session.execute(
        select(HeldRow.hold_id, HeldRow.contact_id)
        .where(HeldRow.hold_id.in_(list(ids)), HeldRow.resolution == Resolution.OPEN)
        .order_by(HeldRow.contact_id)
    )
    waiting: dict[str, list[str]] = {}
    for hold, contact in rows:
        waiting.setdefault(hold, []).append(contact)
    return waiting


def _losing(session: Session) -> Mapping[str, list[str]]:
    """The addresses of those who would lose a group, by the hold of Directory's."""
    losing = select(KeptRow.hold_id, UserRow.email).join(UserRow, UserRow.id == KeptRow.user_id).distinct()
    people: dict[str, list[str]] = {}
    for hold, email in session.execute(losing.where(KeptRow.waits).order_by(UserRow.email)):
        people.setdefault(hold, []).append(email)
    return people


def find(session: Session, hold_id: str) -> OpenHold:
    """One open hold. Raises NotFound."""
    found = listed(session, hold_id)
    if not found:
        raise NotFound("open hold", hold_id, "`sharesync holds list` shows them all.")
    return found[0]


def waiting(
    session: Session, hold_id: str, among: Collection[str] | None = None
) -> dict[str, tuple[frozenset[str], int, Card | None]]:
    """The contacts that wait in a hold, or which of some do: groups, version when held, card of an edit."""
    asked = select(HeldRow).where(HeldRow.hold_id == hold_id, HeldRow.resolution == Resolution.OPEN)
    if among is not None:
        asked = asked.where(HeldRow.contact_id.in_(list(among)))
    rows = session.scalars(asked.order_by(HeldRow.contact_id))
    return {row.contact_id: (frozenset(row.groups), row.version, row.card) for row in rows}


def waits_in(session: Session, hold_id: str) -> dict[str, frozenset[str] | None]:
    """The groups in which each contact waits in a hold; None where an edit of it does."""
    asked = select(HeldRow.contact_id, HeldRow.groups, HeldRow.card.is_not(None)).where(
        HeldRow.hold_id == hold_id, HeldRow.resolution == Resolution.OPEN
    )
    return {one: None if is_edit else frozenset(groups) for one, groups, is_edit in session.execute(asked)}


def resolve(work: Work, hold_id: str, contacts: Iterable[str], resolution: Resolution) -> None:
    """Say what became of contacts of a hold; one in which none waits any more is closed."""
    work.session.execute(
        update(HeldRow)
        .where(HeldRow.hold_id == hold_id, HeldRow.contact_id.in_(list(contacts)))
        .values(resolution=resolution)
        .execution_options(synchronize_session=False)
    )
    still = exists().where(HeldRow.hold_id == HoldRow.id, HeldRow.resolution == Resolution.OPEN)
    work.session.execute(
        update(HoldRow)
        .where(HoldRow.id == hold_id, HoldRow.resolved_at.is_(None), ~still)
        .values(resolved_at=work.now)
        .execution_options(synchronize_session=False)
    )


_SPECIAL = select(GroupRow.id, GroupRow.hold_count, GroupRow.hold_share).where(
    GroupRow.hold_count.is_not(None) | GroupRow.hold_share.is_not(None)
)


def special_limits(session: Session) -> dict[str, tuple[int | None, float | None]]:
    """Groups with limits of their own: count and share, each None where it is the usual."""
    return {group: (count, share) for group, count, share in session.connection().execute(_SPECIAL)}


def set_limits(work: Work, group: str, count: int | None, share: float | None) -> None:
    """Give a group limits of its own. Raises NotFound."""
    changed = work.session.execute(
        update(GroupRow)
        .where(GroupRow.id == group, GroupRow.deleted_at.is_(None))
        .values(hold_count=count, hold_share=share)
        .returning(GroupRow.id)
    ).all()
    if not changed:
        raise NotFound("group", group, "`sharesync groups list` shows them all.")
