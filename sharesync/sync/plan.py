"""The plan: what must be sent so that a mailbox shows what its grants say. A pure function of what is known.

Work is never stored, only observations: the plan is made again from links, labels and grants whenever it is needed,
so a crash anywhere loses nothing and a dry run is this same plan, printed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sharesync.model.link import NOT_HELD, Link, LinkState, Snapshot, Wanted
from sharesync.model.photo import refusal
from sharesync.sync.aside import is_aside


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything to be sent to one mailbox, in the order in which it is sent."""

    make_labels: tuple[str, ...] = ()
    """Groups that need their label made."""
    rename_labels: tuple[str, ...] = ()
    """Groups whose label bears another name than it should."""
    create: tuple[str, ...] = ()
    """Contacts to be made."""
    update: tuple[str, ...] = ()
    """Contacts whose person differs from what it should be, in content or mark."""
    put_on: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By group: contacts whose person lacks the label."""
    take_off: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By group: contacts whose person carries the label and must not; never its last reason to be here."""
    release: tuple[str, ...] = ()
    """Contacts that no longer belong here."""
    photos: tuple[str, ...] = ()
    """Contacts whose photo is not yet settled there; not those above."""
    drop_labels: tuple[str, ...] = ()
    """Groups that are no longer granted and whose label may go once nothing of ours is in it."""

    def __bool__(self) -> bool:
        return any((self.make_labels, self.rename_labels, self.create, self.update, self.put_on, self.take_off)) or any(
            (self.release, self.photos, self.drop_labels)
        )

    def actions(self) -> Iterator[tuple[str, str]]:
        """Each action as a verb and the id of what it is done to, in order: what a dry run prints."""
        for verb, names in (
            ("label.create", self.make_labels),
            ("label.rename", self.rename_labels),
            ("contact.create", self.create),
            ("contact.update", self.update),
        ):
            yield from ((verb, name) for name in names)
        for verb, by_group in (("label.put_on", self.put_on), ("label.take_off", self.take_off)):
            yield from ((verb, contact) for contacts in by_group.values() for contact in contacts)
        yield from (("contact.release", contact) for contact in self.release)
        yield from (("contact.set_photo", contact) for contact in self.photos)
        yield from (("label.delete", group) for group in self.drop_labels)


def plan(known: Snapshot, wrong_names: frozenset[str], now: datetime) -> Plan:
    """What to send now. `wrong_names` are groups whose label was seen under a name that is not its own."""
    todo = _Todo(known, now)
    # What stands here only because a hold waits stays as it is until somebody decides.
    for contact, wanted in sorted(item for item in known.wanted.items() if not item[1].groups <= known.waiting):
        todo.place(contact, wanted)
    written = {contact for some in (todo.update, *todo.put_on.values(), *todo.take_off.values()) for contact in some}
    there = {group for group, label in known.labels.items() if label.resource_name}
    return Plan(
        make_labels=tuple(sorted(known.levels.keys() - known.waiting - there)),
        rename_labels=tuple(sorted(wrong_names & known.levels.keys())),
        create=tuple(todo.create),
        update=tuple(todo.update),
        put_on={group: tuple(contacts) for group, contacts in sorted(todo.put_on.items())},
        take_off={group: tuple(contacts) for group, contacts in sorted(todo.take_off.items())},
        release=tuple(
            contact
            for contact, link in sorted(known.links.items())
            if contact not in known.wanted and link.state is not LinkState.CREATING and not is_aside(link, 0, now)
        ),
        # What else is written to a person comes first: a link is written whole, from what was known of it.
        photos=tuple(contact for contact in todo.photos if contact not in written),
        drop_labels=tuple(sorted(known.labels.keys() - known.levels.keys())),
    )


@dataclass(slots=True)
class _Todo:
    """What is to be sent about the contacts that belong here."""

    known: Snapshot
    now: datetime
    create: list[str] = field(default_factory=list)
    update: list[str] = field(default_factory=list)
    photos: list[str] = field(default_factory=list)
    put_on: dict[str, list[str]] = field(default_factory=dict)
    take_off: dict[str, list[str]] = field(default_factory=dict)

    def place(self, contact: str, wanted: Wanted) -> None:
        """Bring one contact there, or its person up to date."""
        known, link = self.known, self.known.links.get(contact)
        held = known.held.get(contact, NOT_HELD)
        groups = known.placeable(contact)
        if link and is_aside(link, wanted.version, self.now):
            return
        if link is None or link.state is LinkState.REFUSED:
            if groups:
                self.create.append(contact)
        elif link.state is LinkState.LIVE and not _unread(link, self.now):
            if (link.base_version != wanted.version or not link.at_rest or not link.marked) and not held.edit:
                self.update.append(contact)
            for group in sorted(groups - link.labels):
                self.put_on.setdefault(group, []).append(contact)
            for group in sorted(link.labels - wanted.groups):
                if not known.is_left(group, link):
                    self.take_off.setdefault(group, []).append(contact)
            if lacks_photo(known, link, self.now):
                self.photos.append(contact)


def lacks_photo(known: Snapshot, link: Link, now: datetime) -> bool:
    """Whether the photo of a contact that stands here is another than the one last settled, and its turn has come."""
    wanted = known.wanted.get(link.contact)
    return (
        wanted is not None
        and link.photo != wanted.photo
        and link.state is LinkState.LIVE
        and link.look_at is None
        and link.contact not in known.held
        and not is_aside(link, refusal(wanted.photo), now)
    )


def is_look_due(link: Link, now: datetime) -> bool:
    """Whether the person is to be read directly now."""
    return link.look_at is not None and link.look_at <= now


def looks_due(known: Snapshot, now: datetime) -> bool:
    """Whether any person is to be read directly now."""
    return any(is_look_due(link, now) for link in known.links.values())


def _unread(link: Link, now: datetime) -> bool:
    """Whether something stands there that has not been decided about: a write would go over it unseen.

    While a look is merely planned for later, the etag guards what stands there; without one nothing does.
    """
    return is_look_due(link, now) or not link.etag
