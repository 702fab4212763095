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
from sharesync.model.card import EMPTY, Card
from sharesync.model.permission import Right
from sharesync.services import contacts as contact_cases
from sharesync.services import groups as group_cases
from sharesync.services.who_may.permission import require_on_group
from sharesync.store.database.work import Work
from sharesync.store.queries import past
from sharesync.store.records import contacts, groups
from sharesync.sync.merge import merge


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore did, in contacts: put back into the group, given values back, taken out."""

    returned: int
    changed: int
    taken: int


@dataclass(frozen=True, slots=True)
class Change:
    """A contact whose card would get values back."""

    contact: str
    version: int
    before: Card
    after: Card


@dataclass(frozen=True, slots=True)
class RestorePlan:
    """What a restore would do, by the law above: ids of contacts, and cards before and after."""

    returning: tuple[str, ...]
    changes: tuple[Change, ...]
    newer: tuple[str, ...]
    """Contacts that joined since."""


def plan(work: Work, group: str, at: datetime) -> RestorePlan:
    """What it would take to bring a group back to how it stood then.

    Raises NotFound, NotAllowed, InvalidInput for a moment to come, Refused for one before the log begins.
    """
    within = groups.find_id(work.session, group)
    require_on_group(work, Right.MANAGE, within)
    if at > work.now:
        raise InvalidInput("This moment has not come yet; name one in the past.")
    then, today = past.members(work.session, within, at), set(groups.members(work.session, within))
    changes = []
    for contact, (version, card) in contacts.cards(work.session, then).items():
        merged = merge(EMPTY, card, then[contact][1]).card
        if merged != card:
            changes.append(Change(contact, version, card, merged))
    return RestorePlan(tuple(sorted(then.keys() - today)), tuple(changes), tuple(sorted(today - then.keys())))


def restore_group(work: Work, group: str, at: datetime, *, take_newer: bool = False) -> Restored:
    """Bring a group back to how it stood then, by the law above. Raises as `plan`."""
    planned = plan(work, group, at)
    newer = planned.newer if take_newer else ()
    if not (planned.returning or newer or planned.changes):
        return Restored(0, 0, 0)
    within = groups.find_id(work.session, group)
    event = work.record(Event("group.restore", group=within, reason=at.isoformat()))
    returned = group_cases.add_contacts(work, within, planned.returning, cause=event)
    for one in planned.changes:
        contact_cases.change(work, one.contact, one.version, one.before, one.after, cause=event)
    group_cases.remove_contacts(work, [(within, contact) for contact in newer], cause=event)
    return Restored(len(returned), len(planned.changes), len(newer))
