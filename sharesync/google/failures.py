"""Which failure of a call is which: one table from what came back to one error of ours.

`sort_reply` and `sort_exception` are pure. The first row of `RULES` that fits decides; a row fits when the HTTP status,
what was asked and (where given) one of its hints agree. A hint is Google's `error.status`, a `reason` (both shapes:
`errors[]` and `google.rpc.ErrorInfo`) or words of its message. The message itself is never repeated: it may echo what
a contact holds (People API, "Troubleshoot"; bodies as observed in 2019–2026 with and without `errors[]`).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import Enum, auto
from typing import Any

from sharesync.errors import (
    Attention,
    GoogleError,
    LabelMissing,
    LabelNameTaken,
    LabelStale,
    MalformedReply,
    OutcomeUnknown,
    PageTokenExpired,
    RetryLater,
    SyncTokenExpired,
)
from sharesync.google.transport import NotSent
from sharesync.model.fields import FIELDS


class Asked(Enum):
    """What the call was, as far as the meaning of its failure depends on it."""

    LISTING = auto()
    """The first page of a listing without tokens."""
    DELTA = auto()
    """The first page of a listing with a sync token."""
    PAGE = auto()
    """A later page of either."""
    PERSONS = auto()
    LABELS = auto()
    NEW_LABEL = auto()
    DIRECTORY = auto()


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back instead of success."""

    status: int
    body: bytes = b""
    retry_after: str | None = None


# --- Failures that only `google/` tells apart. ------------------------------------------------------------------------


class Unauthenticated(RetryLater):
    """The access token was not accepted (401): certainly not executed; a new token may help."""


class Judged(Attention):
    """Google refused what the request said, and would again.

    `each`: why each refused contact of a batch was refused, by index or resource name, where Google says so.
    """

    def __init__(self, sentence: str, each: Mapping[str, Blame] | None = None) -> None:
        super().__init__(sentence)
        self.each = each or {}


class PersonStale(Judged):
    """The etag is not the current one."""


class PersonMissing(Judged):
    """There is no such person, or none of such a batch."""


class EntryMissing(Judged):
    """There is no such user or Google group in the Directory."""


class Refused(Judged):
    """Any other 4xx: the request itself is wrong in Google's eyes."""


@dataclass(frozen=True, slots=True)
class Blame:
    """Why one contact of a batch was refused: a `google.rpc.Code` and a sentence."""

    code: int
    sentence: str


# --- The table. -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Facts:
    """A reply, read."""

    status: int
    asked: Asked
    envelope: bool
    """Whether the body is Google's own `{"error": …}`; an HTML page in between says nothing about contacts."""
    hints: frozenset[str]
    message: str
    each: Mapping[str, Blame]
    not_before: datetime | None
    now: datetime

    def says(self, hint: str) -> bool:
        return hint in self.hints or hint.casefold() in self.message

    def wait(self, seconds: int) -> datetime:
        """When to come back: what Google said, else our guess."""
        return self.not_before or self.now + timedelta(seconds=seconds)


@dataclass(frozen=True, slots=True)
class Rule:
    """One row: where all that is given fits, `then` is what happened."""

    then: Callable[[Facts], GoogleError]
    status: range | tuple[int, ...]
    hints: tuple[str, ...] = ()
    asked: tuple[Asked, ...] = tuple(Asked)
    envelope: tuple[bool, ...] = (True, False)

    def fits(self, facts: Facts) -> bool:
        return (
            facts.status in self.status
            and facts.asked in self.asked
            and facts.envelope in self.envelope
            and (not self.hints or any(facts.says(hint) for hint in self.hints))
        )


DELEGATION = "Admin console → Security → Access and data control → API controls → Domain-wide delegation"
CONTACTS_SCOPE = "https://www.googleapis.com/auth/contacts"

_BUSY = "Google is busy with this mailbox; sharesync tries again by itself."
_DOWN = "Google's service is out of order for the moment; sharesync tries again by itself."
_LOST = "Google's answer was lost on the way; sharesync looks again what became of it."
_FOREIGN = (
    "What came back is not Google's answer; if this stays, check the proxy and SHARESYNC_PEOPLE_ENDPOINT or"
    " SHARESYNC_DIRECTORY_ENDPOINT."
)
_FULL = (
    "This mailbox holds as many contacts as Google allows (25,000, those in its trash among them); delete some there"
    " and empty the trash, or share fewer with it."
)
_SCOPE = (
    f"sharesync may not use the scope this needs; in {DELEGATION}, allow the service account's client id every scope"
    " that `sharesync doctor` names."
)
_API_OFF = (
    "An API is switched off in the Google Cloud project of the service account; enable the People API and the Admin SDK"
    " API there under APIs & Services → Library."
)
_SERVICE_OFF = (
    "Google Contacts is switched off for this user; turn it on in the Admin console under Apps → Google Workspace →"
    " Contacts, or take the grant away."
)
_NO_ADMIN = (
    "The administrator named by SHARESYNC_GOOGLE_ADMIN may not read the directory; give that account a role that reads"
    " users, groups and organisational units, or name another."
)

_RATE = ("rateLimitExceeded", "userRateLimitExceeded", "quotaExceeded", "RATE_LIMIT_EXCEEDED", "RESOURCE_EXHAUSTED")
_DAILY = ("dailyLimitExceeded", "per day")
_BACK_END = ("QUOTA_EXCEEDED", "resource has been exhausted")
_SCOPES = ("ACCESS_TOKEN_SCOPE_INSUFFICIENT", "insufficientPermissions", "insufficient authentication scopes")
_DISABLED = ("SERVICE_DISABLED", "accessNotConfigured", "has not been used in project")
_EXPIRED = ("EXPIRED_SYNC_TOKEN", "sync token is expired")
_STALE = ("FAILED_PRECONDITION", "failedPrecondition", "etag is different", "must set person.etag")
_ANY_4XX = range(400, 500)
_LABELS = (Asked.LABELS, Asked.NEW_LABEL)

RULES: tuple[Rule, ...] = (
    Rule(lambda f: Unauthenticated(_BUSY, f.not_before), (401,)),
    Rule(lambda f: OutcomeUnknown(_DOWN, f.not_before), range(500, 600)),
    Rule(lambda f: OutcomeUnknown(_LOST, f.not_before), (408,)),
    Rule(lambda f: Attention(_FULL), _ANY_4XX, ("MY_CONTACTS_OVERFLOW_COUNT",)),
    # Too much asked for; nothing was executed. Per-minute quotas heal within one, the back-end's own take longer.
    Rule(lambda f: RetryLater(_BUSY, f.wait(3600)), (403, 429), _DAILY, envelope=(True,)),
    Rule(lambda f: RetryLater(_BUSY, f.wait(300)), (429,), _BACK_END, envelope=(True,)),
    Rule(lambda f: RetryLater(_BUSY, f.not_before), (429,)),
    Rule(lambda f: RetryLater(_BUSY, f.not_before), (403,), _RATE, envelope=(True,)),
    # A page of some proxy, a wrong address, a redirect: never to be read as "no such contact".
    Rule(lambda f: Refused(_refusal(f)), (413,), envelope=(False,)),
    Rule(lambda f: MalformedReply(_FOREIGN, f.not_before), range(300, 500), envelope=(False,)),
    Rule(lambda f: MalformedReply(_FOREIGN, f.not_before), range(300, 400)),
    # What only a person can mend.
    Rule(lambda f: Attention(_SCOPE), (403,), _SCOPES),
    Rule(lambda f: Attention(_API_OFF), (403,), _DISABLED),
    Rule(lambda f: Attention(_NO_ADMIN), (403,), asked=(Asked.DIRECTORY,)),
    Rule(lambda f: Attention(_SERVICE_OFF), (403,)),
    # Tokens. Which status goes with an expired one differs between captures; the generic 400 is a foreign token or
    # changed parameters, and in both cases the cure is to begin again.
    Rule(lambda f: SyncTokenExpired(_EXPIRY), (400, 410), _EXPIRED, (Asked.DELTA,)),
    Rule(lambda f: SyncTokenExpired(_EXPIRY), (400, 410), asked=(Asked.DELTA,)),
    Rule(lambda f: PageTokenExpired(_EXPIRY), (400, 410), asked=(Asked.PAGE,)),
    # Labels.
    Rule(lambda f: LabelNameTaken("The user has a label of this name."), (409,), ("ALREADY_EXISTS", "exists"), _LABELS),
    Rule(lambda f: LabelNameTaken("The user has a label of this name."), (409,), asked=(Asked.NEW_LABEL,)),
    Rule(lambda f: LabelStale("The label changed meanwhile."), (409,), asked=(Asked.LABELS,)),
    Rule(lambda f: LabelStale("The label changed meanwhile."), (400,), (*_STALE, "etag"), (Asked.LABELS,)),
    Rule(lambda f: LabelMissing("The label is not there."), (404, 410), asked=_LABELS),
    # Persons.
    Rule(lambda f: RetryLater(_BUSY, f.not_before), (409, 412)),
    Rule(lambda f: PersonStale("The contact changed meanwhile.", f.each), (400,), _STALE, (Asked.PERSONS,)),
    Rule(lambda f: PersonMissing("There is no such contact.", f.each), (404, 410), asked=(Asked.PERSONS,)),
    Rule(lambda f: EntryMissing("There is no such entry in the directory."), (404, 410), asked=(Asked.DIRECTORY,)),
    Rule(lambda f: Refused(_refusal(f), f.each), _ANY_4XX),
    Rule(lambda f: MalformedReply(_FOREIGN), range(1000)),
)

_EXPIRY = "Google no longer knows where this listing stood; sharesync reads everything again."


def sort_reply(reply: Reply, asked: Asked, now: datetime) -> GoogleError:
    """The one error that a reply other than success means."""
    facts = _read(reply, asked, now)
    return next(rule.then(facts) for rule in RULES if rule.fits(facts))


def sort_exception(error: Exception) -> GoogleError:
    """The one error that an exception on the way means: certainly not sent, or perhaps executed."""
    if isinstance(error, NotSent):
        return RetryLater("Google cannot be reached from here; sharesync tries again by itself.")
    if isinstance(error, ValueError | RecursionError):
        return MalformedReply(_FOREIGN)
    return OutcomeUnknown(_LOST)


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


# --- Reading what came back. ------------------------------------------------------------------------------------------


def _read(reply: Reply, asked: Asked, now: datetime) -> Facts:
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
    each = _each(details)
    return Facts(
        status=reply.status,
        asked=asked,
        envelope=envelope,
        hints=frozenset(hint for hint in hints if isinstance(hint, str)),
        message=str(error.get("message", "")).casefold(),
        each=each,
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


def _refusal(facts: Facts) -> str:
    if facts.asked is Asked.PERSONS:
        return blame(facts.message) if facts.status != 413 else "This contact is larger than Google allows."
    return f"Google refuses a request of this version of sharesync (HTTP {facts.status}); look for an update."


_MANAGED = {name.casefold(): name for name in FIELDS}
_SNAKE = {"".join("_" + sign.lower() if sign.isupper() else sign for sign in name): name for name in FIELDS}


def blame(message: str) -> str:
    """A sentence naming the managed fields a refusal mentions, and nothing else of it."""
    message = message.casefold()
    named = {name for word, name in (_MANAGED | _SNAKE).items() if f"person.{word}" in message}
    if named:
        return f"Google refuses what this contact holds in {', '.join(sorted(named))}."
    return "Google refuses this contact without saying which of its fields is wrong."
