"""A Workspace of two with the page in front of it."""

from collections.abc import Callable
from random import Random

import pytest
from flask import Flask
from flask.testing import FlaskClient

from sharesync.sandbox.app import create_app
from sharesync.sandbox.hands import Hands
from sharesync.sandbox.wire import Json
from sharesync.sandbox.workspace import Workspace

BO = "bo@north.test"
HOME = f"/contacts/{BO}/"
DESCRIPTION = {
    "domain": "north.test",
    "users": [{"email": "anna@north.test", "name": "Anna Ågård", "admin": True}, {"email": BO, "name": "Bo Bøgh"}],
}


@pytest.fixture(scope="session")
def private_key() -> str:
    """Making an RSA key takes a while; one serves all."""
    return Workspace("north.test").authority.private_key


@pytest.fixture
def workspace(private_key: str) -> Workspace:
    return Workspace.from_description(DESCRIPTION, rng=Random(7), private_key=private_key)


@pytest.fixture
def bo(workspace: Workspace) -> Hands:
    return workspace.hands(BO)


@pytest.fixture
def app(workspace: Workspace) -> Flask:
    return create_app(workspace)


@pytest.fixture
def browser(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def make(bo: Hands) -> Callable[..., Json]:
    """A contact of Bo's by given name; as it stands."""

    def made(given: str, *labels: str, **fields: object) -> Json:
        name = bo.create({"names": [{"givenName": given}], **fields}, labels)
        return next(one for one in bo.contacts() if one["resourceName"] == name)

    return made


Make = Callable[..., Json]
