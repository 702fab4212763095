"""The end of a pass: the mailbox's row tells how it went, what was read and when the next pass is due. Last of all."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime
from typing import Any

from sharesync.errors import MailboxBusy, Stopping
from sharesync.mailbox_pass.endings import Ending
from sharesync.mailbox_pass.this_pass import Pass
from sharesync.model.audit import Event
from sharesync.model.mailbox import MailboxState
from sharesync.services.operation.pass_report import Tally
from sharesync.store.database.beside import OwnMailbox
from sharesync.store.database.work import Work
from sharesync.store.mailboxes import claims, links, progress


def end(this: Pass, ending: Ending) -> None:
    """Write how the pass ended, and the tokens; nothing where the claim is another's by now. Raises Stopping."""
    try:
        _write(this, ending)
    except Stopping:
        raise
    except MailboxBusy:
        return


def _write(this: Pass, ending: Ending) -> None:
    done = any(getattr(this.tally, one.name) for one in fields(Tally) if one.name != "pulled")
    user = this.mailbox.user_id
    with this.world.work(this.by, this.pass_id, beside=OwnMailbox(user)) as work:
        now = work.now
        values = {"state": ending.outcome, "reason": ending.reason, "last_pass_at": now, "spent": this.spent()}
        values |= this.so_far.columns()
        values |= ending.next_try(this.mailbox.failures, now, this.world.shortest, progress=done)
        values |= _next_reading(this, now, is_due="due_at" in values)
        if ending.empty or this.so_far.is_applied:
            values["empty_since"] = (this.mailbox.empty_since or now) if ending.empty else None
        values |= claims.at_rest(this.news, now) if this.at_rest and not ending.stopped else {"news": None}
        standing, behind = _count(this, work, stopped=ending.stopped)
        values |= _tell_whether_it_needs_somebody(this, work, ending)
        claims.end(work, user, this.fence, **values, **claims.counted(standing, behind, this.begun, now))


def _tell_whether_it_needs_somebody(this: Pass, work: Work, ending: Ending) -> dict[str, Any]:
    """Tell it once, and that it goes on once it does; a pass that is to be tried again says neither."""
    told = this.mailbox.needed_since
    if ending.outcome is MailboxState.ATTENTION and told is None:
        work.record(Event("mailbox.need", mailbox=this.mailbox.user_id, reason=ending.reason))
        return {"needed_since": work.now}
    if told is not None and ending.outcome in (MailboxState.OK, MailboxState.HELD):
        work.record(Event("mailbox.recover", mailbox=this.mailbox.user_id))
        return {"needed_since": None}
    return {}


def _next_reading(this: Pass, now: datetime, *, is_due: bool) -> dict[str, Any]:
    """When the mailbox was read and when it is to be read again, if nothing else says so."""
    if this.listed_at is not None:
        edited_at = now if _is_lively(this.tally) else this.mailbox.edited_at
        values: dict[str, Any] = {"read_at": this.listed_at, "edited_at": edited_at}
        if this.at_rest and not is_due:
            values |= claims.next_reading(this.listed_at + this.span(edited_at), now)
        return values
    if this.mailbox.read_at is None or is_due:
        return {}
    # Nothing was read, so the next reading is due as it was.
    return dict(claims.next_reading(this.mailbox.read_at + this.span(this.mailbox.edited_at), now))


def _is_lively(tally: Tally) -> bool:
    """Whether the mailbox's user did something to what is shared, or has just got it."""
    return bool(tally.accepted or tally.reverted or tally.restored or tally.held or tally.created)


def _count(this: Pass, work: Work, *, stopped: bool) -> tuple[int | None, int]:
    """How many contacts stand there, None where nothing has changed, and how many not as they should."""
    user = this.mailbox.user_id
    if stopped:
        count = progress.afresh(work.session, [user])[user]
        return count.standing, count.behind
    if this.scope is None:
        return this.known.standing, this.known.behind
    # All contacts outside the scope are at rest: they stand there as they should.
    waiting = len(this.known.links) - this.known.standing
    standing = links.count(work.session, user) - waiting if this.scope.contacts else None
    return standing, this.known.behind
