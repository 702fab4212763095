"""Answers: what a view gives back, its version as an ETag, and the cursor of the next page."""

from __future__ import annotations

import hashlib
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import msgspec
from flask import Response, request, stream_with_context

from web.frame.problems import BadValue, Problem

JSON = "application/json"
TAG = r'(?:W/)?"([1-9][0-9]{0,8})(?:\.[0-9a-f]{12})?"'
"""An ETag of a contact: its version, and after a point what else was told of it."""
_TAG = re.compile(TAG)


@dataclass(frozen=True, slots=True)
class Answer:
    """What is sent back: a shape, bytes, or an iterator of them that are sent as they come; a status; more headers."""

    body: Any = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    version: int | None = None
    """Of the contact that is told of."""

    def to_a_question(self) -> Response:
        """The same for a program that may have this answer already: 304 then, and no body."""
        if not isinstance(self.body, msgspec.Struct):
            return self.response()
        body = _as_json(self.body)
        tag = hashlib.blake2b(body, digest_size=6).hexdigest()
        # A version says nothing of groups, rights, the photo, the trash; only the whole answer can stay as it was.
        tag = tag if self.version is None else f"{self.version}.{tag}"
        headers = {**self.headers, "ETag": f'"{tag}"'}
        if request.if_none_match.contains_weak(tag):
            return Response(status=304, headers=headers)
        return Response(body, self.status, headers, mimetype=JSON)

    def response(self) -> Response:
        """The same as HTTP."""
        if self.body is None:
            return Response(status=self.status, headers=dict(self.headers))
        if isinstance(self.body, Iterator):
            return Response(stream_with_context(self.body), self.status, dict(self.headers))
        if isinstance(self.body, bytes):
            return Response(self.body, self.status, dict(self.headers))
        return Response(_as_json(self.body), self.status, dict(self.headers), mimetype=JSON)


def _plain(value: object) -> str:
    """A sentence is a text that knows how it was put together, and JSON knows texts alone."""
    if isinstance(value, str):
        return str(value)
    raise NotImplementedError  # as msgspec asks of a hook that cannot


_as_json = msgspec.json.Encoder(enc_hook=_plain).encode


def etag(version: int) -> dict[str, str]:
    """The header that tells a contact's version."""
    return {"ETag": f'"{version}"'}


def asked_version() -> int:
    """The version that a change is made over, by If-Match. Raises Problem where none is said.

    A proxy that compresses makes a weak tag of a strong one, so the two count alike: a version is a version.
    """
    told = request.headers.get("If-Match")
    if told is None or told.strip() == "*":
        raise Problem(428, "no-condition")
    tag = _TAG.fullmatch(told.strip())
    if tag is None:
        raise Problem(400, "bad-request", errors=[BadValue("If-Match", "This is not the ETag of a contact.")])
    return int(tag[1])


def cursor_of(last: str) -> str:
    """The cursor of the page after this contact: it holds for this very question alone."""
    return urlsafe_b64encode(f"{_question()}.{last}".encode()).decode().rstrip("=")


def after(cursor: str) -> str:
    """The contact before the page of this cursor. Raises Problem for one that was not made for this question."""
    try:
        question, _, last = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode().partition(".")
    except ValueError:
        question, last = "", ""
    if question != _question() or not last:
        raise Problem(422, "invalid", errors=[BadValue("cursor", "This cursor belongs to another question.")])
    return last


def _question() -> str:
    asked = sorted((name, value) for name, value in request.args.items() if name not in ("cursor", "limit"))
    return hashlib.blake2b(urlencode([("", request.path), *asked]).encode(), digest_size=6).hexdigest()


def next_link(cursor: str | None) -> dict[str, str]:
    """The header that leads to the next page (RFC 8288)."""
    if cursor is None:
        return {}
    asked = [(name, value) for name, value in request.args.items() if name != "cursor"]
    return {"Link": f'<{request.path}?{urlencode([*asked, ("cursor", cursor)])}>; rel="next"'}
