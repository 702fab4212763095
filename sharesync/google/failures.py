"""Which failure of a call is which: one table from what came back to one error of ours.

`sort_reply` and `sort_exception` are pure. The first row of `RULES` that fits decides; a row fits when the HTTP status,
what was asked and (where given) one of its hints agree. A hint is Google's `error.status`, a `reason` or words of its
message.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

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
    Sentence,
    SyncTokenExpired,
)
from sharesync.google.error_bodies import OVERFLOW, Blame, CallKind, Reply, ReplyFacts, blame, read
from sharesync.google.transport import NotSent

# --- Failures that only `google/` tells apart. ------------------------------------------------------------------------


class Unauthenticated(RetryLater):
    """The access token was not accepted (401): certainly not executed; a new token may help."""


class Broken(OutcomeUnknown):
    """Google stumbled over the request (500).

    It may be out of order, or one contact does this for ever: only what becomes of others tells.
    """


class Exhausted(RetryLater):
    """Some capacity of Google's own is used up; or a stale etag was answered in this way (observed)."""


class MailboxFull(Attention):
    """No more contacts fit: nothing can be made, yet changing and deleting go on, and deleting is the cure."""


class Judged(Attention):
    """Google refused what the request said, and would again.

    `each`: why each refused contact of a batch was refused, by index or resource name, where Google says so.
    """

    def __init__(self, template: str, each: Mapping[str, Blame] | None = None, **values: object) -> None:
        super().__init__(template, **values)
        self.each = each or {}


class PersonStale(Judged):
    """The etag is not the current one."""


class PersonMissing(Judged):
    """There is no such person, or none of such a batch."""


class EntryMissing(Judged):
    """There is no such user or Google group in the Directory."""


class RequestRefused(Judged):
    """Any other 4xx: the request itself is wrong in Google's eyes."""


# --- The table. -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Rule:
    """One row: where all that is given fits, `then` is what happened."""

    then: Callable[[ReplyFacts], GoogleError]
    status: range | tuple[int, ...]
    hints: tuple[str, ...] = ()
    asked: tuple[CallKind, ...] = tuple(CallKind)
    envelope: tuple[bool, ...] = (True, False)

    def fits(self, facts: ReplyFacts) -> bool:
        return (
            facts.status in self.status
            and facts.asked in self.asked
            and facts.envelope in self.envelope
            and (not self.hints or any(facts.says(hint) for hint in self.hints))
        )


DELEGATION = "Admin console → Security → Access and data control → API controls → Domain-wide delegation"

_BUSY = Sentence("Google is busy with this mailbox; sharesync tries again by itself.")
_DOWN = Sentence("Google's service is out of order for the moment; sharesync tries again by itself.")
_LOST = Sentence("Google's answer was lost on the way; sharesync looks again what became of it.")
_EXPIRY = Sentence("Google no longer knows where this listing stood; sharesync reads everything again.")
_FOREIGN = Sentence(
    "What came back is not Google's answer; if this stays, check the proxy and SHARESYNC_PEOPLE_ENDPOINT or"
    " SHARESYNC_DIRECTORY_ENDPOINT."
)
_FULL = Sentence(
    "This mailbox holds as many contacts as Google allows (25,000, those in its trash among them); delete some there"
    " and empty the trash, or share fewer with it."
)
_SCOPE = Sentence(
    "sharesync may not use the scope this needs; in %(place)s, allow the service account's client id every scope that"
    " `sharesync doctor` names.",
    place=DELEGATION,
)
_API_OFF = Sentence(
    "An API is switched off in the Google Cloud project of the service account; enable the People API and the Admin SDK"
    " API there under APIs & Services → Library."
)
_SERVICE_OFF = Sentence(
    "Google Contacts is switched off for this user; turn it on in the Admin console under Apps → Google Workspace →"
    " Contacts, or take the grant away."
)
_NO_ADMIN = Sentence(
    "The administrator named by SHARESYNC_GOOGLE_ADMIN may not read the directory; give that account a role that reads"
    " users, groups and organisational units, or name another."
)

_RATE = ("rateLimitExceeded", "userRateLimitExceeded", "quotaExceeded", "RATE_LIMIT_EXCEEDED", "RESOURCE_EXHAUSTED")
_DAILY = ("dailyLimitExceeded", "per day")
_BACK_END = ("QUOTA_EXCEEDED", "resource has been exhausted")
_SCOPES = ("ACCESS_TOKEN_SCOPE_INSUFFICIENT", "insufficientPermissions", "insufficient authentication scopes")
_DISABLED = ("SERVICE_DISABLED", "accessNotConfigured", "has not been used in project")
_EXPIRED = ("EXPIRED_SYNC_TOKEN", "sync token is expired")
_STALE = (
    "FAILED_PRECONDITION",
    "failedPrecondition",
    "etag is different",
    "must set person.etag",
    "only etag of latest",
)
_ANY_4XX = range(400, 500)
_LABELS = (CallKind.LABELS, CallKind.NEW_LABEL)

RULES: tuple[Rule, ...] = (
    Rule(lambda f: Unauthenticated(_BUSY, f.not_before), (401,)),
    Rule(lambda f: Broken(_DOWN, f.not_before), (500,)),
    Rule(lambda f: OutcomeUnknown(_DOWN, f.not_before), range(501, 600)),
    Rule(lambda f: OutcomeUnknown(_LOST, f.not_before), (408,)),
    Rule(lambda f: MailboxFull(_FULL), _ANY_4XX, (OVERFLOW,)),
    # Too much asked for; nothing was executed. Per-minute quotas heal within one, the back-end's own take longer.
    Rule(lambda f: RetryLater(_BUSY, f.not_before, guess=f.after(3600)), (403, 429), _DAILY, envelope=(True,)),
    Rule(lambda f: Exhausted(_BUSY, f.not_before, guess=f.after(300)), (429,), _BACK_END, envelope=(True,)),
    Rule(lambda f: RetryLater(_BUSY, f.not_before), (429,)),
    Rule(lambda f: RetryLater(_BUSY, f.not_before), (403,), _RATE, envelope=(True,)),
    # A page of some proxy, a wrong address, a redirect: never to be read as "no such contact".
    Rule(lambda f: RequestRefused(_refusal(f)), (413,), envelope=(False,)),
    Rule(lambda f: MalformedReply(_FOREIGN, f.not_before), range(300, 500), envelope=(False,)),
    Rule(lambda f: MalformedReply(_FOREIGN, f.not_before), range(300, 400)),
    # Only a person can correct these.
    Rule(lambda f: Attention(_SCOPE), (403,), _SCOPES),
    Rule(lambda f: Attention(_API_OFF), (403,), _DISABLED),
    Rule(lambda f: Attention(_NO_ADMIN), (403,), asked=(CallKind.DIRECTORY,)),
    Rule(lambda f: Attention(_SERVICE_OFF), (403,)),
    # Tokens. Which status goes with an expired one differs between captures; the generic 400 is a foreign token or
    # changed parameters, and in both cases the cure is to begin again.
    Rule(lambda f: SyncTokenExpired(_EXPIRY), (400, 410), _EXPIRED, (CallKind.DELTA,)),
    Rule(lambda f: SyncTokenExpired(_EXPIRY), (400, 410), asked=(CallKind.DELTA,)),
    Rule(lambda f: PageTokenExpired(_EXPIRY), (400, 410), asked=(CallKind.PAGE,)),
    # Labels.
    Rule(lambda f: LabelNameTaken("The user has a label of this name."), (409,), ("ALREADY_EXISTS", "exists"), _LABELS),
    Rule(lambda f: LabelNameTaken("The user has a label of this name."), (409,), asked=(CallKind.NEW_LABEL,)),
    Rule(lambda f: LabelStale("The label changed meanwhile."), (409,), asked=(CallKind.LABELS,)),
    Rule(lambda f: LabelStale("The label changed meanwhile."), (400,), (*_STALE, "etag"), (CallKind.LABELS,)),
    Rule(lambda f: LabelMissing("The label is not there."), (404, 410), asked=_LABELS),
    # Persons.
    Rule(lambda f: RetryLater(_BUSY, f.not_before), (409, 412)),
    Rule(lambda f: MalformedReply(_FOREIGN), (404, 410), asked=(CallKind.NAMED,)),
    Rule(lambda f: LabelMissing("The label is not there."), (404, 410), asked=(CallKind.NEW_PERSONS,)),
    Rule(lambda f: PersonStale("The contact changed meanwhile.", f.each), (400,), _STALE, (CallKind.PERSONS,)),
    Rule(
        lambda f: PersonMissing("There is no such contact.", f.each),
        (404, 410),
        asked=(CallKind.PERSONS, CallKind.PHOTO),
    ),
    Rule(lambda f: EntryMissing("There is no such entry in the directory."), (404, 410), asked=(CallKind.DIRECTORY,)),
    Rule(lambda f: RequestRefused(_refusal(f), f.each), _ANY_4XX),
    Rule(lambda f: MalformedReply(_FOREIGN), range(1000)),
)


def sort_reply(reply: Reply, asked: CallKind, now: datetime) -> GoogleError:
    """The one error that a reply other than success means."""
    facts = read(reply, asked, now)
    return next(rule.then(facts) for rule in RULES if rule.fits(facts))


def sort_exception(error: Exception) -> GoogleError:
    """The one error that an exception on the way means: certainly not sent, or perhaps executed."""
    if isinstance(error, NotSent):
        return RetryLater("Google cannot be reached from here; sharesync tries again by itself.")
    if isinstance(error, ValueError | RecursionError):
        return MalformedReply(_FOREIGN)
    return OutcomeUnknown(_LOST)


def _refusal(facts: ReplyFacts) -> Sentence:
    if facts.asked in (CallKind.PERSONS, CallKind.NEW_PERSONS):
        return blame(facts.message) if facts.status != 413 else _TOO_LARGE
    if facts.asked is CallKind.PHOTO:
        return _PHOTO
    return Sentence(
        "Google refuses a request of this version of sharesync (HTTP %(status)s); look for an update.",
        status=facts.status,
    )


_PHOTO = Sentence("Google refuses this contact’s photo.")
_TOO_LARGE = Sentence("This contact is larger than Google allows.")
