"""A Workspace on a port of this machine, spoken to by the real Google client with real service-account credentials.

Every answer of 200 is held against the published schema of its method, in whatever test it is given.
"""

import json
from collections.abc import Callable, Iterator
from random import Random
from typing import Any
from urllib.parse import unquote, urlsplit

import google_auth_httplib2
import httplib2
import pytest
import requests
from google.auth import crypt
from google.oauth2 import service_account
from googleapiclient.discovery import build
from googleapiclient.errors import HttpError

from sharesync.sandbox.discovery import find
from sharesync.sandbox.server import SandboxServer
from sharesync.sandbox.settings import Settings
from sharesync.sandbox.workspace import Workspace

DOMAIN = "south.test"
ANN, BEN, SUE, OFF = (f"{name}@{DOMAIN}" for name in ("ann", "ben", "sue", "off"))
DESCRIPTION = {
    "domain": DOMAIN,
    "org_units": ["/Sales/North", "/Salesmen"],
    "users": [
        {"email": ANN, "name": "Ann Ash", "admin": True, "aliases": [f"annie@{DOMAIN}"]},
        {"email": BEN, "name": "Ben Birch", "ou": "/Sales/North"},
        {"email": SUE, "name": "Sue Spruce", "ou": "/Salesmen", "suspended": True},
        {"email": OFF, "name": "Off Oak", "contacts_on": False},
    ],
    "groups": [
        {"email": f"all@{DOMAIN}", "name": "All", "members": ["*"]},
        {"email": f"inner@{DOMAIN}", "name": "Inner", "members": [BEN]},
        {"email": f"outer@{DOMAIN}", "name": "Outer", "members": [f"inner@{DOMAIN}", "guest@elsewhere.test"]},
    ],
}
CONTACTS = "https://www.googleapis.com/auth/contacts"
DIRECTORY = [
    f"https://www.googleapis.com/auth/admin.directory.{name}.readonly"
    for name in ("user", "group", "group.member", "orgunit")
]
EVERYTHING = "names,emailAddresses,phoneNumbers,memberships,metadata,clientData,addresses,photos,biographies"
Api = Any  # googleapiclient makes its methods at run time


class CheckedHttp(httplib2.Http):
    """A connection that reports every 200 which breaks the published schema."""

    def __init__(self) -> None:
        super().__init__()
        self.broken: list[str] = []
        self.seen: set[str] = set()

    def request(self, uri: str, method: str = "GET", *args: Any, **more: Any) -> Any:
        response, content = super().request(uri, method, *args, **more)
        verb = {k.lower(): v for k, v in (more.get("headers") or {}).items()}.get("x-http-method-override", method)
        found = find(verb, unquote(urlsplit(uri).path))
        if found and response.status == 200:
            self.seen.add(found[0].id)
            _, wrong = found[0].document.check(found[0].response, json.loads(content))
            self.broken += [f"{found[0].id}: {text}" for _, text in wrong]
        return response, content


@pytest.fixture(scope="session")
def private_key() -> str:
    """Making an RSA key takes a while; one serves all tests."""
    return Workspace(DOMAIN).authority.private_key


@pytest.fixture(scope="session")
def signer(private_key: str) -> crypt.RSASigner:
    """Reading one takes a while, too."""
    made: crypt.RSASigner = crypt.RSASigner.from_string(private_key)
    return made


@pytest.fixture
def workspace(private_key: str) -> Workspace:
    return Workspace.from_description(DESCRIPTION, rng=Random(1), private_key=private_key)


@pytest.fixture
def server(workspace: Workspace) -> Iterator[SandboxServer]:
    with SandboxServer(workspace) as running:
        yield running


@pytest.fixture
def connection() -> Iterator[CheckedHttp]:
    http = CheckedHttp()
    yield http
    http.close()
    assert http.broken == []


@pytest.fixture
def api(server: SandboxServer, connection: CheckedHttp, signer: crypt.RSASigner) -> Callable[..., Api]:
    """The Google client for one user: `api("people", ANN)`, `api("admin", ANN, DIRECTORY)`."""

    def make(name: str, user: str, scopes: list[str] | None = None) -> Api:
        credentials = service_account.Credentials(
            signer, server.workspace.authority.client_email, server.token_uri, scopes or [CONTACTS], subject=user
        )
        http = google_auth_httplib2.AuthorizedHttp(credentials, http=connection)
        version = "v1" if name == "people" else "directory_v1"
        return build(name, version, http=http, client_options={"api_endpoint": server.url}, static_discovery=True)

    return make


@pytest.fixture
def people(api: Callable[..., Api]) -> Api:
    """The People API as Ann."""
    return api("people", ANN)


@pytest.fixture
def directory(api: Callable[..., Api]) -> Api:
    """The Directory API as Ann, who is an administrator."""
    return api("admin", ANN, DIRECTORY)


@pytest.fixture
def raw(server: SandboxServer) -> Iterator[Callable[..., requests.Response]]:
    """Requests as no client library would send them, as Ann: `raw("GET", "/v1/contactGroups", params=…)`."""
    with requests.Session() as session:
        token = server.workspace.access_token(ANN)

        def send(verb: str, path: str, **more: Any) -> requests.Response:
            headers = {"Authorization": f"Bearer {token}", **more.pop("headers", {})}
            return session.request(verb, server.url + path, headers=headers, timeout=10, **more)

        yield send


def turn(workspace: Workspace, **settings: Any) -> None:
    workspace.settings = Settings().changed(settings)


def refusal(request: Api) -> tuple[int, dict[str, Any]]:
    """The HTTP status and error body a request is refused with."""
    with pytest.raises(HttpError) as caught:
        request.execute()
    body: dict[str, Any] = json.loads(caught.value.content)["error"]
    return caught.value.status_code, body


def named(given: str, family: str = "Fir", **more: Any) -> dict[str, Any]:
    return {"names": [{"givenName": given, "familyName": family}], **more}


def create(people: Api, given: str = "Ida", **more: Any) -> dict[str, Any]:
    made: dict[str, Any] = people.people().createContact(body=named(given, **more), personFields=EVERYTHING).execute()
    return made


def listing(people: Api, **more: Any) -> Api:
    known = {"personFields": EVERYTHING, "requestSyncToken": True, "sources": "READ_SOURCE_TYPE_CONTACT"}
    return people.people().connections().list(resourceName="people/me", **{**known, **more})


def member(label: str) -> dict[str, Any]:
    return {"contactGroupMembership": {"contactGroupResourceName": label}}


def labels_of(person: dict[str, Any]) -> list[str]:
    return [one["contactGroupMembership"]["contactGroupId"] for one in person["memberships"]]
