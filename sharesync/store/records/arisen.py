"""Where a proposal or a conflict arose: the groups through which its user sees the contact.

Who manages one of these decides about it; who manages another group that the contact is also in does not.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, exists, false, insert, select
from sqlalchemy.orm import Session

from sharesync.store.database.tables import ArisenRow, MembershipRow
from sharesync.store.database.work import Work
from sharesync.store.records import access_paths, contacts, smart_groups


def note(work: Work, waiting: str, contact: str, user: str) -> None:
    """Keep in which groups this proposal or conflict of the user arose, beside those noted before."""
    held = set(contacts.holders(work.session, contact))
    seen = access_paths.levels(work.session, user).keys() & held
    # What arises in a smart group is decided by who manages the groups that its contact comes from.
    smart = smart_groups.among(work.session, seen)
    seen = (seen - smart) | (held & smart_groups.sources(work.session, smart))
    noted = set(work.session.scalars(select(ArisenRow.group_id).where(ArisenRow.waiting_id == waiting)))
    if rows := [{"waiting_id": waiting, "group_id": group} for group in sorted(seen - noted)]:
        work.session.execute(insert(ArisenRow), rows)


def groups(session: Session, waiting: str, contact: str) -> list[str]:
    """Ids of the groups in which it arose that still hold the contact, or that it left for the trash."""
    arisen = set(session.scalars(select(ArisenRow.group_id).where(ArisenRow.waiting_id == waiting)))
    return [group for group in contacts.holders(session, contact) if group in arisen]


def arose_in(waiting: Any, contact: Any, among: Collection[str]) -> ColumnElement[bool]:
    """Whether what waits, by the columns of its id and contact, arose in one of these groups that hold the contact."""
    if not among:
        return false()
    held = (MembershipRow.group_id == ArisenRow.group_id) & (MembershipRow.contact_id == contact)
    return exists().where(ArisenRow.waiting_id == waiting, ArisenRow.group_id.in_(list(among)), held)
