"""What a machine asks that watches over us, and how often anybody may ask for what is dear."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

import web
from sharesync.jobs.worker import Worker
from sharesync.settings import Settings
from tests.cli.processes import until
from tests.web.conftest import SIGN_IN, Statements, signed_in
from tests.web.test_sign_in import Door, door_of
from tests.worlds import House
from web.frame.limits import ANYTHING
from web.frame.limits import SIGN_IN as SIGN_IN_LIMIT

TOKEN = "a token that only Prometheus knows"


def watcher(house: House, folder: Path, **more: str) -> FlaskClient:
    return web.create_app(house.world, Settings.from_environment(SIGN_IN | more, folder)).test_client()


def gauge(text: str, name: str) -> float:
    found = re.search(rf"^{re.escape(name)} (\S+)$", text, re.MULTILINE)
    assert found, name
    return float(found[1])


def test_it_lives_without_asking_the_database(app: Flask, house: House, statements: Statements) -> None:
    with statements(house) as told:
        answer = app.test_client().get("/healthz")
    assert (answer.status_code, answer.text, told) == (200, "ok\n", [])


def test_it_is_ready_when_the_database_is_and_people_can_sign_in(shared: House, tmp_path: Path) -> None:
    ready = watcher(shared, tmp_path).get("/readyz")
    assert (ready.status_code, ready.text) == (200, "ready\n")
    unset = web.create_app(shared.world, Settings.from_environment({}, tmp_path)).test_client().get("/readyz")
    assert (unset.status_code, unset.text) == (503, "sign-in is not set up\n")


def test_it_is_not_ready_on_a_database_of_another_day(shared: House, tmp_path: Path) -> None:
    from sqlalchemy import text

    with shared.database.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    answer = watcher(shared, tmp_path).get("/readyz")
    assert answer.status_code == 503
    assert "sharesync init" in answer.text


def test_metrics_tell_how_everything_stands(shared: House, app: Flask) -> None:
    shared.edit("Ada", phones=["+45 33 12 34 56"])
    shared.wait(seconds=40)
    text = app.test_client().get("/metrics").text
    assert gauge(text, 'sharesync_mailboxes{state="ok"}') == 3
    assert gauge(text, 'sharesync_mailboxes{state="attention"}') == 0
    assert gauge(text, "sharesync_contacts_behind") == 2
    assert gauge(text, "sharesync_mailboxes_due") == 2
    assert gauge(text, "sharesync_lag_seconds") == pytest.approx(40, abs=1)
    assert gauge(text, 'sharesync_waiting{kind="holds"}') == 0


def test_metrics_tell_who_is_behind_and_why(shared: House, app: Flask) -> None:
    shared.edit("Ada", phones=["+45 33 12 34 56"])
    shared.workspace.directory.change_user(shared.address("cy"), contacts_on=False)
    shared.pass_over("cy", wait=timedelta())
    shared.wait(seconds=40)
    found = re.findall(
        r'^sharesync_mailboxes_behind(_seconds)?\{reason="(.*)",state="(.*)"\} (\S+)$',
        app.test_client().get("/metrics").text,
        re.MULTILINE,
    )
    told = {(kind, reason.partition(";")[0], state): float(value) for kind, reason, state, value in found}
    off = "Google Contacts is switched off for this user"
    assert told == {
        ("", "", "ok"): 1,
        ("_seconds", "", "ok"): pytest.approx(40, abs=10),
        ("", off, "attention"): 1,
        ("_seconds", off, "attention"): pytest.approx(40, abs=10),
    }


def test_metrics_tell_what_nobody_does(shared: House, app: Flask) -> None:
    def gauges() -> list[float]:
        text = app.test_client().get("/metrics").text
        return [gauge(text, f"sharesync_{name}_seconds") for name in ("neglected", "unnumbered", "directory_age")]

    shared.sync()
    shared.sync_directory()
    assert gauges() == pytest.approx([0, 0, 0], abs=60)
    shared.edit("Ada", phones=["+45 33 12 34 56"])
    shared.wait(minutes=30)
    assert gauges() == pytest.approx([1800, 0, 1800], abs=60)


def test_metrics_count_passes_calls_quota_failures_and_requests(shared: House, app: Flask) -> None:
    browser = app.test_client()
    before = browser.get("/metrics").text
    shared.edit("Ada", phones=["+45 33 12 34 56"])
    shared.workspace.directory.change_user(shared.address("cy"), contacts_on=False)
    worker = Worker(shared.world, 1)
    worker.dispatch()
    until(lambda: "" if worker.busy else "yes")
    worker.stop()
    after = browser.get("/metrics").text

    def grew(name: str) -> float:
        old = gauge(before, name) if re.search(rf"^{re.escape(name)} ", before, re.MULTILINE) else 0
        return gauge(after, name) - old

    assert grew('sharesync_passes_total{outcome="ok"}') == 1
    assert grew('sharesync_passes_total{outcome="attention"}') == 1
    assert grew('sharesync_contacts_total{deed="updated"}') == 1
    assert grew('sharesync_google_calls_total{method="people.updateContact"}') == 2  # and one in vain
    assert grew('sharesync_google_quota_units_total{kind="critical_write"}') == 2
    assert re.search(r'^sharesync_pass_failures_total\{reason="Google Contacts is switched off', after, re.MULTILINE)
    assert grew('sharesync_http_requests_total{method="GET",status="200",view="health.metrics"}') == 1


def test_metrics_name_nobody(shared: House, app: Flask) -> None:
    signed_in(app, shared, "bo").get(f"/contacts/{shared.contact_id('Ada')}")
    text = app.test_client().get("/metrics").text
    for name in ("Ada", "Bo", "@", "Customers", shared.contact_id("Ada"), shared.users["bo"].id):
        assert name not in text


def test_metrics_are_for_this_machine_alone(shared: House, tmp_path: Path) -> None:
    browser = watcher(shared, tmp_path)
    assert browser.get("/metrics").status_code == 200
    assert browser.get("/metrics", environ_overrides={"REMOTE_ADDR": "192.168.1.7"}).status_code == 404
    assert browser.get("/metrics", headers={"X-Forwarded-For": "127.0.0.1"}).status_code == 404
    assert browser.get("/metrics", headers={"Host": "evil.example"}).status_code == 404
    assert browser.get("/metrics", headers={"Host": "127.0.0.1:8000"}).status_code == 200
    proxied = watcher(shared, tmp_path, SHARESYNC_PUBLIC_URL="https://people.north.test")
    assert proxied.get("/metrics").status_code == 404


def test_metrics_are_for_who_has_the_token_from_anywhere(shared: House, tmp_path: Path) -> None:
    browser = watcher(shared, tmp_path, SHARESYNC_METRICS_TOKEN=TOKEN)

    def status(sent: str) -> int:
        headers = {"Authorization": sent} if sent else {}
        return browser.get("/metrics", headers=headers, environ_overrides={"REMOTE_ADDR": "10.1.1.1"}).status_code

    assert status(f"Bearer {TOKEN}") == 200
    assert [status(wrong) for wrong in ("", "Bearer", "Bearer guessed", f"Basic {TOKEN}")] == [404] * 4
    assert browser.get("/metrics").status_code == 404


# --- Limits ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def door(shared: House, tmp_path: Path) -> Door:
    return door_of(shared, tmp_path)


def test_sign_ins_are_limited_for_an_address_and_not_for_others(door: Door) -> None:
    most = int(SIGN_IN_LIMIT.split()[0])
    for _ in range(most):
        answer = door.browser.get("/sign-in/back")
        assert (answer.status_code, "Retry-After" in answer.headers) == (400, False)
    late = door.browser.get("/sign-in/back")
    assert late.status_code == 429
    assert int(late.headers["Retry-After"]) <= 60
    assert "wait a minute" in late.text
    elsewhere = door.browser.get("/sign-in/back", environ_overrides={"REMOTE_ADDR": "127.9.9.9"})
    assert elsewhere.status_code == 400
    assert door.browser.get("/sign-in/").status_code == 200


def test_who_asks_for_too_much_of_anything_is_stopped_and_nobody_else(app: Flask, shared: House) -> None:
    stranger, bo = app.test_client(), signed_in(app, shared, "bo")
    assert {stranger.get("/groups/").status_code for _ in range(int(ANYTHING.split()[0]))} == {303}
    assert stranger.get("/contacts/").status_code == 429
    assert stranger.get("/healthz").status_code == 200
    assert bo.get("/").status_code == 200
