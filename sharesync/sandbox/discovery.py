"""The published discovery documents: which methods exist, which parameters and JSON names they take.

They come with the Google client library, so the sandbox refuses exactly what Google has never published. The same
check serves both directions: requests are refused with its findings, and the tests hold the answers against it.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from sharesync.sandbox.errors import bad_request
from sharesync.sandbox.wire import Json

_TYPES = {"string": "STRING", "boolean": "BOOL", "integer": "INT32", "number": "DOUBLE"}
DOCUMENTS = ("people.v1", "admin.directory_v1")
_MASK = re.compile(r"[A-Za-z0-9.*,() ]*")  # a JSON field mask is lowerCamelCase; an underscore is refused

Violations = list[tuple[str, str]]  # (field, description)


@dataclass(frozen=True, slots=True)
class Method:
    """One published method. `id` is the discovery document's, e.g. `people.people.connections.list`."""

    id: str
    verb: str
    pattern: re.Pattern[str]
    parameters: Mapping[str, Json]
    request: str | None
    response: str
    scopes: frozenset[str]
    document: Document

    @property
    def is_people(self) -> bool:
        return self.id.startswith("people.")


@dataclass(frozen=True, slots=True, eq=False)
class Document:
    """One API: its schemas, the parameters every method takes, and its methods."""

    schemas: Mapping[str, Json]
    common: Mapping[str, Json]
    methods: dict[str, Method]

    def check(self, schema: str, value: object, at: str = "") -> tuple[Any, Violations]:
        """`value` as the API understands it (nulls gone, numbers as numbers) and what is wrong with it."""
        found: Violations = []
        return _read(self, {"$ref": schema}, value, at, found), found


@cache
def document(name: str) -> Document:
    """The document shipped under that name."""
    text = resources.files("googleapiclient").joinpath(f"discovery_cache/documents/{name}.json").read_text("utf-8")
    raw = json.loads(text)
    made = Document(raw["schemas"], raw["parameters"], {})
    _collect(raw["resources"], made)
    return made


def people() -> Document:
    """The People API's document."""
    return document("people.v1")


def find(verb: str, path: str) -> tuple[Method, dict[str, str]] | None:
    """The method that answers `verb` on `path` (without query), with the parameters in the path."""
    for name in DOCUMENTS:
        for method in document(name).methods.values():
            if method.verb == verb and (hit := method.pattern.fullmatch(path)):
                return method, hit.groupdict()
    return None


def read_query(method: Method, query: tuple[tuple[str, str], ...]) -> Json:
    """The query's values in their types; repeated parameters are lists. Raises ApiError where Google would refuse."""
    values: Json = {}
    found: Violations = []
    for name, text in query:
        spec = method.parameters.get(name)
        if spec is None or spec.get("location") != "query":
            if name not in method.document.common:
                told = f'Invalid JSON payload received. Unknown name "{name}": Cannot bind query parameter. '
                found.append(("", told + f"Field '{name}' could not be found in request message."))
            continue
        value = _read_text(spec, text, name, found)
        if spec.get("repeated"):
            values.setdefault(name, []).append(value)
        else:
            values[name] = value
    if found:
        raise bad_request(found)
    return values


def read_body(method: Method, body: bytes) -> Json:
    """The request's JSON body, checked against its schema. Raises ApiError for what Google would refuse."""
    if method.request is None:
        if body.strip():
            raise bad_request([("", "Invalid JSON payload received. Unexpected token: this method takes no body.")])
        return {}
    try:
        value = json.loads(body) if body.strip() else {}
    except ValueError as error:
        raise bad_request([("", "Invalid JSON payload received. Unexpected token.")]) from error
    # In the proto, createContact and updateContact bind their body to `person`; others are the request itself.
    read, found = method.document.check(method.request, value, "person" if method.request == "Person" else "")
    if found:
        raise bad_request(found)
    return dict(read)


@cache
def snake(name: str) -> str:
    """A JSON name as the proto has it."""
    return re.sub(r"[A-Z]", lambda hit: "_" + hit.group().lower(), name)


def _collect(tree: Json, made: Document) -> None:
    for part in tree.values():
        for raw in part.get("methods", {}).values():
            parameters = raw.get("parameters", {})
            made.methods[raw["id"]] = Method(
                raw["id"],
                raw["httpMethod"],
                _pattern(raw["path"], parameters),
                parameters,
                raw.get("request", {}).get("$ref"),
                raw.get("response", {}).get("$ref", "Empty"),
                frozenset(raw.get("scopes", ())),
                made,
            )
        _collect(part.get("resources", {}), made)


def _pattern(path: str, parameters: Json) -> re.Pattern[str]:
    def group(hit: re.Match[str]) -> str:
        name = hit.group(2)
        shape = "[^/]+"
        if hit.group(1):
            # A custom verb follows a colon, so a colon is never part of a resource id.
            shape = parameters[name].get("pattern", "^.+$").strip("^$").replace("[^/]+", "[^/:]+")
        return f"(?P<{name}>{shape})"

    return re.compile("/" + re.sub(r"\{(\+?)(\w+)\}", group, path))


def _read_text(spec: Json, text: str, name: str, found: Violations) -> Any:
    kind = spec.get("type")
    if kind == "boolean":
        if text.lower() in ("true", "false"):
            return text.lower() == "true"
        found.append((snake(name), f"Invalid value at '{snake(name)}' (TYPE_BOOL), \"{text}\""))
    elif kind == "integer":
        if re.fullmatch(r"-?\d{1,10}", text):
            return int(text)
        found.append((snake(name), f"Invalid value at '{snake(name)}' (TYPE_INT32), \"{text}\""))
    elif "enum" in spec and text not in spec["enum"]:
        found.append((snake(name), f"Invalid value at '{snake(name)}' (TYPE_ENUM), \"{text}\""))
    elif spec.get("format") == "google-fieldmask" and not _MASK.fullmatch(text):
        found.append((snake(name), _bad_mask(snake(name), text)))
    return text


def _bad_mask(at: str, text: object) -> str:
    return f"Invalid value at '{at}' (type.googleapis.com/google.protobuf.FieldMask), \"{text}\""


def _read(doc: Document, spec: Json, value: Any, at: str, found: Violations) -> Any:
    if "$ref" in spec:
        return _read_message(doc, spec["$ref"], value, at, found)
    kind = spec.get("type")
    if kind == "array":
        if not isinstance(value, list):
            found.append((at, f"Invalid value at '{at}' (TYPE_LIST), {json.dumps(value)}"))
            return []
        return [_read(doc, spec["items"], item, f"{at}[{number}]", found) for number, item in enumerate(value)]
    if kind == "object" and "additionalProperties" in spec:
        if not isinstance(value, dict):
            found.append((at, f"Invalid value at '{at}' (TYPE_MAP), {json.dumps(value)}"))
            return {}
        inner = spec["additionalProperties"]
        return {key: _read(doc, inner, item, f'{at}["{key}"]', found) for key, item in value.items()}
    if kind in ("any", "object"):
        return value
    return _read_scalar(spec, value, at, found)


def _read_message(doc: Document, name: str, value: Any, at: str, found: Violations) -> Any:
    if not isinstance(value, dict):
        where = f" at '{at}'" if at else ""
        found.append((at, f"Invalid value{where} (type.googleapis.com/google.people.v1.{name}), {json.dumps(value)}"))
        return {}
    properties = doc.schemas[name].get("properties", {})
    read: Json = {}
    for key, item in value.items():
        if key not in properties:
            where = f" at '{at}'" if at else ""
            told = f'Invalid JSON payload received. Unknown name "{key}"{where}: Cannot find field.'
            found.append((at, told))
        elif item is not None:
            step = snake(key)
            read[key] = _read(doc, properties[key], item, f"{at}.{step}" if at else step, found)
    return read


def _read_scalar(spec: Json, value: Any, at: str, found: Violations) -> Any:
    kind = spec.get("type")
    if kind == "string" and isinstance(value, str):
        if "enum" in spec and value not in spec["enum"]:
            found.append((at, f"Invalid value at '{at}' (TYPE_ENUM), {json.dumps(value)}"))
        elif spec.get("format") == "google-fieldmask" and not _MASK.fullmatch(value):
            found.append((at, _bad_mask(at, value)))
        elif spec.get("format") == "byte" and not _is_base64(value):
            found.append((at, f"Invalid value at '{at}' (TYPE_BYTES), Base64 decoding failed"))
        return value
    if kind == "boolean" and isinstance(value, bool):
        return value
    if kind == "integer":
        if isinstance(value, int) and not isinstance(value, bool) and -(2**31) <= value < 2**31:
            return value
        if isinstance(value, str) and re.fullmatch(r"-?\d{1,9}", value):
            return int(value)
    found.append((at, f"Invalid value at '{at}' (TYPE_{_TYPES[str(kind)]}), {json.dumps(value, ensure_ascii=False)}"))
    return None


def _is_base64(value: str) -> bool:
    try:
        base64.b64decode(value.translate({ord("-"): "+", ord("_"): "/"}) + "=" * (-len(value) % 4), validate=True)
    except (binascii.Error, ValueError):
        return False
    return True
