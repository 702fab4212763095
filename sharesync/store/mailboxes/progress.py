"""Progress: how many contacts stand in each mailbox, and how many do not stand there as they should."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, case, func, select, true
from sqlalchemy.orm import Session

from sharesync.model.link import LinkState
from sharesync.store.database.batching import chunks
from sharesync.store.database.tables import ContactRow, LinkRow, MailboxRow, MembershipRow
from sharesync.store.records import access_paths

_USERS: Any = bindparam("users", expanding=True)
_PLACES = (
    select(access_paths.WANTED_PATHS.c.user_id, MembershipRow.contact_id)
    .join(MembershipRow, MembershipRow.group_id == access_paths.WANTED_PATHS.c.group_id)
    .where(access_paths.WANTED_PATHS.c.user_id.in_(_USERS))
    .distinct()
    .subquery("places")
)
"""Which contact belongs where."""
_THERE = (LinkRow.mailbox_id == _PLACES.c.user_id) & (LinkRow.contact_id == _PLACES.c.contact_id)
_FITS = (
    (LinkRow.state == LinkState.LIVE)
    & (LinkRow.base_version == ContactRow.version)
    & (LinkRow.agreed == LinkRow.seen)
    & LinkRow.photo.is_not_distinct_from(ContactRow.photo)
)
_COMPARED = select(_PLACES.c.user_id).join(ContactRow, ContactRow.id == _PLACES.c.contact_id).outerjoin(LinkRow, _THERE)
_RIGHT = _COMPARED.add_columns(
    func.count().label("wanted"),
    func.count(LinkRow.contact_id).label("linked"),
    func.sum(case((_FITS, 1), else_=0)).label("fit"),
).group_by(_PLACES.c.user_id)
_HELD = (
    select(
        LinkRow.mailbox_id,
        func.count().label("links"),
        func.sum(case((LinkRow.state == LinkState.LIVE, 1), else_=0)).label("standing"),
    )
    .where(LinkRow.mailbox_id.in_(_USERS))
    .group_by(LinkRow.mailbox_id)
)
_LACKING = (
    _COMPARED.with_only_columns(ContactRow.id)
    .where(LinkRow.contact_id.is_(None) | ~_FITS)
    .order_by(ContactRow.id)
    .limit(bindparam("limit"))
)
_LEAVING = (
    select(LinkRow.contact_id)
    .where(LinkRow.mailbox_id == bindparam("mailbox"), LinkRow.contact_id.not_in(select(_PLACES.c.contact_id)))
    .order_by(LinkRow.contact_id)
    .limit(bindparam("limit"))
)


@dataclass(frozen=True, slots=True)
class Count:
    """How much stands in one mailbox, and how much does not stand there as it should."""

    standing: int
    behind: int
    """Contacts to make, to change and to release."""


def counts(session: Session, mailbox: str | None = None) -> dict[str, Count]:
    """How far every mailbox is, or the one, by its user's id.

    The end of a pass has counted it: only one for which something changed since, or that a pass is in, is counted now.
    """
    stale = MailboxRow.behind.is_(None) | MailboxRow.lease_until.is_not(None)
    columns = (MailboxRow.user_id, MailboxRow.standing, MailboxRow.behind, stale.label("stale"))
    rows = session.execute(select(*columns).where(MailboxRow.user_id == mailbox if mailbox else true())).all()
    found = {row.user_id: Count(row.standing, row.behind) for row in rows if not row.stale}
    for some in chunks(row.user_id for row in rows if row.stale):
        found |= afresh(session, some)
    return found


def afresh(session: Session, users: list[str]) -> dict[str, Count]:
    """The progress of these mailboxes, counted anew."""
    these = {"users": users}
    held = {row.mailbox_id: row for row in session.execute(_HELD, these)}
    right = {row.user_id: row for row in session.execute(_RIGHT, these)}
    found = {}
    for user in users:
        links, standing = (held[user].links, held[user].standing) if user in held else (0, 0)
        wanted, linked, fit = (right[user].wanted, right[user].linked, right[user].fit) if user in right else (0, 0, 0)
        found[user] = Count(standing, wanted - fit + links - linked)
    return found


def behind_in(session: Session, mailbox: str, limit: int) -> list[str]:
    """Ids of some contacts that do not stand in one mailbox as they should: first those to make, then the others."""
    this = {"users": [mailbox], "mailbox": mailbox, "limit": limit}
    lacking = list(session.scalars(_LACKING, this))
    return lacking + list(session.scalars(_LEAVING, this | {"limit": limit - len(lacking)}))
