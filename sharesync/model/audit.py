"""Events of the change log: who did what, from where, with what outcome. Envelopes hold no personal data."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import Any


class ActorKind(Enum):
    """What kind of thing acted."""

    USER = "user"
    """A person in the web page; `id` is Google's user id."""
    MAILBOX = "mailbox"
    """A person, in their Google Contacts; `id` is Google's user id."""
    SYSTEM = "system"
    """sharesync itself, or who operates it from the command line."""


class Source(Enum):
    """Where a change came in."""

    WEB = "web"
    GOOGLE = "google"
    IMPORT = "import"
    CLI = "cli"
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
