"""The clock: what it wakes, and that nothing stops it."""

import logging
from collections.abc import Iterator
from datetime import timedelta
from threading import Event

import pytest

from sharesync.jobs.background import background
from sharesync.jobs.clock import AGAIN_AFTER, DIRECTORY_EVERY, Clock, DirectorySync, tick
from sharesync.store.queries import events
from sharesync.store.queries.events import LoggedFilter
from tests.cli.processes import until
from tests.worlds import House


@pytest.fixture
def clock() -> Iterator[Clock]:
    made = Clock()
    yield made
    made.stop()


def test_a_job_is_woken_at_the_start_and_again(clock: Clock) -> None:
    woken: list[None] = []
    clock.every(0.05, lambda: woken.append(None), name="job")
    clock.start()
    until(lambda: "yes" if len(woken) >= 3 else "", "three turns")


def test_a_job_that_fails_is_woken_again_told_of_once_and_stops_no_other(
    clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    turns = {"well": 0, "badly": 0}

    def well() -> None:
        turns["well"] += 1

    def badly() -> None:
        turns["badly"] += 1
        raise ValueError("ada@customer.example")

    clock.every(0.05, badly, name="badly")
    clock.every(0.05, well, name="well")
    clock.start()
    until(lambda: "yes" if min(turns.values()) >= 3 else "", "three turns each")
    assert len([record for record in caplog.records if "badly failed by mishap" in record.getMessage()]) == 1
    assert "customer.example" not in caplog.text


def test_stopping_does_not_wait_for_a_job(clock: Clock) -> None:
    reached, go_on = Event(), Event()

    def hang() -> None:
        reached.set()
        go_on.wait(30)

    other = Clock()
    other.every(60, hang, name="hang")
    other.start()
    assert reached.wait(30)
    other.stop()
    assert not go_on.is_set()
    go_on.set()


@pytest.mark.parametrize(("interval", "seconds"), [(300, 1.0), (10, 1.0), (2, 0.2)])
def test_due_mailboxes_are_looked_for_every_second_or_ten_times_an_interval(interval: int, seconds: float) -> None:
    assert tick(timedelta(seconds=interval)) == seconds


class Seconds:
    """A clock that stands still."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


def readings(house: House) -> int:
    return house.workspace.log.counts()["directory.groups.list"]


def needs(house: House) -> list[str]:
    """What the log says of a directory that needs somebody, the newest first."""
    with house.database.reading() as session:
        told = events.page(session, LoggedFilter(action="directory")).events
    return [one["action"] for one in told if one["action"] != "directory.sync"]


def test_the_directory_is_read_at_the_start_and_every_quarter_of_an_hour(house: House) -> None:
    seconds = Seconds()
    job = DirectorySync(house.world, clock=seconds)
    before = readings(house)
    for moment, wanted in ((0, 1), (5, 1), (DIRECTORY_EVERY - 1, 1), (DIRECTORY_EVERY, 2), (DIRECTORY_EVERY + 5, 2)):
        seconds.now = 1_000 + moment
        job()
        assert readings(house) - before == wanted


def test_a_failed_reading_is_told_of_and_tried_again_a_minute_later(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    seconds = Seconds()
    job = DirectorySync(house.world, clock=seconds)
    before = readings(house)
    house.fault("status", "directory.users.list", status=403, body={"error": {"code": 403, "message": "no"}})
    job()
    assert "SHARESYNC_GOOGLE_ADMIN" in caplog.text
    assert needs(house) == ["directory.need"]
    seconds.now += AGAIN_AFTER - 1
    job()
    assert readings(house) == before
    seconds.now += 1
    job()
    assert readings(house) == before + 1
    assert needs(house) == ["directory.recover", "directory.need"]


def test_who_joins_a_google_group_has_its_contacts_without_anyone_asking(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    house.share("Customers", "Ada")
    house.grant("Customers", "group:team@north.test", "view")
    house.workspace.directory.change_group("team@north.test", members=(house.address("eva"),))
    eva = house.users["eva"]
    with caplog.at_level(logging.INFO), background(house.world, workers=1, directory_every=DIRECTORY_EVERY):
        until(lambda: "yes" if eva.sees() == ["Ada"] else "", "Ada")
        until(lambda: next((line for line in caplog.messages if "created 1" in line), ""), "the pass to end")


def test_what_has_lain_in_the_trash_too_long_cannot_be_restored_any_more(house: House) -> None:
    house.share("Customers", "Ada", "Grace")
    house.take("Customers", "Ada")
    house.wait(days=31)
    house.take("Customers", "Grace")
    with background(house.world, directory_every=DIRECTORY_EVERY, trash=timedelta(days=30)):
        until(lambda: "yes" if house.events("contact.purge") else "", "the trash to be emptied")
    assert [event["contact_id"] for event in house.events("contact.purge")] == [house.contact_id("Ada")]
