"""What works beside a web page, or alone: the clock, and with it a worker, the directory, or both."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from sharesync.jobs.clock import Clock, DirectorySync, tick
from sharesync.jobs.courier import LOOK as COURIER_LOOK
from sharesync.jobs.courier import Courier
from sharesync.jobs.worker import Worker
from sharesync.model.audit import CLOCK
from sharesync.services import duplicates, quality, reviews, smart_groups
from sharesync.services.app import World
from sharesync.services.log import checkpoints, checkpoints_away, keyring
from sharesync.services.operation.uploads import Uploads
from sharesync.services.trash import purge
from sharesync.services.who_may import tokens
from sharesync.settings import QueueKind

if TYPE_CHECKING:
    from sharesync.jobs.doorbell import Bell, Listener

LOOK = 5.0
"""Seconds between two looks whether the directory is to be read; a failed reading is tried again the sooner."""
DAY = 24 * 3600.0
COUNT = 300.0
"""Seconds between two counts of what may be wrong with contacts."""
SWEEP = 600.0
"""Seconds between two looks for files that nobody came back for."""
TOKENS = 60.0
"""Seconds between two looks whether the time of a token is over."""
REVIEWS = 60.0
"""Seconds between two looks at who is asked about what in reviews."""
COMPARE = 1.0
"""Seconds after which contacts that were written are compared."""
NUMBER = 1.0
"""Seconds after which an event has its number, where whoever led the log passed it over."""


@contextmanager
def background(
    world: World,
    *,
    workers: int = 0,
    queue: QueueKind = QueueKind.LOCAL,
    directory_every: float = 0.0,
    trash: timedelta | None = None,
    uploads: Path | None = None,
) -> Iterator[None]:
    """While the block lasts, pass over due mailboxes in `workers` threads and read the directory every so many seconds.

    0 leaves the one or the other out. With a queue, whoever reads the directory rings for what is due, and workers
    answer, in this process or another. Endpoints are told, whatever else is done. Who reads the directory also compares
    contacts with each other, counts what may be wrong with them, signs the log, sends its checkpoints away, ends the
    trash for what has lain there longer than `trash`, at the start and once a day, and sweeps the folder `uploads`. At
    the end nothing more is begun, and what is under way ends within seconds or is left behind. Raises SettingsError
    where a file is named that does not hold the log's key.
    """
    clock, courier = Clock(), Courier(world)
    rung = queue is QueueKind.PROCRASTINATE
    worker = Worker(world, workers) if workers and not rung else None
    bell, listener = _doorbell(world, workers, rings=bool(directory_every)) if rung else (None, None)
    if directory_every:
        _keep_house(clock, world, directory_every, trash, uploads)
    if world.database.numbers_later:
        clock.every(NUMBER, world.database.number, name="numbers of events")
    if worker:
        clock.every(tick(world.interval), worker.dispatch, name="dispatch")
    if bell:
        clock.every(tick(world.interval), bell.ring, name="doorbell")
    clock.every(COURIER_LOOK, courier.look, name="courier")
    if listener:
        listener.start()
    clock.start()
    try:
        yield
    finally:
        clock.stop()
        for one in (courier, worker, listener):
            if one:
                one.stop()
        if bell:
            bell.close()


def _keep_house(
    clock: Clock, world: World, directory_every: float, trash: timedelta | None, uploads: Path | None
) -> None:
    """Do now and then what one process does for all."""
    clock.every(LOOK, partial(smart_groups.tend, world.operation(CLOCK)), name="smart groups")
    clock.every(TOKENS, partial(tokens.tell_over, world.operation(CLOCK)), name="tokens")
    clock.every(REVIEWS, partial(reviews.tend, world.operation(CLOCK)), name="reviews")
    clock.every(COMPARE, partial(duplicates.catch_up, world.database), name="duplicates")
    clock.every(COUNT, partial(quality.count, world), name="quality")
    clock.every(min(LOOK, directory_every), DirectorySync(world, directory_every), name="directory")
    if world.checkpoints:
        _may_sign(world)
        every = world.checkpoint_interval.total_seconds()
        clock.every(every, partial(checkpoints.keep, world), name="checkpoint")
        clock.every(checkpoints_away.LOOK, partial(checkpoints_away.send, world), name="checkpoints away")
    if trash:
        clock.every(DAY, partial(_purge, world, trash), name="trash")
    if uploads:
        clock.every(SWEEP, Uploads(uploads).sweep, name="uploads")


def _doorbell(world: World, workers: int, *, rings: bool) -> tuple[Bell | None, Listener | None]:
    from sharesync.jobs.doorbell import Bell, Listener  # with a library that is of no use without it

    return Bell(world) if rings else None, Listener(world, workers) if workers else None


def _may_sign(world: World) -> None:
    if world.log_key.file:  # without one, who wants the key away from here signs by hand
        with world.database.reading() as session:
            keyring.signer(session, world.log_key)


def _purge(world: World, keep: timedelta) -> None:
    purge(world.operation(CLOCK), keep)
