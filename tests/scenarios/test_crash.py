"""Dying at every point: at any request, before and after it was carried out, and at any commit; the next pass mends it.

Each story is prepared once. Its passes are then made without a crash, and again from the same beginning for every point
at which the process can die; what everyone sees at the end must be the same.
"""

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from threading import Event
from typing import Any

import httplib2
import pytest
from sqlalchemy import Connection, Engine, event

from sharesync.google.transport import Http
from sharesync.model.audit import OPERATOR
from sharesync.model.company_fields import CompanyField
from sharesync.model.custom_entries import with_entry
from sharesync.model.field_kinds import FieldKind
from sharesync.services import company_fields, relocating
from sharesync.services import contacts as contact_cases
from sharesync.store.records import contacts
from tests.scenarios.process import BUSY, pass_over
from tests.users import customer
from tests.worlds import LEASE, House, Snapshot

pytestmark = pytest.mark.timeout(300)  # each test here is dozens of small ones
SEVEN = tuple(f"Customer{number}" for number in range(7))


class Death(BaseException):
    """The process ends here: nothing of it goes on, as nothing catches this."""


# --- The stories. -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Story:
    """What was before, what people then do, and in whose mailboxes a pass follows."""

    before: Callable[[House], None]
    then: Callable[[House], None]
    least: int
    """At how many requests the process can die at the very least: a story that sends fewer proves nothing."""


def nothing(house: House) -> None:
    """Nobody shares anything yet."""


def shared(house: House) -> None:
    house.users["bo"].makes("Linus")
    house.share("Customers", "Ada", "Grace", "Linus", bo="edit", cy="view")
    house.sync_until_quiet()


def fill(house: House) -> None:
    house.share("Customers", *SEVEN, bo="view")
    house.share("Partners", customer("Ada", note="of two groups"), bo="edit")
    house.add("Customers", "Ada")


def edit(house: House) -> None:
    house.users["bo"].edits("Ada", note="from bo", phones=["+45 33 12 34 56"])
    house.users["bo"].makes("Mary", under=["Customers"])


def pictured(house: House) -> None:
    house.share("Customers", "Ada", "Grace", bo="edit")
    house.photograph("Grace", "red")
    house.sync_until_quiet()


def photos(house: House) -> None:
    house.photograph("Ada", "blue")
    house.unphotograph("Grace")


def vandal(house: House) -> None:
    cy = house.users["cy"]
    cy.edits("Ada", note="not allowed")
    cy.takes("Customers", "Grace")
    cy.deletes("Linus")
    cy.makes("Mum", under=["Customers"])


def revoke(house: House) -> None:
    bo = house.users["bo"]
    bo.stars("Grace")
    bo.keeps = {"Grace"}
    house.revoke("Customers", "bo")


def moving(house: House) -> None:
    """A field that Google shows is kept here from now on, while bo types into it and cy, who may not, too."""
    operation = house.world.operation(OPERATOR)
    field = company_fields.create(operation, CompanyField("", "Renewal", FieldKind.DATE))
    for name, day in (("Ada", "2026-12-24"), ("Grace", "2027-01-31")):
        with house.world.work(OPERATOR) as work:
            now = contacts.get(work.session, house.contact_id(name))
            card = with_entry(now.card, field.name, day)
            contact_cases.edit(work, now.id, card)
    house.sync_until_quiet()
    relocating.relocate(operation, field.id, shown=False)
    house.users["bo"].edits("Ada", custom={"Renewal": "2027-03-01"}, phones=["+45 33 12 34 56"])
    house.users["cy"].edits("Grace", custom={"Renewal": "never"})


STORIES = {
    "a field moves": Story(shared, moving, least=5),
    "first fill": Story(nothing, fill, least=5),
    "edit": Story(shared, edit, least=5),
    "photos": Story(pictured, photos, least=6),
    "viewer": Story(shared, vandal, least=6),
    "revoke": Story(shared, revoke, least=6),
}


@pytest.fixture(params=STORIES)
def story(request: pytest.FixtureRequest) -> Story:
    return STORIES[request.param]


@pytest.fixture
def before(house: House, story: Story) -> Snapshot:
    """Where the story begins: what was before, and what people have done that no pass has seen yet."""
    return begin(house, story)


@pytest.fixture
def smooth(house: House, before: Snapshot) -> dict[str, Any]:
    """How the story ends where nothing goes wrong."""
    house.sync_until_quiet()
    return house.picture()


def begin(house: House, story: Story) -> Snapshot:
    story.before(house)
    story.then(house)
    return house.snapshot()


def mend(house: House) -> dict[str, Any]:
    """Go on after the dead one's claim has ended; what everyone sees at the end."""
    house.make_http = Http
    house.workspace.advance(LEASE.total_seconds())
    house.sync_until_quiet()
    return house.picture()


# --- In one process: death by an exception that nothing catches. ------------------------------------------------------


class Cut:
    """Lets the process die at one request, before it leaves or after it was answered."""

    def __init__(self, at: int, when: str) -> None:
        self.at, self.when, self.number = at, when, 0

    def http(self) -> Http:
        """A connection that dies."""
        cut = self

        class Cutting(Http):
            def request(self, *args: Any, **more: Any) -> tuple[httplib2.Response, bytes]:
                cut.number += 1
                if (cut.number, cut.when) == (cut.at, "before"):
                    raise Death
                answer: tuple[httplib2.Response, bytes] = super().request(*args, **more)
                if (cut.number, cut.when) == (cut.at, "after"):
                    raise Death
                return answer

        return Cutting()


@pytest.mark.parametrize("when", ["before", "after"])
def test_dying_at_any_request_ends_as_if_nothing_had_happened(
    house: House, story: Story, before: Snapshot, smooth: dict[str, Any], when: str
) -> None:
    for number in count(1):
        house.rewind(before)
        house.make_http = Cut(number, when).http
        try:
            house.sync()
        except Death:
            assert mend(house) == smooth, f"after dying {when} request {number}"
        else:
            assert number > story.least
            return


def test_dying_at_any_commit_ends_as_if_nothing_had_happened(
    house: House, story: Story, before: Snapshot, smooth: dict[str, Any]
) -> None:
    for number in count(1):
        house.rewind(before)
        try:
            with dying_at_commit(house, number):
                house.sync()
        except Death:
            assert mend(house) == smooth, f"after dying at commit {number}"
        else:
            assert number > story.least
            return


@contextmanager
def dying_at_commit(house: House, number: int) -> Iterator[None]:
    """Let the process die when the database is to commit what was written, for the so manieth time."""
    commits = count(1)

    def die(connection: Connection) -> None:
        if connection.get_execution_options().get("writes") and next(commits) == number:
            raise Death

    # On PostgreSQL readers and writers are two engines, of which neither hears the other.
    event.listen(Engine, "commit", die)
    try:
        yield
    finally:
        event.remove(Engine, "commit", die)


# --- A process of its own, killed by the system. ----------------------------------------------------------------------


class Executioner:
    """Kills a process at one of its requests, from within the sandbox, and hangs up."""

    def __init__(self, at: int, when: str) -> None:
        self.at, self.when = at, when
        self.struck = False
        self.known = Event()
        self.pid = 0

    def condemn(self, pid: int | None) -> None:
        """Whom to kill."""
        self.pid = pid or 0
        self.known.set()

    def watch(self, number: int, when: str) -> bool:
        """Strike, if it is time."""
        if self.struck or (number, when) != (self.at, self.when):
            return False
        self.known.wait()
        os.kill(self.pid, signal.SIGKILL)
        self.struck = True
        return True


def settings(house: House) -> dict[str, str]:
    """The environment of a process that serves this house."""
    return {
        "SHARESYNC_DATABASE_URL": house.store.url,
        "SHARESYNC_GOOGLE_KEY_FILE": str(house.key_file),
        "SHARESYNC_GOOGLE_ADMIN": house.address("anna"),
        "SHARESYNC_PEOPLE_ENDPOINT": house.server.url,
        "SHARESYNC_DIRECTORY_ENDPOINT": house.server.url,
    }


@pytest.mark.kill
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_process_killed_at_any_request_of_a_first_fill_leaves_no_twin_and_nothing_missing(
    house: House, tmp_path: Path, when: str
) -> None:
    story = STORIES["first fill"]
    before, bo = begin(house, story), house.users["bo"].id
    environment, processes = settings(house), multiprocessing.get_context("forkserver")
    processes.set_forkserver_preload(["tests.scenarios.process"])
    for number in count(1):
        house.rewind(before)
        executioner = Executioner(number, when)
        house.workspace.watch = executioner.watch
        process = processes.Process(target=pass_over, args=(environment, str(tmp_path), bo))
        process.start()
        executioner.condemn(process.pid)
        process.join(60)
        if not executioner.struck:
            assert process.exitcode == 0
            assert number > story.least
            return
        assert process.exitcode == -signal.SIGKILL
        mend(house)
        assert house.users["bo"].sees() == sorted([*SEVEN, "Ada"])
        assert house.users["bo"].trash() == []


# --- In a process of its own: frozen, taken for dead, and woken. ------------------------------------------------------


@pytest.mark.kill
@pytest.mark.parametrize(
    ("words", "skip"),
    [("/v1/contactGroups", 0), ("/v1/contactGroups", 1), ("people:batchCreateContacts", 0)],
    ids=["the labels are read", "a label is made", "contacts are made"],
)
def test_a_process_frozen_past_its_lease_sends_no_more_than_the_one_request_on_its_way(
    house: House, tmp_path: Path, words: str, skip: int
) -> None:
    begin(house, STORIES["first fill"])
    bo = house.users["bo"]
    processes = multiprocessing.get_context("forkserver")
    processes.set_forkserver_preload(["tests.scenarios.process"])
    process = processes.Process(target=pass_over, args=(settings(house), str(tmp_path), bo.id))
    started, woken_at = Event(), list[int]()

    def freeze() -> None:
        started.wait()
        assert process.pid
        os.kill(process.pid, signal.SIGSTOP)
        house.wait(seconds=3 * LEASE.total_seconds())
        bo.pass_over()
        woken_at.append(house.workspace.calls)
        os.kill(process.pid, signal.SIGCONT)

    house.meanwhile(words, freeze, skip=skip)
    process.start()
    started.set()
    process.join(60)
    assert woken_at, "no such request was sent"
    assert house.workspace.calls == woken_at[0]
    assert process.exitcode in (0, BUSY)  # 0 where it found nothing left to do
    house.wait(minutes=20)
    mend(house)
    assert bo.sees() == sorted([*SEVEN, "Ada"])
    assert bo.trash() == []
