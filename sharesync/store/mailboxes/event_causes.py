"""Causes: which change in the store is behind what is sent to a mailbox, where no version of a contact says so.

A label is made, renamed or withdrawn because of the newest change of its group, of who may see it, or of what was done
to it in that mailbox. A contact is withdrawn because it left a group; where it is still in it, because the group or
the grant went.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from sharesync.model.access import PrincipalKind
from sharesync.store.database.batching import chunks
from sharesync.store.database.tables import EventRow, MembershipRow

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
    reasons = session.scalars(select(EventRow.reason).where(EventRow.action.in_(_GRANTS)))
    named = {reason.partition(" ")[0] for reason in reasons}
    return {one for one in vanished if f"{kind.value}:{one}" in named}


def _newest(session: Session, group: str, mailbox: str, actions: Sequence[str]) -> str | None:
    there = EventRow.action.in_(_THERE) & (EventRow.mailbox_id == mailbox)
    here = select(EventRow.seq, EventRow.id).where(EventRow.group_id == group, or_(EventRow.action.in_(actions), there))
    found = [session.execute(here.order_by(EventRow.seq.desc()).limit(1)).first(), _directory(session)]
    return max((row for row in found if row), default=(0, None))[1]


def _directory(session: Session) -> tuple[int, str] | None:
    """The newest reading of the directory that changed someone's access."""
    newest = select(EventRow.seq, EventRow.id).where(EventRow.action == "directory.sync")
    row = session.execute(newest.order_by(EventRow.seq.desc()).limit(1)).first()
    return (row.seq, row.id) if row else None


def of_withdrawals(session: Session, labels: Mapping[str, frozenset[str]]) -> dict[str, str]:
    """By contact, with the groups whose labels it carries: why it is withdrawn."""
    groups = {group for some in labels.values() for group in some}
    within: set[tuple[str, str]] = set()
    takes: dict[tuple[str, str], int] = {}
    for some in chunks(labels):
        inside = MembershipRow.contact_id.in_(some) & MembershipRow.group_id.in_(groups)
        within |= {(row.group_id, row.contact_id) for row in session.scalars(select(MembershipRow).where(inside))}
        # By group, not by contact: what is sent about one contact to thousands of mailboxes is passed over thereby.
        left = select(EventRow.group_id, EventRow.contact_id, func.max(EventRow.seq)).where(
            EventRow.group_id.in_(groups), EventRow.action == "group.take", (EventRow.contact_id + "").in_(some)
        )
        for group, contact, seq in session.execute(left.group_by(EventRow.group_id, EventRow.contact_id)):
            if group and contact:
                takes[group, contact] = seq
    went = select(EventRow.group_id, func.max(EventRow.seq)).where(
        EventRow.group_id.in_(groups), EventRow.action.in_(("grant.remove", "group.delete"))
    )
    ends = {group: seq for group, seq in session.execute(went.group_by(EventRow.group_id)) if group}
    directory = (_directory(session) or (-1,))[0]
    chosen: dict[str, int] = {}
    for contact, some_groups in labels.items():
        left_them = [takes[group, contact] for group in some_groups if (group, contact) in takes]
        ended = [ends[group] for group in some_groups if group in ends]
        if left_them and not any((group, contact) in within for group in some_groups):
            chosen[contact] = max(left_them)
        else:
            chosen[contact] = max([*ended, directory])
    ids: dict[int, str] = {}
    for some_seqs in chunks([str(seq) for seq in set(chosen.values())]):
        found = select(EventRow.seq, EventRow.id).where(EventRow.seq.in_([int(seq) for seq in some_seqs]))
        ids |= {row.seq: row.id for row in session.execute(found)}
    return {contact: ids[seq] for contact, seq in chosen.items() if seq in ids}
