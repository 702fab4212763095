"""Opting out: a user who does not want a group in their own Google Contacts says so, and may think again.

It is theirs to say and concerns their mailbox alone. Label and contacts are withdrawn from that mailbox by the same
rules as when a grant ends (what is the user's own stays). What they may do stays: a manager who declines still manages
in the web page, and an edit in Google Contacts of a contact that another group shows counts by their level in this one,
too. It is kept by user and group, so it outlives a grant that comes back.
"""

from __future__ import annotations

from sharesync.errors import NotAllowed
from sharesync.model.audit import ActorKind, Event
from sharesync.model.group import Group
from sharesync.model.permission import Right
from sharesync.services.who_may.permission import party, require_on_group
from sharesync.store.database.work import Work
from sharesync.store.mailboxes import claims, opt_outs
from sharesync.store.records import groups


def decline(work: Work, group: str, *, cause: str | None = None) -> Group:
    """Withdraw a group from the actor's mailbox. Raises NotFound or NotAllowed."""
    found = _theirs(work, group)
    if opt_outs.decline(work, work.by.id, found.id):
        _tell(work, found, "group.decline", cause)
    return found


def want(work: Work, group: str, *, cause: str | None = None) -> Group:
    """Let a group that the actor declined come back. Raises NotFound or NotAllowed."""
    found = _theirs(work, group)
    if opt_outs.want(work, work.by.id, found.id):
        _tell(work, found, "group.want", cause)
    return found


def _theirs(work: Work, group: str) -> Group:
    found = groups.find(work.session, group)
    require_on_group(work, Right.VIEW, found.id)
    if work.by.kind is not ActorKind.USER or party(work.session, work.by).level((found.id,)) is None:
        raise NotAllowed("Only somebody with whom the group is shared has it in their Google Contacts.")
    return found


def _tell(work: Work, group: Group, action: str, cause: str | None) -> None:
    work.record(Event(action, group=group.id, mailbox=work.by.id, cause=cause))
    claims.touch_users(work, [work.by.id])
