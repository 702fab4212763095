"""The claim on a mailbox: renewed while its pass lives, however long a call or a wait for quota takes."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from sharesync.errors import MailboxBusy
from sharesync.model.audit import By
from sharesync.services.app import World
from sharesync.services.operation import unexpected_errors
from sharesync.store.database.beside import OwnMailbox
from sharesync.store.mailboxes import claims

LOG = logging.getLogger("sharesync")


@contextmanager
def keep_alive(world: World, by: By, mailbox: str, fence: int) -> Iterator[None]:
    """Renew the claim from a thread of its own until the block ends."""
    over = threading.Event()

    def renew() -> None:
        while not over.wait(world.lease.total_seconds() / 4):
            try:
                with world.work(by, beside=OwnMailbox(mailbox)) as work:
                    claims.renew(work, mailbox, fence, world.lease, world.google.spent(mailbox))
            except MailboxBusy:
                return  # the pass finds out by itself at its next step
            except Exception as error:  # a database that is away for a moment: the next try may come in time
                LOG.warning("mailbox %s: its claim could not be renewed: %s", mailbox, unexpected_errors.trail(error))

    thread = threading.Thread(target=renew, daemon=True, name="lease")
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
