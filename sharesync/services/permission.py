"""Permission: who acts, as a party to `authorize`, and the refusal of what they may not do."""

from __future__ import annotations

from collections.abc import Collection

from sharesync.errors import NotAllowed, NotFound
from sharesync.model.audit import ActorKind, By
from sharesync.model.permission import EVERYTHING, Denied, Party, Right, authorize
from sharesync.store import contacts, groups, reach, roles
from sharesync.store.database import Session
from sharesync.store.work import Work


def party(session: Session, by: By) -> Party:
    """Who acts. A mailbox acts with its user's levels alone: a role is for the web page."""
    match by.kind:
        case ActorKind.SYSTEM:
            return EVERYTHING
        case ActorKind.MAILBOX:
            return Party(None, reach.levels(session, by.id))
        case ActorKind.USER:
            return Party(roles.of(session, by.id), reach.levels(session, by.id))


def require(work: Work, right: Right, groups: Collection[str] = (), *, what: str = "group", name: str = "") -> None:
    """Go on only if the actor has this right on any of the groups.

    Raises NotFound for what they may not even see (`what` and `name` say what they asked for), else NotAllowed.
    """
    if work.by.kind is ActorKind.SYSTEM:
        return
    verdict = authorize(party(work.session, work.by), right, groups)
    if isinstance(verdict, Denied):
        raise NotFound(what, name) if verdict.hidden else NotAllowed(verdict.reason)


def group_itself(session: Session, name_or_id: str) -> Collection[str]:
    """The group that rights on it are asked of. Raises NotFound."""
    return [groups.find(session, name_or_id).id]


def groups_of_contact(session: Session, contact: str) -> Collection[str]:
    """The groups that rights on a contact are asked of: those that hold it, or that it left for the trash.

    Raises NotFound.
    """
    return contacts.holders(session, contact)
