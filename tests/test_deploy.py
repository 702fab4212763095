"""What is handed to whoever runs sharesync: units and a compose file start what there is, with settings it knows."""

import dataclasses
import re
import shutil
import subprocess
import sys
from configparser import ConfigParser
from pathlib import Path
from typing import Any

import pytest
import yaml

from sharesync.cli import main
from sharesync.settings import Settings

ROOT = Path(__file__).parent.parent
DEPLOY = ROOT / ".github/deploy"
UNITS = sorted(DEPLOY.glob("*.service"))
SETTINGS = {f"SHARESYNC_{field.name.upper()}" for field in dataclasses.fields(Settings)}
KEYS = {
    "": {"services", "secrets", "volumes"},
    "services": {
        "build", "command", "depends_on", "env_file", "environment", "healthcheck", "image", "ports", "restart",
        "scale", "secrets", "stop_grace_period", "volumes",
    },
    "secrets": {"file", "environment", "external", "name"},
    "volumes": {"driver", "driver_opts", "external", "labels", "name"},
}  # fmt: skip
"""What the Compose specification knows, of what we may need; where it is not listed, Compose refuses the file."""


def unit(file: Path) -> ConfigParser:
    read = ConfigParser(interpolation=None)
    read.optionxform = str  # type: ignore[assignment,method-assign]  # as the standard library documents it
    read.read_string(file.read_text())
    return read


def parts(file: Path) -> list[str]:
    """The commands that a unit starts; where it is a template, those that its first line names."""
    command = unit(file)["Service"]["ExecStart"].partition(" ")[2]
    first = file.read_text().splitlines()[0]
    return re.findall(rf"{file.stem}(\w+)", first) if command == "%i" else [command]


def test_units_start_commands_that_there_are_with_settings_that_we_know() -> None:
    started = [part for file in UNITS for part in parts(file)]
    assert sorted(started) == ["clock", "run", "web", "worker"]
    assert set(started) <= main.commands.keys()
    assert {unit(file)["Service"]["Environment"].partition("=")[0] for file in UNITS} <= SETTINGS


@pytest.mark.parametrize("file", UNITS, ids=lambda file: file.name)
def test_systemd_finds_no_fault_with_a_unit(file: Path, tmp_path: Path) -> None:
    if not (systemd := shutil.which("systemd-analyze")):
        pytest.skip("systemd is not installed")
    name = file.name.replace("@.", "@1.")
    program = unit(file)["Service"]["ExecStart"].split()[0]
    (tmp_path / name).write_text(file.read_text().replace(program, sys.executable))
    said = subprocess.run([systemd, "verify", tmp_path / name], capture_output=True, text=True, check=False)
    assert [line for line in said.stderr.splitlines() if name in line] == []
    assert said.returncode == 0, said.stderr


@pytest.fixture
def compose() -> Any:
    return yaml.safe_load((DEPLOY / "compose.yaml").read_text())


def test_the_compose_file_says_what_compose_knows(compose: Any) -> None:
    known = {key for key in compose if not key.startswith("x-")}
    assert known <= KEYS[""]
    for kind in known:
        for name, told in compose[kind].items():
            assert set(told or ()) <= KEYS[kind], name


def test_the_compose_file_starts_each_part_with_settings_that_we_know(compose: Any) -> None:
    ours = {name: told for name, told in compose["services"].items() if "build" in told}
    assert {told["command"] for told in ours.values()} == ours.keys() == {"web", "clock", "worker"}
    for told in ours.values():
        assert told["environment"].keys() <= SETTINGS
        assert told["depends_on"].keys() <= {name for name, one in compose["services"].items() if "healthcheck" in one}
        assert (DEPLOY / told["build"]["context"] / told["build"]["dockerfile"]).is_file()
        assert told["environment"]["SHARESYNC_GOOGLE_KEY_FILE"] in {f"/run/secrets/{one}" for one in told["secrets"]}
    for told in compose["services"].values():
        assert set(told.get("secrets", ())) <= compose["secrets"].keys()
        assert {volume.partition(":")[0] for volume in told["volumes"]} <= compose["volumes"].keys()
    [port] = ours["web"]["ports"]
    assert port.rpartition(":")[2] == str(Settings.from_environment({}, ROOT).port)


def test_the_image_is_made_of_files_that_there_are() -> None:
    lines = (DEPLOY / "Dockerfile").read_text().splitlines()
    copied = [word for line in lines if line.startswith("COPY ") for word in line.split()[1:-1]]
    assert [word for word in copied if not (ROOT / word).exists()] == []
    assert {"sharesync", "web", "migrations", "requirements.lock"} <= set(copied)
