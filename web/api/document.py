"""The document: the API as OpenAPI 3.1 describes it, made from what its views said when they were registered."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from importlib.metadata import version
from typing import Any

import msgspec
from msgspec import Struct

from sharesync.model.token import Scope
from web.api.answers import TAG
from web.api.once import HEADER
from web.api.registry import ApiOperation
from web.api.requests import JSON
from web.api.shapes import HeldShape
from web.frame.problems import MEDIA, BadValue

REF = "#/components/schemas/{name}"
_ARGUMENT = re.compile(r"<(?:(?P<kind>\w+):)?(?P<name>\w+)>")


_ARGUMENTS: dict[str | None, dict[str, Any]] = {
    None: {"type": "string", "minLength": 1},
    "int": {"type": "integer", "minimum": 1},
    "id": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
    "path": {"type": "string", "minLength": 1, "description": "A slash in it is sent as %2F."},
}
"""By the kind of argument in an address."""


_BYTES = {"type": "string", "format": "binary"}
"""OpenAPI 3.1 asks for no schema here; generators leave an operation out that has none."""


class ProblemShape(Struct, frozen=True, kw_only=True, rename={"kind": "type"}):
    """What went wrong (RFC 9457)."""

    kind: str
    title: str
    status: int
    detail: str
    instance: str | None = None
    version: int | None = None
    errors: list[BadValue] = []


def document(operations: Iterable[ApiOperation], root: str) -> dict[str, Any]:
    """The document of these operations, whose addresses stand under `root`."""
    listed = list(operations)
    paths: dict[str, dict[str, Any]] = {}
    for one in listed:
        paths.setdefault(_ARGUMENT.sub(r"{\g<name>}", one.rule), {})[one.method.lower()] = _operation(one)
    _, schemas = msgspec.json.schema_components(sorted(_shapes(listed), key=lambda one: one.__name__), ref_template=REF)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "sharesync",
            "version": version("sharesync"),
            "summary": "Contacts that a company shares, for its programs.",
            "description": "What a token's owner may do in sharesync, a program may by that token. `/api/` says more.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": root}],
        "security": [{"token": []}],
        "tags": [{"name": tag} for tag in dict.fromkeys(map(_tag, listed))],
        "paths": paths,
        "components": {
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "A token of a person or a service. Scopes: "
                    + ", ".join(scope.value for scope in Scope)
                    + ".",
                }
            },
            "schemas": schemas,
            "responses": {
                "Problem": {"description": "What went wrong.", "content": {MEDIA: {"schema": _ref(ProblemShape)}}}
            },
        },
    }


def _shapes(operations: Iterable[ApiOperation]) -> set[type[Struct]]:
    told = {shape for one in operations for shape in (one.gives, one.takes) if isinstance(shape, type)}
    return told | {ProblemShape, HeldShape}


def _ref(shape: type[Struct]) -> dict[str, str]:
    return {"$ref": REF.format(name=shape.__name__)}


def _tag(one: ApiOperation) -> str:
    return one.rule.split("/")[1]


def _operation(one: ApiOperation) -> dict[str, Any]:
    scope = one.needs.scope.value if one.needs.scope else ""
    told: dict[str, Any] = {
        "operationId": one.name,
        "summary": one.summary,
        "description": f"Scope: `{scope}`.",
        "tags": [_tag(one)],
        "parameters": list(_parameters(one)),
        "responses": {
            str(one.status): _success(one),
            **({"202": _held()} if one.holds else {}),
            **({"304": {"description": "As it was in the answer with this ETag."}} if one.repeated else {}),
            "default": {"$ref": "#/components/responses/Problem"},
        },
    }
    if isinstance(one.takes, str):
        told["requestBody"] = {
            "required": True,
            "content": {media: {"schema": _BYTES} for media in one.takes.split(", ")},
        }
    elif one.takes is not None:
        told["requestBody"] = {"required": True, "content": {one.media: {"schema": _ref(one.takes)}}}
    return told


def _success(one: ApiOperation) -> dict[str, Any]:
    told: dict[str, Any] = {"description": "Done." if one.method != "GET" else "Here it is."}
    if isinstance(one.gives, str):
        told["content"] = {media: {"schema": _BYTES} for media in one.gives.split(", ")}
    elif one.gives is not None:
        told["content"] = {JSON: {"schema": _ref(one.gives)}}
    return told


def _held() -> dict[str, Any]:
    return {"description": "So much at once that it waits.", "content": {JSON: {"schema": _ref(HeldShape)}}}


def _parameters(one: ApiOperation) -> Iterator[dict[str, Any]]:
    for found in _ARGUMENT.finditer(one.rule):
        yield {"name": found["name"], "in": "path", "required": True, "schema": _ARGUMENTS[found["kind"]]}
    if one.query is not None:
        (_,), parts = msgspec.json.schema_components([one.query], ref_template=REF)
        told = parts[one.query.__name__]
        for name, schema in told["properties"].items():
            text = {"description": schema.pop("description")} if "description" in schema else {}
            needed = {"required": True} if name in told["required"] else {}
            yield {"name": name, "in": "query", **needed, "schema": schema, **text}
    if one.once:
        yield {
            "name": HEADER,
            "in": "header",
            "description": "A key of the program's own: asked again with it within a day, the same is answered.",
            "schema": {"type": "string", "minLength": 1, "maxLength": 255},
        }
    if one.conditional:
        yield {
            "name": "If-Match",
            "in": "header",
            "required": True,
            "description": "The ETag of the version that the change is made over.",
            "schema": {"type": "string", "pattern": f"^{TAG}$"},
        }
    if one.repeated:
        yield {
            "name": "If-None-Match",
            "in": "header",
            "description": "ETags of answers that the program has; 304 where this one is among them.",
            "schema": {"type": "string"},
        }
