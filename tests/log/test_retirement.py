"""Retiring the oldest events: an archive that proves itself, and a log that still verifies without them."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from sharesync.formats import signed_note
from sharesync.model import merkle
from sharesync.model.audit import OPERATOR
from sharesync.services import contacts, erasure
from sharesync.services.log import checkpoints, keyring, proofs, retention
from sharesync.services.log.keyring import LogKey
from sharesync.services.log.verification import verify
from sharesync.store.database import event_log
from sharesync.store.database.tables import EventRow, PayloadRow
from sharesync.store.queries import past
from tests.store.stores import Store, card
from tests.terminal import Sharesync
from tests.users import User
from tests.worlds import House


@pytest.fixture
def told(house: House, bo: User, data_dir: Path) -> House:
    """A House with some past, then a checkpoint, then a day later something new."""
    house.share("Customers", "Ada", "Grace", bo="edit")
    bo.pass_over()
    checkpoints.keep(replace(house.world, log_key=LogKey("sharesync/north.test"), checkpoints=data_dir / "checkpoints"))
    house.wait(days=1)
    house.put("Customers", "Edith")
    house.edit("Ada", note="new")
    return house


def at(house: House, **back: float) -> str:
    house.wait(**{span: -number for span, number in back.items()})
    moment = house.now()
    house.wait(**back)
    return moment.astimezone().strftime("%Y-%m-%dT%H:%M:%S")


@pytest.fixture
def covered(told: House, data_dir: Path) -> int:
    """How many events the checkpoint covers."""
    (file,) = checkpoints.kept(data_dir / "checkpoints")
    return int(file.stem)


def test_what_a_checkpoint_covers_goes_and_the_rest_verifies(
    told: House, covered: int, sharesync: Sharesync, tmp_path: Path
) -> None:
    file, size = tmp_path / "archive.jsonl", told.query("SELECT count(*) FROM events")[0][0]
    said = sharesync("audit", "retire", "--before", at(told, hours=1), "-o", str(file), "--json")
    assert (said.status, said.line) == (0, {"retired": covered, "below": covered})
    assert told.query("SELECT min(seq), max(seq) FROM events") == [(covered, size)]
    assert told.query("SELECT action FROM events WHERE seq = ?", size) == [("log.retire",)]
    assert told.query("SELECT count(*) FROM event_values WHERE event_id NOT IN (SELECT id FROM events)") == [(0,)]
    said = sharesync("audit", "verify", "--json")
    assert (said.status, said.line["findings"]) == (0, [])
    assert (said.line["retired"], said.line["size"], said.line["checkpoints"]) == (covered, size + 1, [covered])
    assert f"Events below {covered} were retired" in sharesync("audit", "verify").out


def test_the_archive_proves_itself_and_holds_no_values(
    told: House, covered: int, sharesync: Sharesync, tmp_path: Path
) -> None:
    file = tmp_path / "archive.jsonl"
    sharesync("audit", "retire", "--before", at(told, hours=1), "-o", str(file))
    key = sharesync("audit", "key").out
    assert sharesync("audit", "check", str(file), "--key", key, "--json").line["events"] == covered
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    assert [line["seq"] for line in lines[:-1]] == list(range(covered))
    assert "ada@" not in file.read_text()  # a hash in Base64 may spell Ada
    lines[2]["envelope"] = lines[2]["envelope"].replace("operator", "somebody")
    file.write_text("".join(json.dumps(line) + "\n" for line in lines))
    assert sharesync("audit", "check", str(file), "--key", key, "--json").line["wrong"] == [3]


def test_growth_since_any_older_checkpoint_is_proved_as_before(
    told: House, covered: int, sharesync: Sharesync, tmp_path: Path
) -> None:
    key, file = sharesync("audit", "key").out, tmp_path / "growth.jsonl"
    with told.database.reading() as session:
        signer = keyring.signer(session, LogKey("sharesync/north.test"))
        notes = [proofs.checkpoint(session, signer, size) for size in range(1, covered + 2)]
    sharesync("audit", "retire", "--before", at(told, hours=1), "-o", str(tmp_path / "archive.jsonl"))
    for note in notes:
        (tmp_path / "old.txt").write_text(note)
        file.write_text(sharesync("audit", "prove", "--from", str(tmp_path / "old.txt")).out)
        assert sharesync("audit", "check", str(file), "--key", key, "--json").line["growths"] == 1
    with told.database.reading() as session:
        points = [signed_note.read(note, signer.verifier()) for note in notes]
        assert set(verify(session, points).checked) == set(
            range(1, covered + 2)
        )  # what was retired has a note of its own, too


def test_a_second_retirement_takes_up_where_the_first_ended(
    told: House, covered: int, sharesync: Sharesync, data_dir: Path, tmp_path: Path
) -> None:
    sharesync("audit", "retire", "--before", at(told, hours=1), "-o", str(tmp_path / "one.jsonl"))
    checkpoints.keep(replace(told.world, log_key=LogKey("sharesync/north.test"), checkpoints=data_dir / "checkpoints"))
    told.wait(days=1)
    told.put("Customers", "Hedy")
    said = sharesync("audit", "retire", "--before", "2999-01-01", "-o", str(tmp_path / "two.jsonl"), "--json")
    first, *_, last = (json.loads(line) for line in (tmp_path / "two.jsonl").read_text().splitlines())
    assert (first["seq"], said.line["retired"]) == (covered, said.line["below"] - covered)
    key = sharesync("audit", "key").out
    assert sharesync("audit", "check", str(tmp_path / "two.jsonl"), "--key", key).status == 0
    assert sharesync("audit", "verify", "--json").line["retired"] == said.line["below"]
    assert "checkpoint" in last


def test_nothing_goes_without_a_checkpoint_from_before_then(told: House, sharesync: Sharesync, tmp_path: Path) -> None:
    file = tmp_path / "archive.jsonl"
    said = sharesync("audit", "retire", "--before", at(told, days=2), "-o", str(file), "--json")
    assert (said.status, said.line, file.exists()) == (0, {"retired": 0, "below": None}, False)


def test_a_dry_run_says_what_would_go(told: House, covered: int, sharesync: Sharesync) -> None:
    before = told.tables()
    said = sharesync("audit", "retire", "--before", at(told, hours=1), "--dry-run")
    assert said.out == f"Would retire {covered} events (those below {covered}).\n"
    assert told.tables() == before


def test_an_archive_is_never_written_over_and_always_named(told: House, sharesync: Sharesync, tmp_path: Path) -> None:
    file = tmp_path / "archive.jsonl"
    file.write_text("the only copy")
    said = sharesync("audit", "retire", "--before", "2999-01-01", "-o", str(file))
    assert (said.status, file.read_text()) == (1, "the only copy")
    assert sharesync("audit", "retire", "--before", "2999-01-01").status == 2


def test_a_legal_hold_keeps_what_it_speaks_of(told: House, sharesync: Sharesync, tmp_path: Path) -> None:
    with told.world.work(OPERATOR) as work:
        erasure.put_legal_hold(work, told.contact_id("Ada"), "case 7")
    said = sharesync("audit", "retire", "--before", at(told, hours=1), "-o", str(tmp_path / "archive.jsonl"))
    assert (said.status, "legal hold" in said.err) == (1, True)


def test_of_a_log_that_is_not_whole_nothing_is_retired(told: House, sharesync: Sharesync, tmp_path: Path) -> None:
    told.store.tamper("UPDATE events SET actor = 'someone' WHERE seq = 1")
    said = sharesync("audit", "retire", "--before", at(told, hours=1), "-o", str(tmp_path / "archive.jsonl"))
    assert (said.status, "not whole" in said.err) == (1, True)
    assert told.query("SELECT min(seq) FROM events") == [(0,)]


def test_the_group_still_stands_as_it_stood_and_further_back_is_refused(
    told: House, sharesync: Sharesync, tmp_path: Path
) -> None:
    moment = told.now()
    told.wait(hours=1)
    told.take("Customers", "Grace")
    told.put("Customers", "Hedy")
    group = told.group_id("Customers")

    def stood() -> set[str]:
        with told.database.reading() as session:
            return set(past.members(session, group, moment))

    before = stood()
    assert len(before) == 3
    sharesync("audit", "retire", "--before", at(told, hours=2), "-o", str(tmp_path / "archive.jsonl"))
    assert stood() == before
    said = sharesync("groups", "show", "Customers", "--at", at(told, hours=30))
    assert (said.status, "The log goes back to" in said.err) == (1, True)


def test_an_erasure_whose_event_was_retired_still_reaches_the_last_mailbox(
    told: House, bo: User, sharesync: Sharesync, data_dir: Path, tmp_path: Path
) -> None:
    bo.stars("Ada")
    with told.world.work(OPERATOR) as work:
        erasure.erase(work, told.contact_id("Ada"), "asked for it")
    checkpoints.keep(replace(told.world, log_key=LogKey("sharesync/north.test"), checkpoints=data_dir / "checkpoints"))
    told.wait(days=1)
    assert sharesync("audit", "retire", "--before", at(told, hours=1), "-o", str(tmp_path / "a.jsonl")).status == 0
    told.sync_until_quiet()
    assert bo.sees() == ["Edith", "Grace"]


# --- Both databases --------------------------------------------------------------------------------------------------


@pytest.fixture
def filled(store: Store) -> Store:
    store.group("g")
    with store.work() as work:
        for name in ("Ida", "Eva", "Ada"):
            contacts.create(work, "g", card(name))
    return store


def found(store: Store, size: int) -> retention.Retirable:
    with store.reading() as session:
        note = proofs.checkpoint(session, keyring.signer(session, LogKey("sharesync/x.test")), size)
    return retention.Retirable(0, size, note)


def complaint(store: Store, *statements: str) -> str:
    try:
        with store.database.writing() as session:
            for statement in statements:
                session.execute(text(statement))
    except DBAPIError as error:
        return str(error.orig)
    return ""


LEAVES = "INSERT INTO log_nodes SELECT 0, seq, leaf FROM events WHERE seq < 3"
REFUSED = {
    "an event above": ("DELETE FROM events WHERE seq = 4",),
    "a retirement without its leaves": ("INSERT INTO log_retirements VALUES (4, '2026-01-01', '', '')",),
    "a retirement taken back": ("DELETE FROM log_retirements",),
    "a retirement changed": ("UPDATE log_retirements SET size = 4",),
    "a smaller retirement": ("INSERT INTO log_retirements VALUES (2, '2026-01-01', '', '')",),
    "an older retirement made again": ("INSERT INTO log_retirements VALUES (3, '2026-01-01', '', '')",),
}


def test_both_databases_let_go_what_was_retired_and_refuse_all_else(filled: Store) -> None:
    assert "append-only" in complaint(filled, "DELETE FROM event_values", "DELETE FROM events WHERE seq = 0")
    with filled.work() as work:
        retention.retire(work, found(filled, 3), "0" * 64)
    refused = {what: "append-only" in complaint(filled, *statements) for what, statements in REFUSED.items()}
    assert refused == dict.fromkeys(REFUSED, True)
    with filled.reading() as session:
        verdict = verify(session)
    assert (verdict.findings, verdict.retired, verdict.size) == ([], 3, 7)


def fail_late(store: Store) -> None:
    """Everything is done, and then the transaction fails."""
    with store.work() as work:
        retention.retire(work, found(store, 3), "0" * 64)
        work.flush()
        raise ZeroDivisionError


def test_a_retirement_that_fails_half_way_takes_nothing(filled: Store) -> None:
    before = filled.count(EventRow), filled.count(PayloadRow)
    with pytest.raises(ZeroDivisionError):
        fail_late(filled)
    assert (filled.count(EventRow), filled.count(PayloadRow)) == before
    with filled.reading() as session:
        assert (verify(session).findings, event_log.start(session)) == ([], 0)


def test_events_that_went_without_a_word_in_the_log_are_found(filled: Store) -> None:
    size = filled.count(EventRow)
    assert not complaint(
        filled,
        LEAVES,
        "INSERT INTO log_retirements VALUES (3, '2026-01-01', '', '')",
        "DELETE FROM event_values WHERE event_id IN (SELECT id FROM events WHERE seq < 3)",
        "DELETE FROM events WHERE seq < 3",
    )
    with filled.reading() as session:
        assert "Events below 3 are gone, and no retirement in the log says so." in verify(session).findings
        assert merkle.root(size, event_log.nodes(session))
