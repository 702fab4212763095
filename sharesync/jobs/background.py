"""What works beside a web page, or alone: the clock, and with it a worker, the directory, or both."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from sharesync.jobs.clock import Clock, DirectorySync, tick
from sharesync.jobs.worker import Worker
from sharesync.services import checkpoints
from sharesync.services.world import World

LOOK = 5.0
"""Seconds between two looks whether the directory is to be read; a failed reading is tried again the sooner."""
CHECKPOINT_EVERY = 24 * 3600.0


@contextmanager
def background(world: World, *, workers: int = 0, directory_every: float = 0.0) -> Iterator[None]:
    """While the block lasts, pass over due mailboxes in `workers` threads and read the directory every so many seconds.

    0 leaves the one or the other out. Who reads the directory also signs the log, at the start and once a day. At the
    end nothing more is begun, and what is under way ends within seconds or is left behind.
    """
    clock = Clock()
    worker = Worker(world, workers) if workers else None
    if directory_every:
        clock.every(min(LOOK, directory_every), DirectorySync(world, directory_every), name="directory")
        if world.checkpoints:
            clock.every(CHECKPOINT_EVERY, partial(checkpoints.keep, world), name="checkpoint")
    if worker:
        clock.every(tick(world.interval), worker.dispatch, name="dispatch")
    clock.start()
    try:
        yield
    finally:
        clock.stop()
        if worker:
            worker.stop()
