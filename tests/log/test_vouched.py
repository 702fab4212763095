"""A contact that was changed in the database behind the log's back is found, and so is a trigger that is gone."""

import pytest
from sqlalchemy import text

from sharesync.services import contacts, erasure, groups
from sharesync.store.database.keys import ensure
from tests.log.test_tampering import as_owner, check
from tests.store.stores import Store, card


@pytest.fixture
def ida(store: Store) -> str:
    """A contact of three versions."""
    with store.database.writing() as session:
        ensure(session)
    with store.work() as work:
        group = groups.create(work, "Customers").id
    with store.work() as work:
        contact = contacts.create(work, group, card("Ida", "ida@x.test"))
    for address in ("holm@x.test", "i.holm@x.test"):
        with store.work() as work:
            contacts.edit(work, contact, card("Ida", address))
    assert check(store).whole
    return contact


ACTS = {
    "an earlier version's card": (
        "UPDATE contact_versions SET card = replace(CAST(card AS TEXT), 'holm@x', 'evil@x') WHERE version = 2",
        "Version 2 of contact {ida} is not what the log says.",
    ),
    "the newest card, here and in its version": (
        (
            "UPDATE contact_versions SET card = replace(CAST(card AS TEXT), 'i.holm@x', 'evil@x') WHERE version = 3;"
            "UPDATE contacts SET card = replace(CAST(card AS TEXT), 'i.holm@x', 'evil@x')"
        ),
        "Version 3 of contact {ida} is not what the log says.",
    ),
    "the newest card alone": (
        "UPDATE contacts SET card = replace(CAST(card AS TEXT), 'i.holm@x', 'evil@x')",
        "Contact {ida} does not stand as its newest version says.",
    ),
    "a version is taken back": (
        (
            "DELETE FROM contact_versions WHERE version = 3; UPDATE contacts SET version = 2,"
            " card = (SELECT card FROM contact_versions WHERE version = 2)"
        ),
        "What event 4 made of contact {ida} is gone.",
    ),
    "a version that nobody made": (
        (
            "INSERT INTO contact_versions (id, contact_id, version, kind, card, at, event_id) SELECT 99, contact_id, 4,"
            " kind, card, at, 'never' FROM contact_versions WHERE version = 3; UPDATE contacts SET version = 4"
        ),
        "Version 4 of contact {ida} belongs to no event of the log.",
    ),
    "another's event for a version": (
        "UPDATE contact_versions SET event_id = (SELECT id FROM events WHERE seq = 0) WHERE version = 2",
        "Version 2 of contact {ida} is not what the log says.",
    ),
    "it counts as erased": (
        "UPDATE contacts SET erased_at = changed_at",
        "Contact {ida} counts as erased, and no erasure says why.",
    ),
}


@pytest.mark.parametrize("act", ACTS)
def test_what_an_owner_does_to_a_contact_is_found(store: Store, ida: str, act: str) -> None:
    statements, finding = ACTS[act]
    as_owner(store, *_for(store, statements))
    assert finding.format(ida=ida) in check(store).findings


def _for(store: Store, statements: str) -> list[str]:
    """PostgreSQL keeps cards as JSON and takes no text for one."""
    if store.database.engine.dialect.name == "sqlite":
        return statements.split(";")
    kind = "jsonb" if _column_type(store) == "jsonb" else "json"
    return [_cast(one, kind) if "SET card = replace" in one else one for one in statements.split(";")]


def _cast(statement: str, kind: str) -> str:
    head, where, tail = statement.partition(" WHERE ")
    return f"{head.replace('= replace', '= (replace')})::{kind}{where}{tail}"


def _column_type(store: Store) -> str:
    with store.reading() as session:
        query = (
            "SELECT data_type FROM information_schema.columns WHERE table_name = 'contacts' AND column_name = 'card'"
        )
        return str(session.scalar(text(query)))


def test_a_contact_that_was_erased_is_excused(store: Store, ida: str) -> None:
    with store.work() as work:
        erasure.erase(work, ida, "asked for it")
    assert check(store).told == []


def test_a_trigger_that_is_gone_is_told_of(store: Store, ida: str) -> None:
    with store.database.writing() as session:
        sqlite = store.database.engine.dialect.name == "sqlite"
        session.execute(text("DROP TRIGGER events_no_update" + ("" if sqlite else " ON events")))
    verdict = check(store)
    assert not verdict.whole
    assert verdict.told == ["The trigger events_no_update, which keeps the log as it is, is gone."]


def test_a_trigger_that_is_switched_off_is_told_of(store: Store, ida: str) -> None:
    if store.database.engine.dialect.name == "sqlite":
        pytest.skip("it has no such switch")
    with store.database.writing() as session:
        session.execute(text("ALTER TABLE log_nodes DISABLE TRIGGER log_nodes_no_delete"))
    assert check(store).unguarded == ["log_nodes_no_delete"]


def test_no_trigger_is_missed(store: Store) -> None:
    """Every trigger that the migrations make is looked for."""
    sqlite = store.database.engine.dialect.name == "sqlite"
    query = (
        "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'"
        if sqlite
        else "SELECT tgname, relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid WHERE NOT tgisinternal"
    )
    with store.database.writing() as session:
        triggers = sorted((row[0], row[1]) for row in session.execute(text(query)))
        for name, table in triggers:
            session.execute(text(f"DROP TRIGGER {name}" + ("" if sqlite else f" ON {table}")))
    assert check(store).unguarded == [name for name, _ in triggers]
