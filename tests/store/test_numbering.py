"""Events get their numbers after the commit, from one leader among many: real processes, on PostgreSQL."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event as Flag
from threading import Thread

import pytest
from sqlalchemy import func, select, text

from sharesync.model.audit import CLOCK, Event
from sharesync.services.log.verification import verify
from sharesync.store.database import event_log
from sharesync.store.database.appending import append_rows
from sharesync.store.database.engine import Database
from sharesync.store.database.tables import EventRow, WaitingEventRow
from sharesync.store.mailboxes import event_causes
from sharesync.store.queries import events
from sharesync.store.records import erasure
from tests.cli.processes import until
from tests.store.databases import BOTH
from tests.store.stores import ANNA, DOMAIN, Store, card

pytestmark = pytest.mark.parametrize("url", BOTH[1:], indirect=True)

TELLING = """
import sys
from sharesync.bootstrap import new_id, now
from sharesync.model.audit import CLOCK, Event
from sharesync.store.database.engine import Database
from sharesync.store.database.work import working

database = Database(sys.argv[1], connections=3)
for number in range(int(sys.argv[2])):
    with working(database, now, CLOCK, new_id) as work:
        first = work.record(Event("group.create", group=f"{sys.argv[3]}-{number}"))
        work.record(Event("grant.set", group=f"{sys.argv[3]}-{number}", cause=first))
print("done", flush=True)
"""
LEADING = """
import sys
from sharesync.store.database import event_log
from sharesync.store.database.engine import Database

with Database(sys.argv[1])._writer.begin() as connection:
    event_log.lead(connection, wait=True)
    event_log.number(connection)
    print("leads", flush=True)
    sys.stdin.read()
"""


@contextmanager
def process(code: str, *words: str) -> Iterator[subprocess.Popen[str]]:
    """Python code as a process of its own, killed at the end of the block."""
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", code, *words], stdin=pipe, stdout=pipe, text=True) as running:
        try:
            yield running
        finally:
            running.kill()


def tell(store: Store, group: str) -> str:
    with store.work(CLOCK) as work:
        return work.record(Event("group.delete", group=group))


def told(store: Store) -> list[str | None]:
    """The groups that the log tells of, in its order."""
    with store.reading() as session:
        rows = session.execute(select(EventRow.seq, EventRow.group_id).order_by(EventRow.seq)).all()
    assert [row.seq for row in rows] == list(range(len(rows)))
    return [row.group_id for row in rows]


def test_many_processes_write_one_log_without_a_gap_and_a_reader_misses_nothing(store: Store, url: str) -> None:
    begun, seen, over = len(told(store)), list[int](), Flag()

    def follow() -> None:
        last = -1
        while not over.is_set():
            with store.reading() as session:
                rows = session.scalars(select(EventRow.seq).where(EventRow.seq > last).order_by(EventRow.seq)).all()
            seen.extend(rows)
            last = rows[-1] if rows else last

    reader = Thread(target=follow)
    reader.start()
    with process(TELLING, url, "20", "a") as one, process(TELLING, url, "20", "b") as other:
        for running in (one, other):
            assert running.stdout
            assert running.stdout.readline() == "done\n"
    store.database.number(wait=True)
    until(lambda: "yes" if len(seen) == begun + 80 else "", "the reader")
    over.set()
    reader.join()
    assert seen == list(range(begun + 80))
    with store.database.reading_log() as session:
        assert verify(session, []).told == []
        rows = session.execute(select(EventRow.seq, EventRow.id, EventRow.cause).order_by(EventRow.seq)).all()
    places = {row.id: row.seq for row in rows}
    assert all(places[row.cause] < row.seq for row in rows if row.cause)


def test_what_follows_from_an_event_is_numbered_after_it_whoever_commits_first(store: Store) -> None:
    with store.database._writer.begin() as first, store.database._writer.begin() as second:
        for number, (connection, group) in enumerate(((first, "began first"), (second, "committed first"))):
            row = {"id": f"e{number}", "group_id": group, **PLAIN}
            append_rows(connection, WaitingEventRow, [{**row, "at": store.now}])
        second.commit()
        store.database.number()
        assert told(store)[-1] == "committed first"
        tell(store, "follows")
        first.commit()
    store.database.number()
    assert told(store)[-3:] == ["committed first", "follows", "began first"]


PLAIN = {
    "format": 1, "action": "group.create", "actor_kind": "system", "actor": "sync", "source": "sync", "outcome": "ok",
    "contact_id": None, "mailbox_id": None, "fields": [], "before_version": None, "after_version": None, "reason": "",
    "cause": None, "pass_id": None, "commitments": {}, "told": [],
}  # fmt: skip


def test_while_another_leads_events_wait_and_a_dead_leader_is_followed_by_the_next(store: Store, url: str) -> None:
    begun = len(told(store))
    with process(LEADING, url) as leader:
        assert leader.stdout
        assert leader.stdout.readline() == "leads\n"
        tell(store, "waits")
        assert len(told(store)) == begun
        assert store.count(WaitingEventRow) == 1
        leader.kill()
        leader.wait()
        store.database.number(wait=True)
        assert told(store)[begun:] == ["waits"]
        assert store.count(WaitingEventRow) == 0


def test_a_leader_that_was_stopped_loses_its_place_and_writes_nothing_when_it_wakes(
    store: Store, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    guarded = LEADING.replace("    event_log.lead", "    engine._guard(connection, 1)\n    event_log.lead").replace(
        "from sharesync.store.database import event_log", "from sharesync.store.database import engine, event_log"
    )
    with process(guarded, url) as leader:
        assert leader.stdout
        assert leader.stdout.readline() == "leads\n"
        os.kill(leader.pid, signal.SIGSTOP)
        tell(store, "waits")
        store.database.number(wait=True)
        assert told(store)[-1] == "waits"
        os.kill(leader.pid, signal.SIGCONT)
        leader.communicate("")
        assert leader.returncode != 0
    with store.database.reading_log() as session:
        assert verify(session, []).told == []


def test_who_decides_by_the_log_sees_what_waits(store: Store) -> None:
    store.save_directory()
    store.group("g")
    store.contact("c1", card("Ida"), "g")
    store.grant("g", DOMAIN)
    with store.reading() as session:
        size = event_log.size(session)
    with store.database._writer.begin() as leader:
        event_log.lead(leader, wait=True)
        with store.work(CLOCK) as work:
            ended = work.record(Event("grant.remove", group="g"))
            taken = work.record(Event("group.take", group="g", contact="c1", mailbox=ANNA))
        with store.reading() as session:
            assert events.changed_since(session, size, but="")
            assert event_causes.of_label(session, "g", ANNA) == ended
            assert event_causes.of_withdrawals(session, {"c1": frozenset({"g"})}) == {"c1": ended}
        assert taken
    store.database.number()
    with store.reading() as session:
        assert event_causes.of_withdrawals(session, {"c1": frozenset({"g"})}) == {"c1": ended}


def test_an_erasure_finds_the_values_of_events_that_wait(store: Store) -> None:
    store.contact("c1", card("Ida"))
    with store.database._writer.begin() as leader:
        event_log.lead(leader, wait=True)
        with store.work(CLOCK) as work:
            work.record(Event("contact.update", contact="c1", fields=("names",), values={"names": (["Ida"], ["Eva"])}))
    with store.work(CLOCK) as work:
        erasure.wipe(work, "c1")
    with store.reading() as session:
        assert session.scalar(select(func.count()).select_from(WaitingEventRow)) == 0
        assert session.scalar(text("SELECT count(*) FROM event_values")) == 0


def test_a_database_that_is_away_leaves_numbering_to_the_next_turn(
    url: str, store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    away = Database(url.replace("/everyones", "/nowhere"))
    away.number()
    assert "numbered later" in caplog.text
    away.close()
