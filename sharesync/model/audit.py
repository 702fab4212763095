"""Events of the change log: who did what, from where, with what outcome. Envelopes hold no personal data.

What an auditor checks is defined here and nowhere else: the bytes of an envelope, whose hash is its leaf in the log's
tree, and the commitment to values, which can be erased while the commitment and so the envelope stand.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import Enum
from json import JSONEncoder
from typing import Any


class ActorKind(Enum):
    """What kind of thing acted."""

    USER = "user"
    """A person in the web page; `id` is Google's user id."""
    MAILBOX = "mailbox"
    """A person, in their Google Contacts; `id` is Google's user id."""
    TOKEN = "token"
    """A program, for its owner; `id` is the token's."""
    SYSTEM = "system"
    """sharesync itself, or who operates it from the command line."""


class Source(Enum):
    """Where a change came in."""

    WEB = "web"
    GOOGLE = "google"
    IMPORT = "import"
    CLI = "cli"
    API = "api"
    SYNC = "sync"
    DIRECTORY = "directory"


@dataclass(frozen=True, slots=True)
class By:
    """Who acts, from where: handed to every use case that changes anything."""

    kind: ActorKind
    id: str
    source: Source


OPERATOR = By(ActorKind.SYSTEM, "operator", Source.CLI)
CLOCK = By(ActorKind.SYSTEM, "sync", Source.SYNC)


class Outcome(Enum):
    """What came of it."""

    OK = "ok"
    INTENDED = "intended"
    """Written before a call that changes Google: what is without an outcome after it may or may not have been done."""
    REVERTED = "reverted"
    RESTORED = "restored"
    HELD = "held"
    DENIED = "denied"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Event:
    """One event, before the log gives it its time and number. `action` is `noun.verb`."""

    action: str
    outcome: Outcome = Outcome.OK
    group: str | None = None
    contact: str | None = None
    mailbox: str | None = None
    fields: tuple[str, ...] = ()
    before_version: int | None = None
    after_version: int | None = None
    reason: str = ""
    cause: str | None = None
    """Id of the event this one follows from."""
    values: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    """Before and after by field: personal data, kept apart from the envelope so that it can be erased."""


def envelope(columns: Mapping[str, Any]) -> bytes:
    """The bytes of an envelope: its columns as one line of JSON, keys sorted, no blanks, times in UTC.

    Every column counts but the leaf itself, which is the hash of these bytes (`model/merkle.py`).
    """
    if "leaf" in columns:
        columns = {name: value for name, value in columns.items() if name != "leaf"}
    return _line(columns)


def commitment(salt: bytes, event: str, name: str, before: object, after: object) -> str:
    """The salted hash by which an envelope vouches for the values of one field: SHA-256, as hex digits."""
    return hashlib.sha256(salt + _line([event, name, before, after])).hexdigest()


def _plain(value: object) -> object:
    match value:
        case Enum():
            return value.value
        case datetime():
            return value.astimezone(UTC).isoformat(timespec="microseconds")
        case _:
            raise TypeError(f"a {type(value).__name__} in the log")


_JSON = JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, check_circular=False, default=_plain)


def _line(value: object) -> bytes:
    return _JSON.encode(value).encode()
