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
from tests.store.test_side_by_side import add_to_every_table
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
from sharesync.store.database.beside import CardEdits
from sharesync.store.database.engine import Database
from sharesync.store.database.work import working
from sharesync.store.records import contacts as kept

database, contact, who, done = Database(sys.argv[1]), sys.argv[2], sys.argv[3], 0
while done < int(sys.argv[4]):
    with database.reading() as session:
        seen = kept.get(session, contact)
    card = Card.parse({**seen.card.as_json(), "nicknames": [{"value": f"{who} {done}"}]})
    try:
        with working(database, now, OPERATOR, new_id, beside=CardEdits()) as work:
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


def editing(house: House, contact: str, who: str) -> subprocess.Popen[bytes]:
    """A process that edits a contact again and again."""
    command = [sys.executable, "-c", EDITING, house.store.url, house.contact_id(contact), who, str(EDITS)]
    return subprocess.Popen(command)


def is_whole(house: House, contact: str, version: int) -> bool:
    """Whether this is the contact's version, all before it are kept, and the log says the same."""
    its = house.contact_id(contact)
    kept = house.query("SELECT version FROM contact_versions WHERE contact_id = ? AND kind = 'accepted'", its)
    told = house.query("SELECT after_version FROM events WHERE contact_id = ? AND action = 'contact.update'", its)
    with house.database.reading_log() as session:
        proved = verify(session, []).told == []
    return (
        proved
        and house.query("SELECT version FROM contacts WHERE id = ?", its) == [(version,)]
        and sorted(kept) == [(number,) for number in range(1, version + 1)]
        and sorted(told) == [(number,) for number in range(2, version + 1)]
    )


def test_two_edits_of_one_contact_come_one_after_the_other(house: House) -> None:
    house.share("Customers", "Ada", bo="view")
    editors = [editing(house, "Ada", who) for who in ("one", "other")]
    assert [editor.wait(120) for editor in editors] == [0, 0]
    assert is_whole(house, "Ada", 1 + 2 * EDITS)


def test_what_is_edited_while_passes_write_stands_in_every_mailbox_in_the_end(
    house: House, environ: dict[str, str], tmp_path: Path
) -> None:
    house.share("Customers", "Ada", "Grace", bo="view", cy="view", dag="view", eva="view")
    house.sync_until_quiet()
    quick = {"SHARESYNC_SYNC_INTERVAL": "2", "SHARESYNC_WORKERS": "4"}
    with started("worker", environ=environ | quick, cwd=tmp_path) as worker:
        editors = [editing(house, contact, contact) for contact in ("Ada", "Grace")]
        assert [editor.wait(120) for editor in editors] == [0, 0]
        newest = {contact: f"{contact} {EDITS - 1}" for contact in ("Ada", "Grace")}

        def arrived() -> str:
            everyone = [house.users[name] for name in ("bo", "cy", "dag", "eva")]
            shown = [(user.find(name)["fields"], value) for user in everyone for name, value in newest.items()]
            return "arrived" if all(value in str(one.get("nicknames")) for one, value in shown) else ""

        until(arrived, worker, patience=120)
        assert worker.send(signal.SIGTERM)[0] == 0
    assert is_whole(house, "Ada", 1 + EDITS)
    assert is_whole(house, "Grace", 1 + EDITS)
    house.wait(minutes=20)
    house.sync_until_quiet()


def test_a_group_that_is_deleted_while_its_contact_is_edited_leaves_every_mailbox(house: House) -> None:
    house.share("Customers", "Ada", bo="view")
    house.sync_until_quiet()
    editor = editing(house, "Ada", "one")
    house.delete_group("Customers")
    assert editor.wait(120) == 0
    assert is_whole(house, "Ada", 1 + EDITS)
    house.sync_until_quiet()
    assert house.users["bo"].sees() == []


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


@pytest.mark.long
def test_a_worker_goes_on_while_a_newer_release_adds_to_every_table(
    house: House, environ: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.share("Customers", "Ada", bo="edit", cy="view", dag="view")
    add_to_every_table(monkeypatch, tmp_path)
    everyone = [house.users[name] for name in ("bo", "cy", "dag")]
    with started("worker", environ=environ | {"SHARESYNC_SYNC_INTERVAL": "2"}, cwd=tmp_path) as worker:
        for user in everyone:
            until(shows(user, "Customers", ["Ada"]), worker)
        house.database.migrate()
        assert house.query("SELECT DISTINCT of_the_next FROM links") == [("x",)]
        house.put("Customers", "Grace")
        for user in everyone:
            until(shows(user, "Customers", ["Ada", "Grace"]), worker)
        assert worker.send(signal.SIGTERM)[0] == 0
        assert not [line for line in worker.err if "INFO" not in line]
    house.look_everywhere()


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
