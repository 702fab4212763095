"""Groups: made, renamed, deleted; contacts put in and taken out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from sharesync.errors import NameTaken, Refused
from sharesync.model.audit import Event, Outcome
from sharesync.model.group import Group, group_description, group_name
from sharesync.model.permission import Allowed, Right, authorize
from sharesync.services import smart_members
from sharesync.services.directory_events import tell_ended
from sharesync.services.who_may.permission import party, require, require_on_group
from sharesync.store.database.work import PIECE, Operation, Work
from sharesync.store.mailboxes import claims, keeping
from sharesync.store.records import contacts, groups, smart_groups


def create(work: Work, name: str, description: str = "") -> Group:
    """Make an empty group that nobody sees yet. Raises InvalidInput, NameTaken or NotAllowed."""
    require(work, Right.ADMINISTER)
    group = Group(work.new_id(), group_name(name), group_description(description))
    groups.insert_group(work, group)
    work.record(Event("group.create", group=group.id, values={"name": (None, [group.name])}))
    return group


def rename(work: Work, group: str, name: str, *, cause: str | None = None) -> Group:
    """Give a group another name; every mailbox follows. Raises InvalidInput, NameTaken, NotFound or NotAllowed."""
    old = groups.find(work.session, group)
    require_on_group(work, Right.MANAGE, old.id)
    new = group_name(name)
    if new != old.name:
        with hiding_names(work):
            groups.rename(work, old.id, new)
        told = {"name": ([old.name], [new])}
        event = work.record(Event("group.rename", group=old.id, fields=("name",), cause=cause, values=told))
        claims.touch_groups(work, [old.id])
        smart_members.renamed(work, old.id, event)
    return replace(old, name=new)


@contextmanager
def hiding_names(work: Work) -> Iterator[None]:
    """A name that only a group has which the actor may not see is refused without saying whose it is, and logged."""
    try:
        yield
    except NameTaken as taken:
        other = groups.find_id(work.session, taken.name)
        if isinstance(authorize(party(work.session, work.by), Right.VIEW, (other,)), Allowed):
            raise
        refused = Refused("This name cannot be given here; choose another.")
        refused.denied = "hidden"
        raise refused from None


def describe(work: Work, group: str, description: str, *, cause: str | None = None) -> None:
    """Say what a group is for. Raises InvalidInput, NotFound or NotAllowed."""
    found = groups.find(work.session, group)
    require_on_group(work, Right.MANAGE, found.id)
    new = group_description(description)
    if new != found.description:
        groups.describe(work, found.id, new)
        told = {"description": ([found.description], [new])}
        work.record(Event("group.describe", group=found.id, fields=("description",), cause=cause, values=told))


def let_pass_on(work: Work, group: str, *, allowed: bool) -> Group:
    """Say whether editors may put the group's contacts into other groups; managers always may.

    Raises NotFound or NotAllowed.
    """
    found = groups.find(work.session, group)
    require_on_group(work, Right.MANAGE, found.id)
    smart_members.require_ordinary(work.session, found.id)
    if allowed is (found.id in groups.keeping(work.session)):
        groups.pass_on(work, found.id, allowed=allowed)
        word = ("closed", "open") if allowed else ("open", "closed")
        work.record(Event("group.limit", group=found.id, fields=("passing_on",), values={"passing_on": word}))
    return found


def delete(operation: Operation, group: str) -> Group:
    """Delete a group: its grants end, its label is withdrawn everywhere, contacts in no other group go to the trash.

    A large group loses its contacts a piece at a time, and ends with the last of them. A deletion that breaks off has
    left a smaller group, and is finished by another. Raises NotFound or NotAllowed.
    """
    with operation.piece() as work:
        old = groups.find(work.session, group)
        require_on_group(work, Right.MANAGE, old.id)
        if old.contacts <= PIECE:
            _end(work, old, cause=None)
            return old
        event = _told_deleted(work, old, Outcome.INTENDED)
    whole = False
    while not whole:
        with operation.piece() as work:
            found = groups.find(work.session, old.id)
            require_on_group(work, Right.MANAGE, found.id)
            whole = found.contacts <= PIECE
            if whole:
                _end(work, found, cause=event)
            else:
                _take_some(work, found, event)
    return old


def _end(work: Work, group: Group, cause: str | None) -> None:
    claims.touch_groups(work, [group.id])
    event = _told_deleted(work, group, Outcome.OK, cause)
    _take_some(work, group, cause or event)
    groups.mark_deleted(work, group.id)
    smart_members.forget(work, group.id, event)
    tell_ended(work, keeping.forget_group(work, group.id))
    claims.touch_labelled(work, [group.id])


def _take_some(work: Work, group: Group, cause: str) -> None:
    if group.is_smart:
        smart_members.empty(work, group.id, cause)
    else:
        some = groups.members(work.session, group.id, limit=PIECE)
        remove_contacts(work, [(group.id, contact) for contact in some], cause=cause)


def _told_deleted(work: Work, group: Group, outcome: Outcome, cause: str | None = None) -> str:
    values: dict[str, tuple[object, object]] = {"name": ([group.name], None)}
    return work.record(Event("group.delete", outcome, group=group.id, cause=cause, values=values))


def add_contacts(
    work: Work, group: str, ids: Iterable[str], *, mailbox: str | None = None, cause: str | None = None
) -> list[str]:
    """Put contacts into a group, with one event each; `mailbox` is where it was done, if in one.

    For contacts that do not lie in the trash, or whose return the caller has told itself. Raises Refused for a smart
    group.
    """
    smart_members.require_ordinary(work.session, group)
    new = contacts.join(work, group, ids)
    events = {
        contact: work.record(Event("group.add", group=group, contact=contact, mailbox=mailbox, cause=cause))
        for contact in new
    }
    if new:
        claims.touch_members(work, group, new, but=mailbox)
        smart_members.follow(work, events)
    return new


def add_or_restore(
    work: Work, group: str, ids: Iterable[str], *, mailbox: str | None = None, cause: str | None = None
) -> list[str]:
    """Put contacts into a group, and tell of each that lay in the trash that it was restored.

    Whoever was told that it was deleted must be told of that, too. Raises as `add_contacts`.
    """
    ids = list(ids)
    lay = contacts.lying(work.session, ids)
    back = add_contacts(work, group, ids, mailbox=mailbox, cause=cause)
    for contact in back:
        if contact in lay:
            work.record(Event("contact.restore", contact=contact, mailbox=mailbox, cause=cause))
    return back


def remove_contacts(
    work: Work, pairs: Iterable[tuple[str, str]], *, mailbox: str | None = None, cause: str | None = None
) -> list[tuple[str, str]]:
    """Take contacts out of groups, (group, contact), with one event each; what is in no group then lies in the trash.

    `mailbox` is where it was done, if in one: it needs no telling. Pairs of smart groups are passed over: a contact
    leaves them with the ordinary ones, or not at all.
    """
    pairs = list(pairs)
    smart = smart_groups.among(work.session, {group for group, _ in pairs}) if pairs else frozenset()
    pairs = [(group, contact) for group, contact in pairs if group not in smart]
    if not pairs:
        return []
    claims.touch_contacts(work, [contact for _, contact in pairs], but=mailbox)
    left, orphans = contacts.leave(work, pairs)
    events = {
        contact: work.record(Event("group.take", group=group, contact=contact, mailbox=mailbox, cause=cause))
        for group, contact in left
    }
    smart_members.follow(work, events)
    trashed = {
        contact: work.record(Event("contact.trash", contact=contact, mailbox=mailbox, cause=events[contact]))
        for contact in orphans
    }
    contacts.trash(work, {contact: (groups, trashed[contact]) for contact, groups in orphans.items()})
    return left
