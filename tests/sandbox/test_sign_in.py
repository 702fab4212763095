"""The sandbox's sign-in refuses what Google refuses; the whole dance is told in `tests/web/test_sign_in.py`."""

import base64
import hashlib
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest
from flask.testing import FlaskClient

from sharesync.sandbox.app import create_app
from sharesync.sandbox.workspace import Workspace
from tests.sandbox.conftest import ANN, BEN

BACK = "https://page.test/sign-in/back"
AUTH = "/o/oauth2/v2/auth"
VERIFIER = "v" * 50
Ask = Callable[..., dict[str, str]]


@pytest.fixture
def browser(workspace: Workspace) -> FlaskClient:
    workspace.sign_in.register([BACK])
    return create_app(workspace).test_client()


@pytest.fixture
def ask(workspace: Workspace) -> Ask:
    """A request to sign somebody in; what is given differs, None is left out."""

    def asked(**other: str | None) -> dict[str, str]:
        challenge = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")
        usual = {
            "client_id": workspace.sign_in.client_id,
            "redirect_uri": BACK,
            "response_type": "code",
            "scope": "openid email",
            "state": "s",
            "nonce": "n",
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        return {name: value for name, value in {**usual, **other}.items() if value is not None}

    return asked


@pytest.fixture
def exchange(workspace: Workspace, browser: FlaskClient, ask: Ask) -> Callable[..., tuple[int, str]]:
    """Gets a code as Ann and asks for tokens with it; what is given differs."""

    def exchanged(wait: float = 0, **other: str) -> tuple[int, str]:
        back = browser.post(AUTH, data={**ask(), "user": ANN}).location
        workspace.advance(wait)
        form = {
            "grant_type": "authorization_code",
            "code": dict(parse_qsl(urlsplit(back).query))["code"],
            "redirect_uri": BACK,
            "code_verifier": VERIFIER,
            "client_id": workspace.sign_in.client_id,
            "client_secret": workspace.sign_in.client_secret,
        }
        answer = browser.post("/token", data={**form, **other})
        told = answer.get_json()
        return answer.status_code, str(told.get("error", "token" * ("id_token" in told)))

    return exchanged


def test_the_chooser_shows_everyone_who_is_there(browser: FlaskClient, ask: Ask) -> None:
    page = browser.get(AUTH, query_string=ask())
    assert page.status_code == 200
    assert ANN in page.text
    assert BEN in page.text


@pytest.mark.parametrize(
    "uri",
    [
        "https://evil.test/sign-in/back", f"{BACK}/", f"{BACK}?x=1", "http://page.test/sign-in/back",
        "https://page.test:443/sign-in/back", "https://PAGE.test/sign-in/back", "",
    ],
)  # fmt: skip
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_nobody_is_sent_to_an_address_that_is_not_registered_letter_by_letter(
    browser: FlaskClient, ask: Ask, uri: str, method: str
) -> None:
    asked = ask(redirect_uri=uri)
    answer = (
        browser.get(AUTH, query_string=asked) if method == "GET" else browser.post(AUTH, data={**asked, "user": ANN})
    )
    assert answer.status_code == 400
    assert "redirect_uri_mismatch" in answer.text
    assert "Location" not in answer.headers


@pytest.mark.parametrize(
    ("other", "status", "error"),
    [
        ({"client_id": "another"}, 401, "invalid_client"),
        ({"response_type": "token"}, 400, "unsupported_response_type"),
        ({"scope": "email"}, 400, "invalid_scope"),
        ({"scope": "openid everything"}, 400, "invalid_scope"),
        ({"code_challenge_method": "plain"}, 400, "invalid_request"),
    ],
)
def test_what_google_does_not_answer_is_its_error_page(
    browser: FlaskClient, ask: Ask, other: dict[str, str], status: int, error: str
) -> None:
    answer = browser.get(AUTH, query_string=ask(**other))
    assert answer.status_code == status
    assert error in answer.text


def test_state_comes_back_with_the_code_and_who_cancels_comes_back_without_one(browser: FlaskClient, ask: Ask) -> None:
    chosen = dict(parse_qsl(urlsplit(browser.post(AUTH, data={**ask(), "user": ANN}).location).query))
    cancelled = dict(parse_qsl(urlsplit(browser.post(AUTH, data=ask()).location).query))
    assert chosen["state"] == cancelled["state"] == "s"
    assert cancelled["error"] == "access_denied"
    assert "code" in chosen
    assert "code" not in cancelled


def test_who_is_suspended_cannot_sign_in(workspace: Workspace, browser: FlaskClient, ask: Ask) -> None:
    workspace.directory.change_user(ANN, suspended=True)
    assert browser.post(AUTH, data={**ask(), "user": ANN}).status_code == 403


def test_a_code_is_exchanged_for_tokens(exchange: Callable[..., tuple[int, str]]) -> None:
    assert exchange() == (200, "token")


@pytest.mark.parametrize(
    ("other", "status", "error"),
    [
        ({"code": "4/0Aother"}, 400, "invalid_grant"),
        ({"code_verifier": "w" * 50}, 400, "invalid_grant"),
        ({"code_verifier": ""}, 400, "invalid_grant"),
        ({"redirect_uri": "https://page.test/"}, 400, "redirect_uri_mismatch"),
        ({"client_secret": "guessed"}, 401, "invalid_client"),
        ({"client_id": "another"}, 401, "invalid_client"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
    ],
)
def test_a_code_is_bound_to_client_address_and_verifier(
    exchange: Callable[..., tuple[int, str]], other: dict[str, str], status: int, error: str
) -> None:
    assert exchange(**other) == (status, error)


def test_a_code_lasts_ten_minutes(exchange: Callable[..., tuple[int, str]]) -> None:
    assert exchange(wait=timedelta(minutes=9).total_seconds()) == (200, "token")
    assert exchange(wait=timedelta(minutes=10).total_seconds()) == (400, "invalid_grant")


def test_userinfo_says_who_a_token_is_for_and_needs_one(workspace: Workspace, browser: FlaskClient) -> None:
    token = workspace.access_token(ANN, "openid")
    told = browser.get("/v1/userinfo", headers={"Authorization": f"Bearer {token}"}).get_json()
    assert (told["sub"], told["email"]) == (workspace.user(ANN).id, ANN)
    assert browser.get("/v1/userinfo").status_code == 401
