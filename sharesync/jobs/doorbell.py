"""The doorbell: a clock rings for every mailbox that is due, and whichever worker is free answers (Procrastinate).

A ring says that somebody should look, no more: what is due stands in the mailbox's row. One that is lost comes again
with the clock's next look; one that is doubled, late or out of order finds another fence and does nothing. So there is
no retry, and a job is gone once it was answered. One job a mailbox runs, and one waits at the most; where somebody has
asked for a pass, one of a higher priority waits beside it.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from procrastinate import App, PsycopgConnector, SyncPsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException
from procrastinate.jobs import Status

from sharesync.jobs.passes import GRACE, Passes
from sharesync.services.app import World
from sharesync.services.operation import unexpected_errors
from sharesync.store.database import doorbell

LOG = logging.getLogger("sharesync")

QUEUE, TASK = "mailboxes", "pass"
WAITING = 1000
"""Rings that wait at the most: the clock looks again before they are answered, and then knows better who is next."""
ASKED = 10
"""The priority of a mailbox for which somebody waits."""
POLL = 0.2
"""Seconds between two looks for jobs that no notification announces: those whose lock has just become free."""
HEARTBEAT, DEAD = 5.0, 30.0
"""Seconds between two signs of life of a worker, and after which one without is taken for dead."""
AGAIN = 1.0
"""Seconds after which a worker that lost the database tries again."""


class Bell:
    """The clock's half. A second one is harmless: a mailbox has one place in the queue."""

    def __init__(self, world: World) -> None:
        doorbell.prepare(world.database)
        self._passes = Passes(world)
        self._app = App(connector=SyncPsycopgConnector(**doorbell.pool(world.database, connections=2)))
        self._lock = threading.Lock()
        self._open = False

    def ring(self) -> None:
        """Ring for every mailbox that is due and for which no ring waits; called by the clock, every second or so."""
        due = self._passes.due()
        with self._lock:
            if not self._open:
                self._app.open()
                self._open = True
            jobs = self._app.job_manager.list_jobs(queue=QUEUE, status=Status.TODO.value)
            waiting = {job.queueing_lock for job in jobs}
            for mailbox in due:
                asked = mailbox.asked_at is not None
                place = f"{mailbox.user_id} asked" if asked else mailbox.user_id
                if len(waiting) >= WAITING and not asked:
                    return
                if place not in waiting:
                    waiting.add(place)
                    self._defer(mailbox.user_id, mailbox.fence, place, ASKED if asked else 0)

    def _defer(self, user: str, fence: int, place: str, priority: int) -> None:
        job = self._app.configure_task(TASK, queue=QUEUE, lock=user, queueing_lock=place, priority=priority)
        with suppress(AlreadyEnqueued):  # another clock was quicker; nothing of ours is in that transaction
            job.defer(user=user, fence=fence)

    def close(self) -> None:
        """Give the connections back."""
        with self._lock:
            if self._open:
                self._app.close()
                self._open = False


class Listener:
    """The worker's half: answers in `workers` threads from `start` to `stop`, and survives a database that does not."""

    def __init__(self, world: World, workers: int) -> None:
        # What Procrastinate says of its jobs repeats what an exception said, which may be anyone's data.
        logging.getLogger("procrastinate").setLevel(logging.CRITICAL)
        doorbell.prepare(world.database)
        self._database = world.database
        self._passes = Passes(world)
        self._workers = workers
        self._loop = asyncio.new_event_loop()
        self._over = asyncio.Event()
        self._thread = threading.Thread(target=self._live, daemon=True, name="doorbell")

    def start(self) -> None:
        """Begin; returns at once."""
        self._thread.start()

    def stop(self, grace: float = GRACE) -> bool:
        """Answer no more and let what is under way end, soon; False if something is still under way after that."""
        if not self._thread.is_alive():
            return True
        with suppress(RuntimeError):  # it ended by itself meanwhile
            self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join(grace)
        if self._thread.is_alive():
            self._passes.cut()
            self._thread.join(grace)
        return not self._thread.is_alive()

    def _live(self) -> None:
        pool = ThreadPoolExecutor(self._workers, thread_name_prefix="pass")
        self._loop.set_default_executor(pool)
        try:
            self._loop.run_until_complete(self._listen())
        finally:
            pool.shutdown(wait=False)
            self._loop.close()

    async def _listen(self) -> None:
        while not self._over.is_set():
            try:
                await self._answer()
            except Exception as error:
                LOG.warning("the queue is away, and asked again: %s", unexpected_errors.trail(error))
            with suppress(TimeoutError):
                await asyncio.wait_for(self._over.wait(), AGAIN)

    async def _answer(self) -> None:
        """Answer until told to end, or until the database is gone."""
        app = _answering(self._passes.over, PsycopgConnector(**doorbell.pool(self._database, connections=4)))
        async with app.open_async():
            working = asyncio.create_task(
                app.run_worker_async(
                    queues=[QUEUE],
                    concurrency=self._workers,
                    install_signal_handlers=False,
                    delete_jobs="always",
                    fetch_job_polling_interval=POLL,
                    update_heartbeat_interval=HEARTBEAT,
                    stalled_worker_timeout=DEAD,
                )
            )
            clearing, told = asyncio.create_task(_clear(app)), asyncio.create_task(self._over.wait())
            await asyncio.wait((working, clearing, told), return_when=asyncio.FIRST_COMPLETED)
            for task in (clearing, told, working):
                task.cancel()
            outcomes = await asyncio.gather(working, clearing, told, return_exceptions=True)
        for outcome in outcomes:
            if isinstance(outcome, Exception):
                raise outcome


def _answering(over: Callable[[str, int], None], connector: PsycopgConnector) -> App:
    app = App(connector=connector)

    @app.task(name=TASK, queue=QUEUE)
    def answer(user: str, fence: int) -> None:
        over(user, fence)

    return app


async def _clear(app: App) -> None:
    """Take away the jobs of workers that died: a job that seems to run keeps its mailbox's others waiting."""
    while True:
        for job in await app.job_manager.get_stalled_jobs(queue=QUEUE, seconds_since_heartbeat=DEAD):
            with suppress(ConnectorException):  # another worker was quicker
                await app.job_manager.finish_job(job, Status.ABORTED, delete_job=True)
        await app.job_manager.prune_stalled_workers(DEAD)
        await asyncio.sleep(HEARTBEAT)
