"""Problems: what went wrong, as programs read it (RFC 9457). One table from errors to statuses and types.

A type's address is an anchor of the page about the API, so it explains itself without the internet.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus

import msgspec
from flask import Response, request
from werkzeug.exceptions import HTTPException

from sharesync.errors import (
    InvalidCard,
    InvalidFilter,
    InvalidInput,
    NameTaken,
    NotAllowed,
    NotFound,
    Refused,
    StaleVersion,
    Suppressed,
)

MEDIA = "application/problem+json"
REALM = 'Bearer realm="sharesync"'

TYPES: Mapping[str, str] = {
    "bad-request": "The request cannot be read.",
    "unauthorized": "A living token is needed: `Authorization: Bearer ssp_…`.",
    "insufficient-scope": "The token lacks the scope that this takes.",
    "forbidden": "The owner of the token may not do this.",
    "not-found": "There is nothing here that the token may see.",
    "not-possible": "The address does not know this method; `Allow` names those that it knows.",
    "conflict": "As things stand this cannot be done; the detail says why.",
    "erased": "An address or number of a contact that was erased does not come back unasked.",
    "stale": "The contact has changed since it was read; `version` is the one of now.",
    "begin-anew": "Nobody knows any more where `since` stood, as after a restored backup: begin without it.",
    "too-large": "More was sent than is taken at once.",
    "media-type": "What was sent is not of a media type that is taken here.",
    "invalid": "Values are wrong; `errors` points at each of them.",
    "no-condition": "A change of a contact names the version that it is made over: `If-Match`.",
    "too-often": "The limit of this minute is used up; `Retry-After` says when to come back.",
    "broken": "Something broke on our side, and nothing was lost; `instance` is what to look for in the log.",
    "not-ready": "sharesync is not set up to answer.",
}
"""Every type of problem, with what it means."""

_BY_STATUS: Mapping[int, str] = {
    400: "bad-request",
    401: "unauthorized",
    403: "forbidden",
    404: "not-found",
    405: "not-possible",
    409: "conflict",
    410: "begin-anew",
    412: "stale",
    413: "too-large",
    415: "media-type",
    422: "invalid",
    428: "no-condition",
    429: "too-often",
    431: "too-large",
    500: "broken",
    503: "not-ready",
}


class BadValue(msgspec.Struct, frozen=True):
    """One value that is wrong, and why."""

    pointer: str
    """Where it stands: a JSON pointer in the body (`#/card/names/0`), or a parameter's name."""
    detail: str


@dataclass
class Problem(Exception):
    """A request that is answered with a problem."""

    status: int
    type: str
    detail: str = ""
    errors: Sequence[BadValue] = ()
    version: int | None = None
    """Of a contact that has changed meanwhile: the one of now."""
    instance: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """What HTTP calls its status."""
        return HTTPStatus(self.status).phrase

    def as_json(self) -> dict[str, object]:
        """Its members; what says nothing is left out."""
        told = {
            "type": f"/api/#{self.type}",
            "title": self.title,
            "status": self.status,
            "detail": self.detail or TYPES[self.type],
            "instance": self.instance,
            "version": self.version,
            "errors": list(self.errors),
        }
        return {name: value for name, value in told.items() if value not in ("", None, [])}

    def body(self) -> bytes:
        """Its JSON."""
        return msgspec.json.encode(self.as_json())

    def response(self) -> Response:
        """The answer."""
        return Response(self.body(), self.status, dict(self.headers), mimetype=MEDIA)


def of_status(status: int) -> Problem:
    """What is known of a request by its status alone."""
    return Problem(status, _BY_STATUS.get(status, "bad-request"))


def of_refusal(error: Refused) -> Problem:
    """What a use case refused."""
    said = str(error.sentence)
    match error:
        case NotFound():
            return Problem(404, "not-found", said)
        case NotAllowed():
            return Problem(403, "forbidden", said)
        case StaleVersion():
            return Problem(412, "stale", said, version=error.actual)
        case Suppressed():
            return Problem(409, "erased", said)
        case NameTaken():
            return Problem(409, "conflict", said)
        case InvalidCard():
            pointer = f"#/card/{error.field}" if error.field else "#/card"
            return Problem(422, "invalid", said, [BadValue(pointer, said)])
        case InvalidFilter():
            return Problem(422, "invalid", said, [BadValue("filter" if "filter" in request.args else "#/filter", said)])
        case InvalidInput():
            return Problem(422, "invalid", said)
        case _:
            return Problem(409, "conflict", said)


def of_http(error: HTTPException) -> Response:
    """What Flask or the gate refused."""
    status = error.code or 500
    ours = error.description is not None and error.description != type(error).description
    kind = _BY_STATUS.get(status, "bad-request")
    detail = str(error.description) if ours and status in (400, 403, 503) else ""
    answer = Problem(status, kind, detail).response()
    for name, value in error.get_headers():
        if name not in ("Content-Type", "Content-Length"):
            answer.headers[name] = value
    return answer
