"""The past brought back: a group restored to a moment.

The law: what was lost since comes back, what is newer stays. Contacts that were in the group then are in it again,
out of the trash if need be, as themselves: same id, same links, no duplicates. Values that their cards had then and
have no more are theirs again; a value typed since stays, beside the old one in a list, instead of it where a field
holds one. Contacts that joined since stay too, unless it is asked that they be taken out. Rejected: setting cards to
what they were, which would undo every honest correction since; `trash.restore_version` does that for one contact.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sharesync.errors import InvalidInput
from sharesync.model.audit import Event
from sharesync.model.card import EMPTY
from sharesync.model.permission import Right
from sharesync.services import contacts as contact_cases
from sharesync.services import groups as group_cases
from sharesync.services.permission import require_on_group
from sharesync.store import contacts, groups, past
from sharesync.store.work import Work
from sharesync.sync.merge import merge


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore did, in contacts: put back into the group, given values back, taken out."""

    returned: int
    changed: int
    taken: int


def restore_group(work: Work, group: str, at: datetime, *, take_newer: bool = False) -> Restored:
    """Bring a group back to how it stood then, by the law above. Raises NotFound, NotAllowed, InvalidInput (future)."""
    within = groups.find_id(work.session, group)
    require_on_group(work, Right.MANAGE, within)
    if at > work.now:
        raise InvalidInput("This moment has not come yet; name one in the past.")
    then = past.members(work.session, within, at)
    newer = sorted(set(groups.members(work.session, within)) - then.keys()) if take_newer else []
    changes = []
    for contact, (version, card) in contacts.cards(work.session, then).items():
        merged = merge(EMPTY, card, then[contact][1]).card
        if merged != card:
            changes.append((contact, version, card, merged))
    missing = sorted(then.keys() - set(groups.members(work.session, within)))
    if not (missing or newer or changes):
        return Restored(0, 0, 0)
    event = work.record(Event("group.restore", group=within, reason=at.isoformat()))
    returned = group_cases.add_contacts(work, within, missing, cause=event)
    for contact, version, before, after in changes:
        contact_cases.change(work, contact, version, before, after, cause=event)
    group_cases.remove_contacts(work, [(within, contact) for contact in newer], cause=event)
    return Restored(len(returned), len(changes), len(newer))
