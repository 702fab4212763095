"""Signing in and out: the whole dance, what a provider must say to be believed, and how long a session lasts."""

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.test import TestResponse

import web
from sharesync.model.audit import OPERATOR
from sharesync.model.permission import Role
from sharesync.sandbox.sign_in import SignIn
from sharesync.services.who_may import roles
from sharesync.services.who_may.sessions import IDLE, LONGEST
from sharesync.settings import Settings
from tests.dance import sign_in
from tests.web.chromium import serving
from tests.web.conftest import COOKIE, SIGN_IN, Signed, open_session, signed_in
from tests.worlds import DOMAIN, House
from web.frame.gate import LARGEST

BACK = "http://localhost/sign-in/back"


@dataclass
class Door:
    """A page whose provider is the House's sandbox, and a browser before it."""

    house: House
    app: Flask
    browser: FlaskClient

    @property
    def provider(self) -> SignIn:
        return self.house.workspace.sign_in

    def knock(self, wanted: str = "/") -> dict[str, str]:
        """What the browser is sent to the provider with."""
        there = self.browser.get(f"/sign-in/start?next={wanted}")
        assert there.status_code == 302
        assert there.location.startswith(self.house.server.url)
        return dict(parse_qsl(urlsplit(there.location).query))

    def vouch(self, asked: dict[str, str], who: str = "anna") -> str:
        """Where the provider sends the browser back to."""
        data = {**asked, "user": self.house.address(who)}
        back = requests.post(f"{self.house.server.url}/o/oauth2/v2/auth", data, allow_redirects=False)
        assert back.status_code == 302, back.text
        return back.headers["Location"].removeprefix("http://localhost")

    def enter(self, who: str = "anna", wanted: str = "/") -> TestResponse:
        return self.browser.get(self.vouch(self.knock(wanted), who))

    def is_in(self) -> bool:
        return self.browser.get("/contacts/").status_code == 200


def door_of(house: House, folder: Path, **more: str) -> Door:
    house.workspace.sign_in.register([BACK])
    settings = Settings.from_environment(
        SIGN_IN
        | {
            "SHARESYNC_OIDC_ISSUER": house.server.url,
            "SHARESYNC_OIDC_CLIENT_ID": house.workspace.sign_in.client_id,
            "SHARESYNC_OIDC_CLIENT_SECRET": house.workspace.sign_in.client_secret,
            "SHARESYNC_ADMINS": house.address("anna"),
        }
        | more,
        folder,
    )
    app = web.create_app(house.world, settings)
    return Door(house, app, app.test_client())


@pytest.fixture
def door(shared: House, tmp_path: Path) -> Door:
    return door_of(shared, tmp_path)


@pytest.fixture
def lies(door: Door, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Lets the provider's ID tokens say something else."""

    def lying(**claims: Any) -> None:
        honest = door.provider.claims
        monkeypatch.setattr(
            door.provider,
            "claims",
            lambda *about: {name: value for name, value in {**honest(*about), **claims}.items() if value is not None},
        )

    return lying


# --- The dance -------------------------------------------------------------------------------------------------------


def test_a_stranger_is_led_to_the_sign_in_and_from_there_to_the_page_they_wanted(door: Door) -> None:
    asked = door.browser.get("/contacts/?q=gra")
    assert (asked.status_code, asked.location) == (303, "/sign-in/?next=/contacts/?q%3Dgra")
    page = door.browser.get(asked.location)
    assert page.status_code == 200
    assert "Sign in with Google" in page.text
    assert "Grace" not in page.text
    entered = door.enter(wanted="/contacts/?q%3Dgra")
    assert (entered.status_code, entered.location) == (303, "/contacts/?q=gra")
    assert "Grace" in door.browser.get(entered.location).text


def test_over_http_a_browser_needs_two_clicks(door: Door) -> None:
    with serving(door.app) as at:
        door.provider.register([f"{at}/sign-in/back"])
        first = sign_in(at, door.house.address("anna"))
    assert first.url == f"{at}/"
    assert "Anna Ågård" in first.text


@pytest.mark.parametrize(
    "wanted", ["//evil.example", "https://evil.example/", "/\\evil.example", "javascript:alert(1)", "x"]
)
def test_no_address_leads_from_the_sign_in_to_another_site(door: Door, wanted: str) -> None:
    assert door.enter(wanted=wanted).location == "/"


def test_code_flow_with_state_nonce_and_pkce(door: Door) -> None:
    asked = door.knock()
    assert asked["response_type"] == "code"
    assert asked["redirect_uri"] == BACK
    assert asked["code_challenge_method"] == "S256"
    assert asked["hd"] == DOMAIN
    assert min(len(asked[name]) for name in ("state", "nonce", "code_challenge")) >= 20
    assert "secret" not in str(asked)


@contextmanager
def foreign_provider(subject: str) -> Iterator[str]:
    """Somebody else's provider, in a process of its own; its address."""
    command = Path(sys.executable).with_name("oidc-provider-mock")
    user = json.dumps({"sub": subject, "hd": DOMAIN})
    with subprocess.Popen(
        [command, "--port", "0", "--user-claims", user], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        assert process.stdout
        told = (re.search(r"running on (http://\S+)", line) for line in process.stdout)
        yield next(filter(None, told))[1].replace("127.0.0.1", "localhost")
        process.kill()


def test_a_foreign_provider_serves_as_well(shared: House, tmp_path: Path) -> None:
    anna = shared.users["anna"].id
    with foreign_provider(anna) as issuer:
        door = door_of(shared, tmp_path, SHARESYNC_OIDC_ISSUER=issuer)
        there = door.browser.get("/sign-in/start").location
        back = requests.post(there, data={"sub": anna}, allow_redirects=False).headers["Location"]
        assert door.browser.get(back.removeprefix("http://localhost")).status_code == 303
    assert door.is_in()


# --- What is not believed --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://accounts.evil.example"},
        {"iss": None},
        {"aud": "another client"},
        {"aud": None},
        {"nonce": "another sign-in’s"},
        {"nonce": None},
        {"exp": 1_700_000_000},
        {"exp": None},
        {"sub": None},
        {"sub": ""},
    ],
)
def test_an_id_token_that_says_otherwise_is_refused(
    door: Door, lies: Callable[..., None], claims: dict[str, Any]
) -> None:
    lies(**claims)
    answer = door.enter()
    assert answer.status_code == 400
    assert not door.is_in()


@pytest.mark.parametrize("hd", ["evil.example", None, ""])
def test_an_account_of_another_domain_is_refused_and_told_so(
    door: Door, lies: Callable[..., None], hd: str | None
) -> None:
    lies(hd=hd)
    answer = door.enter()
    assert answer.status_code == 403
    assert f"not of {DOMAIN}" in answer.text
    assert not door.is_in()


def test_users_of_every_domain_that_is_named_sign_in_and_of_no_other(shared: House, tmp_path: Path) -> None:
    """`hd` is the domain of the user's own address, a secondary one of the Workspace, too."""
    for domain in ("south.test", "east.test"):
        shared.workspace.describe({"users": [{"email": f"una@{domain}", "name": "Una"}]})
    shared.sync_directory()
    several = door_of(shared, tmp_path, SHARESYNC_DOMAIN=f"{DOMAIN}, south.test")
    asked = several.knock()
    assert asked["hd"] == "*", "Google offers every account of a Workspace"
    answers = {}
    for domain in (DOMAIN, "south.test", "east.test"):
        who = replace(several, browser=several.app.test_client())
        name = "anna" if domain == DOMAIN else "una"
        data = {**who.knock(), "user": f"{name}@{domain}"}
        back = requests.post(f"{shared.server.url}/o/oauth2/v2/auth", data, allow_redirects=False)
        answers[domain] = who.browser.get(back.headers["Location"].removeprefix("http://localhost")), who.is_in()
    assert [is_in for _, is_in in answers.values()] == [True, True, False]
    refusal, _ = answers["east.test"]
    assert refusal.status_code == 403
    assert f"not of {DOMAIN}, south.test" in refusal.text


def test_an_id_token_that_another_key_has_signed_is_refused(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    door.enter()
    forger = SignIn(door.house.workspace.directory, door.house.workspace.authority, door.house.now, door.house.now)
    monkeypatch.setattr(forger, "_key_id", door.provider._key_id, raising=False)
    stranger = replace(door, browser=door.app.test_client())
    monkeypatch.setattr(door.provider, "sign", forger.sign)
    assert stranger.enter().status_code == 400
    assert not stranger.is_in()


def test_an_id_token_without_a_signature_is_refused(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    def unsigned(claims: dict[str, Any]) -> str:
        whole = SignIn.sign(door.provider, claims)
        return "eyJhbGciOiJub25lIn0." + whole.split(".")[1] + "."

    monkeypatch.setattr(door.provider, "sign", unsigned)
    assert door.enter().status_code == 400
    assert not door.is_in()


def test_an_answer_to_a_sign_in_that_was_not_begun_here_is_refused(door: Door) -> None:
    back = door.vouch(door.knock())
    stranger = door.app.test_client()
    assert stranger.get(back).status_code == 400
    assert stranger.get("/contacts/").status_code == 303


def test_a_code_is_good_once(door: Door) -> None:
    back = door.vouch(door.knock())
    assert door.browser.get(back).status_code == 303
    assert door.browser.get(back).status_code == 400


def test_a_code_of_another_sign_in_is_refused(door: Door) -> None:
    """Another's code, slipped into one's own sign-in: PKCE binds it to who began it."""
    theirs = dict(parse_qsl(urlsplit(replace(door, browser=door.app.test_client()).vouch(door.knock(), "bo")).query))
    mine = door.knock()
    answer = door.browser.get("/sign-in/back", query_string={"code": theirs["code"], "state": mine["state"]})
    assert answer.status_code == 400
    assert not door.is_in()


def test_who_does_not_want_to_is_not_signed_in(door: Door) -> None:
    asked = door.knock()
    back = requests.post(f"{door.house.server.url}/o/oauth2/v2/auth", asked, allow_redirects=False)
    answer = door.browser.get(back.headers["Location"].removeprefix("http://localhost"))
    assert answer.status_code == 400
    assert "You did not sign in" in answer.text


def test_a_provider_that_does_not_answer_is_one_sentence(shared: House, tmp_path: Path) -> None:
    door = door_of(shared, tmp_path, SHARESYNC_OIDC_ISSUER="http://127.0.0.1:9")
    answer = door.browser.get("/sign-in/start")
    assert answer.status_code == 400
    assert "does not answer" in answer.text


def test_someone_whom_the_directory_does_not_know_is_refused(door: Door) -> None:
    door.house.workspace.directory.add_user(f"new@{DOMAIN}", door.house.now())
    answer = door.browser.get(door.vouch(door.knock(), "new"))
    assert answer.status_code == 403
    assert "directory" in answer.text
    assert not door.is_in()


def test_identity_is_the_subject_and_never_the_address(door: Door, lies: Callable[..., None]) -> None:
    lies(email=door.house.address("anna"))  # of Bo's token: it says Bo, with Anna's address
    door.enter("bo")
    assert "Bo Bøgh" in door.browser.get("/").text
    assert door.browser.get("/changes/").status_code == 403


# --- Sessions --------------------------------------------------------------------------------------------------------


@pytest.fixture
def bo(app: Flask, shared: House) -> Signed:
    return signed_in(app, shared, "bo")


def test_every_sign_in_makes_a_new_session_and_ends_the_one_before(door: Door) -> None:
    door.browser.set_cookie(COOKIE, "a token that somebody planted here")
    door.enter()
    first = door.browser.get_cookie(COOKIE)
    door.enter()
    second = door.browser.get_cookie(COOKIE)
    assert first
    assert second
    assert len({first.value, second.value, "a token that somebody planted here"}) == 3
    thief = door.app.test_client()
    thief.set_cookie(COOKIE, first.value)
    assert thief.get("/contacts/").status_code == 303


def test_the_store_holds_no_token(shared: House) -> None:
    token = open_session(shared, "bo")
    with shared.database.reading() as session:
        rows = session.execute(text("SELECT * FROM sessions")).all()
    assert rows
    assert token not in str(rows)
    assert token.encode() not in b"".join(row.digest for row in rows)


def test_the_cookie_is_hidden_from_scripts_and_from_other_sites(door: Door) -> None:
    (cookie,) = (one for one in door.enter().headers.getlist("Set-Cookie") if one.startswith(f"{COOKIE}="))
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))
    assert "Domain" not in cookie


def test_over_https_the_cookies_are_bound_to_the_host(shared: House, tmp_path: Path) -> None:
    door = door_of(shared, tmp_path, SHARESYNC_PUBLIC_URL="https://people.north.test")
    door.provider.register(["https://people.north.test/sign-in/back"])
    door.browser = door.app.test_client()
    at: dict[str, Any] = {"base_url": "https://people.north.test"}
    there = door.browser.get("/sign-in/start", **at)
    asked = dict(parse_qsl(urlsplit(there.location).query))
    assert asked["redirect_uri"] == "https://people.north.test/sign-in/back"
    entered = door.browser.get(door.vouch(asked).removeprefix("https://people.north.test"), **at)
    cookies = there.headers.getlist("Set-Cookie") + entered.headers.getlist("Set-Cookie")
    assert len(cookies) >= 3
    for cookie in cookies:
        assert cookie.startswith("__Host-sharesync-")
        assert {"Secure", "HttpOnly", "Path=/"} <= set(cookie.split("; "))
    assert door.browser.get("/contacts/", **at).status_code == 200
    assert entered.headers["Strict-Transport-Security"].startswith("max-age=")


def test_a_session_nobody_uses_ends_and_a_page_that_refreshes_by_itself_is_no_use(bo: Signed, shared: House) -> None:
    assert bo.get("/contacts/").status_code == 200
    for _ in range(3):
        shared.wait(seconds=IDLE.total_seconds() / 2)
        assert bo.get("/contacts/").status_code == 200
    shared.wait(seconds=IDLE.total_seconds() / 2)
    assert bo.get("/contacts/", headers={"HX-Request": "true"}).status_code == 200
    shared.wait(seconds=IDLE.total_seconds() / 2)
    answer = bo.get("/contacts/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (401, "/sign-in/")
    assert bo.get("/contacts/").status_code == 303


def test_a_session_ends_after_half_a_day_however_busy(bo: Signed, shared: House) -> None:
    bo.get("/")
    for _ in range(int(LONGEST / IDLE) * 2 - 1):
        shared.wait(seconds=IDLE.total_seconds() / 2)
        assert bo.get("/contacts/").status_code == 200
    shared.wait(seconds=IDLE.total_seconds() / 2)
    assert bo.get("/contacts/").status_code == 303


def test_signing_out_ends_this_session_and_no_other(bo: Signed, app: Flask, shared: House) -> None:
    elsewhere = signed_in(app, shared, "bo")
    assert elsewhere.get("/").status_code == 200
    answer = bo.submit("/sign-in/out")
    assert (answer.status_code, answer.location) == (303, "/sign-in/")
    assert elsewhere.get("/").status_code == 200
    assert "You are signed out" in app.test_client().get("/sign-in/").text or bo.get_cookie(COOKIE) is None


def test_signing_out_everywhere_ends_every_session(bo: Signed, app: Flask, shared: House) -> None:
    elsewhere, anna = signed_in(app, shared, "bo"), signed_in(app, shared, "anna")
    assert elsewhere.get("/").status_code == anna.get("/").status_code == 200
    bo.submit("/sign-in/out", {"everywhere": "yes"})
    assert elsewhere.get("/").status_code == 303
    assert anna.get("/").status_code == 200


@pytest.mark.parametrize("how", [{"suspended": True}, {"archived": True}, {"deleted": True}])
def test_a_session_ends_when_the_directory_suspends_its_user_and_does_not_come_back(
    bo: Signed, shared: House, how: dict[str, Any]
) -> None:
    assert bo.get("/").status_code == 200
    gone = {name: shared.now() if name == "deleted" else value for name, value in how.items()}
    shared.workspace.directory.change_user(shared.users["bo"].id, **gone)
    shared.sync_directory()
    assert bo.get("/").status_code == 303
    shared.workspace.directory.change_user(shared.users["bo"].id, suspended=False, archived=False, deleted=None)
    shared.sync_directory()
    assert bo.get("/").status_code == 303


def test_another_issuers_session_is_nobodys(shared: House, bo: Signed, tmp_path: Path) -> None:
    assert bo.get("/").status_code == 200
    token = bo.get_cookie(COOKIE)
    assert token
    door = door_of(shared, tmp_path)
    door.browser.set_cookie(COOKIE, token.value)
    assert not door.is_in()


def test_who_is_named_in_the_settings_becomes_administrator_at_the_first_sign_in_and_nobody_else(door: Door) -> None:
    assert door.enter("bo").status_code == 303
    assert door.browser.get("/changes/").status_code == 403
    assert door.enter("anna").status_code == 303
    assert door.browser.get("/changes/").status_code == 200


def test_an_auditor_whom_the_settings_name_stays_auditor(door: Door) -> None:
    with door.house.world.work(OPERATOR) as work:
        roles.assign(work, door.house.address("anna"), Role.AUDITOR)
    door.enter("anna")
    assert "Auditor" in door.browser.get("/").text


def test_a_role_that_is_taken_away_is_gone_at_the_next_click(app: Flask, shared: House) -> None:
    anna = signed_in(app, shared, "anna")
    assert anna.get("/changes/").status_code == 200
    with shared.world.work(OPERATOR) as work:
        roles.remove(work, shared.address("anna"))
    assert anna.get("/changes/").status_code == 403


# --- Forms -----------------------------------------------------------------------------------------------------------


def test_a_form_without_its_token_changes_nothing(bo: Signed) -> None:
    bo.get("/")
    assert bo.post("/sign-in/out").status_code == 400
    assert bo.post("/sign-in/out", data={"csrf_token": "made up"}).status_code == 400
    assert bo.get("/").status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "http://localhost", "Sec-Fetch-Site": "cross-site"},
    ],
)
def test_a_form_from_another_site_changes_nothing_even_with_its_token(bo: Signed, headers: dict[str, str]) -> None:
    token = re.search(r'<meta name="csrf-token" content="([^"]+)"', bo.get("/").text)
    assert token
    assert bo.post("/sign-in/out", data={"csrf_token": token[1]}, headers=headers).status_code == 403
    assert bo.get("/").status_code == 200


def test_what_is_too_large_is_refused_before_it_is_read(bo: Signed) -> None:
    answer = bo.submit("/sign-in/out", {"more": "x" * (LARGEST + 1)})
    assert answer.status_code == 413
    assert "larger than the 32 MB that sharesync takes" in answer.text


def test_anothers_token_is_none(bo: Signed, app: Flask, shared: House) -> None:
    token = re.search(r'name="csrf_token" value="([^"]+)"', signed_in(app, shared, "anna").get("/").text)
    assert token
    bo.get("/")
    assert bo.post("/sign-in/out", data={"csrf_token": token[1]}).status_code == 400
