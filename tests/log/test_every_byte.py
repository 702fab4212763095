"""Whichever byte of a small log is changed, wherever it lies, the check finds it.

On SQLite, where an owner can put any bytes into any column; every event, value, node and retirement, column by column.
Every run tries another quarter of all bytes, some of each value; `make soak` tries them all. What is found depends on
the column and not on the place in it: an event's hash covers its columns whole, and types read them whole.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path
from random import randrange

import pytest
from hypothesis import settings
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from sharesync.errors import InvalidInput
from sharesync.formats import signed_note
from sharesync.formats.signed_note import Checkpoint, Signer
from sharesync.model.audit import ActorKind, By, Source
from sharesync.services import contacts, erasure, groups
from sharesync.services.log import keyring, proofs, retention
from sharesync.services.log.keyring import LogKey
from sharesync.services.log.verification import verify
from sharesync.store.database.engine import Session
from tests.store.stores import Store, card, opened

TABLES = ("events", "event_values", "log_nodes", "log_retirements")
FLIPS = (0x01, 0x20)
"""One that makes another letter or digit, one that makes another case, blank or sign."""


@pytest.fixture
def filled(migrated_file: Path, tmp_path: Path) -> Iterator[Store]:
    """A log with a retired beginning, an erased contact and values."""
    file = tmp_path / "small.db"
    shutil.copy(migrated_file, file)
    with opened(f"sqlite:///{file}") as database:
        store = Store(database)
        with store.work() as work:
            group = groups.create(work, "Customers").id
            groups.rename(work, group, "Clients")
        with store.reading() as session:
            note = proofs.checkpoint(session, keyring.signer(session, LogKey("sharesync/x.test")))
        with store.work() as work:
            retention.retire(work, retention.Retirable(0, 2, note), "ab" * 32)
        with store.work() as work:
            gone = contacts.create(work, group, card("Eva"))
            erasure.erase(work, gone, "asked for it")
        with store.work(By(ActorKind.SYSTEM, "operator", Source.WEB)) as work:
            contact = contacts.create(work, group, card("Ida", "ida"))
            contacts.edit(work, contact, card("Ida", "ida", "other"))
        yield store


def turned(raw: bytes, by: int) -> Iterator[bytes]:
    """The bytes with one changed, in turn; 0x20 only between words, where readers are forgiving."""
    stride = 1 if settings().max_examples > 1_000 else 4
    for at in range(randrange(min(stride, len(raw) or 1)), len(raw), stride):
        byte = raw[at]
        if by == 0x01 or not chr(byte).isalnum():
            yield raw[:at] + bytes([byte ^ by]) + raw[at + 1 :]


def flipped(value: object, by: int) -> Iterator[tuple[str, object]]:
    """The value with one byte changed, in turn, as SQL and its parameter."""
    match value:
        case None:
            yield ":new", "x"
        case int():
            yield ":new", value ^ by
        case str():
            for raw in turned(value.encode(), by):
                yield "CAST(:new AS TEXT)", raw
        case bytes():
            for raw in turned(value, by):
                yield ":new", raw
        case _:
            raise AssertionError(value)


def cells(session: Session, table: str) -> Iterator[tuple[int, str, object]]:
    names = [row[1] for row in session.execute(text(f"PRAGMA table_info({table})"))]
    for row in session.execute(text(f"SELECT rowid AS row_id, * FROM {table}")).all():
        for name, value in zip(names, row[1:], strict=True):
            yield row[0], name, value


def triggers_off(session: Session) -> None:
    session.execute(text("PRAGMA defer_foreign_keys = ON"))  # what hangs on an id hangs in the air, to the very end
    for (name,) in session.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
        session.execute(text(f"DROP TRIGGER {name}"))


@pytest.mark.timeout(600)  # thousands of checks
@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("by", FLIPS)
def test_a_byte_changed_anywhere_is_found(filled: Store, table: str, by: int) -> None:
    missed, tried = [], 0
    with filled.database.writing() as session:
        triggers_off(session)
        assert verify(session).findings == []
        for row, name, value in list(cells(session, table)):
            # Its key is what a row is found by: to change one back, the row's own number.
            for sql, new in flipped(value, by):
                key = new if name in ("seq", "size") and table in ("events", "log_retirements") else row
                try:
                    with session.begin_nested():
                        change = text(f"UPDATE {table} SET {name} = {sql} WHERE rowid = :row")
                        session.execute(change, {"new": new, "row": row})
                except IntegrityError:
                    continue  # there is one of this key already
                tried += 1
                if not verify(session).findings:
                    missed.append((table, row, name, new))
                session.execute(
                    text(f"UPDATE {table} SET {name} = :old WHERE rowid = :row"), {"old": value, "row": key}
                )
        assert verify(session).findings == []
        session.rollback()
    assert missed == []
    assert tried  # how many depends on where the stride began


@pytest.mark.parametrize("table", TABLES)
def test_a_row_removed_or_doubled_anywhere_is_found(filled: Store, table: str) -> None:
    with filled.database.writing() as session:
        triggers_off(session)
        for row in session.scalars(text(f"SELECT rowid FROM {table}")).all():
            point = session.begin_nested()
            session.execute(text(f"DELETE FROM {table} WHERE rowid = {row}"))
            assert verify(session).findings, (table, row)
            point.rollback()
        session.rollback()


def test_a_time_that_the_list_of_times_would_hide_is_found(filled: Store) -> None:
    with filled.database.writing() as session:
        session.execute(text("UPDATE log_spans SET last_at = '2026-03-01 00:00:00.000000'"))
        assert "The log's list of times leaves event 2 out." in verify(session).findings
        session.execute(text("UPDATE log_spans SET last_at = 'nonsense'"))
        assert verify(session).findings
        session.rollback()


def test_a_bit_changed_anywhere_in_a_checkpoint_is_found() -> None:
    key = Signer("sharesync/x.test", bytes(range(32)))
    note = key.sign(Checkpoint(key.name, 41, bytes(range(32)))).encode()
    assert signed_note.read(note.decode(), key.verifier()).size == 41
    missed = []
    for at in range(len(note)):
        for bit in range(8):
            changed = note[:at] + bytes([note[at] ^ 1 << bit]) + note[at + 1 :]
            try:
                signed_note.read(changed.decode(), key.verifier())
            except (InvalidInput, UnicodeDecodeError):
                continue
            missed.append((at, bit))
    assert missed == []
