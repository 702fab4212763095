"""The key that signs the log: moved out of the database, known by its public half, refused where it is another."""

import json
import sqlite3
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from sharesync.errors import InvalidInput, SettingsError
from sharesync.formats import signed_note
from sharesync.jobs.background import background
from sharesync.services.log import checkpoints
from sharesync.services.log.keyring import LogKey
from tests.terminal import Sharesync
from tests.worlds import House, make_key


@pytest.fixture
def told(house: House) -> House:
    """A House with a group."""
    house.share("Customers", "Ada", "Grace", bo="edit")
    return house


@pytest.fixture
def file(sharesync: Sharesync, tmp_path: Path) -> Path:
    """A key that was made and signs nothing yet."""
    file = tmp_path / "keys" / "log.pem"
    file.parent.mkdir()
    assert sharesync("audit", "key", "make", str(file)).status == 0
    return file


def name_it(monkeypatch: pytest.MonkeyPatch, file: Path) -> None:
    monkeypatch.setenv("SHARESYNC_LOG_KEY_FILE", str(file))


def test_a_key_is_made_for_its_owner_alone_and_never_over_another(sharesync: Sharesync, file: Path) -> None:
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    before = file.read_bytes()
    assert before.startswith(b"-----BEGIN PRIVATE KEY-----\n")
    said = sharesync("audit", "key", "make", str(file))
    assert (said.status, said.err) == (1, f"{file} cannot be made (File exists).\n")
    assert file.read_bytes() == before


def test_what_the_old_key_signed_holds_after_the_move(
    told: House, sharesync: Sharesync, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = tmp_path / "old.txt", tmp_path / "new.txt"
    sharesync("audit", "checkpoint", "-o", str(old))
    before = sharesync("audit", "key", "--json").line["verifier"]
    moved = sharesync("audit", "key", "move", str(file), "--json").line
    after = moved["verifier"]
    assert told.query("SELECT name FROM secrets WHERE name = 'log'") == []
    assert sharesync("audit", "key", "--json").line == {"verifier": after, "earlier": [before]}
    # without the file nothing is signed, and everything is checked
    said = sharesync("audit", "checkpoint")
    assert (said.status, said.out) == (2, "")
    assert "SHARESYNC_LOG_KEY_FILE" in said.err
    name_it(monkeypatch, file)
    sharesync("audit", "checkpoint", "-o", str(new))
    monkeypatch.delenv("SHARESYNC_LOG_KEY_FILE")
    said = sharesync("audit", "verify", "--checkpoint", str(old), "--checkpoint", str(new), "--json")
    assert (said.status, said.line["findings"]) == (0, [])
    assert said.line["proven"] == said.line["size"]
    assert said.line["checkpoints"] == [said.line["size"] - 1, said.line["size"]]
    # each signed its own
    assert signed_note.read(old.read_text(), before) != signed_note.read(new.read_text(), after)
    with pytest.raises(InvalidInput):
        signed_note.read(old.read_text(), after)
    with pytest.raises(InvalidInput):
        signed_note.read(new.read_text(), before)
    both = Path(moved["checkpoint"]).read_text()
    assert signed_note.read(both, before) == signed_note.read(both, after)
    assert told.query("SELECT action FROM events ORDER BY seq DESC LIMIT 1") == [("key.move",)]


def test_growth_over_a_move_is_proved_with_both_keys(
    told: House, sharesync: Sharesync, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, proof = tmp_path / "old.txt", tmp_path / "proof.jsonl"
    sharesync("audit", "checkpoint", "-o", str(old))
    before = sharesync("audit", "key").out.strip()
    after = sharesync("audit", "key", "move", str(file), "--json").line["verifier"]
    name_it(monkeypatch, file)
    proof.write_text(sharesync("audit", "prove", "--from", str(old)).out)
    said = sharesync("audit", "check", str(proof), "--key", before, "--key", after, "--json")
    assert (said.status, said.line["growths"]) == (0, 1)
    assert sharesync("audit", "check", str(proof), "--key", after).status == 1


def test_an_archive_is_checked_with_the_key_that_signed_its_checkpoint(
    told: House, sharesync: Sharesync, file: Path, tmp_path: Path
) -> None:
    old, archive = tmp_path / "old.txt", tmp_path / "archive.jsonl"
    sharesync("audit", "checkpoint", "-o", str(old))
    before = sharesync("audit", "key").out.strip()
    moved = sharesync("audit", "key", "move", str(file), "--json").line
    Path(moved["checkpoint"]).unlink()  # the new key signed that one, too
    words = ("--before", "2999-01-01", "--checkpoint", str(old), "-o", str(archive))
    assert sharesync("audit", "retire", *words).status == 0
    assert json.loads(archive.read_text().splitlines()[-1])["verifier"] == before
    assert sharesync("audit", "check", str(archive), "--key", before).status == 0
    assert sharesync("audit", "verify").status == 0


def test_a_log_of_no_domain_keeps_its_name_when_its_key_moves(
    told: House, sharesync: Sharesync, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SHARESYNC_DOMAIN")
    before = sharesync("audit", "key").out.partition("+")[0]
    sharesync("audit", "key", "move", str(file))
    assert sharesync("audit", "key").out.partition("+")[0] == before


def test_a_key_moves_on_from_file_to_file_and_never_back(
    told: House, sharesync: Sharesync, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sharesync("audit", "key", "move", str(file))
    name_it(monkeypatch, file)
    second = tmp_path / "second.pem"
    sharesync("audit", "key", "make", str(second))
    assert sharesync("audit", "key", "move", str(second)).status == 0
    name_it(monkeypatch, second)
    assert len(sharesync("audit", "key", "--json").line["earlier"]) == 2
    said = sharesync("audit", "key", "move", str(file))
    assert (said.status, "is or was signed with the key" in said.err) == (1, True)
    assert sharesync("audit", "verify").status == 0


def test_a_new_start_makes_no_new_key_in_the_database(told: House, sharesync: Sharesync, file: Path) -> None:
    sharesync("audit", "key", "move", str(file))
    assert sharesync("init").status == 0
    assert told.query("SELECT name FROM secrets WHERE name = 'log'") == []


def test_nothing_of_the_old_key_is_left_in_the_databases_files(
    sharesync: Sharesync, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = tmp_path / "store"
    store.mkdir()
    monkeypatch.setenv("SHARESYNC_DATABASE_URL", f"sqlite:///{store / 'new.db'}")
    sharesync("init")

    with sqlite3.connect(store / "new.db") as connection:
        ((seed,),) = connection.execute("SELECT value FROM secrets WHERE name = 'log'")
    connection.close()
    assert seed in (store / "new.db").read_bytes()
    assert sharesync("audit", "key", "move", str(file)).status == 0
    assert not any(seed in left.read_bytes() for left in store.iterdir())


@pytest.mark.parametrize("what", ["nothing", "no key", "another kind", "another key"])
def test_a_file_that_does_not_hold_the_logs_key_is_refused(
    told: House,
    sharesync: Sharesync,
    file: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    what: str,
) -> None:
    named = tmp_path / "named.pem"
    if what == "no key":
        named.write_text("hello\n")
    elif what == "another kind":
        named.write_text(make_key())
    elif what == "another key":
        named = file
    name_it(monkeypatch, named)
    said = sharesync("audit", "checkpoint")
    assert (said.status, said.out, said.err.count("\n")) == (2, "", 1)
    assert said.err.startswith(f"SHARESYNC_LOG_KEY_FILE names {named}, ")
    assert sharesync("audit", "verify").status == 0
    found = {line["check"]: line for line in sharesync("doctor", "--json").lines}
    assert found["log key"]["problem"] + "\n" == said.err
    # the service does not start with it
    world = replace(told.world, log_key=LogKey(file=named), checkpoints=tmp_path / "points")
    with pytest.raises(SettingsError, match="SHARESYNC_LOG_KEY_FILE"), background(world, directory_every=60):
        pass


def test_the_clock_signs_with_the_file(told: House, sharesync: Sharesync, file: Path, tmp_path: Path) -> None:
    after = sharesync("audit", "key", "move", str(file), "--json").line["verifier"]
    log_key = LogKey(after.partition("+")[0], file)
    place = checkpoints.keep(replace(told.world, log_key=log_key, checkpoints=tmp_path / "points"))
    assert place
    assert signed_note.read(place.read_text(), after).size == int(place.stem)


def test_doctor_says_who_else_can_read_the_key(
    told: House, sharesync: Sharesync, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sharesync("audit", "key", "move", str(file))
    name_it(monkeypatch, file)
    found = {line["check"]: line for line in sharesync("doctor", "--json").lines}
    assert found["log key"]["found"].startswith(f"{file} holds the log's key ")
    file.chmod(0o644)
    found = {line["check"]: line for line in sharesync("doctor", "--json").lines}
    assert str(file) in found["files"]["problem"]
