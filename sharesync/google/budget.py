"""How much is asked of Google: its price list, a budget per mailbox and minute, and how long a pass may wait.

The budget is a sliding window over what was sent, shared by all passes of this process. It never lets more through than
the limit in any 60 seconds, so Google's own limit (counted per user and minute) is not met in ordinary work.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta

from sharesync.errors import BudgetSpent, Sentence, SettingsError

WINDOW = timedelta(seconds=61)
"""A minute, and one second for requests that took unequally long to arrive."""


@dataclass(frozen=True, slots=True)
class Price:
    """What one request costs, in Google's units ("Read and Manage Contacts"; of labels and photos not published: 1)."""

    critical_read: int = 0
    critical_write: int = 0
    label_read: int = 0
    label_write: int = 0
    photo_write: int = 0

    def parts(self) -> tuple[tuple[str, int], ...]:
        """What is not free, by the name of its quota."""
        named = asdict(self).items()
        return tuple((name, units) for name, units in named if units)


CONTACTS_LIMIT = 25_000
"""Contacts that one Google account holds, its user's own among them (Google Contacts Help)."""

READ = Price(critical_read=1)
WRITE_ONE = Price(critical_read=1, critical_write=1)
WRITE_BATCH = Price(critical_read=6, critical_write=6)
DELETE_ONE = Price(critical_write=1)
DELETE_BATCH = Price(critical_write=10)
LABEL_READ = Price(label_read=1)
LABEL_WRITE = Price(label_write=1)
PHOTO_WRITE = Price(photo_write=1)

BATCH = 200
"""Persons that one request makes or changes at most (people.batchCreateContacts, batchUpdateContacts)."""
SINGLES = 5
"""Up to so many creates or updates are cheaper one by one (1 + 1 each) than as a batch (6 + 6)."""
SINGLE_DELETES = 9
"""Up to so many deletes are cheaper one by one (1 each) than as a batch (10)."""

SPAN = 5
"""Seconds of spending that are told to other processes as one."""
Spending = Mapping[str, Sequence[tuple[int, int]]]
"""By the name of a quota: when units were spent, in seconds since 1970 (UTC), and how many."""

Now = Callable[[], datetime]
"""The time, with its zone."""
Sleep = Callable[[float], object]
"""Waits so many seconds; may return early to say that the process wants to stop (`threading.Event.wait` does)."""


class Patience:
    """How many seconds one pass may spend waiting for Google, in all."""

    def __init__(self, seconds: float, clock: Now, sleep: Sleep) -> None:
        self._left = seconds
        self._clock = clock
        self._sleep = sleep

    def wait(self, seconds: float) -> bool:
        """Wait, if that is still within what is left. False: not waited, or not to the end."""
        if seconds > self._left:
            return False
        self._left -= seconds
        before = self._clock()
        self._sleep(seconds)
        return (self._clock() - before).total_seconds() >= 0.9 * seconds


@dataclass
class _Spent:
    """What one mailbox spent of one kind: moments and units, oldest first."""

    at: deque[tuple[datetime, int]] = field(default_factory=deque)
    units: int = 0

    def forget(self, before: datetime) -> None:
        while self.at and self.at[0][0] <= before:
            self.units -= self.at.popleft()[1]


class Budget:
    """Units per mailbox and minute. Safe to share between threads."""

    def __init__(
        self,
        reads: int,
        writes: int,
        clock: Now,
        label_reads: int = 90,
        label_writes: int = 30,
        photo_writes: int = 50,
    ) -> None:
        for name, limit in (("READS", reads), ("WRITES", writes)):
            if limit < DELETE_BATCH.critical_write:
                variable = f"SHARESYNC_{name}_PER_MINUTE"
                raise SettingsError(
                    variable,
                    Sentence(
                        "%(variable)s must be at least 10, the price of one batch of deletions.", variable=variable
                    ),
                )
        self._limits = {
            "critical_read": reads,
            "critical_write": writes,
            "label_read": label_reads,
            "label_write": label_writes,
            "photo_write": photo_writes,
        }
        self._clock = clock
        self._lock = threading.Lock()
        self._spent: dict[str, dict[str, _Spent]] = {}
        self._last = clock()
        self._tidied = self._last

    def spend(self, mailbox: str, price: Price, patience: Patience) -> None:
        """Take `price` from the mailbox's budget, waiting for it where patience allows.

        Raises BudgetSpent with the time from which on it is there.
        """
        while wait := self._take(mailbox, price):
            if not patience.wait(wait):
                raise BudgetSpent(
                    "This mailbox has used what Google allows in a minute; sharesync goes on by itself.",
                    self._clock() + timedelta(seconds=wait),
                )

    def spent(self, mailbox: str) -> Spending:
        """What the mailbox has used within the window, for another process to go on from (`recall`)."""
        with self._lock:
            now = self._clock()
            told: dict[str, dict[int, int]] = {}
            for name, spent in self._spent.get(mailbox, {}).items():
                spent.forget(now - WINDOW)
                for at, units in spent.at:
                    until = -int(-at.timestamp() // SPAN) * SPAN  # rounded up: never thought to be longer ago
                    told.setdefault(name, {})[until] = told.setdefault(name, {}).get(until, 0) + units
            return {name: sorted(spans.items()) for name, spans in told.items()}

    def recall(self, mailbox: str, told: Spending) -> None:
        """Go on from what another process used, where that is more than is known here."""
        with self._lock:
            now = self._clock()
            accounts = self._spent.setdefault(mailbox, {})
            for name, spans in told.items():
                theirs = _Spent(deque((datetime.fromtimestamp(at, UTC), units) for at, units in spans))
                theirs.units = sum(units for _, units in theirs.at)
                theirs.forget(now - WINDOW)
                ours = accounts.get(name, _Spent())
                ours.forget(now - WINDOW)
                if theirs.units > ours.units:
                    accounts[name] = theirs

    def affords(self, mailbox: str, price: Price) -> bool:
        """Whether the mailbox could spend it without waiting."""
        with self._lock:
            now, accounts = self._clock(), self._spent.get(mailbox, {})
            for name, units in price.parts():
                spent = accounts.get(name, _Spent())
                spent.forget(now - WINDOW)
                if spent.units + units > self._limits[name]:
                    return False
            return True

    def _take(self, mailbox: str, price: Price) -> float:
        """Take it and return 0, or leave it and return the seconds until there is enough."""
        with self._lock:
            now = self._clock()
            self._tidy(now)
            accounts = self._spent.setdefault(mailbox, {})
            wait = 0.0
            for name, units in price.parts():
                spent = accounts.setdefault(name, _Spent())
                spent.forget(now - WINDOW)
                wait = max(wait, self._until_free(spent, spent.units + units - self._limits[name], now))
            if not wait:
                for name, units in price.parts():
                    accounts[name].at.append((now, units))
                    accounts[name].units += units
            return wait

    @staticmethod
    def _until_free(spent: _Spent, excess: int, now: datetime) -> float:
        for at, units in spent.at:
            if excess <= 0:
                return 0.0
            excess -= units
            if excess <= 0:
                return (at + WINDOW - now).total_seconds() + 0.001
        return 0.0

    def _tidy(self, now: datetime) -> None:
        """Forget mailboxes at rest, so that a process serving thousands holds only those at work."""
        if now < self._last:  # the clock was set back: nobody waits for that hour; Google's 429 stands in
            self._spent.clear()
            self._tidied = now
        self._last = now
        if now - self._tidied > WINDOW:
            self._tidied = now
            for accounts in self._spent.values():
                for spent in accounts.values():
                    spent.forget(now - WINDOW)
            self._spent = {
                mailbox: accounts for mailbox, accounts in self._spent.items() if any(s.at for s in accounts.values())
            }
