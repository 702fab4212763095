"""One user's contacts and labels: the engine below the People API and below a person's hands.

Every change goes through `write` or `write_label`, which number it, move the etag and the updateTime, and tell `sink`
(for a journal on disk). Reads either look at now, or at a horizon: the number of the last change a lagging list shows.
Callers hold `lock` for the whole of one request or act.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from threading import RLock
from typing import Any

from sharesync.sandbox.contact import SYSTEM_LABELS, History, LabelVersion, State, Version, arrange, texts_of, without
from sharesync.sandbox.identity import new_etag, new_id, person_name

TRASH_DAYS = 30
Change = tuple[str, str, Version | LabelVersion]  # ("contact" or "label", id, version)


class Mailbox:
    """The contacts of one user. `user_id` is Google's immutable id; `clock` tells the sandbox's time."""

    def __init__(self, user_id: str, clock: Callable[[], datetime], rng: Random) -> None:
        self.user_id = user_id
        self._lock = RLock()
        self._moment: datetime | None = None
        self.contacts: dict[str, History[Version]] = {}
        self.labels: dict[str, History[LabelVersion]] = {}
        self.pictures: dict[str, bytes] = {}
        """What photos look like, by the name in their address; a restart forgets it."""
        self.sink: Callable[[str, Change], None] | None = None
        self._clock = clock
        self.rng = rng
        self._names: dict[str, str] = {}  # resource name, present or former -> source id
        self._journal: list[tuple[str, str]] = []  # change number seq is entry seq - 1
        self._times: list[datetime] = []
        self._stamp = datetime.min.replace(tzinfo=UTC)
        self._orders: dict[tuple[int, str], list[str]] = {}
        self._counts: tuple[int, Counter[str]] = (-1, Counter())

    # -- reading -------------------------------------------------------------------------------------------------------

    @property
    def lock(self) -> AbstractContextManager[None]:
        """Keeps everybody else out and stops the mailbox's clock: lists that lag show all of one act, or nothing."""
        return self._alone()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with self._lock:
            before = self._moment
            self._moment = self.now()
            try:
                yield
            finally:
                self._moment = before

    @property
    def seq(self) -> int:
        """The number of the latest change."""
        return len(self._journal)

    def now(self) -> datetime:
        """The sandbox's time; while somebody has the mailbox to themselves, when they got it."""
        return self._moment or self._clock()

    def horizon(self, lag: float) -> int:
        """The number of the last change that a list shows which lags `lag` seconds behind."""
        return self.seq if lag <= 0 else bisect_right(self._times, self.now() - timedelta(seconds=lag))

    def find(self, resource_name: str) -> History[Version] | None:
        """The live contact of that name; a former name leads to the same contact."""
        source_id = self._names.get(resource_name)
        contact = self.contacts.get(source_id) if source_id else None
        return contact if contact and contact.now.state is State.LIVE else None

    def label(self, label_id: str) -> History[LabelVersion] | None:
        """The user's label of that id, unless deleted."""
        label = self.labels.get(label_id)
        return label if label and not label.now.deleted else None

    def name_taken(self, name: str, present: History[LabelVersion] | None = None) -> bool:
        """Whether a label other than `present` has that name, compared without case and outer blanks."""
        wanted = name.strip().casefold()
        own = (one.now for one in self.labels.values() if one is not present)
        names = (*SYSTEM_LABELS, *SYSTEM_LABELS.values(), *(version.name for version in own if not version.deleted))
        return any(wanted == taken.strip().casefold() for taken in names)

    def live(self) -> Iterable[History[Version]]:
        return (contact for contact in self.contacts.values() if contact.now.state is State.LIVE)

    def ordered(self, horizon: int, order: str, key: Callable[[Version], Any]) -> list[str]:
        """Ids of all contacts live at `horizon`, by `key`. Kept, because one listing asks once a page."""
        known = self._orders.get((horizon, order))
        if known is None:
            seen = ((contact.as_of(horizon), contact.id) for contact in self.contacts.values())
            rows = [(key(version), name) for version, name in seen if version and version.state is State.LIVE]
            rows.sort()
            while len(self._orders) >= 4:
                del self._orders[next(iter(self._orders))]
            known = self._orders[horizon, order] = [name for _, name in rows]
        return known

    def changed(self, since: int, horizon: int, kind: str) -> list[str]:
        """Ids of contacts or labels with a change after number `since`, by their last change up to `horizon`."""
        last = {name: at for at, (what, name) in enumerate(self._journal[since:horizon]) if what == kind}
        return sorted(last, key=lambda name: last[name])

    def member_counts(self) -> Counter[str]:
        if self._counts[0] != self.seq:
            counts = Counter(label for contact in self.live() for label in contact.now.labels)
            self._counts = (self.seq, counts)
        return self._counts[1]

    def size(self) -> int:
        """Contacts that count towards the limit: the trash counts, too."""
        self._empty_trash()
        return sum(contact.now.state is not State.GONE for contact in self.contacts.values())

    # -- changing ------------------------------------------------------------------------------------------------------

    def create(self, fields: dict[str, Any], labels: Iterable[str] = (), **more: Any) -> History[Version]:
        """A new contact; `myContacts` is added by the server."""
        source_id = self._unused_id(self.contacts)
        contact = History[Version](source_id)
        kept = {field: items for field, items in fields.items() if items}
        self._append(contact, self._first(person_name(source_id), kept, arrange(tuple(labels))), **more)
        return contact

    def write(self, contact: History[Version], **changes: Any) -> Version:
        """The contact with `changes` to its version's attributes; etag and updateTime move in any case."""
        if "fields" in changes:
            changes["fields"] = {field: items for field, items in changes["fields"].items() if items}
        return self._append(contact, contact.now, **changes)

    def delete(self, contact: History[Version]) -> None:
        """Into the trash; labels are kept with it, so that it comes back whole."""
        self.write(contact, state=State.TRASH)

    def create_label(self, name: str, client_data: tuple[tuple[str, str], ...] = ()) -> History[LabelVersion]:
        label = History[LabelVersion](self._unused_id(self.labels))
        now = self.now()
        self._append_label(label, LabelVersion(0, now, now, "", name, client_data))
        return label

    def write_label(self, label: History[LabelVersion], **changes: Any) -> LabelVersion:
        return self._append_label(label, label.now, **changes)

    def delete_label(self, label: History[LabelVersion], *, with_contacts: bool) -> None:
        """The label goes; its contacts lose it or go with it."""
        for contact in [one for one in self.live() if label.id in one.now.labels]:
            if with_contacts:
                self.delete(contact)
            else:
                self.write(contact, labels=without(contact.now.labels, label.id))
        self.write_label(label, deleted=True)

    def restore(self, changes: Iterable[Change]) -> None:
        """Changes read back from a journal, in the order they were made."""
        for kind, name, version in changes:
            if isinstance(version, Version):
                whole = replace(version, texts=texts_of(version, None))
                self._keep(self.contacts.setdefault(name, History[Version](name)), whole, kind)
            else:
                self._keep_label(self.labels.setdefault(name, History[LabelVersion](name)), version)
        self.rng.seed(f"{self.user_id} {self.seq}")  # or a seeded sandbox would give the same etags again

    # -- inside --------------------------------------------------------------------------------------------------------

    def _first(self, name: str, fields: dict[str, Any], labels: tuple[str, ...]) -> Version:
        now = self.now()
        return Version(0, now, now, "", name, fields, labels)

    def _append(self, contact: History[Version], base: Version, **changes: Any) -> Version:
        now, updated = self._tick()
        version = replace(base, seq=self.seq + 1, at=now, updated=updated, etag=new_etag(self.rng), **changes)
        if version.fields is not base.fields or not base.texts:
            version = replace(version, texts=texts_of(version, base))
        self.contacts.setdefault(contact.id, contact)
        self._keep(contact, version, "contact")
        if self.sink:
            self.sink(self.user_id, ("contact", contact.id, version))
        return version

    def _append_label(self, label: History[LabelVersion], base: LabelVersion, **changes: Any) -> LabelVersion:
        now, updated = self._tick()
        version = replace(base, seq=self.seq + 1, at=now, updated=updated, etag=new_etag(self.rng), **changes)
        self.labels.setdefault(label.id, label)
        self._keep_label(label, version)
        if self.sink:
            self.sink(self.user_id, ("label", label.id, version))
        return version

    def _keep(self, contact: History[Version], version: Version, kind: str) -> None:
        contact.versions.append(version)
        self._note(kind, contact.id, version)
        for name in (version.resource_name, *version.previous):
            self._names[name] = contact.id

    def _keep_label(self, label: History[LabelVersion], version: LabelVersion) -> None:
        label.versions.append(version)
        self._note("label", label.id, version)

    def _note(self, kind: str, name: str, version: Version | LabelVersion) -> None:
        self._journal.append((kind, name))
        self._times.append(version.at)
        self._stamp = version.updated

    def _tick(self) -> tuple[datetime, datetime]:
        """The time for the journal (never running backwards) and an updateTime nobody has had yet."""
        now = self.now()
        last = self._times[-1] if self._times else now
        stamp = self._stamp if self._times else now - timedelta(microseconds=1)
        return max(now, last), max(now, stamp + timedelta(microseconds=1))

    def _unused_id(self, taken: dict[str, Any]) -> str:
        name = new_id(self.rng)
        while name in taken:
            name = new_id(self.rng)
        return name

    def _empty_trash(self) -> None:
        limit = self.now() - timedelta(days=TRASH_DAYS)
        for contact in self.contacts.values():
            if contact.now.state is State.TRASH and contact.now.at <= limit:
                # Replaced, not appended: the tombstone of a deletion stays where it was in every delta.
                contact.versions[-1] = replace(contact.now, state=State.GONE)
