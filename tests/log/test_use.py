"""The change log at the command line: read, exported, proved, held against checkpoints."""

import csv
import json
import re
from base64 import b64decode
from dataclasses import replace
from pathlib import Path

import pytest

from sharesync.formats import signed_note
from sharesync.model import merkle
from sharesync.services.log import checkpoints
from sharesync.services.log.keyring import LogKey
from tests.beginnings import begin
from tests.terminal import Sharesync
from tests.users import User
from tests.worlds import House

SHAPE = ("seq", "id", "at", "action", "source", "actor", "outcome", "group", "contact", "fields", "cause")


@pytest.fixture
def told(house: House, bo: User) -> House:
    """A House in which a number was changed in a mailbox."""

    def first() -> None:
        house.share("Customers", "Ada", "Grace", bo="edit")
        bo.pass_over()
        bo.edits("Ada", phones=["+45 33 12 34 56"])
        bo.pass_over()

    begin(house, "a number changed", by=first)
    return house


def test_an_auditor_finds_who_changed_a_number_from_where(told: House, sharesync: Sharesync) -> None:
    line = sharesync("audit", "list", "--contact", told.contact_id("Ada"), "--action", "contact.update", "--json").line
    assert tuple(line)[: len(SHAPE)] == SHAPE
    assert (line["actor"], line["source"], line["outcome"]) == (f"mailbox:{told.users['bo'].id}", "google", "ok")
    assert (line["fields"], line["contact"]) == (["phoneNumbers"], told.contact_id("Ada"))


def test_people_read_names_as_they_were_then_and_programs_ids(told: House, sharesync: Sharesync) -> None:
    told.wait(seconds=1)
    told.edit("Ada", given="Augusta")
    read = sharesync("audit", "list", "--action", "contact").out
    assert re.search(r"contact\.update .* Bo Bøgh .* Ada .* phoneNumbers", read)
    assert re.search(r"contact\.create .* operator .* Customers .* Ada ", read)
    granted = sharesync("audit", "list", "--action", "grant.set").out
    assert re.search(r"grant\.set .* Customers .* Bo Bøgh: nothing -> edit", granted)
    everything = sharesync("audit", "list").out
    assert not re.search(r"\b[0-9a-f]{32}\b|user:|mailbox:", everything)


def test_each_filter_leaves_only_what_it_asks_for(told: House, sharesync: Sharesync) -> None:
    def found(*words: str) -> list[str]:
        return [line["action"] for line in sharesync("audit", "list", "--json", *words).lines]

    assert set(found("--group", "Customers")) >= {"group.create", "group.add"}
    assert found("--actor", "bo@north.test", "--action", "contact") == ["contact.update"]
    assert set(found("--mailbox", "bo@north.test", "--source", "sync")) == {
        "mailbox.send",
        "person.create",
        "label.create",
    }
    assert found("--text", "33 12 34") == ["contact.update"]
    assert found("--outcome", "denied") == []
    assert found("--until", "2001-01-01") == []
    assert len(found("--since", "2001-01-01")) > 5


def test_pages_follow_one_another_whatever_is_written_meanwhile(told: House, sharesync: Sharesync) -> None:
    whole = [line["seq"] for line in sharesync("audit", "list", "--json").lines]
    first = [line["seq"] for line in sharesync("audit", "list", "--json", "--limit", "3").lines]
    told.put("Customers", "Edith")
    second = [line["seq"] for line in sharesync("audit", "list", "--json", "--before", str(first[-1])).lines]
    assert whole == list(range(whole[0], -1, -1))
    assert second == list(range(first[-1] - 1, -1, -1))


def test_who_reads_or_exports_the_log_is_in_it_without_what_they_searched_for(
    told: House, sharesync: Sharesync, tmp_path: Path
) -> None:
    sharesync("audit", "list", "--text", "Lovelace")
    sharesync("audit", "export", "-o", str(tmp_path / "log.jsonl"))
    assert [one["reason"] for one in told.events("log.read")] == ["by text: 0 events"]
    assert [one["reason"] for one in told.events("log.export")] == ["all as jsonl"]


def test_every_exported_line_is_proved_by_the_last(told: House, sharesync: Sharesync) -> None:
    *lines, last = sharesync("audit", "export", "--proofs").lines
    point = signed_note.read(last["checkpoint"], last["verifier"])
    assert [line["seq"] for line in lines] == list(range(point.size))
    for line in lines:
        leaf = merkle.leaf_hash(line["envelope"].encode())
        assert merkle.check_inclusion(leaf, line["seq"], point.size, list(map(b64decode, line["proof"])), point.root)
        assert json.loads(line["envelope"])["id"] == line["id"]


def test_exports_open_as_a_table_and_in_a_security_tool(told: House, sharesync: Sharesync, tmp_path: Path) -> None:
    file = tmp_path / "log.csv"
    assert sharesync("audit", "export", "--format", "csv", "-o", str(file)).status == 0
    rows = list(csv.DictReader(file.read_text(encoding="utf-8").splitlines()))
    lines = sharesync("audit", "export", "--format", "ocsf").lines
    assert [row["id"] for row in rows] == [line["metadata"]["uid"] for line in lines[: len(rows)]]
    assert all(line["type_uid"] == line["class_uid"] * 100 + line["activity_id"] for line in lines)
    update = next(line for line in lines if line["unmapped"]["action"] == "contact.update")
    assert (update["activity_id"], update["entity"]["uid"]) == (3, told.contact_id("Ada"))


def test_a_whole_log_is_told_whole(told: House, sharesync: Sharesync, tmp_path: Path) -> None:
    file = tmp_path / "kept.txt"
    assert sharesync("audit", "checkpoint", "-o", str(file)).status == 0
    told.put("Customers", "Edith")
    said = sharesync("audit", "verify", "--checkpoint", str(file), "--json")
    size = int(file.read_text().split("\n")[1])
    assert (said.status, said.line["whole"], said.line["checkpoints"]) == (0, True, [size])
    assert said.line["size"] > size


def test_a_cut_tail_is_found_by_a_checkpoint_kept_elsewhere(told: House, sharesync: Sharesync, tmp_path: Path) -> None:
    file = tmp_path / "kept.txt"
    sharesync("groups", "create", "Later")
    sharesync("audit", "checkpoint", "-o", str(file))
    size = int(file.read_text().split("\n")[1])
    told.store.tamper(
        f"DELETE FROM event_values WHERE event_id IN (SELECT id FROM events WHERE seq >= {size - 1})",
        f"DELETE FROM events WHERE seq >= {size - 1}",
        f"DELETE FROM log_nodes WHERE (place + 1) << level > {size - 1}",
    )
    assert sharesync("audit", "verify").status == 0
    said = sharesync("audit", "verify", "--checkpoint", str(file))
    assert said.status == 1
    assert f"The log has {size - 1} events, the checkpoint {size}: the end is gone.\n" in said.out


def test_the_clocks_checkpoints_are_one_for_every_growth_and_are_held_against(
    told: House, sharesync: Sharesync, data_dir: Path
) -> None:
    folder = data_dir / "checkpoints"
    world = replace(told.world, log_key=LogKey("sharesync/north.test"), checkpoints=folder)
    first = checkpoints.keep(world)
    assert checkpoints.keep(world) is None
    told.put("Customers", "Edith")
    assert checkpoints.keep(world)
    assert next(checkpoints.kept(folder)) == first
    assert len(sharesync("audit", "verify", "--json").line["checkpoints"]) == 2
    told.store.tamper("UPDATE events SET actor = 'someone else' WHERE seq = 2")
    said = sharesync("audit", "verify", "--json")
    assert (said.status, said.line["findings"][0]) == (1, "Event 2 was changed.")


def test_a_checkpoint_that_was_altered_is_a_finding(told: House, sharesync: Sharesync, tmp_path: Path) -> None:
    file = tmp_path / "kept.txt"
    sharesync("audit", "checkpoint", "-o", str(file))
    origin, size, *rest = file.read_text().split("\n")
    file.write_text("\n".join([origin, str(int(size) - 1), *rest]))
    said = sharesync("audit", "verify", "--checkpoint", str(file))
    assert said.status == 1
    assert "kept.txt: The checkpoint does not carry a valid signature of this log." in said.out
