"""Faults on order, quotas, the log of calls: what tests of a client turn."""

import json
from collections.abc import Callable
from typing import Any

import pytest
import requests

from sharesync.sandbox.faults import Fault, Kind
from sharesync.sandbox.quotas import COSTS
from sharesync.sandbox.server import SandboxServer
from sharesync.sandbox.settings import GOOGLE_QUOTAS
from sharesync.sandbox.workspace import Workspace
from tests.sandbox.conftest import ANN, BEN, Api, create, listing, named, refusal, turn

Raw = Callable[..., requests.Response]
LIST = "/v1/people/me/connections?personFields=names,metadata&requestSyncToken=true&pageSize=2"
CREATE = "/v1/people:createContact"


def order(raw: Raw, **fault: Any) -> int:
    answer = raw("POST", "/_sandbox/faults", json=fault)
    assert answer.status_code == 201
    number: int = answer.json()["id"]
    return number


def held(workspace: Workspace) -> int:
    return len(workspace.hands(ANN).contacts())


def test_a_status_before_execution_changes_nothing_and_strikes_once(raw: Raw, workspace: Workspace) -> None:
    order(raw, kind="status", status=503, method="people.createContact", headers={"Retry-After": "7"})
    answer = raw("POST", CREATE, json=named("A"))
    assert (answer.status_code, answer.headers["Retry-After"], held(workspace)) == (503, "7", 0)
    assert answer.json()["error"]["status"] == "UNAVAILABLE"
    assert raw("POST", CREATE, json=named("A")).status_code == 200


def test_a_status_after_execution_hides_that_it_was_done(raw: Raw, workspace: Workspace) -> None:
    order(raw, kind="status", status=500, method="people.people.createContact", when="after")
    assert raw("POST", CREATE, json=named("A")).status_code == 500
    assert held(workspace) == 1


def test_a_body_of_text_is_sent_as_html(raw: Raw) -> None:
    order(raw, kind="status", status=502, body="<html>Bad Gateway</html>")
    answer = raw("GET", LIST)
    assert (answer.status_code, answer.text) == (502, "<html>Bad Gateway</html>")
    assert answer.headers["Content-Type"].startswith("text/html")


@pytest.mark.parametrize(("when", "done"), [("before", 0), ("after", 1)])
def test_a_dropped_connection_leaves_the_client_without_an_answer(
    raw: Raw, workspace: Workspace, when: str, done: int
) -> None:
    order(raw, kind="drop", when=when)
    with pytest.raises(requests.ConnectionError):
        raw("POST", CREATE, json=named("A"))
    assert held(workspace) == done


def test_an_answer_cut_in_the_middle_is_noticed_by_the_client(raw: Raw, workspace: Workspace) -> None:
    order(raw, kind="half")
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        raw("POST", CREATE, json=named("A"))
    assert held(workspace) == 1


def test_the_google_client_sends_a_create_twice_when_the_connection_drops(
    people: Api, raw: Raw, workspace: Workspace
) -> None:
    """httplib2's own resend, measured: what a careful client has to prevent."""
    create(people)
    order(raw, kind="drop", when="after", method="people.createContact")
    create(people)
    assert held(workspace) == 3


def test_a_delay_answers_late(raw: Raw, server: SandboxServer) -> None:
    order(raw, kind="delay", seconds=0.3)
    token = server.workspace.access_token(ANN)
    with pytest.raises(requests.Timeout):
        requests.get(server.url + LIST, headers={"Authorization": f"Bearer {token}"}, timeout=0.1)


def test_lists_can_come_empty_thinned_cut_and_without_tokens(raw: Raw, people: Api) -> None:
    for given in "ABC":
        create(people, given)
    whole = raw("GET", LIST).json()
    seen: dict[str, Any] = {}
    for kind in ("empty_list", "half_list", "no_tokens", "cut_json"):
        order(raw, kind=kind, method="people.connections.list")
        answer = raw("GET", LIST)
        assert answer.status_code == 200
        seen[kind] = answer.text
    assert json.loads(seen["empty_list"]).keys() == {"nextSyncToken"}
    assert json.loads(seen["half_list"])["connections"] == whole["connections"][:1]
    assert "nextPageToken" in json.loads(seen["half_list"])
    assert json.loads(seen["no_tokens"]).keys() == {"connections", "totalItems", "totalPeople"}
    with pytest.raises(json.JSONDecodeError):
        json.loads(seen["cut_json"])


def test_an_empty_listing_is_believed_by_later_deltas(people: Api, workspace: Workspace) -> None:
    create(people)
    workspace.faults.add(Fault(Kind.EMPTY_LIST, "people.connections.list"))
    token = listing(people).execute()["nextSyncToken"]
    assert listing(people, syncToken=token).execute().keys() == {"nextSyncToken"}
    assert listing(people).execute()["totalItems"] == 1


def test_a_delta_can_leave_a_change_out_for_good(people: Api, workspace: Workspace) -> None:
    token = listing(people).execute()["nextSyncToken"]
    create(people, "A")
    create(people, "B")
    workspace.faults.add(Fault(Kind.OMITTED_CHANGE, "people.connections.list"))
    delta = listing(people, syncToken=token).execute()
    assert (len(delta["connections"]), delta["totalItems"]) == (1, 1)
    assert listing(people, syncToken=delta["nextSyncToken"]).execute().keys() == {"nextSyncToken"}
    assert listing(people).execute()["totalItems"] == 2


def test_a_directory_list_can_come_empty_too(directory: Api, workspace: Workspace) -> None:
    workspace.faults.add(Fault(Kind.EMPTY_LIST, "directory.users.list"))
    assert directory.users().list(customer="my_customer").execute().keys() == {"kind", "etag"}


def test_a_sync_token_can_expire_while_paging(raw: Raw, people: Api) -> None:
    for given in "ABC":
        create(people, given)
    order(raw, kind="expired_sync_token", method="people.connections.list", skip=1)
    first = listing(people, pageSize=1).execute()
    _, error = refusal(listing(people, pageSize=1, pageToken=first["nextPageToken"]))
    assert error["details"][0]["reason"] == "EXPIRED_SYNC_TOKEN"


def test_an_access_token_can_become_invalid_and_the_client_gets_another(
    people: Api, raw: Raw, workspace: Workspace
) -> None:
    create(people)
    order(raw, kind="invalid_token", mailbox=ANN, method="people.connections.list")
    listing(people).execute()
    counts = workspace.log.counts()
    assert (counts["oauth.token"], counts["people.people.connections.list"]) == (2, 2)


def test_a_fault_strikes_only_the_nth_call_of_its_method_and_mailbox(raw: Raw, api: Callable[..., Api]) -> None:
    ann, ben = api("people", ANN), api("people", BEN)
    order(raw, kind="status", status=400, method="people.connections.list", mailbox=BEN, skip=1, times=2)
    statuses = []
    for client in (ann, ben, ann, ben, ben, ben):
        try:
            listing(client).execute()
            statuses.append("ok")
        except Exception:  # which error is not the point here
            statuses.append("struck")
    assert statuses == ["ok", "ok", "ok", "struck", "struck", "ok"]


def test_faults_are_listed_and_taken_back(raw: Raw) -> None:
    one = order(raw, kind="drop", times=None)
    two = order(raw, kind="drop", times=None)
    assert [fault["id"] for fault in raw("GET", "/_sandbox/faults").json()] == [one, two]
    raw("DELETE", f"/_sandbox/faults/{one}")
    raw("DELETE", "/_sandbox/faults")
    assert raw("GET", LIST).status_code == 200


@pytest.mark.parametrize(
    ("path", "body", "words"),
    [
        ("faults", {"kind": "explode"}, "The kind of a fault is one of status, drop"),
        ("faults", {"kind": "drop", "nth": 3}, "A fault has no nth; it has kind, method"),
        ("faults", {"kind": "drop", "when": "during"}, "A fault strikes before or after."),
        ("faults", [], "The body is one JSON object."),
        ("units", {"path": "Sales"}, "'Sales' is no path of an organisational unit such as /Sales/North."),
        ("users", {"email": ANN}, f"The address {ANN} is taken."),
    ],
)
def test_an_order_that_does_not_fit_is_refused_in_a_sentence(raw: Raw, path: str, body: Any, words: str) -> None:
    answer = raw("POST", f"/_sandbox/{path}", json=body)
    assert answer.status_code == 400
    assert answer.json()["error"].startswith(words)


def test_a_setting_that_does_not_exist_or_fit_is_refused_in_a_sentence(raw: Raw) -> None:
    for body in ({"lags": 3}, {"lag": "long"}, {"quotas": {"reads": 3}}):
        answer = raw("PATCH", "/_sandbox/settings", json=body)
        assert answer.status_code == 400
        assert str(next(iter(body))) in answer.json()["error"]


def test_quotas_refuse_with_googles_429_and_are_full_again_the_next_minute(people: Api, workspace: Workspace) -> None:
    turn(workspace, quotas=dict(GOOGLE_QUOTAS))
    body = {"contacts": [{"contactPerson": named("A")}]}
    for _ in range(15):  # 6 units each: 90
        people.people().batchCreateContacts(body=body).execute()
    status, error = refusal(people.people().batchCreateContacts(body=body))
    assert (status, error["status"]) == (429, "RESOURCE_EXHAUSTED")
    assert "Quota exceeded for quota metric 'Critical read requests" in error["message"]
    (detail,) = error["details"]
    assert detail["reason"] == "RATE_LIMIT_EXCEEDED"
    assert detail["metadata"]["quota_metric"] == "people.googleapis.com/critical_read_requests"
    people.contactGroups().list().execute()
    workspace.advance(60)
    people.people().batchCreateContacts(body=body).execute()


def test_each_user_has_a_quota_of_their_own_and_a_refused_call_costs_nothing(
    api: Callable[..., Api], workspace: Workspace
) -> None:
    turn(workspace, quotas={"critical_read": 2})
    ann, ben = api("people", ANN), api("people", BEN)
    listing(ann).execute()
    listing(ann).execute()
    for _ in range(3):
        assert refusal(listing(ann))[0] == 429
    listing(ben).execute()


def test_full_listings_have_a_quota_that_deltas_do_not_touch(people: Api, workspace: Workspace) -> None:
    turn(workspace, quotas={"full_sync": 1})
    token = listing(people).execute()["nextSyncToken"]
    status, error = refusal(listing(people))
    assert (status, error["message"]) == (429, "Resource has been exhausted (e.g. check quota).")
    listing(people, syncToken=token).execute()


def test_the_log_counts_calls_and_what_they_cost(people: Api, raw: Raw) -> None:
    create(people)
    create(people)
    listing(people).execute()
    assert raw("GET", "/_sandbox/calls/counts", params={"user": ANN}).json() == {
        "people.people.createContact": 2,
        "people.people.connections.list": 1,
    }
    calls = raw("GET", "/_sandbox/calls?since=2").json()
    assert [(call["number"], call["method"], call["status"]) for call in calls] == [
        (3, "people.people.createContact", 200),
        (4, "people.people.connections.list", 200),
    ]
    assert calls[0]["cost"] == {"critical_read": 1, "critical_write": 1, "daily_write": 1}
    raw("DELETE", "/_sandbox/calls")
    assert raw("GET", "/_sandbox/calls").json() == []


def test_a_batch_costs_six_and_six_and_a_delete_batch_ten_writes() -> None:
    batch = {"critical_read": 6, "critical_write": 6, "daily_write": 200}
    assert COSTS["people.people.batchCreateContacts"] == COSTS["people.people.batchUpdateContacts"] == batch
    assert COSTS["people.people.batchDeleteContacts"] == {"critical_write": 10}
