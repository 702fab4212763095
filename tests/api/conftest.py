"""Programs that come in over HTTP: `program(app, house, …)` holds a token made as the command line makes one."""

from collections.abc import Collection
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from sharesync.model.audit import OPERATOR
from sharesync.services import grants, programs
from sharesync.services.who_may import tokens
from tests.web.conftest import ROLES, _patient, app, one_app, one_house, open_session, settings, shared, two_groups
from tests.worlds import House

__all__ = ["_patient", "app", "one_app", "one_house", "settings", "shared", "two_groups"]

ALL = ("contacts:write", "groups:write", "grants:write", "audit:read", "sync:run", "hooks:write")


class Calling(FlaskClient):
    """A program: each request brings its token."""

    token = ""
    get: Any
    post: Any
    put: Any
    patch: Any
    delete: Any

    def open(self, *args: Any, **more: Any) -> Any:
        headers = dict(more.pop("headers", None) or {})
        if self.token:
            headers.setdefault("Authorization", f"Bearer {self.token}")
        answer = super().open(*args, **more | {"headers": headers, "buffered": True})
        answer.request.environ["wsgi.input"].close()
        return answer


def calling(app: Flask, token: str = "") -> Calling:
    """A program with this token, or with none."""
    app.test_client_class = Calling
    client = app.test_client()
    assert isinstance(client, Calling)
    client.token = token
    return client


def make_token(
    house: House, owner: str, scopes: Collection[str] = ALL, groups: Collection[str] | None = None, days: int = 90
) -> tokens.NewToken:
    """A token for a user by first name, or for `service:NAME`."""
    named = owner if ":" in owner else house.address(owner)
    if owner in ROLES:
        open_session(house, owner)
    with house.world.work(OPERATOR) as work:
        return tokens.create(work, named, "test", scopes, groups=groups, days=days)


def make_service(house: House, name: str, **levels: str) -> str:
    """A service with these levels; returns how it is written."""
    from sharesync.model.access import Level

    with house.world.work(OPERATOR) as work:
        programs.create(work, name)
        for group, level in levels.items():
            grants.grant(work, group, f"service:{name}", Level.parse(level))
    return f"service:{name}"


@pytest.fixture
def crm(app: Flask, shared: House) -> Calling:
    """A service that may edit Customers, with every scope."""
    return calling(app, make_token(shared, make_service(shared, "crm", Customers="delete")).text)
