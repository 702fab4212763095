"""`sharesync status`: how every mailbox fares."""

from datetime import datetime, timedelta

import pytest

from tests.terminal import Sharesync
from tests.worlds import INTERVAL, House

BO = "bo@north.test"


@pytest.fixture(autouse=True)
def _shared(house: House) -> None:
    house.share("Customers", "Ada", "Grace", bo="edit")


def test_a_new_mailbox_is_behind_by_everything_and_due(sharesync: Sharesync) -> None:
    line = sharesync("status", "--json").line
    assert list(line) == ["mailbox", "state", "error", "behind", "last_pass", "next_pass", "oldest"]
    assert (line["mailbox"], line["state"], line["error"]) == (BO, "new", None)
    assert (line["behind"], line["last_pass"]) == (2, None)
    assert datetime.fromisoformat(line["next_pass"]).utcoffset() == timedelta()


def test_a_mailbox_that_has_been_passed_over_is_ok_and_due_an_interval_later(sharesync: Sharesync) -> None:
    sharesync("sync")
    line = sharesync("status", "--json").line
    assert (line["state"], line["error"], line["behind"]) == ("ok", None, 0)
    apart = datetime.fromisoformat(line["next_pass"]) - datetime.fromisoformat(line["last_pass"])
    assert apart <= INTERVAL < apart + timedelta(minutes=1)


def test_a_change_leaves_a_mailbox_behind_by_one(sharesync: Sharesync, house: House) -> None:
    sharesync("sync")
    house.put("Customers", "Zoë")
    assert sharesync("status", "--json").line["behind"] == 1


def test_what_hinders_a_mailbox_stands_there_in_plain_words(sharesync: Sharesync, house: House) -> None:
    house.workspace.directory.change_user(house.users["bo"].id, contacts_on=False)
    sharesync("sync")
    line = sharesync("status", "--json").line
    assert line["state"] == "attention"
    assert "Google Contacts is switched off" in line["error"]
    assert line["error"] in sharesync("status").out


def test_a_suspended_user_is_paused_and_has_no_next_pass(sharesync: Sharesync, house: House) -> None:
    house.workspace.directory.change_user(house.users["bo"].id, suspended=True)
    sharesync("directory", "sync")
    line = sharesync("status", "--json").line
    assert (line["state"], line["next_pass"]) == ("paused", None)
    assert "suspended" in line["error"]


def test_people_read_local_times(sharesync: Sharesync, monkeypatch: pytest.MonkeyPatch) -> None:
    sharesync("sync")
    at = datetime.fromisoformat(sharesync("status", "--json").line["last_pass"]).astimezone()
    heading, row = sharesync("status").out.splitlines()
    assert heading.split()[:3] == ["MAILBOX", "STATE", "BEHIND"]
    assert at.strftime("%Y-%m-%d %H:%M:%S %Z") in row


def test_without_any_grant_it_says_what_to_do(sharesync: Sharesync, house: House) -> None:
    house.revoke("Customers", "bo")
    assert sharesync("status", "--json").out == ""
    assert "sharesync grants set" in sharesync("status").out


def test_of_each_group_the_oldest_change_on_its_way_is_told(sharesync: Sharesync, house: House) -> None:
    house.share("Customers", "Ada", bo="view")
    assert "Customers: its oldest change has been on its way since " in sharesync("status").out
    house.sync_until_quiet()
    assert "on its way" not in sharesync("status").out
