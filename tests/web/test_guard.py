"""Who is answered, and what every answer carries."""

import logging
import re
from pathlib import Path

import pytest
from flask import Flask

import web
from sharesync.model.hosts import is_here
from sharesync.settings import Settings
from tests.web.conftest import SIGN_IN, Signed, Statements, signed_in
from tests.worlds import House
from web.frame.limits import limiter

PAGES = ("/", "/mailboxes/", "/groups/", "/contacts/", "/changes/")


@pytest.fixture
def app(still_app: Flask) -> Flask:
    limiter.reset()
    return still_app


@pytest.fixture
def browser(app: Flask, still: House) -> Signed:
    return signed_in(app, still, "anna")


@pytest.mark.parametrize("host", ["localhost", "localhost:8000", "127.0.0.1:8000", "127.3.2.1", "[::1]:8000"])
def test_this_machine_is_answered_by_any_of_its_names(app: Flask, host: str) -> None:
    assert app.test_client().get("/sign-in/", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "192.168.1.4:8000", "10.0.0.1", "", "[::"])
@pytest.mark.parametrize("page", [*PAGES, "/sign-in/", "/sign-in/start", "/static/sharesync.css", "/nothing"])
def test_a_name_that_is_not_ours_is_refused_with_a_sentence(browser: Signed, host: str, page: str) -> None:
    answer = browser.get(page, headers={"Host": host})
    assert answer.status_code in (400, 403)
    assert "Grace" not in answer.text
    assert "set SHARESYNC_PUBLIC_URL" in answer.text or host in ("", "[::")


def test_behind_a_proxy_only_the_public_name_is_answered(still: House, tmp_path: Path) -> None:
    public = Settings.from_environment(SIGN_IN | {"SHARESYNC_PUBLIC_URL": "https://people.north.test"}, tmp_path)
    stranger = web.create_app(still.world, public).test_client()

    def status(**headers: str) -> int:
        return stranger.get(
            "/sign-in/", headers={name.replace("_", "-"): text for name, text in headers.items()}
        ).status_code

    assert status(Host="people.north.test") == 200
    assert status(Host="127.0.0.1:8000", X_Forwarded_Host="people.north.test", X_Forwarded_Proto="https") == 200
    assert status(Host="127.0.0.1:8000") == 403
    assert status(Host="people.north.test", X_Forwarded_Host="evil.example") == 403


@pytest.mark.parametrize("page", [*PAGES, "/sign-in/", "/sign-in/start", "/nothing"])
def test_without_a_sign_in_nothing_is_shown_and_one_sentence_says_what_to_do(
    still: House, tmp_path: Path, page: str
) -> None:
    unset = Settings.from_environment({"SHARESYNC_DOMAIN": "north.test"}, tmp_path)
    answer = web.create_app(still.world, unset).test_client().get(page)
    assert answer.status_code == 503
    assert "set SHARESYNC_OIDC_CLIENT_ID and SHARESYNC_OIDC_CLIENT_SECRET" in answer.text


def test_a_watcher_is_told_that_we_live_under_any_name_and_without_a_sign_in(still: House, tmp_path: Path) -> None:
    unset = Settings.from_environment({}, tmp_path)
    answer = web.create_app(still.world, unset).test_client().get("/healthz", headers={"Host": "10.0.0.1:8000"})
    assert (answer.status_code, answer.text) == (200, "ok\n")


def test_only_loopback_is_here() -> None:
    assert all(map(is_here, ("localhost", "127.0.0.1", "127.255.255.254", "::1")))
    assert not any(map(is_here, ("", "localhost.", "0.0.0.0", "::", "128.0.0.1", "2130706433", "127.1", "example.com")))


# --- Headers ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", [*PAGES, "/nothing", "/static/sharesync.css"])
def test_every_answer_says_what_it_may_load_and_who_may_frame_it(browser: Signed, page: str) -> None:
    with browser.get(page) as answer:
        headers = answer.headers
    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("page", [*PAGES, "/nothing"])
def test_nobody_keeps_a_copy_of_a_page(browser: Signed, page: str) -> None:
    assert browser.get(page).headers["Cache-Control"] == "no-store"


def test_pages_hold_no_inline_script_style_or_address_elsewhere(browser: Signed) -> None:
    for page in PAGES:
        text = browser.get(page).text
        assert not re.search(r"<style|<script(?![^>]* src=)| style=| on\w+=|javascript:", text), page
        assert not re.search(r"""(?:src|href)=["'](?:https?:)?//""", text), page


def test_a_static_file_is_kept_for_good_only_under_the_fingerprint_of_its_content(browser: Signed) -> None:
    named = re.findall(r'(?:href|src)="(/static/[^"]+)"', browser.get("/").text)
    assert len(named) > 5
    for address in named:
        with browser.get(address) as answer:
            assert answer.status_code == 200
            assert "immutable" in answer.headers["Cache-Control"], address
    with browser.get("/static/sharesync.css?v=older") as answer:
        assert answer.headers["Cache-Control"] == "no-cache"


# --- Errors ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", ["/nothing", "/contacts/nobody", "/groups/nothing", "/mailboxes/nobody"])
def test_what_is_not_there_is_a_friendly_page_with_the_number_of_the_request(browser: Signed, page: str) -> None:
    answer = browser.get(page)
    assert answer.status_code == 404
    assert "Page not found" in answer.text
    assert answer.headers["X-Request-Id"] in answer.text


def test_what_breaks_is_told_without_a_traceback_and_found_in_the_log_by_its_number(
    app: Flask, browser: Signed, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks() -> str:
        raise RuntimeError("Grace Hopper, +45 33 12 34 56")

    monkeypatch.setitem(app.view_functions, "home.index", breaks)
    with caplog.at_level(logging.ERROR):
        answer = browser.get("/")
    assert answer.status_code == 500
    number = answer.headers["X-Request-Id"]
    assert number in answer.text
    assert "Traceback" not in answer.text
    assert "RuntimeError" not in answer.text
    assert number in caplog.text
    assert "RuntimeError" in caplog.text
    assert "breaks" in caplog.text
    assert "Hopper" not in caplog.text + answer.text


def test_each_request_has_a_number_of_its_own(browser: Signed) -> None:
    assert browser.get("/").headers["X-Request-Id"] != browser.get("/").headers["X-Request-Id"]


def test_making_the_application_asks_nothing_of_the_database(
    still: House, tmp_path: Path, statements: Statements
) -> None:
    with statements(still) as told:
        web.create_app(still.world, Settings.from_environment({}, tmp_path))
    assert told == []
