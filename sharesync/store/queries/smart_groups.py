"""Smart groups as pages show them: what chooses their contacts."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from sharesync.errors import InvalidFilter, Sentence
from sharesync.model.access import PrincipalName
from sharesync.model.group import GroupName
from sharesync.store.database.tables import GroupRow
from sharesync.store.mailboxes.directory import principal_names
from sharesync.store.records import smart_groups


@dataclass(frozen=True, slots=True)
class WhoIsIn:
    """Whom a smart group holds, and why."""

    filter: str
    sources: tuple[GroupName, ...]
    """From which it takes contacts."""
    lost: tuple[GroupName, ...]
    """From which it takes none, as its owner does not manage them."""
    owner: PrincipalName | None
    """None: administrators."""
    wrong: Sentence | None
    """Why its filter cannot be read any more; who was in it stays."""


def choice(session: Session, group: str, now: datetime) -> WhoIsIn | None:
    """What chooses the contacts of this group; None where people put them in."""
    smart = smart_groups.get(session, group)
    if smart is None:
        return None
    wrong = None
    try:
        smart.asks(now)
    except InvalidFilter as error:
        wrong = error.sentence
    owner = principal_names(session, [smart.owner])[smart.owner] if smart.owner else None
    sources, lost = (_named(session, some) for some in (smart.sources, smart.lost))
    return WhoIsIn(smart.filter, sources, lost, owner, wrong)


def _named(session: Session, groups: Collection[str]) -> tuple[GroupName, ...]:
    rows = select(GroupRow.id, GroupRow.name).where(GroupRow.id.in_(list(groups))).order_by(GroupRow.folded)
    return tuple(GroupName(*row) for row in session.execute(rows))
