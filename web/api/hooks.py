"""Endpoints for programs: a program has itself told of what happens, as its owner may see it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from sharesync.model.endpoint import EndpointKind
from sharesync.model.token import Scope
from sharesync.services.telling import endpoints as cases
from sharesync.services.telling.outcomes import Fate
from sharesync.store.database.work import Operation, Work
from sharesync.store.queries import endpoints as kept
from sharesync.store.queries.endpoints import Backlog, Endpoint
from web.api.answers import Answer
from web.api.registry import Api
from web.frame.live import reading, the_world
from web.frame.needs import ENTER
from web.frame.person import asker

api = Api("api_hooks", __name__, url_prefix="/api/v1")

WRITE = Scope.HOOKS_WRITE
WordList = Annotated[list[Annotated[str, Meta(min_length=1, max_length=200)]], Meta(min_length=1, max_length=100)]


class EndpointShape(Struct, frozen=True, kw_only=True):
    """Somebody who is told. Of an address of the web only the host is told again."""

    id: str
    kind: Literal["mail", "chat", "webhook"]
    target: str
    events: list[str]
    groups: list[str] | None
    state: Literal["on", "off"]
    behind: int
    error: str | None
    created: datetime


class EndpointList(Struct, frozen=True):
    """The endpoints of the token's owner."""

    items: list[EndpointShape]
    next_cursor: None = None


class NewEndpointShape(Struct, frozen=True, forbid_unknown_fields=True):
    """Who is to be told. `events`: names such as `contact.created`, or a noun such as `contact`; without: all."""

    kind: Literal["chat", "webhook"]
    target: Annotated[str, Meta(min_length=1, max_length=2000)]
    events: WordList | None = None
    groups: WordList | None = None


class MadeEndpointShape(Struct, frozen=True):
    """What was made. The secret of a webhook is told this once: it signs each message (Standard Webhooks 1.0.0)."""

    id: str
    secret: str | None


class ReplayShape(Struct, frozen=True, forbid_unknown_fields=True):
    """From which event on it is told again: its `seq`."""

    since: Annotated[int, Meta(ge=0, le=2**53)]


class TriedShape(Struct, frozen=True):
    """What came of a test."""

    taken: bool
    status: int | None
    error: str | None


@api.get("/endpoints", needs=ENTER, scope=WRITE, gives=EndpointList)
def list_endpoints() -> Answer:
    """The endpoints of the token's owner, and how far each is behind."""
    program = asker()
    with reading() as session:
        found = kept.listed(session, cases.owner_of(session, program.by))
        behind = kept.backlogs(session, found)
    return Answer(EndpointList([_shape(one, behind[one.id]) for one in found]))


@api.post(
    "/endpoints", needs=ENTER, scope=WRITE, takes=NewEndpointShape, gives=MadeEndpointShape, status=201
)  # fmt: skip
def create_endpoint(work: Work, body: NewEndpointShape) -> Answer:
    """Have a program or a chat room told of what happens from now on."""
    made = cases.create(work, EndpointKind(body.kind), body.target, events=body.events, groups=body.groups)
    return Answer(MadeEndpointShape(made.id, made.secret), 201)


@api.post("/endpoints/<id:endpoint>/test", needs=ENTER, scope=WRITE, gives=TriedShape, pieces=True)
def test_endpoint(operation: Operation, endpoint: str) -> Answer:
    """Send a test at once, and say what came of it."""
    outcome = cases.test(operation, the_world().outside, endpoint)
    return Answer(TriedShape(outcome.fate is Fate.TAKEN, outcome.status, outcome.trouble or None))


@api.post("/endpoints/<id:endpoint>/rotate", needs=ENTER, scope=WRITE, gives=MadeEndpointShape)
def rotate_endpoint(work: Work, endpoint: str) -> Answer:
    """Give a webhook a new secret; the former one signs beside it for a day."""
    made = cases.rotate(work, endpoint)
    return Answer(MadeEndpointShape(made.id, made.secret))


@api.post("/endpoints/<id:endpoint>/replay", needs=ENTER, scope=WRITE, takes=ReplayShape, gives=None, status=202)
def replay_endpoint(work: Work, endpoint: str, body: ReplayShape) -> Answer:
    """Tell it again of what happened from one event on, each under the id that it had before."""
    cases.replay(work, endpoint, body.since)
    return Answer(status=202)


@api.delete("/endpoints/<id:endpoint>", needs=ENTER, scope=WRITE, gives=None, status=204)
def remove_endpoint(work: Work, endpoint: str) -> Answer:
    """Tell it nothing more."""
    cases.remove(work, endpoint)
    return Answer(status=204)


def _shape(endpoint: Endpoint, behind: Backlog) -> EndpointShape:
    return EndpointShape(
        id=endpoint.id,
        kind=endpoint.kind.value,
        target=cases.shown_target(endpoint),
        events=list(endpoint.names),
        groups=None if endpoint.groups is None else list(endpoint.groups),
        state=endpoint.state.value,
        behind=behind.waiting,
        error=endpoint.trouble or None,
        created=endpoint.created_at,
    )
