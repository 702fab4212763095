"""Endpoints for programs: made, seen, told again and removed by a token of their owner, and by nobody else's."""

import json

from flask import Flask

from tests.api.conftest import calling, make_service, make_token
from tests.worlds import House


def test_a_program_has_itself_told_and_another_one_does_not_see_it(app: Flask, shared: House) -> None:
    crm = calling(app, make_token(shared, make_service(shared, "crm", Customers="view"), ["hooks:write"]).text)
    other = calling(app, make_token(shared, make_service(shared, "other")).text)
    sent = {"kind": "webhook", "target": "https://crm.test/in?key=hush", "events": ["contact"], "groups": ["Customers"]}
    made = crm.post("/api/v1/endpoints", json=sent)
    assert made.status_code == 201
    assert made.json["secret"].startswith("whsec_")
    shown = crm.get("/api/v1/endpoints")
    [one] = shown.json["items"]
    assert (one["id"], one["target"], one["state"], one["behind"]) == (made.json["id"], "https://crm.test/…", "on", 0)
    assert {name.partition(".")[0] for name in one["events"]} == {"contact"}
    assert made.json["secret"] not in json.dumps(shown.json)
    here = f"/api/v1/endpoints/{one['id']}"
    assert other.get("/api/v1/endpoints").json["items"] == []
    assert other.delete(here).status_code == 404
    assert other.post(f"{here}/replay", json={"since": 0}).status_code == 404
    assert crm.post(f"{here}/replay", json={"since": 0}).status_code == 202
    assert crm.post(f"{here}/replay", json={"since": 10**9}).status_code == 422
    assert crm.post(f"{here}/rotate").json["secret"] != made.json["secret"]
    assert crm.delete(here).status_code == 204
    assert crm.get("/api/v1/endpoints").json["items"] == []


def test_a_token_for_one_group_has_nobody_told_of_another(app: Flask, shared: House) -> None:
    token = make_token(shared, "anna", groups=["Press"])
    anna = calling(app, token.text)
    made = anna.post("/api/v1/endpoints", json={"kind": "chat", "target": "https://chat.test/"})
    assert made.status_code == 201
    [one] = anna.get("/api/v1/endpoints").json["items"]
    assert one["groups"] == [shared.group_id("Press")]
    refused = anna.post(
        "/api/v1/endpoints", json={"kind": "chat", "target": "https://chat.test/", "groups": ["Customers"]}
    )
    assert refused.status_code == 404


def test_what_is_wrong_is_refused_in_a_sentence(app: Flask, shared: House) -> None:
    anna = calling(app, make_token(shared, "anna").text)
    for wrong in (
        {"kind": "mail", "target": "x@x.test"},
        {"kind": "webhook", "target": "ftp://x.test"},
        {"kind": "webhook", "target": "https://x.test", "events": ["contact.eaten"]},
    ):
        answer = anna.post("/api/v1/endpoints", json=wrong)
        assert answer.status_code == 422, wrong


def test_a_test_that_is_not_taken_says_why(app: Flask, shared: House) -> None:
    anna = calling(app, make_token(shared, "anna").text)
    made = anna.post("/api/v1/endpoints", json={"kind": "webhook", "target": "https://127.0.0.1/in"})
    tried = anna.post(f"/api/v1/endpoints/{made.json['id']}/test")
    assert (tried.status_code, tried.json["taken"], tried.json["status"]) == (200, False, None)
    assert tried.json["error"].startswith("127.0.0.1 is no public address")
