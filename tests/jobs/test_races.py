"""Races between processes, on PostgreSQL: over a mailbox, a grant, a contact, a lease; and a database that goes."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from threading import Event

import pytest

from sharesync.services.log.verification import verify
from tests.cli.processes import started, until
from tests.jobs.conftest import shows
from tests.postgres import Cluster
from tests.worlds import House

pytestmark = [pytest.mark.postgres, pytest.mark.timeout(240)]
EDITS = 12
EDITING = """
import sys
from sharesync.bootstrap import new_id, now
from sharesync.errors import StaleVersion
from sharesync.model.audit import OPERATOR
from sharesync.model.card import Card
from sharesync.services import contacts
from sharesync.store.database.engine import Database
from sharesync.store.database.work import working
from sharesync.store.records import contacts as kept

database, contact, who, done = Database(sys.argv[1]), sys.argv[2], sys.argv[3], 0
while done < int(sys.argv[4]):
    with database.reading() as session:
        seen = kept.get(session, contact)
    card = Card.parse({**seen.card.as_json(), "nicknames": [{"value": f"{who} {done}"}]})
    try:
        with working(database, now, OPERATOR, new_id) as work:
            contacts.edit(work, contact, card, version=seen.version)
    except StaleVersion:
        continue
    done += 1
"""


@pytest.fixture
def house(house_on_postgres: House) -> House:
    return house_on_postgres


class Held:
    """The next request whose address holds `words` waits, as if the wire were slow."""

    def __init__(self, house: House, words: str) -> None:
        self.there, self.go_on = Event(), Event()
        house.meanwhile(words, self._hold)

    def _hold(self) -> None:
        self.there.set()
        self.go_on.wait(120)


def test_two_passes_of_one_mailbox_the_second_leaves_it_to_the_first(
    house: House, environ: dict[str, str], tmp_path: Path
) -> None:
    house.share("Customers", "Ada", "Grace", bo="view")
    held = Held(house, "/v1/people/me/connections")
    with started("sync", house.address("bo"), environ=environ, cwd=tmp_path) as first:
        assert held.there.wait(60), first
        with started("sync", house.address("bo"), environ=environ, cwd=tmp_path) as second:
            assert second.popen.wait(60) == 1, second
            until(lambda: "said" if "Another process" in "".join(second.err) else "", second)
        held.go_on.set()
        assert first.popen.wait(60) == 0, first
    assert house.users["bo"].sees("Customers") == ["Ada", "Grace"]
    house.sync_until_quiet()


def test_a_grant_that_is_removed_during_a_pass_lets_nothing_more_of_the_group_through(
    house: House, environ: dict[str, str], tmp_path: Path
) -> None:
    house.share("Customers", "Ada", "Grace", bo="view")
    house.share("Press", "Zoë", bo="view")
    held = Held(house, "/v1/people/me/connections")
    with started("sync", house.address("bo"), environ=environ, cwd=tmp_path) as process:
        assert held.there.wait(60), process
        house.revoke("Customers", "bo")
        held.go_on.set()
        assert process.popen.wait(60) == 0, process
    assert house.users["bo"].sees() == ["Zoë"]
    assert "Customers" not in house.users["bo"].labels()
    house.sync_until_quiet()


def test_two_edits_of_one_contact_come_one_after_the_other(house: House) -> None:
    house.share("Customers", "Ada", bo="view")
    contact, url = house.contact_id("Ada"), house.store.url
    editors = [
        subprocess.Popen([sys.executable, "-c", EDITING, url, contact, who, str(EDITS)]) for who in ("one", "other")
    ]
    assert [editor.wait(120) for editor in editors] == [0, 0]
    assert house.query("SELECT version FROM contacts WHERE id = ?", contact) == [(1 + 2 * EDITS,)]
    kept = house.query("SELECT version FROM contact_versions WHERE contact_id = ? ORDER BY version", contact)
    assert kept == [(version,) for version in range(1, 2 + 2 * EDITS)]
    with house.database.reading_log() as session:
        assert verify(session, []).told == []


def test_a_worker_that_was_stopped_past_its_lease_sends_nothing_more_when_it_wakes(
    house: House, environ: dict[str, str], tmp_path: Path
) -> None:
    names = [f"Nobody{number}" for number in range(8)]
    house.share("Customers", *names, bo="view")
    held = Held(house, "/v1/people:")
    lease = {"SHARESYNC_LEASE_SECONDS": "1"}
    with started("sync", house.address("bo"), environ=environ | lease, cwd=tmp_path) as frozen:
        assert held.there.wait(60), frozen
        os.kill(frozen.popen.pid, signal.SIGSTOP)
        held.go_on.set()
        house.wait(minutes=20)  # its lease is over, and a read that lags is settled
        house.sync()
        before = sum(house.calls("bo").values())
        os.kill(frozen.popen.pid, signal.SIGCONT)
        assert frozen.popen.wait(60) != 0, frozen
        assert sum(house.calls("bo").values()) == before
    assert house.users["bo"].sees("Customers") == names
    house.sync_until_quiet()


def test_a_database_that_is_restarted_under_load_costs_nothing_but_time(
    house: House, environ: dict[str, str], tmp_path: Path, postgres: Cluster
) -> None:
    everyone = [house.users[name] for name in ("bo", "cy", "dag", "eva")]
    names = [f"Nobody{number}" for number in range(10, 40)]
    house.share("Customers", *names, bo="view", cy="view", dag="view", eva="view")
    held = Held(house, "/v1/people:")
    quick = {"SHARESYNC_LEASE_SECONDS": "2", "SHARESYNC_SYNC_INTERVAL": "2"}
    with started("worker", environ=environ | quick, cwd=tmp_path) as worker:
        assert held.there.wait(60), worker
        postgres.restart()
        held.go_on.set()
        for user in everyone:
            until(shows(user, "Customers", names), worker, patience=120)
        assert worker.send(signal.SIGTERM)[0] == 0
    house.wait(minutes=20)
    house.sync_until_quiet()
    with house.database.reading_log() as session:
        assert verify(session, []).told == []
