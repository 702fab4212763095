"""What holds for every test: its own environment, no way out of this machine, and how hard Hypothesis tries.

Things of one part (a store, a sandbox, a browser) are fixtures in that part's own `conftest.py`.
"""

import importlib
import ipaddress
import os
import re
import socket
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from flask import Flask
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import Connection, Engine, event

from sharesync.cli import garbage

# No deadline: the machine is shared, and a slow example is no failure. Few examples: every run brings others, and
# `make soak` takes its time. Tests leave `max_examples` alone or derive it from the profile, so that it reaches them.
hypothesis.settings.register_profile("here", deadline=None, max_examples=40)
hypothesis.settings.register_profile("soak", deadline=None, max_examples=10_000, stateful_step_count=100)
# A mutant is killed by the first example that fails, and the same ones are tried on each.
hypothesis.settings.register_profile(
    "mutants",
    deadline=None,
    max_examples=20,
    derandomize=True,
    database=None,
    phases=(hypothesis.Phase.explicit, hypothesis.Phase.generate),
    report_multiple_bugs=False,
)
hypothesis.settings.load_profile("here")

# To import all tests makes no garbage, and looking for it took a quarter of that.
garbage.seldom()

ROOT = Path(__file__).parent.parent


def pytest_collection(session: pytest.Session) -> None:
    """Let each of several processes begin with other tests, and so find most of them compiled when it collects them.

    In a fresh clone, to compile them takes longer than to import them, and they would all compile the same at once.
    """
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    asked = [Path(word.partition("::")[0]).resolve() for word in session.config.args]
    files = sorted(file for folder in asked for file in folder.rglob("test_*.py"))
    for file in files[int(worker) :: workers] if workers > 1 else ():
        with suppress(Exception):  # collecting it says what is wrong
            importlib.import_module(".".join(file.relative_to(ROOT).with_suffix("").parts))


HOUSES = {"one_house", "still"}
"""The fixtures that build one."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Choose what is tried, and what comes first.

    Where Houses stand in PostgreSQL, what needs no House is left out: it has been tried, on both databases where it
    needs one.

    Let every process begin with histories: they take minutes, and last, or one after the other, the rest would wait.

    The processes are given the tests in equal shares, and take from each other only what comes last in one.

    Use cases say no SQL: that they do on PostgreSQL what they do on SQLite follows from the store, which is tried on
    both. So `make check` tries them there, and `make test` does not.
    """
    if os.environ.get("SHARESYNC_TESTS_ON"):
        without = [item for item in items if HOUSES.isdisjoint(getattr(item, "fixturenames", ()))]
        config.hook.pytest_deselected(items=without)
        items[:] = [item for item in items if item not in set(without)]
    for item in items:
        if item.path.parent.name == "services" and item.get_closest_marker("postgres"):
            item.add_marker(pytest.mark.long)
    histories = [item for item in items if item.path.name == "test_histories.py"]
    others = [item for item in items if item.path.name != "test_histories.py"]
    shares = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    ordered: list[pytest.Item] = []
    for share in range(shares):
        first = histories[share::shares]
        size = (len(items) - len(ordered)) // (shares - share)
        rest = slice(max(size - len(first), 0))
        ordered += [*first, *others[rest]]
        del others[rest]
    items[:] = [*ordered, *others]


def pytest_collection_finish() -> None:
    """What has been imported stays: to look through it for garbage again and again took a fifth of the time."""
    garbage.set_apart()


@pytest.fixture(scope="session", autouse=True)
def _templates_are_compiled_once(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Every test has an application of its own, and to compile its pages took longer than to ask for them."""
    Flask.jinja_options = {"bytecode_cache": FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))}


_TOO_MUCH: list[str] = []
"""Tables that a transaction wrote beside others, and should not have."""
_WRITTEN = re.compile(r"\s*(?:INSERT (?:OR FAIL )?INTO|UPDATE|DELETE FROM) (\w+)")


@event.listens_for(Engine, "before_cursor_execute")
def _look_at_what_is_written(connection: Connection, _: object, statement: str, *more: object) -> None:
    beside = connection.info.get("beside")
    if beside and (written := _WRITTEN.match(statement)) and written[1] not in beside.writes:
        _TOO_MUCH.append(f"{type(beside).__name__}: {written[1]}")


@event.listens_for(Engine, "commit")
@event.listens_for(Engine, "rollback")
def _it_has_ended(connection: Connection) -> None:
    connection.info.pop("beside", None)


@pytest.fixture(autouse=True)
def _who_writes_beside_others_writes_what_it_said() -> Iterator[None]:
    """On SQLite, too, where nobody does, so that every test of the suite can find the one that writes more."""
    yield
    told = sorted(set(_TOO_MUCH))
    _TOO_MUCH.clear()
    assert told == []


@pytest.fixture(autouse=True)
def _no_settings_of_the_developer(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name == "PORT" or name.startswith("SHARESYNC_"):
            monkeypatch.delenv(name)


@pytest.fixture(autouse=True)
def _no_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that would talk to the real Google fails instead."""
    connect = socket.socket.connect

    def connect_here(self: socket.socket, address: Any) -> None:
        if self.family in {socket.AF_INET, socket.AF_INET6} and not _is_here(address[0]):
            pytest.fail(f"this test would connect to {address[0]}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect_here)


def _is_here(host: str) -> bool:
    return host == "localhost" or ipaddress.ip_address(host).is_loopback
