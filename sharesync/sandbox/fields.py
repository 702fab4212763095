"""The fields of a Person: which may be read, which may be written, which are single, and how a mask names them.

Source: People API reference, `personFields` and `updatePersonFields`; the numbers in an etag's mask part are ours
(observed only that they differ by mask and that five are always there).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from sharesync.sandbox import discovery
from sharesync.sandbox.errors import ApiError, Status, invalid_argument

WRITABLE: tuple[str, ...] = (
    "addresses", "biographies", "birthdays", "calendarUrls", "clientData", "emailAddresses", "events", "externalIds",
    "genders", "imClients", "interests", "locales", "locations", "memberships", "miscKeywords", "names", "nicknames",
    "occupations", "organizations", "phoneNumbers", "relations", "sipAddresses", "urls", "userDefined",
)  # fmt: skip
READABLE: tuple[str, ...] = tuple(sorted((*WRITABLE, "ageRanges", "coverPhotos", "metadata", "photos", "skills")))
SINGLE = frozenset({"biographies", "birthdays", "genders", "names"})
SEARCHED = ("names", "nicknames", "emailAddresses", "phoneNumbers", "organizations")  # searchContacts reference

_BASE_IDS = (1, 2, 46, 55, 61)  # observed in every etag
_IDS = {name: number for number, name in enumerate(READABLE, 3)}
_VALID = "Please specify one or more valid paths. Valid paths are documented at "
_VALID += "https://developers.google.com/people/api/rest/v1/people/get."


def read_mask(text: str | None, parameter: str, default: tuple[str, ...] | None = None) -> frozenset[str]:
    """The fields a read mask names. Without a mask: `default`, or Google's refusal where a mask is required."""
    if not text:
        if default is None:
            raise invalid_argument(f"{parameter} mask is required. {_VALID}")
        return frozenset(default)
    return _paths(text, parameter, READABLE)


def update_mask(text: str | None, parameter: str = "updatePersonFields") -> frozenset[str]:
    """The fields an update mask names. Raises ApiError for one that cannot be written."""
    if not text:
        raise invalid_argument(f"{parameter} mask is required. {_VALID}")
    return _paths(text, parameter, WRITABLE)


def mask_ids(mask: frozenset[str]) -> bytes:
    """The mask part of a person's etag."""
    return bytes(sorted({*_BASE_IDS, *(_IDS[name] for name in mask)}))


@cache
def schema_of(field: str) -> str:
    """The discovery schema of one item of a Person field."""
    name: str = discovery.people().schemas["Person"]["properties"][field]["items"]["$ref"]
    return name


@cache
def writable_keys(field: str) -> frozenset[str]:
    """What a client may set in one item of `field`; the rest is read-only and silently ignored."""
    properties: Mapping[str, Mapping[str, object]] = discovery.people().schemas[schema_of(field)]["properties"]
    return frozenset(key for key, spec in properties.items() if not spec.get("readOnly") and key != "metadata")


def _paths(text: str, parameter: str, allowed: tuple[str, ...]) -> frozenset[str]:
    paths = [path.strip() for path in text.split(",") if path.strip()]
    for path in paths:
        if path not in allowed:
            told = f'Invalid {parameter} mask path: "{path}". Valid paths are documented at '
            raise ApiError(
                Status.INVALID_ARGUMENT, told + "https://developers.google.com/people/api/rest/v1/people/get."
            )
    return frozenset(paths)
