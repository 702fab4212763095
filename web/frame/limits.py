"""Limits: how often a costly request, or one that guesses a secret, may be made.

Counted in memory: there is one process that answers (`cli/pages.py`). Several would each count for themselves, and the
limits be so many times as wide. A view names its limit where it is registered: `@pages.post(…, limit=IMPORT)`.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from math import ceil
from threading import Lock

from flask import Flask, Response, g, request
from flask_limiter import Limiter
from limits import RateLimitItemPerMinute

SIGN_IN = "30 per minute"
"""For one address on the net, which a whole office may share."""
IMPORT = "10 per minute"
COLUMNS = "120 per minute"
"""To tell the columns of a file: each choice shows the first contacts anew."""
EXPORT = "10 per minute"
SYNC_NOW = "6 per minute"
BY_PROGRAM = 600
"""A minute, of one token; or of one address that brings none."""
ANYTHING = "1200 per minute"
"""For all pages together: twenty open ones that refresh themselves, and a quick hand."""


def asker() -> str:
    """Whom a limit counts for: the program, the person, or, before anyone is known, the address."""
    if program := g.get("program"):
        return f"token {program.token.id}"
    person = g.get("person")
    return f"person {person.user_id}" if person else f"address {request.remote_addr}"


limiter = Limiter(asker, application_limits=[ANYTHING], storage_uri="memory://")


def install(app: Flask) -> None:
    """Count every request, once it is known whose it is."""
    limiter.init_app(app)
    app.after_request(_say_when)


def _say_when(response: Response) -> Response:
    """Tell who asked too often when to come back. Nobody else is told: the library would write that on every answer."""
    used = limiter.current_limit  # whose end is told in whole seconds, rounded up
    if response.status_code == 429 and used is not None:
        response.headers.setdefault("Retry-After", str(max(int(used.reset_at - time.time()), 1)))
    return response


@dataclass(frozen=True, slots=True)
class Allowance:
    """How much of a limit the asker has used."""

    within: bool
    most: int
    left: int
    resets_in: int
    """Seconds."""


class MinuteCounts:
    """Counts of each asker in a minute that begins with their first request.

    Requests of programs are counted here alone: the library starts a thread for each, to forget with.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._used: dict[str, tuple[float, int]] = {}
        """By asker: when their minute ends, and how many there were."""
        self._swept = 0.0

    def count(self, who: str) -> tuple[int, float]:
        """Count one more; how many there were in this minute, and its seconds that are left."""
        now = time.monotonic()
        with self._lock:
            if now - self._swept > 60:
                self._used = {one: used for one, used in self._used.items() if used[0] > now}
                self._swept = now
            end, number = self._used.get(who, (0.0, 0))
            end, number = (end, number + 1) if end > now else (now + 60, 1)
            self._used[who] = end, number
        return number, end - now


_MINUTES = MinuteCounts()


def allowance(per_minute: int) -> Allowance:
    """Count one more request of a program, and say how much is left in this minute."""
    number, seconds = _MINUTES.count(asker())
    return Allowance(number <= per_minute, per_minute, max(per_minute - number, 0), max(ceil(seconds), 1))


def first_of_its_kind(kind: str, per_minute: int) -> bool:
    """Whether this asker has not done this so many times in this minute."""
    return limiter.limiter.hit(RateLimitItemPerMinute(per_minute), kind, asker())
