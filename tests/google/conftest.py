"""A Workspace on a port of this machine, and Google as sharesync sees it through real HTTP."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from sharesync.google.people import PeopleApi
from sharesync.google.workspace import Google
from sharesync.model.card import Card
from sharesync.sandbox.faults import Fault
from sharesync.sandbox.server import SandboxServer
from sharesync.sandbox.workspace import Workspace

DOMAIN = "north.test"
ADMIN = f"root@{DOMAIN}"
ANNA = f"anna@{DOMAIN}"
BO = f"bo@{DOMAIN}"
GONE = f"gone@{DOMAIN}"
NOBODY = f"nobody@{DOMAIN}"

DESCRIPTION = {
    "domain": DOMAIN,
    "org_units": ["/Sales", "/Sales/North"],
    "users": [
        {"email": ADMIN, "name": "Root", "admin": True},
        {"email": ANNA, "name": "Anna Ågård", "admin": True},
        {"email": BO, "name": "Bo Bøgh", "ou": "/Sales/North", "aliases": [f"bob@{DOMAIN}"]},
        {"email": GONE, "name": "Gone Gran", "suspended": True},
    ],
    "groups": [
        {"email": f"everyone@{DOMAIN}", "name": "Everyone", "members": ["*"]},
        {"email": f"sales@{DOMAIN}", "name": "Sales", "members": [BO, f"everyone@{DOMAIN}", "guest@elsewhere.test"]},
    ],
}


class Time:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC)
        self.slept: list[float] = []

    def __call__(self) -> datetime:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += timedelta(seconds=seconds)


@pytest.fixture(scope="session")
def private_key() -> str:
    """One key serves all tests; a short one, because reading a long one takes longer than most tests."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=1024)
    form = serialization.PrivateFormat.PKCS8
    return key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()).decode()


@pytest.fixture
def workspace(private_key: str) -> Workspace:
    return Workspace.from_description(DESCRIPTION, rng=Random(7), private_key=private_key)


@pytest.fixture
def server(workspace: Workspace) -> Iterator[SandboxServer]:
    with SandboxServer(workspace) as running:
        yield running


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def key_file(server: SandboxServer, workspace: Workspace, tmp_path: Path) -> Path:
    path = tmp_path / "key.json"
    path.write_text(json.dumps(workspace.service_account_key(server.token_uri)))
    return path


@pytest.fixture
def google(server: SandboxServer, key_file: Path, time: Time) -> Google:
    return Google(
        key_file=key_file,
        admin=ADMIN,
        people_endpoint=server.url,
        directory_endpoint=server.url,
        clock=time,
        sleep=time.sleep,
        random=lambda: 0.0,
    )


@pytest.fixture
def anna(workspace: Workspace) -> str:
    """Anna's user id."""
    return workspace.user(ANNA).id


@pytest.fixture
def people(google: Google, anna: str) -> Iterator[PeopleApi]:
    """Anna's mailbox, for a pass that may wait ten minutes of a clock that costs none."""
    with google.people(anna, patience=600) as mailbox:
        yield mailbox


@pytest.fixture
def fault(workspace: Workspace) -> Callable[..., None]:
    """Orders a fault of the sandbox."""

    def order(**fields: Any) -> None:
        workspace.faults.add(Fault.of(fields))

    return order


def card(number: int = 1, **fields: Any) -> Card:
    """A card of a person who is nobody."""
    plain = {
        "names": [{"givenName": f"Given{number}", "familyName": "Family"}],
        "emailAddresses": [{"value": f"given{number}@family.test", "type": "work"}],
    }
    return Card.parse(plain | fields)
