"""Passes, as a worker makes them: each is told of in the log, and none reaches another or ends the worker.

A pass that is cut off by stopping is no loss: the next one ends where it would have (promise 10 of the sync).
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sharesync.errors import MailboxBusy, Stopping
from sharesync.mailbox_pass.order import WOKEN
from sharesync.mailbox_pass.run import run_pass
from sharesync.model.mailbox import MailboxState
from sharesync.services.app import World
from sharesync.services.operation import unexpected_errors
from sharesync.services.operation.metrics import METRICS
from sharesync.services.operation.pass_report import PassReport, Tally
from sharesync.store.mailboxes import claims
from sharesync.store.mailboxes.claims import Mailbox

LOG = logging.getLogger("sharesync")

PATIENCE = 5.0
"""Seconds that one pass may wait for quota: longer, and the place is better given to another mailbox."""
GRACE = 1.0
"""Seconds in which a pass may end by itself when the worker stops, before it is made to end at its next step."""


class Passes:
    """Makes passes in whichever thread asks, until they are cut."""

    def __init__(self, world: World) -> None:
        self._world = replace(world, now=self._moment)
        self._clock = world.now
        self._cut = threading.Event()

    def due(self) -> Sequence[Mailbox]:
        """The mailboxes to pass over now: where somebody waits first, then the longest due."""
        with self._world.database.reading() as session:
            return claims.due(session, self._clock(), self._world.interval)

    def over(self, user: str, fence: int) -> None:
        """Pass over one mailbox that was found due with that fence, if nobody has since."""
        try:
            if not self.is_wanted(user, fence):
                return
            report = run_pass(self._world, user, WOKEN, patience=PATIENCE)
            METRICS.passed(report)
            _tell(user, report)
        except Stopping:
            LOG.info("mailbox %s: the pass was cut off, because this process stops", user)
        except MailboxBusy:
            LOG.debug("mailbox %s: another process is at it", user)
        except Exception as error:
            METRICS.mishap()
            LOG.error("mailbox %s: the pass failed by mishap %s", user, unexpected_errors.note(error))

    def is_wanted(self, user: str, fence: int) -> bool:
        """Whether no pass was begun since the mailbox was found due with that fence."""
        with self._world.database.reading() as session:
            return claims.get(session, user).fence == fence

    def cut(self) -> None:
        """Make every pass that is under way end at its next step."""
        self._cut.set()

    def _moment(self) -> datetime:
        """The time, which every step of a pass asks for: where a pass finds out that it is to end."""
        if self._cut.is_set():
            raise Stopping("This process stops.")
        return self._clock()


def _tell(user: str, report: PassReport) -> None:
    """One line in the log for a pass in which something happened; mailboxes go by Google's id, never by address."""
    counts = {name: number for name in Tally.__slots__ if (number := getattr(report.tally, name)) and name != "pulled"}
    done = ", ".join(f"{name} {number}" for name, number in counts.items()) or "nothing to do"
    if report.outcome in (MailboxState.OK, MailboxState.PAUSED):
        LOG.log(logging.INFO if counts else logging.DEBUG, "mailbox %s: %s: %s", user, report.outcome.value, done)
    else:
        # A failure that ends by itself raises no alarm.
        level = logging.INFO if report.outcome is MailboxState.RETRY else logging.WARNING
        LOG.log(level, "mailbox %s: %s: %s; %s", user, report.outcome.value, done, report.reason)
