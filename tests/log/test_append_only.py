"""Both databases refuse to alter the log, whoever asks in SQL."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from sharesync.services import contacts
from sharesync.store.database import event_log
from sharesync.store.database.tables import PayloadRow
from tests.store.stores import Store, card

STATEMENTS = {
    "an event is changed": "UPDATE events SET actor = 'someone' WHERE seq = 0",
    "an event is removed": "DELETE FROM events WHERE seq = 0",
    "all events are removed": "DELETE FROM events",
    "a node is changed": "UPDATE log_nodes SET place = 7",
    "a node is removed": "DELETE FROM log_nodes",
    "a value is changed": "UPDATE event_values SET field = 'names'",
}
SQLITE = {
    "an event is replaced by its number": "INSERT OR REPLACE INTO events SELECT * FROM events WHERE seq = 0",
    "an event is replaced by its id": "INSERT OR REPLACE INTO events SELECT 99, id, format, at, action, actor_kind,"
    " actor, source, outcome, group_id, contact_id, mailbox_id, fields, before_version, after_version, reason, cause,"
    " pass_id, commitments, leaf FROM events WHERE seq = 0",
    "a node is replaced": "INSERT OR REPLACE INTO log_nodes SELECT * FROM log_nodes",
}
POSTGRESQL = {f"{table} is emptied": f"TRUNCATE {table} CASCADE" for table in ("events", "log_nodes", "event_values")}


def refuses(store: Store, statements: dict[str, str]) -> list[str]:
    """Which of them the database refuses for the log's sake."""
    return [what for what, statement in statements.items() if "append-only" in complaint(store, statement)]


def complaint(store: Store, statement: str) -> str:
    """What the database says to a statement."""
    try:
        with store.database.writing() as session:
            session.execute(text(statement))
    except DBAPIError as error:
        return str(error.orig)
    return ""


@pytest.fixture
def filled(store: Store) -> Store:
    store.group("g")
    with store.work() as work:
        for name in ("Ida", "Eva", "Ada"):
            contacts.create(work, "g", card(name))
    return store


def test_what_would_alter_the_log_is_refused(filled: Store) -> None:
    special = SQLITE if filled.database.engine.dialect.name == "sqlite" else POSTGRESQL
    with filled.database.reading() as session:
        before = list(event_log.everything(session))
    assert refuses(filled, STATEMENTS | special) == [*STATEMENTS, *special]
    with filled.database.reading() as session:
        assert list(event_log.everything(session)) == before


def test_values_can_be_erased(filled: Store) -> None:
    assert filled.count(PayloadRow) > 0
    with filled.database.writing() as session:
        session.execute(text("DELETE FROM event_values"))
    assert filled.count(PayloadRow) == 0
