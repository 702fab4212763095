"""The claim on a mailbox: renewed while its pass lives, however long a call or a wait for quota takes."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from sharesync.errors import MailboxBusy
from sharesync.model.audit import By
from sharesync.services.world import World
from sharesync.store import mailboxes


@contextmanager
def keep_alive(world: World, by: By, mailbox: str, fence: int) -> Iterator[None]:
    """Renew the claim from a thread of its own until the block ends."""
    over = threading.Event()

    def renew() -> None:
        while not over.wait(world.lease.total_seconds() / 3):
            try:
                with world.work(by) as work:
                    mailboxes.renew(work, mailbox, fence, world.lease)
            except MailboxBusy:
                return  # the pass finds out by itself at its next step

    thread = threading.Thread(target=renew, daemon=True, name="lease")
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
