"""The gate for programs: a living token and nothing else, its scopes, its owner's rights, its groups, its limits."""

import re

import pytest
from flask import Flask
from openapi_spec_validator import OpenAPIV31SpecValidator
from sqlalchemy import event

from sharesync.errors import NotAllowed
from sharesync.model.access import Level
from sharesync.model.audit import OPERATOR
from sharesync.model.token import Scope, in_order, scopes_of
from sharesync.services import grants, programs
from sharesync.services.who_may import tokens
from tests.api.conftest import Calling, calling, make_service, make_token
from tests.web.conftest import signed_in
from tests.worlds import House
from web.api import rest
from web.api.registry import ApiOperation
from web.frame import limits

LIST = "/api/v1/contacts"


def listing(app: Flask, token: str) -> int:
    status: int = calling(app, token).get(LIST).status_code
    return status


def names(app: Flask, token: str) -> list[str]:
    answer = calling(app, token).get(LIST)
    return sorted(one["card"]["names"][0]["givenName"] for one in answer.json["items"])


def test_a_stranger_and_a_wrong_token_are_told_to_bring_one(app: Flask, shared: House) -> None:
    nothing = calling(app).get(LIST)
    assert (nothing.status_code, nothing.headers["WWW-Authenticate"]) == (401, 'Bearer realm="sharesync"')
    for wrong in ("ssp_" + "a" * 36, "x", make_token(shared, "bo").text[:-1] + "é"):
        answer = calling(app).get(LIST, headers={"Authorization": f"Bearer {wrong}".encode().decode("latin-1")})
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"].endswith('error="invalid_token"')
        assert answer.content_type == "application/problem+json"


def test_the_pages_cookie_opens_nothing_here_and_a_token_no_page(app: Flask, shared: House) -> None:
    browser = signed_in(app, shared, "anna")
    assert browser.get("/").status_code == 200
    assert browser.get(LIST).status_code == 401
    assert browser.post(LIST, json={}).status_code == 401
    assert calling(app, make_token(shared, "anna").text).get("/contacts/").status_code == 303


def test_a_token_ends_by_hand_by_time_and_with_its_owner(app: Flask, shared: House) -> None:
    one, other, brief = make_token(shared, "bo"), make_token(shared, "bo"), make_token(shared, "bo", days=1)
    assert {listing(app, token.text) for token in (one, other, brief)} == {200}
    with shared.world.work(OPERATOR) as work:
        tokens.revoke(work, one.token.id)
    assert listing(app, one.text) == 401
    shared.wait(days=1)
    assert (listing(app, brief.text), listing(app, other.text)) == (401, 200)
    shared.workspace.directory.change_user(shared.users["bo"].id, suspended=True)
    shared.sync_directory()
    assert listing(app, other.text) == 401
    service = make_token(shared, make_service(shared, "crm", Customers="view"))
    assert listing(app, service.text) == 200
    with shared.world.work(OPERATOR) as work:
        programs.remove(work, "crm")
    assert listing(app, service.text) == 401


def test_a_token_opens_no_more_than_its_owner_may_now(app: Flask, shared: House) -> None:
    token = make_token(shared, "bo").text
    assert names(app, token) == ["Ada", "Grace"]
    there = f"{LIST}/{shared.contact_id('Ada')}"
    bo = calling(app, token)
    assert bo.delete(there, headers={"If-Match": '"1"'}).status_code == 403  # Bo may edit
    shared.revoke("Customers", "bo")
    assert names(app, token) == []
    assert bo.get(there).status_code == 404
    assert names(app, make_token(shared, "anna", ["contacts:read"]).text) == ["Ada", "Grace", "Zoë"]
    assert names(app, make_token(shared, "anna", ["contacts:read"], groups=["Press"]).text) == ["Zoë"]


def test_a_token_for_certain_groups_turns_a_role_into_a_level_on_them(app: Flask, shared: House) -> None:
    press = calling(app, make_token(shared, "anna", groups=["Press"]).text)
    assert [(group["name"], group["level"]) for group in press.get("/api/v1/groups").json["items"]] == [
        ("Press", "manage")
    ]
    assert press.post("/api/v1/groups", json={"name": "New"}).status_code == 403
    assert press.get(f"{LIST}/{shared.contact_id('Ada')}").status_code == 404


def test_a_program_makes_no_tokens(app: Flask, shared: House) -> None:
    made = make_token(shared, "anna")
    for act in (
        lambda work: tokens.create(work, "anna@acme.test", "more", ["contacts:read"]),
        lambda work: tokens.revoke(work, made.token.id),
    ):
        with pytest.raises(NotAllowed), shared.world.work(tokens.by_token(made.token)) as work:
            act(work)


def test_last_use_is_written_down_every_five_minutes_and_each_deed_names_the_token(app: Flask, shared: House) -> None:
    made = make_token(shared, "bo")

    def used() -> str:
        return str(shared.query("SELECT used_at FROM tokens")[0][0])

    listing(app, made.text)
    first = used()
    shared.wait(minutes=4)
    listing(app, made.text)
    assert used() == first
    shared.wait(minutes=2)
    listing(app, made.text)
    assert used() != first


def test_what_is_left_of_the_minute_is_told_and_then_it_is_too_often(
    app: Flask, crm: Calling, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "BY_PROGRAM", 2)
    answer = crm.get(LIST)
    assert answer.headers["RateLimit-Policy"] == '"default";q=2;w=60'
    assert re.fullmatch(r'"default";r=1;t=[0-9]+', answer.headers["RateLimit"])
    assert "Retry-After" not in answer.headers
    crm.get(LIST)
    refused = crm.get(LIST)
    assert refused.status_code == 429
    assert 1 <= int(refused.headers["Retry-After"]) <= 60


# --- Every route, every scope, every level ----------------------------------------------------------------------------

LEVELS = ("nothing", "view", "edit", "delete", "manage")
# By operation: what a service with its scope meets at each of these levels on Customers; `in` is anything but no.
EXPECTED = {
    "list_groups": "in in in in in",
    "list_fields": "in in in in in",
    "create_group": "in in in in in",  # a smart one; of an ordinary one whoever sends it is asked for more
    "preview_filter": "in in in in in",  # the groups that are sent are asked about one by one
    "show_group": "hidden in in in in",
    "patch_group": "hidden no no no in",
    "delete_group": "hidden no no no in",
    "add_contact": "hidden no in in in",
    "take_contact": "hidden no no in in",
    "list_grants": "hidden no no no in",
    "set_grant": "hidden no no no in",
    "list_holds": "in in in in in",
    "list_reviews": "in in in in in",
    "start_review": "in in in in in",  # the group that is sent is asked about
    "show_review": "hidden hidden hidden hidden hidden",  # none was started
    "end_review": "hidden hidden hidden hidden hidden",
    "list_proposals": "in in in in in",
    "accept_proposal": "hidden hidden hidden hidden hidden",  # none waits; tests/rights has who decides
    "dismiss_proposal": "hidden hidden hidden hidden hidden",
    "list_conflicts": "in in in in in",
    "resolve_conflict": "hidden hidden hidden hidden hidden",
    "list_mailboxes": "no no no no no",
    "sync_mailbox": "no no no no no",
    "sync_all": "no no no no no",
    "list_events": "no no no no no",
    "list_endpoints": "in in in in in",  # one's own
    "create_endpoint": "in in in in in",  # it is told what its owner may see
    "test_endpoint": "hidden hidden hidden hidden hidden",  # none was made
    "rotate_endpoint": "hidden hidden hidden hidden hidden",
    "replay_endpoint": "in in in in in",  # without a body
    "remove_endpoint": "hidden hidden hidden hidden hidden",
    "do_batch": "in in in in in",  # each deed is asked about by itself
    "act_on_many": "in in in in in",  # each contact is asked about by itself
    "undo_deed": "hidden hidden hidden hidden hidden",  # none was done
    "push_contact": "in in in in in",  # as with create_contact
    "list_imports": "in in in in in",
    "import_file": "hidden no in in in",
    "show_job": "hidden hidden hidden hidden hidden",  # none goes on
    "undo_import": "hidden hidden hidden hidden hidden",  # none was made
    "export_group": "hidden in in in in",
    "list_changes": "in in in in in",
    "list_contacts": "in in in in in",
    "create_contact": "in in in in in",  # the groups that are sent are asked about one by one
    "show_contact": "hidden in in in in",
    "replace_contact": "hidden no in in in",
    "patch_contact": "hidden no in in in",
    "delete_contact": "hidden no no in in",
    "restore_contact": "hidden no in in in",
    "list_entries": "hidden in in in in",
    "write_entry": "hidden no in in in",
    "push_entry": "hidden no in in in",
    "remove_entry": "hidden no hidden hidden hidden",  # no such entry
    "check_contact": "hidden no in in in",
    "list_versions": "hidden in in in in",
    "restore_version": "hidden no in in in",
    "show_photo": "hidden in in in in",
    "set_photo": "hidden no in in in",
    "remove_photo": "hidden no in in in",
}


def ask(program: Calling, operation: ApiOperation, house: House) -> int:
    rule = operation.rule.replace("<group>", house.group_id("Customers"))
    rule = rule.replace("<id:contact>", house.contact_id("Ada")).replace("<int:version>", "1")
    for waiting in ("proposal", "conflict", "event", "endpoint", "entry", "review", "deed"):
        rule = rule.replace(f"<id:{waiting}>", "0" * 32)
    rule = rule.replace("<user>", house.users["bo"].id)
    rule = rule.replace("<job>", "0" * 32)
    query = "?group=Customers" if operation.name in ("import_file", "export_group") else ""
    rule = rule.replace("<source>", "crm").replace("<external_id>", "1")
    media = {"Content-Type": operation.takes.split(", ")[-1]} if isinstance(operation.takes, str) else {}
    answer = program.open(f"/api/v1{rule}{query}", method=operation.method, headers={"If-Match": '"1"', **media})
    return int(answer.status_code)


def met(status: int, operation: ApiOperation) -> str:
    hidden = status == 404 and operation.name != "show_photo"  # Ada has none
    return "no" if status in (401, 403) else "hidden" if hidden else "in"


def test_every_operation_has_its_row() -> None:
    assert {one.name for one in rest.operations()} == EXPECTED.keys()


def test_no_operation_opens_without_its_scope(app: Flask, shared: House) -> None:
    for scope in Scope:
        program = calling(app, make_token(shared, "anna", [scope.value]).text)
        held = scopes_of([scope.value])
        for one in rest.operations():
            if one.needs.scope not in held:
                answer = ask(program, one, shared)
                assert answer == 403, (one.name, in_order(held))


@pytest.mark.parametrize("level", LEVELS)
def test_every_operation_opens_at_the_level_that_it_takes(app: Flask, shared: House, level: str) -> None:
    place = LEVELS.index(level)
    service = make_service(shared, "crm")
    if place:
        with shared.world.work(OPERATOR) as work:
            grants.grant(work, "Customers", service, Level.parse(level))
    program = calling(app, make_token(shared, service).text)
    stand = shared.snapshot()
    found = {}
    for one in rest.operations():
        shared.rewind(stand)
        found[one.name] = met(ask(program, one, shared), one)
    expected = {name: row.split()[place] for name, row in EXPECTED.items()}
    if level == "nothing":  # that it has no photo is hidden as well
        found["show_photo"] = expected["show_photo"]
    assert found == expected


def test_a_token_for_other_groups_meets_what_one_without_a_right_meets(app: Flask, shared: House) -> None:
    service = make_service(shared, "crm", Customers="manage", Press="manage")
    program = calling(app, make_token(shared, service, groups=["Press"]).text)
    stand = shared.snapshot()
    for one in rest.operations():
        shared.rewind(stand)
        status = ask(program, one, shared)
        expected = EXPECTED[one.name].split()[0]
        assert met(status, one) == expected or (one.name == "show_photo" and status == 404), one.name


def test_rights_and_answer_of_a_read_come_from_one_transaction_that_ends_with_it(app: Flask, shared: House) -> None:
    program, begun, ended = calling(app, make_token(shared, "bo").text), list[object](), list[object]()
    there = f"{LIST}/{shared.contact_id('Ada')}"
    program.get(there)  # this one also writes down that the token is used
    pool, taken, given = shared.database.engine.pool, lambda *_: begun.append(1), lambda *_: ended.append(1)
    event.listen(pool, "checkout", taken)
    event.listen(pool, "checkin", given)
    try:
        assert [program.get(at).status_code for at in (there, f"{LIST}/{'0' * 32}")] == [200, 404]
    finally:
        event.remove(pool, "checkout", taken)
        event.remove(pool, "checkin", given)
    assert (len(begun), len(ended)) == (2, 2)


def test_no_operation_opens_for_a_suspended_owner(app: Flask, shared: House) -> None:
    program = calling(app, make_token(shared, "bo").text)
    shared.workspace.directory.change_user(shared.users["bo"].id, suspended=True)
    shared.sync_directory()
    assert {ask(program, one, shared) for one in rest.operations()} == {401}


def test_what_is_described_is_openapi_and_names_every_operation(app: Flask, shared: House) -> None:
    told = calling(app).get("/api/v1/openapi.json").json
    OpenAPIV31SpecValidator(told).validate()
    described = {one["operationId"] for path in told["paths"].values() for one in path.values()}
    assert described == EXPECTED.keys()
