"""Transactions: all or nothing, one snapshot, and no writer in another's way."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from sharesync.errors import SettingsError
from sharesync.model.access import Level
from sharesync.model.audit import Event
from sharesync.store.database import keys
from sharesync.store.database.engine import Database
from sharesync.store.database.tables import ContactRow, EventRow, PayloadRow, SecretRow
from sharesync.store.mailboxes import claims
from sharesync.store.records import contacts, groups
from sharesync.store.upgrading import upgrade
from tests.store.databases import BOTH
from tests.store.stores import DOMAIN, Store, card


class Mishap(Exception):
    pass


def test_a_transaction_that_ends_well_is_kept(store: Store) -> None:
    store.contact("c1")
    assert store.count(ContactRow) == 1


def test_a_transaction_that_raises_leaves_nothing_behind(store: Store) -> None:
    with pytest.raises(Mishap), store.work() as work:  # noqa: PT012 - the end of the block is what raises
        work.record(Event("contact.create", values={"names": (None, [{}])}))
        contacts.insert_contacts(work, [("c1", card(), "event")])
        raise Mishap
    assert (store.count(ContactRow), store.count(EventRow), store.count(PayloadRow)) == (0, 0, 0)


def test_a_change_and_its_events_are_one(store: Store) -> None:
    with store.work() as work:
        event = work.record(Event("contact.create", contact="c1", values={"names": (None, [{"givenName": "Ida"}])}))
        contacts.insert_contacts(work, [("c1", card(), event)])
    with store.reading() as session:
        assert session.scalars(select(EventRow.id)).one() == event
        payload = session.scalars(select(PayloadRow)).one()
        assert (payload.field, repr(payload.before), repr(payload.after)) == ("names", "None", "[{'givenName': 'Ida'}]")


def test_an_event_that_cannot_be_written_undoes_its_change(store: Store) -> None:
    with pytest.raises(DBAPIError), store.work() as work:  # noqa: PT012 - the end of the block is what raises
        contacts.insert_contacts(work, [("c1", card(), "event")])
        work.record(Event("contact.create"))
        work.new_id = lambda: f"{1:032x}"
        work.record(Event("contact.create"))
    assert store.count(ContactRow) == 0


def test_a_reading_transaction_sees_one_moment(store: Store) -> None:
    store.contact("c1")
    with store.reading() as session:
        assert len(session.scalars(select(ContactRow.id)).all()) == 1
        store.contact("c2")
        assert len(session.scalars(select(ContactRow.id)).all()) == 1
    assert store.count(ContactRow) == 2


@pytest.mark.parametrize("url", BOTH[1:], indirect=True)
def test_postgresql_compiles_no_statement_for_us(store: Store) -> None:
    with store.reading() as session:
        assert session.scalar(text("SHOW jit")) == "off"
    with store.work() as work:
        assert work.session.scalar(text("SHOW jit")) == "off"


def test_on_postgresql_a_reading_transaction_cannot_write(store: Store) -> None:
    if store.database.engine.dialect.name == "sqlite":
        with store.reading() as session:
            assert session.scalar(text("PRAGMA journal_mode")) == "wal"  # there a reader never waits for a writer
        return
    with pytest.raises(DBAPIError, match="read-only transaction"), store.reading() as session:
        session.execute(text("DELETE FROM contacts"))


def test_a_connection_that_the_server_ended_is_replaced(store: Store, url: str) -> None:
    assert store.count(ContactRow) == 0
    if url.startswith("postgresql"):
        other = Database(url)
        with other.reading() as session:
            session.execute(text(_END_OTHERS))
        other.close()
    assert store.count(ContactRow) == 0


_END_OTHERS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


def test_so_many_transactions_are_open_at_once_as_were_asked_for(url: str) -> None:
    database = Database(url, connections=20)
    with ExitStack() as open_at_once:
        for _ in range(20):
            open_at_once.enter_context(database.reading())
    database.close()


def test_foreign_keys_hold(store: Store) -> None:
    with pytest.raises(DBAPIError, match=r"(?i)foreign key"), store.work() as work:
        contacts.join(work, "no such group", ["no such contact"])


def test_many_threads_write_at_once_and_none_is_turned_away(store: Store) -> None:
    group = store.group("g")
    together = threading.Barrier(8)

    def write(number: int) -> None:
        together.wait()
        for turn in range(5):
            with store.work() as work:
                assert len(groups.members(work.session, group)) >= turn  # reads first, as use cases do
                contacts.insert_contacts(work, [(f"c{number}-{turn}", card(), "event")])
                contacts.join(work, group, [f"c{number}-{turn}"])

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(write, range(8)))
    with store.reading() as session:
        assert len(groups.members(session, group)) == 40


def test_threads_that_do_the_same_at_once_are_not_turned_away(company: Store) -> None:
    """Two passes accept the same move, two administrators grant the same: the second finds it done."""
    group, contact = company.group("g"), company.contact("c1")
    together = threading.Barrier(8)

    def write(_: int) -> None:
        together.wait()
        with company.work() as work:
            contacts.join(work, group, [contact])
            groups.set_grant(work, group, DOMAIN, Level.VIEW)
            claims.ensure(work)

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(write, range(8)))
    with company.reading() as session:
        assert groups.members(session, group) == [contact]
        assert len(claims.concerned(session)) == 4


def test_a_writer_does_not_wait_for_a_reader(store: Store) -> None:
    with store.reading() as session:
        session.scalars(select(ContactRow.id)).all()
        store.contact("c1")


def test_keys_are_made_once_and_stay(store: Store) -> None:
    with store.database.writing() as session:
        first = keys.get(session, "mark")
        keys.ensure(session)
        assert keys.get(session, "mark") == first
        assert len(first) == 32
    assert store.count(SecretRow) == len(keys.NAMES)


def test_a_database_that_was_never_set_up_says_what_to_do(store: Store) -> None:
    with store.database.writing() as session:
        session.execute(text("DELETE FROM secrets"))
    with store.reading() as session, pytest.raises(SettingsError, match="run `sharesync init` first"):
        keys.get(session, "mark")


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("not a url", "is not an SQLAlchemy URL"),
        ("mysql://localhost/x", "neither SQLite nor PostgreSQL"),
        ("sqlite:///{folder}", "cannot be opened"),
        ("sqlite:///{folder}/file/x.db", "cannot be made"),
    ],
)
def test_a_database_that_cannot_be_is_refused_in_one_sentence(url: str, words: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingsError, match=words) as refused:
        upgrade(Database(url.format(folder=tmp_path)))
    assert refused.value.variable == "SHARESYNC_DATABASE_URL"


def test_a_postgresql_that_does_not_answer_is_refused_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be opened"):
        upgrade(Database(f"postgresql+psycopg://nobody@/x?host={tmp_path}"))
