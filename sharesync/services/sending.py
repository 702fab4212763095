"""Sending: what every step of a push shares, and the law it keeps.

Each step is three things in this order: a transaction that looks whether the plan still holds (the claim is ours, the
grants are what they were) and writes the intent; the request, with no transaction open; a transaction that writes what
Google answered. A create is intended before it is sent, so that a lost answer leaves a trace; everything else is
simply planned again. A grant taken away between two steps stops the push: nothing more of that group is sent.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import Any

from sharesync.google.people import People
from sharesync.model.audit import CLOCK, Event, Outcome
from sharesync.model.link import Known, Link
from sharesync.model.mailbox import SeenLabel
from sharesync.model.mark import Marks
from sharesync.services.tally import Tally
from sharesync.services.world import World
from sharesync.store import mailboxes, reach
from sharesync.store.work import Work

BATCH = 200
"""People API: the most persons one batch creates, updates or gets."""


class PlanOutdated(Exception):
    """Grants changed while the plan was carried out: make another."""


def batches(values: Sequence[str], size: int = BATCH) -> Iterator[Sequence[str]]:
    """The values, so many at a time."""
    for start in range(0, len(values), size):
        yield values[start : start + size]


@dataclass(slots=True)
class Sending:
    """One pass's way into one mailbox."""

    world: World
    people: People
    mailbox: str
    fence: int
    pass_id: str
    marks: Marks
    tally: Tally
    labels: dict[str, SeenLabel]
    """The mailbox's labels as read in this pass, by resource name; kept up to date by what is sent."""
    known: Known

    def work(self) -> AbstractContextManager[Work]:
        """A transaction of this pass."""
        return self.world.work(CLOCK, self.pass_id)

    def check(self, work: Work, *, grants: bool = True) -> None:
        """Raise MailboxBusy where the claim has passed on, PlanOutdated where the grants are not what they were."""
        mailboxes.require(work.session, self.mailbox, self.fence)
        if grants and reach.levels(work.session, self.mailbox) != self.known.levels:
            raise PlanOutdated

    def remember(self, links: Iterable[Link]) -> None:
        """Go on with these links as they were just written."""
        self.known = replace(self.known, links={**self.known.links, **{link.contact: link for link in links}})

    def raise_trouble(self) -> None:
        """Raise what made the last request stop half-way, once what it did is written down."""
        if self.people.trouble:
            raise self.people.trouble

    def intend(self, work: Work, what: str, number: int) -> None:
        """Write down that a request is about to be sent; its outcome, contact by contact, follows under this pass."""
        reason = f"{what} {number} contact{'' if number == 1 else 's'}"
        work.record(Event("mailbox.send", Outcome.INTENDED, mailbox=self.mailbox, reason=reason))

    def event(self, work: Work, action: str, contact: str, outcome: Outcome = Outcome.OK, **more: Any) -> None:
        """Record what was sent about one contact."""
        work.record(Event(action, outcome, contact=contact, mailbox=self.mailbox, **more))
