"""A private PostgreSQL cluster for tests: started once a process where its programs are installed, gone afterwards.

A folder's `conftest.py` makes the fixture its own by importing it: `from tests.postgres import postgres`. Tests get a
database each, copied from one that was brought up to date once. The cluster sorts the Danish way, since SQLite sorts
by bytes: what relies on one order fails on the other.
"""

from __future__ import annotations

import atexit
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import threading
from functools import cache
from itertools import count
from pathlib import Path

import psycopg
import pytest

REMEDY = (
    "!!! SKIPPED: tests on PostgreSQL need its server programs;"
    " on Debian or Ubuntu: sudo apt-get update && sudo apt-get install postgresql"
)
USER = "postgres"
_START_SECONDS = 60


def programs() -> Path | None:
    """The folder of `initdb` and `postgres`: Debian keeps them out of the path, the newest version last."""
    found = shutil.which("initdb")
    folders = [Path(found).parent] if found else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True)
    return next((folder for folder in folders if (folder / "postgres").exists() and (folder / "initdb").exists()), None)


class Cluster:
    """A running cluster. Nothing in it outlives the process, so nothing is synced to disk."""

    def __init__(self, folder: Path) -> None:
        # The path of a socket is short, and the server may not run as root: neither goes with pytest's folders.
        shm = Path("/dev/shm")  # memory, where there is such a thing
        self.home = Path(tempfile.mkdtemp(prefix="pg-", dir=shm if os.access(shm, os.W_OK) else None))
        self._names = count(1)
        self._as = USER if os.geteuid() == 0 else None
        if self._as:
            os.chown(self.home, pwd.getpwnam(USER).pw_uid, -1)
        options = ["--username", USER, "--auth", "trust", "--no-sync", "--encoding", "UTF8"]
        options += ["--locale", "C.UTF-8", "--locale-provider", "icu", "--icu-locale", "da"]
        made = subprocess.run(
            [folder / "initdb", "--pgdata", self.home / "data", *options],
            user=self._as,
            cwd=self.home,
            capture_output=True,
            text=True,
            check=False,
        )
        assert made.returncode == 0, made.stderr
        self._folder = folder
        self._start()

    def _start(self) -> None:
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.home),
            "fsync": "off",
            "full_page_writes": "off",
            "synchronous_commit": "off",
            "max_connections": "60",
            "shared_buffers": "32MB",
        }
        options = [f"--{name}={to}" for name, to in settings.items()]
        with (self.home / "log").open("a") as log:
            self._server = subprocess.Popen(
                [self._folder / "postgres", "-D", self.home / "data", *options],
                user=self._as,
                cwd=self.home,
                stdout=log,
                stderr=log,
            )
        self._wait()

    def _wait(self) -> None:
        for _ in range(_START_SECONDS * 20):
            try:
                self._owner = psycopg.connect(self.dsn(USER), autocommit=True)
            except psycopg.OperationalError:
                assert self._server.poll() is None, (self.home / "log").read_text()
                threading.Event().wait(0.05)
            else:
                return
        pytest.fail(f"PostgreSQL did not start: {(self.home / 'log').read_text()}")

    def dsn(self, database: str) -> str:
        """How libpq finds a database."""
        return f"host={self.home} user={USER} dbname={database}"

    def url(self, database: str) -> str:
        """How SQLAlchemy finds a database."""
        return f"postgresql+psycopg://{USER}@/{database}?host={self.home}"

    def create(self, template: str = "template0", name: str = "") -> str:
        """Make a database, a copy of another; returns its name."""
        name = name or f"test{next(self._names)}"
        # Its files are copied, which costs the server two thirds of writing each page into its log; older ones do
        # nothing else.
        how = "STRATEGY FILE_COPY" if self._owner.info.server_version >= 150_000 else ""
        self._owner.execute(f"CREATE DATABASE {name} TEMPLATE {template} {how}".encode())
        return name

    def drop(self, name: str) -> None:
        """Remove a database, whoever is still connected."""
        self._owner.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())

    def run(self, program: str, *words: str) -> None:
        """One of PostgreSQL's own programs, by its name, as an operator types it."""
        found = shutil.which(program) or self._folder / program
        subprocess.run([found, "-h", self.home, "-U", USER, *words], check=True, capture_output=True)

    def restart(self) -> None:
        """End it at once, whoever is connected, and start it again."""
        self._end()
        self._start()

    def _end(self) -> None:
        self._owner.close()
        if self._server.poll() is None:
            self._server.send_signal(signal.SIGINT)
            self._server.wait(timeout=_START_SECONDS)

    def stop(self) -> None:
        """End it at once and leave nothing behind."""
        self._end()
        shutil.rmtree(self.home, ignore_errors=True)


@cache
def a_cluster() -> Cluster | None:
    """The cluster of this process, where PostgreSQL is installed."""
    folder = programs()
    if folder is None:
        return None
    cluster = Cluster(folder)
    atexit.register(cluster.stop)
    return cluster


def on_postgres() -> Cluster | None:
    """The cluster that Houses stand in, where SHARESYNC_TESTS_ON says so: `make check` tells every story there, too."""
    return a_cluster() if os.environ.get("SHARESYNC_TESTS_ON") == "postgresql" else None


@pytest.fixture(scope="session")
def postgres(request: pytest.FixtureRequest) -> Cluster:
    """The cluster of this process; skips, loudly, where PostgreSQL is not installed."""
    cluster = a_cluster()
    if cluster is None:
        request.config.get_terminal_writer().line(REMEDY, red=True)
        pytest.skip(REMEDY)
    return cluster
