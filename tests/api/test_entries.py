"""Entries for programs: what a shop, a form or a telephone system tells of a contact, once however often it is told."""

from typing import Any

import pytest
from flask import Flask

from tests.api.conftest import Calling, calling, make_service, make_token
from tests.worlds import House

PURCHASE = {
    "kind": "purchase",
    "text": "Order 7: two blue ones",
    "at": "2026-01-02T10:00:00+01:00",
    "amount": {"value": "1200.5", "currency": "DKK"},
}


def entries_of(house: House, name: str = "Ada") -> str:
    return f"/api/v1/contacts/{house.contact_id(name)}/entries"


def test_what_is_written_is_listed_newest_first_and_by_kind(shared: House, crm: Calling) -> None:
    first = crm.post(entries_of(shared), json=PURCHASE)
    assert first.status_code == 201
    assert first.json == {
        "id": first.json["id"],
        "kind": "purchase",
        "at": "2026-01-02T09:00:00Z",
        "text": "Order 7: two blue ones",
        "amount": {"value": "1200.50", "currency": "DKK"},
        "day": None,
        "person": None,
        "done": None,
        "author": "test for service:crm",
        "source": "",
    }
    second = crm.post(entries_of(shared), json={"kind": "note", "text": "x"})
    assert [one["id"] for one in crm.get(entries_of(shared)).json["items"]] == [second.json["id"], first.json["id"]]
    assert [one["kind"] for one in crm.get(f"{entries_of(shared)}?kind=purchase").json["items"]] == ["purchase"]
    page = crm.get(f"{entries_of(shared)}?limit=1").json
    rest = crm.get(f"{entries_of(shared)}?limit=1&cursor={page['next_cursor']}").json
    assert [one["id"] for one in page["items"] + rest["items"]] == [second.json["id"], first.json["id"]]
    assert rest["next_cursor"] is None
    assert crm.delete(f"{entries_of(shared)}/{first.json['id']}").status_code == 204
    assert len(crm.get(entries_of(shared)).json["items"]) == 1


def test_the_same_id_is_one_entry_of_one_owner(app: Flask, shared: House, crm: Calling) -> None:
    there = f"{entries_of(shared)}/by/shop/order-7"
    assert crm.put(there, json=PURCHASE).json["created"] is True
    again = crm.put(there, json=PURCHASE | {"text": "Order 7: returned"})
    assert again.json["created"] is False
    assert (again.json["entry"]["text"], again.json["entry"]["source"]) == ("Order 7: returned", "shop")
    assert crm.put(there, json=PURCHASE | {"text": "Order 7: returned"}).json == again.json
    assert len(shared.events("entry.change")) == 1
    other = calling(app, make_token(shared, make_service(shared, "shop", Customers="edit")).text)
    assert other.put(there, json=PURCHASE).json["created"] is True
    assert len(crm.get(entries_of(shared)).json["items"]) == 2
    elsewhere = crm.put(f"{entries_of(shared, 'Grace')}/by/shop/order-7", json=PURCHASE)
    assert (elsewhere.status_code, "another contact" in elsewhere.json["detail"]) == (409, True)
    assert shared.query("SELECT count(*) FROM entries WHERE external_id = 'order-7'")[0][0] == 0


def test_what_people_removed_is_not_written_again_by_itself(shared: House, crm: Calling) -> None:
    there = f"{entries_of(shared)}/by/shop/order-7"
    entry = crm.put(there, json=PURCHASE).json["entry"]["id"]
    crm.delete(f"{entries_of(shared)}/{entry}")
    again = crm.put(there, json=PURCHASE)
    assert (again.status_code, "was removed here" in again.json["detail"]) == (409, True)
    assert crm.get(entries_of(shared)).json["items"] == []


def test_a_follow_up_has_a_day_and_a_person_who_sees_the_contact(shared: House, crm: Calling) -> None:
    asked = {"kind": "follow-up", "text": "Call back", "day": "2026-01-09", "person": "cy@north.test"}
    made = crm.post(entries_of(shared), json=asked).json
    assert (made["day"], made["person"], made["done"]) == ("2026-01-09", "cy@north.test", None)


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"text": "", "amount": None}, 422),
        ({"text": "x" * 4001}, 422),
        ({"kind": "gift"}, 422),
        ({"at": "2026-01-02T10:00:00"}, 422),
        ({"at": "0001-01-01T00:00:00+14:00"}, 422),
        ({"amount": {"value": "1,5", "currency": "DKK"}}, 422),
        ({"amount": {"value": 1.5, "currency": "DKK"}}, 422),
        ({"amount": {"value": "1.5", "currency": "kr"}}, 422),
        ({"day": "2026-01-09"}, 422),
        ({"day": "2026-01-09", "person": "cy@north.test"}, 422),
        ({"kind": "follow-up", "day": "2026-01-09", "person": "fin@north.test"}, 422),
        ({"kind": "follow-up", "day": "2026-01-09", "person": "nobody@north.test"}, 404),
        ({"kind": "follow-up"}, 422),
    ],
)
def test_what_is_no_entry_is_refused(shared: House, crm: Calling, change: dict[str, Any], status: int) -> None:
    for answer in (
        crm.post(entries_of(shared), json=PURCHASE | change),
        crm.put(f"{entries_of(shared)}/by/shop/1", json=PURCHASE | change),
    ):
        assert answer.status_code == status, answer.json
    assert shared.query("SELECT count(*) FROM entries")[0][0] == 0
