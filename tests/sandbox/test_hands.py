"""A person's own hands on their contacts, in-process and over the control routes."""

import base64
from collections.abc import Callable
from typing import Any

import pytest
import requests

from sharesync.sandbox.dates import rfc3339
from sharesync.sandbox.errors import ApiError
from sharesync.sandbox.hands import Hands
from sharesync.sandbox.workspace import Workspace
from tests.sandbox.conftest import ANN, Api, create, labels_of, listing, named, refusal, turn


@pytest.fixture
def hands(workspace: Workspace) -> Hands:
    return workspace.hands(ANN)


def shown(hands: Hands, name: str) -> dict[str, Any]:
    return next(one for one in hands.contacts() if one["resourceName"] == name)


def given(hands: Hands) -> list[str]:
    return [one["fields"]["names"][0]["givenName"] for one in hands.contacts()]


def test_what_hands_make_is_what_the_api_shows(hands: Hands, people: Api) -> None:
    label = hands.create_label("Mine")
    name = hands.create(named("Ida", phoneNumbers=[{"value": "33123456", "type": "mobile"}]), [label])
    person = people.people().get(resourceName=name, personFields="names,phoneNumbers,memberships").execute()
    assert person["phoneNumbers"][0]["canonicalForm"] == "+4533123456"
    assert labels_of(person) == [label, "myContacts"]


def test_an_edit_replaces_the_fields_it_names_and_makes_the_apis_etag_stale(hands: Hands, people: Api) -> None:
    made = create(people, emailAddresses=[{"value": "a@x.test"}])
    hands.edit(made["resourceName"], {"names": [{"givenName": "New"}]})
    fields = shown(hands, made["resourceName"])["fields"]
    assert (fields["names"][0]["displayName"], fields["emailAddresses"][0]["value"]) == ("New", "a@x.test")
    body = {"etag": made["etag"], "names": []}
    request = people.people().updateContact(
        resourceName=made["resourceName"], updatePersonFields="names", body=body
    )  # fmt: skip
    assert refusal(request)[1]["status"] == "FAILED_PRECONDITION"


def test_a_deleted_contact_comes_back_from_the_trash_under_its_name_with_the_labels_left(
    hands: Hands, people: Api
) -> None:
    kept, lost = hands.create_label("Kept"), hands.create_label("Lost")
    name = hands.create(named("Ida", clientData=[{"key": "k", "value": "v"}]), [kept, lost])
    hands.delete(name)
    hands.delete_label(lost)
    assert [one["resourceName"] for one in hands.trash()] == [name]
    hands.undelete(name)
    person = people.people().get(resourceName=name, personFields="memberships,clientData").execute()
    assert (labels_of(person), person["clientData"][0]["value"]) == ([kept, "myContacts"], "v")


def test_the_trash_is_emptied_after_thirty_days(hands: Hands, workspace: Workspace) -> None:
    name = hands.create(named("Ida"))
    hands.delete(name)
    workspace.advance(31 * 86_400)
    assert hands.trash() == []
    with pytest.raises(ValueError, match="is not in the trash"):
        hands.undelete(name)


def test_a_merge_unites_lists_labels_and_client_data_and_deletes_the_rest(hands: Hands, people: Api) -> None:
    one, two = hands.create_label("One"), hands.create_label("Two")
    data = [{"key": "mark", "value": "same"}]
    emails = [{"value": "a@x.test"}], [{"value": "a@x.test"}, {"value": "b@x.test"}]
    first = hands.create(named("Ida", emailAddresses=emails[0], clientData=data, biographies=[{"value": "x"}]), [one])
    second = hands.create(named("Ina", emailAddresses=emails[1], clientData=data, biographies=[{"value": "y"}]), [two])
    token = listing(people).execute()["nextSyncToken"]
    assert hands.merge([first, second]) == first
    survivor, loser = listing(people, syncToken=token).execute()["connections"]
    assert (survivor["resourceName"], survivor["names"][0]["givenName"]) == (first, "Ida")
    assert [mail["value"] for mail in survivor["emailAddresses"]] == ["a@x.test", "b@x.test"]
    assert [mark["value"] for mark in survivor["clientData"]] == ["same", "same"]
    assert survivor["biographies"][0]["value"] == "x\ny"
    assert labels_of(survivor) == [one, two, "myContacts"]
    assert (loser["resourceName"], loser["metadata"]["deleted"]) == (second, True)


def test_undo_changes_brings_everything_back_as_it_stood(hands: Hands, workspace: Workspace) -> None:
    label = hands.create_label("Label")
    edited, deleted, starred = (hands.create(named(name), [label]) for name in ("Edited", "Deleted", "Starred"))
    workspace.advance(60)
    then = workspace.now()
    before = {one["resourceName"]: (one["fields"], one["labels"]) for one in hands.contacts()}
    workspace.advance(60)
    hands.edit(edited, named("Changed"))
    hands.delete(deleted)
    hands.star(starred)
    hands.delete_label(label)
    hands.create(named("Newer"))
    hands.undo_changes(then)
    assert {one["resourceName"]: (one["fields"], one["labels"]) for one in hands.contacts()} == before
    assert [one["name"] for one in hands.labels()] == ["Label"]
    stamps = {one["etag"] for one in hands.contacts()}
    hands.undo_changes(then)
    assert {one["etag"] for one in hands.contacts()} == stamps


def test_changes_older_than_thirty_days_cannot_be_undone(hands: Hands, workspace: Workspace) -> None:
    then = workspace.now()
    workspace.advance(31 * 86_400)
    with pytest.raises(ValueError, match="30 days"):
        hands.undo_changes(then)


def test_a_phantom_update_moves_the_etag_and_changes_nothing(hands: Hands) -> None:
    name = hands.create(named("Ida"))
    before = shown(hands, name)
    hands.touch(name)
    after = shown(hands, name)
    moved = {key for key in before if before[key] != after[key]}
    assert moved == {"etag", "updateTime"}


@pytest.mark.parametrize(("with_contacts", "left"), [(False, ["Ida", "Ina"]), (True, ["Ina"])])
def test_a_label_is_deleted_with_or_without_its_contacts(hands: Hands, with_contacts: bool, left: list[str]) -> None:
    label = hands.create_label("Label")
    hands.create(named("Ida"), [label])
    hands.create(named("Ina"))
    hands.delete_label(label, with_contacts=with_contacts)
    assert (given(hands), hands.labels()) == (left, [])


def test_labels_are_put_on_taken_off_and_renamed(hands: Hands) -> None:
    label, name = hands.create_label("Label"), hands.create(named("Ida"))
    hands.label(name, label)
    hands.rename_label(label, "Renamed")
    assert (hands.labels()[0]["name"], hands.labels()[0]["count"]) == ("Renamed", 1)
    hands.unlabel(name, label)
    assert shown(hands, name)["labels"] == ["myContacts"]


def test_contacts_are_found_by_any_text_a_person_sees_and_by_label(hands: Hands) -> None:
    label = hands.create_label("Label")
    hands.create(named("Åse", emailAddresses=[{"value": "aase@x.test"}]), [label])
    hands.create(named("Bo", clientData=[{"key": "k", "value": "aase"}]))
    assert [len(hands.contacts(search=text)) for text in ("ÅSE", "aase@", "fir", "none")] == [1, 1, 2, 0]
    assert len(hands.contacts(label=label)) == 1


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (lambda hands: hands.edit("people/c1", {}), "There is no contact people/c1."),
        (lambda hands: hands.create(named("A"), ["none"]), "There is no label none."),
        (lambda hands: hands.create_label(" "), "A label needs a name."),
        (lambda hands: hands.create_label("Starred"), "There is a label Starred already."),
        (lambda hands: hands.create({"photos": []}), "A person cannot change photos."),
        (lambda hands: hands.create({"names": "A"}), "Invalid value at 'names'"),
    ],
)
def test_what_the_page_would_not_offer_is_refused_in_a_sentence(
    hands: Hands, act: Callable[[Hands], None], words: str
) -> None:
    with pytest.raises(ValueError, match=words.replace(".", r"\.")):
        act(hands)


def test_hands_meet_the_limits_too(hands: Hands, workspace: Workspace) -> None:
    turn(workspace, contact_limit=0)
    with pytest.raises(ApiError, match="MY_CONTACTS_OVERFLOW_COUNT"):
        workspace.hands(ANN).create(named("A"))


def test_every_hand_works_over_the_control_routes(raw: Callable[..., requests.Response], workspace: Workspace) -> None:
    def act(hand: str, **arguments: Any) -> Any:
        answer = raw("POST", f"/_sandbox/mailboxes/{ANN}/hands/{hand}", json=arguments)
        assert answer.status_code == 200, answer.text
        return answer.json()["result"]

    label = act("create_label", title="Label")
    one = act("create", person=named("One"), labels=[label])
    two = act("create", person=named("Two"))
    act("edit", name=one, person=named("Uno"))
    act("label", name=two, label=label)
    act("unlabel", name=two, label=label)
    act("star", name=two)
    act("star", name=two, on=False)
    act("set_photo", name=two, content=base64.b64encode(b"face").decode())
    act("touch", name=two)
    two = act("link_profile", name=two, display_name="Somebody")
    two = act("unlink_profile", name=two)
    act("rename_label", label=label, title="Other")
    act("undo_changes", to=rfc3339(workspace.now()))
    act("delete", name=two)
    assert [one["resourceName"] for one in act("trash")] == [two]
    act("undelete", name=two)
    act("merge", names=[one, two])
    assert act("trash") == [], "who was merged into another comes back by undoing changes alone"
    assert [one["name"] for one in act("labels")] == ["Other"]
    assert [one["fields"]["names"][0]["givenName"] for one in act("contacts")] == ["Uno"]
    act("delete_label", label=label, with_contacts=True)
    dump = raw("GET", f"/_sandbox/mailboxes/{ANN}").json()
    assert [one["state"] for one in dump["contacts"]] == ["trash", "gone"]
    assert [one["deleted"] for one in dump["labels"]] == [True]


def test_a_hand_that_is_none_or_has_other_arguments_is_refused(raw: Callable[..., requests.Response]) -> None:
    for user, hand, status in ((ANN, "mailbox", 400), (ANN, "create", 400), ("nobody@x.test", "labels", 404)):
        answer = raw("POST", f"/_sandbox/mailboxes/{user}/hands/{hand}", json={"what": 1} if hand == "create" else {})
        assert (answer.status_code, answer.json()["error"][-1]) == (status, ".")


def test_users_groups_and_units_change_over_the_control_routes(
    raw: Callable[..., requests.Response], directory: Api
) -> None:
    new = "new@south.test"
    assert raw("POST", "/_sandbox/units", json={"path": "/Ops/Night"}).status_code == 201
    assert raw("POST", "/_sandbox/users", json={"email": new, "ou": "/Ops"}).status_code == 201
    raw("PATCH", f"/_sandbox/users/{new}", json={"suspended": True, "ou": "/Ops/Night", "aliases": ["n@south.test"]})
    user = directory.users().get(userKey="n@south.test").execute()
    assert (user["suspended"], user["orgUnitPath"]) == (True, "/Ops/Night")
    for members in ([new], [new, ANN]):
        raw("PUT", "/_sandbox/groups/night@south.test", json={"members": members})
    group = directory.groups().get(groupKey="night@south.test").execute()
    assert group["directMembersCount"] == "2"
    raw("DELETE", "/_sandbox/groups/night@south.test")
    assert refusal(directory.groups().get(groupKey="night@south.test"))[0] == 404
    raw("PATCH", f"/_sandbox/users/{new}", json={"deleted": True})
    assert len(directory.users().list(customer="my_customer", showDeleted="true").execute()["users"]) == 1


def test_the_clock_turns_over_the_control_routes(raw: Callable[..., requests.Response], workspace: Workspace) -> None:
    before = workspace.offset
    raw("POST", "/_sandbox/clock", json={"advance": 3600})
    assert (workspace.offset - before).total_seconds() == 3600
    assert raw("GET", "/_sandbox/clock").json()["now"].endswith("Z")
