"""Entries: what people and programs write about a contact, and what somebody is to do.

Who may edit the contact writes, changes and removes them; who sees it reads them. No mailbox is due for it, as none
shows any; smart groups may ask for them. A follow-up is given to somebody who sees the contact, and whoever is to do it
may say that it is done.
"""

from __future__ import annotations

from dataclasses import replace

from sharesync.errors import InvalidInput, NotAllowed, Refused
from sharesync.model.audit import ActorKind, Event
from sharesync.model.entry import ContactEntry, KeptEntry
from sharesync.model.permission import Allowed, Right, authorize
from sharesync.services import smart_members
from sharesync.services.who_may.permission import groups_of_contact, require_on_contact, user_party
from sharesync.store.database.work import Work
from sharesync.store.records import contacts, entries, roles, tokens
from sharesync.store.records.foreign_ids import ForeignId


def write(work: Work, contact: str, says: ContactEntry) -> str:
    """Write an entry; returns its id. Raises NotFound, NotAllowed, InvalidInput; Refused in the trash."""
    _require_writable(work, contact, says)
    return _add(work, contact, says, None)


def push(work: Work, contact: str, source: str, external_id: str, says: ContactEntry) -> tuple[str, bool]:
    """Bring in what a program says, as often as it likes: the same id is the same entry. Its id, and whether it is new.

    Raises as above; Refused for one that people removed, or that is another contact's.
    """
    if work.by.kind is not ActorKind.TOKEN:
        raise NotAllowed("Ids of another program are for programs.")
    _require_writable(work, contact, says)
    which = ForeignId(tokens.get(work.session, work.by.id).owner.subject, source, external_id)
    known = entries.brought(work.session, which)
    if known is None:
        return _add(work, contact, says, which), True
    before, removed_at = known
    if before.contact != contact:
        raise Refused("This is the id of an entry of another contact.")
    if removed_at is not None:
        raise Refused("This entry was removed here, and is not written again by itself.")
    _change(work, before, says)
    return before.id, False


def change(work: Work, contact: str, entry: str, says: ContactEntry, *, cause: str | None = None) -> bool:
    """Let an entry say something else; returns whether it did. Raises as above."""
    _require_writable(work, contact, says)
    return _change(work, entries.find(work.session, contact, entry), says, cause)


def remove(work: Work, contact: str, entry: str, *, cause: str | None = None) -> None:
    """Remove an entry. Raises as above."""
    _require_writable(work, contact)
    before = entries.find(work.session, contact, entry)
    entries.set_removed(work, entry, removed=True)
    _record(work, "entry.remove", before, before.says, None, cause)


def put_back(work: Work, contact: str, entry: str, *, cause: str) -> None:
    """Show an entry again that was removed. Raises as above."""
    removed = entries.find(work.session, contact, entry, removed=True)
    _require_writable(work, contact, removed.says)
    entries.set_removed(work, entry, removed=False)
    _record(work, "entry.write", removed, None, removed.says, cause)


def set_done(work: Work, contact: str, entry: str, *, done: bool, cause: str | None = None) -> bool:
    """Say that a follow-up is done, or still to be done; returns whether that is new.

    It takes the right to edit the contact, or to see it for who is to do it. Raises as above.
    """
    require_on_contact(work, Right.VIEW, contact)
    before = entries.find(work.session, contact, entry)
    task = before.says.follow_up
    if task is None:
        raise InvalidInput("This is no follow-up.")
    mine = work.by.kind is ActorKind.USER and work.by.id == task.doer
    require_on_contact(work, Right.VIEW if mine else Right.EDIT, contact)
    if (task.done_at is not None) == done:
        return False
    task = replace(task, done_at=work.now if done else None)
    return _change(work, before, replace(before.says, follow_up=task), cause)


def _require_writable(work: Work, contact: str, says: ContactEntry | None = None) -> None:
    require_on_contact(work, Right.EDIT, contact)
    if contacts.get(work.session, contact).deleted_at is not None:
        raise Refused("This contact is in the trash; restore it first.")
    if says and says.follow_up and not _sees(work, says.follow_up.doer, contact):
        raise InvalidInput("Whoever is to do it must see the contact; choose somebody who does.")


def _sees(work: Work, user: str, contact: str) -> bool:
    there = user_party(work.session, user, roles.of(work.session, user))
    return isinstance(authorize(there, Right.VIEW, groups_of_contact(work.session, contact)), Allowed)


def _add(work: Work, contact: str, says: ContactEntry, which: ForeignId | None) -> str:
    entry = entries.add(work, contact, says, which)
    _record(work, "entry.write", entries.find(work.session, contact, entry), None, says, None)
    return entry


def _change(work: Work, before: KeptEntry, says: ContactEntry, cause: str | None = None) -> bool:
    if says == before.says:
        return False
    entries.change(work, before.id, says)
    _record(work, "entry.change", before, before.says, says, cause)
    return True


def _record(
    work: Work,
    action: str,
    entry: KeptEntry,
    before: ContactEntry | None,
    after: ContactEntry | None,
    cause: str | None,
) -> None:
    """Tell that it happened: the envelope names the entry alone, what it says is in the values, which can be erased."""
    old, new = (one.told() if one else {} for one in (before, after))
    parts = [name for name in dict.fromkeys([*old, *new]) if old.get(name) != new.get(name)]
    values = {name: (old.get(name), new.get(name)) for name in parts}
    event = work.record(Event(action, contact=entry.contact, reason=entry.id, cause=cause, values=values))
    smart_members.follow(work, {entry.contact: event})
