"""A selection: many contacts that someone chose, put into a group, taken out of it or deleted as one act.

Rights are asked of each contact before anything is done, in a fixed number of statements however many there are; one
that is refused stops all. Each piece asks again of its own contacts, and passes over those that are gone by then.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sharesync.errors import NotFound
from sharesync.model.permission import Denied, Right, authorize
from sharesync.services import groups as group_cases
from sharesync.services import smart_members
from sharesync.services.bulk_plans import places_of
from sharesync.services.who_may import permission
from sharesync.store.database.work import Operation, ReadOnly, Work, pieces
from sharesync.store.records import contacts, groups


def add(operation: Operation, group: str, chosen: Collection[str]) -> list[str]:
    """Put contacts into a group; returns those that were not in it. One in the trash leaves it.

    It takes the right to edit there, and to pass each on from where it comes: nobody moves a contact to where they may
    edit it, nor out of a group whose managers keep its contacts together. Raises NotFound or NotAllowed.
    """
    with operation.look() as look:
        within = groups.find_id(look.session, group)
        permission.require_on_group(look, Right.EDIT, within)
        smart_members.require_ordinary(look.session, within)
        _require_each(look, Right.PASS_ON, places_of(look.session, chosen), chosen)
    added: list[str] = []
    for some in pieces(list(dict.fromkeys(chosen))):
        with operation.piece() as work:
            permission.require_on_group(work, Right.EDIT, within)
            _require_each(work, Right.PASS_ON, places := places_of(work.session, some))
            added += group_cases.add_or_restore(work, within, places)
    return added


def take(operation: Operation, group: str, chosen: Collection[str]) -> list[str]:
    """Take contacts out of a group; returns those that were in it. One in no group at all goes to the trash.

    Raises NotFound or NotAllowed.
    """
    with operation.look() as look:
        within = groups.find_id(look.session, group)
        permission.require_on_group(look, Right.VIEW, within)
        smart_members.require_ordinary(look.session, within)
    taken: list[str] = []
    for some in pieces(list(dict.fromkeys(chosen))):
        with operation.piece() as work:
            permission.require_on_group(work, Right.DELETE, within)
            left = group_cases.remove_contacts(work, [(within, one) for one in some])
        taken += [contact for _, contact in left]
    return taken


def delete(operation: Operation, chosen: Collection[str]) -> list[str]:
    """Take contacts out of every group where the actor may, as in a mailbox; returns them.

    In no group any more they lie in the trash. Raises NotFound or NotAllowed.
    """
    with operation.look() as look:
        _require_each(look, Right.DELETE, contacts.held_by(look.session, chosen), chosen)
    deleted: list[str] = []
    for some in pieces(list(dict.fromkeys(chosen))):
        with operation.piece() as work:
            held = contacts.held_by(work.session, some)
            _require_each(work, Right.DELETE, held)
            among = {group for places in held.values() for group in places}
            may = set(permission.groups_with(work, Right.DELETE, among))
            group_cases.remove_contacts(
                work, [(group, one) for one, places in held.items() for group in places if group in may]
            )
        deleted += held
    return deleted


def _require_each(
    work: Work | ReadOnly, right: Right, places: Mapping[str, list[str]], chosen: Collection[str] = ()
) -> None:
    """Go on only if all that were chosen have a place, and the actor has this right on each contact."""
    for contact in chosen:
        if contact not in places:
            raise NotFound("contact", contact, "`sharesync contacts list` shows them all.")
    who = permission.party(work.session, work.by)
    for contact, held in places.items():
        verdict = authorize(who, right, held)
        if isinstance(verdict, Denied):
            raise permission.refusal(verdict, right, "contact", contact)
