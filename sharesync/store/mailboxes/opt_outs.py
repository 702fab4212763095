"""Opt-outs: the groups that users do not want in their own Google Contacts; and all groups that reach a user."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from sharesync.model.access import Level, Principal, PrincipalKind, PrincipalName
from sharesync.store.database.tables import DeclinedRow, GroupRow, LabelRow
from sharesync.store.database.work import Work
from sharesync.store.mailboxes import directory
from sharesync.store.records.access_paths import PATHS
from sharesync.store.records.membership_filters import SIZE


@dataclass(frozen=True, slots=True)
class ReachingGroup:
    """A group that reaches a user."""

    id: str
    name: str
    description: str
    contacts: int
    level: Level
    """The highest that any path gives."""
    paths: tuple[tuple[Level, PrincipalName], ...]
    """Every one, the winning one first."""
    label: str
    """What it is called in their Google Contacts; empty while it is not there."""
    declined: datetime | None
    """Since when they do not want it there."""


def decline(work: Work, user: str, group: str) -> bool:
    """Write down that a user does not want a group in their mailbox; False where that is known."""
    if work.session.get(DeclinedRow, (user, group)) is not None:
        return False
    work.session.execute(insert(DeclinedRow).values(user_id=user, group_id=group, since=work.now))
    return True


def want(work: Work, user: str, group: str) -> bool:
    """Forget that; False where there is nothing to forget."""
    gone = work.session.execute(
        delete(DeclinedRow)
        .where(DeclinedRow.user_id == user, DeclinedRow.group_id == group)
        .returning(DeclinedRow.group_id)
    ).all()
    return bool(gone)


def ids(session: Session, user: str) -> frozenset[str]:
    """The groups that a user does not want in their mailbox."""
    return frozenset(session.scalars(select(DeclinedRow.group_id).where(DeclinedRow.user_id == user)))


def groups_of(session: Session, user: str) -> list[ReachingGroup]:
    """Every group that reaches a user, by name, those among them that they declined."""
    rows = session.execute(
        select(PATHS.c.group_id, PATHS.c.level, PATHS.c.kind, PATHS.c.subject)
        .where(PATHS.c.user_id == user)
        .order_by(PATHS.c.level.desc(), PATHS.c.kind, PATHS.c.subject)
    )
    paths: dict[str, list[tuple[Level, Principal]]] = {}
    for group, level, kind, subject in rows:
        paths.setdefault(group, []).append((Level(level), Principal(PrincipalKind(kind), subject)))
    names = directory.principal_names(session, [who for ways in paths.values() for _, who in ways])
    groups = session.execute(
        select(GroupRow.id, GroupRow.name, GroupRow.description, SIZE, LabelRow.name, DeclinedRow.since)
        .outerjoin(LabelRow, (LabelRow.group_id == GroupRow.id) & (LabelRow.mailbox_id == user))
        .outerjoin(DeclinedRow, (DeclinedRow.group_id == GroupRow.id) & (DeclinedRow.user_id == user))
        .where(GroupRow.id.in_(list(paths)))
        .order_by(GroupRow.folded)
    )
    return [
        ReachingGroup(
            *(group, name, description, count),
            paths[group][0][0],
            tuple((level, names[who]) for level, who in paths[group]),
            label or "",
            since,
        )
        for group, name, description, count, label, since in groups
    ]
