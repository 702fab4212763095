"""What came back instead of success, read: its hints, whom it blames, when to come back.

Two shapes of envelope are known, with and without `errors[]` (People API, "Troubleshoot"; bodies observed 2019–2026).
Google's own words stay in here: they may echo what a contact holds.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import Enum, auto
from typing import Any

from sharesync.errors import Sentence
from sharesync.model.fields import FIELDS

OVERFLOW = "MY_CONTACTS_OVERFLOW_COUNT"
"""What Google says somewhere in its refusal when a mailbox holds as many contacts as it may."""


class CallKind(Enum):
    """What the call was, as far as the meaning of its failure depends on it."""

    LISTING = auto()
    """The first page of a listing without tokens."""
    DELTA = auto()
    """The first page of a listing with a sync token."""
    PAGE = auto()
    """A later page of either."""
    NAMED = auto()
    """A read of persons by name, which tells of each alone whether it is there."""
    PERSONS = auto()
    NEW_PERSONS = auto()
    PHOTO = auto()
    LABELS = auto()
    NEW_LABEL = auto()
    DIRECTORY = auto()


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back instead of success."""

    status: int
    body: bytes = b""
    retry_after: str | None = None


@dataclass(frozen=True, slots=True)
class Blame:
    """Why one contact of a batch was refused: a `google.rpc.Code` and a sentence."""

    code: int
    sentence: Sentence


@dataclass(frozen=True, slots=True)
class ReplyFacts:
    """A reply, read."""

    status: int
    asked: CallKind
    envelope: bool
    """Whether the body is Google's own `{"error": …}`; an HTML page in between says nothing about contacts."""
    hints: frozenset[str]
    message: str
    each: Mapping[str, Blame]
    not_before: datetime | None
    now: datetime

    def says(self, hint: str) -> bool:
        return hint in self.hints or hint.casefold() in self.message

    def after(self, seconds: int) -> datetime | None:
        """Our guess when to come back; None where Google said it itself."""
        return None if self.not_before else self.now + timedelta(seconds=seconds)


def read(reply: Reply, asked: CallKind, now: datetime) -> ReplyFacts:
    """Read a reply; a body that is no JSON, or not Google's, has no hints."""
    try:
        body = json.loads(reply.body)
    except (ValueError, RecursionError):
        body = None
    body = body[0] if isinstance(body, list) and body else body  # some front ends wrap the object in a list
    error = body.get("error") if isinstance(body, dict) else None
    envelope = isinstance(error, dict)
    error = error if isinstance(error, dict) else {}
    details = _objects(error.get("details"))
    violations = [one for detail in details for one in _objects(detail.get("violations"))]
    hints = [error.get("status"), *(one.get("reason") for one in _objects(error.get("errors")))]
    hints += [detail.get("reason") for detail in details] + [one.get("subject") for one in violations]
    if OVERFLOW.encode() in reply.body:  # where in the body it stands is not known
        hints.append(OVERFLOW)
    return ReplyFacts(
        status=reply.status,
        asked=asked,
        envelope=envelope,
        hints=frozenset(hint for hint in hints if isinstance(hint, str)),
        message=str(error.get("message", "")).casefold(),
        each=_each(details),
        not_before=retry_after(reply.retry_after, now),
        now=now,
    )


def _each(details: list[dict[str, Any]]) -> dict[str, Blame]:
    """`contactErrors` of `BatchCreateContactsErrorDetails` and `BatchUpdateContactsErrorDetails`."""
    found = {}
    for detail in details:
        errors = detail.get("contactErrors")
        for key, status in errors.items() if isinstance(errors, dict) else ():
            if isinstance(status, dict) and isinstance(status.get("code"), int):
                found[str(key)] = Blame(status["code"], blame(str(status.get("message", ""))))
    return found


def _objects(value: object) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def retry_after(header: str | None, now: datetime) -> datetime | None:
    """The time a `Retry-After` names, as seconds or as a date (RFC 9110, 10.2.3); None for anything else."""
    if not header:
        return None
    if header.strip().isdecimal():
        return now + timedelta(seconds=min(int(header), 86_400))
    try:
        at = parsedate_to_datetime(header)
    except ValueError:
        return None
    return max(now, at if at.tzinfo else at.replace(tzinfo=UTC))


_MANAGED = {name.casefold(): name for name in FIELDS}
_SNAKE = {"".join("_" + sign.lower() if sign.isupper() else sign for sign in name): name for name in FIELDS}


def blame(message: str) -> Sentence:
    """A sentence naming the managed fields a refusal mentions, and nothing else of it."""
    message = message.casefold()
    named = {name for word, name in (_MANAGED | _SNAKE).items() if f"person.{word}" in message}
    if named:
        return Sentence("Google refuses what this contact holds in %(where)s.", where=", ".join(sorted(named)))
    return Sentence("Google refuses this contact without saying which of its fields is wrong.")
