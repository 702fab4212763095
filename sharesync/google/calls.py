"""One call at a time to one of Google's APIs: budget, token, the single send, and our own retries.

Nothing below sends twice: the library's retries are off (`num_retries=0`), so is httplib2's resend (`transport.Http`),
so are google-auth's. Law: what must not happen twice is sent again only after an answer that proves it was not
executed (401, 403, 409, 429, or no connection at all).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import httplib2
from googleapiclient.http import HttpRequest

from sharesync.errors import (
    GoogleError,
    LabelMissing,
    LabelNameTaken,
    LabelStale,
    MalformedReply,
    NoLongerWanted,
    OutcomeUnknown,
    RetryLater,
)
from sharesync.google.budget import Budget, Now, Patience, Price
from sharesync.google.error_bodies import CallKind, Reply
from sharesync.google.failures import Judged, Unauthenticated, sort_exception, sort_reply
from sharesync.google.transport import NotSent, Transport
from sharesync.model.mailbox import Meter

TRIES = 3
FIRST_WAIT = 1.0
"""Seconds before the second try, doubled for each further one, plus up to as much again at random."""


class Token(Protocol):
    """Gives access tokens for one account: a user's, or the Directory administrator's."""

    def __call__(self, *, renew: bool) -> str:
        """A valid one; `renew`: another, because the last was refused. Raises GoogleError."""


@dataclass(frozen=True, slots=True)
class CallLine:
    """Everything the calls of one pass for one account share."""

    account: str
    """Whose budget is spent: a user's id."""
    token: Token
    http: Transport
    patience: Patience
    budget: Budget | None
    """None for the Directory, which counts queries per minute (2,400) and is asked rarely."""
    meter: Meter
    clock: Now
    random: Callable[[], float]
    failing: bool = False
    """Whether nothing has got through here for some passes."""
    wanted: Callable[[], bool] = lambda: True
    """Asked right before each request that changes something, a repeated one too: whether it is still to be sent."""

    def call(self, request: HttpRequest, price: Price, asked: CallKind, *, repeatable: bool = True) -> dict[str, Any]:
        """Send it and return the parsed body, always an object.

        `repeatable`: executing it twice does no harm, so a lost answer is asked for again; otherwise a lost answer is
        OutcomeUnknown at once. Raises one of the errors that `failures` sorts into; if an answer to an earlier try was
        lost and no later one settles the matter, that is OutcomeUnknown too, because it may have been executed.
        """
        reading = request.method == "GET"  # asked now, because the library turns a GET with a long address into a POST
        lost: OutcomeUnknown | None = None
        renew = False
        for attempt in range(1, TRIES + 1):
            try:
                return self._once(request, price, asked, renew=renew)
            except (Judged, LabelMissing, LabelNameTaken, LabelStale):
                raise  # an answer about the thing itself settles the matter, whatever was lost before
            except GoogleError as error:
                failure = error
            if isinstance(failure, MalformedReply) and not reading:
                failure = OutcomeUnknown(failure.sentence, failure.not_before)
            if isinstance(failure, OutcomeUnknown) and not reading:
                lost = failure
                if not repeatable:
                    raise failure
            if isinstance(failure, NoLongerWanted) or not isinstance(failure, RetryLater):
                raise (lost or failure) from None
            if attempt == TRIES or not self._wait(failure, attempt):
                raise (lost or failure) from None
            renew = isinstance(failure, Unauthenticated)
        raise AssertionError("the last try returns or raises")

    def _wait(self, failure: RetryLater, attempt: int) -> bool:
        """Wait before the next try; False where the wait is longer than the pass may take."""
        if isinstance(failure, Unauthenticated):
            return True
        if healed := failure.not_before or failure.guess:
            seconds = max(0.0, (healed - self.clock()).total_seconds())
        else:
            seconds = FIRST_WAIT * 2 ** (attempt - 1) * (1 + self.random())
        return self.patience.wait(seconds)

    def _once(self, request: HttpRequest, price: Price, asked: CallKind, *, renew: bool) -> dict[str, Any]:
        if self.budget is not None:
            self.budget.spend(self.account, price, self.patience)
        token = self.token(renew=renew)
        if request.method != "GET" and not self.wanted():
            raise NoLongerWanted("Access changed while this mailbox was written to; sharesync looks again.")
        try:
            body = request.execute(http=_Wire(self.http, token), num_retries=0)
        except NotSent as error:
            raise sort_exception(error) from None
        except _Unsuccessful as error:
            # Google charges for what it does, not for refusing to.
            self._count(request, Price() if error.reply.status in (401, 429) else price)
            raise sort_reply(error.reply, asked, self.clock()) from None
        except (OSError, httplib2.HttpLib2Error, ValueError, RecursionError) as error:
            self._count(request, price)
            raise sort_exception(error) from None
        self._count(request, price)
        if not isinstance(body, dict):
            raise MalformedReply("Google's reply was cut off; sharesync tries again by itself.")
        return body

    def _count(self, request: HttpRequest, price: Price) -> None:
        method = str(request.methodId).removeprefix("people.")
        self.meter.calls[method] = self.meter.calls.get(method, 0) + 1
        for name, units in price.parts():
            self.meter.quota[name] = self.meter.quota.get(name, 0) + units


class _Unsuccessful(Exception):
    """A reply other than success, before the library reads it (which fails on some malformed ones)."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(reply.status)
        self.reply = reply


@dataclass(frozen=True, slots=True)
class _Wire:
    """What `HttpRequest.execute` sees of the transport: it adds the token, and nothing that is no success passes."""

    http: Transport
    token: str

    def request(self, uri: str, method: str, body: Any, headers: dict[str, str]) -> tuple[httplib2.Response, bytes]:
        headers = headers | {"authorization": f"Bearer {self.token}"}
        response, content = self.http.request(uri, method, body=body, headers=headers)
        if response.status >= 300:
            raise _Unsuccessful(Reply(response.status, content, response.get("retry-after")))
        return response, content
