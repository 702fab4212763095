"""The local worker: finds the mailboxes that are due and passes over them, so many at a time.

Never over one mailbox twice at once: here a set of those under way sees to it, between processes the claim in the
mailbox row (`store/mailboxes/claims.py`). What waits is found anew at every look, so whoever waits longest, or has
asked for it, is next.
"""

from __future__ import annotations

import threading
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor, wait

from sharesync.jobs.passes import GRACE, Passes
from sharesync.services.app import World
from sharesync.store.mailboxes.claims import Mailbox


class Worker:
    """Passes over due mailboxes in `workers` threads, from the first `dispatch` to `stop`."""

    def __init__(self, world: World, workers: int) -> None:
        self._passes = Passes(world)
        self._workers = workers
        self._pool = ThreadPoolExecutor(max_workers=workers, thread_name_prefix="pass")
        self._lock = threading.Lock()
        self._waiting: deque[Mailbox] = deque()
        self._running: dict[str, Future[None]] = {}
        self._closed = False

    def dispatch(self) -> None:
        """Look which mailboxes are due, and begin with the first; called by the clock, every second or so."""
        due = self._passes.due()
        with self._lock:
            self._waiting = deque(due)
            self._fill()

    @property
    def busy(self) -> bool:
        """Whether a pass is under way or waits for its turn."""
        with self._lock:
            return bool(self._running)

    def stop(self, grace: float = GRACE) -> bool:
        """Start nothing more and let what is under way end, soon; False if something is still under way after that."""
        with self._lock:
            self._closed = True
            running = list(self._running.values())
        self._pool.shutdown(wait=False, cancel_futures=True)
        if wait(running, grace).not_done:
            self._passes.cut()
        return not wait(running, grace).not_done

    def _fill(self) -> None:
        """Begin what there is room for; the lock is held."""
        while self._waiting and len(self._running) < self._workers and not self._closed:
            mailbox = self._waiting.popleft()
            if mailbox.user_id not in self._running:
                self._running[mailbox.user_id] = self._pool.submit(self._pass, mailbox.user_id, mailbox.fence)

    def _pass(self, user: str, fence: int) -> None:
        try:
            self._passes.over(user, fence)
        finally:
            with self._lock:
                self._running.pop(user, None)
                self._fill()
