"""The page of programs: one's own tokens, and for administrators all of them and the services."""

import re

from flask import Flask

from sharesync.model.token import is_token
from tests.api.conftest import calling
from tests.web.conftest import Signed, signed_in
from tests.worlds import House

TOKEN = re.compile(r"ss[ps]_[0-9A-Za-z]{36}")


def make(browser: Signed, name: str = "phones", **more: object) -> str:
    page = browser.submit("/tokens/", {"name": name, "scope": ["contacts:read"], "days": "90", **more})
    (text,) = TOKEN.findall(page.text)
    assert is_token(text)
    return str(text)


def test_a_token_is_shown_once_works_and_is_revoked(app: Flask, shared: House) -> None:
    bo = signed_in(app, shared, "bo")
    text = make(bo)
    assert calling(app, text).get("/api/v1/contacts").status_code == 200
    bo = signed_in(app, shared, "bo")
    page = bo.get("/tokens/").text
    assert text not in page
    assert f"{text[:8]}…" in page
    token = re.search(r'name="token" value="(\w+)"', page)
    assert token
    assert bo.submit("/tokens/revoke", {"token": token[1]}).status_code == 303
    assert calling(app, text).get("/api/v1/contacts").status_code == 401


def test_nobody_sees_or_revokes_anothers_token_but_administrators(app: Flask, shared: House) -> None:
    bo = signed_in(app, shared, "bo")
    make(bo, "of Bo")
    page = signed_in(app, shared, "bo").get("/tokens/").text
    token = re.search(r'name="token" value="(\w+)"', page)
    assert token
    cy = signed_in(app, shared, "cy")
    assert "of Bo" not in cy.get("/tokens/").text
    assert cy.submit("/tokens/revoke", {"token": token[1]}).status_code == 403
    anna = signed_in(app, shared, "anna")
    assert "of Bo" in anna.get("/tokens/").text
    assert anna.submit("/tokens/revoke", {"token": token[1]}).status_code == 303


def test_an_administrator_makes_a_service_grants_it_access_and_gives_it_a_token(app: Flask, shared: House) -> None:
    anna = signed_in(app, shared, "anna")
    anna.submit("/tokens/services", {"name": "CRM"})
    access = f"/groups/{shared.group_id('Customers')}/access/"
    assert "service:crm" in anna.get(f"{access}suggest?q=crm").text
    anna.submit(access, {"principal": "service:crm", "level": "view", "seen": "yes"})
    assert "crm" in anna.get(access).text
    text = make(anna, owner="service:crm")
    program = calling(app, text)
    assert len(program.get("/api/v1/contacts").json["items"]) == 2
    anna = signed_in(app, shared, "anna")
    anna.submit("/tokens/services/remove", {"name": "crm"})
    assert program.get("/api/v1/contacts").status_code == 401


def test_a_token_without_a_scope_or_for_somebody_else_is_refused_with_a_reason(app: Flask, shared: House) -> None:
    bo = signed_in(app, shared, "bo")
    answer = bo.submit("/tokens/", {"name": "x", "days": "90"}, follow_redirects=True)
    assert "A token needs a scope" in answer.text
    answer = bo.submit(
        "/tokens/", {"name": "x", "scope": ["contacts:read"], "owner": shared.address("cy")}, follow_redirects=True
    )
    assert "Everyone makes their own tokens" in answer.text
