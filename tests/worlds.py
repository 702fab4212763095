"""The House: everything real and small, for stories about sharing contacts.

One Workspace on a port of this machine, one database file, the real services between them, and one clock that only
`wait` and passes move. Six users live here, called by their first names. A scenario is told in verbs:

    house.share("Customers", "Ada", "Grace", bo="edit", cy="view")
    house.sync_until_quiet()
    bo.edits("Ada", phones=["+45 33 12 34 56"])
    house.sync_until_quiet()
    assert cy.shows("Ada").phones == ("+45 33 12 34 56",)

`sync_until_quiet` does more than it says: once nothing is sent any more it looks into every mailbox as it truly stands
(`oracle.look_at`), so that every scenario that ends in it has proved that each mailbox shows exactly what its grants
say, once, and that nothing of the users' own was touched.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, Unpack

from sqlalchemy import event

from sharesync.bootstrap import new_id
from sharesync.formats.entries import Parsed
from sharesync.google.transport import Http, Transport
from sharesync.google.workspace import Google
from sharesync.model.access import Level
from sharesync.model.audit import OPERATOR
from sharesync.model.card import Card
from sharesync.model.mailbox import MailboxState
from sharesync.sandbox import render
from sharesync.sandbox.faults import Fault
from sharesync.sandbox.mailbox import Change
from sharesync.sandbox.server import SandboxServer
from sharesync.services import contacts as contact_cases
from sharesync.services import directory as directory_cases
from sharesync.services import grants as grant_cases
from sharesync.services import groups as group_cases
from sharesync.services.passes import run_pass
from sharesync.services.tally import PassReport, Tally
from sharesync.services.world import World
from sharesync.store import contacts, mailboxes
from sharesync.store.database import Database
from sharesync.store.secrets import ensure
from tests.books import Books
from tests.oracle import look_at
from tests.users import Json, User, Values, customer, fields
from tests.workspace import DESCRIPTION, DOMAIN, NAMES, Meanwhile, WatchedWorkspace

PULL = {"people.connections.list": 1, "contactGroups.list": 1}
"""What a pass over a mailbox asks Google when nothing has happened."""
INTERVAL = timedelta(minutes=5)
SETTLE = timedelta(minutes=15)
LEASE = timedelta(minutes=1)


def lay_foundation(folder: Path, private_key: str) -> Path:
    """A database set up, that knows the directory: made once, copied for every House."""
    path = folder / "foundation.db"
    database = Database(f"sqlite:///{path}")
    database.upgrade()
    with database.writing() as session:
        ensure(session)
    database.close()
    house = House(folder, path, private_key)
    house.sync_directory()
    house.close()
    return house.file


@dataclass(frozen=True, slots=True)
class Snapshot:
    """How everything stood at one moment."""

    database: bytes
    mailboxes: Mapping[str, Sequence[Change]]
    offset: timedelta
    users: Mapping[str, User]


@dataclass
class House:
    """See the module. `foundation` is a database to start from, `private_key` a service account's (slow to make)."""

    folder: Path
    foundation: Path
    private_key: str
    make_http: Callable[[], Transport] = Http
    users: dict[str, User] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.start = datetime.now(UTC)
        self.workspace = WatchedWorkspace(DOMAIN, clock=lambda: self.start, rng=Random(7), private_key=self.private_key)
        self.workspace.describe(DESCRIPTION)
        self.server = SandboxServer(self.workspace)
        self.server.start()
        self.key_file = self.folder / "key.json"
        self.key_file.write_text(json.dumps(self.workspace.service_account_key(self.server.token_uri)))
        self.file = self.folder / "sharesync.db"
        self.books = Books(self.file)
        self.users = {name: User(self, name) for name in NAMES}
        self.database = Database(f"sqlite:///{self.file}")
        # No test pulls the plug of the machine, and a process that is killed leaves its writes to the system.
        event.listen(
            self.database.engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous = OFF")
        )
        directory = self.workspace.directory
        self._directory = (dict(directory.users), dict(directory.groups), dict(directory.units))
        self.empty = Snapshot(self.foundation.read_bytes(), {}, timedelta(), {})
        self.rewind(self.empty)
        self.open()

    # -- the building --------------------------------------------------------------------------------------------------

    def open(self) -> None:
        """Start the service on what the database holds."""
        self.world = World(
            database=self.database,
            google=Google(
                key_file=self.key_file,
                admin=self.address("anna"),
                people_endpoint=self.server.url,
                directory_endpoint=self.server.url,
                clock=self.now,
                sleep=self._sleep,
                random=lambda: 0.0,
                make_http=self._connection,
            ),
            now=self.now,
            new_id=new_id,
            interval=INTERVAL,
            settle=SETTLE,
            lease=LEASE,
        )

    def snapshot(self) -> Snapshot:
        """How database, mailboxes and time stand now."""
        mailboxes: dict[str, Sequence[Change]] = {}
        for name, user in self.users.items():
            mailbox = self.workspace.mailbox(user.email)
            rows: list[Change] = [
                ("contact", one.id, version) for one in mailbox.contacts.values() for version in one.versions
            ]
            rows += [("label", one.id, version) for one in mailbox.labels.values() for version in one.versions]
            mailboxes[name] = sorted(rows, key=lambda row: row[2].seq)
        users = {name: user.copy() for name, user in self.users.items()}
        return Snapshot(self.books.everything(), mailboxes, self.workspace.offset, users)

    def rewind(self, snapshot: Snapshot) -> None:
        """Everything as it stood then, and Google as kind as at first: much cheaper than another House."""
        self.database.close()
        for ending in ("-wal", "-shm"):
            self.file.with_name(self.file.name + ending).unlink(missing_ok=True)
        self.file.write_bytes(snapshot.database)
        workspace, directory = self.workspace, self.workspace.directory
        users, groups, units = self._directory
        directory.load(users.values(), groups.values(), units.values())
        self.start, workspace.offset = datetime.now(UTC), snapshot.offset
        self.users = {name: snapshot.users[name].copy() if snapshot.users else User(self, name) for name in NAMES}
        workspace.mailboxes.clear()
        for name, user in self.users.items():
            workspace.mailbox(user.email).restore(snapshot.mailboxes.get(name, ()))
        workspace.kind_again()
        self.make_http = Http

    def restart(self) -> None:
        """Let go of everything in memory and start again on the same database."""
        self.database.close()
        self.open()

    def close(self) -> None:
        """Leave."""
        self.database.close()
        self.server.stop()

    def _connection(self) -> Transport:
        return self.make_http()

    def now(self) -> datetime:
        """The time, here and at Google's."""
        return self.workspace.now()

    def wait(self, **span: float) -> None:
        """Let time pass: `minutes=5`, `days=8`."""
        self.workspace.advance(timedelta(**span).total_seconds())

    def _sleep(self, seconds: float) -> None:
        self.wait(seconds=seconds)

    @staticmethod
    def address(name: str) -> str:
        """A user's e-mail address."""
        return f"{name}@{DOMAIN}"

    # -- what administrators do ----------------------------------------------------------------------------------------

    def share(self, group: str, *names: str | Json, **levels: str) -> None:
        """Put contacts into a group, new if need be, and grant levels on it to users by first name."""
        with self.world.work(OPERATOR) as work:
            if group not in self.books.groups():
                group_cases.create(work, group)
        self.put(group, *names)
        for name, level in levels.items():
            self.grant(group, self.address(name), level)

    def put(self, group: str, *names: str | Json) -> None:
        """New contacts into a group: given names, or all their fields."""
        told = (customer(name) if isinstance(name, str) else name for name in names)
        entries = [Parsed(line, Card.parse(one)) for line, one in enumerate(told, 1)]
        with self.world.work(OPERATOR) as work:
            contact_cases.import_entries(work, group, entries)

    def add(self, group: str, *names: str) -> None:
        """Contacts that exist already into another group too."""
        with self.world.work(OPERATOR) as work:
            group_cases.add(work, group, [self.books.contact_id(name) for name in names])

    def take(self, group: str, *names: str) -> None:
        """Contacts out of a group."""
        with self.world.work(OPERATOR) as work:
            group_cases.take(work, group, [self.books.contact_id(name) for name in names])

    def edit(self, name: str, **values: Unpack[Values]) -> None:
        """Other values on a contact of the store; what is not named stays."""
        with self.world.work(OPERATOR) as work:
            contact = contacts.get(work.session, self.books.contact_id(name))
            present = contact.card.as_json()
            changes = fields(**values)
            if "names" in changes:
                changes["names"] = [
                    present["names"][0] | {part: text for part, text in changes["names"][0].items() if text}
                ]
            contact_cases.edit(work, contact.id, Card.parse(present | changes))

    def grant(self, group: str, principal: str, level: str) -> None:
        """Grant a level to a principal as people write it."""
        with self.world.work(OPERATOR) as work:
            grant_cases.grant(work, group, principal, Level.parse(level))

    def revoke(self, group: str, *names: str) -> None:
        """Take the grants of users (by first name) or other principals away."""
        with self.world.work(OPERATOR) as work:
            for name in names:
                grant_cases.revoke(work, group, self.address(name) if name in NAMES else name)

    def rename_group(self, group: str, to: str) -> None:
        """Another name for a group."""
        with self.world.work(OPERATOR) as work:
            group_cases.rename(work, group, to)

    def delete_group(self, group: str) -> None:
        """A group away."""
        with self.world.work(OPERATOR) as work:
            group_cases.delete(work, group)

    def sync_directory(self) -> None:
        """Read users, Google groups and units."""
        directory_cases.sync_directory(self.world, OPERATOR)

    # -- what goes wrong at Google's -----------------------------------------------------------------------------------

    def turn(self, **settings: Any) -> None:
        """Turn settings of the sandbox: `lag=60`, `quotas={…}`."""
        self.workspace.change_settings(settings)

    def fault(self, kind: str, method: str, user: str | None = None, **more: Any) -> None:
        """Let a fault strike calls of a method, over one user's mailbox or all."""
        mailbox = self.address(user) if user else None
        self.workspace.faults.add(Fault.of({"kind": kind, "method": method, "mailbox": mailbox, **more}))

    def meanwhile(self, words: str, act: Callable[[], object], *, skip: int = 0) -> None:
        """Do something while a call is on its way: the next whose address holds `words`, after `skip` others."""
        self.workspace.meanwhiles.append(Meanwhile(words, act, skip))

    # -- passes --------------------------------------------------------------------------------------------------------

    def pass_over(self, name: str, *, wait: timedelta = INTERVAL, **how: Any) -> PassReport:
        """One pass over a user's mailbox, an interval after the last thing that happened."""
        self.workspace.advance(wait.total_seconds())
        return run_pass(self.world, self.users[name].id, **how)

    def sync(self, *, order: Callable[[list[str]], Sequence[str]] = list, **how: Any) -> dict[str, PassReport]:
        """One pass over every mailbox that has a grant or something left to withdraw."""
        with self.database.reading() as session:
            names = [mailbox.email.partition("@")[0] for mailbox in mailboxes.concerned(session)]
        self.workspace.advance(INTERVAL.total_seconds())
        return {name: self.pass_over(name, wait=timedelta(), **how) for name in order(names)}

    def sync_until_quiet(
        self, *, but: Iterable[str] = (), order: Callable[[list[str]], Sequence[str]] = list, rounds: int = 12
    ) -> int:
        """Pass over everyone until nothing is sent any more, then look everywhere; returns the rounds that took.

        `but` are users whose mailbox waits for someone (paused, a contact set aside): they need not become quiet, and
        are not looked at.
        """
        told: list[str] = []
        for round_number in range(1, rounds + 1):
            reports = self.sync(order=order)
            told = [json.dumps(one.as_json()) for name, one in reports.items() if name not in but and not is_quiet(one)]
            if not told:
                self.look_everywhere(but)
                return round_number
        raise AssertionError("\n".join([f"not quiet after {rounds} rounds:", *told]))

    # -- looking -------------------------------------------------------------------------------------------------------

    def look_everywhere(self, but: Iterable[str] = ()) -> None:
        """Assert that every mailbox truly shows what its grants say, and that the users' own persons are untouched."""
        for name, user in self.users.items():
            if name not in but:
                look_at(self, user)

    def mailbox(self, name: str) -> Json:
        """Everything that stands in a user's mailbox, deleted contacts and labels too."""
        return render.true_mailbox(self.workspace.mailbox(self.users[name].email))

    def level(self, group: str, name: str) -> Level | None:
        """The level that counts for a user on a group."""
        with self.database.reading() as session:
            return grant_cases.explain(session, group, self.users[name].email).level

    def state(self, name: str) -> tuple[str, str]:
        """How a mailbox fares: its state and the sentence that goes with it."""
        sql = "SELECT state, reason FROM mailboxes WHERE user_id = ?"
        state, reason = self.books.query(sql, self.users[name].id)[0]
        return state, reason

    def calls(self, name: str | None = None) -> Counter[str]:
        """What Google was asked since the last `forget_calls`, as Google counts it."""
        address = self.users[name].email if name else None
        entries = [one for one in self.workspace.log.entries() if one.method != "oauth.token"]
        return Counter(one.method.removeprefix("people.") for one in entries if address in (None, one.user))

    def forget_calls(self) -> None:
        """Count from here."""
        self.workspace.log.clear()


def is_quiet(report: PassReport) -> bool:
    """Whether the pass only looked, found nothing new, and has nothing to come back for."""
    news = replace(report.tally, pulled=0) != Tally()
    return report.outcome is MailboxState.OK and dict(report.calls) == PULL and not news
