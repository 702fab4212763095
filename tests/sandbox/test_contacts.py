"""Creating, updating and deleting contacts: normalisation, etags, limits, all-or-nothing batches, photos."""

import base64
from typing import Any

import pytest

from sharesync.sandbox.workspace import Workspace
from tests.sandbox.conftest import ANN, EVERYTHING, Api, create, labels_of, listing, member, named, refusal, turn

PNG = base64.b64encode(b"\x89PNG\r\n\x1a\nface").decode()


def update(people: Api, person: dict[str, Any], mask: str, **body: Any) -> Api:
    return people.people().updateContact(
        resourceName=person["resourceName"],
        updatePersonFields=mask,
        personFields=EVERYTHING,
        body={"etag": person["etag"], **body},
    )


def stamp(person: dict[str, Any]) -> tuple[str, str]:
    source = person["metadata"]["sources"][0]
    return source["etag"], source["updateTime"]


def values(person: dict[str, Any], field: str, key: str = "value") -> list[Any]:
    return [item.get(key) for item in person.get(field, [])]


@pytest.mark.parametrize(
    ("name", "shown", "last_first"),
    [
        (
            {
                "honorificPrefix": "Dr.",
                "givenName": "John",
                "middleName": "Jay",
                "familyName": "Doe",
                "honorificSuffix": "III",
            },
            "Dr. John Jay Doe III",
            "Doe, Dr. John Jay, III",
        ),
        ({"givenName": "Konqui"}, "Konqui", "Konqui"),
        ({"unstructuredName": "Dr. Ada Byron Lovelace"}, "Dr. Ada Byron Lovelace", "Lovelace, Dr. Ada Byron"),
    ],
)
def test_a_names_display_forms_are_computed(people: Api, name: dict[str, str], shown: str, last_first: str) -> None:
    person = people.people().createContact(body={"names": [name]}, personFields="names").execute()
    (made,) = person["names"]
    assert (made["displayName"], made["unstructuredName"]) == (shown, shown)
    assert made["displayNameLastFirst"] == last_first
    assert made["metadata"]["sourcePrimary"] is True


def test_only_the_first_item_of_a_field_is_primary(people: Api) -> None:
    made = create(people, emailAddresses=[{"value": "a@x.test"}, {"value": "b@x.test"}])
    assert [one["metadata"].get("primary") for one in made["emailAddresses"]] == [True, None]
    assert all(one["metadata"]["source"]["type"] == "CONTACT" for one in made["emailAddresses"])


def test_values_stay_verbatim_and_doubles_are_kept(people: Api) -> None:
    emails = [{"value": "Ida@X.Test"}, {"value": "Ida@X.Test"}]
    made = create(people, emailAddresses=emails, phoneNumbers=[{"value": "06 12 34 56 78", "type": "mobile"}])
    assert values(made, "emailAddresses") == ["Ida@X.Test", "Ida@X.Test"]
    assert values(made, "phoneNumbers") == ["06 12 34 56 78"]


def test_a_predefined_type_is_shown_in_words_and_a_custom_one_verbatim(people: Api) -> None:
    given = [{"value": "1 2 3", "type": "workFax"}, {"value": "4 5 6", "type": "colleague"}, {"value": "7 8 9"}]
    made = create(people, phoneNumbers=given)
    assert values(made, "phoneNumbers", "formattedType") == ["Work Fax", "colleague", None]


def test_items_without_any_text_are_dropped(people: Api) -> None:
    made = create(people, emailAddresses=[{"value": " ", "type": "home"}, {"value": "a@x.test"}], biographies=[{}])
    assert values(made, "emailAddresses") == ["a@x.test"]
    assert "biographies" not in made


def test_an_addresss_formatted_value_is_built_and_wins_when_sent(people: Api) -> None:
    parts = {"streetAddress": "Nygade 1", "postalCode": "1000", "city": "Byen", "country": "Denmark"}
    made = create(people, addresses=[parts])
    (address,) = made["addresses"]
    assert (address["formattedValue"], address["countryCode"]) == ("Nygade 1\nByen\n1000\nDenmark", "DK")
    changed = update(
        people, made, "addresses", addresses=[{**parts, "city": "Havn", "formattedValue": address["formattedValue"]}]
    ).execute()
    assert changed["addresses"][0]["city"] == "Byen"


def test_dates_may_lack_a_part_and_must_exist(people: Api) -> None:
    body = {**named("Ida"), "birthdays": [{"date": {"month": 2, "day": 29}}]}
    person = people.people().createContact(body=body, personFields="birthdays").execute()
    assert person["birthdays"][0]["date"] == {"month": 2, "day": 29}
    wrong = {**named("Ida"), "birthdays": [{"date": {"year": 2023, "month": 2, "day": 29}}]}
    assert refusal(people.people().createContact(body=wrong))[0] == 400


@pytest.mark.parametrize("field", ["names", "birthdays", "biographies", "genders"])
def test_two_of_a_single_field_are_refused(people: Api, field: str) -> None:
    status, error = refusal(people.people().createContact(body={field: [{}, {}]}))
    assert (status, error["message"]) == (400, f"Cannot have more than one person.{field} per source.")


@pytest.mark.parametrize("body", [{}, {"names": [{"displayName": "Only Shown"}]}])
def test_an_empty_person_is_refused(people: Api, body: dict[str, Any]) -> None:
    assert refusal(people.people().createContact(body=body))[1]["message"] == "Request contains an invalid argument."


def test_client_data_keeps_doubled_keys_and_a_custom_field_needs_both_parts(people: Api) -> None:
    data = [{"key": "k", "value": "1"}, {"key": "k", "value": "1"}]
    assert values(create(people, clientData=data), "clientData") == ["1", "1"]
    assert refusal(people.people().createContact(body=named("A", userDefined=[{"key": "k"}])))[0] == 400


def test_a_contact_lands_in_my_contacts_whatever_labels_it_is_given(people: Api) -> None:
    label = people.contactGroups().create(body={"contactGroup": {"name": "L"}}).execute()["resourceName"]
    assert labels_of(create(people)) == ["myContacts"]
    assert labels_of(create(people, memberships=[member(label)])) == [label[14:], "myContacts"]


def test_a_contact_can_be_made_neither_in_an_unknown_nor_in_a_deprecated_label(people: Api) -> None:
    for label in ("contactGroups/123abc", "contactGroups/friends"):
        assert refusal(people.people().createContact(body=named("A", memberships=[member(label)])))[0] in (400, 404)


def test_an_update_replaces_masked_fields_clears_absent_ones_and_leaves_the_rest(people: Api) -> None:
    made = create(people, emailAddresses=[{"value": "a@x.test"}], phoneNumbers=[{"value": "1 2 3"}])
    changed = update(people, made, "names,phoneNumbers", **named("New", "")).execute()
    assert (changed["names"][0]["displayName"], values(changed, "emailAddresses")) == ("New", ["a@x.test"])
    assert "phoneNumbers" not in changed


def test_every_mutation_moves_etag_and_updatetime(people: Api, workspace: Workspace) -> None:
    person = create(people)
    label = people.contactGroups().create(body={"contactGroup": {"name": "L"}}).execute()["resourceName"]
    name = person["resourceName"]
    stamps = [stamp(person), stamp(update(people, person, "names", **named("Two")).execute())]

    def seen() -> tuple[str, str]:
        return stamp(people.people().get(resourceName=name, personFields="metadata").execute())

    people.contactGroups().members().modify(resourceName=label, body={"resourceNamesToAdd": [name]}).execute()
    stamps.append(seen())
    people.people().updateContactPhoto(resourceName=name, body={"photoBytes": PNG}).execute()
    stamps.append(seen())
    workspace.hands(ANN).touch(name)
    stamps.append(seen())
    assert len({etag for etag, _ in stamps}) == 5
    assert [time for _, time in stamps] == sorted({time for _, time in stamps})


def test_a_stale_person_etag_is_refused(people: Api, workspace: Workspace) -> None:
    made = create(people)
    workspace.hands(ANN).touch(made["resourceName"])
    status, error = refusal(update(people, made, "names", **named("X")))
    assert (status, error["status"]) == (400, "FAILED_PRECONDITION")
    assert error["message"].startswith("Request person.etag is different than the current person.etag.")
    assert "details" not in error
    assert "errors" not in error


def test_a_stale_source_etag_is_refused_in_its_own_words(people: Api, workspace: Workspace) -> None:
    made = create(people)
    workspace.hands(ANN).touch(made["resourceName"])
    request = people.people().updateContact(
        resourceName=made["resourceName"], updatePersonFields="names", body={"metadata": made["metadata"]}
    )
    assert refusal(request)[1]["message"].startswith("Request person.metadata.sources.etag is different")


def test_an_update_needs_an_etag_of_the_contact_source(people: Api) -> None:
    made = create(people)

    def asked(**body: Any) -> tuple[int, str]:
        request = people.people().updateContact(
            resourceName=made["resourceName"], updatePersonFields="names", body={**named("X"), **body}
        )
        status, error = refusal(request)
        return status, error["message"][:60]

    missing = (400, "Request must set person.etag or person.metadata.sources.etag for"[:60])
    assert asked() == missing
    assert asked(etag=made["etag"], metadata={"sources": [{"type": "PROFILE", "etag": "#x"}]}) == missing
    assert asked(etag=made["metadata"]["sources"][0]["etag"])[1].startswith("Request person.etag is different")


def test_an_etag_from_a_list_is_good_unless_etags_are_strict(people: Api, workspace: Workspace) -> None:
    create(people)
    (seen,) = listing(people).execute()["connections"]
    changed = update(people, seen, "names", **named("One")).execute()
    turn(workspace, strict_etags=True)
    (seen,) = listing(people).execute()["connections"]
    assert refusal(update(people, seen, "names", **named("Two")))[1]["status"] == "FAILED_PRECONDITION"
    assert update(people, changed, "names", **named("Two")).execute()["names"][0]["givenName"] == "Two"


def test_a_membership_mask_replaces_all_but_my_contacts_and_may_not_be_empty(people: Api) -> None:
    one, two = (
        people.contactGroups().create(body={"contactGroup": {"name": name}}).execute()["resourceName"] for name in "ab"
    )
    made = create(people, memberships=[member(one)])
    assert refusal(update(people, made, "memberships"))[0] == 400
    changed = update(people, made, "memberships", memberships=[member(two)]).execute()
    assert labels_of(changed) == [two[14:], "myContacts"]


def test_malformed_unknown_and_deleted_names_are_told_apart(people: Api) -> None:
    made = create(people)
    people.people().deleteContact(resourceName=made["resourceName"]).execute()

    def asked(name: str) -> tuple[int, str]:
        status, error = refusal(people.people().get(resourceName=name, personFields="names"))
        return status, error["message"]

    assert asked("people/abc") == (400, "Invalid resource name")
    assert asked("people/c77") == (404, "Requested entity was not found.")
    assert asked(made["resourceName"]) == (404, "Requested entity was not found.")


def test_a_batch_answers_in_the_order_of_the_request(people: Api) -> None:
    body = {"contacts": [{"contactPerson": named(f"G{n}")} for n in range(200)], "readMask": "names"}
    made = people.people().batchCreateContacts(body=body).execute()["createdPeople"]
    assert [one["person"]["names"][0]["givenName"] for one in made] == [f"G{n}" for n in range(200)]
    assert {one["httpStatusCode"] for one in made} == {200}


def test_a_batch_without_a_read_mask_gives_no_data_back(people: Api) -> None:
    assert people.people().batchCreateContacts(body={"contacts": [{"contactPerson": named("A")}]}).execute() == {}
    assert listing(people).execute()["totalItems"] == 1


def test_a_batch_create_with_one_bad_contact_creates_none_and_names_it_by_its_index(people: Api) -> None:
    bad = {"names": [{"givenName": "x" * 1025}]}
    body = {"contacts": [{"contactPerson": named("A")}, {"contactPerson": bad}], "readMask": "names"}
    status, error = refusal(people.people().batchCreateContacts(body=body))
    (detail,) = error["details"]
    assert status == 400
    assert detail["@type"] == "type.googleapis.com/google.people.v1.BatchCreateContactsErrorDetails"
    assert {index: one["code"] for index, one in detail["contactErrors"].items()} == {"1": 3}
    assert "totalItems" not in listing(people).execute()


def test_a_batch_update_with_stale_and_missing_contacts_changes_none_and_names_both(
    people: Api, workspace: Workspace
) -> None:
    good, stale = create(people, "Good"), create(people, "Stale")
    workspace.hands(ANN).touch(stale["resourceName"])
    contacts = {one["resourceName"]: {"etag": one["etag"], **named("New")} for one in (good, stale)}
    contacts["people/c77"] = {"etag": good["etag"], **named("New")}
    body = {"contacts": contacts, "updateMask": "names", "readMask": "names"}
    _, error = refusal(people.people().batchUpdateContacts(body=body))
    (detail,) = error["details"]
    assert detail["@type"] == "type.googleapis.com/google.people.v1.BatchUpdateContactsErrorDetails"
    codes = {name: one["code"] for name, one in detail["contactErrors"].items()}
    assert codes == {stale["resourceName"]: 9, "people/c77": 5}
    del contacts[stale["resourceName"]], contacts["people/c77"]
    result = people.people().batchUpdateContacts(body=body).execute()["updateResult"]
    assert result[good["resourceName"]]["person"]["names"][0]["givenName"] == "New"
    assert result[good["resourceName"]]["requestedResourceName"] == good["resourceName"]


def test_a_batch_delete_with_a_name_already_gone_deletes_none_unless_told_to_ignore_it(
    people: Api, workspace: Workspace
) -> None:
    names = [create(people, given)["resourceName"] for given in "AB"]
    request = people.people().batchDeleteContacts(body={"resourceNames": [*names, "people/c77"]})
    assert refusal(request)[0] == 404
    assert listing(people).execute()["totalItems"] == 2
    turn(workspace, batch_delete_missing="ignore")
    assert request.execute() == {}
    assert "totalItems" not in listing(people).execute()


def test_a_batch_does_what_it_can_where_each_is_refused_by_itself(people: Api, workspace: Workspace) -> None:
    turn(workspace, batch_refusal="each")
    calls = people.people()
    contacts = [{"contactPerson": one} for one in ({}, named("A"))]
    made = calls.batchCreateContacts(body={"contacts": contacts, "readMask": "names"}).execute()["createdPeople"]
    assert [(one["httpStatusCode"], one["status"].get("code", 0), "person" in one) for one in made] == [
        (400, 3, False), (200, 0, True),
    ]  # fmt: skip
    person = made[1]["person"]
    body = {
        "contacts": {person["resourceName"]: {**named("B"), "etag": "old"}},
        "updateMask": "names",
        "readMask": "names",
    }
    result = calls.batchUpdateContacts(body=body).execute()["updateResult"][person["resourceName"]]
    assert (result["httpStatusCode"], result["status"]["code"]) == (400, 9)


def test_a_stale_etag_is_called_exhaustion_where_told_so(people: Api, workspace: Workspace) -> None:
    name = create(people, "A")["resourceName"]
    turn(workspace, stale_etag="exhausted")
    body = {**named("B"), "etag": "old"}
    status, error = refusal(people.people().updateContact(resourceName=name, body=body, updatePersonFields="names"))
    assert (status, error["message"]) == (429, "Resource has been exhausted (e.g. check quota).")


def test_a_batch_over_its_size_or_without_any_is_refused(people: Api) -> None:
    calls = people.people()
    many = [{"contactPerson": named("A")}] * 201
    for request in (
        calls.batchCreateContacts(body={"contacts": many}),
        calls.batchCreateContacts(body={"contacts": []}),
        calls.batchUpdateContacts(body={"contacts": {f"people/c{n}": {} for n in range(201)}, "updateMask": "names"}),
        calls.batchDeleteContacts(body={"resourceNames": [f"people/c{n}" for n in range(501)]}),
        calls.getBatchGet(resourceNames=[f"people/c{n}" for n in range(201)], personFields="names"),
    ):
        assert refusal(request)[0] == 400


@pytest.mark.parametrize(
    ("person", "fits"),
    [
        ({"nicknames": [{"value": "x" * 1024}]}, True),
        ({"nicknames": [{"value": "x" * 1025}]}, False),
        ({"biographies": [{"value": "x" * 100_000}]}, True),
        ({"biographies": [{"value": "å" * 70_000}]}, False),
        ({"urls": [{"value": "x"}] * 500}, True),
        ({"urls": [{"value": "x"}] * 501}, False),
        ({"clientData": [{"key": "k", "value": "x" * 8192}]}, True),
    ],
)
def test_a_contact_has_at_most_1024_characters_a_field_500_fields_and_128_kb(
    people: Api, person: dict[str, Any], fits: bool
) -> None:
    request = people.people().createContact(body=person, personFields="names")
    if fits:
        assert request.execute()["resourceName"].startswith("people/c")
    else:
        assert refusal(request)[0] == 400


@pytest.mark.parametrize(("code", "status"), [(429, "RESOURCE_EXHAUSTED"), (400, "INVALID_ARGUMENT")])
def test_a_full_mailbox_takes_updates_and_no_more_contacts_and_the_trash_counts_for_30_days(
    people: Api, workspace: Workspace, code: int, status: str
) -> None:
    turn(workspace, contact_limit=2, overflow_http=code)
    kept, thrown = create(people), create(people)
    people.people().deleteContact(resourceName=thrown["resourceName"]).execute()
    http, error = refusal(people.people().createContact(body=named("C")))
    assert (http, error["status"]) == (code, status)
    assert "MY_CONTACTS_OVERFLOW_COUNT" in error["message"]
    update(people, kept, "names", **named("New")).execute()
    workspace.advance(31 * 86_400)
    assert create(people)["resourceName"]


def test_a_photo_replaces_the_monogram_and_goes_again(people: Api) -> None:
    made = create(people)
    name = made["resourceName"]
    assert made["photos"][0]["default"] is True
    body = {"photoBytes": PNG, "personFields": EVERYTHING}
    pictured = people.people().updateContactPhoto(resourceName=name, body=body).execute()["person"]
    assert "default" not in pictured["photos"][0]
    assert stamp(pictured) != stamp(made)
    bare = people.people().deleteContactPhoto(resourceName=name, personFields=EVERYTHING).execute()["person"]
    assert bare["photos"][0]["default"] is True
    assert people.people().updateContactPhoto(resourceName=name, body={"photoBytes": PNG}).execute() == {}
    wrong = {"photoBytes": base64.b64encode(b"no picture").decode()}
    assert refusal(people.people().updateContactPhoto(resourceName=name, body=wrong))[0] == 400
