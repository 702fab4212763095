"""Scopes: which contacts a pass must know about in a mailbox that is at rest, found through indexes.

`sync/scope.py` has the reason. Nothing here grows with the number of contacts in the mailbox but for what the database
counts by itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, bindparam, func, select

from sharesync.store.database.batching import chunks
from sharesync.store.database.tables import UNSETTLED, ContactRow, LinkRow, MembershipRow
from sharesync.sync.scope import PassScope

_MAILBOX: Any = bindparam("mailbox")
_UNSETTLED = select(LinkRow.contact_id).where(LinkRow.mailbox_id == _MAILBOX, UNSETTLED)
_READ = select(LinkRow.contact_id).where(
    LinkRow.mailbox_id == _MAILBOX, LinkRow.source_id.in_(bindparam("persons", expanding=True))
)
_ALIKE = (
    select(ContactRow.id)
    .join(MembershipRow, MembershipRow.contact_id == ContactRow.id)
    .where(
        MembershipRow.group_id.in_(bindparam("groups", expanding=True)),
        ContactRow.fingerprint.in_(bindparam("fingerprints", expanding=True)),
    )
)
_SIZES = (
    select(MembershipRow.group_id, func.count().label("size"))
    .where(MembershipRow.group_id.in_(bindparam("groups", expanding=True)))
    .group_by(MembershipRow.group_id)
)


def inside(connection: Connection, mailbox: str, scope: PassScope, groups: Iterable[str]) -> frozenset[str]:
    """The contacts in scope, and those that may change only because time passes."""
    found = set(scope.contacts)
    found.update(connection.scalars(_UNSETTLED, {"mailbox": mailbox}))
    for persons in chunks(scope.persons):
        found.update(connection.scalars(_READ, {"mailbox": mailbox, "persons": persons}))
    for fingerprints in chunks(scope.fingerprints):
        found.update(connection.scalars(_ALIKE, {"groups": list(groups), "fingerprints": fingerprints}))
    return frozenset(found)


def sizes(connection: Connection, groups: Iterable[str]) -> dict[str, int]:
    """How many contacts each of these groups holds, if any."""
    return {row.group_id: row.size for row in connection.execute(_SIZES, {"groups": list(groups)})}
