"""How often mailboxes are read: soon after somebody did something, ever more seldom after that."""

from datetime import UTC, datetime, timedelta

import pytest

from sharesync.sync.polling import until_next_reading

NOW = datetime(2026, 1, 1, tzinfo=UTC)
SHORTEST, LONGEST = timedelta(minutes=5), timedelta(hours=2)


@pytest.mark.parametrize(
    ("ago", "span"),
    [
        (timedelta(), SHORTEST),
        (timedelta(minutes=50), SHORTEST),
        (timedelta(hours=5), timedelta(minutes=30)),
        (timedelta(days=1), LONGEST),
        (None, LONGEST),
    ],
)
def test_the_longer_ago_something_was_done_the_seldomer_it_is_looked_for(
    ago: timedelta | None, span: timedelta
) -> None:
    assert until_next_reading(None if ago is None else NOW - ago, NOW, SHORTEST, LONGEST) == span


def test_where_the_longest_is_the_shortest_every_mailbox_is_read_as_often() -> None:
    for days in range(10):
        assert until_next_reading(NOW - timedelta(days=days), NOW, SHORTEST, SHORTEST) == SHORTEST
