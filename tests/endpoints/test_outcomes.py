"""What an answer means: taken, tried again, paused, gone; and what is remembered of tries."""

from datetime import UTC, datetime, timedelta

import pytest

from sharesync.endpoints.posting import PostAnswer
from sharesync.model.audit import OPERATOR
from sharesync.model.endpoint import WAITS, EndpointKind, next_wait
from sharesync.services.telling import delivery
from sharesync.services.telling import endpoints as cases
from sharesync.services.telling.outcomes import Fate, TryOutcome, of_answer
from sharesync.store.records import endpoint_messages
from tests.worlds import House

NOW = datetime(2026, 11, 30, 8, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("kind", "status", "fate"),
    [
        ("webhook", 200, Fate.TAKEN),
        ("webhook", 204, Fate.TAKEN),
        ("webhook", 301, Fate.AGAIN),
        ("webhook", 400, Fate.AGAIN),
        ("webhook", 404, Fate.AGAIN),
        ("webhook", 410, Fate.GONE),
        ("webhook", 429, Fate.PAUSE),
        ("webhook", 500, Fate.AGAIN),
        ("webhook", 502, Fate.PAUSE),
        ("webhook", 504, Fate.PAUSE),
        ("chat", 404, Fate.GONE),
        ("chat", 410, Fate.GONE),
        ("chat", 429, Fate.PAUSE),
    ],
)
def test_each_status_has_its_meaning(kind: str, status: int, fate: Fate) -> None:
    found = of_answer(EndpointKind(kind), "https://x.test/in?key=hush", PostAnswer(status, "", None), NOW)
    assert found.fate is fate
    assert "hush" not in found.trouble


@pytest.mark.parametrize(
    ("said", "wait"),
    [
        ("120", timedelta(minutes=2)),
        ("Mon, 30 Nov 2026 09:00:00 GMT", HOUR),
        ("999999999", DAY),
        ("Fri, 01 Jan 2038 00:00:00 GMT", DAY),
        ("0", None),
        ("-5", None),
        ("Mon, 30 Nov 2026 07:00:00 GMT", None),
        ("soon", None),
        ("9" * 400, None),
        (None, None),
    ],
)
def test_a_pause_that_is_asked_for_is_kept_up_to_a_day(said: str | None, wait: timedelta | None) -> None:
    found = of_answer(EndpointKind.WEBHOOK, "https://x.test/", PostAnswer(429, "", said), NOW)
    assert found.not_before == (None if wait is None else NOW + wait)


def test_waits_grow_over_three_days_and_end() -> None:
    waits = [next_wait(tries, 0.0) for tries in range(1, 12)]
    assert waits == [*WAITS, None, None]
    assert timedelta(days=3) < sum(WAITS, timedelta()) < timedelta(days=4)
    longest = next_wait(len(WAITS), 1.0)
    assert longest is not None
    assert longest > WAITS[-1]


def test_the_last_hundred_tries_are_remembered(house: House) -> None:
    with house.world.work(OPERATOR) as work:
        made = cases.create(work, EndpointKind.CHAT, "https://chat.test/", owner=house.address("bo"))
    for number in range(103):
        house.wait(seconds=1)
        with house.world.work(OPERATOR) as work:
            delivery.note(work, made.id, str(number), TryOutcome(Fate.TAKEN), 1)
    with house.database.reading() as session:
        kept = endpoint_messages.attempts(session, made.id)
    assert [one.message for one in kept] == [str(number) for number in reversed(range(3, 103))]
