"""Who is answered, and what every answer carries."""

import logging
import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

import web
from sharesync.settings import Settings
from tests.web.conftest import Statements
from tests.worlds import House
from web.guard import is_here

PAGES = ("/", "/mailboxes/", "/groups/", "/contacts/", "/changes/")


@pytest.fixture
def app(still: House, settings: Settings) -> Flask:
    return web.create_app(still.world, settings)


@pytest.mark.parametrize("host", ["localhost", "localhost:8000", "127.0.0.1:8000", "127.3.2.1", "[::1]:8000"])
def test_this_machine_is_answered_by_any_of_its_names(browser: FlaskClient, host: str) -> None:
    assert browser.get("/", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "192.168.1.4:8000", "10.0.0.1", "", "[::"])
def test_a_name_that_is_not_this_machines_is_refused_with_a_sentence(browser: FlaskClient, host: str) -> None:
    answer = browser.get("/", headers={"Host": host})
    assert answer.status_code == 403
    assert "only on the machine it runs on" in answer.text


@pytest.mark.parametrize("address", ["192.168.1.7", "8.8.8.8", "fe80::1", ""])
@pytest.mark.parametrize("page", [*PAGES, "/static/sharesync.css", "/nothing"])
def test_an_address_elsewhere_is_refused_whatever_it_asks_for(browser: FlaskClient, address: str, page: str) -> None:
    assert browser.get(page, environ_overrides={"REMOTE_ADDR": address}).status_code == 403


@pytest.mark.parametrize("header", ["X-Forwarded-For", "X-Forwarded-Host", "Forwarded", "X-Real-IP", "Via"])
def test_what_a_proxy_passes_on_is_refused(browser: FlaskClient, header: str) -> None:
    assert browser.get("/", headers={header: "127.0.0.1"}).status_code == 403


def test_a_refused_request_learns_nothing_of_what_is_there(browser: FlaskClient) -> None:
    answer = browser.get("/contacts/", headers={"Host": "evil.example"})
    assert "Grace" not in answer.text


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("page", PAGES)
def test_nothing_can_be_changed(browser: FlaskClient, method: str, page: str) -> None:
    answer = browser.open(page, method=method)
    assert answer.status_code == 405
    assert answer.headers["Allow"] == "GET, HEAD"


def test_only_loopback_is_here() -> None:
    assert all(map(is_here, ("localhost", "127.0.0.1", "127.255.255.254", "::1")))
    assert not any(map(is_here, ("", "localhost.", "0.0.0.0", "::", "128.0.0.1", "2130706433", "127.1", "example.com")))


# --- Headers ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", [*PAGES, "/nothing", "/static/sharesync.css"])
def test_every_answer_says_what_it_may_load_and_who_may_frame_it(browser: FlaskClient, page: str) -> None:
    with browser.get(page) as answer:
        headers = answer.headers
    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize("page", [*PAGES, "/nothing"])
def test_nobody_keeps_a_copy_of_a_page(browser: FlaskClient, page: str) -> None:
    assert browser.get(page).headers["Cache-Control"] == "no-store"


def test_pages_hold_no_inline_script_style_or_address_elsewhere(browser: FlaskClient) -> None:
    for page in PAGES:
        text = browser.get(page).text
        assert not re.search(r"<style|<script(?![^>]* src=)| style=| on\w+=|javascript:", text), page
        assert not re.search(r"""(?:src|href)=["'](?:https?:)?//""", text), page


def test_a_static_file_is_kept_for_good_only_under_the_fingerprint_of_its_content(browser: FlaskClient) -> None:
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
def test_what_is_not_there_is_a_friendly_page_with_the_number_of_the_request(browser: FlaskClient, page: str) -> None:
    answer = browser.get(page)
    assert answer.status_code == 404
    assert "Nothing here" in answer.text
    assert answer.headers["X-Request-Id"] in answer.text


def test_what_breaks_is_told_without_a_traceback_and_found_in_the_log_by_its_number(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    @app.get("/breaks")
    def breaks() -> str:
        raise RuntimeError("Grace Hopper, +45 33 12 34 56")

    with caplog.at_level(logging.ERROR):
        answer = app.test_client().get("/breaks")
    assert answer.status_code == 500
    number = answer.headers["X-Request-Id"]
    assert number in answer.text
    assert "Traceback" not in answer.text
    assert "RuntimeError" not in answer.text
    assert number in caplog.text
    assert "RuntimeError" in caplog.text
    assert "breaks" in caplog.text
    assert "Hopper" not in caplog.text + answer.text


def test_each_request_has_a_number_of_its_own(browser: FlaskClient) -> None:
    assert browser.get("/").headers["X-Request-Id"] != browser.get("/").headers["X-Request-Id"]


def test_making_the_application_asks_nothing_of_the_database(
    still: House, tmp_path: Path, statements: Statements
) -> None:
    with statements(still) as told:
        web.create_app(still.world, Settings.from_environment({}, tmp_path))
    assert told == []
