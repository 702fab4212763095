"""The time that processes share is the database's, however wrong a machine's own clock is."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select

from sharesync.store.database import shared_time
from sharesync.store.database.engine import Database
from sharesync.store.database.shared_time import SharedTime

WRONG = datetime(2001, 1, 1, tzinfo=UTC)


def test_it_is_the_databases_where_that_is_a_server(database: Database) -> None:
    told = SharedTime(database, lambda: WRONG)
    if not database.numbers_later:
        assert told() == WRONG
        return
    with database.reading() as session:
        before = session.scalar(select(func.clock_timestamp()))
    between = told(), told()
    with database.reading() as session:
        after = session.scalar(select(func.clock_timestamp()))
    assert before is not None
    assert after is not None
    assert before - timedelta(milliseconds=50) <= between[0] <= between[1] <= after + timedelta(milliseconds=50)


def test_a_server_that_is_away_leaves_the_last_word_or_the_machines_own(database: Database) -> None:
    if not database.numbers_later:
        return
    away = Database(database.engine.url.set(database="nowhere").render_as_string(hide_password=False))
    assert SharedTime(away, lambda: WRONG)() == WRONG
    told = SharedTime(database, lambda: WRONG)
    first = told()
    told._database = away
    told._told = (told._told[0], told._told[1] - 2 * shared_time.EVERY) if told._told else None
    assert told() > first
    away.close()
