"""`sharesync sandbox`: a Workspace alone, that sharesync can be pointed at."""

import json
import re
import signal
import stat
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from sharesync.cli import main
from tests.cli.processes import Process, started
from tests.terminal import Sharesync

USERS = {"domain": "south.test", "users": [{"email": "sol@south.test", "admin": True}, {"email": "ivo@south.test"}]}


def hand(url: str, user: str, act: str, **arguments: Any) -> Any:
    request = urllib.request.Request(f"{url}/_sandbox/mailboxes/{user}/hands/{act}", json.dumps(arguments).encode())
    with urllib.request.urlopen(request) as reply:
        return json.load(reply)["result"]


def told(process: Process) -> dict[str, str]:
    line: dict[str, str] = json.loads(process.says('"url"'))
    return line


def doctor() -> str:
    return CliRunner().invoke(main, ["doctor", "--json"]).stdout


@pytest.fixture
def users(tmp_path: Path) -> Path:
    file = tmp_path / "users.json"
    file.write_text(json.dumps(USERS))
    return file


def test_what_it_says_to_export_points_sharesync_at_it(
    users: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with started("sandbox", "--port", "0", "--users", str(users), environ={}, cwd=tmp_path) as process:
        process.says("SHARESYNC_DIRECTORY_ENDPOINT")
        for name, value in re.findall(r"^export (\w+)=(.+)$", "".join(process.out), re.MULTILINE):
            monkeypatch.setenv(name, value)
        synced = CliRunner().invoke(main, ["directory", "sync", "--json"])
        assert json.loads(synced.stdout)["users"] == 2
        assert CliRunner().invoke(main, ["doctor"]).exit_code == 0
        checked = {line["check"]: line for line in map(json.loads, doctor().splitlines())}
        assert checked["mail"]["found"] == "127.0.0.1 lets us in; mail comes from sharesync@south.test"
        made = json.loads(CliRunner().invoke(main, ["endpoints", "create", "mail", "ivo@south.test", "--json"]).stdout)
        assert CliRunner().invoke(main, ["endpoints", "test", made["id"]]).stdout == "It was taken.\n"
        with monkeypatch.context() as without_google:
            without_google.delenv("SHARESYNC_GOOGLE_KEY_FILE")
            assert CliRunner().invoke(main, ["endpoints", "test", made["id"]]).stdout == "It was taken.\n"
        monkeypatch.setenv("SHARESYNC_SMTP_URL", "smtp://127.0.0.1:9")
        problem = "No mail can be sent: No answer came from 127.0.0.1. Check SHARESYNC_SMTP_URL."
        assert problem in doctor()
        assert process.send(signal.SIGINT)[0] == 0


def test_the_key_is_for_its_owner_alone(users: Path, tmp_path: Path) -> None:
    with started("sandbox", "--port", "0", "--json", "--users", str(users), environ={}, cwd=tmp_path) as process:
        key = Path(told(process)["SHARESYNC_GOOGLE_KEY_FILE"])
        assert stat.S_IMODE(key.stat().st_mode) == 0o600
        assert key.is_relative_to(tmp_path)


def test_with_a_folder_everything_stands_there_again_at_the_next_start(users: Path, tmp_path: Path) -> None:
    kept = ("--port", "0", "--json", "--data", str(tmp_path / "kept"))
    with started("sandbox", *kept, "--users", str(users), environ={}, cwd=tmp_path) as process:
        hand(told(process)["url"], "ivo@south.test", "create", person={"names": [{"givenName": "Åse"}]})
        assert process.send(signal.SIGTERM)[0] == 0
    with started("sandbox", *kept, environ={}, cwd=tmp_path) as process:
        (contact,) = hand(told(process)["url"], "ivo@south.test", "contacts")
        assert contact["fields"]["names"][0]["givenName"] == "Åse"


def test_a_kept_workspace_is_not_made_anew(sharesync: Sharesync, users: Path, tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "workspace.jsonl").write_text("")
    told = sharesync("sandbox", "--data", str(tmp_path / "kept"), "--users", str(users))
    assert told.status == 2
    assert "holds a Workspace already" in told.err


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"domain": "south.test", "users": [{}]}', '{"domain": "south.test", "users": 1}']
)
def test_a_description_that_describes_nothing_is_wrong_usage(sharesync: Sharesync, users: Path, text: str) -> None:
    users.write_text(text)
    told = sharesync("sandbox", "--port", "0", "--users", str(users))
    assert told.status == 2
    assert told.out == ""
