"""The world a use case lives in: database, Google, clock, ids. Made once in `bootstrap.py`, or by a test."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sharesync.endpoints.outside import NOBODY, Outside
from sharesync.endpoints.places import Place
from sharesync.google.workspace import Google
from sharesync.model.audit import By
from sharesync.services.log.keyring import AS_KEPT, LogKey
from sharesync.store.database.beside import Beside
from sharesync.store.database.engine import Database
from sharesync.store.database.work import Operation, Work, working
from sharesync.sync.holds import USUAL, Limits


@dataclass(frozen=True, slots=True)
class World:
    """What is real here."""

    database: Database
    google: Google
    now: Callable[[], datetime]
    new_id: Callable[[], str]
    interval: timedelta
    """Between two readings of one mailbox, at the longest."""
    settle: timedelta
    """How long after a write a read of that mailbox may be stale."""
    lease: timedelta
    """How long a pass's claim outlives its last sign of life."""
    hold_limits: Limits = USUAL
    """How many removals at once pass without a question."""
    log_key: LogKey = AS_KEPT
    """The name under which auditors know this log, and where its key lies."""
    everyone_shares: bool = False
    """Whether everyone may share a label of their own as a new group, and not administrators alone."""
    checkpoints: Path | None = None
    """The folder into which the clock writes signed checkpoints of the log, if it does."""
    checkpoints_to: Place | None = None
    """Where they are sent, out of reach of whoever owns the database."""
    checkpoint_interval: timedelta = timedelta(days=1)
    """Between two of them."""
    outside: Outside = NOBODY
    """What is set up so that others are told."""
    lively: timedelta | None = None
    """Between two readings of a mailbox in which its user has just done something; None: as for all."""

    @property
    def shortest(self) -> timedelta:
        """Between two readings of one mailbox, at the shortest."""
        return self.lively or self.interval

    def operation(self, by: By, deed: str | None = None) -> Operation:
        """An act in several transactions. `deed`: what else belongs to it carries the same."""
        return Operation(self.database, self.now, by, self.new_id, deed)

    def work(self, by: By, pass_id: str | None = None, *, beside: Beside | None = None) -> AbstractContextManager[Work]:
        """Open the transaction of one use case. `beside`: what alone it writes, where others may write meanwhile."""
        return working(self.database, self.now, by, self.new_id, pass_id, beside=beside)
