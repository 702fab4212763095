"""`sharesync sync`: one pass now, over the named mailboxes or all, summed up in one line each."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sharesync.model.audit import CLOCK
from sharesync.store.mailboxes import claims
from tests.terminal import Sharesync, Told
from tests.users import User
from tests.worlds import House

COUNTS = ("pulled", "accepted", "reverted", "restored", "held", "created", "updated", "deleted")


@pytest.fixture(autouse=True)
def _shared(house: House) -> None:
    house.share("Customers", "Ada", "Grace", bo="edit", eva="edit")


@pytest.fixture
def bo(house: House) -> User:
    return house.users["bo"]


@pytest.fixture
def eva(house: House) -> User:
    return house.users["eva"]


def outcomes(told: Told) -> dict[str, str]:
    return {line["mailbox"].partition("@")[0]: line["outcome"] for line in told.lines}


@pytest.fixture
def calls(house: House) -> Callable[[str], int]:
    """How many requests reached a user's mailbox so far, the token endpoint's among them."""

    def count(name: str) -> int:
        return sum(house.workspace.log.counts(house.address(name)).values())

    return count


def test_the_first_fill_is_one_line_a_mailbox_in_the_promised_shape(sharesync: Sharesync, bo: User) -> None:
    told = sharesync("sync", "--json")
    assert told.status == 0
    assert outcomes(told) == {"bo": "ok", "eva": "ok"}
    line = told.lines[0]
    assert list(line) == ["mailbox", "outcome", *COUNTS, "calls", "quota", "seconds"]
    assert (line["mailbox"], line["created"], line["updated"]) == ("bo@north.test", 2, 0)
    assert line["calls"]["people.connections.list"] >= 1
    assert set(line["quota"]) == {"critical_read", "critical_write", "label_read", "label_write", "photo_write"}
    assert bo.sees("Customers") == ["Ada", "Grace"]


def test_a_second_run_makes_two_calls_a_mailbox_and_sends_nothing(sharesync: Sharesync) -> None:
    sharesync("sync")
    for line in sharesync("sync", "--json").lines:
        assert line["calls"] == {"people.connections.list": 1, "contactGroups.list": 1}
        assert (line["created"], line["updated"], line["deleted"]) == (0, 0, 0)


def test_an_accepted_edit_reaches_the_others_in_the_same_run_and_adds_up(
    sharesync: Sharesync, bo: User, eva: User
) -> None:
    sharesync("sync")
    bo.edits("Ada", phones=["+45 33 12 34 56"])
    eva.edits("Grace", phones=["+46 70 174 06 05"])
    told = sharesync("sync", "--json")
    assert bo.shows("Grace").phones
    assert eva.shows("Ada").phones
    assert [line["mailbox"] for line in told.lines] == ["bo@north.test", "eva@north.test"]
    for line in told.lines:
        assert (line["accepted"], line["updated"]) == (1, 1)
    # Who was passed over before the other's edit had been accepted is passed over again, and need not be read for it.
    assert {line["calls"]["people.connections.list"] for line in told.lines} <= {1, 2}


def test_named_mailboxes_alone_are_passed_over_by_alias_too(
    sharesync: Sharesync, calls: Callable[[str], int], eva: User
) -> None:
    told = sharesync("sync", "bob@north.test", "--json")
    assert [line["mailbox"] for line in told.lines] == ["bo@north.test"]
    assert calls("eva") == 0
    assert eva.sees() == []


def test_an_unknown_address_is_refused_before_anyone_is_passed_over(
    sharesync: Sharesync, calls: Callable[[str], int]
) -> None:
    told = sharesync("sync", "bo@north.test", "who@north.test")
    assert told.status == 1
    assert "who@north.test" in told.err
    assert calls("bo") == 0


def test_somebody_without_any_grant_is_never_impersonated(sharesync: Sharesync, calls: Callable[[str], int]) -> None:
    told = sharesync("sync", "fin@north.test", "--json")
    assert told.status == 0
    assert (told.line["mailbox"], told.line["outcome"], told.line["calls"]) == ("fin@north.test", "ok", {})
    assert calls("fin") == 0


def test_one_failing_mailbox_is_told_of_and_stops_no_other(sharesync: Sharesync, house: House, eva: User) -> None:
    house.fault("status", "people.connections.list", "bo", status=503, times=None)
    told = sharesync("sync", "--json")
    assert told.status == 1
    assert outcomes(told) == {"bo": "retry", "eva": "ok"}
    assert told.lines[0]["reason"]
    assert eva.sees("Customers") == ["Ada", "Grace"]


def test_people_read_the_reason_below_the_table(sharesync: Sharesync, house: House) -> None:
    house.workspace.directory.change_user(house.users["bo"].id, contacts_on=False)
    told = sharesync("sync")
    assert told.status == 1
    assert "attention" in told.out
    assert told.err.startswith("bo@north.test: Google Contacts is switched off")


def test_it_minds_no_back_off_of_ours(sharesync: Sharesync, house: House, bo: User) -> None:
    house.fault("status", "people.connections.list", "bo", status=503, times=3)
    assert sharesync("sync").status == 1
    assert sharesync("sync").status == 0
    assert bo.sees("Customers") == ["Ada", "Grace"]


def test_it_minds_what_google_asked_for(sharesync: Sharesync, house: House, calls: Callable[[str], int]) -> None:
    house.fault("status", "people.connections.list", "bo", status=429, headers={"Retry-After": "3600"})
    first = sharesync("sync", "bo@north.test", "--json")
    made = calls("bo")
    again = sharesync("sync", "bo@north.test", "--json")
    assert (first.status, again.status) == (1, 1)
    assert calls("bo") == made
    assert (again.line["outcome"], again.line["calls"]) == ("retry", {})
    asked = datetime.fromisoformat(again.line["not_before"]) - datetime.now(UTC)
    assert timedelta(minutes=58) < asked <= timedelta(minutes=60)


def test_a_mailbox_that_another_process_passes_over_is_retry(
    sharesync: Sharesync, house: House, calls: Callable[[str], int]
) -> None:
    with house.world.work(CLOCK) as work:
        claims.claim(work, house.users["bo"].id, timedelta(hours=1), timedelta(hours=1))
    told = sharesync("sync", "--json")
    assert told.status == 1
    assert outcomes(told) == {"bo": "retry", "eva": "ok"}
    assert calls("bo") == 0


def test_a_suspended_user_is_paused_which_is_no_failure(sharesync: Sharesync, house: House) -> None:
    house.workspace.directory.change_user(house.users["bo"].id, suspended=True)
    assert sharesync("directory", "sync").status == 0
    told = sharesync("sync", "--json")
    assert told.status == 0
    assert outcomes(told) == {"bo": "paused", "eva": "ok"}


def test_a_dry_run_prints_every_action_and_writes_nothing_anywhere(
    sharesync: Sharesync, house: House, bo: User
) -> None:
    before = house.tables()
    told = sharesync("sync", "bo@north.test", "--dry-run", "--json")
    assert told.status == 0
    ids = {house.contact_id(name) for name in ("Ada", "Grace")}
    assert {line["contact"] for line in told.lines if line["action"] == "contact.create"} == ids
    for line in told.lines:
        assert {"mailbox", "action", "contact", "fields"} <= line.keys()
        assert line["mailbox"] == "bo@north.test"
    assert (bo.sees(), bo.labels()) == ([], [])
    assert house.tables() == before


def test_a_dry_run_with_nothing_to_do_says_so(sharesync: Sharesync) -> None:
    sharesync("sync")
    assert sharesync("sync", "--dry-run", "--json").out == ""
    assert "nothing to do" in sharesync("sync", "--dry-run").out


def test_full_reads_without_the_sync_token(sharesync: Sharesync) -> None:
    sharesync("sync")
    sharesync("sync")  # reads what the first wrote
    assert [line["pulled"] for line in sharesync("sync", "--json").lines] == [0, 0]
    assert [line["pulled"] for line in sharesync("sync", "--full", "--json").lines] == [2, 2]


def test_reset_finds_every_contact_again_and_makes_none_twice(sharesync: Sharesync, bo: User) -> None:
    sharesync("sync")
    told = sharesync("sync", "bo@north.test", "--reset", "--json")
    assert told.status == 0
    assert told.line["created"] == 0
    assert bo.sees() == ["Ada", "Grace"]


def test_a_mishap_in_one_mailbox_stops_no_other_and_tells_nobodys_data(
    sharesync: Sharesync, house: House, tmp_path: Path
) -> None:
    sharesync("sync")
    with closing(sqlite3.connect(house.file)) as database, database:
        database.execute("UPDATE links SET state = 'ada@customer.example' WHERE mailbox_id = ?", [house.users["bo"].id])
    house.users["eva"].edits("Ada", note="new")
    told = sharesync("sync", "--json")
    assert told.status == 1
    assert outcomes(told) == {"bo": "attention", "eva": "ok"}
    mishap = told.lines[0]["reason"].split()[-1].rstrip(".")
    log = (tmp_path / "var" / "sharesync.log").read_text()
    assert mishap in log
    assert "customer.example" not in log + told.out + told.err


def test_nobody_to_pass_over_is_no_failure(sharesync: Sharesync, house: House) -> None:
    house.revoke("Customers", "bo", "eva")
    assert sharesync("sync", "--json").out == ""
    assert "nothing to do" in sharesync("sync").out


def test_nothing_but_json_lines_stands_on_standard_output(sharesync: Sharesync, house: House) -> None:
    house.fault("status", "people.connections.list", "bo", status=503, times=None)
    told = sharesync("sync", "--json")
    assert all(isinstance(json.loads(line), dict) for line in told.out.splitlines())
    assert told.err == ""


def test_people_read_names_in_a_plan(sharesync: Sharesync) -> None:
    rows = [row.split() for row in sharesync("sync", "bo@north.test", "--dry-run").out.splitlines()[1:]]
    assert ["bo@north.test", "label.create", "–", "Customers"] in rows
    assert ["bo@north.test", "contact.create", "Ada", "–"] in rows
