"""What programs do to many at once, or twice: held, in a batch, once by key, night after night."""

from typing import Any

import pytest
from flask import Flask

from sharesync.errors import NotAllowed
from sharesync.model.access import Level
from sharesync.model.audit import OPERATOR
from sharesync.services import erasure, grants, holds
from sharesync.services.who_may import tokens
from sharesync.store.queries.groups import service_limits
from tests.api.conftest import Calling, calling, make_service, make_token
from tests.worlds import House

NAMES = [f"N{number}" for number in range(10)]


def named(name: str) -> dict[str, Any]:
    return {"names": [{"givenName": name}]}


@pytest.fixture
def full(shared: House, crm: Calling) -> dict[str, str]:
    """Ten contacts more, by name with their ids."""
    deeds = [{"do": "create", "groups": ["Customers"], "card": named(name)} for name in NAMES]
    results = crm.post("/api/v1/contacts/batch", json={"deeds": deeds}).json["results"]
    assert {one["status"] for one in results} == {201}
    return {name: one["id"] for name, one in zip(NAMES, results, strict=True)}


def delete(program: Calling, contact: str) -> Any:
    return program.delete(f"/api/v1/contacts/{contact}", headers={"If-Match": '"1"'})


def hold(house: House, word: str) -> dict[str, Any]:
    from sharesync.services import holds
    from sharesync.store.records import holds as kept

    with house.world.database.reading() as session:
        (found,) = kept.listed(session)
    (holds.apply if word == "apply" else holds.restore)(house.world.operation(OPERATOR), found.id)
    return {"contacts": set(found.contacts), "mailbox": found.mailbox, "group": found.group}


# --- Holds ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("decision", ["apply", "restore"])
def test_deletions_of_one_owner_are_held_from_the_sixth_on_over_all_its_tokens(
    app: Flask, shared: House, crm: Calling, full: dict[str, str], decision: str
) -> None:
    other = calling(app, make_token(shared, "service:crm").text)
    for number, name in enumerate(NAMES[:5]):
        assert delete(crm if number % 2 else other, full[name]).status_code == 204
    for name in NAMES[5:8]:
        answer = delete(other, full[name])
        assert (answer.status_code, len(answer.json["holds"])) == (202, 1)
    assert shared.contacts("Customers") == ["Ada", "Grace", *NAMES[5:]]
    assert hold(shared, decision) == {
        "contacts": {full[name] for name in NAMES[5:8]}, "mailbox": "service:crm", "group": "Customers",
    }  # fmt: skip
    left = [*NAMES[8:]] if decision == "apply" else [*NAMES[5:]]
    assert shared.contacts("Customers") == ["Ada", "Grace", *left]


def test_what_was_done_ten_minutes_ago_and_by_another_counts_no_more(
    app: Flask, shared: House, crm: Calling, full: dict[str, str]
) -> None:
    dag = calling(app, make_token(shared, make_service(shared, "other", Customers="delete")).text)
    for name in NAMES[:5]:
        assert delete(crm, full[name]).status_code == 204
    assert delete(dag, full["N5"]).status_code == 204
    shared.wait(minutes=11)
    assert delete(crm, full["N6"]).status_code == 204


def test_a_batch_is_judged_whole_before_its_first_deed(shared: House, crm: Calling, full: dict[str, str]) -> None:
    deeds: list[dict[str, Any]] = [{"do": "delete", "id": full[name], "version": 1} for name in NAMES[:7]]
    deeds.append({"do": "create", "groups": ["Customers"], "card": named("New")})
    results = crm.post("/api/v1/contacts/batch", json={"deeds": deeds}).json["results"]
    assert [one["status"] for one in results] == [202] * 7 + [201]
    assert shared.contacts("Customers") == ["Ada", "Grace", *NAMES, "New"]


def test_a_group_with_contacts_and_many_taken_out_of_it_are_held(
    app: Flask, shared: House, full: dict[str, str]
) -> None:
    boss = calling(app, make_token(shared, make_service(shared, "boss", Customers="manage")).text)
    assert boss.delete(f"/api/v1/groups/{shared.group_id('Customers')}").status_code == 202
    assert len(shared.contacts("Customers")) == 12
    hold(shared, "apply")
    assert boss.delete(f"/api/v1/groups/{shared.group_id('Customers')}").status_code == 204
    assert "Customers" not in shared.groups()


def test_edits_of_so_many_wait_and_become_versions_when_somebody_lets_them(shared: House, crm: Calling) -> None:
    deeds = [{"do": "create", "groups": ["Customers"], "card": named(f"M{number}")} for number in range(40)]
    made = crm.post("/api/v1/contacts/batch", json={"deeds": deeds}).json["results"]
    changed = [
        {"do": "replace", "id": one["id"], "version": 1, "card": named(f"X{number}")} for number, one in enumerate(made)
    ]
    first = crm.post("/api/v1/contacts/batch", json={"deeds": changed[:20]}).json["results"]
    assert {one["status"] for one in first} == {200}
    rest = crm.post("/api/v1/contacts/batch", json={"deeds": changed[20:]}).json["results"]
    assert {one["status"] for one in rest} == {202}
    assert crm.get(f"/api/v1/contacts/{made[30]['id']}").json["version"] == 1
    hold(shared, "apply")
    assert crm.get(f"/api/v1/contacts/{made[30]['id']}").json["card"] == named("X30")


# --- Batches ----------------------------------------------------------------------------------------------------------


def test_each_deed_of_a_batch_is_done_or_refused_by_itself(shared: House, crm: Calling, full: dict[str, str]) -> None:
    deeds: list[dict[str, Any]] = [
        {"do": "replace", "id": full["N0"], "version": 1, "card": named("R0")},
        {"do": "replace", "id": full["N1"], "version": 7, "card": named("R1")},
        {"do": "patch", "id": full["N2"], "version": 1, "card": {"nicknames": [{"value": "two"}]}},
        {"do": "delete", "id": full["N3"], "version": 1},
        {"do": "delete", "id": shared.contact_id("Zoë"), "version": 1},
        {"do": "create", "groups": ["Press"], "card": named("P")},
        {"do": "create", "groups": ["Customers"], "card": {"names": [{}]}},
        {"do": "replace", "id": full["N0"], "version": 1, "card": named("again")},
    ]
    results = crm.post("/api/v1/contacts/batch", json={"deeds": deeds}).json["results"]
    assert [one["status"] for one in results] == [200, 412, 200, 204, 404, 404, 422, 412]
    assert results[1]["problem"]["version"] == 1
    assert shared.contacts("Customers") == ["Ada", "Grace", "N1", "N2", *NAMES[4:], "R0"]
    assert crm.post("/api/v1/contacts/batch", json={"deeds": deeds * 30}).status_code == 422


# --- Once -------------------------------------------------------------------------------------------------------------


def test_a_request_with_a_key_is_done_once_and_answered_alike(app: Flask, shared: House, crm: Calling) -> None:
    new = {"groups": ["Customers"], "card": named("Once")}
    key = {"Idempotency-Key": "k1"}
    first, again = (crm.post("/api/v1/contacts", json=new, headers=key) for _ in range(2))
    assert (again.status_code, again.json, again.headers["ETag"]) == (201, first.json, first.headers["ETag"])
    assert again.headers["Idempotent-Replayed"] == "true"
    assert shared.contacts("Customers").count("Once") == 1
    other = crm.post("/api/v1/contacts", json={**new, "card": named("Other")}, headers=key)
    assert other.status_code == 422
    stranger = calling(app, make_token(shared, "anna").text)
    assert stranger.post("/api/v1/contacts", json=new, headers=key).json["id"] != first.json["id"]
    shared.wait(days=1, minutes=1)
    later = crm.post("/api/v1/contacts", json=new, headers=key)
    assert later.json["id"] != first.json["id"]


def test_what_failed_is_not_kept_and_an_erasure_reaches_what_is(shared: House, crm: Calling) -> None:
    key = {"Idempotency-Key": "k1"}
    assert crm.post("/api/v1/contacts", json={"groups": ["Press"], "card": named("P")}, headers=key).status_code == 404
    made = crm.post("/api/v1/contacts", json={"groups": ["Customers"], "card": named("Gone")}, headers=key)
    assert made.status_code == 201
    with shared.world.work(OPERATOR) as work:
        erasure.erase(work, made.json["id"], "asked")
    assert "Gone" not in str(shared.query("SELECT * FROM answers"))


# --- Night after night ------------------------------------------------------------------------------------------------


def push(program: Calling, card: dict[str, Any]) -> Any:
    return program.put("/api/v1/contacts/by/crm/4711", json={"groups": ["Customers"], "card": card})


def test_a_push_changes_what_the_program_changed_and_leaves_what_people_did(shared: House, crm: Calling) -> None:
    first = push(crm, {**named("Ida"), "phoneNumbers": [{"value": "1"}]})
    assert first.json["created"] is True
    there = f"/api/v1/contacts/{first.json['contact']['id']}"
    people = {**named("Ida"), "phoneNumbers": [{"value": "1"}], "nicknames": [{"value": "by hand"}]}
    assert crm.put(there, json={"card": people}, headers={"If-Match": '"1"'}).status_code == 200
    second = push(crm, {**named("Ida"), "phoneNumbers": [{"value": "2"}]})
    assert second.json["created"] is False
    assert second.json["contact"]["card"] == {**people, "phoneNumbers": [{"value": "2"}]}
    again = push(crm, {**named("Ida"), "phoneNumbers": [{"value": "2"}]})
    assert again.json["contact"]["version"] == second.json["contact"]["version"]
    assert shared.contacts("Customers").count("Ida") == 1


def test_where_both_changed_one_value_that_of_the_people_stands_and_the_program_is_told(
    shared: House, crm: Calling
) -> None:
    first = push(crm, named("Ida"))
    there = f"/api/v1/contacts/{first.json['contact']['id']}"
    crm.put(there, json={"card": named("Ada")}, headers={"If-Match": '"1"'})
    answer = push(crm, named("Eda"))
    assert answer.json["contact"]["card"] == named("Ada")
    assert answer.json["stood"] == ["names"]


def test_what_was_deleted_or_erased_here_is_not_made_again_by_a_push(app: Flask, shared: House, crm: Calling) -> None:
    contact = push(crm, named("Ida")).json["contact"]["id"]
    assert delete(crm, contact).status_code == 204
    assert push(crm, named("Ida")).status_code == 409
    other = calling(app, make_token(shared, "bo").text)  # another's ids are others
    assert push(other, named("Ida")).json["created"] is True
    crm.post(f"/api/v1/contacts/{contact}/restore")
    with shared.world.work(OPERATOR) as work:
        erasure.erase(work, contact, "asked")
    answer = push(crm, named("Ida"))
    assert (answer.status_code, answer.json["type"]) == (409, "/api/#erased")


def test_a_service_changes_as_many_at_once_as_a_manager_lets_it_and_one_more_waits(shared: House, crm: Calling) -> None:
    def push(number: int, name: str) -> int:
        sent = {"groups": ["Customers"], "card": named(name)}
        status: int = crm.put(f"/api/v1/contacts/by/crm/{number}", json=sent).status_code
        return status

    with shared.world.work(OPERATOR) as work:
        holds.set_service_limit(work, shared.group_id("Customers"), "crm", 24)
    assert {push(number, f"A{number}") for number in range(30)} == {200}
    statuses = [push(number, f"B{number}") for number in range(30)]
    assert statuses == [200] * 24 + [202] * 6
    token = tokens.by_token(make_token(shared, "service:crm").token)
    with pytest.raises(NotAllowed), shared.world.work(token) as work:  # nor does it let itself
        holds.set_service_limit(work, shared.group_id("Customers"), "crm", 99)
    with shared.world.work(OPERATOR) as work:
        grants.revoke(work, "Customers", "service:crm")
        grants.grant(work, "Customers", "service:crm", Level.EDIT)
        assert service_limits(work.session, shared.group_id("Customers")) == {"crm": None}
