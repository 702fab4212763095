"""Tokens: who gets one, what it opens, and in which words Google refuses."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
import requests
from google.auth import crypt, jwt
from google.auth.exceptions import RefreshError

from sharesync.sandbox.oauth import AUDIENCE, GRANT
from sharesync.sandbox.server import SandboxServer
from sharesync.sandbox.workspace import Workspace
from tests.sandbox.conftest import ANN, BEN, CONTACTS, DIRECTORY, DOMAIN, OFF, SUE, Api, create, listing, refusal

GROUPS = "/v1/contactGroups"


def exchange(server: SandboxServer, key: str | None = None, **claims: Any) -> tuple[int, dict[str, Any]]:
    info = server.workspace.service_account_key(server.token_uri)
    now = int(datetime.now(UTC).timestamp())
    known = {
        "iss": info["client_email"],
        "sub": ANN,
        "aud": AUDIENCE,
        "scope": CONTACTS,
        "iat": now,
        "exp": now + 3600,
    }
    signer = crypt.RSASigner.from_string(key or info["private_key"], info["private_key_id"])
    assertion = jwt.encode(signer, {**known, **claims}).decode()
    answer = requests.post(server.token_uri, data={"grant_type": GRANT, "assertion": assertion}, timeout=10)
    return answer.status_code, answer.json()


def test_a_signed_assertion_for_a_user_gives_an_access_token(server: SandboxServer) -> None:
    status, body = exchange(server)
    assert (status, body["token_type"], body["expires_in"]) == (200, "Bearer", 3599)


@pytest.mark.parametrize(
    ("claims", "status", "error", "words"),
    [
        ({"aud": "http://127.0.0.1/token"}, 400, "invalid_grant", "audience"),
        ({"iss": "someone@else.test"}, 400, "invalid_grant", "account not found"),
        ({"sub": f"nobody@{DOMAIN}"}, 400, "invalid_grant", "Invalid email or User ID"),
        ({"sub": SUE}, 400, "invalid_grant", "Invalid email or User ID"),
        ({"scope": ""}, 400, "invalid_scope", "Invalid OAuth scope"),
        ({"scope": f"{CONTACTS} https://www.googleapis.com/auth/drive"}, 401, "unauthorized_client", "not authorized"),
        ({"exp": 4_000_000_000}, 400, "invalid_grant", "short-lived token (60 minutes)"),
        ({"iat": 1_000_000_000, "exp": 1_000_003_600}, 400, "invalid_grant", "reasonable timeframe"),
    ],
)
def test_an_assertion_with_a_wrong_claim_is_refused_in_googles_words(
    server: SandboxServer, claims: dict[str, Any], status: int, error: str, words: str
) -> None:
    code, body = exchange(server, **claims)
    assert (code, body["error"]) == (status, error)
    assert words in body["error_description"]


def test_an_assertion_signed_with_another_key_is_refused(server: SandboxServer) -> None:
    foreign = Workspace("elsewhere.test").authority.private_key
    assert exchange(server, key=foreign) == (
        400,
        {"error": "invalid_grant", "error_description": "Invalid JWT Signature."},
    )


def test_garbage_for_an_assertion_is_refused(server: SandboxServer) -> None:
    answer = requests.post(server.token_uri, data={"grant_type": GRANT, "assertion": "a.b"}, timeout=10)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")


def test_a_call_without_a_token_is_refused_with_401_and_a_challenge(server: SandboxServer) -> None:
    answer = requests.get(server.url + GROUPS, timeout=10)
    assert answer.status_code == 401
    assert answer.json()["error"]["status"] == "UNAUTHENTICATED"
    assert answer.headers["WWW-Authenticate"].startswith("Bearer realm=")


def test_an_expired_token_is_refreshed_by_the_client_without_a_word(people: Api, workspace: Workspace) -> None:
    create(people)
    workspace.advance(2 * 3600)
    listing(people).execute()
    assert workspace.log.counts()["oauth.token"] == 2


def test_a_token_without_the_methods_scope_is_refused_with_403_and_the_scopes_needed(
    raw: Callable[..., requests.Response], workspace: Workspace
) -> None:
    token = workspace.access_token(ANN, DIRECTORY[0])
    answer = raw("GET", GROUPS, headers={"Authorization": f"Bearer {token}"})
    error = answer.json()["error"]
    assert (answer.status_code, error["status"]) == (403, "PERMISSION_DENIED")
    assert error["details"][0]["reason"] == "ACCESS_TOKEN_SCOPE_INSUFFICIENT"
    assert CONTACTS in answer.headers["WWW-Authenticate"]


def test_a_user_suspended_later_gets_no_further_answer(api: Callable[..., Api], workspace: Workspace) -> None:
    people = api("people", BEN)
    create(people)
    workspace.directory.change_user(BEN, suspended=True)
    with pytest.raises(RefreshError, match="invalid_grant"):
        listing(people).execute()


def test_an_alias_may_be_the_subject(api: Callable[..., Api], people: Api) -> None:
    made = create(people)
    assert listing(api("people", f"annie@{DOMAIN}")).execute()["connections"][0]["etag"] != ""
    assert made["resourceName"] == listing(api("people", f"annie@{DOMAIN}")).execute()["connections"][0]["resourceName"]


def test_a_user_whose_contacts_are_switched_off_is_refused_with_403(api: Callable[..., Api]) -> None:
    status, error = refusal(api("people", OFF).contactGroups().list())
    assert (status, error["status"]) == (403, "PERMISSION_DENIED")


def test_the_directory_refuses_who_is_no_administrator(api: Callable[..., Api]) -> None:
    status, error = refusal(api("admin", BEN, DIRECTORY).users().list(customer="my_customer"))
    assert status == 403
    assert error["errors"][0]["reason"] == "forbidden"


def test_the_key_route_gives_the_key_with_this_servers_token_endpoint(server: SandboxServer) -> None:
    key = requests.get(f"{server.url}/_sandbox/key", timeout=10).json()
    assert key == json.loads(json.dumps(server.workspace.service_account_key(server.token_uri)))
