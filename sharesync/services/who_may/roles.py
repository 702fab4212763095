"""Roles: given, taken away, shown; and the administrators that the settings name."""

from __future__ import annotations

from collections.abc import Collection

from sharesync.errors import Sentence
from sharesync.model.audit import Event
from sharesync.model.permission import Right, Role
from sharesync.services import smart_members
from sharesync.services.who_may.permission import require
from sharesync.store.database.work import Work
from sharesync.store.mailboxes import directory
from sharesync.store.records import roles


def assign(work: Work, email: str, role: Role) -> bool:
    """Give a user a role; False where they had it. Raises NotFound or NotAllowed."""
    require(work, Right.ADMINISTER)
    user = directory.user_id(work.session, email)
    return _assign(work, user, role)


def remove(work: Work, email: str) -> bool:
    """Take a user's role away; False where they had none. Raises NotFound or NotAllowed."""
    require(work, Right.ADMINISTER)
    user = directory.user_id(work.session, email)
    before = roles.of(work.session, user)
    if before is None:
        return False
    roles.remove(work, user)
    smart_members.judge(work)
    work.record(Event("role.remove", mailbox=user, reason=before.value))
    return True


def appoint_first(work: Work, user: str, admins: Collection[str]) -> None:
    """Make a user administrator whom the settings name by one of their addresses, unless they have a role already."""
    if roles.of(work.session, user) is None and set(admins) & directory.addresses(work.session, user):
        _assign(work, user, Role.ADMINISTRATOR)


def _assign(work: Work, user: str, role: Role) -> bool:
    before = roles.of(work.session, user)
    if before is role:
        return False
    roles.assign(work, user, role)
    smart_members.judge(work)
    reason = Sentence("%(role)s (was %(was)s)", role=role.value, was=before.value) if before else role.value
    work.record(Event("role.set", mailbox=user, reason=reason))
    return True
