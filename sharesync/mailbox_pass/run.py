"""One pass over one mailbox: claimed, read and written in rounds, ended. An error in it stops no other mailbox."""

from __future__ import annotations

import time
from contextlib import nullcontext

from sharesync.errors import GoogleError, MailboxBusy, Stopping
from sharesync.mailbox_pass import claim, rounds
from sharesync.mailbox_pass.end import end
from sharesync.mailbox_pass.endings import Ending, failed, unforeseen, went_well
from sharesync.mailbox_pass.order import ORDINARY, PassOrder, Read
from sharesync.mailbox_pass.read import sync_token
from sharesync.mailbox_pass.this_pass import Pass
from sharesync.model.audit import CLOCK
from sharesync.model.mailbox import PAUSED, MailboxState, Meter
from sharesync.model.mark import Marks
from sharesync.services.app import World
from sharesync.services.operation import unexpected_errors
from sharesync.services.operation.metrics import METRICS
from sharesync.services.operation.pass_report import PassReport, Tally
from sharesync.store.database import keys
from sharesync.store.database.beside import OwnMailbox
from sharesync.store.mailboxes import claims, links
from sharesync.store.mailboxes.claims import Mailbox
from sharesync.sync.reading import is_full_due

FAILING = 3
"""After so many passes that failed and got nothing through, some contact is taken to be why."""


def run_pass(
    world: World,
    user_id: str,
    order: PassOrder = ORDINARY,
    *,
    patience: float = 5.0,
) -> PassReport:
    """Bring one mailbox and the store together; never raises for what Google or the mailbox does.

    `patience` is how many seconds it may wait for quota. Raises MailboxBusy where another pass lives.
    """
    started = time.monotonic()
    with world.database.reading() as session:
        mailbox = claims.get(session, user_id)
        full = order.read in (Read.EVERYONE, Read.ANEW) or is_full_due(user_id, mailbox.full_at, world.now())
        full = full or not links.given(session, user_id) <= mailbox.full_groups
        marks = Marks(keys.get(session, "mark"))
    if mailbox.paused:
        return _paused(world, mailbox)
    this = Pass(world, mailbox, marks, full, order.write)
    this.spares_reading = order.read is Read.WHEN_DUE and not full and _was_just_read(this)
    world.google.recall(user_id, mailbox.spent or {})
    if order.write:
        claim.take(this, forget=order.read is Read.ANEW)
    with claim.keep_alive(world, this.by, user_id, this.fence) if order.write else nullcontext():
        try:
            ending = _through(this, patience)
            if order.write:
                end(this, ending)
        except Stopping:
            claim.give_back(this)
            raise
    return PassReport(
        mailbox.email,
        ending.outcome,
        this.tally,
        this.meter.calls,
        this.meter.quota,
        time.monotonic() - started,
        ending.reason,
        ending.not_before,
        tuple(this.actions),
    )


def _paused(world: World, mailbox: Mailbox) -> PassReport:
    if mailbox.state is not MailboxState.PAUSED:
        with world.work(CLOCK, beside=OwnMailbox(mailbox.user_id)) as work:
            claims.write(work, mailbox.user_id, state=MailboxState.PAUSED, reason=PAUSED)
    return PassReport(mailbox.email, MailboxState.PAUSED, Tally(), {}, Meter().quota, 0.0, PAUSED)


def _was_just_read(this: Pass) -> bool:
    """Whether Google has been asked not long ago, and nobody has asked for a pass since."""
    at, asked = this.mailbox.read_at, this.mailbox.asked_at
    if at is None or asked is not None or sync_token(this.mailbox) is None:
        return False
    return this.begun < at + this.span(this.mailbox.edited_at)


def _through(this: Pass, patience: float) -> Ending:
    """Do all that is to be done, and say how it ended."""
    user, failing = this.mailbox.user_id, this.mailbox.failures >= FAILING
    try:
        with this.world.google.people(user, patience=patience, wanted=this.is_wanted, failing=failing) as people:
            this.people, this.meter = people, people.meter
            rounds.go(this)
    except GoogleError as error:
        return failed(error)
    except MailboxBusy:
        raise
    except Exception as error:  # an error in one mailbox stops neither the others nor its own next pass
        METRICS.mishap()
        return unforeseen(unexpected_errors.note(error))
    return _went(this)


def _went(this: Pass) -> Ending:
    """How a pass ended that no error stopped."""
    if not this.write:
        return Ending(MailboxState.OK)
    if this.mishap is not None:
        METRICS.mishap()
        return unforeseen(this.mishap)
    return went_well(this.known, this.world.settle, this.world.now(), unfinished=this.unfinished)
