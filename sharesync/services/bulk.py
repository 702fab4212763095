"""A selection: many contacts that someone chose, put into a group, taken out of it or deleted in one act.

Rights are asked of each contact, in a fixed number of statements however many there are; one that is refused stops all.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sharesync.errors import NotFound
from sharesync.model.permission import Denied, Right, authorize
from sharesync.services import groups as group_cases
from sharesync.services.who_may import permission
from sharesync.store.database.work import Work
from sharesync.store.records import contacts, groups


def add(work: Work, group: str, chosen: Collection[str]) -> list[str]:
    """Put contacts that one may pass on into a group where one may edit; returns those that were not in it.

    Raises NotFound or NotAllowed.
    """
    within = groups.find_id(work.session, group)
    permission.require_on_group(work, Right.EDIT, within)
    _require_each(work, Right.PASS_ON, chosen)
    return group_cases.add_contacts(work, within, chosen)


def take(work: Work, group: str, chosen: Collection[str]) -> list[str]:
    """Take contacts out of a group; returns those that were in it. Raises NotFound or NotAllowed."""
    within = groups.find_id(work.session, group)
    permission.require_on_group(work, Right.DELETE, within)
    return [contact for _, contact in group_cases.remove_contacts(work, [(within, one) for one in chosen])]


def delete(work: Work, chosen: Collection[str]) -> list[str]:
    """Take contacts out of every group where the actor may, as in a mailbox; returns them.

    In no group any more they lie in the trash. Raises NotFound or NotAllowed.
    """
    held = _require_each(work, Right.DELETE, chosen)
    among = {group for places in held.values() for group in places}
    may = set(permission.groups_with(work, Right.DELETE, among))
    group_cases.remove_contacts(
        work, [(group, one) for one, places in held.items() for group in places if group in may]
    )
    return list(held)


def _require_each(work: Work, right: Right, chosen: Collection[str]) -> Mapping[str, list[str]]:
    """The groups that hold each contact, where the actor has this right on every one of them."""
    held = contacts.held_by(work.session, chosen)
    who = permission.party(work.session, work.by)
    for contact in chosen:
        if contact not in held:
            raise NotFound("contact", contact)
        verdict = authorize(who, right, held[contact])
        if isinstance(verdict, Denied):
            raise permission.refusal(verdict, right, "contact", contact)
    return held
