"""The local worker: finds the mailboxes that are due and passes over them, so many at a time.

- Never over one mailbox twice at once: here a set of those waiting or under way sees to it, between processes the
  claim in the mailbox row (`store/mailboxes/claims.py`).
- Nothing that happens in one pass reaches another, or ends the worker.
- A pass that is cut off by stopping is no loss: the next one ends where it would have (promise 10 of the sync).
"""

from __future__ import annotations

import logging
import threading
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import replace
from datetime import datetime

from sharesync.errors import MailboxBusy
from sharesync.mailbox_pass.run import run_pass
from sharesync.model.mailbox import MailboxState
from sharesync.services.app import World
from sharesync.services.operation import unexpected_errors
from sharesync.services.operation.metrics import METERS
from sharesync.services.operation.pass_report import PassReport, Tally
from sharesync.store.mailboxes import claims

LOG = logging.getLogger("sharesync")

PATIENCE = 5.0
"""Seconds that one pass may wait for quota: longer, and the place is better given to another mailbox."""
GRACE = 1.0
"""Seconds in which a pass may end by itself when the worker stops, before it is made to end at its next step."""


class Stopping(MailboxBusy):
    """This process stops: leave the mailbox to whichever comes next."""


class Worker:
    """Passes over due mailboxes in `workers` threads, from the first `dispatch` to `stop`."""

    def __init__(self, world: World, workers: int) -> None:
        self._world = replace(world, now=self._moment)
        self._clock = world.now
        self._pool = ThreadPoolExecutor(max_workers=workers, thread_name_prefix="pass")
        self._lock = threading.Lock()
        self._taken: dict[str, Future[None]] = {}
        self._closed = False
        self._cut = threading.Event()

    def dispatch(self) -> None:
        """Hand every due mailbox that is not yet in hand to the pool; called by the clock, every second or so."""
        with self._world.database.reading() as session:
            due = claims.due(session, self._clock(), self._world.interval)
        with self._lock:
            for mailbox in due:
                if self._closed:
                    return
                if mailbox.user_id not in self._taken:
                    self._taken[mailbox.user_id] = self._pool.submit(self._pass, mailbox.user_id, mailbox.fence)

    @property
    def busy(self) -> bool:
        """Whether a pass is under way or waits for its turn."""
        with self._lock:
            return bool(self._taken)

    def stop(self, grace: float = GRACE) -> bool:
        """Start nothing more and let what is under way end, soon; False if something is still under way after that."""
        with self._lock:
            self._closed = True
            running = list(self._taken.values())
        self._pool.shutdown(wait=False, cancel_futures=True)
        if wait(running, grace).not_done:
            self._cut.set()
        return not wait(running, grace).not_done

    def _moment(self) -> datetime:
        """The time, which every step of a pass asks for: where a pass finds out that it is to end."""
        if self._cut.is_set():
            raise Stopping("This process stops.")
        return self._clock()

    def _pass(self, user: str, fence: int) -> None:
        try:
            with self._world.database.reading() as session:
                if claims.get(session, user).fence != fence:
                    return  # another process has passed over it while it waited here
            report = run_pass(self._world, user, patience=PATIENCE)
            METERS.passed(report)
            _tell(user, report)
        except Stopping:
            LOG.info("mailbox %s: the pass was cut off, because this process stops", user)
        except MailboxBusy:
            LOG.debug("mailbox %s: another process is at it", user)
        except Exception as error:
            METERS.mishap()
            LOG.error("mailbox %s: the pass failed by mishap %s", user, unexpected_errors.note(error))
        finally:
            with self._lock:
                self._taken.pop(user, None)


def _tell(user: str, report: PassReport) -> None:
    """One line in the log for a pass in which something happened; mailboxes go by Google's id, never by address."""
    counts = {name: number for name in Tally.__slots__ if (number := getattr(report.tally, name)) and name != "pulled"}
    done = ", ".join(f"{name} {number}" for name, number in counts.items()) or "nothing to do"
    if report.outcome in (MailboxState.OK, MailboxState.PAUSED):
        LOG.log(logging.INFO if counts else logging.DEBUG, "mailbox %s: %s: %s", user, report.outcome.value, done)
    else:
        # What heals itself is no alarm.
        level = logging.INFO if report.outcome is MailboxState.RETRY else logging.WARNING
        LOG.log(level, "mailbox %s: %s: %s; %s", user, report.outcome.value, done, report.reason)
