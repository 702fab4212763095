"""The local worker: who is passed over, how often, and how it ends."""

import logging
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import datetime
from threading import Event

import pytest

from sharesync.jobs.worker import Worker
from sharesync.model.audit import OPERATOR
from sharesync.services.operation import pass_requests
from sharesync.store.mailboxes import claims
from sharesync.store.queries import neglect
from tests.cli.processes import until
from tests.worlds import INTERVAL, House

LISTS = "people.people.connections.list"


@pytest.fixture
def worker(house: House) -> Iterator[Worker]:
    made = Worker(house.world, workers=2)
    yield made
    made.stop()


@pytest.fixture
def passes(house: House) -> Callable[[str], int]:
    """How often a user's mailbox has been listed."""
    return lambda name: house.workspace.log.counts(house.address(name))[LISTS]


def settled(worker: Worker) -> None:
    """Wait until nothing is under way."""
    until(lambda: "" if worker.busy else "idle", "the worker to be idle")


def test_everyone_who_is_due_is_passed_over_once_until_due_again(
    house: House, worker: Worker, passes: Callable[[str], int]
) -> None:
    house.share("Customers", "Ada", bo="view", cy="view", eva="view")
    worker.dispatch()
    settled(worker)
    house.look_everywhere()
    seen = {name: passes(name) for name in ("bo", "cy", "eva", "fin")}
    assert (seen["fin"], min(seen["bo"], seen["cy"], seen["eva"])) == (0, 1)
    worker.dispatch()
    settled(worker)
    assert {name: passes(name) for name in seen} == seen
    house.wait(seconds=INTERVAL.total_seconds())
    worker.dispatch()
    settled(worker)
    assert passes("bo") == seen["bo"] + 1


def test_a_change_makes_due_those_whom_it_concerns_alone(
    house: House, worker: Worker, passes: Callable[[str], int]
) -> None:
    house.share("Customers", "Ada", bo="view")
    house.share("Press", "Zoë", cy="view")
    worker.dispatch()
    settled(worker)
    before = passes("cy")
    house.put("Customers", "Grace")
    worker.dispatch()
    settled(worker)
    assert house.users["bo"].sees("Customers") == ["Ada", "Grace"]
    assert passes("cy") == before


def test_never_the_same_mailbox_twice_at_once(house: House, worker: Worker, passes: Callable[[str], int]) -> None:
    house.share("Customers", "Ada", bo="view")
    reached, go_on = Event(), Event()

    def hold_up() -> None:
        reached.set()
        go_on.wait(30)

    house.meanwhile("/v1/people/me/connections", hold_up)
    worker.dispatch()
    assert reached.wait(30)
    house.put("Customers", "Grace")  # due again while the pass is under way
    worker.dispatch()
    worker.dispatch()
    assert passes("bo") == 0  # the one listing has not been answered yet, and there is no other
    go_on.set()
    settled(worker)
    worker.dispatch()
    settled(worker)
    assert house.users["bo"].sees("Customers") == ["Ada", "Grace"]


def test_two_workers_make_no_twins(house: House, worker: Worker) -> None:
    house.share("Customers", *(f"Nobody{number}" for number in range(30)), bo="view", cy="view")
    other = Worker(house.world, workers=2)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda one: one.dispatch(), (worker, other)))
    settled(worker)
    settled(other)
    assert other.stop()
    house.sync_until_quiet()


def test_a_pass_that_fails_unforeseen_stops_no_other_and_is_told_of_without_data(
    house: House, worker: Worker, caplog: pytest.LogCaptureFixture
) -> None:
    house.share("Customers", "Ada", bo="view", cy="view")
    worker.dispatch()
    settled(worker)
    with closing(sqlite3.connect(house.file)) as database, database:
        database.execute("UPDATE links SET state = 'ada@customer.example' WHERE mailbox_id = ?", [house.users["bo"].id])
    house.put("Customers", "Grace")
    with caplog.at_level(logging.INFO):
        worker.dispatch()
        settled(worker)
    assert house.users["cy"].sees("Customers") == ["Ada", "Grace"]
    assert f"mailbox {house.users['bo'].id}: attention: nothing to do; Something unforeseen" in caplog.text
    assert "customer.example" not in caplog.text


def test_a_failing_mailbox_is_left_alone_for_a_while(
    house: House, worker: Worker, passes: Callable[[str], int]
) -> None:
    house.share("Customers", "Ada", bo="view")
    house.fault("status", LISTS, "bo", status=503, times=None)
    worker.dispatch()
    settled(worker)
    tried = passes("bo")
    worker.dispatch()
    settled(worker)
    assert passes("bo") == tried


def test_stopping_begins_nothing_more(house: House, worker: Worker, passes: Callable[[str], int]) -> None:
    house.share("Customers", "Ada", bo="view")
    assert worker.stop()
    worker.dispatch()
    assert passes("bo") == 0


def test_a_pass_under_way_ends_at_its_next_step_and_the_next_worker_finishes_it(house: House, worker: Worker) -> None:
    house.share("Customers", "Ada", "Grace", bo="view")
    reached, go_on = Event(), Event()

    def hold_up() -> None:
        reached.set()
        go_on.wait(30)

    house.meanwhile("contactGroups", hold_up, skip=1)  # the label is about to be made
    worker.dispatch()
    assert reached.wait(30)
    assert not worker.stop(grace=0.05)
    go_on.set()
    settled(worker)
    assert house.users["bo"].sees() == []  # it ended after that call, before the contacts
    house.wait(minutes=1)  # its claim ends
    house.sync_until_quiet()


def test_who_waits_for_a_pass_goes_before_those_who_are_due(house: House) -> None:
    house.share("Customers", "Ada", bo="view", cy="view", eva="view")
    one = Worker(house.world, workers=1)
    reached, go_on = Event(), Event()

    def hold_up() -> None:
        reached.set()
        go_on.wait(30)

    house.meanwhile("/v1/people/me/connections", hold_up)
    one.dispatch()
    assert reached.wait(30)
    with house.database.reading() as session:
        last = claims.due(session, house.now(), house.world.interval)[-1]
    with house.world.work(OPERATOR) as work:
        pass_requests.ask(work, last.user_id)
    one.dispatch()
    go_on.set()
    settled(one)
    assert one.stop()
    lists = [entry.user for entry in house.workspace.log.entries() if entry.method == LISTS]
    assert lists.index(last.email) == 1


def test_mailboxes_that_nobody_passes_over_are_told_of_until_somebody_does(house: House, worker: Worker) -> None:
    house.share("Customers", "Ada", bo="view")
    begun = house.now()

    def neglected() -> datetime | None:
        with house.database.reading() as session:
            return neglect.neglected(session, house.now(), house.world.interval)

    assert neglected() is None  # as yet nobody need have come
    house.wait(minutes=3)
    assert neglected() == begun
    worker.dispatch()
    settled(worker)
    assert neglected() is None
    house.wait(minutes=4)
    assert neglected() is None  # nothing is due
    house.wait(minutes=4)
    assert neglected() is not None
