"""A mailbox never costs more in any minute than it may, and nobody waits longer than they said."""

import json
import math
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharesync.errors import RetryLater, SettingsError
from sharesync.google.budget import (
    DELETE_BATCH,
    DELETE_ONE,
    LABEL_READ,
    LABEL_WRITE,
    READ,
    WRITE_BATCH,
    WRITE_ONE,
    Budget,
    Patience,
    Price,
)


class Time:
    def __init__(self) -> None:
        self.now = datetime(2026, 1, 1, tzinfo=UTC)
        self.slept = 0.0

    def __call__(self) -> datetime:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept += seconds
        self.now += timedelta(seconds=seconds)


PRICES = (READ, WRITE_ONE, WRITE_BATCH, DELETE_ONE, DELETE_BATCH, LABEL_READ, LABEL_WRITE)
LIMITS = st.integers(10, 40)
PURCHASES = st.lists(
    st.tuples(st.sampled_from(["a@x.test", "b@x.test"]), st.sampled_from(PRICES), st.floats(0, 30)), max_size=60
)


@given(reads=LIMITS, writes=LIMITS, label_writes=st.integers(1, 5), purchases=PURCHASES)
def test_no_sixty_seconds_cost_a_mailbox_more_than_its_limit_and_all_is_spent_in_the_end(
    reads: int, writes: int, label_writes: int, purchases: list[tuple[str, Price, float]]
) -> None:
    time = Time()
    budget = Budget(reads, writes, time, label_reads=3, label_writes=label_writes)
    patience = Patience(math.inf, time, time.sleep)
    spent: list[tuple[datetime, str, Price]] = []
    for mailbox, price, pause in purchases:
        time.now += timedelta(seconds=pause)
        budget.spend(mailbox, price, patience)
        spent.append((time.now, mailbox, price))
    assert len(spent) == len(purchases)
    limits = {"critical_read": reads, "critical_write": writes, "label_read": 3, "label_write": label_writes}
    for start, mailbox, _ in spent:
        window = [price for at, who, price in spent if who == mailbox and start <= at < start + timedelta(seconds=60)]
        for name, limit in limits.items():
            assert sum(getattr(price, name) for price in window) <= limit


@given(purchases=PURCHASES)
def test_nobody_waits_while_there_is_enough(purchases: list[tuple[str, Price, float]]) -> None:
    time = Time()
    budget = Budget(10_000, 10_000, time, 10_000, 10_000)
    for mailbox, price, _ in purchases:
        budget.spend(mailbox, price, Patience(0, time, time.sleep))
    assert time.slept == 0


def test_the_impatient_learn_when_there_is_enough_again() -> None:
    time = Time()
    budget = Budget(12, 12, time)
    patience = Patience(30, time, time.sleep)
    for _ in range(2):
        budget.spend("a@x.test", WRITE_BATCH, patience)
    with pytest.raises(RetryLater) as caught:
        budget.spend("a@x.test", WRITE_BATCH, patience)
    assert time.slept == 0
    assert caught.value.not_before is not None
    time.now = caught.value.not_before
    budget.spend("a@x.test", WRITE_BATCH, Patience(0, time, time.sleep))


def test_one_mailbox_does_not_pay_for_another() -> None:
    time = Time()
    budget = Budget(10, 10, time)
    for mailbox in ("a@x.test", "b@x.test"):
        budget.spend(mailbox, DELETE_BATCH, Patience(0, time, time.sleep))
    assert time.slept == 0


def test_patience_is_used_up_over_a_whole_pass() -> None:
    time = Time()
    patience = Patience(100, time, time.sleep)
    assert patience.wait(60)
    assert not patience.wait(60)
    assert patience.wait(40)


def test_a_sleep_cut_short_means_that_the_process_stops() -> None:
    time = Time()
    budget = Budget(10, 10, time)
    patience = Patience(math.inf, time, lambda _: None)
    budget.spend("a@x.test", DELETE_BATCH, patience)
    with pytest.raises(RetryLater):
        budget.spend("a@x.test", DELETE_BATCH, patience)


def test_a_clock_set_back_keeps_nobody_waiting() -> None:
    time = Time()
    budget = Budget(10, 10, time)
    budget.spend("a@x.test", DELETE_BATCH, Patience(0, time, time.sleep))
    time.now -= timedelta(hours=1)
    budget.spend("a@x.test", DELETE_BATCH, Patience(0, time, time.sleep))
    assert time.slept == 0


@pytest.mark.parametrize(("reads", "writes", "named"), [(9, 90, "READS"), (90, 9, "WRITES")])
def test_a_limit_below_the_price_of_one_batch_is_refused(reads: int, writes: int, named: str) -> None:
    with pytest.raises(SettingsError, match=f"SHARESYNC_{named}_PER_MINUTE must be at least 10"):
        Budget(reads, writes, Time())


@given(PURCHASES, st.integers(0, 30))
def test_what_one_process_used_counts_in_the_next(purchases: list[tuple[str, Price, float]], later: int) -> None:
    time = Time()
    one, patience = Budget(40, 40, time), Patience(1e9, time, time.sleep)
    for mailbox, price, pause in purchases:
        time.now += timedelta(seconds=pause)
        one.spend(mailbox, price, patience)
    other = Budget(40, 40, time)
    time.now += timedelta(seconds=later)
    for mailbox in {mailbox for mailbox, _, _ in purchases}:
        other.recall(mailbox, json.loads(json.dumps(one.spent(mailbox))))
        for price in PRICES:
            assert one.affords(mailbox, price) or not other.affords(mailbox, price)


def test_what_this_process_knows_better_is_not_forgotten() -> None:
    time = Time()
    budget = Budget(10, 10, time)
    before = budget.spent("bo")
    budget.spend("bo", DELETE_BATCH, Patience(0, time, time.sleep))
    budget.recall("bo", before)
    assert not budget.affords("bo", DELETE_ONE)
