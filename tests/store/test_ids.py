"""Ids are compared in the order in which they were made, also where the database sorts letters otherwise."""

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import literal, select

from sharesync.model.audit import ActorKind, By, Event, Source
from sharesync.store.database.engine import Database
from sharesync.store.database.ids import later
from sharesync.store.database.work import working
from sharesync.store.queries import deeds
from tests.store.stores import ANNA, NOW, Store

IDS = st.text("019abf", min_size=1, max_size=6)
BEGINNING = "0199f00000a"
"""Of the ids of one act. One that goes on with another a comes last in Danish."""


@given(one=IDS, other=IDS)
@example(one="0ab0", other="0aa1")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_later_id_is_the_one_whose_bytes_are_larger(database: Database, one: str, other: str) -> None:
    with database.reading() as session:
        assert session.scalar(select(later(literal(one), literal(other)))) is (one > other)


def test_a_deed_has_its_events_however_the_database_sorts(store: Store) -> None:
    deed, event = (f"{BEGINNING}{digit}".ljust(32, "0") for digit in "ab")
    by = By(ActorKind.USER, ANNA, Source.WEB)
    with working(store.database, lambda: NOW, by, lambda: event, deed) as work:
        work.record(Event("group.create", group="g"))
    with store.database.reading() as session:
        assert [did.id for did in deeds.of(session, deed)] == [event]
