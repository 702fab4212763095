"""One call: what is counted, what is waited for, and that nothing but our own loop sends again."""

import json
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httplib2
import pytest

from sharesync.errors import Attention, OutcomeUnknown, RetryLater
from sharesync.google import person_reading
from sharesync.google.people import PeopleApi
from sharesync.google.transport import Http
from sharesync.google.workspace import Google
from sharesync.model.mailbox import Create, Update, Written
from sharesync.sandbox.server import SandboxServer
from sharesync.sandbox.workspace import Workspace
from tests.google.conftest import ANNA, Time, card

Fault = Callable[..., None]


def test_every_request_is_counted_by_its_method_and_price_and_google_counts_the_same(
    people: PeopleApi, workspace: Workspace
) -> None:
    label = people.create_label("Customers", "mark")
    outcomes = people.create([Create(card(n), frozenset({label.resource_name}), f"m{n}") for n in range(7)])
    names = [outcome.seen.resource_name for outcome in outcomes if isinstance(outcome, Written)]
    people.listing(None)
    people.labels()
    people.get(names)
    people.modify(label.resource_name, remove=names[:1])
    people.delete(names[:1])
    people.delete_label(label.resource_name)
    entries = [entry for entry in workspace.log.entries() if entry.user == ANNA]
    assert sum(people.meter.calls.values()) == len(entries)
    assert people.meter.calls == {
        method.removeprefix("people."): count for method, count in workspace.log.counts(ANNA).items()
    }
    for name, units in people.meter.quota.items():
        assert units == sum(entry.cost.get(name, 0) for entry in entries), name


def test_a_request_that_never_left_is_not_counted(google: Google, server: SandboxServer, time: Time, anna: str) -> None:
    with google.people(anna, patience=600) as people:
        people.labels()
        server.stop()
        with pytest.raises(RetryLater) as caught:
            people.create_label("Customers", "mark")
        assert type(caught.value) is RetryLater, "certainly not executed"
        assert people.meter.calls == {"contactGroups.list": 1}


def test_google_s_own_quota_is_never_met(people: PeopleApi, workspace: Workspace, time: Time) -> None:
    workspace.clock = time
    workspace.settings = workspace.settings.changed({"quotas": {"critical_read": 90, "critical_write": 90}})
    for start in range(0, 200, 5):
        people.create([Create(card(n), frozenset(), f"m{n}") for n in range(start, start + 5)])
    assert {entry.status for entry in workspace.log.entries()} == {200}
    assert len(people.listing(None).persons) == 200
    assert sum(time.slept) > 60


def test_a_stop_while_waiting_ends_the_call(
    server: SandboxServer, key_file: Path, fault: Fault, time: Time, anna: str
) -> None:
    google = Google(
        key_file=key_file,
        admin=ANNA,
        people_endpoint=server.url,
        directory_endpoint=server.url,
        clock=time,
        sleep=lambda _: True,
        random=lambda: 0.0,
    )
    fault(kind="status", status=429, method="contactGroups.list", times=None)
    with google.people(anna, patience=600) as people, pytest.raises(RetryLater):
        people.labels()
    assert people.meter.calls == {"contactGroups.list": 1}


def test_pauses_grow_and_are_spread_at_random(
    server: SandboxServer, key_file: Path, fault: Fault, time: Time, anna: str
) -> None:
    chances = iter((0.25, 0.5))
    google = Google(
        key_file=key_file,
        admin=ANNA,
        people_endpoint=server.url,
        directory_endpoint=server.url,
        clock=time,
        sleep=time.sleep,
        random=lambda: next(chances),
    )
    fault(kind="status", status=503, method="contactGroups.list", times=2)
    with google.people(anna, patience=600) as people:
        people.labels()
    assert time.slept == [1.25, 3.0]


def test_a_user_who_vanishes_after_a_lost_answer_leaves_the_outcome_open(
    people: PeopleApi, workspace: Workspace, fault: Fault
) -> None:
    made = people.create_label("Customers", "mark")
    fault(kind="drop", when="after", method="contactGroups.delete")
    fault(kind="invalid_token", method="contactGroups.delete")
    workspace.authority.delegated = frozenset()
    with pytest.raises(OutcomeUnknown):
        people.delete_label(made.resource_name)


def test_a_read_tells_what_its_last_try_met_because_a_lost_read_did_nothing(people: PeopleApi, fault: Fault) -> None:
    off = {"error": {"code": 403, "message": "The caller does not have permission", "status": "PERMISSION_DENIED"}}
    fault(kind="drop", method="contactGroups.list")
    fault(kind="status", status=403, body=off, method="contactGroups.list", skip=1)
    with pytest.raises(Attention, match="switched off"):
        people.labels()


class InProcess:
    """A transport that reaches the sandbox without a socket."""

    def __init__(self, server: SandboxServer) -> None:
        self._client = server.app.test_client()

    def request(
        self, uri: str, method: str = "GET", body: Any = None, headers: Any = None
    ) -> tuple[httplib2.Response, bytes]:
        reply = self._client.open(uri, method=method, data=body, headers=headers)
        return httplib2.Response({"status": str(reply.status_code), **dict(reply.headers)}), reply.data

    def close(self) -> None:
        """Nothing is open."""


def test_another_transport_can_be_put_in_place_of_sockets(workspace: Workspace, tmp_path: Path, anna: str) -> None:
    server = SandboxServer(workspace)  # never started
    try:
        path = tmp_path / "key.json"
        path.write_text(json.dumps(workspace.service_account_key(server.token_uri)))
        google = Google(
            key_file=path,
            admin=ANNA,
            people_endpoint=server.url,
            directory_endpoint=server.url,
            make_http=lambda: InProcess(server),
        )
        with google.people(anna, patience=0) as people:
            made = people.create_label("Customers", "mark")
            assert people.labels() == (made,)
    finally:
        server.stop()


class Recording(Http):
    """Real HTTP that remembers what the People API was asked."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[tuple[str, str]] = []

    def request(self, uri: str, method: str = "GET", body: Any = None, headers: Any = None) -> Any:
        if not uri.endswith("/token") and "/admin/directory/" not in uri:
            self.asked.append((uri, body.decode() if isinstance(body, bytes) else body or ""))
        return super().request(uri, method, body, headers)


def test_every_read_and_write_of_persons_asks_for_the_contact_source_alone(
    server: SandboxServer, key_file: Path, monkeypatch: pytest.MonkeyPatch, anna: str
) -> None:
    monkeypatch.setattr(person_reading, "PAGE", 3)
    http = Recording()
    google = Google(
        key_file=key_file, admin=ANNA, people_endpoint=server.url, directory_endpoint=server.url, make_http=lambda: http
    )
    with google.people(anna, patience=0) as people:
        outcomes = people.create([Create(card(n), frozenset(), f"m{n}") for n in (*range(7),)])
        outcomes += people.create([Create(card(8), frozenset(), "m8")])
        seen = [outcome.seen for outcome in outcomes if isinstance(outcome, Written)]
        wishes = [Update(o.source_id, o.resource_name, o.etag, card(9), frozenset({"names"})) for o in seen]
        people.update(wishes[:7])
        people.update(wishes[7:])
        people.get([one.resource_name for one in seen])
        people.listing(people.listing(None).next_sync_token)
    assert len(http.asked) == 2 + 2 + 1 + 3 + 1
    for uri, body in http.asked:
        assert "READ_SOURCE_TYPE_CONTACT" in uri + body
    pages = [parse_qs(urlsplit(uri).query) for uri, _ in http.asked if "connections" in uri]
    for page in pages:
        page.pop("pageToken", None)
    assert pages[0] == pages[1] == pages[2], "a later page has the parameters of the first"
    assert pages[3] == pages[0] | {"syncToken": pages[3]["syncToken"]}, "so has a delta"


def test_an_endpoint_may_have_a_path(server: SandboxServer, key_file: Path, anna: str) -> None:
    http = Recording()
    google = Google(
        key_file=key_file,
        admin=ANNA,
        people_endpoint=f"{server.url}/proxy",
        directory_endpoint=server.url,
        make_http=lambda: http,
    )
    with google.people(anna, patience=0) as people, pytest.raises(RetryLater):
        people.labels()
    assert http.asked[0][0].startswith(f"{server.url}/proxy/v1/contactGroups?")


def test_nothing_of_a_contact_a_token_or_a_reply_reaches_the_log(
    people: PeopleApi, fault: Fault, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    body = {"error": {"code": 400, "message": "Ludmilla Geheim", "status": "INVALID_ARGUMENT"}}
    fault(kind="status", status=400, body=body, method="people.createContact")
    people.create([Create(card(1), frozenset(), "m1")])
    people.create([Create(card(2), frozenset(), "m2")])
    assert "Geheim" not in caplog.text
    assert "family.test" not in caplog.text
    assert "Bearer" not in caplog.text
    assert "ya29" not in caplog.text


def test_the_default_transport_waits_thirty_seconds_and_follows_nobody() -> None:
    http = Http()
    assert (http.timeout, http.follow_redirects) == (30, False)
