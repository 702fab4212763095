"""Status of a contact: where it stands, mailbox by mailbox, and which version each has."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from sqlalchemy import Select, Subquery, func, select
from sqlalchemy.orm import Session

from sharesync.model.access import Level
from sharesync.model.contact import Contact
from sharesync.model.link import LinkState
from sharesync.store.database.tables import LinkRow, MembershipRow, UserRow
from sharesync.store.records.access_paths import PATHS, WANTED_PATHS


class Stand(Enum):
    """How a contact stands in one mailbox."""

    HERE = "here"
    """As it should, at the newest version."""
    BEHIND = "behind"
    """There, but a change is still on its way."""
    COMING = "coming"
    """Not there yet."""
    LEAVING = "leaving"
    """Still there, and about to be withdrawn."""
    ASIDE = "aside"
    """Google refuses it there; the reason says why."""


@dataclass(frozen=True, slots=True)
class ContactInMailbox:
    """One mailbox that has the contact, or should."""

    user_id: str
    name: str
    email: str
    stand: Stand
    level: Level | None
    """What the user may do with it; None where it is leaving."""
    version: int
    """The version that mailbox agreed to last; 0 before the first."""
    since: datetime | None
    """When that was written or read there."""
    reason: str = ""


def of_contact(session: Session, contact: Contact, among: Collection[str] | None = None) -> list[ContactInMailbox]:
    """Every mailbox that should hold the contact or still does, by name.

    `among` are ids of the groups that the reader may see; None is all. A mailbox that has the contact through
    another group alone is not told.
    """
    newest = (contact.version, contact.photo)
    levels = {
        user: Level(level)
        for user, level in session.execute(
            _along(PATHS, contact.id, among)
            .add_columns(func.max(PATHS.c.level))
            .where(PATHS.c.user_id.in_(_along(WANTED_PATHS, contact.id, among)))
            .group_by(PATHS.c.user_id)
        )
    }
    links = {
        row.mailbox_id: row
        for row in session.scalars(select(LinkRow).where(LinkRow.contact_id == contact.id))
        if among is None or row.mailbox_id in levels or set(row.labels) & set(among)
    }
    users = session.execute(
        select(UserRow.id, UserRow.name, UserRow.email)
        .where(UserRow.id.in_(levels.keys() | links.keys()))
        .order_by(UserRow.name, UserRow.email)
    )
    return [
        ContactInMailbox(
            user_id=user,
            name=name or email,
            email=email,
            stand=_stand(link, newest, wanted=user in levels),
            level=levels.get(user),
            version=link.base_version if link else 0,
            since=link.wrote_at if link else None,
            reason=link.aside if link else "",
        )
        for user, name, email in users
        for link in (links.get(user),)
    ]


def _along(paths: Subquery, contact: str, among: Collection[str] | None) -> Select[Any]:
    """Ids of the users to whom these paths lead from the contact, through groups `among` these."""
    held = select(MembershipRow.group_id).where(MembershipRow.contact_id == contact)
    if among is not None:
        held = held.where(MembershipRow.group_id.in_(list(among)))
    return select(paths.c.user_id).where(paths.c.group_id.in_(held))


def _stand(link: LinkRow | None, newest: tuple[object, ...], *, wanted: bool) -> Stand:
    if link is not None and link.aside:
        return Stand.ASIDE
    if not wanted:
        return Stand.LEAVING
    if link is None or link.state is not LinkState.LIVE:
        return Stand.COMING
    behind = (link.base_version, link.photo) != newest or link.agreed != link.seen
    return Stand.BEHIND if behind else Stand.HERE
