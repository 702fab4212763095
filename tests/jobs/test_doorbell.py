"""The doorbell, on PostgreSQL: clock and workers as processes, and rings that are doubled, late or lost."""

import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest
from procrastinate.jobs import Job

from sharesync.jobs import doorbell
from sharesync.jobs.doorbell import QUEUE, Bell, Listener
from sharesync.model.audit import CLOCK, OPERATOR
from sharesync.model.audit import Event as AnEvent
from sharesync.services.operation import pass_requests
from sharesync.services.operation.doctor import Patient, examine
from sharesync.store.database import doorbell as tables
from sharesync.store.database import event_log
from sharesync.store.mailboxes import claims
from tests.cli.processes import started, until
from tests.jobs.conftest import shows
from tests.kept import InCluster
from tests.worlds import DOMAIN, House

pytestmark = pytest.mark.postgres
LISTS = "people.people.connections.list"


@pytest.fixture
def house(house_on_postgres: House) -> House:
    return house_on_postgres


@pytest.fixture
def environ(environ: dict[str, str]) -> dict[str, str]:
    return environ | {"SHARESYNC_QUEUE": "procrastinate"}


@pytest.fixture
def bell(house: House) -> Iterator[Bell]:
    made = Bell(house.world)
    yield made
    made.close()


@pytest.fixture
def passes(house: House) -> Callable[[str], int]:
    """How often a user's mailbox has been listed."""
    return lambda name: house.workspace.log.counts(house.address(name))[LISTS]


def rings(bell: Bell, status: str = "todo") -> list[Job]:
    """What waits, the next first."""
    jobs = bell._app.job_manager.list_jobs(queue=QUEUE, status=status)
    return sorted(jobs, key=lambda job: (-job.priority, job.id or 0))


def answered(bell: Bell) -> None:
    """Wait until nobody rings and nobody answers."""
    until(lambda: "" if rings(bell) or rings(bell, "doing") else "quiet", "the queue to be empty")


def test_a_clock_and_two_workers_carry_changes_to_everyone_until_a_signal_ends_them(
    house: House, environ: dict[str, str], tmp_path: Path
) -> None:
    everyone = [house.users[name] for name in ("bo", "cy", "dag", "eva")]
    house.share("Customers", "Ada", bo="view", cy="view", dag="view", eva="view")
    with (
        started("clock", environ=environ, cwd=tmp_path) as clock,
        started("worker", environ=environ, cwd=tmp_path) as one,
        started("worker", environ=environ, cwd=tmp_path) as other,
    ):
        for user in everyone:
            until(shows(user, "Customers", ["Ada"]), (clock, one, other))
        house.put("Customers", "Grace")
        for user in everyone:
            until(shows(user, "Customers", ["Ada", "Grace"]), (clock, one, other))
        for process in (one, other, clock):
            status, took = process.send(signal.SIGTERM)
            assert (status, took < 10) == (0, True), process
            assert not [line for line in process.err if "INFO" not in line]
    house.look_everywhere()


def test_a_mailbox_waits_once_however_many_clocks_ring(house: House, bell: Bell) -> None:
    house.share("Customers", "Ada", bo="view", cy="view")
    other = Bell(house.world)
    with ThreadPoolExecutor(4) as pool:
        for ringing in [pool.submit(one.ring) for one in (bell, other) * 4]:
            ringing.result()
    assert sorted(job.lock or "" for job in rings(bell)) == sorted(house.users[name].id for name in ("bo", "cy"))
    other.close()


def test_who_waits_for_a_pass_goes_first(house: House, bell: Bell) -> None:
    house.share("Customers", "Ada", bo="view", cy="view", eva="view")
    bell.ring()
    last = rings(bell)[-1].lock or ""
    with house.world.work(OPERATOR) as work:
        pass_requests.ask(work, last)
    bell.ring()
    first, *others = rings(bell)
    assert (first.lock, len(others)) == (last, 3)


def test_a_ring_that_comes_twice_or_too_late_makes_no_second_pass(
    house: House, bell: Bell, passes: Callable[[str], int]
) -> None:
    house.share("Customers", "Ada", bo="view")
    with house.database.reading() as session:
        (due,) = claims.due(session, house.now(), house.world.interval)
    bell.ring()
    for place in ("again", "and again"):
        bell._defer(due.user_id, due.fence, place, 0)
    assert len(rings(bell)) == 3
    listener = Listener(house.world, 2)
    listener.start()
    answered(bell)
    assert listener.stop()
    assert passes("bo") == 1


def test_the_job_of_a_worker_that_was_killed_keeps_nobody_waiting(
    house: House, bell: Bell, environ: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.share("Customers", "Ada", bo="view")
    reached, go_on = Event(), Event()

    def hold_up() -> None:
        reached.set()
        go_on.wait(60)

    house.meanwhile("/v1/people/me/connections", hold_up)
    bell.ring()
    with started("worker", environ=environ | {"SHARESYNC_LEASE_SECONDS": "1"}, cwd=tmp_path) as doomed:
        assert reached.wait(60), doomed
        os.kill(doomed.popen.pid, signal.SIGKILL)
        doomed.popen.wait()
    go_on.set()
    (stalled,) = rings(bell, "doing")
    assert stalled.lock == house.users["bo"].id
    monkeypatch.setattr(doorbell, "DEAD", 5.0)
    monkeypatch.setattr(doorbell, "HEARTBEAT", 0.5)
    house.wait(minutes=5)
    bell.ring()
    listener = Listener(house.world, 2)
    listener.start()
    until(shows(house.users["bo"], "Customers", ["Ada"]), "the next worker")
    answered(bell)
    assert listener.stop()


def test_a_worker_that_stops_gives_its_mailbox_back(house: House, bell: Bell, passes: Callable[[str], int]) -> None:
    house.share("Customers", "Ada", "Grace", bo="view")
    reached, go_on = Event(), Event()

    def hold_up() -> None:
        reached.set()
        go_on.wait(60)

    house.meanwhile("/v1/people:batchCreateContacts", hold_up)
    house.meanwhile("/v1/people:createContact", hold_up)
    listener = Listener(house.world, 2)
    listener.start()
    bell.ring()
    assert reached.wait(60)
    assert not listener.stop(grace=0.1)
    go_on.set()
    until(lambda: "" if listener._thread.is_alive() else "ended", "the worker")
    with house.database.reading() as session:
        (due,) = claims.due(session, house.now(), house.world.interval)
        assert due.lease_until is None
    second = Listener(house.world, 2)
    second.start()
    bell.ring()
    until(shows(house.users["bo"], "Customers", ["Ada", "Grace"]), "the second worker")
    answered(bell)
    assert second.stop()
    house.sync_until_quiet()


def test_a_worker_comes_back_when_the_database_does(house: House, bell: Bell) -> None:
    listener = Listener(house.world, 2)
    listener.start()
    house.share("Customers", "Ada", bo="view")
    assert isinstance(house.store, InCluster)
    house.store.disconnect()
    house.database.close()
    bell.ring()
    until(shows(house.users["bo"], "Customers", ["Ada"]), "the worker")
    answered(bell)
    assert listener.stop()


def test_the_queues_tables_are_made_once_and_those_of_a_release_before_go(house: House) -> None:
    tables.prepare(house.database)
    with house.database.writing() as session:
        connection = session.connection()
        connection.exec_driver_sql("CREATE SCHEMA doorbell_0_1")
        connection.exec_driver_sql("CREATE TABLE doorbell_0_1.procrastinate_workers (last_heartbeat timestamptz)")
        connection.exec_driver_sql("INSERT INTO doorbell_0_1.procrastinate_workers VALUES (now())")
    for age, there in (("0 minutes", 1), ("2 minutes", 0)):
        with house.database.writing() as session:
            statement = f"UPDATE doorbell_0_1.procrastinate_workers SET last_heartbeat = now() - interval '{age}'"
            session.connection().exec_driver_sql(statement)
        tables.prepare(house.database)
        assert house.query("SELECT count(*) FROM pg_namespace WHERE nspname = 'doorbell_0_1'") == [(there,)]


def test_the_doctor_says_when_nobody_passes_over_mailboxes_and_when_events_have_no_number(
    house: House, tmp_path: Path
) -> None:
    def problems() -> set[str]:
        patient = Patient(
            database=house.database,
            open_google=lambda: house.world.google,
            key_file=house.key_file,
            data_dir=tmp_path,
            domains=(DOMAIN,),
            people_endpoint=house.server.url,
            now=house.now,
        )
        return {str(one.check) for one in examine(patient) if one.problem} & {"passes", "change log"}

    house.share("Customers", "Ada", bo="view")
    assert problems() == set()
    with house.database._writer.begin() as leader:
        event_log.lead(leader, wait=True)
        with house.world.work(CLOCK) as work:
            work.record(AnEvent("group.create", group="g"))
    house.wait(minutes=3)
    assert problems() == {"passes", "change log"}
    house.database.number()
    house.sync()
    assert problems() == set()
