"""The courier: hands each endpoint that is to be told something to a thread: one who hangs holds up no other."""

from __future__ import annotations

import logging
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from sharesync.services.app import World
from sharesync.services.operation import unexpected_errors
from sharesync.services.telling import deciders, delivery

LOG = logging.getLogger("sharesync")

LOOK = 1.0
"""Seconds between two looks whether somebody is to be told."""
THREADS = 4
PEOPLE = 30.0
"""Seconds between two looks who decides and is to be told by mail."""


class Courier:
    """Tells, from the first look to `stop`. A second one, in another process, is harmless."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="courier")
        self._under_way: set[str] = set()
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._people_at = -PEOPLE

    def look(self) -> None:
        """Begin to tell those who are to be told something; called by the clock."""
        if time.monotonic() - self._people_at >= PEOPLE:
            self._people_at = time.monotonic()
            deciders.ensure(self._world)
        for endpoint in delivery.due(self._world):
            with self._lock:
                if self._over.is_set() or endpoint in self._under_way:
                    continue
                self._under_way.add(endpoint)
                self._pool.submit(self._tell, endpoint)

    def stop(self) -> None:
        """Begin nothing more; returns at once. Each endpoint is given back once its message under way has arrived.

        A message that is cut off is sent again under its id.
        """
        with self._lock:
            self._over.set()
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _tell(self, endpoint: str) -> None:
        try:
            delivery.deliver(self._world, endpoint, self._over)
        except Exception as error:  # an error at one endpoint stops no other
            LOG.error("an endpoint was not told, by mishap %s; it is tried again", unexpected_errors.note(error))
        finally:
            with self._lock:
                self._under_way.discard(endpoint)
