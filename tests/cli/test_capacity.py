"""`plan-capacity` counts as passes do: what it tells is held against what a pass was told to have cost."""

from typing import Any

import pytest

from sharesync.google import capacity
from sharesync.google.capacity import Cost
from sharesync.services.operation.pass_report import PassReport
from tests.terminal import Sharesync
from tests.worlds import House


def cost(report: PassReport) -> tuple[int, dict[str, int]]:
    return sum(report.calls.values()), {name: units for name, units in report.quota.items() if units}


def told(cost: Cost) -> tuple[int, dict[str, int]]:
    return cost.calls, cost.units


@pytest.mark.parametrize("contacts", [3, 200, 206])
def test_a_fill_a_look_and_an_edit_cost_what_is_told(house: House, contacts: int) -> None:
    house.share("Customers", *(f"Customer{number}" for number in range(contacts)), bo="view")
    assert cost(house.pass_over("bo")) == told(capacity.fill(contacts))
    assert cost(house.pass_over("bo")) == told(capacity.look())
    assert cost(house.pass_over("bo", full=True)) == told(capacity.full_reading(contacts))
    house.edit("Customer1", note="new")
    assert cost(house.wake("bo")) == told(capacity.edit())


def line(sharesync: Sharesync, *words: str) -> Any:
    return sharesync("plan-capacity", "--json", *words).line


def test_a_company_is_told_what_it_asks_of_google(sharesync: Sharesync) -> None:
    few = line(sharesync, "--mailboxes", "100", "--contacts", "1500", "--edits-per-day", "50")
    jobs = {job["job"]: job for job in few["jobs"]}
    assert jobs["of it writing"]["units"] == {"critical_read": 50, "critical_write": 50}
    assert jobs["first fill"]["daily_writes"] == 7 * 200 + 200  # the last batch has a hundred, and counts as full
    assert few["warnings"] == []


@pytest.mark.parametrize(
    ("words", "warning"),
    [
        (("--mailboxes", "1", "--contacts", "25001", "--edits-per-day", "0"), "25,000 contacts"),
        (("--mailboxes", "1", "--contacts", "1", "--edits-per-day", "100001"), "100,000 times"),
        (("--mailboxes", "1000000", "--contacts", "1", "--edits-per-day", "1"), "more processes"),
    ],
)
def test_what_cannot_be_is_said(sharesync: Sharesync, words: tuple[str, ...], warning: str) -> None:
    assert warning in " ".join(line(sharesync, *words)["warnings"])
    assert warning in sharesync("plan-capacity", *words).out
