"""Entries as values: what can be said, and money without a fraction lost."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharesync.errors import InvalidInput
from sharesync.model.entry import MAX_TEXT, ContactEntry, EntryKind, FollowUp, Money

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
TASK = FollowUp(date(2026, 3, 3), "u-bo")


@pytest.mark.parametrize(
    ("written", "read"),
    [("1200.5", "1200.50"), ("-0.05", "-0.05"), ("7", "7.00"), ("0.0001", "0.0001"), ("-0", "0.00")],
)
def test_an_amount_is_what_was_written(written: str, read: str) -> None:
    assert Money.parse(written, "EUR").amount == read


@given(st.decimals("-999999999999.9999", "999999999999.9999", places=4))
def test_no_fraction_of_an_amount_is_lost(number: object) -> None:
    money = Money.parse(f"{number:f}", "DKK")
    assert Money.parse(money.amount, "DKK") == money


@pytest.mark.parametrize("written", ["", "1,5", "1e3", "١", "1.00001", "1" * 13, "NaN", " 1"])
def test_what_is_no_number_is_no_amount(written: str) -> None:
    with pytest.raises(InvalidInput):
        Money.parse(written, "EUR")


@pytest.mark.parametrize("currency", ["", "eur", "EURO", "E1R", "ÆØÅ"])
def test_a_currency_is_three_letters(currency: str) -> None:
    with pytest.raises(InvalidInput):
        Money(1, currency)


@pytest.mark.parametrize(
    "says",
    [
        lambda: ContactEntry(EntryKind.NOTE, NOW, " \n"),
        lambda: ContactEntry(EntryKind.NOTE, NOW, "x" * (MAX_TEXT + 1)),
        lambda: ContactEntry(EntryKind.NOTE, NOW, "x", follow_up=TASK),
        lambda: ContactEntry(EntryKind.FOLLOW_UP, NOW, "x"),
        lambda: ContactEntry(EntryKind.NOTE, datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14))), "x"),
    ],
)
def test_what_says_nothing_or_contradicts_itself_is_no_entry(says: Callable[[], object]) -> None:
    with pytest.raises(InvalidInput):
        says()


@pytest.mark.parametrize(
    "says",
    [
        ContactEntry(EntryKind.FOLLOW_UP, NOW, "x", follow_up=TASK),
        ContactEntry(EntryKind.FOLLOW_UP, NOW, "x", follow_up=FollowUp(TASK.day, TASK.doer, NOW)),
        ContactEntry(EntryKind.PURCHASE, NOW, "", Money.parse("-12.5", "EUR")),
    ],
)
def test_what_was_told_of_it_is_read_again_as_itself(says: ContactEntry) -> None:
    assert ContactEntry.of_told(says.told()) == says


def test_what_it_says_is_told_part_by_part() -> None:
    done = FollowUp(TASK.day, TASK.doer, NOW)
    assert ContactEntry(EntryKind.FOLLOW_UP, NOW, "Call\r\nback ", follow_up=done).told() == {
        "kind": ["follow-up"],
        "at": ["2026-03-02T12:00:00+00:00"],
        "text": ["Call\nback"],
        "day": ["2026-03-03"],
        "person": ["u-bo"],
        "done": ["2026-03-02T12:00:00+00:00"],
    }
    assert ContactEntry(EntryKind.PURCHASE, NOW, "", Money.parse("12.5", "EUR")).told() == {
        "kind": ["purchase"],
        "at": ["2026-03-02T12:00:00+00:00"],
        "amount": ["12.50 EUR"],
    }
