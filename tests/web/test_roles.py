"""Roles: given and taken in the page; one's own only after a question."""

import pytest
from flask import Flask

from sharesync.model.permission import Role
from sharesync.store.records import roles
from tests.web.conftest import Signed, signed_in
from tests.worlds import House


def role(house: House, name: str) -> Role | None:
    with house.database.reading() as session:
        return roles.of(session, house.users[name].id)


@pytest.mark.parametrize("word", ["auditor", "administrator"])
def test_a_role_is_given_and_taken_and_the_log_names_who_did(shared: House, browser: Signed, word: str) -> None:
    assert "bo@north.test" in browser.get("/roles/?q=bøgh").text
    browser.submit("/roles/", {"email": "bo@north.test", "role": word})
    assert role(shared, "bo") is Role(word)
    assert "Bo Bøgh" in browser.get("/roles/").text
    browser.submit("/roles/", {"email": "bo@north.test", "role": "none"})
    assert role(shared, "bo") is None
    for action in ("role.set", "role.remove"):
        assert shared.events(action)[-1]["actor"] == shared.users["anna"].id


def test_ones_own_role_goes_only_after_a_question(shared: House, browser: Signed) -> None:
    sent = {"email": "anna@north.test", "role": "none"}
    assert "Give up your own role?" in browser.submit("/roles/", sent).text
    assert role(shared, "anna") is Role.ADMINISTRATOR
    browser.submit("/roles/", sent | {"confirm-count": "1"})
    assert role(shared, "anna") is None
    assert browser.get("/roles/").status_code == 403


@pytest.mark.parametrize(("email", "word"), [("bo@north.test", "king"), ("no@x.test", "auditor")])
def test_what_is_no_role_or_nobody_is_refused(shared: House, browser: Signed, email: str, word: str) -> None:
    answer = browser.submit("/roles/", {"email": email, "role": word}, follow_redirects=True)
    assert 'role="alert"' in answer.text
    assert shared.events("role.set") == []


def test_nobody_else_gives_roles(app: Flask, shared: House) -> None:
    for who in ("bo", "eva"):
        answer = signed_in(app, shared, who).submit("/roles/", {"email": "bo@north.test", "role": "auditor"})
        assert answer.status_code == 403
    assert role(shared, "bo") is None
