"""Fields over the API: listed, read beside the card, written, cleared, and held back like every edit."""

from typing import Any

from sharesync.model.audit import OPERATOR
from sharesync.model.company_fields import CompanyField
from sharesync.model.field_kinds import FieldKind
from sharesync.services import company_fields as cases
from sharesync.services import holds
from tests.api.conftest import Calling
from tests.api.test_contacts import NEW, PATCH
from tests.worlds import House


def define(house: House, name: str, kind: FieldKind, *choices: str, shown: bool = True, required: str = "") -> None:
    operation = house.world.operation(OPERATOR)
    groups = frozenset([required] if required else [])
    typed = CompanyField("", name, kind, choices, shown=shown, required=groups)
    with operation.look() as look:
        draft = cases.checked(look.session, typed)
    cases.create(operation, draft)


def test_values_stand_beside_the_card_and_what_is_absent_changes_nothing(shared: House, crm: Calling) -> None:
    define(shared, "Budget", FieldKind.NUMBER, shown=False, required="Press")
    define(shared, "Area", FieldKind.ONE_OF, "North", "South", required="Customers")
    assert crm.get("/api/v1/fields").json["items"] == [
        {"name": "Tags", "kind": "several-of", "choices": [], "where": "google", "required": [], "help": ""},
        {"name": "Budget", "kind": "number", "choices": [], "where": "here", "required": [], "help": ""},
        {"name": "Area", "kind": "one-of", "choices": ["North", "South"], "where": "google",
         "required": ["Customers"], "help": ""},
    ]  # fmt: skip
    made = crm.post("/api/v1/contacts", json=NEW | {"fields": {"Budget": "1 200,5", "area": "north"}}).json
    assert made["fields"] == {"Budget": "1200.5", "Area": "North"}
    assert made["card"]["userDefined"] == [{"key": "Area", "value": "North"}]
    there, version = f"/api/v1/contacts/{made['id']}", 1

    def sent(body: dict[str, Any], *, patch: bool = False) -> Any:
        nonlocal version
        kind = {"content_type": PATCH} if patch else {}
        call = crm.patch if patch else crm.put
        answer = call(there, json=body, headers={"If-Match": f'"{version}"'}, **kind)
        assert answer.status_code == 200, answer.text
        version = answer.json["version"]
        return answer.json["fields"]

    assert sent({"card": made["card"]}) == made["fields"]
    assert sent({"fields": {"Tags": "b,a"}}, patch=True) == {"Tags": "b, a", "Budget": "1200.5", "Area": "North"}
    assert sent({"fields": {"Tags": None, "Budget": "7"}}, patch=True) == {"Budget": "7", "Area": "North"}
    read = crm.get(there).json
    assert (
        sent({"card": read["card"] | {"userDefined": [{"key": "Area", "value": "South"}]}, "fields": read["fields"]})[
            "Area"
        ]
        == "South"
    )
    assert sent({"card": NEW["card"], "fields": {"Area": "South"}}) == {"Budget": "7", "Area": "South"}
    for wrong in ({"Area": "West"}, {"Shoes": "44"}, {"Budget": "much"}):
        answer = crm.patch(there, json={"fields": wrong}, content_type=PATCH, headers={"If-Match": f'"{version}"'})
        assert answer.status_code == 422
    assert [one["fields"].get("Budget") for one in crm.get(f"{there}/versions").json["items"]][-1] == "1200.5"
    assert [one["id"] for one in crm.get("/api/v1/contacts?filter=budget<8").json["items"]] == [made["id"]]


def test_a_push_keeps_what_people_changed_since_and_a_batch_writes_fields(shared: House, crm: Calling) -> None:
    define(shared, "Budget", FieldKind.NUMBER, shown=False)
    push = "/api/v1/contacts/by/erp/7"
    ident = crm.put(push, json=NEW | {"fields": {"Budget": "1", "Tags": "a"}}).json["contact"]["id"]
    deed = {"do": "patch", "id": ident, "version": 1, "fields": {"Budget": "2", "Tags": "a, b"}}
    assert crm.post("/api/v1/contacts/batch", json={"deeds": [deed]}).json["results"][0]["status"] == 200
    again = crm.put(push, json=NEW | {"fields": {"Budget": "1", "Tags": "a, c"}}).json["contact"]
    assert again["fields"] == {"Budget": "2", "Tags": "a, b, c"}


def test_what_waits_for_a_decision_keeps_its_fields(shared: House, crm: Calling) -> None:
    define(shared, "Budget", FieldKind.NUMBER, shown=False)
    many = [{"do": "create", **NEW, "card": {"names": [{"givenName": f"N{at}"}]}} for at in range(30)]
    made = [one["id"] for one in crm.post("/api/v1/contacts/batch", json={"deeds": many}).json["results"]]
    deeds = [{"do": "patch", "id": one, "version": 1, "fields": {"Budget": "9"}} for one in made]
    results = crm.post("/api/v1/contacts/batch", json={"deeds": deeds}).json["results"]
    assert {one["status"] for one in results} == {202}
    (hold,) = results[0]["holds"]
    holds.apply(shared.world.operation(OPERATOR), hold)
    assert crm.get(f"/api/v1/contacts/{made[0]}").json["fields"] == {"Budget": "9"}
