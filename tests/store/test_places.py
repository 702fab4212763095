"""Who writes beside whom on PostgreSQL: what is one mailbox's own beside that of others, and edits; all else alone."""

import re
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from contextlib import contextmanager
from random import Random
from threading import Event as Flag
from typing import Any

import pytest
from sqlalchemy import Connection, event

from sharesync.model.audit import CLOCK, Event
from sharesync.store.database import beside, event_log
from sharesync.store.database.beside import Beside, CardEdits, MailboxClaim, OwnMailbox
from sharesync.store.database.tables import EventRow
from tests.store.databases import BOTH
from tests.store.stores import ANNA, BO, CY, Store

pytestmark = pytest.mark.parametrize("url", BOTH[1:], indirect=True)
A_WHILE = 0.3
ANNAS, BOS, CYS = map(OwnMailbox, (ANNA, BO, CY))
EDIT, IN_ANNAS_PASS = CardEdits(), CardEdits(ANNA)
CLAIM, BOS_CLAIM = MailboxClaim(ANNA), MailboxClaim(BO)


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(8) as made:
        yield made


def write(store: Store, beside: Beside | None) -> Beside | None:
    with store.database.writing(beside):
        return beside


@contextmanager
def held(store: Store, pool: ThreadPoolExecutor, beside: Beside | None) -> Iterator[None]:
    """Another thread is in the middle of a transaction until the block ends."""
    there, go_on = Flag(), Flag()

    def hold() -> None:
        with store.database.writing(beside):
            there.set()
            go_on.wait(60)

    holding = pool.submit(hold)
    assert there.wait(60)
    try:
        yield
    finally:
        go_on.set()
        holding.result(60)


def waits(future: Future[Any]) -> bool:
    try:
        future.result(A_WHILE)
    except NotYet:
        return True
    return False


def test_what_is_one_mailboxs_own_is_written_beside_that_of_another(store: Store, pool: ThreadPoolExecutor) -> None:
    with held(store, pool, ANNAS), held(store, pool, BOS):
        assert write(store, CYS) == CYS


def test_an_edit_is_written_beside_what_is_mailboxes_own(store: Store, pool: ThreadPoolExecutor) -> None:
    with held(store, pool, IN_ANNAS_PASS), held(store, pool, BOS):
        assert write(store, CYS) == CYS
    with held(store, pool, ANNAS), held(store, pool, BOS):
        assert write(store, EDIT) == EDIT


def test_a_mailbox_is_claimed_beside_what_is_others_own(store: Store, pool: ThreadPoolExecutor) -> None:
    with held(store, pool, CLAIM), held(store, pool, BOS_CLAIM):
        assert write(store, CYS) == CYS
    with held(store, pool, BOS):
        assert write(store, CLAIM) == CLAIM


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (ANNAS, ANNAS),
        (ANNAS, None),
        (None, ANNAS),
        (None, None),
        (ANNAS, IN_ANNAS_PASS),
        (IN_ANNAS_PASS, ANNAS),
        (EDIT, IN_ANNAS_PASS),
        (EDIT, None),
        (None, EDIT),
        (EDIT, CLAIM),
        (CLAIM, EDIT),
        (CLAIM, ANNAS),
        (CLAIM, None),
    ],
)
def test_all_else_waits(store: Store, pool: ThreadPoolExecutor, first: Beside | None, second: Beside | None) -> None:
    with held(store, pool, first):
        waiting = pool.submit(write, store, second)
        assert waits(waiting)
    assert waiting.result(60) == second


def test_who_must_be_alone_is_not_passed_over_for_ever(store: Store, pool: ThreadPoolExecutor) -> None:
    with held(store, pool, ANNAS):
        alone = pool.submit(write, store, None)
        assert waits(alone)
        later = pool.submit(write, store, BOS)
        assert waits(later)  # it came after somebody who waits
    assert (alone.result(60), later.result(60)) == (None, BOS)


def test_locks_are_taken_in_one_order_and_nobody_waits_in_a_ring(store: Store, pool: ThreadPoolExecutor) -> None:
    taken: dict[int, list[str]] = {}
    orders: list[list[str]] = []
    places = (beside.WRITER, beside.EDITS, beside.MAILBOX, event_log.LEADER)
    names = dict(zip(map(str, places), ("place", "edits", "mailbox", "leader"), strict=True))

    def hear(connection: Connection, _: object, statement: str, values: Any, *more: object) -> None:
        if re.search(r"pg_(try_)?advisory_xact_lock", statement):
            numbers = [str(one) for one in values.values()] if isinstance(values, dict) else list(map(str, values))
            told = next(names[one] for one in numbers if one in names)
            taken.setdefault(id(connection), []).append(told)

    def end(connection: Connection) -> None:
        orders.append(taken.pop(id(connection), []))

    writer = store.database._writer
    event.listen(writer, "before_cursor_execute", hear)
    event.listen(writer, "commit", end)

    def work(seed: int) -> None:
        rng = Random(seed)
        for _ in range(10):
            kind = rng.choice((ANNAS, BOS, CYS, EDIT, IN_ANNAS_PASS, CLAIM, None))
            with store.database.writing(kind) as session:
                if kind is None and rng.random() < 0.3:
                    event_log.number_all(session)
            with store.work(CLOCK) as one:
                one.record(Event("group.create", group=f"{seed}"))
            with store.database.reading_log():
                pass

    store.new_id = iter(f"{number:032x}" for number in range(10**6)).__next__  # type: ignore[method-assign]  # threads draw from it
    for done in [pool.submit(work, seed) for seed in range(6)]:
        done.result(100)
    event.remove(writer, "before_cursor_execute", hear)
    event.remove(writer, "commit", end)
    assert {tuple(order) for order in orders if order} <= {
        ("place",),
        ("place", "mailbox"),
        ("place", "edits"),
        ("place", "edits", "mailbox"),
        ("place", "leader"),
        ("leader",),
    }
    assert ["place", "leader"] in orders
    assert store.count(EventRow) == 60
