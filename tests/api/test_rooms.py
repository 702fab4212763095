"""Access, what waits, mailboxes and the log, for programs."""

from typing import Any, get_args

import pytest
from flask import Flask

from sharesync.errors import NotAllowed
from sharesync.model.access import Level
from sharesync.services import holds
from sharesync.services.who_may import tokens
from sharesync.store.records import holds as kept
from tests.api.conftest import Calling, calling, make_service, make_token
from tests.web.waiting import let_wait
from tests.worlds import House
from web.api.room_shapes import LevelWord


@pytest.fixture
def boss(app: Flask, shared: House) -> Calling:
    return calling(app, make_token(shared, make_service(shared, "boss", Customers="manage")).text)


@pytest.fixture
def anna(app: Flask, shared: House) -> Calling:
    return calling(app, make_token(shared, "anna").text)


def test_access_is_granted_changed_and_taken_away(shared: House, boss: Calling) -> None:
    there = f"/api/v1/groups/{shared.group_id('Customers')}/grants"

    def set_(principal: str, level: str | None) -> dict[str, str]:
        answer = boss.put(there, json={"principal": principal, "level": level})
        assert answer.status_code == 200, answer.json
        return {one["principal"]: one["level"] for one in answer.json["items"]}

    bo, cy, dag = (shared.address(name) for name in ("bo", "cy", "dag"))
    assert set_(dag, "view") == {bo: "edit", cy: "view", dag: "view", "service:boss": "manage"}
    assert set_(bo, None) == {cy: "view", dag: "view", "service:boss": "manage"}
    assert boss.put(there, json={"principal": "nobody@x.test", "level": "view"}).status_code == 404
    assert boss.put(there, json={"principal": "no form", "level": "view"}).status_code == 422
    assert boss.put(there, json={"principal": bo, "level": "own"}).json["errors"][0]["pointer"] == "#/level"


def test_what_waits_is_listed_for_who_manages_and_decided(app: Flask, shared: House, boss: Calling) -> None:
    let_wait(shared, "Ada")
    found: dict[str, list[dict[str, Any]]] = {
        what: boss.get(f"/api/v1/{what}").json["items"] for what in ("holds", "proposals", "conflicts")
    }
    assert {what: len(items) for what, items in found.items()} == {"holds": 1, "proposals": 1, "conflicts": 1}
    crm = calling(app, make_token(shared, make_service(shared, "crm", Customers="delete")).text)
    assert {what: crm.get(f"/api/v1/{what}").json["items"] for what in found} == {what: [] for what in found}
    proposal = f"/api/v1/proposals/{found['proposals'][0]['id']}/accept"
    conflict = f"/api/v1/conflicts/{found['conflicts'][0]['id']}/resolve"
    assert crm.post(proposal).status_code == 403
    assert boss.post(proposal).status_code == 204
    assert boss.post(proposal).status_code == 404
    assert boss.post(conflict, json={"side": "store"}).status_code == 204


def test_no_program_decides_about_a_hold(shared: House) -> None:
    let_wait(shared, "Ada")
    token = make_token(shared, "anna").token
    with shared.world.database.reading() as session:
        held = kept.listed(session)[0].id
    for decide in (holds.apply, holds.restore):
        with pytest.raises(NotAllowed, match="A person decides"):
            decide(shared.world.operation(tokens.by_token(token)), held)


def test_mailboxes_tell_how_fresh_they_are_and_are_asked_to_be_read(shared: House, anna: Calling) -> None:
    found = {one["mailbox"]: one for one in anna.get("/api/v1/mailboxes").json["items"]}
    assert (found[shared.address("bo")]["state"], found[shared.address("bo")]["behind"]) == ("ok", 0)
    shared.edit("Ada", note="new")
    waiting = {one["mailbox"]: one for one in anna.get("/api/v1/mailboxes").json["items"]}
    assert waiting[shared.address("bo")]["behind"] == 1
    assert anna.post(f"/api/v1/mailboxes/{shared.users['bo'].id}/sync").status_code == 202
    assert anna.post("/api/v1/mailboxes/nobody/sync").status_code == 404
    assert anna.post("/api/v1/sync").json == {"mailboxes": len(found)}


def test_the_log_is_read_page_by_page_and_each_reading_is_told(shared: House, anna: Calling) -> None:
    made = anna.post("/api/v1/contacts", json={"groups": ["Press"], "card": {"nicknames": [{"value": "x"}]}}).json["id"]
    told, where = [], f"/api/v1/events?contact={made}&limit=1"
    while where:
        answer = anna.get(where)
        told += answer.json["items"]
        where = answer.headers["Link"].partition(">")[0].removeprefix("<") if answer.json["next_cursor"] else ""
    assert [one["action"] for one in told] == ["group.add", "contact.create"]
    assert told[1]["actor"].startswith("token:")
    assert told[1]["source"] == "api"
    assert len(shared.events("log.read")) >= 2
    auditor = calling(anna.application, make_token(shared, "eva", ["audit:read"]).text)
    assert auditor.get("/api/v1/events").status_code == 200


def test_the_words_of_levels_are_those_that_there_are() -> None:
    assert set(get_args(LevelWord)) == {level.word for level in Level}
