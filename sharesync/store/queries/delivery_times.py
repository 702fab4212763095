"""Delivery times: since when each mailbox has its version of a contact, and since when a change is on its way.

A version stands in a mailbox since the event that sent it there, or since it was typed there.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from sharesync.model.audit import Outcome
from sharesync.model.contact import VersionKind
from sharesync.model.link import LinkState
from sharesync.store.database.tables import ContactRow, EventRow, GrantRow, LinkRow, MembershipRow, UserRow, VersionRow
from sharesync.store.records import access_paths


@dataclass(frozen=True, slots=True)
class Delivery:
    """One contact in one mailbox."""

    mailbox: str
    """Its user's address."""
    version: int | None
    """Which version stands there; None where it does not stand there yet."""
    since: datetime | None
    behind: bool
    """Something has still to be sent: the contact, its newest version, or its end."""


def of_contact(session: Session, contact: str) -> list[Delivery]:
    """Every mailbox that should hold the contact, or still does, by address."""
    row = session.execute(select(ContactRow.version, ContactRow.photo).where(ContactRow.id == contact)).first()
    newest = tuple(row) if row else ()
    wanted = set(session.scalars(access_paths.USERS_OF_CONTACTS, {"contacts": [contact]}))
    links = {row.mailbox_id: row for row in session.scalars(select(LinkRow).where(LinkRow.contact_id == contact))}
    since = _since(session, contact)
    users = session.execute(
        select(UserRow.id, UserRow.email).where(UserRow.id.in_(wanted | links.keys())).order_by(UserRow.email)
    )
    found = []
    for user, email in users:
        link = links.get(user)
        if link is None or not link.source_id:
            found.append(Delivery(email, None, None, behind=True))
            continue
        rest = link.state is LinkState.LIVE and (link.base_version, link.photo) == newest and link.agreed == link.seen
        moment = since.get((user, link.base_version), link.wrote_at)
        found.append(Delivery(email, link.base_version, moment, behind=user not in wanted or not rest))
    return found


def _since(session: Session, contact: str) -> dict[tuple[str, int], datetime]:
    rows = session.execute(
        select(EventRow.mailbox_id, EventRow.after_version, func.max(EventRow.at))
        .where(
            EventRow.contact_id == contact,
            EventRow.action.in_(("person.create", "person.update", "contact.create", "contact.update")),
            EventRow.outcome == Outcome.OK,
            EventRow.mailbox_id.is_not(None),
            EventRow.after_version.is_not(None),
        )
        .group_by(EventRow.mailbox_id, EventRow.after_version)
    )
    return {(mailbox, version): at for mailbox, version, at in rows if mailbox and version}


def oldest_by_group(session: Session) -> dict[str, datetime]:
    """By group id: since when the oldest change of its contacts that has not arrived everywhere has been on its way.

    A contact not made there yet waits since it joined or was granted; one made waits since the next version.
    """
    paths = access_paths.WANTED_PATHS
    newer = (
        select(func.min(VersionRow.at))
        .where(
            VersionRow.contact_id == ContactRow.id,
            VersionRow.kind == VersionKind.ACCEPTED,
            VersionRow.version > LinkRow.base_version,
        )
        .scalar_subquery()
    )
    joined = case((MembershipRow.added_at > GrantRow.granted_at, MembershipRow.added_at), else_=GrantRow.granted_at)
    since = case((LinkRow.contact_id.is_(None), joined), else_=newer)
    grant = (
        (GrantRow.group_id == paths.c.group_id)
        & (GrantRow.kind == paths.c.kind)
        & (GrantRow.subject == paths.c.subject)
    )
    query: Any = (
        select(paths.c.group_id, func.min(since, type_=VersionRow.at.type))
        .select_from(paths)
        .join(GrantRow, grant)
        .join(MembershipRow, MembershipRow.group_id == paths.c.group_id)
        .join(ContactRow, ContactRow.id == MembershipRow.contact_id)
        .outerjoin(LinkRow, (LinkRow.mailbox_id == paths.c.user_id) & (LinkRow.contact_id == ContactRow.id))
        .where(LinkRow.contact_id.is_(None) | (LinkRow.base_version != ContactRow.version))
        .group_by(paths.c.group_id)
    )
    return {group: moment for group, moment in session.execute(query) if moment}
