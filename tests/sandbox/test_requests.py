"""Requests are refused where the published documents do not allow them, in the words of Google's front end."""

from collections.abc import Callable
from typing import Any

import pytest
import requests

from tests.sandbox.conftest import Api, create, named, refusal

Raw = Callable[..., requests.Response]
CREATE = "/v1/people:createContact"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (
            {"addresses": [{"formatted": "x"}]},
            "Unknown name \"formatted\" at 'person.addresses[0]': Cannot find field.",
        ),
        ({"nickname": "x"}, "Unknown name \"nickname\" at 'person': Cannot find field."),
        ({"names": [{"givenName": 5}]}, "Invalid value at 'person.names[0].given_name' (TYPE_STRING), 5"),
        ({"names": {"givenName": "A"}}, "Invalid value at 'person.names' (TYPE_LIST)"),
        ({"nicknames": [{"value": "A", "type": "PET"}]}, "Invalid value at 'person.nicknames[0].type' (TYPE_ENUM)"),
        ({"birthdays": [{"date": {"year": "soon"}}]}, "'person.birthdays[0].date.year' (TYPE_INT32)"),
        ({"organizations": [{"current": "yes"}]}, "'person.organizations[0].current' (TYPE_BOOL)"),
    ],
)
def test_a_body_with_a_wrong_name_or_type_is_refused_with_its_path(raw: Raw, body: dict[str, Any], words: str) -> None:
    answer = raw("POST", CREATE, json={**named("Ida"), **body} if "names" not in body else body)
    error = answer.json()["error"]
    assert (answer.status_code, error["status"]) == (400, "INVALID_ARGUMENT")
    assert words in error["message"]
    violation = error["details"][0]["fieldViolations"][0]
    assert error["details"][0]["@type"] == "type.googleapis.com/google.rpc.BadRequest"
    assert violation["field"].startswith("person")
    assert violation["description"] in error["message"]


def test_all_violations_of_a_body_are_told_at_once(raw: Raw) -> None:
    answer = raw("POST", CREATE, json={"one": 1, "two": 2})
    assert len(answer.json()["error"]["details"][0]["fieldViolations"]) == 2


def test_a_batch_names_the_entry_that_is_wrong(raw: Raw) -> None:
    body = {"contacts": [{"contactPerson": named("A")}, {"contactPerson": {"urls": [{"link": "x"}]}}]}
    message = raw("POST", "/v1/people:batchCreateContacts", json=body).json()["error"]["message"]
    assert "Unknown name \"link\" at 'contacts[1].contact_person.urls[0]': Cannot find field." in message


def test_a_body_that_is_no_json_is_refused(raw: Raw) -> None:
    answer = raw("POST", CREATE, data=b"{names", headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["error"]["status"]) == (400, "INVALID_ARGUMENT")


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"personField": "names"}, 'Unknown name "personField": Cannot bind query parameter.'),
        ({"personFields": "names", "pageSize": "many"}, "Invalid value at 'page_size' (TYPE_INT32), \"many\""),
        ({"personFields": "names", "requestSyncToken": "maybe"}, "Invalid value at 'request_sync_token' (TYPE_BOOL)"),
        ({"personFields": "names", "sources": "CONTACT"}, "Invalid value at 'sources' (TYPE_ENUM)"),
        ({"personFields": "email_addresses"}, "(type.googleapis.com/google.protobuf.FieldMask)"),
        ({"personFields": "names,emails"}, 'Invalid personFields mask path: "emails".'),
        ({}, "personFields mask is required."),
    ],
)
def test_a_query_that_does_not_fit_is_refused(raw: Raw, query: dict[str, str], words: str) -> None:
    answer = raw("GET", "/v1/people/me/connections", params=query)
    assert answer.status_code == 400
    assert words in answer.json()["error"]["message"]


def test_parameters_every_method_takes_are_accepted(raw: Raw) -> None:
    query = {"alt": "json", "prettyPrint": "true", "quotaUser": "a", "key": "k", "$.xgafv": "2"}
    answer = raw("GET", "/v1/contactGroups", params=query)
    assert answer.status_code == 200
    assert answer.text.startswith("{\n  ")


def test_known_read_only_parts_of_a_body_are_ignored(people: Api) -> None:
    made = create(people)
    body = {
        "resourceName": "",
        "etag": "",
        "metadata": {},
        "names": [{"givenName": "Åse", "displayName": "Somebody Else", "metadata": {"primary": True}}],
        "phoneNumbers": [{"value": "33 12 34 56", "canonicalForm": "+1", "formattedType": "Nonsense"}],
    }
    person = people.people().createContact(body=body, personFields="names,phoneNumbers").execute()
    assert person["resourceName"] != made["resourceName"]
    assert person["names"][0]["displayName"] == "Åse"
    assert person["phoneNumbers"][0]["canonicalForm"] == "+4533123456"
    assert "formattedType" not in person["phoneNumbers"][0]


def test_an_address_google_does_not_know_is_a_html_page(raw: Raw) -> None:
    answer = raw("GET", "/v1/people/me/friends")
    assert answer.status_code == 404
    assert answer.headers["Content-Type"].startswith("text/html")


def test_a_get_too_long_for_an_address_arrives_as_a_post_and_is_answered(people: Api) -> None:
    names = [create(people, f"G{number}")["resourceName"] for number in range(3)]
    asked = names + [f"people/c{number}" for number in range(10**17, 10**17 + 120)]
    answer = people.people().getBatchGet(resourceNames=asked, personFields="names").execute()
    assert [one["requestedResourceName"] for one in answer["responses"]] == asked
    assert [one["httpStatusCode"] for one in answer["responses"]] == [200] * 3 + [404] * 120


def test_photos_cannot_be_in_an_update_mask(people: Api) -> None:
    made = create(people)
    request = people.people().updateContact(
        resourceName=made["resourceName"], updatePersonFields="photos", body={"etag": made["etag"]}
    )
    status, error = refusal(request)
    assert status == 400
    assert error["message"].startswith('Invalid updatePersonFields mask path: "photos".')


def test_answers_carry_googles_headers_and_keep_the_connection(raw: Raw) -> None:
    answer = raw("GET", "/v1/contactGroups")
    assert answer.headers["Content-Type"] == "application/json; charset=UTF-8"
    assert answer.headers["Server"] == "ESF"
    assert answer.headers.get("Connection", "keep-alive") == "keep-alive"
    assert answer.raw.version == 11


def test_errors_carry_an_errors_list_only_when_the_setting_says_so(raw: Raw) -> None:
    assert "errors" not in raw("GET", "/v1/people/c1", params={"personFields": "names"}).json()["error"]
    raw("PATCH", "/_sandbox/settings", json={"errors_list": True})
    error = raw("GET", "/v1/people/c1", params={"personFields": "names"}).json()["error"]
    assert error["errors"][0]["reason"] == "notFound"
