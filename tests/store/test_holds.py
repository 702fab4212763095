"""What a hand took out of groups lately, as the log tells it."""

from collections import Counter
from datetime import timedelta

import pytest

from sharesync.model.audit import Event
from sharesync.store.database.event_log import STRETCH
from sharesync.store.records import holds
from tests.store.stores import BO, CY, NOW, Store

MINUTE = timedelta(minutes=1)


def took(store: Store, minute: int, mailbox: str | None, *pairs: tuple[str, str], action: str = "group.take") -> None:
    """At this minute these (group, contact) were taken out of their groups, in a mailbox or elsewhere."""
    store.now = NOW + minute * MINUTE
    with store.work() as work:
        for group, contact in pairs:
            work.record(Event(action, group=group, contact=contact, mailbox=mailbox))


def removed(store: Store, minute: int, mailbox: str = BO) -> Counter[str]:
    with store.database.reading() as session:
        return holds.removed_since(session, mailbox, NOW + minute * MINUTE)


def test_what_a_hand_took_out_is_counted_by_group_from_a_moment_on(store: Store) -> None:
    took(store, 0, BO, ("g", "c0"))
    took(store, 1, BO, ("g", "c1"), ("h", "c1"))
    took(store, 2, BO, ("g", "c2"))
    assert [removed(store, minute) for minute in (0, 1, 2, 3)] == [
        Counter(g=3, h=1),
        Counter(g=2, h=1),
        Counter(g=1),
        Counter(),
    ]


def test_only_what_was_taken_out_in_that_mailbox_counts(store: Store) -> None:
    took(store, 0, BO, ("g", "c0"))
    took(store, 0, CY, ("g", "c1"))
    took(store, 0, None, ("g", "c2"))
    took(store, 0, BO, ("g", "c3"), action="group.add")
    assert removed(store, 0) == removed(store, 0, CY) == Counter(g=1)


def test_what_is_in_the_group_again_does_not_count_and_what_left_twice_counts_once(store: Store) -> None:
    store.contact("back")
    store.group("g", contacts_in=["back"])
    took(store, 0, BO, ("g", "back"), ("g", "gone"))
    took(store, 1, BO, ("g", "gone"), ("h", "back"))
    assert removed(store, 0) == Counter(g=1, h=1)


@pytest.mark.parametrize("before", [0, STRETCH - 1, STRETCH, 2 * STRETCH + 1])
def test_it_is_found_wherever_in_the_log_it_lies(store: Store, before: int) -> None:
    took(store, -11, BO, *(("g", f"old{number}") for number in range(before)))
    took(store, -1, BO, ("g", "c0"))
    took(store, 0, CY, *(("g", f"new{number}") for number in range(STRETCH)))
    assert removed(store, -10) == Counter(g=1)
