"""Smart groups over the API: looked at before, made, changed; where many would leave, a person decides."""

from typing import Any

import pytest
from flask import Flask

from sharesync.model.access import Level
from sharesync.model.audit import OPERATOR
from sharesync.services import grants, holds
from tests.api.conftest import Calling, calling, make_service, make_token
from tests.web.conftest import signed_in
from tests.worlds import House

PATCH = {"content_type": "application/merge-patch+json"}
NEW = {"name": "York", "filter": "city:york", "sources": ["Customers"]}


def person(number: int, city: str = "York") -> dict[str, Any]:
    return {
        "do": "create",
        "groups": ["Customers"],
        "card": {"names": [{"givenName": f"P{number}"}], "addresses": [{"city": city}]},
    }


@pytest.fixture
def manager(app: Flask, shared: House) -> Calling:
    """A service that manages Customers, in which thirty live in York; ten of them are called something with a 1."""
    program = calling(app, make_token(shared, make_service(shared, "crm", Customers="manage")).text)
    assert program.post("/api/v1/contacts/batch", json={"deeds": [person(one) for one in range(30)]}).status_code == 200
    return program


def patched(program: Calling, group: str, **change: object) -> Any:
    return program.patch(f"/api/v1/groups/{group}", json=change, **PATCH)


def size(program: Calling, group: str) -> int:
    number: int = program.get(f"/api/v1/groups/{group}").json["contacts"]
    return number


def test_a_program_makes_a_smart_group_that_stands_as_a_label(shared: House, manager: Calling) -> None:
    trial = {"filter": NEW["filter"], "sources": NEW["sources"]}
    before = len(shared.events("group.create"))
    looked = manager.post("/api/v1/smart-groups/preview", json=trial)
    assert looked.json == {"before": 0, "joining": 30, "leaving": 0, "after": 30, "held": False}
    assert len(shared.events("group.create")) == before
    answer = manager.post("/api/v1/groups", json={**NEW, "share": True}, headers={"Idempotency-Key": "k"})
    assert answer.status_code == 201, answer.json
    told = {"smart": True, "filter": "city:york", "sources": ["Customers"], "contacts": 30, "level": "manage"}
    assert {name: answer.json[name] for name in told} == told
    again = manager.post("/api/v1/groups", json={**NEW, "share": True}, headers={"Idempotency-Key": "k"})
    assert (again.json, again.headers["Idempotent-Replayed"]) == (answer.json, "true")
    assert manager.get(answer.headers["Location"]).json == answer.json
    shared.sync_until_quiet()
    assert "York" in {label["name"] for label in shared.users["bo"].hands.labels()}


def test_who_does_not_manage_the_sources_makes_none_and_an_ordinary_group_is_an_administrators(
    app: Flask, shared: House, manager: Calling
) -> None:
    bo = calling(app, make_token(shared, "bo").text)
    assert bo.post("/api/v1/groups", json=NEW).status_code == 403
    narrow = calling(app, make_token(shared, "service:crm", groups=["Customers"]).text)
    assert narrow.post("/api/v1/groups", json=NEW).status_code == 403
    hidden, none = (bo.post("/api/v1/groups", json={**NEW, "sources": [name]}) for name in ("Press", "Nowhere"))
    assert hidden.status_code == none.status_code == 404
    assert hidden.text == none.text.replace("Nowhere", "Press")
    assert manager.post("/api/v1/groups", json={"name": "New"}).status_code == 403
    assert manager.post("/api/v1/groups", json={"name": "New", "filter": "x"}).status_code == 422
    wrong = manager.post("/api/v1/groups", json={**NEW, "filter": "changed>soon"})
    assert (wrong.status_code, wrong.json["errors"][0]["pointer"]) == (422, "#/filter")


def test_what_chooses_is_told_to_who_manages_the_group_alone(app: Flask, shared: House, manager: Calling) -> None:
    made = manager.post("/api/v1/groups", json={**NEW, "share": True}).json["id"]
    bo = calling(app, make_token(shared, "bo").text)
    assert bo.get(f"/api/v1/groups/{made}").json["filter"] is None
    assert patched(bo, made, filter="city:oslo").status_code == 403


def test_a_filter_by_which_few_leave_counts_at_once(shared: House, manager: Calling) -> None:
    made = manager.post("/api/v1/groups", json=NEW).json["id"]
    assert patched(manager, made, filter="city:york -p7", name="Old York").json["contacts"] == 29
    assert manager.get(f"/api/v1/groups/{made}").json["name"] == "Old York"


def test_a_filter_by_which_many_would_leave_waits_for_a_person(app: Flask, shared: House, manager: Calling) -> None:
    made = manager.post("/api/v1/groups", json=NEW).json["id"]
    looked = manager.post("/api/v1/smart-groups/preview", json={"group": made, "filter": "p7"})
    assert looked.json == {"before": 30, "joining": 0, "leaving": 29, "after": 1, "held": True}
    held = patched(manager, made, filter="p7", name="Seven")
    assert held.status_code == 202
    assert size(manager, made) == 30
    told = manager.get("/api/v1/holds").json["items"][0]
    assert (told["id"], told["kind"], told["filter"], len(told["contacts"])) == (
        held.json["holds"][0],
        "filter",
        "p7",
        29,
    )
    page = signed_in(app, shared, "anna").get(f"/holds/{told['id']}").text
    assert "29 contacts would leave York" in page
    assert "<code>p7</code>" in page
    holds.apply(shared.world.operation(OPERATOR), told["id"])
    assert size(manager, made) == 1
    assert manager.get("/api/v1/holds").json["items"] == []


def test_a_held_filter_that_is_dropped_changes_nothing_and_a_new_wish_takes_the_place_of_the_old(
    app: Flask, shared: House, manager: Calling
) -> None:
    made = manager.post("/api/v1/groups", json=NEW).json["id"]
    (first,) = patched(manager, made, filter="p7").json["holds"]
    (second,) = patched(manager, made, filter="p8").json["holds"]
    assert [one["id"] for one in manager.get("/api/v1/holds").json["items"]] == [second] != [first]
    browser = signed_in(app, shared, "anna")
    assert browser.submit(f"/holds/{second}", {"decision": "restore-all"}).status_code == 303
    assert size(manager, made) == 30
    assert manager.get(f"/api/v1/groups/{made}").json["filter"] == "city:york"
    assert manager.get("/api/v1/holds").json["items"] == []


def test_many_small_steps_wait_as_one_large_one_does(shared: House, manager: Calling) -> None:
    made = manager.post("/api/v1/groups", json=NEW).json["id"]
    line, statuses = "city:york", []
    for number in range(20, 28):
        line += f" -p{number}"
        statuses.append(patched(manager, made, filter=line).status_code)
    assert statuses == [200] * 5 + [202] * 3
    assert size(manager, made) == 25


def test_a_service_that_manages_no_source_any_more_decides_nothing(shared: House, manager: Calling) -> None:
    made = manager.post("/api/v1/groups", json=NEW).json["id"]
    with shared.world.work(OPERATOR) as work:
        grants.grant(work, "Customers", "service:crm", Level.VIEW)
    assert patched(manager, made, sources=["Customers"]).status_code == 403
