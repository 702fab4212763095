"""Undoing: what somebody did in the page is taken back as one act; what others changed since stays.

Nothing is remembered for it. A **deed** is the events that one request of the page wrote; they carry its id. Each says
what was changed from what to what, so each has an opposite, and the opposite is done only where what the deed wrote
still stands: of a card field by field, by the same merge as everywhere. Each opposite is an ordinary change that asks
for its right, has its event, and can be undone like any other; so an undo is undone by another.

Rejected: a stack of opposites kept at the time of the deed. It would be a second account of what was done, beside the
log, and personal data that erasure would have to find.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from sharesync.errors import NotFound, Refused
from sharesync.model.access import Level, Principal, PrincipalKind
from sharesync.model.audit import ActorKind, Event
from sharesync.model.entry import ContactEntry, KeptEntry
from sharesync.model.permission import Allowed, Right, authorize
from sharesync.model.review import ItemState
from sharesync.services import checks, merging, opt_out, proposals, relocating, retyping, reviews
from sharesync.services import contacts as contact_cases
from sharesync.services import entries as entry_cases
from sharesync.services import grants as grant_cases
from sharesync.services import groups as group_cases
from sharesync.services import photos as photo_cases
from sharesync.services.who_may.permission import party, require_on_contact, require_on_group
from sharesync.store.database.engine import Session
from sharesync.store.database.work import Operation, Work, pieces
from sharesync.store.mailboxes import opt_outs
from sharesync.store.queries import deeds
from sharesync.store.queries.deeds import Did
from sharesync.store.records import contacts, entries, groups


def has_opposites(session: Session, deed: str | None) -> bool:
    """Whether there is such a deed, with something in it that can be taken back."""
    return deed is not None and not deeds.actions(session, deed).isdisjoint(OPPOSITES)


def undo(operation: Operation, deed: str) -> int:
    """Take a deed back, the newest part first; returns with how many of its changes that was possible.

    It is for who did it, and for administrators; a program takes back only what it did itself.
    Raises NotFound; NotAllowed where a right that it takes has ended; Refused where nothing of it stands any more.
    """
    with operation.look() as look:
        found = deeds.of(look.session, deed)
        runs_all = look.by.kind is not ActorKind.TOKEN and isinstance(
            authorize(party(look.session, look.by), Right.ADMINISTER), Allowed
        )
        if not found or not (runs_all or found[0].actor == look.by.id):
            raise NotFound("act", deed)
        erased = contacts.erased(look.session, {one.contact for one in found if one.contact})
    whole = {one.id for one in found if one.action in WHOLE}
    parts = [one for one in found if one.action in OPPOSITES and one.cause not in whole and one.contact not in erased]
    number, cause = 0, ""
    besides = deed, operation.deed
    for some in pieces(parts):
        with operation.piece() as work:
            cause = cause or work.record(Event("deed.undo", cause=found[-1].id))
            number += sum(_opposite(_Undoing(work, one, cause, found), besides) for one in some)
            if not number and some[-1:] == parts[-1:]:
                raise Refused("Nothing of it stands any more as it was left; nothing was undone.")
    for one in parts:
        if one.action == "field.retype":
            retyping.derive_anew(operation, one.reason)
        if one.action == "field.place":
            relocating.finish(operation, one.reason, cause)
    return number


def _opposite(this: _Undoing, besides: Collection[str | None]) -> bool:
    """Do the opposite; not where others have done the same since: what stands is theirs, though it looks alike."""
    rivals = RIVALS.get(this.did.action)
    if rivals and deeds.was_done_since(this.work.session, this.did, rivals, besides):
        return False
    return OPPOSITES[this.did.action](this)


@dataclass(frozen=True, slots=True)
class _Undoing:
    """One event that is taken back, and the event that says so."""

    work: Work
    did: Did
    cause: str
    deed: Sequence[Did]

    @property
    def contact(self) -> str:
        return self.did.contact or ""

    @property
    def group(self) -> str:
        return self.did.group or ""


def _updated(this: _Undoing) -> bool:
    work, did = this.work, this.did
    require_on_contact(work, Right.EDIT, this.contact)
    if did.before_version is None or did.after_version is None:
        return False
    return contact_cases.take_back(work, this.contact, did.before_version, did.after_version, cause=this.cause)


def _is_open_to_hands(work: Work, group: str) -> bool:
    """Whether the group is there, and people choose who is in it and not a filter, which follows by itself."""
    try:
        return not groups.find(work.session, group).is_smart
    except NotFound:
        return False


def _added(this: _Undoing) -> bool:
    """A contact was put into a group; one that was made there and that others have changed since stays."""
    work = this.work
    if not _is_open_to_hands(work, this.group):
        return False
    require_on_group(work, Right.DELETE, this.group)
    if not contacts.in_group(work.session, this.group, [this.contact]):
        return False
    made = any(one.action == "contact.create" and one.contact == this.contact for one in this.deed)
    if made and contacts.get(work.session, this.contact).version > 1:
        return False
    return bool(group_cases.remove_contacts(work, [(this.group, this.contact)], cause=this.cause))


def _taken(this: _Undoing) -> bool:
    """A contact left a group; one that another act has deleted or merged away since stays in the trash."""
    work = this.work
    if not _is_open_to_hands(work, this.group):
        return False
    require_on_group(work, Right.EDIT, this.group)
    require_on_contact(work, Right.EDIT, this.contact)
    lies = contacts.get(work.session, this.contact).deleted_at is not None
    if lies and contacts.trashed_by(work.session, this.contact) not in {one.id for one in this.deed}:
        return False
    return bool(group_cases.add_or_restore(work, this.group, [this.contact], cause=this.cause))


def _granted(this: _Undoing) -> bool:
    """The log says `user:ID view -> edit`."""
    subject, _, change = this.did.reason.partition(" ")
    (kind, _, ident), (before, _, after) = subject.partition(":"), change.partition(" -> ")
    then, now, who = _level(before), _level(after), Principal(PrincipalKind(kind), ident)
    return grant_cases.put_back(this.work, this.group, who, now, then, cause=this.cause)


def _level(word: str) -> Level | None:
    return None if word == "nothing" else Level.parse(word)


def _renamed(this: _Undoing) -> bool:
    before, after = this.did.values["name"]
    if groups.find(this.work.session, this.group).name != after[0]:
        return False
    group_cases.rename(this.work, this.group, before[0], cause=this.cause)
    return True


def _described(this: _Undoing) -> bool:
    before, after = this.did.values["description"]
    if groups.find(this.work.session, this.group).description != after[0]:
        return False
    group_cases.describe(this.work, this.group, before[0], cause=this.cause)
    return True


def _photographed(this: _Undoing) -> bool:
    before, after = (bytes.fromhex(one[0]) if one else None for one in this.did.values["photo"])
    return photo_cases.put_back(this.work, this.contact, after, before, cause=this.cause)


def _checked(this: _Undoing) -> bool:
    """An answer in a review takes no right to edit: somebody asked for it. To take it back takes no more."""
    before, after = this.did.values["checked"]
    answers = {one.id for one in this.deed if one.action == "review.decide"}
    right = Right.VIEW if this.did.cause in answers else Right.EDIT
    return checks.put_back(this.work, this.contact, after, before, cause=this.cause, right=right)


def _decided_about_two(this: _Undoing) -> bool:
    merging.undo(this.work, this.did.id)
    return True


def _declined(this: _Undoing) -> bool:
    if stands := _said_it_themselves(this) and this.group in opt_outs.ids(this.work.session, this.did.actor):
        opt_out.want(this.work, this.group, cause=this.cause)
    return stands


def _wanted(this: _Undoing) -> bool:
    if stands := _said_it_themselves(this) and this.group not in opt_outs.ids(this.work.session, this.did.actor):
        opt_out.decline(this.work, this.group, cause=this.cause)
    return stands


def _said_it_themselves(this: _Undoing) -> bool:
    """What somebody wants in their own Google Contacts no administrator takes back for them."""
    return this.did.actor == this.work.by.id


def _proposal(this: _Undoing) -> bool:
    return proposals.reopen(this.work, this.did.reason, cause=this.cause)


def _conflict(this: _Undoing) -> bool:
    return proposals.reopen_conflict(this.work, this.did.reason.partition("(")[2].rstrip(")"), cause=this.cause)


def _entry_of(this: _Undoing, *, removed: bool = False) -> KeptEntry | None:
    """The entry of which an event tells, where its contact has it still."""
    try:
        return entries.find(this.work.session, this.contact, this.did.reason, removed=removed)
    except NotFound:
        return None


def _wrote(this: _Undoing) -> bool:
    entry = _entry_of(this)
    if entry is None or any(entry.says.told().get(part) != after for part, (_, after) in this.did.values.items()):
        return False
    entry_cases.remove(this.work, entry.contact, entry.id, cause=this.cause)
    return True


def _rewrote(this: _Undoing) -> bool:
    """Part by part, as with a card. That a follow-up is done takes less of a right than what it says."""
    entry = _entry_of(this)
    if entry is None:
        return False
    told = entry.says.told()
    still = {part: before for part, (before, after) in this.did.values.items() if told.get(part) == after}
    if set(still) == {"done"}:
        done = still["done"] is not None
        return entry_cases.set_done(this.work, entry.contact, entry.id, done=done, cause=this.cause)
    says = ContactEntry.of_told({part: said for part, said in (told | still).items() if said})
    return entry_cases.change(this.work, entry.contact, entry.id, says, cause=this.cause)


def _removed(this: _Undoing) -> bool:
    entry = _entry_of(this, removed=True)
    if entry is not None:
        entry_cases.put_back(this.work, entry.contact, entry.id, cause=this.cause)
    return entry is not None


def _retyped(this: _Undoing) -> bool:
    return retyping.put_back(this.work, this.did.reason, this.did.values, cause=this.cause)


def _answered(this: _Undoing) -> bool:
    (then,), (now,) = this.did.values["answer"]
    states = ItemState(then), ItemState(now)
    return reviews.take_back(this.work, this.did.reason, this.contact, *states, cause=this.cause)


def _started(this: _Undoing) -> bool:
    return reviews.end(this.work, this.did.reason, cause=this.cause)


def _ended(this: _Undoing) -> bool:
    return reviews.resume(this.work, this.did.reason, cause=this.cause)


def _relocated(this: _Undoing) -> bool:
    return relocating.put_back(this.work, this.did.reason, this.did.values, cause=this.cause)


OPPOSITES: Mapping[str, Callable[[_Undoing], bool]] = {
    "contact.update": _updated,
    "group.add": _added,
    "group.take": _taken,
    "grant.set": _granted,
    "grant.remove": _granted,
    "group.rename": _renamed,
    "group.describe": _described,
    "contact.set_photo": _photographed,
    "contact.remove_photo": _photographed,
    **dict.fromkeys(("contact.check", "contact.uncheck"), _checked),
    "contact.merge": _decided_about_two,
    "duplicate.dismiss": _decided_about_two,
    "group.decline": _declined,
    "group.want": _wanted,
    "proposal.accept": _proposal,
    "proposal.dismiss": _proposal,
    "conflict.resolve": _conflict,
    "entry.write": _wrote,
    "entry.change": _rewrote,
    "entry.remove": _removed,
    "field.retype": _retyped,
    "field.place": _relocated,
    "review.decide": _answered,
    **dict.fromkeys(("review.start", "review.resume"), _started),
    "review.end": _ended,
}
"""What takes back what an event says; each returns whether it still stood."""
_MEMBERSHIP = frozenset({"group.add", "group.take"})
_GRANT = frozenset({"grant.set", "grant.remove"})
_PHOTO = frozenset({"contact.set_photo", "contact.remove_photo"})
RIVALS: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(_MEMBERSHIP, _MEMBERSHIP),
    **dict.fromkeys(_GRANT, _GRANT),
    **dict.fromkeys(_PHOTO, _PHOTO),
    "group.rename": frozenset({"group.rename"}),
    "group.describe": frozenset({"group.describe"}),
    "entry.remove": frozenset({"entry.remove"}),
}
"""What others may have done since that leaves the same behind. Cards and entries are compared part by part instead."""
WHOLE = frozenset({"contact.merge", "field.place"})
"""What is taken back with all that followed from it."""
