"""The log of calls, for tests that count them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from itertools import islice
from threading import Lock

from sharesync.sandbox.wire import Json


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
        self._entries: list[Entry] = []
        self._lock = Lock()

    def add(
        self, at: str, method: str, user: str | None, status: int, cost: Mapping[str, int], fault: str | None
    ) -> None:
        with self._lock:
            self._entries.append(Entry(len(self._entries) + 1, at, method, user, status, cost, fault))

    def entries(self, since: int = 0) -> list[Entry]:
        """The calls after number `since`."""
        with self._lock:
            return list(islice(self._entries, since, None))

    def counts(self, user: str | None = None) -> Counter[str]:
        """Calls by method id, of one user or of all."""
        return Counter(entry.method for entry in self.entries() if user in (None, entry.user))

    def clear(self) -> None:
        with self._lock:
            self._entries.clear()

    def as_json(self, since: int = 0) -> list[Json]:
        return [{**asdict(entry), "cost": dict(entry.cost)} for entry in self.entries(since)]
