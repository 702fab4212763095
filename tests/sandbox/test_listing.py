"""connections.list: pages, sync tokens, deltas, lag, order; searchContacts."""

from collections.abc import Callable
from datetime import timedelta
from itertools import count
from random import Random
from typing import Any

import pytest

from sharesync.sandbox.workspace import Workspace
from tests.sandbox.conftest import (
    ANN,
    BEN,
    EVERYTHING,
    Api,
    create,
    labels_of,
    listing,
    member,
    named,
    refusal,
    turn,
)


def fill(people: Api, count: int) -> list[str]:
    body = {"contacts": [{"contactPerson": named(f"G{n}")} for n in range(count)], "readMask": "names"}
    made = people.people().batchCreateContacts(body=body).execute()["createdPeople"]
    return [one["person"]["resourceName"] for one in made]


def pages(people: Api, request: Api) -> list[dict[str, Any]]:
    found = []
    while request is not None:
        found.append(request.execute())
        request = people.people().connections().list_next(request, found[-1])
    return found


def names_in(page: dict[str, Any]) -> list[str]:
    return [person["resourceName"] for person in page.get("connections", [])]


def test_a_listing_comes_in_pages_with_the_sync_token_on_the_last(people: Api) -> None:
    made = fill(people, 7)
    found = pages(people, listing(people, pageSize=3))
    assert [names_in(page) for page in found] == [made[:3], made[3:6], made[6:]]
    assert [page["totalItems"] for page in found] == [7, 7, 7]
    assert ["nextSyncToken" in page for page in found] == [False, False, True]


def test_every_page_shows_the_mailbox_as_it_was_at_the_first(people: Api) -> None:
    made = fill(people, 4)
    first = listing(people, pageSize=2).execute()
    people.people().deleteContact(resourceName=made[3]).execute()
    fill(people, 1)
    second = listing(people, pageSize=2, pageToken=first["nextPageToken"]).execute()
    assert names_in(second) == made[2:]
    delta = listing(people, pageSize=2, syncToken=second["nextSyncToken"]).execute()
    assert [("deleted" in one["metadata"]) for one in delta["connections"]] == [True, False]


def test_nothing_changed_is_a_sync_token_and_nothing_else(people: Api) -> None:
    create(people)
    token = listing(people).execute()["nextSyncToken"]
    again = listing(people, syncToken=token).execute()
    assert again.keys() == {"nextSyncToken"}
    assert again["nextSyncToken"] != token


def test_a_delta_holds_what_was_created_edited_labelled_photographed_and_deleted_since(
    people: Api, workspace: Workspace
) -> None:
    edited, labelled, pictured, deleted, untouched = fill(people, 5)
    label = people.contactGroups().create(body={"contactGroup": {"name": "L"}}).execute()["resourceName"]
    token = listing(people).execute()["nextSyncToken"]
    hands = workspace.hands(ANN)
    hands.edit(edited, named("Other"))
    hands.label(labelled, label.removeprefix("contactGroups/"))
    hands.set_photo(pictured, b"face")
    hands.delete(deleted)
    new = create(people)["resourceName"]
    delta = listing(people, syncToken=token).execute()
    assert names_in(delta) == [edited, labelled, pictured, deleted, new]
    assert delta["totalItems"] == 5
    assert untouched not in names_in(delta)


def test_a_tombstone_has_a_deleted_mark_an_old_updatetime_and_no_name(people: Api) -> None:
    made = create(people)
    token = listing(people).execute()["nextSyncToken"]
    people.people().deleteContact(resourceName=made["resourceName"]).execute()
    (stone,) = listing(people, syncToken=token).execute()["connections"]
    assert stone["metadata"]["deleted"] is True
    assert stone["metadata"]["sources"][0]["updateTime"] == "1970-01-01T00:00:00Z"
    assert stone["metadata"]["sources"][0]["id"] == made["metadata"]["sources"][0]["id"]
    assert "names" not in stone
    assert stone["photos"][0]["default"] is True


def test_a_full_listing_without_a_contact_has_no_connections(people: Api) -> None:
    assert listing(people).execute().keys() == {"nextSyncToken"}
    assert listing(people, requestSyncToken=False).execute() == {}


@pytest.mark.parametrize(
    "other",
    [
        {"personFields": "names"},
        {"sources": "READ_SOURCE_TYPE_PROFILE"},
        {"pageSize": 7},
        {"sortOrder": "FIRST_NAME_ASCENDING"},
    ],
)
def test_a_token_with_other_parameters_is_refused(people: Api, other: dict[str, Any]) -> None:
    fill(people, 3)
    first = listing(people, pageSize=2).execute()
    last = listing(people, pageSize=2, pageToken=first["nextPageToken"]).execute()
    for token in ({"pageToken": first["nextPageToken"]}, {"syncToken": last["nextSyncToken"]}):
        status, error = refusal(listing(people, **{"pageSize": 2, **token, **other}))
        assert (status, error["status"]) == (400, "INVALID_ARGUMENT")
        assert error["message"] == "Request contains an invalid argument."
        assert "details" not in error


def test_a_token_that_is_garbage_or_anothers_is_refused(people: Api, api: Callable[..., Api]) -> None:
    foreign = listing(api("people", BEN)).execute()["nextSyncToken"]
    for token in ("garbage", "eyJ9", foreign):
        status, error = refusal(listing(people, syncToken=token))
        assert (status, error["message"]) == (400, "Request contains an invalid argument.")


@pytest.mark.parametrize("shape", ["FAILED_PRECONDITION", "INVALID_ARGUMENT"])
def test_a_sync_token_expires_seven_days_after_the_full_listing(people: Api, workspace: Workspace, shape: str) -> None:
    turn(workspace, expired_status=shape)
    token = listing(people).execute()["nextSyncToken"]
    workspace.advance(timedelta(days=6, hours=23).total_seconds())
    token = listing(people, syncToken=token).execute()["nextSyncToken"]
    workspace.advance(timedelta(hours=2).total_seconds())
    status, error = refusal(listing(people, syncToken=token))
    assert (status, error["status"]) == (400, shape)
    assert error["message"].startswith("Sync token is expired. Clear local cache")
    assert error["details"][0]["reason"] == "EXPIRED_SYNC_TOKEN"


def test_a_sync_token_may_be_set_to_live_from_listing_to_listing(people: Api, workspace: Workspace) -> None:
    turn(workspace, sync_days_from="last_sync")
    token = listing(people).execute()["nextSyncToken"]
    for _ in range(3):
        workspace.advance(timedelta(days=6).total_seconds())
        token = listing(people, syncToken=token).execute()["nextSyncToken"]


def test_a_write_shows_in_lists_only_after_the_lag_and_in_a_get_at_once(people: Api, workspace: Workspace) -> None:
    turn(workspace, lag=10)
    token = listing(people).execute()["nextSyncToken"]
    made = create(people)
    assert listing(people).execute().keys() == {"nextSyncToken"}
    token = listing(people, syncToken=token).execute()["nextSyncToken"]
    assert people.people().get(resourceName=made["resourceName"], personFields="names").execute()["names"]
    workspace.advance(11)
    assert names_in(listing(people, syncToken=token).execute()) == [made["resourceName"]]


@pytest.mark.parametrize("how", ["a batch", "a label with its contacts"])
def test_what_goes_by_one_request_goes_at_one_time(people: Api, workspace: Workspace, how: str) -> None:
    hands = workspace.hands(ANN)
    label = hands.create_label("L")
    made = fill(people, 3)
    for name in made:
        hands.label(name, label)
    workspace.advance(60)
    begin, seconds = workspace.clock(), count(1)
    workspace.clock = lambda: begin + timedelta(seconds=next(seconds))  # time passes whenever somebody looks
    if how == "a batch":
        people.people().batchDeleteContacts(body={"resourceNames": made}).execute()
    else:
        people.contactGroups().delete(resourceName=f"contactGroups/{label}", deleteContacts=True).execute()
    end = workspace.clock()
    workspace.clock = lambda: end
    shown = set()
    for lag in range(next(seconds) + 1):
        turn(workspace, lag=lag)
        shown.add(len(names_in(listing(people).execute())))
    assert shown == {0, 3}


def test_a_lagging_list_shows_the_older_version_whole(people: Api, workspace: Workspace) -> None:
    made = create(people, "Before")
    workspace.advance(60)
    turn(workspace, lag=30)
    workspace.hands(ANN).edit(made["resourceName"], named("After"))
    (seen,) = listing(people).execute()["connections"]
    assert seen["names"][0]["givenName"] == "Before"
    assert seen["metadata"]["sources"] == made["metadata"]["sources"]


def test_no_change_is_lost_or_doubled_between_deltas_under_lag(people: Api, workspace: Workspace) -> None:
    """Whatever the lag does between listings, deltas put together make the true state."""
    rng = Random(7)
    known: dict[str, str] = {}
    token = listing(people).execute()["nextSyncToken"]
    hands = workspace.hands(ANN)
    for step in range(60):
        held = [one["resourceName"] for one in hands.contacts()]
        if not held or rng.random() < 0.4:
            hands.create(named(f"New {step}"))
        elif rng.random() < 0.7:
            hands.edit(rng.choice(held), named(f"Edit {step}"))
        else:
            hands.delete(rng.choice(held))
        workspace.advance(rng.random() * 5)
        turn(workspace, lag=rng.choice([0, 3, 20]) if step < 59 else 0)
        page = listing(people, syncToken=token).execute()
        token = page["nextSyncToken"]
        for person in page.get("connections", []):
            if person["metadata"].get("deleted"):
                known.pop(person["resourceName"], None)
            else:
                known[person["resourceName"]] = person["names"][0]["givenName"]
    truth = {one["resourceName"]: one["fields"]["names"][0]["givenName"] for one in hands.contacts()}
    assert known == truth
    assert len(truth) > 5


def test_a_list_cuts_emails_and_phones_at_100_and_a_get_does_not(people: Api) -> None:
    many = [{"value": f"e{n}@x.test"} for n in range(120)]
    made = create(people, emailAddresses=many)
    (listed,) = listing(people).execute()["connections"]
    whole = people.people().get(resourceName=made["resourceName"], personFields="emailAddresses").execute()
    assert len(listed["emailAddresses"]) == 100
    assert [one["value"] for one in whole["emailAddresses"]] == [one["value"] for one in many]


def test_the_oldest_change_comes_first_and_names_can_order(people: Api, workspace: Workspace) -> None:
    b, a, c = (create(people, given, emailAddresses=[])["resourceName"] for given in "bac")
    workspace.hands(ANN).touch(b)
    assert names_in(listing(people).execute()) == [a, c, b]
    assert names_in(listing(people, sortOrder="FIRST_NAME_ASCENDING").execute()) == [a, b, c]


def test_the_newest_first_with_a_sync_token_is_refused(people: Api) -> None:
    assert refusal(listing(people, sortOrder="LAST_MODIFIED_DESCENDING"))[0] == 400
    assert listing(people, sortOrder="LAST_MODIFIED_DESCENDING", requestSyncToken=False).execute() == {}


def test_the_same_contact_has_another_etag_under_another_mask_and_the_same_inside(people: Api) -> None:
    made = create(people)
    name = made["resourceName"]
    one = people.people().get(resourceName=name, personFields="names,metadata").execute()
    two = people.people().get(resourceName=name, personFields="emailAddresses,metadata").execute()
    assert one["etag"] != two["etag"]
    assert one["etag"].startswith("%")
    assert one["metadata"]["sources"][0]["etag"] == two["metadata"]["sources"][0]["etag"]
    assert one["metadata"]["sources"][0]["etag"].startswith("#")


def test_a_resource_name_is_the_decimal_of_the_hexadecimal_source_id(people: Api) -> None:
    made = create(people)
    assert made["resourceName"] == f"people/c{int(made['metadata']['sources'][0]['id'], 16)}"


def test_a_changed_resource_name_shows_with_its_former_one_in_a_delta_only(people: Api, workspace: Workspace) -> None:
    made = create(people)
    token = listing(people).execute()["nextSyncToken"]
    new = workspace.hands(ANN).link_profile(made["resourceName"], "Somebody Else", "face")
    (seen,) = listing(people, syncToken=token).execute()["connections"]
    assert (seen["resourceName"], seen["metadata"]["previousResourceNames"]) == (new, [made["resourceName"]])
    assert seen["metadata"]["sources"][0]["id"] == made["metadata"]["sources"][0]["id"]
    (full,) = listing(people).execute()["connections"]
    assert "previousResourceNames" not in full["metadata"]
    asked = people.people().getBatchGet(resourceNames=[made["resourceName"]], personFields="names").execute()
    (answer,) = asked["responses"]
    assert (answer["requestedResourceName"], answer["person"]["resourceName"]) == (made["resourceName"], new)


def test_a_linked_profile_adds_its_name_and_photo_unless_sources_leave_it_out(
    people: Api, workspace: Workspace
) -> None:
    made = create(people)
    new = workspace.hands(ANN).link_profile(made["resourceName"], "Somebody Else", "face")
    whole = people.people().get(resourceName=new, personFields=EVERYTHING).execute()
    own = people.people().get(
        resourceName=new, personFields=EVERYTHING, sources="READ_SOURCE_TYPE_CONTACT"
    ).execute()  # fmt: skip
    assert [one["displayName"] for one in whole["names"]] == ["Ida Fir", "Somebody Else"]
    assert whole["photos"][0]["metadata"]["source"]["type"] == "PROFILE"
    assert [source["type"] for source in whole["metadata"]["sources"]] == ["CONTACT", "PROFILE"]
    assert [one["displayName"] for one in own["names"]] == ["Ida Fir"]
    assert own["photos"][0]["default"] is True


def test_a_large_mailbox_is_listed_in_as_many_calls_as_it_has_pages(people: Api, workspace: Workspace) -> None:
    for number in range(2_001):
        workspace.mailbox(ANN).create({"names": ({"givenName": str(number), "displayName": str(number)},)})
    found = pages(people, listing(people, pageSize=1000))
    assert [len(page["connections"]) for page in found] == [1000, 1000, 1]
    assert workspace.log.counts(ANN) == {"people.people.connections.list": 3}


def test_search_finds_word_prefixes_in_the_documented_fields_only(people: Api) -> None:
    create(people, "Ingrid", emailAddresses=[{"value": "ing@x.test"}], clientData=[{"key": "secret", "value": "zebra"}])

    def found(query: str) -> int:
        answer = people.people().searchContacts(query=query, readMask="names").execute()
        return len(answer.get("results", []))

    assert [found(query) for query in ("ing", "INGRID fir", "grid", "zebra", "")] == [1, 1, 0, 0, 0]


def test_memberships_name_the_users_labels_before_my_contacts(people: Api) -> None:
    label = people.contactGroups().create(body={"contactGroup": {"name": "L"}}).execute()["resourceName"]
    made = create(people, memberships=[member(label), member("contactGroups/starred")])
    assert labels_of(made) == [label.removeprefix("contactGroups/"), "starred", "myContacts"]
