"""A token for each user, whose an address is, and what a refusal means."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from google.auth.exceptions import RefreshError

from sharesync.errors import Attention, GoogleError, MailboxPaused, MalformedReply, RetryLater, SettingsError
from sharesync.google.credentials import CONTACTS, DIRECTORY, Keyring, sort_refusal
from sharesync.google.identity import Confirmed
from sharesync.google.people import PeopleApi
from sharesync.google.workspace import Google
from sharesync.sandbox.faults import Fault
from sharesync.sandbox.server import SandboxServer
from sharesync.sandbox.workspace import Workspace
from tests.google.conftest import ANNA, BO, GONE, NOBODY, Time

Order = Callable[..., None]


@pytest.mark.parametrize(
    ("error", "description", "expected", "says"),
    [
        ("invalid_grant", "Invalid email or User ID", MailboxPaused, "suspended"),
        ("invalid_grant", "Not a valid email", MailboxPaused, "suspended"),
        ("invalid_grant", "The account has been deleted", MailboxPaused, "deleted"),
        ("invalid_request", 'Invalid impersonation "sub" field.', MailboxPaused, "deleted"),
        ("invalid_grant", "The account was suspended; this counts immediately.", MailboxPaused, "suspended"),
        ("invalid_request", "There is no active subscription.", Attention, "doctor"),
        ("invalid_grant", "Invalid JWT Signature.", Attention, "key"),
        ("invalid_grant", "Invalid JWT: Failed audience check.", Attention, "key"),
        ("invalid_grant", "Invalid JWT: Token must be a short-lived token (60 minutes) …", Attention, "clock"),
        ("invalid_grant", "Invalid grant: account not found", Attention, "service account"),
        ("unauthorized_client", "Unauthorized client or scope in request.", Attention, "client id 117"),
        ("access_denied", "Requested client not authorized.", Attention, "client id 117"),
        ("invalid_scope", "Invalid OAuth scope or ID token audience provided.", Attention, "client id 117"),
        ("admin_policy_enforced", "", Attention, "App access control"),
        ("org_internal", "This client is restricted to users within its organization.", Attention, "App access"),
        ("disabled_client", "The OAuth client was disabled.", Attention, "enable it"),
        ("deleted_client", "", Attention, "make another"),
        ("invalid_client", "The OAuth client was not found.", Attention, "make another"),
        ("something_new", "", Attention, "doctor"),
    ],
)
def test_each_refusal_means_one_error(error: str, description: str, expected: type[GoogleError], says: str) -> None:
    body = {"error": error, "error_description": description}
    sorted_ = sort_refusal(RefreshError(f"{error}: {description}", body), "117")
    assert type(sorted_) is expected
    assert says in str(sorted_)


def test_a_refusal_that_is_no_answer_of_googles_is_tried_again() -> None:
    assert type(sort_refusal(RefreshError("<html>"), "117")) is RetryLater


@pytest.mark.parametrize("user", [GONE, NOBODY])
def test_a_suspended_or_unknown_user_pauses_the_mailbox(google: Google, workspace: Workspace, user: str) -> None:
    user_id = workspace.user(user).id if user == GONE else "100000000000000000000"
    with google.people(user_id, patience=0) as people, pytest.raises(MailboxPaused):
        people.labels()


def test_a_missing_delegation_tells_the_administrator_where_to_click(
    google: Google, workspace: Workspace, anna: str
) -> None:
    workspace.authority.delegated = frozenset(DIRECTORY)
    with google.people(anna, patience=0) as people, pytest.raises(Attention) as caught:
        people.labels()
    assert google.client_id in str(caught.value)
    assert "Domain-wide delegation" in str(caught.value)


def test_each_scope_is_checked_alone(google: Google, workspace: Workspace) -> None:
    workspace.authority.delegated = frozenset((*DIRECTORY[:2], *CONTACTS))
    checks = {check.scope: type(check.trouble) for check in google.check_scopes(workspace.user(BO).id)}
    assert checks == {
        DIRECTORY[0]: type(None),
        DIRECTORY[1]: type(None),
        DIRECTORY[2]: Attention,
        DIRECTORY[3]: Attention,
        CONTACTS[0]: type(None),
    }


def test_one_token_serves_all_passes_of_a_mailbox(google: Google, workspace: Workspace, anna: str) -> None:
    for _ in range(3):
        with google.people(anna, patience=0) as people:
            people.labels()
    with google.people(workspace.user(BO).id, patience=0) as people:
        people.labels()
    assert workspace.log.counts()["directory.users.get"] == 2
    assert workspace.log.counts()["oauth.token"] == 3, "one for Directory, one for each mailbox"


def test_a_token_that_is_no_longer_accepted_is_replaced_once(
    people: PeopleApi, workspace: Workspace, fault: Order
) -> None:
    people.labels()
    fault(kind="invalid_token", method="contactGroups.list")
    people.labels()
    assert workspace.log.counts()["directory.users.get"] == 2
    assert workspace.log.counts()["oauth.token"] == 3
    assert people.meter.calls == {"contactGroups.list": 3}
    assert people.meter.quota["label_read"] == 2, "Google does not charge for a refusal"


def test_an_address_is_confirmed_by_directory_and_by_nobody_else() -> None:
    with pytest.raises(TypeError):
        Confirmed("1", BO)  # type: ignore[call-arg]  # what must not be possible
    assert Confirmed.from_directory("1", {"id": "1", "primaryEmail": BO, "aliases": [ANNA]}).address == BO


@pytest.mark.parametrize(
    ("entry", "error"),
    [
        ({}, MalformedReply),
        ({"id": "2", "primaryEmail": BO}, MalformedReply),
        ({"id": "1"}, MalformedReply),
        ({"id": "1", "primaryEmail": ""}, MalformedReply),
        ({"id": "1", "primaryEmail": BO, "suspended": True}, MailboxPaused),
        ({"id": "1", "primaryEmail": BO, "archived": True}, MailboxPaused),
        ({"id": "1", "primaryEmail": BO, "deletionTime": "2026-01-01T00:00:00Z"}, MailboxPaused),
    ],
)
def test_an_answer_that_confirms_nothing_opens_nothing(entry: dict[str, Any], error: type[GoogleError]) -> None:
    with pytest.raises(error):
        Confirmed.from_directory("1", entry)


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ({"kind": "status", "status": 503}, RetryLater),
        ({"kind": "drop", "when": "after"}, RetryLater),
        ({"kind": "status", "status": 200, "body": "<html>"}, RetryLater),
        ({"kind": "status", "status": 429}, RetryLater),
        ({"kind": "status", "status": 403, "body": {"error": {"code": 403, "message": "Not Authorized"}}}, Attention),
        ({"kind": "status", "status": 404, "body": {"error": {"code": 404, "message": "Not Found"}}}, MailboxPaused),
    ],
)
def test_nothing_is_asked_of_a_mailbox_that_directory_does_not_confirm(
    people: PeopleApi, workspace: Workspace, fault: dict[str, Any], error: type[GoogleError]
) -> None:
    workspace.faults.add(Fault.of({"method": "directory.users.get", "times": None, **fault}))
    with pytest.raises(GoogleError) as caught:
        people.create_label("Customers", "mark")
    assert type(caught.value) is error, "certainly not executed"
    assert people.meter.calls == {}
    assert workspace.log.counts(ANNA) == {}


def test_directory_that_answers_at_the_second_try_is_waited_for(people: PeopleApi, time: Time, fault: Order) -> None:
    fault(kind="status", status=503, method="directory.users.get", times=2)
    people.labels()
    assert len(time.slept) == 2


def test_without_an_administrator_no_mailbox_is_opened(server: SandboxServer, key_file: Path, anna: str) -> None:
    google = Google(key_file=key_file, admin=None, people_endpoint=server.url)
    with google.people(anna, patience=0) as people, pytest.raises(Attention, match="SHARESYNC_GOOGLE_ADMIN is not set"):
        people.labels()


def test_a_token_that_is_never_accepted_is_given_up(people: PeopleApi, workspace: Workspace, fault: Order) -> None:
    fault(kind="invalid_token", method="contactGroups.list", times=None)
    with pytest.raises(RetryLater):
        people.labels()
    assert people.meter.calls == {"contactGroups.list": 3}


def test_a_user_suspended_while_the_token_lives_pauses_the_mailbox(people: PeopleApi, workspace: Workspace) -> None:
    people.labels()
    workspace.directory.change_user(ANNA, suspended=True)
    with pytest.raises(MailboxPaused):
        people.labels()


def test_the_token_endpoint_being_down_is_waited_out_by_our_clock_alone(
    people: PeopleApi, time: Time, fault: Order
) -> None:
    fault(kind="status", status=503, method="oauth.token", body="<html>down", headers={"Retry-After": "7"}, times=2)
    people.labels()
    assert len(time.slept) == 2


def test_the_token_endpoint_hanging_up_means_that_the_call_was_not_made(people: PeopleApi, fault: Order) -> None:
    fault(kind="drop", method="oauth.token", times=None)
    with pytest.raises(RetryLater) as caught:
        people.create_label("Customers", "mark")
    assert type(caught.value) is RetryLater
    assert people.meter.calls == {}


def test_a_key_file_that_is_not_named_is_a_settings_error() -> None:
    with pytest.raises(SettingsError, match="SHARESYNC_GOOGLE_KEY_FILE is not set"):
        Keyring(None)


def test_a_key_file_that_is_not_there_is_a_settings_error(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"SHARESYNC_GOOGLE_KEY_FILE: .*missing\.json cannot be read"):
        Keyring(tmp_path / "missing.json")


@pytest.mark.parametrize(
    "content",
    [
        "no json",
        "[]",
        "{}",
        '{"type": "authorized_user", "client_id": "1", "client_secret": "s", "refresh_token": "t"}',
        '{"client_email": "a@b", "private_key": 5, "token_uri": "https://x.test"}',
    ],
)
def test_a_file_that_is_no_service_account_key_is_a_settings_error(tmp_path: Path, content: str) -> None:
    path = tmp_path / "key.json"
    path.write_text(content)
    with pytest.raises(SettingsError, match="not the JSON key of a service account"):
        Keyring(path)


def test_a_key_that_sends_its_secret_where_others_read_along_is_a_settings_error(key_file: Path) -> None:
    info: dict[str, Any] = json.loads(key_file.read_text())
    for address, is_right in (
        ("http://oauth2.x.test/token", False),
        ("http://127.0.0.1:1/token", True),
        ("https://oauth2.x.test/token", True),
    ):
        key_file.write_text(json.dumps(info | {"token_uri": address}))
        if is_right:
            Keyring(key_file)
            continue
        with pytest.raises(SettingsError, match="anybody on the way could read along"):
            Keyring(key_file)


def test_a_key_that_was_cut_off_is_a_settings_error_without_the_key(key_file: Path) -> None:
    info: dict[str, Any] = json.loads(key_file.read_text())
    info["private_key"] = info["private_key"][:300]
    key_file.write_text(json.dumps(info))
    with pytest.raises(SettingsError, match="holds no usable private key") as caught:
        Keyring(key_file)
    assert "BEGIN" not in str(caught.value)


def test_a_directory_without_an_administrator_is_a_settings_error(key_file: Path) -> None:
    with pytest.raises(SettingsError, match="SHARESYNC_GOOGLE_ADMIN is not set"):
        Google(key_file=key_file, admin=None).directory()
