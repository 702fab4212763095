"""What Directory would take from many: `holds`, `grants` and `doctor` about it."""

import pytest

from tests.terminal import Sharesync
from tests.worlds import House

PEOPLE = ["cy@north.test", "dag@north.test"]


@pytest.fixture(autouse=True)
def _emptied(house: House) -> None:
    """Cy and Dag saw Customers through a Google group that is not found any more."""
    house.share("Customers", "Ada")
    house.grant("Customers", "group:team@north.test", "view")
    house.sync_until_quiet()
    house.workspace.directory.remove_group("team@north.test")


def test_what_a_reading_would_take_from_many_is_told_listed_and_restored(sharesync: Sharesync, house: House) -> None:
    read = sharesync("directory", "sync", "--json")
    assert (read.status, read.line["held"]) == (1, 2)
    listed = sharesync("holds", "list", "--json").line
    assert {**listed, "id": "", "since": ""} == {
        "id": "", "mailbox": None, "group": "Customers", "kind": "directory", "people": PEOPLE, "since": "",
    }  # fmt: skip
    for word in ("Directory", "Customers", "directory"):
        assert word in sharesync("holds", "list").out
    assert "decided for all of them at once" in sharesync("holds", "apply", listed["id"], "--only", "x").err
    assert "2 people keep Customers" in sharesync("holds", "restore", listed["id"]).out
    assert sharesync("holds", "list", "--json").lines == []
    house.sync_until_quiet()
    assert house.users["cy"].sees("Customers") == ["Ada"]


def test_it_is_carried_out_where_it_was_meant_and_the_grant_that_is_left_is_named(
    sharesync: Sharesync, house: House
) -> None:
    sharesync("directory", "sync")
    hold = sharesync("holds", "list", "--json").line["id"]
    assert sharesync("holds", "apply", hold, "--json").line["people"] == PEOPLE
    house.sync_until_quiet()
    assert house.users["cy"].sees() == []
    (found,) = (line for line in sharesync("doctor", "--json").lines if line["check"] == "grants")
    assert not found["ok"]
    assert "group:team@north.test" in found["problem"]
    assert sharesync("grants", "remove", "Customers", "group:team@north.test").status == 0
    (found,) = (line for line in sharesync("doctor", "--json").lines if line["check"] == "grants")
    assert found["ok"]
