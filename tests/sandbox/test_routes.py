"""Every route the service could use is offered, and each of its answers is what Google has published.

The connection of these tests holds every answer against the discovery document's schema (see conftest).
"""

import json
from collections.abc import Callable
from typing import Any

from sharesync.sandbox import discovery
from sharesync.sandbox.front import _OPERATIONS
from sharesync.sandbox.transport import InProcessHttp
from sharesync.sandbox.workspace import Workspace
from tests.sandbox.conftest import ANN, BEN, DIRECTORY, DOMAIN, EVERYTHING, Api, CheckedHttp, create, listing, member
from tests.sandbox.test_contacts import PNG

DIRECTORY_ROUTES = {
    f"directory.{name}"
    for name in (
        "users.list", "users.get", "groups.list", "groups.get", "members.list", "members.get", "members.hasMember",
        "orgunits.list", "orgunits.get",
    )
}  # fmt: skip
FULL: dict[str, list[dict[str, Any]]] = {
    "names": [{"givenName": "Åse", "familyName": "Ør", "phoneticGivenName": "Ose"}],
    "nicknames": [{"value": "Ås", "type": "DEFAULT"}],
    "emailAddresses": [{"value": "a@x.test", "type": "work", "displayName": "Å"}],
    "phoneNumbers": [{"value": "+45 33 12 34 56", "type": "mobile"}],
    "addresses": [{"streetAddress": "Nygade 1", "city": "Byen", "country": "Denmark", "type": "home"}],
    "organizations": [{"name": "Firm", "title": "Head", "current": True, "startDate": {"year": 2020}}],
    "occupations": [{"value": "Smith"}],
    "birthdays": [{"date": {"year": 1980, "month": 5, "day": 1}, "text": "1 May"}],
    "events": [{"date": {"month": 6, "day": 2}, "type": "anniversary"}],
    "urls": [{"value": "x.test", "type": "blog"}],
    "relations": [{"person": "Bo", "type": "spouse"}],
    "imClients": [{"username": "a", "protocol": "googleTalk", "type": "home"}],
    "sipAddresses": [{"value": "sip:a@x.test", "type": "work"}],
    "calendarUrls": [{"url": "http://x.test/c", "type": "home"}],
    "biographies": [{"value": "Line\nline"}],
    "userDefined": [{"key": "Badge", "value": "7"}],
    "externalIds": [{"value": "7", "type": "account"}],
    "genders": [{"value": "female"}],
    "interests": [{"value": "Bees"}],
    "locales": [{"value": "da"}],
    "locations": [{"value": "Desk", "type": "desk", "current": True}],
    "miscKeywords": [{"value": "x", "type": "HOME"}],
    "clientData": [{"key": "k", "value": "v"}],
}


def test_every_route_answers_in_the_published_shape(api: Callable[..., Api], connection: CheckedHttp) -> None:
    people, directory = api("people", ANN), api("admin", ANN, DIRECTORY)
    groups, calls = people.contactGroups(), people.people()
    label = groups.create(body={"contactGroup": {"name": "L", "clientData": [{"key": "k", "value": "v"}]}}).execute()
    name = label["resourceName"]
    body = {"contactGroup": {"etag": label["etag"], "name": "M"}}
    groups.update(resourceName=name, body=body).execute()
    person = create(people, memberships=[member(name)])
    calls.createContact(body=FULL).execute()
    other = create(people)["resourceName"]
    groups.members().modify(resourceName=name, body={"resourceNamesToAdd": [other, "people/c77"]}).execute()
    groups.list(groupFields="clientData,groupType,memberCount,metadata,name").execute()
    groups.get(resourceName=name, maxMembers=5).execute()
    groups.batchGet(resourceNames=[name, "contactGroups/none"]).execute()
    listing(people).execute()
    calls.get(resourceName="people/me", personFields="names").execute()
    calls.get(resourceName=other, personFields=EVERYTHING).execute()
    calls.getBatchGet(resourceNames=[other, "people/c77"], personFields=EVERYTHING).execute()
    calls.searchContacts(query="ida", readMask="names").execute()
    update = {"etag": person["etag"], "names": [{"givenName": "New"}]}
    changed = calls.updateContact(
        resourceName=person["resourceName"], updatePersonFields="names", body=update
    ).execute()  # fmt: skip
    batch = {"contacts": {person["resourceName"]: {"etag": changed["etag"], **FULL}}, "updateMask": "names,urls"}
    calls.batchUpdateContacts(body={**batch, "readMask": EVERYTHING}).execute()
    calls.batchCreateContacts(body={"contacts": [{"contactPerson": FULL}], "readMask": EVERYTHING}).execute()
    photo = {"photoBytes": PNG, "personFields": "photos"}
    calls.updateContactPhoto(resourceName=other, body=photo).execute()
    calls.deleteContactPhoto(resourceName=other, personFields="photos").execute()
    calls.deleteContact(resourceName=other).execute()
    calls.batchDeleteContacts(body={"resourceNames": [person["resourceName"]]}).execute()
    groups.delete(resourceName=name).execute()
    listing(people).execute()
    directory.users().list(customer="my_customer").execute()
    directory.users().get(userKey=BEN).execute()
    directory.groups().list(customer="my_customer").execute()
    directory.groups().get(groupKey=f"all@{DOMAIN}").execute()
    directory.members().list(groupKey=f"all@{DOMAIN}").execute()
    directory.members().get(groupKey=f"inner@{DOMAIN}", memberKey=BEN).execute()
    directory.members().hasMember(groupKey=f"all@{DOMAIN}", memberKey=BEN).execute()
    directory.orgunits().list(customerId="my_customer").execute()
    directory.orgunits().get(customerId="my_customer", orgUnitPath="Sales").execute()
    assert connection.seen == set(_OPERATIONS) | DIRECTORY_ROUTES


def test_every_writable_field_comes_back_as_it_was_sent(people: Api) -> None:
    mask = ",".join(FULL)
    person = people.people().createContact(body=FULL, personFields=mask).execute()
    for field, items in FULL.items():
        for sent, shown in zip(items, person[field], strict=True):
            dropped = {"type": "DEFAULT"} if field == "nicknames" else {}
            assert {**dropped, **shown}.items() >= {k: v for k, v in sent.items() if not isinstance(v, dict)}.items()


def test_the_check_finds_what_is_not_published() -> None:
    _, wrong = discovery.people().check("Person", {"names": [{"given": "A"}], "etag": 5})
    assert [at for at, _ in wrong] == ["names[0]", "etag"]


def test_a_published_method_the_sandbox_does_not_offer_says_so(workspace: Workspace) -> None:
    scope = "https://www.googleapis.com/auth/contacts.other.readonly"
    http = InProcessHttp(workspace, ANN, (scope,))
    response, content = http.request("https://people.googleapis.com/v1/otherContacts?readMask=names")
    assert (response.status, json.loads(content)["error"]["status"]) == (501, "UNIMPLEMENTED")
