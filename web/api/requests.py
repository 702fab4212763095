"""Requests: what a program sent, as the type that the view takes, or a problem that points at each bad value."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any, get_args, get_origin

import msgspec
from flask import request
from msgspec import DecodeError, Struct, ValidationError

from web.frame.problems import BadValue, Problem

JSON = "application/json"
MERGE_PATCH = "application/merge-patch+json"
MOST_BAD = 50
"""So many bad values are pointed at."""
_PLACE = re.compile(r" - at `\$(?P<path>[^`]*)`$")


def body(shape: type[Struct], media: str) -> Any:
    """The body of the request. Raises Problem."""
    if request.mimetype != media:
        raise Problem(415, "media-type", f"Send {media}.", headers={"Accept": media})
    try:
        raw = msgspec.json.decode(request.get_data())
    except (DecodeError, RecursionError, UnicodeError):
        raise Problem(400, "bad-request", "The body is not JSON.") from None
    return _read(shape, raw, "#")


def query(shape: type[Struct] | None) -> Any:
    """The parameters after the question mark. Raises Problem, also for one that nobody knows or that came twice."""
    known = _parameters(shape) if shape else {}
    bad = [BadValue(name, "There is no such parameter.") for name in request.args if name not in known]
    bad += [BadValue(name, "This came twice.") for name, values in request.args.lists() if len(values) > 1]
    told = {name: _number(known[name], text) for name, text in request.args.items() if name in known}
    if bad:
        bad += _bad_values(shape, told, "") if shape else []
        raise Problem(422, "invalid", errors=bad[:MOST_BAD])
    if shape is None:
        return None
    found = _read(shape, told, "")
    if odd := [name for name in request.args if not _is_in_calendar(getattr(found, name))]:
        raise Problem(422, "invalid", errors=[BadValue(name, "There is no such moment in UTC.") for name in odd])
    return found


def _is_in_calendar(value: object) -> bool:
    """Whether a moment can be said in UTC, as the store has it: the first hours of the first year elsewhere cannot."""
    try:
        return not isinstance(value, datetime) or bool(value.astimezone(UTC))
    except OverflowError:
        return False


@cache
def _parameters(shape: type[Struct]) -> Mapping[str, Any]:
    """The types of a query's parameters by name; msgspec reads the annotations anew each time that it is asked."""
    return {field.encode_name: field.type for field in msgspec.structs.fields(shape)}


def _number(kind: Any, text: str) -> str | int:
    """A parameter is text: where its type is a number or a yes or no, what it says. A moment must not be one."""
    if bool in (kind, *get_args(kind)):
        return {"true": True, "false": False}.get(text, text)
    is_number = (
        int in (kind, *get_args(kind)) and text.isascii() and text.removeprefix("-").isdecimal() and len(text) < 19
    )
    return int(text) if is_number else text


def _read(shape: type[Struct], raw: Any, root: str) -> Any:
    try:
        return msgspec.convert(raw, shape)
    except ValidationError as first:
        bad = list(_bad_values(shape, raw, root))[:MOST_BAD] or [BadValue(*_told(first, root))]
        raise Problem(422, "invalid", errors=bad) from None


def _bad_values(shape: Any, raw: Any, place: str) -> Iterator[BadValue]:
    """Each value that is wrong: msgspec names the first, so the parts of what is wrong are asked one by one."""
    try:
        msgspec.convert(raw, shape)
    except ValidationError as error:
        parts = list(_parts(shape, raw, place))
        found = [bad for part, value, where in parts for bad in _bad_values(part, value, where)]
        if isinstance(raw, dict) and (struct := _struct(shape)):
            known = {field.encode_name for field in msgspec.structs.fields(struct)}
            found += [BadValue(_inside(place, name), "There is no such member.") for name in raw.keys() - known]
            found += [
                BadValue(_inside(place, field.encode_name), "This is missing.")
                for field in msgspec.structs.fields(struct)
                if field.required and field.encode_name not in raw
            ]
        yield from found or [BadValue(*_told(error, place))]


def _parts(shape: Any, raw: Any, place: str) -> Iterator[tuple[Any, Any, str]]:
    if isinstance(raw, dict) and (struct := _struct(shape)):
        for field in msgspec.structs.fields(struct):
            if field.encode_name in raw:
                yield field.type, raw[field.encode_name], _inside(place, field.encode_name)
    elif isinstance(raw, list) and (element := _element(shape)) is not None:
        for number, value in enumerate(raw):
            yield element, value, f"{place}/{number}"


def _struct(shape: Any) -> type[Struct] | None:
    """The one struct that a type is, or may be."""
    if isinstance(shape, type) and issubclass(shape, Struct):
        return shape
    parts = () if get_origin(shape) is list else get_args(shape)
    return next((found for one in parts if (found := _struct(one))), None)


def _element(shape: Any) -> Any:
    """What the list that a type is, or may be, holds."""
    if get_origin(shape) is list:
        return get_args(shape)[0]
    return next((found for one in get_args(shape) if (found := _element(one)) is not None), None)


def _told(error: ValidationError, place: str) -> tuple[str, str]:
    said = str(error)
    found = _PLACE.search(said)
    if found is None:
        return place or "?", said
    path = re.sub(r"\[(\d+)\]", r"/\1", found["path"]).replace(".", "/")
    return place + path, said[: found.start()]


def _inside(place: str, name: str) -> str:
    """Where a member stands; a parameter is known by its name alone."""
    return f"{place}/{name.replace('~', '~0').replace('/', '~1')}" if place else name


def raw(media: str) -> bytes:
    """The body of a request that is not JSON; `media`: `image/*`, or several. Raises Problem."""
    if not request.mimetype.startswith(tuple(kind.removesuffix("*") for kind in media.split(", "))):
        raise Problem(415, "media-type", f"Send {media}.", headers={"Accept": media})
    return request.get_data()
