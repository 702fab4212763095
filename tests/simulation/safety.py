"""What must hold at every moment: each commit and each write that reaches a mailbox is held against what hands did.

Promises of `sharesync/sync/README.md`, by number where a check raises. Nothing here asks the service what it meant; it
reads rows and mailboxes, and asks who typed what is new and where what went is kept.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sharesync.sandbox.contact import MY_CONTACTS, LabelVersion, State, Version
from sharesync.sandbox.wire import Request
from sharesync.store.mailboxes import progress
from tests.simulation import photos
from tests.simulation.access import DELETE, EDIT, Access
from tests.simulation.house import Broken, House, Written
from tests.simulation.memory import UNMANAGED, Atom, atoms, foreign, marks

SINGLE = ("names", "biographies", "birthdays")
EVENTS = (
    "seq, id, action, actor_kind, actor, outcome, group_id, contact_id, mailbox_id, before_version, after_version,"
    " reason"
)


@dataclass(frozen=True, slots=True)
class Sent:
    """How the world was when a request left."""

    levels: dict[str, int]
    groups: dict[str, frozenset[str]]
    """Groups of each contact."""
    seq: int
    """The mailbox's last change."""
    url: str


@dataclass
class Guard:
    """Watches one history."""

    house: House
    access: Access
    last_event: int = 0
    last_version: int = 0
    versions: int = 0
    accepted: dict[str, list[frozenset[Atom]]] = field(default_factory=lambda: defaultdict(list))
    """The cards a contact ever had, as atoms."""
    kept: set[Atom] = field(default_factory=set)
    """Everything that any version of any contact holds."""
    groups: dict[str, frozenset[str]] = field(default_factory=dict)
    ever: set[tuple[str, str]] = field(default_factory=set)
    """Each contact that was ever in a group."""
    current: dict[str, int] = field(default_factory=dict)
    linked: dict[tuple[str, str], set[tuple[str, str]]] = field(default_factory=lambda: defaultdict(set))
    """By user and contact: every person that was ever linked."""
    taken: dict[tuple[str, str], dict[str, datetime]] = field(default_factory=lambda: defaultdict(dict))
    """By user and group: each contact that their hands took out of it and that was applied unasked, and when."""
    put: set[tuple[str, str]] = field(default_factory=set)
    """Photos that the service put into mailboxes: user id and photo."""
    labels: dict[tuple[str, str], str] = field(default_factory=dict)
    """Group of each label that the service made, by user and label id."""

    def __post_init__(self) -> None:
        self.house.on_commit = self.committed
        self.house.on_opened = self.opened
        self.house.on_send = self.sent
        self.house.on_written = self.written

    def counted(self) -> None:
        """What the ends of passes counted is what counting afresh gives."""
        with self.house.database.reading() as session:
            told = progress.counts(session)
            fresh = progress.afresh(session, list(told))
        for user, count in fresh.items():
            if told[user] != count:
                raise Broken(f"status: {self.house.names[user]} is said to have {told[user]}, and has {count}")
        for user, behind in self.house.query(
            "SELECT user_id, behind FROM mailboxes WHERE (waiting_since IS NULL) <> (coalesce(behind, 1) = 0)"
        ):
            raise Broken(f"status: nobody knows since when {behind} are behind for {self.house.names[user]}")

    # -- commits -------------------------------------------------------------------------------------------------------

    def committed(self) -> None:
        """Look at what a transaction changed."""
        before, versions = self.groups, dict(self.current)
        self._read_versions()
        events = self.house.query(f"SELECT {EVENTS} FROM events WHERE seq > ? ORDER BY seq", self.last_event)
        rows = self.house.query("SELECT contact_id, group_id FROM memberships")
        groups: dict[str, set[str]] = defaultdict(set)
        for contact, group in rows:
            groups[contact].add(group)
        self.groups = {contact: frozenset(found) for contact, found in groups.items()}
        self.ever.update((group, contact) for contact, found in self.groups.items() for group in found)
        self.current = dict(self.house.query("SELECT id, version FROM contacts"))
        for user, contact, source in self.house.query(
            "SELECT mailbox_id, contact_id, source_id FROM links WHERE source_id IS NOT NULL"
        ):
            self.linked[user, contact].add((user, source))
        self._whole_history()
        if events:
            self.last_event = events[-1][0]
        self._told(events, before, versions)
        for event in events:
            self._event(event, before)

    def _read_versions(self) -> None:
        rows = self.house.query(
            "SELECT id, contact_id, kind, card FROM contact_versions WHERE id > ?", self.last_version
        )
        for number, contact, kind, card in rows:
            found = atoms(json.loads(card))
            self.kept |= found
            if kind == "accepted":
                self.accepted[contact].append(found)
            self.last_version, self.versions = number, self.versions + 1

    def _whole_history(self) -> None:
        lost = self.house.query(
            "SELECT c.id FROM contacts c LEFT JOIN contact_versions v ON v.contact_id = c.id AND v.version = c.version"
            " AND v.kind = 'accepted' AND v.card = c.card WHERE v.id IS NULL"
        )
        if lost:
            raise Broken(f"1: the card of {lost[0][0]} is in no version")
        if self.house.query("SELECT count(*) FROM contact_versions")[0][0] != self.versions:
            raise Broken("1: a version is gone")

    def _told(self, events: Iterable[Any], before: dict[str, frozenset[str]], versions: dict[str, int]) -> None:
        told = {(event[2], event[6], event[7]) for event in events}
        for contact, version in self.current.items():
            if version != versions.get(contact) and not any(
                (event[2] in ("contact.update", "contact.create", "contact.recover") and event[7] == contact)
                for event in events
            ):
                raise Broken(f"9: {contact} changed to version {version} without an event")
        for contact in before.keys() | self.groups.keys():
            old, new = before.get(contact, frozenset()), self.groups.get(contact, frozenset())
            for group in new - old:
                if ("group.add", group, contact) not in told:
                    raise Broken(f"9: {contact} joined {group} without an event")
            for group in old - new:
                if ("group.take", group, contact) not in told:
                    raise Broken(f"9: {contact} left {group} without an event")

    def _event(self, event: Any, before: dict[str, frozenset[str]]) -> None:
        _, _, action, kind, actor, outcome, group, contact, _, old, new, reason = event
        self.house.seen[f"{action} {outcome}" if outcome != "ok" else action] += 1
        if kind != "mailbox":
            return
        levels = self.access.levels(actor)
        match action, outcome:
            case "contact.update", "ok":
                self._accepted(actor, contact, old, new, levels, before)
            case "contact.update", "reverted":
                level = self._level(levels, before.get(contact, frozenset()))
                if level >= EDIT and "merged" not in reason:
                    raise Broken(f"3: an edit of {self.house.names[actor]} on {contact} was undone at level {level}")
            case "group.take", _:
                if levels.get(group, 0) < DELETE:
                    raise Broken(f"5: {self.house.names[actor]} took {contact} from {group} at {levels.get(group)}")
                persons = self._persons(actor, contact)
                if not persons & self.house.memory.removed:
                    raise Broken(f"7: {contact} left {group}; nobody removed it in {self.house.names[actor]}'s mailbox")
                self._taken(actor, group, contact, before)
            case "group.add", _:
                if levels.get(group, 0) < EDIT:
                    raise Broken(f"5: {self.house.names[actor]} put {contact} into {group} at {levels.get(group)}")
            case _:
                pass

    def _taken(self, user: str, group: str, contact: str, before: dict[str, frozenset[str]]) -> None:
        """In ten minutes no more of what was there goes than passes at once. What is there again has not gone."""
        now, taken = self.house.now(), self.taken[user, group]
        taken[contact] = now
        there = {one for one, found in before.items() if group in found}
        lately = (one for one, at in taken.items() if now - at < timedelta(minutes=10))
        gone = {one for one in lately if group not in self.groups.get(one, ())}
        removed, size = len(gone), len(gone | there)
        if removed > max(5, 0.1 * size) or removed >= size >= 3:
            raise Broken(f"holds: {removed} of {size} contacts left {group} by {self.house.names[user]} in ten minutes")

    def _accepted(
        self, user: str, contact: str, old: int, new: int, levels: dict[str, int], before: dict[str, frozenset[str]]
    ) -> None:
        memory, name = self.house.memory, self.house.names[user]
        groups = before.get(contact, frozenset()) | self.groups.get(contact, frozenset())
        if not groups:
            left = self.house.query('SELECT "left" FROM contacts WHERE id = ?', contact)[0][0]
            groups = frozenset(json.loads(left) if left else ())
        if self._level(levels, groups) < EDIT:
            raise Broken(f"5: an edit of {name} on {contact} was accepted at level {self._level(levels, groups)}")
        was, now = self.accepted[contact][old - 1], self.accepted[contact][new - 1]
        persons = self._persons(user, contact)
        typed = {atom for person in persons for atom in memory.typed[person]}
        erased = {atom for person in persons for atom in memory.erased[person]}
        if strange := now - was - typed:
            brought = {atom for person in persons for atom in memory.merged[person]} & strange
            what = "4: what a merge brought" if brought else "8: what nobody typed there"
            raise Broken(f"{what} became {contact}'s, from {name}: {sorted(strange)}")
        if strange := was - now - erased:
            raise Broken(f"8: {contact} lost through {name} what nobody erased there: {sorted(strange)}")

    def _level(self, levels: dict[str, int], groups: Iterable[str]) -> int:
        return max((levels.get(group, 0) for group in groups), default=0)

    def _persons(self, user: str, contact: str) -> set[tuple[str, str]]:
        marked = self.house.memory.marked
        return {person for person, found in marked.items() if person[0] == user and contact in found} | self.linked[
            user, contact
        ]

    # -- writes --------------------------------------------------------------------------------------------------------

    def opened(self, user: str) -> None:
        """Look at whose mailbox is opened: by the account of the token, whatever address it was made for."""
        if not self.house.query("SELECT 1 FROM mailboxes WHERE user_id = ?", user):
            raise Broken(f"6: the mailbox of {self.house.names[user]} was opened, whom no grant ever reached")

    def sent(self, user: str, request: Request) -> Sent:
        """How things are as a request leaves."""
        url = f"{request.verb} {request.path}"
        if ("deleteContacts", "true") in request.query:
            raise Broken("3: deleteContacts=true was sent")
        waiting = self.access.waiting(user)
        levels = {group: level for group, level in self.access.levels(user).items() if group not in waiting}
        return Sent(levels, self.groups, self.house.workspace.mailbox(user).seq, url)

    def written(self, user: str, sent: Sent, writes: list[Written]) -> None:
        """Look at what a request changed."""
        for one in writes:
            if isinstance(one.now, LabelVersion):
                self._label(user, sent, one.id, one.before, one.now)
        for one in writes:
            if isinstance(one.now, Version):
                before = one.before
                assert before is None or isinstance(before, Version)
                if before and one.now.photo and one.now.photo != before.photo:
                    self.put.add((user, one.now.photo))
                if before is None:
                    self._created(user, sent, one.id, one.now)
                elif before.seq > sent.seq:
                    continue  # a hand came between the request and its arrival: nobody could know
                elif one.now.state is not State.LIVE:
                    self._deleted(user, one.id, before)
                else:
                    self._changed(user, sent, one.id, before, one.now)

    def _label(self, user: str, sent: Sent, ident: str, before: Any, now: LabelVersion) -> None:
        data = dict(now.client_data)
        if before is None:
            group = data["sharesync"].partition(".")[0].removeprefix("label-")
            self.labels[user, ident] = group
            if group not in sent.levels:
                raise Broken(f"6: a label of {group} was made for {self.house.names[user]} after the revoke")
        elif (user, ident) not in self.labels:
            raise Broken(f"4: the label {before.name} of {self.house.names[user]}'s own was changed")

    def _created(self, user: str, sent: Sent, ident: str, now: Version) -> None:
        name, contacts = self.house.names[user], marks(now)
        if len(contacts) != 1:
            raise Broken(f"3: a person was made with {len(contacts)} marks")
        contact = contacts[0]
        self._granted(user, sent, contact, now.labels, "made")
        if atoms(now.fields) not in self.accepted[contact]:
            raise Broken(f"2: {contact} was made for {name} as it never was")
        memory = self.house.memory
        for person, born in memory.born_as.items():
            if person[0] != user or born != contact or person[1] == ident or person in memory.revived:
                continue
            other = self.house.workspace.mailbox(user).contacts[person[1]].now
            if self._is_anothers(person, contact):
                continue  # merged with another shared contact, and that one's from now on
            if other.state is State.LIVE and contact in marks(other) and other.seq <= sent.seq:
                raise Broken(f"3: {name} got a twin of {contact}")

    def _is_anothers(self, person: tuple[str, str], contact: str) -> bool:
        linked = "SELECT contact_id FROM links WHERE mailbox_id = ? AND source_id = ?"
        return any(other != contact for (other,) in self.house.query(linked, *person))

    def _granted(self, user: str, sent: Sent, contact: str, labels: Iterable[str], what: str) -> None:
        name = self.house.names[user]
        if not any((group, contact) in self.ever for group in sent.levels):
            raise Broken(f"6: {contact} was {what} for {name} after the revoke, by {sent.url}")
        self._under(user, sent, contact, labels, what)

    def _under(self, user: str, sent: Sent, contact: str, labels: Iterable[str], what: str) -> None:
        for label in labels:
            group = self.labels.get((user, label))
            if group and group not in sent.levels:
                raise Broken(f"6: {contact} was {what} under {group} for {self.house.names[user]} after the revoke")

    def _deleted(self, user: str, ident: str, before: Version) -> None:
        name, memory = self.house.names[user], self.house.memory
        if before.seq > self.house.read_at.get(user, 0):
            return  # a hand came after the last look: Google deletes without an etag
        if (user, ident) not in memory.made_by_us:
            raise Broken(f"4: a contact of {name}'s own was deleted: {sorted(atoms(before.fields))}")
        strange = [label for label in before.labels if label != MY_CONTACTS and (user, label) not in self.labels]
        if (
            not photos.may_go(self, user, ident, before)
            or foreign(before)
            or (strange := [*strange, *(one for one in UNMANAGED if one in before.fields)])
        ):
            raise Broken(f"3: a contact to which {name} had added was deleted: {strange} {foreign(before)}")
        if not any(atoms(before.fields) in self.accepted[contact] for contact in memory.marked[user, ident]):
            raise Broken(f"3: a contact that {name} had edited was deleted: {sorted(atoms(before.fields))}")

    def _changed(self, user: str, sent: Sent, ident: str, before: Version, now: Version) -> None:
        name = self.house.names[user]
        if now.photo != before.photo:
            self._pictured(user, sent, ident, before, now)
        off, on = set(before.labels) - set(now.labels), set(now.labels) - set(before.labels)
        if strange := [label for label in off | on if (user, label) not in self.labels and label != MY_CONTACTS]:
            raise Broken(f"4: {name}'s own labels were changed: {strange}")
        if foreign(now) != foreign(before):
            raise Broken(f"4: foreign data of {name} were changed")
        if any(now.fields.get(one) != before.fields.get(one) for one in UNMANAGED):
            raise Broken(f"4: unmanaged fields of {name} were changed")
        old, new = atoms(before.fields), atoms(now.fields)
        contacts = marks(now) or marks(before) or tuple(sorted(self.house.memory.marked[user, ident]))
        self._labelled(user, sent, contacts, on)
        if old == new:
            return
        if not (marks(now) or marks(before) or self._is_linked(user, ident)):
            raise Broken(f"4: {name}'s own contact was changed: {sorted(old ^ new)}")
        if added := new - old:
            linked = marks(now)
            for contact in linked:
                self._granted(user, sent, contact, (), "updated")
            if unknown := added - {atom for contact in linked for card in self.accepted[contact] for atom in card}:
                raise Broken(f"2: {name} was sent what {linked} never held: {sorted(unknown)}")
        if lost := {atom for atom in old - new if not self._is_kept(user, ident, atom)}:
            raise Broken(f"1: written over for {name} and kept nowhere: {sorted(lost)} ({contacts})")

    def _pictured(self, user: str, sent: Sent, ident: str, before: Version, now: Version) -> None:
        if before.seq > self.house.read_at.get(user, 0):
            return  # a hand came after the last look: Google takes no etag with a photo
        if contact := photos.written(self, user, ident, before, now):
            self._granted(user, sent, contact, (), "photographed")

    def _is_linked(self, user: str, ident: str) -> bool:
        """Whether a person is linked, though another program threw its mark away."""
        return bool(self.house.query("SELECT 1 FROM links WHERE mailbox_id = ? AND source_id = ?", user, ident))

    def _labelled(self, user: str, sent: Sent, contacts: Iterable[str], on: Iterable[str]) -> None:
        name = self.house.names[user]
        if on and not contacts:
            raise Broken(f"4: a label of ours was put on {name}'s own contact")
        if on and not any((group, contact) in self.ever for contact in contacts for group in sent.levels):
            raise Broken(f"6: {contacts} was labelled for {name} after the revoke, by {sent.url}")
        for contact in contacts:
            self._under(user, sent, contact, on, "labelled")

    def _is_kept(self, user: str, ident: str, atom: Atom) -> bool:
        if atom in self.kept:
            return True
        memory = self.house.memory
        if atom[0] in SINGLE and ((user, ident) not in memory.made_by_us or atom in memory.merged[user, ident]):
            return True  # single-valued parts are the store's, also on what was the user's own
        waiting = [{name: json.loads(other)} for name, other in self.house.query("SELECT field, other FROM conflicts")]
        cards = (
            "SELECT card FROM proposals UNION ALL SELECT card FROM hold_contacts WHERE card IS NOT NULL"
            f" UNION ALL SELECT card FROM private_cards WHERE mailbox_id = '{user}'"
        )
        waiting += [json.loads(card) for (card,) in self.house.query(cards)]
        return any(atom in atoms(card) for card in waiting)
