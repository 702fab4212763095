"""`sharesync run`, `web`, `clock`, `worker`: real processes, real signals."""

import json
import re
import signal
import urllib.request
from datetime import datetime
from pathlib import Path

import pytest

from tests.cli.processes import Process, started, until
from tests.terminal import Sharesync
from tests.users import User
from tests.worlds import House


@pytest.fixture
def settings(settings: dict[str, str]) -> dict[str, str]:
    return settings | {"SHARESYNC_PORT": "0", "SHARESYNC_SYNC_INTERVAL": "3600"}


@pytest.fixture
def cy(house: House) -> User:
    return house.users["cy"]


def page(process: Process) -> str:
    address = re.search(r"http://\S+:\d+", process.says("http://"))
    assert address
    with urllib.request.urlopen(address[0]) as reply:
        return str(reply.read().decode())


def lists(user: User, label: str, names: list[str]) -> str:
    return "yes" if label in user.labels() and user.sees(label) == names else ""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_run_shows_the_page_and_carries_changes_to_mailboxes_until_a_signal_ends_it(
    settings: dict[str, str], house: House, cy: User, tmp_path: Path, number: signal.Signals
) -> None:
    house.share("Customers", "Ada", cy="view")
    with started("run", environ=settings, cwd=tmp_path) as process:
        assert "sharesync" in page(process)
        until(lambda: lists(cy, "Customers", ["Ada"]), process)
        house.put("Customers", "Grace")  # by another process, as far as this one knows
        until(lambda: lists(cy, "Customers", ["Ada", "Grace"]), process)
        status, took = process.send(number)
    assert status == 0
    assert took < 10
    assert not [line for line in process.err if "INFO" not in line]


def test_the_log_of_a_service_is_json_where_that_is_asked_for(
    settings: dict[str, str], house: House, cy: User, tmp_path: Path
) -> None:
    house.share("Customers", "Ada", cy="view")
    with started("worker", environ=settings | {"SHARESYNC_LOG_FORMAT": "json"}, cwd=tmp_path) as process:
        until(lambda: next((line for line in process.err if "created 1" in line), ""), process)
        process.send(signal.SIGTERM)
    lines = [json.loads(line) for line in process.err]
    passed = next(line for line in lines if "created 1" in line["message"])
    assert (passed["level"], passed["log"]) == ("info", "sharesync")
    assert "%s" in passed["template"]
    assert cy.id not in passed["template"]
    assert datetime.fromisoformat(passed["at"]).tzinfo is not None
    assert "@" not in "".join(process.err)


def test_the_log_of_a_service_names_nobody(settings: dict[str, str], house: House, cy: User, tmp_path: Path) -> None:
    house.share("Customers", "Ada", cy="view")
    with started("worker", environ=settings, cwd=tmp_path) as process:
        until(lambda: next((line for line in process.err if "created 1" in line), ""), process)
        process.send(signal.SIGTERM)
    said = "".join(process.out + process.err)
    assert cy.id in said
    assert "@" not in said
    assert "Ada" not in said


def test_clock_and_worker_do_apart_what_run_does(
    settings: dict[str, str], house: House, cy: User, tmp_path: Path
) -> None:
    house.share("Customers", "Ada")
    house.grant("Customers", "group:team@north.test", "view")
    house.workspace.directory.change_group("team@north.test", members=(house.address("eva"),))
    eva = house.users["eva"]
    with (
        started("clock", environ=settings, cwd=tmp_path) as clock,
        started("worker", environ=settings, cwd=tmp_path) as worker,
    ):
        until(lambda: lists(eva, "Customers", ["Ada"]), (clock, worker))
        assert clock.send(signal.SIGTERM)[0] == 0
        assert worker.send(signal.SIGINT)[0] == 0


def test_web_shows_the_page_alone(settings: dict[str, str], house: House, cy: User, tmp_path: Path) -> None:
    house.share("Customers", "Ada", cy="view")
    with started("web", environ=settings, cwd=tmp_path) as process:
        assert "sharesync" in page(process)
        assert process.send(signal.SIGTERM)[0] == 0
    assert cy.sees() == []


@pytest.mark.parametrize("command", ["run", "web"])
def test_a_taken_port_is_one_sentence(
    sharesync: Sharesync, house: House, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    taken = house.server.url.rpartition(":")[2]
    monkeypatch.setenv("SHARESYNC_PORT", taken)
    told = sharesync(command)
    assert (told.status, told.out) == (2, "")
    assert told.err == f"SHARESYNC_PORT is {taken}, which is taken here; choose another, or 0 for any free one.\n"


@pytest.mark.parametrize("command", ["run", "web"])
def test_an_address_that_is_not_here_is_one_sentence(
    sharesync: Sharesync, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.setenv("SHARESYNC_HOST", "203.0.113.1")
    told = sharesync(command)
    assert told.status == 2
    assert "SHARESYNC_HOST" in told.err


@pytest.mark.parametrize("command", ["run", "clock", "worker"])
def test_a_database_that_does_not_answer_is_one_sentence(
    sharesync: Sharesync, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.setenv("SHARESYNC_DATABASE_URL", "postgresql://nobody@127.0.0.1:9/none")
    monkeypatch.setenv("SHARESYNC_QUEUE", "procrastinate")
    told = sharesync(command)
    assert told.status == 2
    assert "SHARESYNC_DATABASE_URL" in told.err
    assert len(told.err.splitlines()) == 1
