"""A mailbox is read whole, or it is an error."""

from collections.abc import Callable
from typing import Any

import pytest

from sharesync.errors import MalformedReply, OutcomeUnknown, PageTokenExpired, RetryLater, SyncTokenExpired
from sharesync.google import person_reading
from sharesync.google.people import PeopleApi
from sharesync.google.workspace import Google
from sharesync.model.mailbox import MY_CONTACTS, Create, Seen, Update, Written
from sharesync.sandbox.workspace import Workspace
from tests.google.conftest import Time, card

Fault = Callable[..., None]


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three persons a page, so that a few make many pages."""
    monkeypatch.setattr(person_reading, "PAGE", 3)


def fill(people: PeopleApi, count: int) -> list[Seen]:
    """Persons of the user's own."""
    outcomes = people.create([Create(card(number), frozenset(), f"m{number}") for number in range(count)])
    seen = [outcome.seen for outcome in outcomes if isinstance(outcome, Written)]
    assert len(seen) == count
    people.meter.calls.clear()
    return seen


def test_a_full_listing_holds_every_person_with_card_labels_and_mark(people: PeopleApi) -> None:
    label = people.create_label("Customers", "mark")
    people.create([Create(card(1), frozenset({label.resource_name}), "m1")])
    listing = people.listing(None)
    (seen,) = listing.persons.values()
    assert listing.full
    assert listing.next_sync_token
    assert seen.card == card(1)
    assert seen.labels == {label.resource_name, MY_CONTACTS}
    assert seen.marks == ("m1",)
    assert listing.persons == {seen.source_id: seen}


@pytest.mark.usefixtures("small_pages")
def test_all_pages_are_joined(people: PeopleApi) -> None:
    made = fill(people, 10)
    listing = people.listing(None)
    assert listing.persons.keys() == {seen.source_id for seen in made}
    assert people.meter.calls == {"people.connections.list": 4}
    assert people.meter.quota["critical_read"] >= 4


def test_an_empty_mailbox_is_an_empty_listing_with_a_token(people: PeopleApi) -> None:
    listing = people.listing(None)
    assert (dict(listing.persons), listing.full) == ({}, True)
    assert listing.next_sync_token


def test_a_delta_holds_what_changed_and_tombstones(people: PeopleApi) -> None:
    one, two, _ = fill(people, 3)
    token = people.listing(None).next_sync_token
    people.update([Update(one.source_id, one.resource_name, one.etag, card(9), frozenset({"names"}))])
    people.delete([two.resource_name])
    delta = people.listing(token)
    assert not delta.full
    assert {source: seen.deleted for source, seen in delta.persons.items()} == {
        one.source_id: False,
        two.source_id: True,
    }
    assert delta.next_sync_token not in (None, token)


def test_a_delta_without_changes_is_empty_and_brings_a_new_token(people: PeopleApi) -> None:
    fill(people, 2)
    token = people.listing(None).next_sync_token
    delta = people.listing(token)
    assert (dict(delta.persons), delta.full) == ({}, False)
    assert delta.next_sync_token


@pytest.mark.parametrize("status", ["FAILED_PRECONDITION", "INVALID_ARGUMENT"])
def test_an_expired_sync_token_is_recognised_in_both_shapes(
    people: PeopleApi, workspace: Workspace, status: str
) -> None:
    workspace.settings = workspace.settings.changed({"expired_status": status})
    token = people.listing(None).next_sync_token
    workspace.advance(8 * 86_400)
    with pytest.raises(SyncTokenExpired):
        people.listing(token)


def test_a_token_that_google_never_gave_is_an_expired_one(people: PeopleApi) -> None:
    with pytest.raises(SyncTokenExpired):
        people.listing("garbage+/==")


@pytest.mark.usefixtures("small_pages")
def test_a_listing_whose_page_token_ends_begins_again_once(people: PeopleApi, fault: Fault) -> None:
    made = fill(people, 7)
    fault(kind="expired_sync_token", method="people.connections.list", skip=1)
    assert people.listing(None).persons.keys() == {seen.source_id for seen in made}
    assert people.meter.calls == {"people.connections.list": 2 + 3}


@pytest.mark.usefixtures("small_pages")
def test_a_listing_whose_page_token_ends_twice_is_given_up(people: PeopleApi, fault: Fault) -> None:
    fill(people, 7)
    fault(kind="expired_sync_token", method="people.connections.list", skip=1)
    fault(kind="expired_sync_token", method="people.connections.list", skip=3)
    with pytest.raises(PageTokenExpired):
        people.listing(None)


@pytest.mark.usefixtures("small_pages")
@pytest.mark.parametrize("kind", ["no_tokens", "half_list", "cut_json", "half"])
def test_a_listing_that_is_cut_off_is_never_taken_for_a_whole_one(people: PeopleApi, fault: Fault, kind: str) -> None:
    fill(people, 7)
    fault(kind=kind, method="people.connections.list", times=None)
    with pytest.raises((MalformedReply, OutcomeUnknown)):
        people.listing(None)


@pytest.mark.parametrize(
    "page",
    [
        {},
        {"totalItems": 0},
        {"connections": {}, "nextSyncToken": "t"},
        {"connections": [5], "nextSyncToken": "t"},
        {"connections": [{"resourceName": "people/c1"}], "nextSyncToken": "t"},
        {"connections": []},
        {"connections": [], "totalItems": 1, "nextSyncToken": "t"},
        {"connections": [], "nextPageToken": "always the same"},
    ],
)
def test_a_page_that_cannot_be_true_is_malformed(people: PeopleApi, fault: Fault, page: dict[str, Any]) -> None:
    if not page:
        fault(kind="status", status=200, body="{}", method="people.connections.list", times=None)
    else:
        fault(kind="status", status=200, body=page, method="people.connections.list", times=None)
    with pytest.raises(MalformedReply):
        people.listing(None)


def test_a_page_with_neither_persons_nor_a_token_is_malformed(people: PeopleApi, fault: Fault) -> None:
    fill(people, 1)
    fault(kind="status", status=200, body={"totalPeople": 0}, method="people.connections.list", times=None)
    with pytest.raises(MalformedReply):
        people.listing(None)


def person(source: str, name: str, **metadata: Any) -> dict[str, Any]:
    sources = [{"type": "CONTACT", "id": source, "updateTime": "2026-01-01T00:00:00Z"}]
    return {"resourceName": name, "etag": "%e", "metadata": {"sources": sources, **metadata}}


@pytest.mark.parametrize("order", [1, -1])
def test_a_person_that_is_alive_wins_over_its_tombstone_in_any_order(
    people: PeopleApi, fault: Fault, order: int
) -> None:
    page = [
        person("1a", "people/c26", previousResourceNames=["people/c7"]),
        person("1a", "people/c7", deleted=True),
    ][::order]
    fault(kind="status", status=200, body={"connections": page, "nextSyncToken": "t"}, method="people.connections.list")
    (seen,) = people.listing("token").persons.values()
    assert (seen.resource_name, seen.deleted, seen.previous_names) == ("people/c26", False, ("people/c7",))


def test_a_person_with_more_addresses_than_a_list_shows_is_read_whole(people: PeopleApi) -> None:
    many = card(1, emailAddresses=[{"value": f"a{number}@x.test"} for number in range(120)])
    people.create([Create(many, frozenset(), "m1"), Create(card(2), frozenset(), "m2")])
    people.meter.calls.clear()
    listing = people.listing(None)
    assert many in {seen.card for seen in listing.persons.values()}
    assert people.meter.calls == {"people.connections.list": 1, "people.getBatchGet": 1}


def test_a_long_request_of_two_hundred_names_is_answered_by_name(people: PeopleApi) -> None:
    made = fill(people, 203)
    gone = "people/c1234567890123"
    found = people.get([gone, *(seen.resource_name for seen in made)])
    assert found[gone] is None
    assert {name: seen.source_id for name, seen in found.items() if isinstance(seen, Seen)} == {
        seen.resource_name: seen.source_id for seen in made
    }
    assert people.meter.calls == {"people.getBatchGet": 2}


def test_nobody_is_asked_for_with_no_request(people: PeopleApi) -> None:
    assert people.get([]) == {}
    assert people.meter.calls == {}


def test_a_person_whose_name_changed_stands_under_the_name_asked_for(people: PeopleApi, fault: Fault) -> None:
    answer = {"requestedResourceName": "people/c7", "person": person("1a", "people/c26"), "httpStatusCode": 200}
    fault(kind="status", status=200, body={"responses": [answer]}, method="people.getBatchGet")
    found = people.get(["people/c7"])["people/c7"]
    assert isinstance(found, Seen)
    assert (found.resource_name, found.source_id) == ("people/c26", "1a")


@pytest.mark.parametrize(
    "responses",
    [
        [],
        [{"requestedResourceName": "people/c8", "httpStatusCode": 404}],
        [{"requestedResourceName": "people/c7", "httpStatusCode": 500, "status": {"code": 13}}],
        [{"requestedResourceName": "people/c7"}],
        ["people/c7"],
    ],
)
def test_a_person_left_out_of_an_answer_is_not_missing(people: PeopleApi, fault: Fault, responses: list[Any]) -> None:
    fault(kind="status", status=200, body={"responses": responses}, method="people.getBatchGet", times=None)
    with pytest.raises(MalformedReply):
        people.get(["people/c7"])


def test_a_read_is_tried_three_times_with_growing_pauses(people: PeopleApi, time: Time, fault: Fault) -> None:
    fault(kind="status", status=503, method="people.connections.list", times=2)
    people.listing(None)
    assert time.slept == [1.0, 2.0]
    assert people.meter.calls == {"people.connections.list": 3}


def test_a_read_that_fails_three_times_is_given_up(people: PeopleApi, fault: Fault) -> None:
    fault(kind="drop", method="people.connections.list", times=None)
    with pytest.raises(OutcomeUnknown):
        people.listing(None)
    assert people.meter.calls == {"people.connections.list": 3}


def test_a_retry_after_within_patience_is_waited_for(people: PeopleApi, time: Time, fault: Fault) -> None:
    fault(kind="status", status=429, headers={"Retry-After": "33"}, method="people.connections.list")
    people.listing(None)
    assert time.slept == [33.0]


def test_a_retry_after_beyond_patience_is_passed_on(google: Google, time: Time, fault: Fault, anna: str) -> None:
    fault(kind="status", status=429, headers={"Retry-After": "33"}, method="people.connections.list")
    with google.people(anna, patience=30) as people, pytest.raises(RetryLater) as caught:
        people.listing(None)
    assert time.slept == []
    assert caught.value.not_before is not None
    assert (caught.value.not_before - time.now).total_seconds() == 33
