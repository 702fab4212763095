"""contactGroups: system labels, names, etags, members, their own sync tokens."""

from typing import Any

import pytest

from sharesync.sandbox.workspace import Workspace
from tests.sandbox.conftest import ANN, Api, create, labels_of, listing, member, refusal, turn

SYSTEM = {"myContacts", "starred", "friends", "family", "coworkers", "chatBuddies", "all", "blocked"}


def make(people: Api, name: str = "Sales", **more: Any) -> dict[str, Any]:
    made: dict[str, Any] = people.contactGroups().create(body={"contactGroup": {"name": name, **more}}).execute()
    return made


def modify(people: Api, label: str, **body: list[str]) -> Api:
    return people.contactGroups().members().modify(resourceName=label, body=body)


def by_name(people: Api) -> dict[str, dict[str, Any]]:
    return {one["name"]: one for one in people.contactGroups().list(pageSize=1000).execute()["contactGroups"]}


def test_a_new_mailbox_lists_the_system_labels_without_etag_or_count(people: Api) -> None:
    found = by_name(people)
    assert set(found) == SYSTEM
    assert found["myContacts"]["formattedName"] == "My Contacts"
    assert all(one.keys() == {"resourceName", "groupType", "name", "formattedName"} for one in found.values())


def test_a_label_of_ones_own_has_etag_and_metadata_and_its_creation_echoes_no_count(people: Api) -> None:
    made = make(people)
    assert made["groupType"] == "USER_CONTACT_GROUP"
    assert made["etag"]
    assert made["metadata"]["updateTime"].endswith("Z")
    assert "memberCount" not in made


@pytest.mark.parametrize("name", ["Sales", "sALES", " Sales ", "Friends", "My Contacts"])
def test_a_name_that_exists_is_refused_with_409(people: Api, name: str) -> None:
    make(people)
    status, error = refusal(people.contactGroups().create(body={"contactGroup": {"name": name}}))
    assert (status, error["status"], error["message"]) == (409, "ALREADY_EXISTS", "Contact group name already exists")


def test_a_name_is_free_again_once_its_label_is_deleted(people: Api) -> None:
    people.contactGroups().delete(resourceName=make(people)["resourceName"]).execute()
    assert make(people)["name"] == "Sales"


def test_a_rename_needs_the_present_etag(people: Api) -> None:
    made = make(people)

    def rename(title: str, etag: str | None) -> Api:
        group = {"name": title, **({"etag": etag} if etag else {})}
        return people.contactGroups().update(resourceName=made["resourceName"], body={"contactGroup": group})

    changed = rename("Customers", made["etag"]).execute()
    assert (changed["name"], changed["etag"] != made["etag"]) == ("Customers", True)
    assert refusal(rename("Third", made["etag"])) == (
        409,
        {"code": 409, "message": "Contact group etag is outdated", "status": "ABORTED"},
    )
    assert refusal(rename("Third", None))[0] == 400
    assert rename("Customers", changed["etag"]).execute()["name"] == "Customers"


def test_client_data_changes_only_under_its_mask(people: Api) -> None:
    made = make(people, clientData=[{"key": "k", "value": "1"}])

    def update(**more: Any) -> None:
        etag = people.contactGroups().get(resourceName=made["resourceName"]).execute()["etag"]
        group = {"etag": etag, "name": "Sales", "clientData": [{"key": "k", "value": "2"}]}
        body = {"contactGroup": group, **more}
        people.contactGroups().update(resourceName=made["resourceName"], body=body).execute()

    def data() -> Any:
        shown = people.contactGroups().get(resourceName=made["resourceName"], groupFields="clientData").execute()
        return shown["clientData"]

    update()
    assert data() == [{"key": "k", "value": "1"}]
    update(updateGroupFields="clientData")
    assert data() == [{"key": "k", "value": "2"}]


def test_system_labels_can_be_neither_changed_nor_deleted(people: Api) -> None:
    body = {"contactGroup": {"name": "Mine", "etag": "x"}}
    assert refusal(people.contactGroups().update(resourceName="contactGroups/starred", body=body))[0] == 400
    assert refusal(people.contactGroups().delete(resourceName="contactGroups/myContacts"))[0] == 400


def test_members_are_added_counted_and_removed(people: Api) -> None:
    label = make(people)["resourceName"]
    names = [create(people, given)["resourceName"] for given in "AB"]
    assert modify(people, label, resourceNamesToAdd=names).execute() == {}
    shown = people.contactGroups().get(resourceName=label, maxMembers=10).execute()
    assert (shown["memberCount"], shown["memberResourceNames"]) == (2, names)
    assert modify(people, label, resourceNamesToRemove=names[:1]).execute() == {}
    assert by_name(people)["Sales"]["memberCount"] == 1
    assert "memberResourceNames" not in people.contactGroups().get(resourceName=label).execute()


def test_members_not_found_are_listed_and_the_rest_is_done(people: Api) -> None:
    label = make(people)["resourceName"]
    name = create(people)["resourceName"]
    answer = modify(people, label, resourceNamesToAdd=["people/c77", name]).execute()
    assert answer == {"notFoundResourceNames": ["people/c77"]}
    assert by_name(people)["Sales"]["memberCount"] == 1


def test_adding_a_member_again_changes_nothing(people: Api) -> None:
    label = make(people)["resourceName"]
    name = create(people, memberships=[member(label)])["resourceName"]
    token = listing(people).execute()["nextSyncToken"]
    assert modify(people, label, resourceNamesToAdd=[name]).execute() == {}
    assert "connections" not in listing(people, syncToken=token).execute()


def test_the_last_label_cannot_be_taken_off(people: Api) -> None:
    name = create(people)["resourceName"]
    answer = modify(people, "contactGroups/myContacts", resourceNamesToRemove=[name]).execute()
    assert answer == {"canNotRemoveLastContactGroupResourceNames": [name]}


def test_deprecated_labels_take_no_members_and_unknown_ones_are_404(people: Api) -> None:
    name = create(people)["resourceName"]
    status, error = refusal(modify(people, "contactGroups/family", resourceNamesToAdd=[name]))
    assert (status, error["message"]) == (400, "Cannot add contacts to deprecated system contact group")
    assert refusal(modify(people, "contactGroups/123abc", resourceNamesToAdd=[name]))[0] == 404


def test_more_than_1000_names_none_or_a_profile_only_name_are_refused(people: Api) -> None:
    label = make(people)["resourceName"]
    for names in ([f"people/c{n}" for n in range(1001)], [], ["people/123"]):
        assert refusal(modify(people, label, resourceNamesToAdd=names))[0] == 400


def test_a_contact_can_be_starred(people: Api) -> None:
    name = create(people)["resourceName"]
    modify(people, "contactGroups/starred", resourceNamesToAdd=[name]).execute()
    shown = people.people().get(resourceName=name, personFields="memberships").execute()
    assert labels_of(shown) == ["starred", "myContacts"]


@pytest.mark.parametrize(("with_contacts", "left"), [(False, 1), (True, 0)])
def test_deleting_a_label_leaves_its_contacts_unless_asked(people: Api, with_contacts: bool, left: int) -> None:
    label = make(people)["resourceName"]
    create(people, memberships=[member(label)])
    token = listing(people).execute()["nextSyncToken"]
    people.contactGroups().delete(resourceName=label, deleteContacts=with_contacts).execute()
    assert refusal(people.contactGroups().get(resourceName=label))[0] == 404
    (changed,) = listing(people, syncToken=token).execute()["connections"]
    assert ("deleted" in changed["metadata"]) is with_contacts
    assert listing(people).execute().get("totalItems", 0) == left


def test_batch_get_answers_each_name_with_a_status(people: Api) -> None:
    label = make(people)["resourceName"]
    asked = [label, "contactGroups/123abc", "contactGroups/starred"]
    answers = people.contactGroups().batchGet(resourceNames=asked).execute()["responses"]
    assert [one["requestedResourceName"] for one in answers] == asked
    assert [one["status"].get("code", 0) for one in answers] == [0, 5, 0]
    assert answers[0]["contactGroup"]["name"] == "Sales"


def test_a_label_list_has_a_sync_token_on_every_page_and_a_delta_of_changes(people: Api) -> None:
    made = make(people)
    token = None
    request = people.contactGroups().list(pageSize=4)
    while request is not None:
        page = request.execute()
        token = page["nextSyncToken"]
        request = people.contactGroups().list_next(request, page)
    assert people.contactGroups().list(pageSize=4, syncToken=token).execute().keys() == {"nextSyncToken"}
    people.contactGroups().delete(resourceName=made["resourceName"]).execute()
    new = make(people, "New")
    delta = people.contactGroups().list(pageSize=4, syncToken=token).execute()["contactGroups"]
    assert [(one["resourceName"], one["metadata"].get("deleted")) for one in delta] == [
        (made["resourceName"], True),
        (new["resourceName"], None),
    ]


def test_a_label_shows_in_lists_only_after_its_lag(people: Api, workspace: Workspace) -> None:
    turn(workspace, label_lag=5)
    label = make(people)["resourceName"]
    assert "Sales" not in by_name(people)
    assert people.contactGroups().get(resourceName=label).execute()["name"] == "Sales"
    workspace.advance(6)
    assert "Sales" in by_name(people)


def test_a_fresh_label_can_be_set_to_be_unknown_to_members_modify_for_a_while(
    people: Api, workspace: Workspace
) -> None:
    turn(workspace, new_label_lag=2)
    label, name = make(people)["resourceName"], create(people)["resourceName"]
    assert refusal(modify(people, label, resourceNamesToAdd=[name]))[0] == 404
    workspace.advance(3)
    assert modify(people, label, resourceNamesToAdd=[name]).execute() == {}
    assert workspace.hands(ANN).labels()[0]["count"] == 1


def test_the_data_of_a_label_shows_late_where_told_so(people: Api, workspace: Workspace) -> None:
    turn(workspace, label_data_lag=60)
    data = [{"key": "k", "value": "v"}]
    name = make(people, clientData=data)["resourceName"]
    get = people.contactGroups().get(resourceName=name, groupFields="clientData")
    rows = people.contactGroups().list(pageSize=1000, groupFields="name,clientData")

    def shown() -> list[Any]:
        listed = next(one for one in rows.execute()["contactGroups"] if one["resourceName"] == name)
        return [get.execute().get("clientData"), listed.get("clientData")]

    assert shown() == [None, None]
    workspace.advance(61)
    assert shown() == [data, data]
