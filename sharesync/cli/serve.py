"""`run`, and apart `web`, `clock` and `worker`: the commands that stay until a signal ends them.

The truth about what is due stands in the mailbox rows. With the local queue, `worker` looks there every second and
passes over what is due; `clock` reads the directory and does what is done once a day. With procrastinate as the queue
it is `clock` that looks, and rings for whichever worker is free. A second worker is harmless thanks to the claim on
each mailbox; a second clock does its work twice.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

import click

from sharesync.cli import garbage, logs, opening

if TYPE_CHECKING:
    from sharesync.settings import Settings


@click.command()
def run() -> None:
    """Run web page, clock and worker in one process, until Ctrl-C."""
    with ending() as told_to_end:
        from sharesync.cli import pages
        from sharesync.jobs.background import background
        from sharesync.jobs.clock import DIRECTORY_EVERY
        from web import create_app

        chosen = opening.settings()
        logs.to_stderr(chosen.log_format)
        with (
            pages.listen(chosen.host, chosen.port) as listening,
            opening.world(chosen, make=True) as world,
            pages.PageThread(create_app(world, chosen), listening),
            background(
                world,
                workers=chosen.workers,
                queue=chosen.queue,
                directory_every=DIRECTORY_EVERY,
                trash=_trash(chosen),
                uploads=chosen.uploads,
            ),
        ):
            click.echo(f"sharesync stands at {pages.address(listening)}; Ctrl-C ends it.")
            told_to_end()


@click.command()
def web() -> None:
    """Run the web page alone, until Ctrl-C."""
    with ending() as told_to_end:
        from sharesync.cli import pages
        from web import create_app

        chosen = opening.settings()
        logs.to_stderr(chosen.log_format)
        with (
            pages.listen(chosen.host, chosen.port) as listening,
            opening.world(chosen, make=True) as world,
            pages.PageThread(create_app(world, chosen), listening),
        ):
            click.echo(f"sharesync stands at {pages.address(listening)}; Ctrl-C ends it.")
            told_to_end()


@click.command()
def clock() -> None:
    """Read the directory now and then, ring for workers, until Ctrl-C.

    The directory every quarter of an hour; with SHARESYNC_QUEUE=procrastinate, for each mailbox as soon as it is due.
    Once a day it also signs the change log, and ends the trash for what lay there too long.
    """
    with ending() as told_to_end:
        from sharesync.jobs.background import background
        from sharesync.jobs.clock import DIRECTORY_EVERY

        chosen = opening.settings()
        logs.to_stderr(chosen.log_format)
        with (
            opening.world(chosen, make=True) as world,
            background(
                world,
                queue=chosen.queue,
                directory_every=DIRECTORY_EVERY,
                trash=_trash(chosen),
                uploads=chosen.uploads,
            ),
        ):
            told_to_end()


@click.command()
def worker() -> None:
    """Pass over the mailboxes that are due, until Ctrl-C."""
    with ending() as told_to_end:
        from sharesync.jobs.background import background

        chosen = opening.settings()
        logs.to_stderr(chosen.log_format)
        with opening.world(chosen, make=True) as world, background(world, workers=chosen.workers, queue=chosen.queue):
            told_to_end()


def _trash(chosen: Settings) -> timedelta:
    return timedelta(days=chosen.trash_days)


ENDS = (signal.SIGINT, signal.SIGTERM)
"""Ctrl-C, and what a supervisor sends."""


@contextmanager
def ending() -> Iterator[Callable[[], object]]:
    """What waits for SIGTERM or Ctrl-C; after the block the process ends at once, whatever still hangs on a wire.

    What takes time to start belongs inside the block, so that a signal meanwhile is heard too. A second signal ends it
    the hard way. The signals wait to be fetched, here and in every thread begun in the block: a handler would be run by
    the main thread alone, which does not wake where the system gave the signal to another one.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ENDS)

    def wait() -> None:
        garbage.set_apart()
        signal.sigwait(ENDS)
        for number in ENDS:
            signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_SETMASK, before)

    try:
        yield wait
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
    _leave_behind()


def _leave_behind() -> None:
    """End here if a thread still waits for an answer: Python would wait with it. What it did not do is done again."""
    others = [thread for thread in threading.enumerate() if thread is not threading.current_thread()]
    for thread in others:
        thread.join(0.2)
    if any(thread.is_alive() for thread in others):
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(0)
