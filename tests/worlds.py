"""The House: everything real and small, for stories about sharing contacts.

One Workspace on a port of this machine, one database file, the real services between them, and one clock that only
`wait` and passes move. Six users live here, called by their first names. A scenario is told in verbs:

    house.share("Customers", "Ada", "Grace", bo="edit", cy="view")
    house.sync_until_quiet()
    bo.edits("Ada", phones=["+45 33 12 34 56"])
    house.sync_until_quiet()
    assert cy.shows("Ada").phones == ("+45 33 12 34 56",)

`sync_until_quiet` does more than it says: once nothing is sent any more it looks into every mailbox as it truly stands
(`look_everywhere`), so that every scenario that ends in it has proved that each mailbox shows exactly what its grants
say, once, and that nothing of the users' own was touched.
"""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, Unpack

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from sharesync.bootstrap import new_id
from sharesync.formats.entries import Parsed
from sharesync.formats.pictures import as_photo
from sharesync.google.transport import Http, Transport
from sharesync.google.workspace import Google
from sharesync.mailbox_pass.order import WOKEN, ordered
from sharesync.mailbox_pass.run import run_pass
from sharesync.model.access import Level
from sharesync.model.audit import CLOCK, OPERATOR
from sharesync.model.card import Card
from sharesync.model.group import is_label_name
from sharesync.model.mailbox import MARK_KEY, MailboxState
from sharesync.sandbox import render
from sharesync.sandbox.errors import invalid_argument
from sharesync.sandbox.faults import Fault
from sharesync.sandbox.front import refused
from sharesync.sandbox.mailbox import Change
from sharesync.sandbox.oauth import DELEGATED
from sharesync.sandbox.server import SandboxServer
from sharesync.sandbox.settings import Settings
from sharesync.sandbox.wire import Drop, Reply, Request
from sharesync.sandbox.workspace import Workspace
from sharesync.services import bulk as bulk_cases
from sharesync.services import contacts as contact_cases
from sharesync.services import directory as directory_cases
from sharesync.services import erasure as erasure_cases
from sharesync.services import grants as grant_cases
from sharesync.services import groups as group_cases
from sharesync.services import photos as photo_cases
from sharesync.services import smart_groups as smart_cases
from sharesync.services.app import World
from sharesync.services.import_entries import import_entries
from sharesync.services.operation.pass_report import PassReport, Tally
from sharesync.store.database.engine import Database
from sharesync.store.database.keys import ensure
from sharesync.store.mailboxes import claims, progress
from sharesync.store.queries.contact_pages import ContactFilter, everyone
from sharesync.store.records import access_paths, photos, smart_groups
from sharesync.store.upgrading import upgrade
from tests.cli.processes import PATIENCE
from tests.kept import File, Kept
from tests.pictures import picture
from tests.users import Json, Shown, User, Values, customer, fields

DOMAIN = "north.test"
NAMES = ("anna", "bo", "cy", "dag", "eva", "fin")
DESCRIPTION: Json = {
    "domain": DOMAIN,
    "org_units": ["/Office", "/Sales", "/Sales/North"],
    "users": [
        {"email": f"anna@{DOMAIN}", "name": "Anna Ågård", "admin": True},
        {"email": f"bo@{DOMAIN}", "name": "Bo Bøgh", "ou": "/Office", "aliases": [f"bob@{DOMAIN}"]},
        {"email": f"cy@{DOMAIN}", "name": "Cy Çelik", "ou": "/Office"},
        {"email": f"dag@{DOMAIN}", "name": "Dag Dæhlie", "ou": "/Sales"},
        {"email": f"eva@{DOMAIN}", "name": "Eva Ekström", "ou": "/Sales/North"},
        {"email": f"fin@{DOMAIN}", "name": "Fin Ó Fionn"},
    ],
    "groups": [
        {"email": f"team@{DOMAIN}", "name": "Team", "members": [f"cy@{DOMAIN}", f"dag@{DOMAIN}"]},
        {"email": f"all-teams@{DOMAIN}", "name": "All teams", "members": [f"team@{DOMAIN}", f"eva@{DOMAIN}"]},
    ],
}
PULL = {"people.connections.list": 1, "contactGroups.list": 1}
"""What a pass over a mailbox asks Google when nothing has happened."""
INTERVAL = timedelta(minutes=5)
SETTLE = timedelta(minutes=15)
LEASE = timedelta(minutes=1)


def make_key() -> str:
    """A service account's key, as short as may be: tests sign and check with it all day."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=1024)
    form, bare = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, form, bare).decode()


def lay_foundation(folder: Path, private_key: str, kept: Kept | None = None) -> Any:
    """A database set up, that knows the directory: made once, copied for every House."""
    kept = kept or File(folder / "foundation.db")
    database = Database(kept.url)
    upgrade(database)
    with database.writing() as session:
        ensure(session)
    database.close()
    house = House(folder, kept.save(), private_key, kept)
    house.sync_directory()
    house.close()
    return kept.save()


@dataclass(slots=True)
class Meanwhile:
    """What happens while a call is on its way: the first whose address holds `words`, after `skip` others."""

    words: str
    act: Callable[[], object]
    skip: int


HANG_UP = Reply(0, b"", drop=Drop.NOTHING)


class WatchedWorkspace(Workspace):
    """A Workspace that numbers its calls and lets things happen just before one is carried out, or just after."""

    calls = 0
    watch: Callable[[int, str], bool] = staticmethod(lambda number, when: False)
    """Asked at each call, by number, `before` it is carried out and `after`: True hangs up without an answer."""
    poison = b""
    """Words for which Google refuses every request that holds them in body or address, without saying why."""
    poisoned = invalid_argument()
    """How it refuses them."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.meanwhiles: list[Meanwhile] = []

    def kind_again(self) -> None:
        """Take back every fault, setting and listener, and count from nought."""
        self.settings, self.poison, self.calls = Settings(), b"", 0
        self.poisoned = invalid_argument()
        self.authority.delegated = DELEGATED
        self.faults.clear()
        self.log.clear()
        self.meter.reset()
        self.meanwhiles.clear()
        self.watch = lambda number, when: False

    def handle(self, request: Request) -> Reply:
        self.calls += 1
        number = self.calls
        if self.watch(number, "before"):
            return HANG_UP
        for one in [one for one in self.meanwhiles if one.words in request.path]:
            one.skip -= 1
            if one.skip < 0:
                self.meanwhiles.remove(one)
                one.act()
        if self.poison and _is_about(request, self.poison):
            return refused(self, self.poisoned)
        reply = super().handle(request)
        return HANG_UP if self.watch(number, "after") else reply


@dataclass(frozen=True, slots=True)
class Snapshot:
    """How everything stood at one moment."""

    database: Any
    mailboxes: Mapping[str, Sequence[Change]]
    moment: datetime | None
    users: Mapping[str, User]


@dataclass
class House:
    """See the module. `foundation` is a database to start from, `private_key` a service account's (slow to make)."""

    folder: Path
    foundation: Any
    private_key: str
    kept: Kept | None = None
    """Where the database lies, if not in a file of the folder."""
    make_http: Callable[[], Transport] = Http
    users: dict[str, User] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.start = datetime.now(UTC)
        self.workspace = WatchedWorkspace(DOMAIN, clock=lambda: self.start, rng=Random(7), private_key=self.private_key)
        self.workspace.describe(DESCRIPTION)
        self.server = SandboxServer(self.workspace)
        self.server.start()
        self.key_file = self.folder / "key.json"
        self.key_file.touch(mode=0o600)
        self.key_file.write_text(json.dumps(self.workspace.service_account_key(self.server.token_uri)))
        self.file = self.folder / "sharesync.db"
        self.store = self.kept or File(self.file)
        self.users = {name: User(self, name) for name in NAMES}
        self.database = self.store.open()
        directory = self.workspace.directory
        self._directory = (dict(directory.users), dict(directory.groups), dict(directory.units))
        self.empty = Snapshot(self.foundation, {}, None, {})
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
        database = self.store.save()
        mailboxes: dict[str, Sequence[Change]] = {}
        for name, user in self.users.items():
            mailbox = self.workspace.mailbox(user.id)
            rows: list[Change] = [
                ("contact", one.id, version) for one in mailbox.contacts.values() for version in one.versions
            ]
            rows += [("label", one.id, version) for one in mailbox.labels.values() for version in one.versions]
            mailboxes[name] = sorted(rows, key=lambda row: row[2].seq)
        users = {name: user.copy() for name, user in self.users.items()}
        return Snapshot(database, mailboxes, self.now(), users)

    def rewind(self, snapshot: Snapshot) -> None:
        """Everything as it stood then, and Google as kind as at first: much cheaper than another House."""
        # What a test began and left behind has its hands on the database still, and would have them on the next one's.
        for thread in threading.enumerate():
            if thread.name.startswith(("clock", "pass")):
                thread.join(PATIENCE)
                assert not thread.is_alive(), f"{thread.name} goes on"
        self.database.close()
        self.store.restore(snapshot.database)
        workspace, directory = self.workspace, self.workspace.directory
        users, groups, units = self._directory
        directory.load(users.values(), groups.values(), units.values())
        self.start = datetime.now(UTC)  # whom Google gives tokens signs by the real time
        workspace.offset = snapshot.moment - self.start if snapshot.moment else timedelta()
        self.users = {name: snapshot.users[name].copy() if snapshot.users else User(self, name) for name in NAMES}
        workspace.mailboxes.clear()
        for name, user in self.users.items():
            workspace.mailbox(user.id).restore(snapshot.mailboxes.get(name, ()))
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
            if group not in self.groups():
                group_cases.create(work, group)
        self.put(group, *names)
        for name, level in levels.items():
            self.grant(group, self.address(name), level)

    def choose(self, group: str, line: str, *sources: str, owner: str | None = None, **levels: str) -> None:
        """A smart group, of whom it is said, and levels on it by first name."""
        with self.world.database.reading() as session:
            whose = smart_cases.owner(session, self.address(owner)) if owner else None
        smart_cases.create(self.world.operation(OPERATOR), group, line, sources, owner=whose)
        for name, level in levels.items():
            self.grant(group, self.address(name), level)

    def tend(self) -> None:
        """What the clock does for smart groups, every few seconds."""
        smart_cases.tend(self.world.operation(CLOCK))

    def put(self, group: str, *names: str | Json) -> None:
        """New contacts into a group: given names, or all their fields."""
        told = (customer(name) if isinstance(name, str) else name for name in names)
        entries = [Parsed(line, Card.parse(one)) for line, one in enumerate(told, 1)]
        with self.world.work(OPERATOR) as work:
            import_entries(work, group, entries)

    def add(self, group: str, *names: str) -> None:
        """Contacts that exist already into another group too."""
        bulk_cases.add(self.world.operation(OPERATOR), group, [self.contact_id(name) for name in names])

    def take(self, group: str, *names: str) -> None:
        """Contacts out of a group."""
        bulk_cases.take(self.world.operation(OPERATOR), group, [self.contact_id(name) for name in names])

    def edit(self, name: str, **values: Unpack[Values]) -> None:
        """Other values on a contact of the store; what is not named stays."""
        with self.world.work(OPERATOR) as work:
            contact = next(
                one for one in everyone(work.session, ContactFilter()) if Shown.of(one.card.as_json()).given == name
            )
            changes = fields(**values)
            if "names" in changes:
                present = contact.card.as_json()["names"][0]
                changes["names"] = [present | {part: text for part, text in changes["names"][0].items() if text}]
            contact_cases.edit(work, contact.id, Card.parse(contact.card.as_json() | changes))

    def photograph(self, name: str, colour: str) -> str:
        """A picture of one colour as the photo of a contact of the store; how a mailbox that shows it names it."""
        with self.world.work(OPERATOR) as work:
            contact = self.contact_id(name)
            photo_cases.set_photo(work, contact, as_photo(picture(colour)))
            return render.photo_id(photos.of(work.session, contact) or b"")

    def unphotograph(self, name: str) -> None:
        """The photo of a contact of the store away."""
        with self.world.work(OPERATOR) as work:
            photo_cases.remove_photo(work, self.contact_id(name))

    def erase(self, name: str) -> None:
        """A contact for good."""
        with self.world.work(OPERATOR) as work:
            erasure_cases.erase(work, self.contact_id(name), "asked for it")

    def grant(self, group: str, principal: str, level: str) -> None:
        """Grant a level to a principal as people write it."""
        directory_cases.learn(self.world, OPERATOR, principal)
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
        group_cases.delete(self.world.operation(OPERATOR), group)

    def sync_directory(self) -> None:
        """Read users, Google groups and units."""
        directory_cases.sync_directory(self.world, OPERATOR)

    def hand_on(self, name: str, to: str) -> User:
        """A user is called `to` from now on, and a newcomer has their address, whom this returns.

        We have not read the directory since. What was asked under the address before is forgotten.
        """
        self.forget_calls()
        self.workspace.directory.hand_on(self.address(name), self.address(to), self.now())
        old = self.users.pop(name)
        old.name, old.email = to, self.address(to)
        self.users[to] = old
        self.users[name] = newcomer = User(self, name)
        return newcomer

    # -- what goes wrong at Google's -----------------------------------------------------------------------------------

    def turn(self, **settings: Any) -> None:
        """Turn settings of the sandbox: `lag=60`, `quotas={…}`. A quota begins with a whole minute before it."""
        if settings.get("quotas"):
            self.workspace.advance(60 - self.workspace.now().timestamp() % 60)
        self.workspace.change_settings(settings)

    def fault(self, kind: str, method: str, user: str | None = None, **more: Any) -> None:
        """Let a fault strike calls of a method, over one user's mailbox or all."""
        mailbox = self.address(user) if user else None
        self.workspace.faults.add(Fault.of({"kind": kind, "method": method, "mailbox": mailbox, **more}))

    def meanwhile(self, words: str, act: Callable[[], object], *, skip: int = 0) -> None:
        """Do something while a call is on its way: the next whose address holds `words`, after `skip` others."""
        self.workspace.meanwhiles.append(Meanwhile(words, act, skip))

    # -- passes --------------------------------------------------------------------------------------------------------

    def wake(self, name: str) -> PassReport:
        """One pass over a user's mailbox, at once, as the clock makes it where something changed in the store."""
        return run_pass(self.world, self.users[name].id, WOKEN)

    def pass_over(self, name: str, *, wait: timedelta = INTERVAL, patience: float = 5.0, **how: bool) -> PassReport:
        """One pass over a user's mailbox, an interval after the last thing that happened."""
        self.workspace.advance(wait.total_seconds())
        return run_pass(self.world, self.users[name].id, ordered(**how), patience=patience)

    def sync(self, *, order: Callable[[list[str]], Sequence[str]] = list, **how: Any) -> dict[str, PassReport]:
        """One pass over every mailbox that has a grant or something left to withdraw."""
        by_id = {user.id: name for name, user in self.users.items()}
        with self.database.reading() as session:
            names = [by_id[mailbox.user_id] for mailbox in claims.concerned(session)]
        self.workspace.advance(INTERVAL.total_seconds())
        self.tend()
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
        groups = self.groups()
        self._look_at_smart_groups()
        with self.database.reading() as session:
            levels = {group: access_paths.audience(session, ident) for group, ident in groups.items()}
        holds = {group: self._contacts(group) for group in groups}
        for name, user in self.users.items():
            if name not in but:
                seen = {group: ident for group, ident in groups.items() if user.id in levels[group]}
                self._look_at(user, seen, holds)

    def _look_at_smart_groups(self) -> None:
        """Assert that who is in each is whom its filter finds in the database; kept it is by looking in memory."""
        with self.database.reading() as session:
            for smart in smart_groups.listed(session):
                found = smart_groups.chosen(session, smart.sources, smart.asks(self.now()))
                assert smart_groups.members(session, smart.id) == found, f"{smart.filter} holds of {found}"

    def _look_at(self, user: User, granted: dict[str, str], holds: dict[str, list[Any]]) -> None:
        mailbox = render.true_mailbox(self.workspace.mailbox(user.id))
        persons = {one["id"]: one for one in mailbox["contacts"] if one["state"] == "live"}
        labels = {one["id"]: one for one in mailbox["labels"] if not one["deleted"]}
        ours: dict[str, str] = {}
        for group, ident in granted.items():
            marked = [one for one in labels.values() if _mark(one["clientData"]).startswith(f"label-{ident}.")]
            assert len(marked) == 1, f"{user.name} has {len(marked)} labels of {group}: {user.labels()}"
            assert is_label_name(marked[0]["name"], group), f"{user.name} reads {group} as {marked[0]['name']}"
            ours[marked[0]["id"]] = group
        strange = [one["name"] for one in labels.values() if _mark(one["clientData"]) and one["id"] not in ours]
        assert not strange, f"{user.name} has labels of ours that nobody granted: {strange}"
        should: dict[str, set[str]] = {}
        cards: dict[str, Card] = {}
        for group in granted:
            for contact in holds[group]:
                should.setdefault(contact.id, set()).add(group)
                cards[contact.id] = contact.card
        linked: dict[str, Json] = {}
        for person in persons.values():
            marks = [one["value"] for one in person["fields"].get("clientData", ()) if one["key"] == MARK_KEY]
            name, on = Shown.of(person["fields"]).given, {ours[label] for label in person["labels"] if label in ours}
            if not marks:
                assert not on, f"{user.name} has {name} under {on}, unlinked"
                continue
            contact_id = marks[0].partition(".")[0].partition("~")[0].partition("+")[0]
            assert len(marks) == 1, f"{user.name} has {name} with {len(marks)} marks"
            assert contact_id not in linked, f"{user.name} has {name} twice"
            assert on == should.get(contact_id, set()), f"{user.name} has {name} under {on}"
            should_read = cards[contact_id]
            assert Card.read(person["fields"]) == should_read, (
                f"{user.name} reads {person['fields']}, not {should_read}"
            )
            self._look_at_photo(user, person, contact_id)
            linked[contact_id] = person
        missing = [cards[one].title for one in cards.keys() - linked.keys()]
        assert not missing, f"{user.name} lacks {missing}"
        unlinked = persons.keys() - {one["id"] for one in linked.values()}
        self._look_at_own(user, persons, unlinked)

    def _look_at_photo(self, user: User, person: Json, contact: str) -> None:
        """A photo of the user's own stays; where there is none, the store's shows, but where they took it off."""
        theirs = user.faces.get(person["id"], "none")
        if theirs is None or theirs == "none":
            rows = self.query("SELECT content FROM photos JOIN contacts ON digest = photo WHERE id = ?", contact)
            ours = render.photo_id(rows[0][0]) if rows else None
            right = (ours, None) if theirs is None else (ours,)
        else:
            right = (theirs,)
        assert person["photo"] in right, f"{user.name} sees the photo {person['photo']}, not {right[0]}"

    @staticmethod
    def _look_at_own(user: User, persons: dict[str, Json], unlinked: set[str]) -> None:
        for ident, before in user.own.items():
            now = persons.get(ident)
            assert now or ident in user.gone, f"{user.name} lost {Shown.of(before['fields']).given}, their own"
            if now and ident in unlinked:
                assert _theirs(user, now) == _theirs(user, before), f"someone changed {now['fields']} of {user.name}'s"
        left = sorted(Shown.of(persons[one]["fields"]).given for one in unlinked - user.own.keys())
        assert left == sorted(user.keeps), f"{user.name} is left with {left}"

    def picture(self) -> Json:
        """All that people can see, without ids and times: two Houses that have come to the same state are equal."""
        kept = ("accepted", "rejected", "deleted")
        return {
            "mailboxes": {name: _picture(self.mailbox(name)) for name in self.users},
            "groups": {group: self.contacts(group) for group in self.groups()},
            "trash": self.trash(),
            "versions": {name: [self.versions(name, kind) for kind in kept] for name in self._names()},
            "conflicts": self.conflicts(),
        }

    def groups(self) -> dict[str, str]:
        """Ids of the groups by name."""
        return dict(self.query("SELECT name, id FROM groups WHERE deleted_at IS NULL"))

    def group_id(self, name: str) -> str:
        return self.groups()[name]

    def level(self, group: str, name: str) -> Level | None:
        """The level that counts for a user on a group."""
        with self.database.reading() as session:
            return access_paths.audience(session, self.group_id(group)).get(self.users[name].id)

    def contacts(self, group: str | None = None) -> list[str]:
        """Given names of the store's contacts outside the trash, or of those in a group, sorted."""
        return sorted(Shown.of(one.card.as_json()).given for one in self._contacts(group))

    def stored(self, name: str) -> Shown:
        """A contact's values in the store."""
        card: Json = json.loads(self.query("SELECT card FROM contacts WHERE id = ?", self.contact_id(name))[0][0])
        return Shown.of(card)

    def contact_id(self, name: str) -> str:
        """The id of the one contact of this given name, also of one in the trash."""
        rows = self.query("SELECT id, card FROM contacts")
        found = [str(ident) for ident, card in rows if Shown.of(json.loads(card)).given == name]
        if len(found) != 1:
            raise LookupError(f"The store has {len(found)} contacts called {name}; there are {self.contacts()}.")
        return found[0]

    def trash(self) -> list[str]:
        """Given names of the store's contacts that are in no group any more."""
        rows = self.query("SELECT card FROM contacts WHERE deleted_at IS NOT NULL")
        return sorted(Shown.of(json.loads(card)).given for (card,) in rows)

    def versions(self, name: str, kind: str = "accepted") -> list[Shown]:
        """What is kept of a contact, oldest first: `accepted`, `rejected` or `deleted` cards."""
        rows = self.query(
            "SELECT card FROM contact_versions WHERE contact_id = ? AND kind = ? ORDER BY id",
            self.contact_id(name),
            kind,
        )
        return [Shown.of(json.loads(card)) for (card,) in rows]

    def conflicts(self) -> list[tuple[str, str, str]]:
        """Given name of the contact, first name of the user and field, for every value kept beside the store's."""
        rows = self.query(
            "SELECT c.card, u.email, k.field FROM conflicts k JOIN contacts c ON c.id = k.contact_id"
            " JOIN directory_users u ON u.id = k.mailbox_id ORDER BY k.id"
        )
        return [(Shown.of(json.loads(card)).given, email.partition("@")[0], name) for card, email, name in rows]

    def events(self, action: str) -> list[Json]:
        """Events of the change log with this action, oldest first."""
        columns = ("action", "outcome", "actor", "group_id", "contact_id", "mailbox_id", "fields", "reason")
        rows = self.query(f"SELECT {', '.join(columns)} FROM events WHERE action = ? ORDER BY seq", action)
        return [dict(zip(columns, row, strict=True)) for row in rows]

    def state(self, name: str) -> tuple[str, str]:
        """How a mailbox fares: its state and the sentence that goes with it."""
        state, reason = self.query("SELECT state, reason FROM mailboxes WHERE user_id = ?", self.users[name].id)[0]
        return state, reason

    def behind(self, name: str) -> int:
        """How many contacts do not stand in a mailbox as they should, as `status` tells it."""
        with self.database.reading() as session:
            return progress.counts(session, self.users[name].id)[self.users[name].id].behind

    def query(self, sql: str, *values: object) -> list[Any]:
        """Rows of the database, read past our own code."""
        return self.store.query(sql, values)

    def tables(self) -> dict[str, list[Json]]:
        """Everything the database holds, row by row, by table."""
        with self.database.engine.connect() as connection:
            found = {name: connection.exec_driver_sql(f"SELECT * FROM {name}") for name in self.store.tables()}
            return {name: [dict(row._mapping) for row in rows] for name, rows in found.items()}

    def calls(self, name: str | None = None) -> Counter[str]:
        """What Google was asked since the last `forget_calls`, as Google counts it."""
        address = self.address(name) if name else None
        entries = [one for one in self.workspace.log.entries() if one.method != "oauth.token"]
        return Counter(one.method.removeprefix("people.") for one in entries if address in (None, one.user))

    def forget_calls(self) -> None:
        """Count from here."""
        self.workspace.log.clear()

    def mailbox(self, name: str) -> Json:
        """Everything that stands in a user's mailbox, deleted contacts and labels too."""
        return render.true_mailbox(self.workspace.mailbox(self.users[name].id))

    def _names(self) -> list[str]:
        return [Shown.of(json.loads(card)).given for (card,) in self.query("SELECT card FROM contacts")]

    def _contacts(self, group: str | None) -> list[Any]:
        with self.database.reading() as session:
            return list(everyone(session, ContactFilter(group=self.group_id(group) if group else None)))


def _is_about(request: Request, words: bytes) -> bool:
    told = (request.path, *(value for _, value in request.query))
    return words in request.body or any(words.decode() in text for text in told)


def is_quiet(report: PassReport) -> bool:
    """Whether the pass only looked, found nothing new, and has nothing to come back for."""
    news = replace(report.tally, pulled=0) != Tally()
    return report.outcome is MailboxState.OK and dict(report.calls) == PULL and not news


def _picture(mailbox: Json) -> Json:
    """A mailbox as its user sees it."""
    labels = {one["id"]: one["name"] for one in mailbox["labels"] if not one["deleted"]}
    contacts = [one for one in mailbox["contacts"] if one["state"] == "live"]
    shown = [
        {
            "fields": {name: items for name, items in one["fields"].items() if name != "clientData"},
            "labels": sorted(labels.get(label, label) for label in one["labels"]),
            "marked": bool(_mark(one["fields"].get("clientData", ()))),
            "photo": one["photo"],
        }
        for one in contacts
    ]
    return {
        "labels": sorted(labels.values()),
        "contacts": sorted(shown, key=lambda one: json.dumps(one, sort_keys=True)),
    }


def _mark(data: Iterable[Json]) -> str:
    return next((str(one["value"]) for one in data if one["key"] == MARK_KEY), "")


def _theirs(user: User, person: Json) -> Json:
    """What of a person its user would miss."""
    told = {name: items for name, items in person["fields"].items() if name != "clientData"}
    data = [one for one in person["fields"].get("clientData", ()) if one["key"] != MARK_KEY]
    return {"fields": told, "data": data, "labels": user.own_labels & set(person["labels"]), "photo": person["photo"]}
