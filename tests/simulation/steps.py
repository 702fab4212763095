"""The kinds of step of a history, and how likely each is. A step draws everything from its own source of chance."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import wraps
from random import Random
from typing import Any

from sharesync.errors import GoogleError, MailboxBusy, Refused
from sharesync.mailbox_pass.order import WOKEN, ordered
from sharesync.mailbox_pass.run import run_pass
from sharesync.model.access import Level
from sharesync.model.audit import OPERATOR
from sharesync.model.card import Card
from sharesync.model.mailbox import MailboxState
from sharesync.model.waiting import HoldKind, OpenHold
from sharesync.sandbox.faults import Fault
from sharesync.sandbox.settings import GOOGLE_QUOTAS
from sharesync.services import bulk as bulk_cases
from sharesync.services import contacts as contact_cases
from sharesync.services import directory as directory_cases
from sharesync.services import grants as grant_cases
from sharesync.services import groups as group_cases
from sharesync.services import holds as hold_cases
from sharesync.services import proposals as proposal_cases
from sharesync.services import trash as trash_cases
from sharesync.services.operation.pass_report import PassReport
from sharesync.store.database.work import Operation, Work
from sharesync.store.mailboxes import claims
from sharesync.store.records import conflicts, contacts, groups, holds, proposals
from tests.simulation import photos
from tests.simulation.access import Access
from tests.simulation.hands import Fingers
from tests.simulation.house import DOMAIN, USERS, Broken, Crash, House, Perils
from tests.simulation.safety import Guard

GROUPS = ("Customers", "Suppliers", "Board")
PRINCIPALS = (
    *(f"{name}@{DOMAIN}" for name in USERS), f"group:team@{DOMAIN}", f"group:all@{DOMAIN}",
    "ou:/Sales", "ou:/Sales/North", "domain", f"bob@{DOMAIN}",
)  # fmt: skip
READS = ("people.connections.list", "people.getBatchGet", "contactGroups.list", "contactGroups.get")
WRITES = (
    "people.createContact", "people.batchCreateContacts", "people.updateContact", "people.batchUpdateContacts",
    "people.deleteContact", "people.batchDeleteContacts", "contactGroups.create", "contactGroups.update",
    "contactGroups.delete", "contactGroups.members.modify",
)  # fmt: skip


def _in_one(verb: Callable[[Story, Random, Work], str]) -> Callable[[Story, Random, Operation], str]:
    """A deed of one transaction."""

    @wraps(verb)
    def act(story: Story, rng: Random, operation: Operation) -> str:
        with operation.piece() as work:
            return verb(story, rng, work)

    return act


@dataclass
class Story:
    """A history in the making."""

    house: House
    access: Access
    guard: Guard
    tell: Callable[[str], None] = field(default=lambda line: None)
    photos: bool = False
    """Whether anybody minds photos in it."""
    rings: list[tuple[str, int]] = field(default_factory=list)
    """Mailboxes that wait in the queue, with the fence they had when they were found due."""
    inside: frozenset[str] = frozenset()
    """Mailboxes over which a pass is under way."""

    # -- the store -----------------------------------------------------------------------------------------------------

    def store(self, rng: Random) -> str:
        """Something that an administrator or manager does."""
        verb = rng.choices(list(DEEDS), list(DEEDS.values()))[0]
        try:
            told = verb(self, rng, self.house.world.operation(OPERATOR))
        except Refused as refused:
            return f"{verb.__name__}: {type(refused).__name__}"
        finally:
            self.access.tidy()
        if verb is Story.grant:
            self.learn()
        return f"{verb.__name__} {told}"

    def _group(self, rng: Random) -> str:
        names = self.house.group_names()
        return rng.choice(names) if names else "Nobody"

    def _contact(self, rng: Random, *, trashed: bool = False) -> str:
        rows = self.house.query(f"SELECT id FROM contacts WHERE deleted_at IS {'NOT ' * trashed}NULL ORDER BY id")
        return str(rng.choice(rows)[0]) if rows else "none"

    def _fingers(self, rng: Random) -> Fingers:
        return Fingers(self.house, self.house.ids[rng.choice(USERS)], rng)

    @_in_one
    def new_group(self, rng: Random, work: Work) -> str:
        """A group, if there are few."""
        name = rng.choice(GROUPS)
        group_cases.create(work, name)
        return name

    @_in_one
    def rename_group(self, rng: Random, work: Work) -> str:
        """Another name; at times one that a user has for a label."""
        name = self.house.word("Group") if rng.random() < 0.6 else rng.choice(GROUPS)
        return group_cases.rename(work, self._group(rng), name).name

    def delete_group(self, rng: Random, operation: Operation) -> str:
        """A group away."""
        return group_cases.delete(operation, self._group(rng)).name

    @_in_one
    def new_contacts(self, rng: Random, work: Work) -> str:
        """Contacts into a group."""
        group, fingers = self._group(rng), self._fingers(rng)
        found = groups.find(work.session, group)
        count = rng.choice((1, 1, 2, 3, 8))
        for _ in range(count):
            contact_cases.create(work, found.id, Card.parse(fingers.new_fields()))
        return f"{group} {count}"

    @_in_one
    def edit_contact(self, rng: Random, work: Work) -> str:
        """A contact edited in the web page."""
        contact, fingers = self._contact(rng), self._fingers(rng)
        card: dict[str, Any] = contacts.get(work.session, contact).card.as_json()
        contact_cases.edit(work, contact, Card.parse(card | fingers._change(card)))
        return contact[-4:]

    def add_contact(self, rng: Random, operation: Operation) -> str:
        """A contact into another group too."""
        contact = self._contact(rng)
        bulk_cases.add(operation, self._group(rng), [contact])
        return contact[-4:]

    def take_contact(self, rng: Random, operation: Operation) -> str:
        """A contact out of a group."""
        contact = self._contact(rng)
        bulk_cases.take(operation, self._group(rng), [contact])
        return contact[-4:]

    @_in_one
    def delete_contact(self, rng: Random, work: Work) -> str:
        """A contact out of all groups."""
        contact = self._contact(rng)
        contact_cases.delete(work, contact)
        return contact[-4:]

    @_in_one
    def restore_contact(self, rng: Random, work: Work) -> str:
        """A contact out of the trash."""
        contact = self._contact(rng, trashed=True)
        trash_cases.restore(work, contact)
        return contact[-4:]

    @_in_one
    def restore_version(self, rng: Random, work: Work) -> str:
        """An earlier card."""
        contact = self._contact(rng)
        version = contacts.get(work.session, contact).version
        trash_cases.restore_version(work, contact, rng.randint(1, version))
        return contact[-4:]

    @_in_one
    def grant(self, rng: Random, work: Work) -> str:
        """A level, given or changed."""
        group, who, level = self._group(rng), rng.choice(PRINCIPALS), rng.choice(list(Level))
        grant_cases.grant(work, group, who, level)
        return f"{group} {who} {level.word}"

    @_in_one
    def revoke(self, rng: Random, work: Work) -> str:
        """A grant away."""
        found = grant_cases.listed(work.session)
        if not found:
            return "nothing"
        one = rng.choice(found)
        grant_cases.revoke(work, one.group.id, str(one.principal))
        return f"{one.group.name} {one.principal}"

    def decide_hold(self, rng: Random, operation: Operation) -> str:
        """A hold, or some of it, applied or restored."""
        with operation.look() as look:
            found = holds.listed(look.session)
        if not found:
            return "none"
        hold = rng.choice(found)
        of_directory = hold.kind is HoldKind.DIRECTORY
        some = rng.random() < 0.4 and not of_directory
        only = rng.sample(hold.contacts, rng.randint(1, len(hold.contacts))) if some else ()
        self.decide(operation, hold, only, apply=rng.random() < 0.5)
        return f"{hold.kind.value} {len(hold.contacts)}"

    def decide(self, operation: Operation, hold: OpenHold, only: Sequence[str] = (), *, apply: bool) -> None:
        """A hold applied or restored."""
        (hold_cases.apply if apply else hold_cases.restore)(operation, hold.id, only)
        if hold.kind is HoldKind.DIRECTORY:
            self.access.decided(hold.group_id, apply=apply)
            self.house.seen["people decided about"] += 1

    @_in_one
    def decide_proposal(self, rng: Random, work: Work) -> str:
        """A proposal, accepted or dismissed."""
        found = proposals.listed(work.session)
        if not found:
            return "none"
        one = rng.choice(found)
        (proposal_cases.accept if rng.random() < 0.6 else proposal_cases.dismiss)(work, one.id)
        return one.contact[-4:]

    @_in_one
    def settle_conflict(self, rng: Random, work: Work) -> str:
        """A conflict, settled."""
        found = conflicts.listed(work.session)
        if not found:
            return "none"
        one = rng.choice(found)
        proposal_cases.decide_conflict(work, one.id, rng.choice(("store", "mailbox")))
        return one.contact[-4:]

    # -- the Workspace -------------------------------------------------------------------------------------------------

    def hand(self, rng: Random) -> str:
        """Something that a user does in Google Contacts."""
        name = rng.choice(USERS)
        return f"{name} {Fingers(self.house, self.house.ids[name], rng).act()}"

    def directory(self, rng: Random) -> str:
        """Something in the Admin console, and at times the service is told."""
        directory = self.house.workspace.directory
        name = rng.choice(USERS)
        what = rng.choice(("suspend", "suspend", "unit", "member", "member"))
        match what:
            case "suspend" if name != "ann":
                user = directory.user(self.house.ids[name])
                assert user is not None
                directory.change_user(user.id, suspended=not user.suspended)
            case "unit":
                unit = rng.choice(("/", "/Sales", "/Sales/North"))
                renamed = unit.replace("/Sales", "/Revenue")
                directory.change_user(
                    self.house.ids[name], unit=unit if unit == "/" or directory.unit(unit) else renamed
                )
            case "member":
                group = directory.group(rng.choice((f"team@{DOMAIN}", f"all@{DOMAIN}")))
                assert group is not None
                email = f"{name}@{DOMAIN}"
                left = tuple(one for one in group.members if one != email)
                directory.change_group(group.id, members=left if left != group.members else (*left, email))
            case _:
                pass
        told = self.read_directory() if rng.random() < 0.8 else "unread"
        return f"{what} {name} {told}"

    def learn(self) -> None:
        """The service asks for the members of Google groups that were just granted something."""
        try:
            for email in self.house.granted_groups():
                directory_cases.learn(self.house.world, OPERATOR, f"group:{email}")
        finally:
            self.access.learned()

    def read_directory(self, *, members: bool = True) -> str:
        """The service reads the directory; without `members` no answer about those of Google groups is right."""
        self.house.told.clear()
        try:
            directory_cases.sync_directory(self.house.world, OPERATOR)
        except GoogleError:
            return "failed"
        self.access.read(members=members)
        self.house.seen["people wait"] += any(since is not None for since in self.access.kept.values())
        if wrong := self.access.wrong():
            raise Broken(f"access: {wrong}")
        return "read"

    def turn(self, rng: Random) -> str:
        """Google becomes slower, stricter or kinder."""
        change: dict[str, Any] = rng.choice(
            (
                {"lag": 0.0, "label_lag": 0.0},
                {"lag": 8.0, "label_lag": 8.0},
                {"lag": 240.0, "label_lag": 240.0},
                {"lag": 600.0},
                {"new_label_lag": rng.choice((0.0, 2.0))},
                {"strict_etags": rng.random() < 0.5},
                {"quotas": None},
                {"quotas": dict(GOOGLE_QUOTAS)},
                {"quotas": {**GOOGLE_QUOTAS, "critical_write": 14, "critical_read": 20}},
                {"errors_list": rng.random() < 0.5},
                {"expired_status": rng.choice(("FAILED_PRECONDITION", "INVALID_ARGUMENT"))},
                {"batch_delete_missing": rng.choice(("refuse", "ignore"))},
            )
        )
        self.house.workspace.change_settings(change)
        return str(change)

    def fault(self, rng: Random) -> str:
        """One thing that goes wrong at Google's, soon."""
        reading = rng.random() < 0.4
        method = rng.choice(READS if reading else WRITES)
        kinds: tuple[str, ...] = ("status", "drop", "half", "delay", "cut_json", "invalid_token")
        if reading:
            kinds = (*kinds, "empty_list", "no_tokens", "half_list", "expired_sync_token")
        raw: dict[str, Any] = {"kind": rng.choice(kinds), "method": method, "skip": rng.choice((0, 0, 0, 1, 2))}
        raw |= {"when": rng.choice(("before", "after")), "times": rng.choice((1, 1, 2, 4))}
        if raw["kind"] == "status":
            raw["status"] = rng.choice((500, 502, 503, 429))
            if raw["status"] == 429:
                raw |= {"when": "before"}
                raw |= {"headers": {"Retry-After": "30"}} if rng.random() < 0.5 else {}
        if raw["kind"] == "delay":
            raw["seconds"] = rng.choice((5.0, 90.0, 1200.0))
        self.house.workspace.faults.add(Fault.of(raw))
        self.house.seen[f"fault {raw['kind']} {raw['when']}"] += 1
        return f"{raw['kind']} {raw['when']} {method}"

    def poison(self, rng: Random) -> str:
        """Google takes a dislike to a word in some contact."""
        words = [w for card in self.house.cards() for one in card.get("names", ()) if (w := one.get("givenName"))]
        self.house.workspace.poison = rng.choice(words).encode() if words and rng.random() < 0.7 else b""
        return self.house.workspace.poison.decode() or "none"

    def time(self, rng: Random) -> str:
        """Time passes."""
        seconds = rng.choice((1, 10, 60, 300, 1000, 4000, 90_000, 3 * 86_400, 8 * 86_400))
        self.house.wait(seconds)
        return f"{seconds} s"

    # -- passes --------------------------------------------------------------------------------------------------------

    def one_pass(self, rng: Random) -> str:
        """A pass over one mailbox, in good weather or bad."""
        name = rng.choice(USERS)
        user = self.house.ids[name]
        if not self.has_mailbox(user):
            return f"{name} has no mailbox"
        self.house.perils = self._perils(rng, user)
        how: dict[str, Any] = {}
        luck = rng.random()
        if luck < 0.04:
            how["reset"] = True
        elif luck < 0.08:
            how["full"] = True
        elif luck < 0.11:
            how["dry_run"] = True
        elif luck < 0.6:
            how["woken"] = True
        return f"{name} {how or ''} {self.run(user, **how)}"

    def every_pass(self, rng: Random) -> str:
        """A pass over every mailbox that is concerned, in any order, some twice."""
        with self.house.database.reading() as session:
            users = [mailbox.user_id for mailbox in claims.concerned(session)]
        users += [rng.choice(users)] if users and rng.random() < 0.2 else []
        rng.shuffle(users)
        self.house.perils = Perils()
        return ", ".join(f"{self.house.names[user]} {self.run(user)}" for user in users)

    def run(self, user: str, **how: Any) -> str:
        """One pass; how it ended."""
        before = self.inside
        self.inside = before | {user}
        try:
            order = WOKEN if how.pop("woken", False) else ordered(**how)
            report = run_pass(self.house.world, user, order, patience=65.0)
        except MailboxBusy:
            self.house.seen["busy"] += 1
            return "busy"
        except Crash:
            self.house.restart()
            return "crash"
        finally:
            self.inside = before
        self.house.seen[f"pass {report.outcome.value}"] += 1
        return f"{report.outcome.value} {dict(report.calls)} {report.reason}"

    def has_mailbox(self, user: str) -> bool:
        """Whether the service knows this user's mailbox."""
        return bool(self.house.query("SELECT 1 FROM mailboxes WHERE user_id = ?", user))

    def _perils(self, rng: Random, user: str) -> Perils:
        perils = Perils()
        luck = rng.random()
        if luck < 0.15:
            perils.die_at_request = (rng.choice((1, 2, 3, 4, 5, 6, 8)), rng.choice(("before", "after")))
        elif luck < 0.25:
            perils.die_at_commit = (rng.choice((1, 2, 3, 4, 5, 6, 7)), rng.choice(("before", "after")))
        elif luck < 0.30:
            perils.no_connection_at = rng.randint(1, 6)
        elif luck < 0.55:
            for number in rng.sample(range(2, 9), rng.choice((1, 1, 2, 4))):
                perils.meanwhile[number] = self._meanwhile(rng, user)
        return perils

    def _meanwhile(self, rng: Random, user: str) -> Callable[[], object]:
        own = Random(rng.getrandbits(64))

        def act() -> None:
            luck = own.random()
            if luck < 0.45:
                told = f"{self.house.names[user]} {Fingers(self.house, user, own).act()}"
            elif luck < 0.85:
                told = self.store(own)
            elif luck < 0.93:
                self.house.wait(61)  # the lease ends: another process takes the mailbox over
                perils, self.house.perils = self.house.perils, Perils()
                told = f"taken over: {self.run(user)}"
                self.house.perils = perils
                self.house.seen["taken over"] += 1
            else:
                others = [one for one in sorted(self.house.names) if one not in self.inside and self.has_mailbox(one)]
                perils, self.house.perils = self.house.perils, Perils()
                told = f"{self.run(own.choice(others))}" if others else "nobody"
                self.house.perils = perils
            if self.photos:
                told = f"{told} {photos.act(self, own)}"
            self.tell(f"      meanwhile: {told}")

        return act


DEEDS: dict[Callable[[Story, Random, Operation], str], float] = {
    Story.new_group: 1,
    Story.rename_group: 1,
    Story.delete_group: 0.5,
    Story.new_contacts: 4,
    Story.edit_contact: 6,
    Story.add_contact: 3,
    Story.take_contact: 2,
    Story.delete_contact: 2,
    Story.restore_contact: 1.5,
    Story.restore_version: 1,
    Story.grant: 4,
    Story.revoke: 2,
    Story.decide_hold: 2,
    Story.decide_proposal: 1.5,
    Story.settle_conflict: 1,
}
KINDS: dict[Callable[[Story, Random], str], float] = {
    Story.hand: 30,
    Story.one_pass: 26,
    Story.every_pass: 3,
    Story.store: 20,
    Story.directory: 2,
    Story.turn: 3,
    Story.fault: 6,
    Story.poison: 0.7,
    Story.time: 8,
}
QUIET = frozenset(("people.connections.list", "contactGroups.list"))


def is_quiet(report: PassReport) -> bool:
    """Whether a pass only looked."""
    return report.outcome in (MailboxState.OK, MailboxState.PAUSED) and set(report.calls) <= QUIET
