"""One deed on many contacts: looked at first, held where it is much, undone as one."""

from typing import Any

import pytest
from flask import Flask

from sharesync.model.audit import OPERATOR
from sharesync.services import grants
from tests.api.conftest import Calling, calling, make_service, make_token
from tests.web.conftest import signed_in
from tests.worlds import House

AT = "/api/v1/contacts/bulk"
DEEDS: list[tuple[dict[str, Any], list[str]]] = [
    ({"do": "tag", "words": ["vip", "north"]}, ["tagged"]),
    ({"do": "set", "field": "tags", "value": "vip, north"}, ["tagged"]),
    ({"do": "add", "group": "Press"}, ["press"]),
    ({"do": "take", "group": "Customers"}, ["gone"]),
    ({"do": "delete"}, ["gone"]),
]


@pytest.fixture
def boss(app: Flask, shared: House) -> Calling:
    """A service that may do all with Customers and Press."""
    return calling(app, make_token(shared, make_service(shared, "boss", Customers="manage", Press="manage")).text)


def stands(house: House) -> set[str]:
    """What is true of Ada and Grace by now."""
    told = set()
    if house.contacts("Customers") == []:
        told.add("gone")
    if {"Ada", "Grace"} <= set(house.contacts("Press")):
        told.add("press")
    entries = [one for name in ("Ada", "Grace") for one in custom(house, name)]
    if entries == [("Tags", "vip, north")] * 2:
        told.add("tagged")
    return told


def custom(house: House, name: str) -> list[tuple[str, str]]:
    with house.database.reading() as session:
        from sharesync.store.records import contacts

        card = contacts.get(session, house.contact_id(name)).card
    return [(item.text("key"), item.text("value")) for item in card["userDefined"]]


@pytest.mark.parametrize(("deed", "then"), DEEDS)
def test_a_deed_is_tried_then_done_then_undone_as_one(
    shared: House, boss: Calling, deed: dict[str, Any], then: list[str]
) -> None:
    act = {"deed": deed, "filter": "group:Customers"}
    tried = boss.post(AT, json=act | {"dry_run": True}).json
    assert (tried["state"], tried["number"], tried["deed"]) == ("tried", 2, None)
    assert stands(shared) == set()
    done = boss.post(AT, json=act | {"expected": 2}).json
    assert (done["state"], done["number"], done["refused"]) == ("done", 2, [])
    assert stands(shared) == set(then)
    undone = boss.post(f"{AT}/{done['deed']}/undo")
    assert (undone.status_code, stands(shared)) == (200, set())


def test_a_program_undoes_its_own_deeds_and_no_others(app: Flask, shared: House, boss: Calling) -> None:
    signed_in(app, shared, "anna")
    act = {"deed": {"do": "tag", "words": ["vip", "north"]}, "group": "Customers"}
    at = f"{AT}/{boss.post(AT, json=act).json['deed']}/undo"
    for owner in ("anna", "service:boss"):
        other = calling(app, make_token(shared, owner).text)
        assert other.post(at).status_code == 404
    reader = calling(app, make_token(shared, "service:boss", ["contacts:read"]).text)
    assert (reader.post(at).status_code, stands(shared)) == (403, {"tagged"})
    with shared.world.work(OPERATOR) as work:
        grants.revoke(work, "Customers", "service:boss")
        grants.revoke(work, "Press", "service:boss")
    assert (boss.post(at).status_code, stands(shared)) == (404, {"tagged"})


def test_clear_and_untag_take_away_and_what_is_so_already_is_counted(shared: House, boss: Calling) -> None:
    ids = [shared.contact_id(name) for name in ("Ada", "Grace")]
    boss.post(AT, json={"deed": {"do": "tag", "words": ["vip"]}, "contacts": ids[:1]})
    again = boss.post(AT, json={"deed": {"do": "tag", "words": ["VIP"]}, "contacts": ids}).json
    assert (again["number"], again["same"]) == (1, 1)
    untagged = boss.post(AT, json={"deed": {"do": "untag", "words": ["vip"]}, "contacts": ids[1:]}).json
    assert (untagged["number"], custom(shared, "Grace")) == (1, [])
    boss.post(AT, json={"deed": {"do": "clear", "field": "Tags"}, "group": "Customers"})
    assert custom(shared, "Ada") == []


def test_more_than_twenty_need_the_number_of_a_look_and_much_at_once_waits(
    app: Flask, shared: House, boss: Calling
) -> None:
    shared.put("Customers", *(f"N{number:02}" for number in range(38)))
    act: dict[str, Any] = {"deed": {"do": "tag", "words": ["x"]}, "group": "Customers"}
    unseen = boss.post(AT, json=act)
    assert (unseen.status_code, unseen.json["errors"][0]["pointer"]) == (422, "#/expected")
    assert boss.post(AT, json=act | {"expected": 39}).status_code == 409
    held = boss.post(AT, json=act | {"expected": 40})
    assert (held.status_code, len(held.json["holds"])) == (202, 1)
    assert custom(shared, "Ada") == []
    for deed in ({"do": "take", "group": "Customers"}, {"do": "delete"}):
        held = boss.post(AT, json={"deed": deed, "group": "Customers", "expected": 40})
        assert held.status_code == 202
    assert len(shared.contacts("Customers")) == 40
    anna = calling(app, make_token(shared, "anna").text)
    signed_in(app, shared, "anna")
    assert anna.post(AT, json=act | {"dry_run": True}).json["number"] == 40


def test_who_is_told_that_a_deed_waits_finds_its_hold_and_others_who_see_the_group_do_not(
    app: Flask, shared: House
) -> None:
    shared.put("Customers", *(f"N{number:02}" for number in range(38)))
    doers = [make_service(shared, name, Customers="delete", Press="view") for name in ("one", "two")]
    one, two = (calling(app, make_token(shared, doer).text) for doer in doers)
    act = {"deed": {"do": "take", "group": "Customers"}, "group": "Customers", "expected": 40}
    told = one.post(AT, json=act).json["holds"]
    elsewhere = calling(app, make_token(shared, doers[0], groups=["Press"]).text)
    found = [[hold["id"] for hold in who.get("/api/v1/holds").json["items"]] for who in (one, two, elsewhere)]
    assert found == [told, [], []]


def test_what_may_not_be_is_refused_with_the_reason_and_the_rest_is_done(app: Flask, shared: House) -> None:
    some = calling(app, make_token(shared, make_service(shared, "some", Customers="edit", Press="view")).text)
    ids = [shared.contact_id(name) for name in ("Ada", "Zoë")]
    told = some.post(AT, json={"deed": {"do": "tag", "words": ["x"]}, "contacts": [*ids, "f" * 32]}).json
    assert told["number"] == 1
    assert sorted(one["contacts"][0] for one in told["refused"]) == sorted([ids[1], "f" * 32])
    assert (custom(shared, "Ada"), custom(shared, "Zoë")) == ([("Tags", "x")], [])
    for deed in ({"do": "add", "group": "Press"}, {"do": "take", "group": "Customers"}):
        assert some.post(AT, json={"deed": deed, "contacts": ids[:1]}).status_code == 403
    hidden = calling(app, make_token(shared, make_service(shared, "none", Press="view")).text)
    assert hidden.post(AT, json={"deed": {"do": "delete"}, "contacts": ids[:1]}).json["number"] == 0
    assert hidden.post(AT, json={"deed": {"do": "delete"}, "group": "Customers"}).status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {"deed": {"do": "delete"}},
        {"deed": {"do": "delete"}, "contacts": ["a"], "group": "Customers"},
        {"deed": {"do": "set", "field": "Nothing", "value": "x"}, "group": "Customers"},
        {"deed": {"do": "delete"}, "filter": "emial:x"},
        {"deed": {"do": "burn"}, "group": "Customers"},
    ],
)
def test_what_cannot_be_meant_changes_nothing(shared: House, boss: Calling, wrong: dict[str, Any]) -> None:
    answer = boss.post(AT, json=wrong)
    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")
    assert len(shared.contacts()) == 3
