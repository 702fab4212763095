"""Kept access: paths that Directory names no longer, kept beside its mirror, and the holds in which they wait."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, delete, exists, insert, select, update
from sqlalchemy.orm import Session

from sharesync.model.access import Principal
from sharesync.model.waiting import HoldKind
from sharesync.store.database.tables import GrantRow, GroupRow, HoldRow, KeptRow
from sharesync.store.database.work import Work
from sharesync.store.mailboxes.following import followed
from sharesync.sync.losing import PATIENCE, Path


@dataclass(frozen=True, slots=True)
class KeptAccess:
    """How a path is kept."""

    waits: bool
    granted: bool
    """Whether its grant still stands, on a group that is there."""


@dataclass(frozen=True, slots=True)
class Ended:
    """A hold in which nobody waits any more."""

    hold: str
    group: str
    carried_out: int
    """How many people lose the group now; 0 where Directory took back what it had said, or the grant is gone."""


def kept(session: Session) -> dict[Path, KeptAccess]:
    """Every path that is kept."""
    grant = exists().where(
        GrantRow.group_id == KeptRow.group_id,
        GrantRow.kind == KeptRow.kind,
        GrantRow.subject == KeptRow.subject,
        GroupRow.id == KeptRow.group_id,
        GroupRow.deleted_at.is_(None),
    )
    rows = session.execute(select(KeptRow, grant.label("granted")))
    return {_path(row): KeptAccess(row.waits, bool(granted)) for row, granted in rows}


def overdue(work: Work) -> list[Path]:
    """The paths that have waited for a decision as long as they may."""
    late = select(KeptRow).where(KeptRow.waits, KeptRow.since <= work.now - PATIENCE)
    return [_path(row) for row in work.session.scalars(late)]


def hold(work: Work, paths: Collection[Path]) -> dict[str, tuple[str, int]]:
    """Keep these until somebody decides. More of the same group joins the hold that is open already.

    Returns by hold the group, and how many people were added.
    """
    held: dict[str, tuple[str, int]] = {}
    for group in sorted({path.group for path in paths}):
        open_hold = select(HoldRow.id).where(
            HoldRow.group_id == group, HoldRow.kind == HoldKind.DIRECTORY, HoldRow.resolved_at.is_(None)
        )
        ident = work.session.scalar(open_hold)
        if ident is None:
            ident = work.new_id()
            values = {"id": ident, "mailbox_id": None, "group_id": group, "kind": HoldKind.DIRECTORY, "since": work.now}
            work.session.execute(insert(HoldRow).values(values))
        here = sorted((path for path in paths if path.group == group), key=str)
        held[ident] = group, len({path.user for path in here})
        work.session.execute(
            insert(KeptRow),
            [
                {
                    "group_id": group,
                    "kind": path.who.kind,
                    "subject": path.who.subject,
                    "user_id": path.user,
                    "hold_id": ident,
                    "waits": True,
                    "since": work.now,
                }
                for path in here
            ],
        )
    return held


def forget(work: Work, paths: Iterable[Path]) -> None:
    """Keep these no longer."""
    for path in paths:
        work.session.execute(delete(KeptRow).where(*_is(path.group, path.who), KeptRow.user_id == path.user))


def forget_grant(work: Work, group: str, who: Principal) -> list[Ended]:
    """Keep nothing of a grant that somebody revoked; returns the holds that end by it."""
    work.session.execute(delete(KeptRow).where(*_is(group, who)))
    return close(work)


def forget_group(work: Work, group: str) -> list[Ended]:
    """Keep nothing of a group that somebody deleted; returns the holds that end by it."""
    work.session.execute(delete(KeptRow).where(KeptRow.group_id == group))
    return close(work)


def forget_user(work: Work, user: str) -> list[Ended]:
    """Keep nothing for a user who was deleted; returns the holds that end by it."""
    work.session.execute(delete(KeptRow).where(KeptRow.user_id == user))
    return close(work)


def close(work: Work, carried_out: Collection[Path] = ()) -> list[Ended]:
    """Close the holds of Directory's in which nobody waits any more."""
    over = and_(
        HoldRow.kind == HoldKind.DIRECTORY,
        HoldRow.resolved_at.is_(None),
        ~exists().where(KeptRow.hold_id == HoldRow.id, KeptRow.waits),
    )
    found = work.session.execute(select(HoldRow.id, HoldRow.group_id).where(over)).all()
    ids = [row.id for row in found]
    work.session.execute(
        update(HoldRow)
        .where(HoldRow.id.in_(ids))
        .values(resolved_at=work.now)
        .execution_options(synchronize_session=False)
    )
    return [
        Ended(ident, group or "", len({path.user for path in carried_out if path.group == group}))
        for ident, group in found
    ]


def decide(work: Work, hold_id: str, *, apply: bool) -> None:
    """Carry out what Directory said, or keep what these people had until Directory names them again."""
    its = KeptRow.hold_id == hold_id, KeptRow.waits
    with followed(work):
        if apply:
            work.session.execute(delete(KeptRow).where(*its))
        else:
            work.session.execute(
                update(KeptRow).where(*its).values(waits=False).execution_options(synchronize_session=False)
            )
    close(work)


def _path(row: KeptRow) -> Path:
    return Path(row.user_id, row.group_id, Principal(row.kind, row.subject))


def _is(group: str, who: Principal) -> tuple[ColumnElement[bool], ...]:
    return KeptRow.group_id == group, KeptRow.kind == who.kind, KeptRow.subject == who.subject
