"""Restoring a group to how it stood at a moment.

The law: what was lost since comes back, what is newer stays. Contacts that were in the group then are in it again,
out of the trash if need be, as themselves: same id, same links, no duplicates. Values that their cards had then and
have no more are theirs again; a value typed since stays, beside the old one in a list, instead of it where a field
holds one. Contacts that joined since stay too, unless it is asked that they be taken out. One that has gone over to
other groups comes back only by who may pass it on from there. Rejected: setting cards to
what they were, which would undo every honest correction since; `trash.restore_version` does that for one contact.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sharesync.errors import InvalidInput
from sharesync.model.audit import Event, Outcome
from sharesync.model.card import EMPTY, Card
from sharesync.model.permission import Allowed, Right, authorize
from sharesync.services import contacts as contact_cases
from sharesync.services import groups as group_cases
from sharesync.services import smart_members
from sharesync.services.who_may.permission import party, require_on_group
from sharesync.store.database.work import PIECE, Operation, ReadOnly, Work, pieces
from sharesync.store.queries import past
from sharesync.store.records import company_fields, contacts, groups
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
    then: Card


@dataclass(frozen=True, slots=True)
class RestorePlan:
    """What a restore would do, by the law above: ids of the group and of contacts, and cards before and after."""

    group: str
    returning: tuple[str, ...]
    changes: tuple[Change, ...]
    newer: tuple[str, ...]
    """Contacts that joined since."""


def plan(asked: ReadOnly | Work, group: str, at: datetime) -> RestorePlan:
    """What it would take to bring a group back to how it stood then.

    Raises NotFound, NotAllowed, InvalidInput for a moment to come, Refused for one before the log begins.
    """
    within = groups.find_id(asked.session, group)
    require_on_group(asked, Right.MANAGE, within)
    smart_members.require_ordinary(asked.session, within)
    if at > asked.now:
        raise InvalidInput("This moment has not come yet; name one in the past.")
    then, today = past.members(asked.session, within, at), set(groups.members(asked.session, within))
    returning = _may_return(asked, sorted(then.keys() - today))
    stays = today.union(returning)
    changes = _changes(asked, {contact: card for contact, (_, card) in then.items() if contact in stays})
    return RestorePlan(within, tuple(returning), changes, tuple(sorted(today - then.keys())))


def _may_return(asked: ReadOnly | Work, gone: Sequence[str]) -> list[str]:
    """Those whom the actor may put into a group: one that lives in others by now is theirs to pass on, or not."""
    elsewhere, who = contacts.held_by(asked.session, gone), party(asked.session, asked.by)

    def may_pass_on(contact: str) -> bool:
        return isinstance(authorize(who, Right.PASS_ON, elsewhere[contact]), Allowed)

    return [one for one in gone if one not in elsewhere or may_pass_on(one)]


def _changes(asked: ReadOnly | Work, then: Mapping[str, Card]) -> tuple[Change, ...]:
    """The contacts that lack something of what their card said then."""
    changes, sets = [], company_fields.defined(asked.session).sets
    for contact, (version, card) in contacts.cards(asked.session, then).items():
        merged = merge(EMPTY, card, then[contact], sets).card
        if merged != card:
            changes.append(Change(contact, version, card, merged, then[contact]))
    return tuple(changes)


def restore_group(operation: Operation, group: str, at: datetime, *, take_newer: bool = False) -> Restored:
    """Bring a group back to how it stood then, by the law above. Raises as `plan`.

    A restore of many contacts that breaks off is finished by doing it again.
    """
    with operation.look(log=True) as look:
        planned = plan(look, group, at)
    newer = planned.newer if take_newer else ()
    then = {one.contact: one.then for one in planned.changes}
    concerned = sorted({*planned.returning, *then, *newer})
    restored = Restored(0, 0, 0)
    if not concerned:
        return restored
    whole, event = len(concerned) <= PIECE, ""
    for some in pieces(concerned):
        with operation.piece() as work:
            require_on_group(work, Right.MANAGE, planned.group)
            event = event or _told(work, planned.group, at, Outcome.OK if whole else Outcome.INTENDED)
            part = frozenset(some)
            returned = group_cases.add_or_restore(
                work, planned.group, [one for one in planned.returning if one in part], cause=event
            )
            # Anew, as others go on writing between two pieces.
            changes = _changes(work, {contact: then[contact] for contact in some if contact in then})
            for one in changes:
                contact_cases.change(work, one.contact, one.version, one.before, one.after, cause=event)
            taken = group_cases.remove_contacts(
                work, [(planned.group, one) for one in newer if one in part], cause=event
            )
        restored = Restored(
            restored.returned + len(returned), restored.changed + len(changes), restored.taken + len(taken)
        )
    if not whole:
        with operation.piece() as work:
            _told(work, planned.group, at, Outcome.OK, event)
    return restored


def _told(work: Work, group: str, at: datetime, outcome: Outcome, cause: str | None = None) -> str:
    return work.record(Event("group.restore", outcome, group=group, reason=at.isoformat(), cause=cause))
