"""The claim on a mailbox: taken, renewed while its pass lives, however long a call or a wait takes, and given back."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from sharesync.errors import MailboxBusy
from sharesync.mailbox_pass.this_pass import Pass
from sharesync.model.audit import By, Event
from sharesync.services.app import World
from sharesync.services.operation import unexpected_errors
from sharesync.store.database.beside import MailboxClaim, OwnMailbox
from sharesync.store.database.work import working
from sharesync.store.mailboxes import claims, links

LOG = logging.getLogger("sharesync")


def take(this: Pass, *, forget: bool) -> None:
    """Take the mailbox for this pass. `forget`: which persons the links are; they are found again.

    Raises MailboxBusy where another pass lives.
    """
    user = this.mailbox.user_id
    with this.world.work(this.by, beside=MailboxClaim(user)) as work:
        this.fence = claims.claim(work, user, this.world.lease, this.world.shortest)
        this.so_far.claimed_at, this.news = work.now, claims.news(work, user)
        if forget:
            links.forget_persons(work, user)
            work.record(Event("mailbox.reset", mailbox=user))


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


def give_back(this: Pass) -> None:
    """Leave the mailbox, due as it was, to whichever process comes next."""
    if this.so_far.claimed_at is None:
        return
    then, mailbox = this.so_far.claimed_at, this.mailbox
    due = {**claims.as_it_was(mailbox.due_at, mailbox.asked_at), "news": None, "spent": this.spent()}
    database, new_id, its = this.world.database, this.world.new_id, OwnMailbox(mailbox.user_id)
    with suppress(MailboxBusy), working(database, lambda: then, this.by, new_id, beside=its) as work:
        claims.end(work, mailbox.user_id, this.fence, **due)
