"""The clock: wakes what is to be done again and again. Kept in memory; a second one, in another process, is harmless.

A job that fails is told of in the log and woken again; none of them can stop the clock. While one still runs, its next
turn is passed over.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger

from sharesync.errors import Attention, GoogleError, SharesyncError
from sharesync.model.audit import ActorKind, By, Event, Source
from sharesync.services.app import World
from sharesync.services.directory import sync_directory
from sharesync.services.operation import unexpected_errors
from sharesync.store.mailboxes import directory

LOG = logging.getLogger("sharesync")

DIRECTORY = By(ActorKind.SYSTEM, "clock", Source.DIRECTORY)
DIRECTORY_EVERY = 15 * 60.0
"""Seconds between two readings of the directory."""
AGAIN_AFTER = 60.0
"""Seconds after which a failed reading of the directory is tried again."""
QUIET = 60.0
"""Seconds for which a job that keeps failing is told of only once."""


class Clock:
    """Wakes its jobs from `start` to `stop`."""

    def __init__(self) -> None:
        # What APScheduler says of its own jobs repeats what an exception said, which may be anyone's data.
        logging.getLogger("apscheduler").setLevel(logging.CRITICAL)
        self._scheduler = BackgroundScheduler(
            timezone=UTC,
            executors={"default": ThreadPoolExecutor(4, {"thread_name_prefix": "clock"})},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )

    def every(self, seconds: float, job: Callable[[], object], *, name: str) -> None:
        """Call `job` at the start and then every so many seconds. `name` is for the log."""
        self._scheduler.add_job(
            _Calm(job, name), IntervalTrigger(seconds=seconds), id=name, next_run_time=datetime.now(UTC)
        )

    def start(self) -> None:
        """Begin; returns at once."""
        self._scheduler.start()

    def stop(self) -> None:
        """Wake nothing more; returns at once, whatever still runs."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)


def tick(interval: timedelta) -> float:
    """Seconds between two looks for due mailboxes: a change reaches others within a second, in the demo sooner."""
    return min(1.0, interval.total_seconds() / 10)


class DirectorySync:
    """The job that keeps the directory's mirror fresh: it is woken often, and reads when it is time."""

    def __init__(
        self, world: World, every: float = DIRECTORY_EVERY, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._world = world
        self._every = every
        self._clock = clock
        self._next = clock()
        self._failed = False
        self._needs = False
        """Whether somebody must act before it can be read, and that was told."""

    def __call__(self) -> None:
        """Read the directory if it is time."""
        if self._clock() < self._next and not self._is_asked():
            return
        try:
            report = sync_directory(self._world, DIRECTORY)
        except GoogleError as error:
            self._next, self._failed = self._clock() + min(AGAIN_AFTER, self._every), True
            LOG.warning("directory: %s", error.sentence)
            self._tell(needs=isinstance(error, Attention), reason=error.sentence)
            return
        self._next, self._failed = self._clock() + self._every, False
        self._tell(needs=False)
        if report.held:
            LOG.warning("directory: %d people would lose a group at once; `sharesync holds list` shows it", report.held)
        if report.changed:
            LOG.info("directory: the access of %d mailboxes changed", report.changed)

    def _tell(self, *, needs: bool, reason: str = "") -> None:
        """Write it down once when somebody must act, and once when that is over."""
        if needs is self._needs or (self._needs and self._failed):
            return
        with self._world.work(DIRECTORY) as work:
            work.record(Event("directory.need" if needs else "directory.recover", reason=reason))
        self._needs = needs

    def _is_asked(self) -> bool:
        """Whether access hangs on a Google group about whose members nobody has asked yet, and no try has failed."""
        if self._failed:
            return False
        with self._world.database.reading() as session:
            return directory.unread(session)


class _Calm:
    """A job whose failure is told of once a minute and never raised."""

    def __init__(self, job: Callable[[], object], name: str) -> None:
        self._job = job
        self._name = name
        self._told = -QUIET

    def __call__(self) -> None:
        try:
            self._job()
        except Exception as error:
            if time.monotonic() - self._told < QUIET:
                return
            self._told = time.monotonic()
            if isinstance(error, SharesyncError):
                LOG.error("%s: %s", self._name, error)
            else:
                LOG.error("%s failed by mishap %s; it is tried again", self._name, unexpected_errors.note(error))
