"""Faults on order: which calls they strike, and what happens to them.

A fault matches by method id (a shell pattern, the leading `people.` may be left out; the token endpoint is
`oauth.token`) and by mailbox, lets `skip` matching calls pass, strikes `times` calls (None: all) and is then spent.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from enum import Enum
from fnmatch import fnmatchcase
from itertools import count
from threading import Lock
from typing import Any

from sharesync.sandbox.wire import Json


class Kind(Enum):
    """What a fault does. Those marked * heed `when`: `before` the call is carried out, or `after`, unheard."""

    STATUS = "status"  # * answer `status` with `body` (an object is sent as JSON, a text as HTML) and `headers`
    DROP = "drop"  # * close the connection without an answer
    HALF = "half"  # after: close it in the middle of the answer
    DELAY = "delay"  # wait `seconds`, then answer as usual
    EMPTY_LIST = "empty_list"  # 200 with a list that has nothing in it but the sync token, which goes on from there
    CUT_JSON = "cut_json"  # 200 with the first half of the JSON text
    NO_TOKENS = "no_tokens"  # 200 with a page that has neither nextPageToken nor nextSyncToken
    HALF_LIST = "half_list"  # 200 with every second item missing, tokens as usual
    OMITTED_CHANGE = "omitted_change"  # 200 with a delta that leaves its first change out, for good
    EXPIRED_SYNC_TOKEN = "expired_sync_token"  # 400, also in the middle of paging
    INVALID_TOKEN = "invalid_token"  # 401, and the access token is gone


@dataclass(frozen=True, slots=True)
class Fault:
    """One order. `seconds` belongs to `delay`; `status`, `body` and `headers` belong to `status`."""

    kind: Kind
    method: str = "*"
    mailbox: str | None = None
    skip: int = 0
    times: int | None = 1
    when: str = "before"
    status: int = 503
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0

    @classmethod
    def of(cls, raw: Json) -> Fault:
        """A fault from JSON. Raises ValueError with one clear sentence."""
        known = [one.name for one in fields(cls)]
        for name in raw:
            if name not in known:
                raise ValueError(f"A fault has no {name}; it has {', '.join(known)}.")
        try:
            kind = Kind(raw.get("kind"))
        except ValueError as error:
            raise ValueError(f"The kind of a fault is one of {', '.join(one.value for one in Kind)}.") from error
        if raw.get("when", "before") not in ("before", "after"):
            raise ValueError("A fault strikes before or after.")
        return cls(**{**raw, "kind": kind})

    def strikes(self, method: str, mailbox: str | None) -> bool:
        named = fnmatchcase(method, self.method) or fnmatchcase(method.removeprefix("people."), self.method)
        return named and self.mailbox in (None, mailbox)


class Faults:
    """The orders in force."""

    def __init__(self) -> None:
        self._orders: dict[int, Fault] = {}
        self._hits: dict[int, int] = {}
        self._numbers = count(1)
        self._lock = Lock()

    def add(self, fault: Fault) -> int:
        """Puts a fault in force; its number."""
        with self._lock:
            number = next(self._numbers)
            self._orders[number], self._hits[number] = fault, 0
            return number

    def clear(self, number: int | None = None) -> None:
        with self._lock:
            for one in [number] if number is not None else list(self._orders):
                self._orders.pop(one, None)

    def strike(self, method: str, mailbox: str | None) -> Fault | None:
        """The first fault in force for this call, counted as used. Every order counts the calls it matches."""
        with self._lock:
            struck: Fault | None = None
            for number, fault in list(self._orders.items()):
                if not fault.strikes(method, mailbox):
                    continue
                self._hits[number] += 1
                if struck is None and self._hits[number] > fault.skip:
                    struck = fault
                    if fault.times is not None and self._hits[number] >= fault.skip + fault.times:
                        del self._orders[number]
            return struck

    def as_json(self) -> list[Json]:
        with self._lock:
            return [
                {"id": number, "kind": fault.kind.value, "method": fault.method, "mailbox": fault.mailbox,
                 "hits": self._hits[number]}
                for number, fault in self._orders.items()
            ]  # fmt: skip
