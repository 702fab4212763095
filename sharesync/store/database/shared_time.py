"""The time that processes share: the database's, where several machines have clocks of their own.

Leases, due times and the log are compared between processes. It is asked once a minute and carried on in between by a
clock that nobody sets; SQLite has one machine, whose clock it is.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.exc import DatabaseError

from sharesync.store.database.engine import Database

LOG = logging.getLogger("sharesync")
EVERY = 60.0
"""Seconds between two questions."""


def _here() -> datetime:
    return datetime.now(UTC)


class SharedTime:
    """Called, it says the moment. Safe to share between threads."""

    def __init__(self, database: Database, here: Callable[[], datetime] = _here) -> None:
        self._database = database
        self._here = here
        self._asking = threading.Lock()
        self._told: tuple[datetime, float] | None = None
        """What the database said, and when that was by the clock that nobody sets."""

    def __call__(self) -> datetime:
        """The moment, in UTC."""
        if not self._database.numbers_later:
            return self._here()
        told = self._told
        if told is None or time.monotonic() - told[1] > EVERY:
            told = self._ask() or told
        return self._here() if told is None else told[0] + timedelta(seconds=time.monotonic() - told[1])

    def _ask(self) -> tuple[datetime, float] | None:
        """What the database says; None while another thread asks, or it is away: the last word holds for longer."""
        if not self._asking.acquire(blocking=self._told is None):
            return None
        try:
            with self._database.engine.connect() as connection:
                sent = time.monotonic()
                moment: datetime = connection.execute(select(func.clock_timestamp())).scalar_one()
            self._told = moment.astimezone(UTC), (sent + time.monotonic()) / 2
        except DatabaseError as error:
            LOG.warning("the database was not asked for the time (%s)", type(error.orig).__name__)
            return None
        finally:
            self._asking.release()
        return self._told
