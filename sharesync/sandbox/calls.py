"""The log of calls, for tests that count them. Only the latest 100,000 are kept: a demo may run for weeks."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from threading import Lock

from sharesync.sandbox.wire import Json

_KEPT = 100_000


@dataclass(frozen=True, slots=True)
class Entry:
    """One call as it was answered. `number` counts from 1; `user` is an address; `fault` the kind that struck."""

    number: int
    at: str
    method: str
    user: str | None
    status: int
    cost: Mapping[str, int]
    fault: str | None


class CallLog:
    """Every call in the order of its answer."""

    def __init__(self) -> None:
        self._entries: deque[Entry] = deque(maxlen=_KEPT)
        self._number = 0
        self._lock = Lock()

    def add(
        self, at: str, method: str, user: str | None, status: int, cost: Mapping[str, int], fault: str | None
    ) -> None:
        with self._lock:
            self._number += 1
            self._entries.append(Entry(self._number, at, method, user, status, cost, fault))

    def entries(self, since: int = 0) -> list[Entry]:
        """The calls after number `since`."""
        with self._lock:
            return [entry for entry in self._entries if entry.number > since]

    def counts(self, user: str | None = None) -> Counter[str]:
        """Calls by method id, of one user or of all."""
        return Counter(entry.method for entry in self.entries() if user in (None, entry.user))

    def clear(self) -> None:
        with self._lock:
            self._entries.clear()
            self._number = 0

    def as_json(self, since: int = 0) -> list[Json]:
        return [{**asdict(entry), "cost": dict(entry.cost)} for entry in self.entries(since)]
