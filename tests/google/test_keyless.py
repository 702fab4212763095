"""A service account without a key: signed for by IAM Credentials, and what is said where a step is missing."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sharesync.errors import Attention, MailboxPaused, RetryLater, SettingsError
from sharesync.google.credentials import CONTACTS, DIRECTORY, Keyring
from sharesync.google.identity import Confirmed
from sharesync.google.transport import Http
from sharesync.sandbox.faults import Fault, Kind
from sharesync.sandbox.server import SandboxServer
from sharesync.sandbox.workspace import Workspace
from tests.google.conftest import ADMIN, ANNA, GONE


@pytest.fixture
def machine(server: SandboxServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The credential configuration of this machine, which holds no secret of the service account."""
    shown, file = tmp_path / "shown", tmp_path / "configuration.json"
    file.write_text(json.dumps(server.workspace.iam.configuration(server.url, shown)))
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(file))
    return file


@pytest.fixture
def http() -> Iterator[Http]:
    made = Http()
    yield made
    made.close()


@pytest.fixture
def keyring(machine: Path, server: SandboxServer) -> Keyring:
    return Keyring(None, server.workspace.authority.client_email, server.url)


def test_a_token_of_each_user_and_purpose_is_had_without_a_key_and_kept(
    keyring: Keyring, http: Http, workspace: Workspace
) -> None:
    admin = keyring.of_administrator(ADMIN, DIRECTORY, http)
    anna = keyring.of_user(
        "1", CONTACTS, http, lambda user: Confirmed.from_directory(user, {"id": user, "primaryEmail": ANNA})
    )
    assert {admin, anna} == {keyring.of_administrator(ADMIN, DIRECTORY, http), anna}
    assert workspace.authority.check(f"Bearer {anna}", frozenset(CONTACTS)).email == ANNA
    calls = [entry.method for entry in workspace.log.entries()]
    assert calls.count("sts.token") == 1  # the machine's own credentials are asked for once
    assert calls.count("iamcredentials.signJwt") == calls.count("oauth.token") == 2
    with pytest.raises(MailboxPaused):
        keyring.of_administrator(GONE, DIRECTORY, http)


def switch_off(workspace: Workspace) -> None:
    workspace.iam.enabled = False


def take_role(workspace: Workspace) -> None:
    workspace.iam.may_sign = False


def forget_machine(workspace: Workspace) -> None:
    workspace.iam.machine = "another"


def undelegate(workspace: Workspace) -> None:
    workspace.authority.delegated = frozenset()


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (forget_machine, "this machine's own credentials"),
        (switch_off, "enable iamcredentials.googleapis.com"),
        (take_role, "Service Account Token Creator"),
        (undelegate, "Domain-wide delegation"),
    ],
)
def test_each_step_that_is_missing_is_named(
    keyring: Keyring, http: Http, workspace: Workspace, spoil: Callable[[Workspace], None], says: str
) -> None:
    spoil(workspace)
    with pytest.raises(Attention, match=says):
        keyring.of_administrator(ADMIN, DIRECTORY, http)


def test_another_account_is_none_that_this_machine_may_sign_for(
    machine: Path, http: Http, server: SandboxServer
) -> None:
    other = Keyring(None, "other@sandbox.iam.gserviceaccount.com", server.url)
    with pytest.raises(Attention, match=r"no service account other@sandbox.*SHARESYNC_GOOGLE_SERVICE_ACCOUNT"):
        other.of_administrator(ADMIN, DIRECTORY, http)


@pytest.mark.parametrize("method", ["iamcredentials.signJwt", "oauth.token"])
def test_what_does_not_answer_is_asked_again_later(
    keyring: Keyring, http: Http, workspace: Workspace, method: str
) -> None:
    workspace.faults.add(Fault(Kind.STATUS, method, status=500))
    with pytest.raises(RetryLater):
        keyring.of_administrator(ADMIN, DIRECTORY, http)
    assert keyring.of_administrator(ADMIN, DIRECTORY, http)


@pytest.mark.parametrize("content", [None, "no JSON", "{}"])
def test_a_machine_without_credentials_is_told_how_to_get_some(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str | None
) -> None:
    file = tmp_path / "configuration.json"
    if content is not None:
        file.write_text(content)
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(file))
    with pytest.raises(SettingsError, match=r"^SHARESYNC_GOOGLE_SERVICE_ACCOUNT: this machine has no credentials"):
        Keyring(None, "sharesync@x.iam.gserviceaccount.com")
