"""Merging: two contacts become one and can become two again; or somebody says that they are not the same.

One contact stays, with the values that were chosen, and the groups and entries of both; the other goes to the trash,
from which it can be restored like any other. The mailboxes follow with ordinary passes: one person is changed, the
other withdrawn as from any group, so that what users have of their own on either stays theirs.

Undoing gives both back what the merge took and keeps what came after: a value that somebody has changed since stands.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sharesync.errors import InvalidCard, InvalidInput, NotAllowed, Refused, StaleVersion
from sharesync.model.access import Level
from sharesync.model.audit import Event
from sharesync.model.card import Card
from sharesync.model.company_fields import merged_here
from sharesync.model.contact import Contact
from sharesync.model.duplicate_decision import Apart, MergeRecord
from sharesync.model.joining import joined
from sharesync.model.permission import Allowed, Party, Right, authorize
from sharesync.services import contacts as contact_cases
from sharesync.services import groups as group_cases
from sharesync.services import photos as photo_cases
from sharesync.services import smart_members
from sharesync.services.who_may.permission import groups_with, require_everywhere, require_on_contact
from sharesync.store.database.work import Work
from sharesync.store.records import company_fields, contacts, duplicate_decisions, entries, smart_groups

Picked = Mapping[str, Collection[str]]
"""The values to keep, by field: words of the options (`model/joining.py`)."""


def merge(work: Work, stays: str, goes: str, versions: tuple[int, int], picked: Picked | None = None) -> MergeRecord:
    """Make one contact of two that were at these versions when somebody chose what to keep (None: all).

    It takes the right to edit the one that stays, and to delete the other, in all their groups. Raises NotFound,
    NotAllowed, StaleVersion; Refused where one is in the trash or under legal hold, or was said to be another;
    InvalidInput for values that neither has.
    """
    require_everywhere(work, Right.EDIT, stays)
    require_everywhere(work, Right.DELETE, goes)
    one, other = _two_at(work, stays, goes, versions)
    card, beside = _brought_together(work, one, other, picked)
    changed = card != one.card or beside != one.here
    here, left = (_holders(work, contact) for contact in (stays, goes))
    if set(left) - set(here):
        require_on_contact(work, Right.PASS_ON, stays)
    after = one.version + changed
    event = work.record(
        Event(
            "contact.merge",
            contact=stays,
            fields=tuple(sorted(one.card.differs(card))),
            before_version=one.version,
            after_version=after,
            reason=goes,
        )
    )
    new = [group for group in left if group not in here]
    for group in new:
        group_cases.add_contacts(work, group, [stays], cause=event)
    if changed:
        contact_cases.change(work, stays, one.version, one.card, card, here=beside, cause=event)
    photo_cases.inherit(work, stays, goes, cause=event)
    group_cases.remove_contacts(work, [(group, goes) for group in left], cause=event)
    return _kept(
        work,
        MergeRecord(
            event, stays, goes, undone=False, before=one.version, after=after, joined=tuple(new), left=tuple(left)
        ),
    )


def _kept(work: Work, merged: MergeRecord) -> MergeRecord:
    """Keep what was decided, and bring the entries to the contact that stays."""
    duplicate_decisions.keep(work, merged)
    entries.move(work, merged.id, merged.gone, merged.stayed)
    smart_members.follow(work, {merged.stayed: merged.id})
    return merged


def _brought_together(work: Work, one: Contact, other: Contact, picked: Picked | None) -> tuple[Card, dict[str, str]]:
    """The card of both, and their values of fields kept here: of one that holds one value, that of who stays."""
    fields = company_fields.defined(work.session)
    card = fields.joined_sets(joined(one.card, other.card, picked))
    if not card:
        raise InvalidCard("A contact cannot be empty; choose what to keep.")
    return card, merged_here(fields, {}, one.here, other.here)


def _two_at(work: Work, stays: str, goes: str, versions: tuple[int, int]) -> tuple[Contact, Contact]:
    one, other = _two(work, stays, goes)
    for contact, version in zip((one, other), versions, strict=True):
        if contact.version != version:
            raise StaleVersion(contact.id, version, contact.version)
    if duplicate_decisions.are_apart(work.session, stays, goes):
        raise Refused("Somebody has decided that these two are not the same; undo that first.")
    return one, other


def may_merge(who: Party, here: Collection[str], there: Collection[str]) -> bool:
    """Whether somebody may let the contact that is in the groups `here` stay for the one that is in those `there`."""
    edits = all(isinstance(authorize(who, Right.EDIT, (group,)), Allowed) for group in here)
    return edits and all(isinstance(authorize(who, Right.DELETE, (group,)), Allowed) for group in there)


def dismiss(work: Work, one: str, other: str) -> Apart:
    """Remember that two contacts are not the same. It takes the right to edit both.

    Raises NotFound, NotAllowed; Refused as above, or where somebody has said so before.
    """
    for contact in (one, other):
        require_on_contact(work, Right.EDIT, contact)
    _two(work, one, other)
    if duplicate_decisions.are_apart(work.session, one, other):
        raise Refused("Somebody has decided already that these two are not the same.")
    event = work.record(Event("duplicate.dismiss", contact=min(one, other), reason=max(one, other)))
    apart = Apart(event, min(one, other), max(one, other), undone=False)
    duplicate_decisions.keep(work, apart)
    return apart


def undo(work: Work, ruling: str) -> Apart | MergeRecord:
    """Take back what was decided: of a merge, as said above. Whoever may decide it may take it back.

    Raises NotFound, NotAllowed; Refused where it was taken back before, or cannot be any more.
    """
    found = duplicate_decisions.find(work.session, ruling)
    match found:
        case Apart():
            for contact in (found.one, found.other):
                require_on_contact(work, Right.EDIT, contact)
            _once(found)
            work.record(Event("duplicate.restore", contact=found.one, cause=found.id, reason=found.other))
        case MergeRecord():
            _make_two(work, found)
    duplicate_decisions.undo(work, found.id)
    return found


def _make_two(work: Work, merged: MergeRecord) -> None:
    require_everywhere(work, Right.EDIT, merged.stayed)
    require_on_contact(work, Right.EDIT, merged.gone)
    _once(merged)
    one, other = (contacts.get(work.session, contact) for contact in (merged.stayed, merged.gone))
    _unheld(work, one)
    if one.deleted_at is not None:
        raise Refused("The contact that stayed is in the trash; restore it first.")
    if other.deleted_at is None:
        raise Refused("The other contact has been restored already; nothing was undone.")
    back = sorted(set(contacts.left_groups(work.session, other.id)) & set(merged.left))
    if not back:
        raise Refused("The other contact’s time in the trash is over, or its groups are gone.")
    here = _holders(work, one.id)
    out = [group for group in merged.joined if group in here]
    if set(out) >= set(here):
        raise Refused("The contact that stayed is in no other group any more; put it into one first.")
    touched = {*back, *out}
    if len(groups_with(work, Right.DELETE, touched)) < len(touched):
        raise NotAllowed(
            "Undoing this takes the level “%(level)s” in every group that the merge touched.",
            level=Level.DELETE.word,
        )
    event = work.record(Event("contact.unmerge", contact=one.id, cause=merged.id, reason=other.id))
    for group in back:
        group_cases.add_or_restore(work, group, [other.id], cause=event)
    contact_cases.take_back(work, one.id, merged.before, merged.after, cause=event)
    photo_cases.give_back(work, one.id, merged.id, cause=event)
    entries.move_back(work, merged.id, one.id, other.id)
    smart_members.follow(work, dict.fromkeys((one.id, other.id), event))
    group_cases.remove_contacts(work, [(group, one.id) for group in out], cause=event)


def _holders(work: Work, contact: str) -> list[str]:
    """The groups that people put it into; smart ones follow by themselves."""
    held = contacts.holders(work.session, contact)
    return sorted(set(held) - smart_groups.among(work.session, held))


def _two(work: Work, one: str, other: str) -> tuple[Contact, Contact]:
    """Both contacts, where something can be decided about them."""
    if one == other:
        raise InvalidInput("These are not two contacts; choose another.")
    found = contacts.get(work.session, one), contacts.get(work.session, other)
    for contact in found:
        if contact.deleted_at is not None:
            raise Refused("One of them is in the trash: somebody was faster, or it must be restored first.")
        _unheld(work, contact)
    return found


def _unheld(work: Work, contact: Contact) -> None:
    if contacts.legal_hold(work.session, contact.id):
        raise Refused("A legal hold is on one of them: it stays as it is until the hold ends.")


def _once(ruling: Apart | MergeRecord) -> None:
    if ruling.undone:
        raise Refused("Somebody has undone that already.")
