"""`sharesync init` and `doctor`: what is wrong, and what to do about it."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, ClassVar

import pytest

from sharesync.services.operation import live_trial
from tests.terminal import Sharesync
from tests.worlds import House

CONTACTS = "https://www.googleapis.com/auth/contacts"


def findings(sharesync: Sharesync, status: int) -> dict[str, dict[str, Any]]:
    told = sharesync("doctor", "--json")
    assert told.status == status
    return {line["check"]: line for line in told.lines}


def problems(sharesync: Sharesync) -> dict[str, str]:
    return {name: line["problem"] for name, line in findings(sharesync, 1).items() if not line["ok"]}


def test_everything_is_well(sharesync: Sharesync, house: House) -> None:
    house.share("Customers", bo="view")
    found = findings(sharesync, 0)
    assert all(line["ok"] and line["found"] and not line["problem"] for line in found.values())
    assert {"settings", "domain", "database", "key", "directory", "contacts", "clock", "scope contacts"} <= set(found)
    assert len([name for name in found if name.startswith("scope ")]) == 5


@pytest.mark.parametrize("form", [(), ("--json",)], ids=["for people", "json"])
def test_it_tries_in_one_mailbox_how_google_behaves_where_that_is_asked_for(
    sharesync: Sharesync, house: House, monkeypatch: pytest.MonkeyPatch, form: tuple[str, ...]
) -> None:
    monkeypatch.setattr(live_trial, "PAUSES", (0.0,))
    told = sharesync("doctor", "--live", house.address("bo"), *form)
    assert told.status == 0
    if form:
        live = {line["check"]: line for line in told.lines if line["check"].startswith("live: ")}
        assert live["live: an update with an old etag"]["found"] == "is refused, as it should be"
        assert live["live: what the trial made"]["ok"]
    else:
        assert sum(row.startswith("ok       live: ") for row in told.out.splitlines()) > 10
    assert house.users["bo"].sees() == []


def test_without_a_grant_nobody_is_impersonated(sharesync: Sharesync, house: House) -> None:
    found = findings(sharesync, 0)
    assert "scope contacts" not in found
    assert "not asked" in found["contacts"]["found"]
    assert {entry.user for entry in house.workspace.log.entries()} <= {None, house.address("anna")}


def test_people_read_one_line_a_finding(sharesync: Sharesync) -> None:
    rows = sharesync("doctor").out.splitlines()
    assert all(row.startswith("ok ") for row in rows)


@pytest.mark.parametrize(
    ("variable", "value", "check"),
    [
        ("SHARESYNC_GOOGLE_KEY_FILE", "", "key"),
        ("SHARESYNC_GOOGLE_KEY_FILE", "nowhere.json", "key"),
        ("SHARESYNC_GOOGLE_ADMIN", "", "directory"),
        ("SHARESYNC_DOMAIN", "", "domain"),
    ],
)
def test_a_missing_setting_is_named_and_the_rest_is_looked_at(
    sharesync: Sharesync, monkeypatch: pytest.MonkeyPatch, variable: str, value: str, check: str
) -> None:
    monkeypatch.setenv(variable, value)
    found = problems(sharesync)
    assert list(found) == [check]
    assert variable in found[check]


def test_a_scope_that_is_not_delegated_is_named(sharesync: Sharesync, house: House) -> None:
    house.share("Customers", bo="view")
    house.workspace.authority.delegated -= {CONTACTS}
    found = problems(sharesync)
    assert list(found) == ["scope contacts", "delegation"]
    assert "Domain-wide delegation" in found["scope contacts"]


def test_where_a_scope_is_missing_all_stand_there_to_be_pasted(sharesync: Sharesync, house: House) -> None:
    house.workspace.authority.delegated = frozenset()
    pasted = problems(sharesync)["delegation"].rpartition(" ")[2]
    root = "https://www.googleapis.com/auth/"
    directory = [f"{root}admin.directory.{what}.readonly" for what in ("user", "group", "group.member", "orgunit")]
    assert sorted(pasted.split(",")) == sorted([f"{root}contacts", *directory])
    assert any(line.endswith(pasted) for line in sharesync("doctor").out.splitlines())


def test_an_administrator_without_rights_is_told_of(
    sharesync: Sharesync, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHARESYNC_GOOGLE_ADMIN", house.address("bo"))
    assert "SHARESYNC_GOOGLE_ADMIN" in problems(sharesync)["directory"]


def test_an_api_that_does_not_answer_is_told_of(
    sharesync: Sharesync, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.share("Customers", bo="view")
    monkeypatch.setenv("SHARESYNC_PEOPLE_ENDPOINT", "http://127.0.0.1:9")
    assert list(problems(sharesync)) == ["contacts"]


def test_a_database_that_was_never_set_up_asks_for_init(
    sharesync: Sharesync, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHARESYNC_DATABASE_URL", f"sqlite:///{tmp_path / 'new.db'}")
    assert "sharesync init" in problems(sharesync)["database"]
    assert sharesync("init").status == 0
    assert findings(sharesync, 0)["database"]["ok"]
    assert sharesync("init").status == 0


def test_what_is_no_database_is_told_of(sharesync: Sharesync, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHARESYNC_DATABASE_URL", f"sqlite:///{tmp_path}")
    assert "SHARESYNC_DATABASE_URL" in problems(sharesync)["database"]


def test_looking_leaves_nothing_in_the_database(sharesync: Sharesync, house: House) -> None:
    before = house.tables()
    tables = house.query("SELECT name FROM sqlite_master ORDER BY name")
    findings(sharesync, 0)
    assert house.tables() == before
    assert house.query("SELECT name FROM sqlite_master ORDER BY name") == tables


class _Dated(BaseHTTPRequestHandler):
    """Answers with a `Date`, as the sandbox does not."""

    off: ClassVar[timedelta]

    def do_HEAD(self) -> None:
        self.send_response_only(404)
        self.send_header("Date", format_datetime(datetime.now(UTC) + self.off, usegmt=True))
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class names it so
        """Say nothing."""


@pytest.fixture
def dated(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[_Dated]]:
    with HTTPServer(("127.0.0.1", 0), _Dated) as server:
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        monkeypatch.setenv("SHARESYNC_PEOPLE_ENDPOINT", f"http://127.0.0.1:{server.server_address[1]}")
        yield _Dated
        server.shutdown()


@pytest.mark.parametrize(("minutes", "words"), [(10, "10 minutes slow"), (-90, "90 minutes fast")])
def test_a_wrong_clock_is_told_of(sharesync: Sharesync, dated: type[_Dated], minutes: int, words: str) -> None:
    dated.off = timedelta(minutes=minutes)
    assert words in problems(sharesync)["clock"]


def test_a_clock_that_agrees_is_well(sharesync: Sharesync, dated: type[_Dated]) -> None:
    dated.off = timedelta(seconds=30)
    assert findings(sharesync, 0)["clock"]["found"] == "agrees with Google's"


def keyless(house: House, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let this machine have credentials of its own, and no key."""
    file = folder / "configuration.json"
    file.write_text(json.dumps(house.workspace.iam.configuration(house.server.url, folder / "shown")))
    monkeypatch.delenv("SHARESYNC_GOOGLE_KEY_FILE")
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(file))
    monkeypatch.setenv("SHARESYNC_GOOGLE_SERVICE_ACCOUNT", house.workspace.authority.client_email)
    monkeypatch.setenv("SHARESYNC_IAM_ENDPOINT", house.server.url)


def test_without_a_key_the_first_of_four_steps_that_is_missing_is_named(
    sharesync: Sharesync, house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keyless(house, tmp_path, monkeypatch)
    assert findings(sharesync, 0)["signing"]["ok"]
    house.workspace.authority.delegated = frozenset()
    assert "client id" in problems(sharesync)["delegation"]
    house.workspace.iam.may_sign = False
    assert "Service Account Token Creator" in problems(sharesync)["signing"]
    house.workspace.iam.enabled = False
    assert "iamcredentials.googleapis.com" in problems(sharesync)["signing"]
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(tmp_path / "nowhere.json"))
    assert "GOOGLE_APPLICATION_CREDENTIALS" in problems(sharesync)["key"]
