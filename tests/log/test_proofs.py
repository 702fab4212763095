"""Proofs at the command line: made here, checked by a third party with nothing but the public key."""

import json
import socket
from pathlib import Path

import pytest

from tests.beginnings import begin
from tests.terminal import Sharesync
from tests.users import User
from tests.worlds import House


@pytest.fixture
def told(house: House, bo: User) -> House:
    """A House with a group in a mailbox."""

    def first() -> None:
        house.share("Customers", "Ada", "Grace", bo="edit")
        bo.pass_over()

    begin(house, "a group", by=first)
    return house


@pytest.fixture
def key(told: House, sharesync: Sharesync) -> str:
    return sharesync("audit", "key").out.strip()


@pytest.fixture
def old(told: House, sharesync: Sharesync, key: str, tmp_path: Path) -> Path:
    """A checkpoint of before some growth."""
    file = tmp_path / "old.txt"
    sharesync("audit", "checkpoint", "-o", str(file))
    told.put("Customers", "Edith", "Hedy")
    return file


def size_of(checkpoint: Path) -> int:
    return int(checkpoint.read_text().split("\n")[1])


def test_an_event_is_proved_to_a_third_party(
    told: House, sharesync: Sharesync, key: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "proof.jsonl"
    file.write_text(sharesync("audit", "prove", "4").out)
    monkeypatch.setenv("SHARESYNC_DATA_DIR", str(tmp_path / "none"))
    said = sharesync("audit", "check", str(file), "--key", key, "--json")
    assert (said.status, said.line["holds"], said.line["events"]) == (0, True, 1)
    assert not (tmp_path / "none").exists()
    file.write_text(file.read_text().replace("operator", "somebody"))
    said = sharesync("audit", "check", str(file), "--key", key)
    assert (said.status, said.out.splitlines()[0]) == (1, "Line 1 is not proved.")


def test_a_log_of_no_domain_keeps_its_name_on_another_machine(
    told: House, sharesync: Sharesync, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SHARESYNC_DOMAIN")
    here = sharesync("audit", "key").out
    monkeypatch.setattr(socket, "gethostname", lambda: "another-container")
    assert sharesync("audit", "key").out == here
    assert here.startswith("sharesync/")


def test_a_proof_of_what_is_not_there_is_refused(told: House, sharesync: Sharesync) -> None:
    missing = sharesync("audit", "prove", "4000")
    assert (missing.status, missing.err) == (1, "There is no event “4000”. `sharesync audit list` shows the latest.\n")
    assert sharesync("audit", "prove").status == sharesync("audit", "prove", "1", "--from", __file__).status == 2


def test_growth_is_proved_between_a_checkpoint_and_now_and_between_two(
    told: House, sharesync: Sharesync, key: str, old: Path, tmp_path: Path
) -> None:
    new, proof = tmp_path / "new.txt", tmp_path / "proof.jsonl"
    sharesync("audit", "checkpoint", "-o", str(new))
    told.put("Customers", "Jane")
    now = sharesync("audit", "prove", "--from", str(old)).out
    between = sharesync("audit", "prove", "--from", str(old), "--to", str(new)).out
    proof.write_text(now + between)
    assert size_of(old) < size_of(new) < json.loads(now)["to"]
    said = sharesync("audit", "check", str(proof), "--key", key, "--json")
    assert (said.status, said.line["growths"], said.line["wrong"]) == (0, 2, [])
    other = json.loads(between)
    other["proof"][0] = other["proof"][-1]
    proof.write_text(now + json.dumps(other) + "\n")
    said = sharesync("audit", "check", str(proof), "--key", key, "--json")
    assert (said.status, said.line["wrong"]) == (1, [2])


def test_verify_says_that_the_log_only_grew(told: House, sharesync: Sharesync, old: Path) -> None:
    said = sharesync("audit", "verify", "--checkpoint", str(old))
    assert f"The log only grew since old.txt: its first {size_of(old)} events are the same.\n" in said.out
    assert said.status == 0


def test_no_growth_is_proved_out_of_a_fork(told: House, sharesync: Sharesync, old: Path) -> None:
    size = size_of(old)
    told.store.tamper(
        f"DELETE FROM event_values WHERE event_id IN (SELECT id FROM events WHERE seq >= {size - 1})",
        f"DELETE FROM events WHERE seq >= {size - 1}",
        f"DELETE FROM log_nodes WHERE (place + 1) << level > {size - 1}",
    )
    said = sharesync("audit", "prove", "--from", str(old))
    assert (said.status, said.err) == (1, f"The log has {size - 1} events, the checkpoint {size}: the end is gone.\n")
    told.put("Customers", "Someone", "Other")
    said = sharesync("audit", "prove", "--from", str(old))
    assert (said.status, said.err) == (1, f"The checkpoint does not belong to the log's first {size} events.\n")
    said = sharesync("audit", "verify", "--checkpoint", str(old))
    assert (said.status, "only grew" in said.out) == (1, False)


def test_every_line_of_an_export_is_checked_and_says_what_its_envelope_says(
    told: House, sharesync: Sharesync, key: str, tmp_path: Path
) -> None:
    file = tmp_path / "log.jsonl"
    sharesync("audit", "export", "--proofs", "-o", str(file))
    lines = file.read_text().splitlines()
    assert sharesync("audit", "check", str(file), "--key", key, "--json").line["events"] == len(lines) - 1
    for number, name, value in ((3, "actor", "user:someone"), (4, "at", "2001-01-01T00:00:00+00:00"), (2, "seq", 9)):
        forged = [json.loads(line) for line in lines]
        forged[number - 1][name] = value
        file.write_text("".join(json.dumps(line) + "\n" for line in forged))
        assert sharesync("audit", "check", str(file), "--key", key, "--json").line["wrong"] == [number]


def test_another_logs_key_proves_nothing(told: House, sharesync: Sharesync, key: str, tmp_path: Path) -> None:
    file = tmp_path / "proof.jsonl"
    file.write_text(sharesync("audit", "prove", "1").out)
    told.store.change("UPDATE secrets SET value = ? WHERE name = 'log'", [bytes(32)])
    said = sharesync("audit", "check", str(file), "--key", sharesync("audit", "key").out)
    assert (said.status, said.err) == (1, "The checkpoint does not carry a valid signature of this log.\n")
    said = sharesync("audit", "check", str(file), "--key", "nonsense")
    assert (said.status, said.err) == (1, "This is no Ed25519 verifier key, as `sharesync audit key` prints it.\n")
    file.write_text("not json\n")
    said = sharesync("audit", "check", str(file), "--key", key)
    assert (said.status, said.err) == (1, "Line 1 is not a JSON object, as proofs are.\n")
    file.write_text("{}\n")
    said = sharesync("audit", "check", str(file), "--key", key)
    assert (said.status, said.err) == (1, "There is no checkpoint in this file, so nothing in it is proved.\n")
