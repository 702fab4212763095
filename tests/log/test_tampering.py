"""Whatever a database's owner does to the log, `verify` finds it; what lawful work does to it, it lets pass."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from sharesync.formats import signed_note
from sharesync.formats.signed_note import Checkpoint
from sharesync.model.audit import OPERATOR, Event
from sharesync.services import contacts, erasure, groups
from sharesync.services.log import keyring, proofs
from sharesync.services.log.keyring import LogKey
from sharesync.services.log.verification import LogVerdict, verify
from sharesync.store.database import event_log
from sharesync.store.database.engine import Database
from sharesync.store.database.keys import ensure
from sharesync.store.database.tables import EventRow
from sharesync.store.database.work import working
from sharesync.store.queries import events
from sharesync.store.queries.events import LoggedFilter
from tests.store.stores import Store, card


def sign(store: Store) -> Checkpoint:
    """A checkpoint of the log as it stands, read back from its signed form."""
    with store.reading() as session:
        key = keyring.signer(session, LogKey("sharesync/x.test"))
        return signed_note.read(proofs.checkpoint(session, key), key.verifier())


def check(store: Store, *points: Checkpoint) -> LogVerdict:
    with store.reading() as session:
        return verify(session, points)


def as_owner(store: Store, *statements: str) -> None:
    """Whatever a database's owner likes to do: triggers are no obstacle to them."""
    with store.database.writing() as session:
        if store.database.engine.dialect.name == "sqlite":
            for (name,) in session.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
                session.execute(text(f"DROP TRIGGER {name}"))
        else:
            session.execute(text("SET LOCAL session_replication_role = replica"))
        for statement in statements:
            session.execute(text(statement))


@pytest.fixture
def filled(store: Store) -> Store:
    """A store whose log has eleven events or so."""
    with store.database.writing() as session:
        ensure(session)
    with store.work() as work:
        group = groups.create(work, "Customers").id
    for name in ("Ida", "Eva", "Ada"):
        with store.work() as work:
            contact = contacts.create(work, group, card(name))
            contacts.edit(work, contact, card(name, f"{name}@x.test"))
    return store


def test_a_log_that_nobody_touched_is_whole(filled: Store) -> None:
    point = sign(filled)
    verdict = check(filled, point)
    assert (verdict.findings, verdict.checked, verdict.size) == ([], [point.size], 10)


COLUMNS = {
    "id": "'other'",
    "format": "9",
    "at": "'2001-01-01 00:00:00'",
    "action": "'group.delete'",
    "actor": "'someone'",
    "actor_kind": "'mailbox'",
    "source": "'web'",
    "outcome": "'failed'",
    "group_id": "'other'",
    "contact_id": "'other'",
    "mailbox_id": "'other'",
    "fields": "'[\"other\"]'",
    "before_version": "7",
    "after_version": "7",
    "reason": "'other'",
    "cause": "'other'",
    "pass_id": "'other'",
    "commitments": "'{}'",
}


@pytest.mark.parametrize("column", COLUMNS)
def test_a_change_of_any_column_is_found(filled: Store, column: str) -> None:
    seq = 2 if column == "id" else 4  # values hang on an id, and SQLite would not let it go
    as_owner(filled, f"UPDATE events SET {column} = {COLUMNS[column]} WHERE seq = {seq}")
    assert f"Event {seq} was changed." in check(filled).findings


def test_every_column_is_tried() -> None:
    assert COLUMNS.keys() | {"seq", "leaf"} == set(event_log.COLUMNS)


ACTS: dict[str, tuple[tuple[str, ...], str]] = {
    "a leaf is changed": (
        ("UPDATE events SET leaf = (SELECT leaf FROM events WHERE seq = 0) WHERE seq = 4",),
        "Event 4 was changed.",
    ),
    "an event is removed": (
        (
            "DELETE FROM event_values WHERE event_id = (SELECT id FROM events WHERE seq = 4)",
            "DELETE FROM events WHERE seq = 4",
        ),
        "Event 4 is missing.",
    ),
    "two events are swapped": (
        (
            "UPDATE events SET seq = 99 WHERE seq = 4",
            "UPDATE events SET seq = 4 WHERE seq = 5",
            "UPDATE events SET seq = 5 WHERE seq = 99",
        ),
        "Event 4 was changed.",
    ),
    "an event is inserted": (
        (
            "UPDATE events SET seq = seq + 100 WHERE seq >= 4",
            "UPDATE events SET seq = seq - 99 WHERE seq >= 100",
            (
                "INSERT INTO events SELECT 4, 'new', format, at, action, actor_kind, actor, source, outcome, group_id,"
                " contact_id, mailbox_id, fields, before_version, after_version, reason, cause, pass_id, commitments,"
                " leaf FROM events WHERE seq = 3"
            ),
        ),
        "Event 4 was changed.",
    ),
    "a node is changed": (
        ("UPDATE log_nodes SET hash = (SELECT leaf FROM events WHERE seq = 0) WHERE level = 3",),
        "The log's tree does not belong to its events.",
    ),
    "a node is removed": (("DELETE FROM log_nodes WHERE level = 3",), "The log's tree does not belong to its events."),
    "a value is changed": (
        (
            (
                "UPDATE event_values SET after = before WHERE event_id = (SELECT id FROM events WHERE seq = 1)"
                " AND field = 'names'"
            ),
        ),
        "Values of event 1 were changed (names).",
    ),
    "a salt is changed": (
        (
            (
                "UPDATE event_values SET salt = (SELECT leaf FROM events WHERE seq = 0)"
                " WHERE event_id = (SELECT id FROM events WHERE seq = 1) AND field = 'names'"
            ),
        ),
        "Values of event 1 were changed (names).",
    ),
    "a value is put where none was": (
        (
            (
                "INSERT INTO event_values SELECT e.id, v.field, v.salt, v.before, v.after FROM events e, event_values v"
                " WHERE e.seq = 2 AND v.event_id = (SELECT id FROM events WHERE seq = 1) AND v.field = 'names'"
            ),
        ),
        "Event 2 has values that it does not vouch for (names).",
    ),
}


@pytest.mark.parametrize("act", ACTS)
def test_what_an_owner_does_inside_the_database_is_found(filled: Store, act: str) -> None:
    statements, finding = ACTS[act]
    as_owner(filled, *statements)
    assert finding in check(filled).findings


def cut(store: Store, size: int) -> None:
    """Cut the log off after so many events, tidily; none of them a contact's, which stands in its versions, too."""
    as_owner(
        store,
        f"DELETE FROM event_values WHERE event_id IN (SELECT id FROM events WHERE seq >= {size})",
        f"DELETE FROM events WHERE seq >= {size}",
        f"DELETE FROM log_nodes WHERE (place + 1) * (1 << level) > {size}",
    )


def make_groups(store: Store, *names: str) -> None:
    for name in names:
        with store.work() as work:
            groups.create(work, name)


def test_a_tidily_cut_tail_is_found_by_a_checkpoint_alone(filled: Store) -> None:
    make_groups(filled, "One", "Two", "Three")
    point = sign(filled)
    cut(filled, 10)
    assert check(filled).findings == []
    assert check(filled, point).findings == ["The log has 10 events, the checkpoint 13: the end is gone."]


def test_a_log_written_anew_from_some_point_is_found_by_a_checkpoint(filled: Store) -> None:
    make_groups(filled, "One", "Two", "Three")
    point = sign(filled)
    cut(filled, 10)
    make_groups(filled, *(f"Group {number}" for number in range(5)))
    assert check(filled).findings == []
    assert check(filled, point).findings == ["The checkpoint does not belong to the log's first 13 events."]


def test_an_erasure_that_is_only_written_into_the_log_excuses_nothing(filled: Store) -> None:
    contact = contact_of(filled)
    with filled.work() as work:
        work.record(Event("contact.erase", contact=contact, reason="never happened"))
    as_owner(
        filled,
        f"DELETE FROM event_values WHERE event_id IN (SELECT id FROM events WHERE contact_id = '{contact}')",
    )
    assert check(filled).findings == [f"Values of {contact} are gone; the log says that it was erased, and it was not."]
    with filled.work() as work:
        erasure.erase(work, contact, "asked for it")
    assert (check(filled).findings, check(filled).erased) == ([], [contact])


def contact_of(store: Store) -> str:
    """A contact that the log speaks of."""
    with store.reading() as session:
        return str(session.scalar(select(EventRow.contact_id).where(EventRow.contact_id.is_not(None)).limit(1)))


def test_an_index_that_hides_an_event_from_lists_is_found(filled: Store) -> None:
    if filled.database.engine.dialect.name != "sqlite":
        pytest.skip("its indexes cannot be written by hand")
    contact, index = contact_of(filled), "ix_events_contact_id_seq"
    before = listed(filled, contact)
    as_owner(
        filled,
        f"DROP INDEX {index}",
        f"CREATE INDEX {index} ON events (contact_id, seq) WHERE seq > 1",
        "PRAGMA writable_schema = ON",
        f"UPDATE sqlite_master SET sql = 'CREATE INDEX {index} ON events (contact_id, seq)' WHERE name = '{index}'",
        "PRAGMA writable_schema = RESET",
    )
    filled.database.close()
    assert listed(filled, contact) == before[:-1]
    assert check(filled).findings == [
        "An index leads past events or values that are there; lists and searches leave them out."
    ]


def listed(store: Store, contact: str) -> list[int]:
    """The numbers of a contact's events, as lists show them."""
    with store.reading() as session:
        return [event["seq"] for event in events.page(session, LoggedFilter(contact=contact)).events]


def test_a_clock_that_is_set_back_changes_no_order(filled: Store) -> None:
    before = check(filled).size
    filled.now -= timedelta(days=400)
    with filled.work() as work:
        groups.create(work, "Earlier")
    with filled.reading() as session:
        newest = session.execute(select(EventRow.seq, EventRow.action).order_by(EventRow.seq.desc()).limit(1)).one()
    assert (newest.seq, newest.action) == (before, "group.create")
    assert check(filled).findings == []


def fail_late(store: Store) -> None:
    """Events are numbered, and then the transaction fails."""
    with store.work() as work:
        groups.create(work, "Never")
        work.flush()
        raise ZeroDivisionError


def test_what_fails_before_its_end_leaves_neither_event_nor_gap(filled: Store) -> None:
    before = check(filled).size
    with pytest.raises(ZeroDivisionError):
        fail_late(filled)
    with filled.work() as work:
        groups.create(work, "After")
    assert (check(filled).size, check(filled).findings) == (before + 1, [])


def test_a_hundred_writers_at_once_leave_no_gap(filled: Store, database: Database) -> None:
    before, failures = check(filled).size, []
    ids = filled.ids

    def write(number: int) -> None:
        try:
            with working(database, lambda: filled.now, OPERATOR, lambda: f"w{number:03}-{next(ids):032x}") as work:
                work.record(Event("group.limit", reason=f"writer {number}"))
        except Exception as failure:
            failures.append(failure)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(100)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    verdict = check(filled)
    assert (verdict.size, verdict.findings) == (before + 100, [])
