"""Requests and replies of the sandbox, free of any HTTP server, so that a simulator can run it in-process."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any
from urllib.parse import parse_qsl, urlsplit

Json = dict[str, Any]

_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))

# What Google's front end sends with every People answer (observed).
GOOGLE_HEADERS: tuple[tuple[str, str], ...] = (
    ("Server", "ESF"),
    ("Cache-Control", "private"),
    ("X-XSS-Protection", "0"),
    ("X-Frame-Options", "SAMEORIGIN"),
    ("X-Content-Type-Options", "nosniff"),
    ("Vary", "X-Origin, Referer, Origin,Accept-Encoding"),
)


class Drop(Enum):
    """What of the answer reaches a client whose connection is dropped."""

    NOTHING = "nothing"
    HALF = "half"


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request. `query` holds the decoded pairs in the order they came; header names are lower case."""

    verb: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @classmethod
    def of(cls, verb: str, target: str, headers: Mapping[str, str], body: bytes) -> Request:
        """A request as it came from the wire.

        A GET whose address would exceed 2,048 characters arrives as a POST with `x-http-method-override: GET` and the
        query as a form body; here it becomes the GET it stands for. `target` is the decoded path with the raw query.
        """
        small = {name.lower(): value for name, value in headers.items()}
        parts = urlsplit(target)
        override = small.get("x-http-method-override", "").upper()
        raw_query = parts.query
        if verb == "POST" and override:
            verb = override
            if override == "GET":
                raw_query = "&".join(part for part in (raw_query, body.decode("utf-8", "replace")) if part)
                body = b""
        return cls(verb, parts.path, tuple(parse_qsl(raw_query, keep_blank_values=True)), small, body)


@dataclass(frozen=True, slots=True)
class Reply:
    """One HTTP answer. `delay` (seconds) and `drop` are for the server in front to carry out."""

    status: int
    body: bytes
    headers: tuple[tuple[str, str], ...] = ()
    delay: float = 0.0
    drop: Drop | None = None


class Text(str):
    """A part of a reply that is JSON text already."""

    __slots__ = ()


def dumps(value: object) -> str:
    """Compact JSON text."""
    return _ENCODER.encode(value)


def encode(value: object) -> str:
    """JSON text of a reply, in which any part may be a Text."""
    if isinstance(value, Text):
        return value
    if isinstance(value, dict):
        return "{" + ",".join(f"{dumps(key)}:{encode(part)}" for key, part in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(encode, value)) + "]"
    return dumps(value)


def json_reply(
    status: int, body: Json | Text, headers: tuple[tuple[str, str], ...] = (), *, pretty: bool = False
) -> Reply:
    """A JSON answer with the headers Google sends."""
    text = encode(body)
    if pretty:
        text = json.dumps(json.loads(text), ensure_ascii=False, indent=2)
    kind = (("Content-Type", "application/json; charset=UTF-8"),)
    return Reply(status, text.encode(), kind + GOOGLE_HEADERS + headers)
