"""How quickly so many worker processes carry things to everyone, on PostgreSQL, against a Google of 80 ms a call.

What counts is waiting. The sandbox answers from this process, and the database shares the machine with all of them.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from sharesync.sandbox.faults import Fault, Kind
from tests.cli.processes import Process, started, until
from tests.terminal import pointed_at
from tests.worlds import House

SECONDS_A_CALL = 0.08
PATIENCE = 900.0
_TICKS = 100
"""What Linux counts a process's time in, a second."""


@contextmanager
def working(house: House, folder: Path, processes: int, passes: int) -> Iterator[list[Process]]:
    """A clock, and so many workers with so many passes at a time each."""
    environ = pointed_at(house, folder) | {
        "SHARESYNC_QUEUE": "procrastinate",
        "SHARESYNC_SYNC_INTERVAL": "3600",
        "SHARESYNC_WORKERS": str(passes),
    }
    house.workspace.faults.add(Fault(Kind.DELAY, times=None, seconds=SECONDS_A_CALL))
    with ExitStack() as opened:
        clock = opened.enter_context(started("clock", environ=environ, cwd=folder))
        yield [opened.enter_context(started("worker", environ=environ, cwd=folder)) for _ in range(processes)]
        assert clock.popen.poll() is None, clock


def carried(house: House, workers: Sequence[Process], mailboxes: int, names: Sequence[str]) -> dict[str, float]:
    """The pace of a first fill, and of edits, one after the other, to the last mailbox; and what they cost."""
    contacts = house.query("SELECT count(*) FROM contacts")[0][0]
    _until(house, "SELECT min(state) FROM links WHERE state = 'live'", "live", workers)  # they have begun
    began, at_start = time.perf_counter(), _cpu(workers)
    _until(house, "SELECT count(*) FROM links WHERE state = 'live'", mailboxes * contacts, workers)
    filled, spent = time.perf_counter() - began, _cpu(workers)
    last = []
    for name in names:
        began = time.perf_counter()
        house.edit(name, note="told to everyone")
        its = f"contact_id = '{house.contact_id(name)}'"
        version = f"(SELECT version FROM contacts WHERE id = '{house.contact_id(name)}')"
        _until(house, f"SELECT count(*) FROM links WHERE {its} AND base_version = {version}", mailboxes, workers)
        last.append(time.perf_counter() - began)
    edits = mailboxes * len(names)
    return {
        "fill, contacts a second": round(mailboxes * contacts / filled),
        "fill, workers' CPU ms a contact": round(1_000 * (spent - at_start) / (mailboxes * contacts), 2),
        "edit to the last mailbox, median seconds": round(statistics.median(last), 2),
        "edit to the last mailbox, longest": round(max(last), 2),
        "edits, mailboxes a second": round(edits / sum(last), 1),
        "edit, workers' CPU ms a mailbox": round(1_000 * (_cpu(workers) - spent) / edits, 1),
    }


def _until(house: House, sql: str, wanted: object, workers: Sequence[Process]) -> None:
    until(lambda: "there" if house.query(sql) == [(wanted,)] else "", (sql, wanted, workers), PATIENCE)


def _cpu(workers: Sequence[Process]) -> float:
    spent = 0
    for worker in workers:
        told = Path(f"/proc/{worker.popen.pid}/stat").read_text().rpartition(")")[2].split()
        spent += int(told[11]) + int(told[12])
    return spent / _TICKS
