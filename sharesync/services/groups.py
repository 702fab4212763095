"""Groups: made, renamed, deleted; contacts put in and taken out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from sharesync.errors import NameTaken, NotFound, Refused
from sharesync.model.audit import Event
from sharesync.model.group import Group, group_description, group_name
from sharesync.model.permission import Allowed, Right, authorize
from sharesync.services.directory_events import tell_ended
from sharesync.services.who_may.permission import party, require, require_on_contact, require_on_group
from sharesync.store.database.work import Work
from sharesync.store.mailboxes import claims, keeping
from sharesync.store.records import contacts, groups


def create(work: Work, name: str, description: str = "") -> Group:
    """Make an empty group that nobody sees yet. Raises InvalidInput, NameTaken or NotAllowed."""
    require(work, Right.ADMINISTER)
    group = Group(work.new_id(), group_name(name), group_description(description))
    groups.insert_group(work, group)
    work.record(Event("group.create", group=group.id, values={"name": (None, [group.name])}))
    return group


def rename(work: Work, group: str, name: str) -> Group:
    """Give a group another name; every mailbox follows. Raises InvalidInput, NameTaken, NotFound or NotAllowed."""
    old = groups.find(work.session, group)
    require_on_group(work, Right.MANAGE, old.id)
    new = group_name(name)
    if new != old.name:
        with hiding_names(work):
            groups.rename(work, old.id, new)
        work.record(Event("group.rename", group=old.id, fields=("name",), values={"name": ([old.name], [new])}))
        claims.touch_groups(work, [old.id])
    return Group(old.id, new, old.description, old.contacts)


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


def describe(work: Work, group: str, description: str) -> None:
    """Say what a group is for. Raises InvalidInput, NotFound or NotAllowed."""
    found = groups.find(work.session, group)
    require_on_group(work, Right.MANAGE, found.id)
    new = group_description(description)
    if new != found.description:
        groups.describe(work, found.id, new)
        told = {"description": ([found.description], [new])}
        work.record(Event("group.describe", group=found.id, fields=("description",), values=told))


def let_pass_on(work: Work, group: str, *, allowed: bool) -> Group:
    """Say whether editors may put the group's contacts into other groups; managers always may.

    Raises NotFound or NotAllowed.
    """
    found = groups.find(work.session, group)
    require_on_group(work, Right.MANAGE, found.id)
    if allowed is (found.id in groups.keeping(work.session)):
        groups.pass_on(work, found.id, allowed=allowed)
        word = ("closed", "open") if allowed else ("open", "closed")
        work.record(Event("group.limit", group=found.id, fields=("passing_on",), values={"passing_on": word}))
    return found


def delete(work: Work, group: str) -> Group:
    """Delete a group: its grants end, its label is withdrawn everywhere, contacts in no other group go to the trash."""
    old = groups.find(work.session, group)
    require_on_group(work, Right.MANAGE, old.id)
    claims.touch_groups(work, [old.id])
    event = work.record(Event("group.delete", group=old.id, values={"name": ([old.name], None)}))
    remove_contacts(work, [(old.id, contact) for contact in groups.members(work.session, old.id)], cause=event)
    groups.mark_deleted(work, old.id)
    tell_ended(work, keeping.forget_group(work, old.id))
    claims.touch_labelled(work, [old.id])
    return old


def add(work: Work, group: str, ids: Iterable[str]) -> list[str]:
    """Put contacts into a group; returns those that were not in it. Raises NotFound for an unknown id, NotAllowed.

    It takes the right to edit there, and to pass each on from where it comes: nobody moves a contact to where they may
    edit it, nor out of a group whose managers keep its contacts together.
    """
    found, wanted = groups.find(work.session, group), list(ids)
    require_on_group(work, Right.EDIT, found.id)
    there = contacts.cards(work.session, wanted).keys() - contacts.erased(work.session, wanted)
    for contact in wanted:
        if contact not in there:
            raise NotFound("contact", contact, "`sharesync contacts list` shows them all.")
        require_on_contact(work, Right.PASS_ON, contact)
    return add_contacts(work, found.id, wanted)


def take(work: Work, group: str, ids: Iterable[str]) -> list[str]:
    """Take contacts out of a group; returns those that were in it. One in no group at all goes to the trash."""
    found = groups.find(work.session, group)
    require_on_group(work, Right.DELETE, found.id)
    return [contact for _, contact in remove_contacts(work, [(found.id, contact) for contact in ids])]


def add_contacts(
    work: Work, group: str, ids: Iterable[str], *, mailbox: str | None = None, cause: str | None = None
) -> list[str]:
    """Put contacts that exist into a group, with one event each; `mailbox` is where it was done, if in one."""
    new = contacts.join(work, group, ids)
    for contact in new:
        work.record(Event("group.add", group=group, contact=contact, mailbox=mailbox, cause=cause))
    if new:
        claims.touch_groups(work, [group], but=mailbox)
    return new


def remove_contacts(
    work: Work, pairs: Iterable[tuple[str, str]], *, mailbox: str | None = None, cause: str | None = None
) -> list[tuple[str, str]]:
    """Take contacts out of groups, (group, contact), with one event each; what is in no group then lies in the trash.

    `mailbox` is where it was done, if in one: it needs no telling.
    """
    pairs = list(pairs)
    if not pairs:
        return []
    claims.touch_contacts(work, [contact for _, contact in pairs], but=mailbox)
    left, orphans = contacts.leave(work, pairs)
    events = {
        contact: work.record(Event("group.take", group=group, contact=contact, mailbox=mailbox, cause=cause))
        for group, contact in left
    }
    trashed = {
        contact: work.record(Event("contact.trash", contact=contact, mailbox=mailbox, cause=events[contact]))
        for contact in orphans
    }
    contacts.trash(work, {contact: (groups, trashed[contact]) for contact, groups in orphans.items()})
    return left
