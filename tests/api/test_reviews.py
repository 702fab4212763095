"""Reviews over the API: started, followed and ended by whose owner manages the group; people alone answer."""

import pytest
from flask import Flask

from tests.api.conftest import Calling, calling, make_service, make_token
from tests.worlds import House

AT = "/api/v1/reviews"


@pytest.fixture
def crm(app: Flask, shared: House) -> Calling:
    """A service that manages Customers."""
    return calling(app, make_token(shared, make_service(shared, "crm", Customers="manage")).text)


def test_one_is_started_followed_and_ended(shared: House, crm: Calling) -> None:
    asked = {"name": "Spring", "group": "Customers", "due": "2999-01-31", "people": [shared.address("bo")]}
    made = crm.post(AT, json=asked)
    assert made.status_code == 201, made.text
    told = made.json
    assert (told["name"], told["group"], told["ended"]) == ("Spring", shared.group_id("Customers"), False)
    number = len(shared.contacts("Customers"))
    assert told["people"] == [
        {"person": shared.address("bo"), "open": number, "right": 0, "corrected": 0, "gone": 0},
    ]
    assert made.headers["Location"] == f"{AT}/{told['id']}"
    assert crm.get(f"{AT}/{told['id']}").json == told
    assert crm.get(AT).json["items"] == [told]
    assert crm.post(f"{AT}/{told['id']}/end").json == told | {"ended": True}


def test_what_its_owner_does_not_run_is_not_there(shared: House, crm: Calling) -> None:
    asked = {"name": "Spring", "due": "2999-01-31", "people": [shared.address("bo")]}
    assert crm.post(AT, json=asked | {"group": "Nobody's"}).status_code == 404
    assert "at least one person" in crm.post(AT, json=asked | {"group": "Customers", "people": []}).json["detail"]
    assert crm.post(AT, json=asked | {"group": "Customers", "split_by": "Nothing"}).status_code == 404
    assert crm.get(f"{AT}/{'0' * 32}").status_code == 404
    assert crm.get(AT).json["items"] == []
