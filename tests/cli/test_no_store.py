"""Commands where no store is: what is about a store that somebody has never makes another."""

from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from sharesync.cli import main
from tests.cli.conftest import every_command
from tests.terminal import Sharesync

SET_UP = {"init", "demo", "sandbox", "run", "web", "clock", "worker", "audit key make"}
"""What is there to make a store, or to serve one from now on; and what makes a key, for a log that may be elsewhere."""
OTHER_WORDS = {"audit check", "doctor", "directory sync"}
"""Reads files alone; lists what is wrong; fills a new store too, once it is said of which Workspace."""


COMMANDS = {" ".join(words): command for words, command in every_command() if not isinstance(command, click.Group)}
ABOUT_NONE = {"plan-capacity"}
"""Counts, and looks at nothing."""
ABOUT_A_STORE = {name: command for name, command in COMMANDS.items() if name not in SET_UP | ABOUT_NONE}


@pytest.fixture
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which nobody has set anything up."""
    monkeypatch.chdir(tmp_path)
    for name in ("DATA_DIR", "DATABASE_URL"):
        monkeypatch.delenv(f"SHARESYNC_{name}", raising=False)
    return tmp_path


WORDS = {
    "contacts edit": "c1 --card {card}",
    "contacts photo": "c1 --remove",
    "contacts import": "{card} --group Customers",
    "contacts bulk set": "Renewal 2026-01-01 --id c1",
    "contacts bulk clear": "Renewal --id c1",
    "contacts bulk tag": "vip --id c1",
    "contacts bulk untag": "vip --id c1",
    "contacts bulk add": "Customers --id c1",
    "contacts bulk take": "Customers --id c1",
    "contacts bulk delete": "--id c1",
    "grants set": "Customers domain view",
    "grants remove": "Customers domain",
    "roles set": "anna@example.test auditor",
    "audit prove": "1",
    "audit retire": "--before 2026-01-01 -o archive",
}
"""What is typed after a command that minds what it is given before it looks anywhere."""


def words(name: str, card: Path) -> list[str]:
    """The command with everything that it requires."""
    if name in WORDS:
        return [*name.split(), *WORDS[name].format(card=card).split()]
    required = [one for one in ABOUT_A_STORE[name].params if one.required]
    options = [one for one in required if isinstance(one, click.Option)]
    after = [word for one in options for word in (one.opts[0], value(one.type))]
    return [*name.split(), *(value(one.type) for one in required if one not in options), *after]


def value(wanted: click.ParamType[object]) -> str:
    match wanted:
        case click.Choice():
            return str(next(iter(wanted.choices)))
        case click.DateTime():
            return "2026-01-01"
        case _:
            return "1"


@pytest.mark.parametrize("name", ABOUT_A_STORE)
def test_a_command_about_a_store_makes_none(nowhere: Path, name: str) -> None:
    (card := nowhere / "card.json").write_text('{"names": [{"givenName": "Ada"}]}')
    told = CliRunner().invoke(main, words(name, card), prog_name="sharesync")
    assert told.exit_code != 0
    assert list(nowhere.iterdir()) == [card]
    if name not in OTHER_WORDS:
        assert told.exit_code == 2, told.output
        *_, line = told.stderr.splitlines()
        assert str(nowhere / "var" / "sharesync.db") in line
        assert "SHARESYNC_DATA_DIR" in line


def test_beside_a_demo_it_is_said_how_to_name_the_demos(sharesync: Sharesync, nowhere: Path) -> None:
    (nowhere / "var" / "demo").mkdir(parents=True)
    told = sharesync("status")
    assert (told.status, told.out) == (2, "")
    assert f"SHARESYNC_DATA_DIR={nowhere / 'var' / 'demo'}" in told.err
    assert [file.name for file in nowhere.rglob("*") if file.is_file()] == []


def test_a_file_in_which_nothing_was_ever_made_is_no_store(
    sharesync: Sharesync, nowhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (nowhere / "empty.db").touch()
    monkeypatch.setenv("SHARESYNC_DATABASE_URL", f"sqlite:///{nowhere / 'empty.db'}")
    assert str(nowhere / "empty.db") in sharesync("status").err
    assert (nowhere / "empty.db").read_bytes() == b""
