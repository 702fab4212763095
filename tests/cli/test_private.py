"""Files are for their owner alone, whatever makes them; `doctor` says which are not."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.terminal import Sharesync
from tests.worlds import House


@pytest.fixture(autouse=True)
def _usual_umask() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where everything lies that the commands make."""
    made = tmp_path / "made"
    made.mkdir(mode=0o700)
    monkeypatch.setenv("SHARESYNC_DATA_DIR", str(made / "srv" / "data"))
    monkeypatch.delenv("SHARESYNC_DATABASE_URL", raising=False)
    return made


def others_may(folder: Path) -> list[str]:
    """What lies there and is not its owner's alone."""
    return [str(path) for path in folder.rglob("*") if stat.S_IMODE(path.stat().st_mode) & 0o077]


def test_whatever_a_command_makes_is_for_its_owner_alone(sharesync: Sharesync, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "one.vcf").write_text("BEGIN:VCARD\nVERSION:3.0\nFN:Ida Holm\nEND:VCARD\n")
    for words in (
        ("init",),
        ("groups", "create", "Customers"),
        ("contacts", "import", str(tmp_path / "one.vcf"), "--group", "Customers"),
        ("contacts", "export", "-o", str(folder / "all.jsonl")),
        ("contacts", "export", "--format", "vcf", "-o", str(folder / "all.vcf")),
        ("audit", "export", "-o", str(folder / "log.jsonl")),
        ("audit", "checkpoint", "-o", str(folder / "point.txt")),
    ):
        assert sharesync(*words).status == 0, words
    assert (folder / "srv" / "data" / "sharesync.db").exists()
    assert (folder / "all.vcf").exists()
    assert others_may(folder) == []


def test_an_export_over_a_file_that_others_could_read_is_its_owners_alone(sharesync: Sharesync, folder: Path) -> None:
    sharesync("init")
    file = folder / "all.jsonl"
    file.write_text("old")
    file.chmod(0o644)
    sharesync("contacts", "export", "-o", str(file))
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_command_leaves_its_callers_umask_as_it_was(sharesync: Sharesync, folder: Path) -> None:
    sharesync("init")
    assert os.umask(0o022) == 0o022


def files_line(sharesync: Sharesync) -> dict[str, object]:
    lines = sharesync("doctor", "--json").lines
    return next(line for line in lines if line["check"] == "files")


@pytest.mark.parametrize("name", ["", "sharesync.db", "checkpoints/12.txt", "secret-key"])
def test_the_doctor_names_what_others_can_open_and_the_command_that_closes_it(
    sharesync: Sharesync, folder: Path, name: str
) -> None:
    sharesync("init")
    data = folder / "srv" / "data"
    (data / "checkpoints").mkdir(mode=0o700)
    for one in ("checkpoints/12.txt", "secret-key"):
        (data / one).touch(mode=0o600)
    assert files_line(sharesync)["ok"]
    (data / name).chmod(0o755 if not name else 0o644)
    problem = str(files_line(sharesync)["problem"])
    assert str(data / name) in problem
    os.system(problem.partition("run: ")[2])
    assert files_line(sharesync)["ok"]


def test_the_doctor_names_a_key_that_others_can_open(sharesync: Sharesync, house: House, folder: Path) -> None:
    sharesync("init")
    house.key_file.chmod(0o640)
    problem = str(files_line(sharesync)["problem"])
    assert problem.endswith(f"run: chmod -R go= {house.key_file}")
    house.key_file.chmod(0o600)
    assert files_line(sharesync)["ok"]
