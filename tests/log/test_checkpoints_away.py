"""Checkpoints sent away: each once and in order, again after a failure, and told of where people look."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from sharesync.endpoints.places import Folder, Webhook
from sharesync.services.app import World
from sharesync.services.log import checkpoints, checkpoints_away
from sharesync.services.log.keyring import LogKey
from tests.endpoints.receiver import Receiver, receiving
from tests.terminal import Sharesync
from tests.worlds import House


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as told:
        yield told


@pytest.fixture
def world(house: House, receiver: Receiver, data_dir: Path) -> World:
    """One whose clock keeps checkpoints and posts them."""
    house.share("Customers", "Ada")
    place = Webhook(f"{receiver.url}/in?token=secret", (ip_network("127.0.0.0/8"),))
    return replace(
        house.world,
        log_key=LogKey("sharesync/north.test"),
        checkpoints=data_dir / "checkpoints",
        checkpoints_to=place,
    )


def kept(house: House, world: World, *names: str) -> str:
    """The log grows, and is signed."""
    house.put("Customers", *names)
    place = checkpoints.keep(world)
    assert place
    return place.read_text()


def standing(world: World) -> checkpoints_away.Standing:
    assert world.checkpoints_to
    return checkpoints_away.standing(world.database, world.checkpoints_to, world.checkpoint_interval, world.now())


def test_each_is_posted_once_and_in_order(house: House, world: World, receiver: Receiver) -> None:
    notes = [kept(house, world, "Edith"), kept(house, world, "Hedy")]
    for _ in range(2):
        checkpoints_away.send(world)
    assert [(path, body.decode()) for path, _, body in receiver.came] == [("/in?token=secret", one) for one in notes]
    [first, second] = [headers["webhook-id"] for _, headers, _ in receiver.came]
    assert first != second
    there = standing(world)
    assert (there.size, there.sent_at, there.trouble) == (int(notes[-1].split("\n")[1]), house.now(), "")


def test_what_failed_is_tried_again_later_under_its_id_and_before_what_came_after(
    house: House, world: World, receiver: Receiver
) -> None:
    receiver.status = 503
    notes = [kept(house, world, "Edith"), kept(house, world, "Hedy")]
    for _ in range(3):
        checkpoints_away.send(world)
    assert len(receiver.came) == 1
    there = standing(world)
    assert (there.size, there.sent_at, there.trouble) == (0, None, "127.0.0.1 answered 503.")
    assert there.due == house.now() + timedelta(minutes=1)
    house.wait(minutes=1)
    checkpoints_away.send(world)
    assert standing(world).due == house.now() + timedelta(minutes=5)
    house.wait(minutes=5)
    receiver.status = 200
    checkpoints_away.send(world)
    assert [body.decode() for *_, body in receiver.came] == [notes[0]] * 3 + [notes[1]]
    assert len({headers["webhook-id"] for _, headers, _ in receiver.came}) == 2
    assert standing(world).trouble == ""


def test_no_transaction_is_open_while_it_is_sent(
    house: House, world: World, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept(house, world, "Edith")
    open_ones, seen = set[int](), list[int]()
    put = Webhook.put

    def looked_at(*words: object) -> None:
        seen.append(len(open_ones))
        put(*words)  # type: ignore[arg-type]  # as it was called

    listeners = {
        "begin": lambda connection: open_ones.add(id(connection)),
        "commit": lambda connection: open_ones.discard(id(connection)),
        "rollback": lambda connection: open_ones.discard(id(connection)),
    }
    monkeypatch.setattr(Webhook, "put", looked_at)
    for name, listener in listeners.items():
        event.listen(Engine, name, listener)
    try:
        checkpoints_away.send(world)
    finally:
        for name, listener in listeners.items():
            event.remove(Engine, name, listener)
    assert seen == [0]
    assert receiver.came


def test_a_folder_gets_each_as_a_file_and_none_is_written_over(house: House, world: World, tmp_path: Path) -> None:
    away = tmp_path / "away"
    world = replace(world, checkpoints_to=Folder(away))
    note = kept(house, world, "Edith")
    checkpoints_away.send(world)
    assert standing(world).trouble == f"{away} cannot be written (No such file or directory)."
    away.mkdir()
    (away / "7.txt").write_text("of somebody else")
    house.wait(minutes=1)
    checkpoints_away.send(world)
    size = int(note.split("\n")[1])
    assert (away / f"{size}.txt").read_text() == note
    assert {file.name for file in away.iterdir()} == {"7.txt", f"{size}.txt"}
    another = kept(house, world, "Hedy")
    size = int(another.split("\n")[1])
    (away / f"{size}.txt").write_text("signed of another log")
    checkpoints_away.send(world)
    assert f"{away} holds another {size}.txt" in standing(world).trouble
    assert (away / f"{size}.txt").read_text() == "signed of another log"


def test_it_is_late_where_the_log_has_grown_and_nothing_was_sent(house: House, world: World) -> None:
    kept(house, world, "Edith")
    checkpoints_away.send(world)
    house.wait(days=5)
    assert not standing(world).late  # there was nothing to sign
    house.put("Customers", "Hedy")
    assert standing(world).late


def test_verify_holds_the_log_against_all_of_a_folder(
    house: House, world: World, sharesync: Sharesync, tmp_path: Path
) -> None:
    away = tmp_path / "away"
    away.mkdir()
    said = sharesync("audit", "verify", "--checkpoints", str(away))
    assert (said.status, said.err) == (
        1,
        f"There is no checkpoint in {away} (*.txt); nothing was held against anything.\n",
    )
    world = replace(world, checkpoints_to=Folder(away))
    sizes = [int(kept(house, world, name).split("\n")[1]) for name in ("Edith", "Hedy")]
    checkpoints_away.send(world)
    said = sharesync("audit", "verify", "--checkpoints", str(away), "--json")
    assert (said.status, said.line["checkpoints"], said.line["proven"]) == (0, sizes, sizes[-1])
    # written anew by who owns the database, with the checkpoints beside it
    for file in (world.checkpoints or away).iterdir():
        file.unlink()
    size = sizes[0]
    house.store.tamper(
        f"DELETE FROM event_values WHERE event_id IN (SELECT id FROM events WHERE seq >= {size - 1})",
        f"DELETE FROM events WHERE seq >= {size - 1}",
        f"DELETE FROM log_nodes WHERE (place + 1) << level > {size - 1}",
    )
    assert sharesync("audit", "verify").status != 0 or "proves nothing" in sharesync("audit", "verify").out
    said = sharesync("audit", "verify", "--checkpoints", str(away), "--json")
    assert (said.status, said.line["proven"]) == (1, 0)
    assert len([one for one in said.line["findings"] if "the end is gone" in one]) == 2


def test_doctor_and_status_say_what_was_sent_and_what_hinders(
    house: House,
    world: World,
    receiver: Receiver,
    sharesync: Sharesync,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert world.checkpoints_to
    name = world.checkpoints_to.name

    def checked() -> dict[str, str]:
        found = {line["check"]: line for line in sharesync("doctor", "--json").lines}["checkpoints"]
        return {"found": found["found"], "problem": found["problem"]}

    assert "SHARESYNC_CHECKPOINTS_TO sends them away" in checked()["found"]
    monkeypatch.setenv("SHARESYNC_CHECKPOINTS_TO", f"{receiver.url}/in?token=secret")
    assert "None was sent" in checked()["problem"]
    receiver.status = 500
    kept(house, world, "Edith")
    checkpoints_away.send(world)
    assert checked()["problem"] == f"The next could not be sent to {name}: 127.0.0.1 answered 500."
    assert "127.0.0.1 answered 500." in sharesync("status").out
    receiver.status = 200
    house.wait(minutes=1)
    checkpoints_away.send(world)
    size = standing(world).size
    assert checked()["found"] == f"the checkpoint of the log's first {size} events is at {name}"
    out = sharesync("status").out
    assert f"Checkpoints: the checkpoint of the log's first {size} events is at {name}, since " in out
    assert "secret" not in out
    assert not any("first" in line for line in sharesync("status", "--json").lines)
