"""Contacts over the API: listed, looked up, made, changed over a version, deleted, brought back."""

from typing import Any

import pytest
from flask import Flask

from tests.api.conftest import Calling, calling, make_token
from tests.pictures import picture
from tests.worlds import House
from web.api.examples import curl

NEW: dict[str, Any] = {
    "groups": ["Customers"],
    "card": {"names": [{"givenName": "Linus"}], "emailAddresses": [{"value": "l@x.test"}]},
}
PATCH = "application/merge-patch+json"
TAGGED = {"fields": {"Tags": "vip"}}


def titles(answer: Any) -> list[str]:
    return sorted(one["card"]["names"][0]["givenName"] for one in answer.json["items"])


def test_a_service_reads_what_it_was_granted_and_nothing_else(shared: House, crm: Calling) -> None:
    assert titles(crm.get("/api/v1/contacts")) == ["Ada", "Grace"]
    assert [group["name"] for group in crm.get("/api/v1/groups").json["items"]] == ["Customers"]
    assert crm.get(f"/api/v1/contacts/{shared.contact_id('Zoë')}").status_code == 404
    assert crm.get("/api/v1/contacts?group=Press").status_code == 404


def test_a_hidden_group_is_refused_in_the_words_for_none(shared: House, crm: Calling) -> None:
    push = "/api/v1/contacts/by/crm/1"
    assert crm.put(push, json=NEW).status_code == 200
    for ask in (
        lambda name: crm.post("/api/v1/contacts", json={**NEW, "groups": [name]}),
        lambda name: crm.put(push, json={**NEW, "groups": [name]}),
        lambda name: crm.put("/api/v1/contacts/by/crm/2", json={**NEW, "groups": [name]}),
        lambda name: crm.get(f"/api/v1/groups/{name}"),
        lambda name: crm.get(f"/api/v1/contacts?group={name}"),
        lambda name: crm.get(f"/api/v1/exports?group={name}"),
        lambda name: crm.post(f"/api/v1/imports?group={name}", data="x", content_type="application/octet-stream"),
    ):
        hidden, none = ask("Press"), ask("Nowhere")
        assert hidden.status_code == none.status_code == 404
        assert hidden.text == none.text.replace("Nowhere", "Press")


def test_a_contact_that_a_program_makes_stands_in_everyones_google_contacts(shared: House, crm: Calling) -> None:
    answer = crm.post("/api/v1/contacts", json=NEW)
    assert answer.status_code == 201
    assert answer.headers["ETag"] == '"1"'
    assert answer.json["groups"] == ["Customers"]
    assert crm.get(answer.headers["Location"]).json == answer.json
    shared.sync_until_quiet()
    assert "Linus" in str(shared.mailbox("bo"))
    told = shared.query("SELECT actor_kind, source FROM events WHERE contact_id = ?", answer.json["id"])
    assert told[0] == ("token", "api")


def test_a_change_is_made_over_the_version_that_was_read(shared: House, crm: Calling) -> None:
    there = f"/api/v1/contacts/{shared.contact_id('Ada')}"
    card = crm.get(there).json["card"]
    for tag, status in ((None, 428), ("*", 428), ("1", 400), ('"x"', 400), ('"7"', 412)):
        headers = {"If-Match": tag} if tag else {}
        assert crm.put(there, json={"card": card}, headers=headers).status_code == status, tag
    changed = {"card": {**card, "nicknames": [{"value": "Countess"}]}}
    answer = crm.put(there, json=changed, headers={"If-Match": 'W/"1"'})  # weak: a proxy that compresses made it so
    assert (answer.status_code, answer.headers["ETag"]) == (200, '"2"')
    answer = crm.put(there, json=changed, headers={"If-Match": '"1"'})
    assert answer.status_code == 412
    assert answer.content_type == "application/problem+json"
    assert answer.json["version"] == 2
    assert crm.put(there, json={"card": card}, headers={"If-Match": 'W/"2"'}).json["version"] == 3
    assert [one["version"] for one in crm.get(f"{there}/versions").json["items"]] == [3, 2, 1]


def test_a_patch_replaces_the_fields_that_it_names_and_null_takes_one_away(shared: House, crm: Calling) -> None:
    there = f"/api/v1/contacts/{shared.contact_id('Ada')}"
    before = crm.get(there).json["card"]

    def patched(card: object, version: int) -> object:
        return crm.patch(there, json={"card": card}, content_type=PATCH, headers={"If-Match": f'"{version}"'}).json[
            "card"
        ]

    assert patched({"nicknames": [{"value": "Countess"}]}, 1) == {**before, "nicknames": [{"value": "Countess"}]}
    assert patched({"nicknames": None}, 2) == before
    wrong = crm.patch(there, json={"card": {}}, headers={"If-Match": '"3"'})
    assert (wrong.status_code, wrong.headers["Accept"]) == (415, PATCH)


def test_what_is_deleted_lies_in_the_trash_and_comes_back(shared: House, crm: Calling) -> None:
    there = f"/api/v1/contacts/{shared.contact_id('Ada')}"
    assert crm.delete(there, headers={"If-Match": '"9"'}).status_code == 412
    assert crm.delete(there, headers={"If-Match": '"1"'}).status_code == 204
    assert titles(crm.get("/api/v1/contacts")) == ["Grace"]
    assert crm.get(there).json["deleted"] is not None
    assert crm.post(f"{there}/restore").json["groups"] == ["Customers"]
    assert titles(crm.get("/api/v1/contacts")) == ["Ada", "Grace"]


def test_a_program_says_that_a_contact_is_right_and_finds_it_by_that(crm: Calling, shared: House) -> None:
    assert crm.post(f"/api/v1/contacts/{shared.contact_id('Ada')}/check").status_code == 204
    assert titles(crm.get("/api/v1/contacts?filter=checked>-1y")) == ["Ada"]
    assert titles(crm.get("/api/v1/contacts?filter=checked:never")) == ["Grace"]


def test_every_bad_value_is_pointed_at(crm: Calling) -> None:
    answer = crm.post(
        "/api/v1/contacts",
        json={"groups": [], "card": {"emailAddresses": [{"value": 1}, {"vlaue": "x"}], "shoes": []}, "more": 1},
    )
    assert answer.status_code == 422
    assert {one["pointer"] for one in answer.json["errors"]} == {
        "#/groups", "#/card/emailAddresses/0/value", "#/card/emailAddresses/1/vlaue", "#/card/shoes", "#/more",
    }  # fmt: skip
    assert crm.post("/api/v1/contacts", data="{", content_type="application/json").status_code == 400
    assert crm.post("/api/v1/contacts", data=b'"\xff"', content_type="application/json").status_code == 400
    assert crm.post("/api/v1/contacts", data="{}").status_code == 415
    assert crm.get("/api/v1/contacts?limit=0&x=1").status_code == 422
    for wrong in (
        "limit=ten",
        "limit=1.5",
        "updated_since=0.5",
        "updated_since=1700000000",
        "q=%00",
        "q=a&q=b",
        "updated_since=0001-01-01T00:00:00%2B14:00",
        "updated_since=9999-12-31T23:59:59-14:00",
    ):
        assert crm.get(f"/api/v1/contacts?{wrong}").status_code == 422, wrong
    assert crm.put("/api/v1/contacts").headers["Allow"]
    assert crm.get("/api/v1/nothing").content_type == "application/problem+json"


def test_pages_follow_each_other_by_cursor_whatever_is_edited_between(shared: House, crm: Calling) -> None:
    for number in range(5):
        crm.post("/api/v1/contacts", json={**NEW, "card": {"names": [{"givenName": f"N{number}"}]}})
    seen, where = [], "/api/v1/contacts?limit=2&q=n"
    while where:
        answer = crm.get(where)
        seen += titles(answer)
        for one in answer.json["items"]:
            card = {"names": [{"givenName": one["card"]["names"][0]["givenName"] + " n"}]}
            crm.put(f"/api/v1/contacts/{one['id']}", json={"card": card}, headers={"If-Match": f'"{one["version"]}"'})
        where = answer.headers["Link"].partition(">")[0].removeprefix("<") if answer.json["next_cursor"] else ""
    assert sorted(seen) == ["N0", "N1", "N2", "N3", "N4"]
    other = crm.get("/api/v1/contacts?limit=2").json["next_cursor"]
    assert crm.get(f"/api/v1/contacts?limit=2&q=a&cursor={other}").status_code == 422


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("email=L@X.test", ["Linus"]),
        ("email=l@x", []),
        ("phone=%2B4533123456", ["Linus"]),
        ("phone=33 12 34 56", ["Linus"]),
        ("phone=3312", []),
        ("q=linus", ["Linus"]),
        ("filter=-grace -ada", ["Linus"]),
        ("updated_since=2026-01-01T00:00:00Z&q=linus", ["Linus"]),
        ("updated_since=2126-01-01T00:00:00Z", []),
        ("fields=emailAddresses&q=linus", None),
    ],
)
def test_somebody_is_found_by_address_or_number(crm: Calling, asked: str, found: list[str] | None) -> None:
    card = {**NEW["card"], "phoneNumbers": [{"value": "+45 33 12 34 56"}]}
    crm.post("/api/v1/contacts", json={**NEW, "card": card})
    answer = crm.get(f"/api/v1/contacts?{asked}")
    if found is None:
        assert [one["card"] for one in answer.json["items"]] == [{"emailAddresses": [{"value": "l@x.test"}]}]
    else:
        assert titles(answer) == found


def test_a_photo_is_set_read_and_taken_away(shared: House, crm: Calling) -> None:
    there = f"/api/v1/contacts/{shared.contact_id('Ada')}/photo"
    assert crm.get(there).status_code == 404
    assert crm.put(there, data=picture("red", kind="PNG"), content_type="image/png").status_code == 204
    answer = crm.get(there)
    assert answer.content_type == "image/jpeg"
    assert crm.put(there, data=picture("blue", kind="PNG"), content_type="application/octet-stream").status_code == 204
    assert crm.get(there).headers["ETag"] != answer.headers["ETag"]
    answer = crm.get(there)
    assert crm.get(there, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    assert crm.put(there, data=b"no picture", content_type="image/png").status_code == 422
    assert crm.delete(there).status_code == 204
    assert crm.get(there).status_code == 404


def test_the_examples_of_the_page_work(app: Flask, shared: House) -> None:
    token = make_token(shared, "bo").text
    page = calling(app).get("/api/")
    assert page.status_code == 200
    told = curl("http://localhost/api/v1")
    import html

    assert told in html.unescape(page.text)
    program = calling(app, token)
    answers = []
    for command in told.replace("\\\n", "").splitlines()[1:]:
        import shlex

        words = shlex.split(command)
        address = next(word for word in words if word.startswith("http"))
        data = words[words.index("-d") + 1] if "-d" in words else None
        path = address.removeprefix("http://localhost")
        answers.append(program.post(path, data=data, content_type="application/json") if data else program.get(path))
    assert [answer.status_code for answer in answers] == [200, 200, 201]


def test_the_trash_is_listed_for_who_saw_what_lies_in_it(app: Flask, shared: House, crm: Calling) -> None:
    there = f"/api/v1/contacts/{shared.contact_id('Ada')}"
    assert crm.get("/api/v1/contacts?deleted=true").json["items"] == []
    crm.delete(there, headers={"If-Match": '"1"'})
    (lying,) = crm.get("/api/v1/contacts?deleted=true").json["items"]
    assert (lying, titles(crm.get("/api/v1/contacts"))) == (crm.get(there).json, ["Grace"])
    assert lying["deleted"] is not None
    for asked, found in (("q=ada", 1), ("q=grace", 0), ("group=Customers", 1), ("filter=name:ada", 1), ("limit=1", 1)):
        assert len(crm.get(f"/api/v1/contacts?deleted=true&{asked}").json["items"]) == found, asked
    assert crm.get("/api/v1/contacts?deleted=yes").status_code == 422
    press = calling(app, make_token(shared, "anna", groups=["Press"]).text)
    assert press.get("/api/v1/contacts?deleted=true").json["items"] == []


def test_groups_and_fields_are_told_with_a_contact_where_that_is_asked_for(shared: House, crm: Calling) -> None:
    there = f"/api/v1/contacts/{shared.contact_id('Ada')}"
    assert "expanded" not in crm.get(there).json
    crm.patch(there, json={"fields": {"Tags": "vip"}}, content_type=PATCH, headers={"If-Match": '"1"'})
    told = crm.get(f"{there}?expand=groups,fields").json["expanded"]
    assert told["groups"] == [one for one in crm.get("/api/v1/groups").json["items"] if one["name"] == "Customers"]
    assert told["fields"] == [one for one in crm.get("/api/v1/fields").json["items"] if one["name"] == "Tags"]
    assert crm.get(f"{there}?expand=groups").json["expanded"].keys() == {"groups"}
    listed = crm.get("/api/v1/contacts?expand=groups").json["items"]
    assert {one["expanded"]["groups"][0]["name"] for one in listed} == {"Customers"}
    assert crm.get(f"{there}?expand=shoes").json["errors"][0]["pointer"] == "expand"


def test_an_answer_that_is_as_it_was_comes_without_a_body(shared: House, crm: Calling) -> None:
    ada = shared.contact_id("Ada")
    there = f"/api/v1/contacts/{ada}"
    changes = f"/api/v1/changes?since={crm.get('/api/v1/changes').json['cursor']}"
    idle = crm.get(changes).headers["ETag"]
    for asked in (there, f"{there}?fields=names", "/api/v1/contacts", "/api/v1/groups", f"{there}/versions", changes):
        before = crm.get(asked)
        again = crm.get(asked, headers={"If-None-Match": before.headers["ETag"]})
        assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", before.headers["ETag"]), asked
        weak = f'"x", W/{before.headers["ETag"]}'  # a proxy that compresses made it so
        assert crm.get(asked, headers={"If-None-Match": weak}).status_code == 304
    tag = crm.get(there).headers["ETag"]
    for act in (  # what changes the answer and not the version, too
        lambda _: crm.put(f"{there}/photo", data=picture((200, 30, 30)), content_type="image/png"),
        lambda tag: crm.patch(there, json=TAGGED, content_type=PATCH, headers={"If-Match": tag}),
        lambda tag: crm.delete(there, headers={"If-Match": tag}),
    ):
        assert act(tag).status_code in (200, 204)
        now = crm.get(there, headers={"If-None-Match": tag})
        assert (now.status_code, now.headers["ETag"] != tag) == (200, True)
        tag = now.headers["ETag"]
    assert crm.get(changes, headers={"If-None-Match": idle}).status_code == 200


def test_what_has_the_shape_of_a_value_and_is_none_is_pointed_at_too(crm: Calling) -> None:
    def pointers(answer: Any) -> list[str]:
        assert answer.status_code == 422, answer.text
        return [one["pointer"] for one in answer.json["errors"]]

    card = {
        "names": [{"givenName": "Linus"}],
        "birthdays": [{"date": {"month": 2, "day": 31}}],
        "events": [{"date": {"year": 2000, "month": 2, "day": 1}}, {"date": {"month": 4, "day": 31}}],
    }
    bad = ["#/card/birthdays/0", "#/card/events/1"]
    assert pointers(crm.post("/api/v1/contacts", json={"groups": ["Customers"], "card": card})) == bad
    there = crm.post("/api/v1/contacts", json=NEW).headers["Location"]
    patch: Any = {"json": {"card": card}, "headers": {"If-Match": '"1"'}, "content_type": PATCH}
    assert pointers(crm.patch(there, **patch)) == bad
    assert pointers(crm.get("/api/v1/contacts?nobody=1&limit=a&email=")) == ["nobody", "email", "limit"]
    assert pointers(crm.get("/api/v1/exports?format=odt")) == ["format", "group"]


def test_an_id_of_another_program_may_hold_a_slash(crm: Calling) -> None:
    push, slashed = "/api/v1/contacts/by/erp/", {**NEW, "card": {"names": [{"givenName": "Slashed"}]}}
    made = crm.put(f"{push}K%2F4711", json=slashed)
    assert made.json["created"]
    assert not crm.put(f"{push}K%2F4711", json=slashed).json["created"]
    assert crm.put(f"{push}K", json=NEW).json["contact"]["id"] != made.json["contact"]["id"]
    entry = f"/api/v1/contacts/{made.json['contact']['id']}/entries/by/erp/"
    said = {"kind": "note", "text": "called"}
    assert [crm.put(f"{entry}C%2F1", json=said).json["created"] for _ in range(2)] == [True, False]
