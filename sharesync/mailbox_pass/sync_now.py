"""Sync now: passes over many mailboxes at once, round after round, summed up in one report a mailbox.

It minds neither due time nor back-off, only what Google asked for (`Retry-After`). A mailbox that an edit accepted
from another one made due is passed over again in the next round.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import fields, replace
from datetime import datetime

from sharesync.errors import MailboxBusy
from sharesync.mailbox_pass.endings import unforeseen
from sharesync.mailbox_pass.order import ORDINARY, WOKEN, PassOrder
from sharesync.mailbox_pass.run import run_pass
from sharesync.model.mailbox import MailboxState, Meter
from sharesync.services.app import World
from sharesync.services.operation import unexpected_errors
from sharesync.services.operation.pass_report import PassReport, Tally
from sharesync.store.mailboxes import claims, directory
from sharesync.store.mailboxes.claims import Mailbox

ROUNDS = 5
PATIENCE = 65.0
"""Seconds that a pass may wait for quota: whoever typed the command waits with it, a little over Google's minute."""


def sync(
    world: World,
    addresses: Sequence[str] = (),
    *,
    workers: int,
    order: PassOrder = ORDINARY,
    begun: Callable[[int], object] = lambda _: None,
    ended: Callable[[PassReport], object] = lambda _: None,
) -> list[PassReport]:
    """Pass over the named mailboxes, or over all that a grant reaches or that have something left to withdraw.

    The first pass over each is as ordered, later ones as the clock would wake them.

    `begun` is told the number of mailboxes before each round, `ended` of each pass as it ends, both from this thread.
    Returns one report a mailbox, by address. Raises NotFound for an address that no user has.
    """
    chosen = _chosen(world, addresses)
    reports = {user: _untouched(email, MailboxState.OK, "") for user, email in chosen.items()}
    open_to_us = set(chosen)
    with ThreadPoolExecutor(max_workers=workers, thread_name_prefix="pass") as pool:
        try:
            for number in range(ROUNDS if order.write else 1):
                touched = _touched(world, open_to_us, reports if number else None)
                if not touched:
                    break
                passes = {pool.submit(_pass, world, box, WOKEN if number else order): box.user_id for box in touched}
                begun(len(passes))
                for done in as_completed(passes):
                    user, (report, passed) = passes[done], done.result()
                    ended(report)
                    reports[user] = summed(reports[user], report)
                    if not passed:
                        open_to_us.discard(user)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)  # those under way end by themselves
            raise
    return sorted(reports.values(), key=lambda report: report.mailbox)


def failed(report: PassReport) -> bool:
    """Whether this mailbox is not as it should be; one whose user is suspended or deleted waits and has not failed."""
    return report.outcome not in (MailboxState.OK, MailboxState.PAUSED)


def summed(first: PassReport, second: PassReport) -> PassReport:
    """Two passes over one mailbox as one: what they did and cost adds up, the second says how it stands."""
    counts = {one.name: getattr(first.tally, one.name) + getattr(second.tally, one.name) for one in fields(Tally)}
    return replace(
        second,
        tally=Tally(**counts),
        calls=_added(first.calls, second.calls),
        quota=_added(first.quota, second.quota),
        seconds=first.seconds + second.seconds,
        actions=first.actions + second.actions,
    )


def _added(first: Mapping[str, int], second: Mapping[str, int]) -> dict[str, int]:
    return {name: first.get(name, 0) + second.get(name, 0) for name in {**first, **second}}


def _chosen(world: World, addresses: Sequence[str]) -> dict[str, str]:
    """The mailboxes asked for: address by user id."""
    with world.database.reading() as session:
        if not addresses:
            return {mailbox.user_id: mailbox.email for mailbox in claims.concerned(session)}
        return {directory.user_id(session, address): address for address in addresses}


def _touched(world: World, chosen: AbstractSet[str], before: Mapping[str, PassReport] | None = None) -> list[Mailbox]:
    """The mailboxes to pass over in this round. Who has no grant and nothing left of ours is never impersonated.

    `before`: after a round, what was reported so far. Those that changed since go again, and those that said that they
    have to; not those that are due for no other reason than that the interval is over, which is the clock's business.
    """
    now = world.now()
    with world.database.reading() as session:
        found = [mailbox for mailbox in claims.concerned(session) if mailbox.user_id in chosen]
    if before is None:
        return found
    unfinished = {user for user, report in before.items() if report.outcome is MailboxState.RETRY}
    due = (mailbox for mailbox in found if mailbox.due_at <= now and not _put_off(mailbox, now))
    return [mailbox for mailbox in due if mailbox.touched or mailbox.user_id in unfinished]


def _put_off(mailbox: Mailbox, now: datetime) -> bool:
    """Whether Google asked to be left alone with this mailbox for a while."""
    return mailbox.not_before is not None and mailbox.not_before > now


def _pass(world: World, mailbox: Mailbox, order: PassOrder) -> tuple[PassReport, bool]:
    """One pass, and whether it could be made: a mailbox that is somebody else's for now is not tried again."""
    if _put_off(mailbox, world.now()):
        return _untouched(mailbox.email, MailboxState.RETRY, mailbox.reason, mailbox.not_before), False
    try:
        report = run_pass(world, mailbox.user_id, order, patience=PATIENCE)
    except MailboxBusy as busy:
        return _untouched(mailbox.email, MailboxState.RETRY, str(busy)), False
    except Exception as error:
        # Not even the ending could be written; the claim ends by itself.
        ending = unforeseen(unexpected_errors.note(error))
        return _untouched(mailbox.email, ending.outcome, ending.reason), False
    return report, True


def _untouched(email: str, outcome: MailboxState, reason: str, not_before: datetime | None = None) -> PassReport:
    """A mailbox for which nothing was counted."""
    return PassReport(email, outcome, Tally(), {}, Meter().quota, 0.0, reason, not_before)
