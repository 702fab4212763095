"""Causes of events: which change in the store led to what is sent to a mailbox, where no version of a contact says so.

A label is made, renamed or withdrawn because of the newest change of its group, of who may see it, or of what was done
to it in that mailbox. A contact is withdrawn because it left a group; where it is still in it, because the group or
the grant went.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from sharesync.model.access import PrincipalKind
from sharesync.store.database import event_log
from sharesync.store.database.batching import chunks
from sharesync.store.database.tables import MembershipRow

_GRANTS = ("grant.set", "grant.remove")
_ACCESS = (*_GRANTS, "group.delete")
_LABEL = ("group.create", "group.rename")
_MOVES = ("group.add", "group.take", "group.restore", "contact.create")
_THERE = ("label.delete", "label.put_on", "label.take_off")


def of_label(session: Session, group: str, mailbox: str) -> str | None:
    """Why a group's label is made, renamed or withdrawn there."""
    return _newest(session, group, mailbox, (*_ACCESS, *_LABEL))


def of_moves(session: Session, group: str, mailbox: str) -> str | None:
    """Why a group's label is put on contacts there, or taken off them."""
    return _newest(session, group, mailbox, (*_ACCESS, *_MOVES))


def granted_once(session: Session, kind: PrincipalKind, vanished: Collection[str]) -> set[str]:
    """Those whose grants the change log tells by their ids alone: the mirror is the one place that has their names."""
    if not vanished:
        return set()
    named = {
        reason.partition(" ")[0]
        for room, _ in event_log.rooms(session)
        for reason in session.scalars(select(room.reason).where(room.action.in_(_GRANTS)))
    }
    return {one for one in vanished if f"{kind.value}:{one}" in named}


_Moment = tuple[int, int]
"""Where an event lies in the log: in which of its rooms (0, and -1 for the older), and where in there."""


def _newest(session: Session, group: str, mailbox: str, actions: Sequence[str]) -> str | None:
    found = _directory(session)
    for number, (room, place) in enumerate(event_log.rooms(session)):
        there = room.action.in_(_THERE) & (room.mailbox_id == mailbox)
        here = select(place, room.id).where(room.group_id == group, or_(room.action.in_(actions), there))
        row = session.execute(here.order_by(place.desc()).limit(1)).first()
        if row:
            here_ = ((-number, row[0]), row.id)
            found = max(here_, found) if found else here_
    return found[1] if found else None


def _directory(session: Session) -> tuple[_Moment, str] | None:
    """The newest reading of the directory that changed someone's access."""
    for number, (room, place) in enumerate(event_log.rooms(session)):
        newest = select(place, room.id).where(room.action == "directory.sync")
        row = session.execute(newest.order_by(place.desc()).limit(1)).first()
        if row:
            return (-number, row[0]), row.id
    return None


def of_withdrawals(session: Session, labels: Mapping[str, frozenset[str]]) -> dict[str, str]:
    """Why contacts are withdrawn, by contact; given with the groups whose labels each carries."""
    groups = {group for some in labels.values() for group in some}
    within: set[tuple[str, str]] = set()
    takes: dict[tuple[str, str], _Moment] = {}
    ends: dict[str, _Moment] = {}
    for some in chunks(labels):
        inside = MembershipRow.contact_id.in_(some) & MembershipRow.group_id.in_(groups)
        within |= {(row.group_id, row.contact_id) for row in session.scalars(select(MembershipRow).where(inside))}
    for number, (room, place) in enumerate(event_log.rooms(session)):
        for some in chunks(labels):
            # By group, not by contact: events about one contact sent to thousands of mailboxes are skipped that way.
            left = select(room.group_id, room.contact_id, func.max(place)).where(
                room.group_id.in_(groups), room.action == "group.take", (room.contact_id + "").in_(some)
            )
            for group, contact, last in session.execute(left.group_by(room.group_id, room.contact_id)):
                if group and contact:
                    takes.setdefault((group, contact), (-number, last))
        went = select(room.group_id, func.max(place)).where(
            room.group_id.in_(groups), room.action.in_(("grant.remove", "group.delete"))
        )
        for group, last in session.execute(went.group_by(room.group_id)):
            if group:
                ends.setdefault(group, (-number, last))
    directory = _directory(session)
    chosen: dict[str, _Moment] = {}
    for contact, some_groups in labels.items():
        left_them = [takes[group, contact] for group in some_groups if (group, contact) in takes]
        ended = [ends[group] for group in some_groups if group in ends]
        if left_them and not any((group, contact) in within for group in some_groups):
            chosen[contact] = max(left_them)
        elif ended or directory:
            chosen[contact] = max([*ended, *([directory[0]] if directory else [])])
    ids = _ids(session, set(chosen.values()))
    return {contact: ids[moment] for contact, moment in chosen.items() if moment in ids}


def _ids(session: Session, moments: AbstractSet[_Moment]) -> dict[_Moment, str]:
    ids: dict[_Moment, str] = {}
    for number, (room, place) in enumerate(event_log.rooms(session)):
        for some in chunks(one for of, one in moments if of == -number):
            rows = session.execute(select(place, room.id).where(place.in_(some)))
            ids |= {(-number, row[0]): row.id for row in rows}
    return ids
