"""How commands end: one sentence and a status, whatever happens; and a door that opens at once."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from sharesync import errors
from sharesync.cli import main
from sharesync.cli.endings import STATUS, Commands
from tests.cli.conftest import every_command
from tests.terminal import Sharesync
from tests.worlds import House

TREE = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.SharesyncError)]


@pytest.mark.parametrize("kind", TREE)
def test_an_error_of_ours_is_its_sentence_and_what_was_typed_wrong_ends_in_2(kind: type[errors.SharesyncError]) -> None:
    error = kind.__new__(kind, "One sentence.")  # each is built from other facts; here only what it is counts

    @click.group(cls=Commands)
    def group() -> None:
        """Commands."""

    @group.command()
    def fail() -> None:
        raise error

    result = CliRunner().invoke(group, ["fail"])
    assert result.exit_code == (2 if kind in (errors.SettingsError, errors.SearchTooLong, errors.InvalidFilter) else 1)
    assert (result.stdout, result.stderr) == ("", "One sentence.\n")
    assert any(issubclass(kind, known) for known, _ in STATUS) or kind is errors.SharesyncError


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("SHARESYNC_PORT", "many"),
        ("SHARESYNC_QUEUE", "lifo"),
        ("SHARESYNC_DATABASE_URL", "mysql://there"),
        ("SHARESYNC_DATA_DIR", "/proc/nowhere"),
    ],
)
def test_a_wrong_setting_is_one_sentence_that_names_it(
    sharesync: Sharesync, monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    monkeypatch.setenv(variable, value)
    for words in (("groups", "list"), ("sync",), ("doctor",), ("status", "--json")):
        told = sharesync(*words)
        assert (told.status, told.out) == (2, "")
        assert variable in told.err
        assert len(told.err.splitlines()) == 1


def test_what_needs_no_google_needs_no_key(sharesync: Sharesync, ada: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SHARESYNC_GOOGLE_KEY_FILE")
    for words in (("contacts", "list"), ("groups", "list"), ("grants", "list"), ("status",), ("contacts", "export")):
        assert sharesync(*words).status == 0
    told = sharesync("sync")
    assert told.status == 2
    assert "SHARESYNC_GOOGLE_KEY_FILE" in told.err


def test_a_failure_of_google_is_its_sentence(sharesync: Sharesync, house: House) -> None:
    house.fault(
        "status", "directory.users.list", status=403, body={"error": {"code": 403, "message": "no"}}, times=None
    )
    told = sharesync("directory", "sync")
    assert (told.status, told.out) == (1, "")
    assert len(told.err.splitlines()) == 1


def test_what_nobody_foresaw_is_a_sentence_with_an_id_and_no_data(
    sharesync: Sharesync, house: House, tmp_path: Path
) -> None:
    with closing(sqlite3.connect(house.file)) as database, database:
        database.execute("ALTER TABLE contacts RENAME COLUMN words TO lost")
    told = sharesync("contacts", "list", "--search", "very-private-words")
    assert (told.status, told.out) == (1, "")
    assert len(told.err.splitlines()) == 1
    mishap = told.err.partition("mishap ")[2].partition(";")[0]
    log = (tmp_path / "var" / "sharesync.log").read_text()
    assert f"mishap {mishap}: sqlalchemy.exc.OperationalError" in log
    assert "sharesync/store/queries/" in log
    assert "very-private-words" not in log + told.err


EVERY = every_command()


def test_the_commands_are_those_that_are_promised() -> None:
    promised = """
        demo; sandbox; init; doctor; directory sync; groups create list rename delete add take;
        grants set remove list explain; contacts import export list show edit delete;
        sync; status; run; web; clock; worker; plan-capacity
    """
    wanted: set[tuple[str, ...]] = set()
    for family in promised.split(";"):
        name, *ones = family.split()
        wanted |= {(name, one) for one in ones} or {(name,)}
    assert {words for words, command in EVERY if not isinstance(command, click.Group)} >= wanted


@pytest.mark.parametrize("words", [words for words, _ in EVERY], ids=" ".join)
def test_every_command_explains_itself(words: tuple[str, ...]) -> None:
    result = CliRunner().invoke(main, [*words, "--help"])
    assert result.exit_code == 0
    assert len(result.output.splitlines()[2].strip()) > 10


@pytest.mark.parametrize(
    "words",
    [
        words
        for words, _ in EVERY
        if words[-1:] in {("list",), ("status",), ("sync",), ("show",), ("doctor",), ("explain",)}
    ],
    ids=" ".join,
)
def test_every_command_that_lists_or_reports_takes_json(words: tuple[str, ...]) -> None:
    assert "--json" in CliRunner().invoke(main, [*words, "--help"]).output


HEAVY = {
    "googleapiclient",
    "httplib2",
    "google",
    "flask",
    "werkzeug",
    "cryptography",
    "apscheduler",
    "alembic",
    "rapidfuzz",
}
HEAVY |= {
    "PIL",
    "phonenumbers",
    "email_validator",
    "waitress",
    "babel",
    "prometheus_client",
    "authlib",
    "icalendar",
    "msgspec",
    "psycopg",
}
HEAVY |= {"procrastinate", "requests", "tqdm"}


AT_ONCE = {
    "--help": set[str](),
    "status": {"sqlalchemy"},
    "groups list": {"sqlalchemy"},
    "conflicts list": {"sqlalchemy"},
    "grants list": {"sqlalchemy"},
    "holds list": {"sqlalchemy"},
    "audit list": {"sqlalchemy"},
}
"""Commands that come at once, and what they may import for it."""


def test_commands_come_at_once_because_they_import_nothing_heavy_that_they_do_not_run(
    settings: dict[str, str], house: House
) -> None:
    """One after the other in one process: what one imports, the next would only have more of."""
    house.share("Customers")
    code = f"""
import sys
from sharesync.cli import main
for words in {list(AT_ONCE)}:
    try:
        main(words.split())
    except SystemExit as end:
        print("imported", end.code, *sys.modules)
"""
    command = [sys.executable, "-c", code]
    told = subprocess.run(command, env=os.environ | settings, capture_output=True, text=True, check=True)
    ends = [line.split()[1:] for line in told.stdout.splitlines() if line.startswith("imported ")]
    assert [status for status, *_ in ends] == ["0"] * len(AT_ONCE)
    found = [(HEAVY | {"sqlalchemy"}) & set(modules) for _, *modules in ends]
    assert dict(zip(AT_ONCE, found, strict=True)) == AT_ONCE


def test_a_reader_that_has_read_enough_ends_it_quietly(house: House, settings: dict[str, str]) -> None:
    much = [{"names": [{"givenName": f"{number}"}], "biographies": [{"value": "x" * 20_000}]} for number in range(20)]
    house.share("Customers", *much)  # more than a pipe holds
    command = [sys.executable, "-c", "from sharesync.cli import main; main()", "contacts", "export"]
    with subprocess.Popen(
        command, env=os.environ | settings, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        assert process.stderr
        assert process.stdout.readline().startswith("{")
        process.stdout.close()
        assert process.stderr.read() == ""
