"""Sending: what every step of a push shares, and the law it keeps.

Each step is three things in this order: a transaction that looks whether the plan still holds (the claim is ours, the
grants are what they were) and writes the intent into the log; the request, with no transaction open; a transaction that
writes what Google answered, with its cause. An intent without an outcome after it may or may not have been carried out:
its answer was lost, or Google asked to wait. A create leaves a trace in its link, too, before it is sent; everything
else is simply planned again. A grant taken away between two steps stops the push: nothing more of that group is sent.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import Any

from sharesync.errors import Contacts, Sentence
from sharesync.google.people import PeopleApi
from sharesync.model.audit import CLOCK, Event, Outcome
from sharesync.model.card import Card
from sharesync.model.link import Link, LinkState, Snapshot
from sharesync.model.mailbox import Seen, SeenLabel
from sharesync.model.mark import Marks
from sharesync.services.app import World
from sharesync.services.operation.pass_report import Tally
from sharesync.store.database.beside import OwnMailbox
from sharesync.store.database.work import Work
from sharesync.store.mailboxes import claims, links
from sharesync.sync.patches import patch_from

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
    """What a push needs of one pass and one mailbox."""

    world: World
    people: PeopleApi
    mailbox: str
    fence: int
    pass_id: str
    marks: Marks
    tally: Tally
    labels: dict[str, SeenLabel]
    """The mailbox's labels as read in this pass, by resource name; kept up to date by what is sent."""
    known: Snapshot

    def work(self) -> AbstractContextManager[Work]:
        """A transaction of this pass: what is sent concerns this mailbox alone."""
        return self.world.work(CLOCK, self.pass_id, beside=OwnMailbox(self.mailbox))

    def check(self, work: Work, *, grants: bool = True) -> None:
        """Raise MailboxBusy where the claim has passed on, PlanOutdated where the grants are not what they were."""
        claims.require(work.session, self.mailbox, self.fence)
        if grants and not links.is_as_granted(work.session, self.mailbox, self.known):
            raise PlanOutdated

    def remember(self, links: Iterable[Link]) -> None:
        """Go on with these links as they were just written."""
        self.known = self.known.written(links)

    def raise_trouble(self) -> None:
        """Raise what made the last request stop half-way, once what it did is written down."""
        if self.people.trouble:
            raise self.people.trouble

    def intend(self, work: Work, what: Sentence, number: int | None = None, *, group: str | None = None) -> None:
        """Write down that a request is about to be sent; its outcome follows under this pass."""
        reason = what if number is None else Sentence(what.template, contacts=Contacts(number))
        work.record(Event("mailbox.send", Outcome.INTENDED, group=group, mailbox=self.mailbox, reason=reason))

    def about_to(self, what: Sentence, number: int | None = None, *, group: str | None = None) -> None:
        """The same, in a transaction of its own."""
        with self.work() as work:
            self.intend(work, what, number, group=group)

    def event(self, work: Work, action: str, contact: str | None, outcome: Outcome = Outcome.OK, **more: Any) -> None:
        """Record what was sent about one contact."""
        work.record(Event(action, outcome, contact=contact, mailbox=self.mailbox, **more))


def at_rest(send: Sending, work: Work, link: Link, seen: Seen, version: int, sent: Card) -> Link:
    """The link after `sent` was written: what Google returned is what both sides agree on."""
    groups = {label.resource_name: group for group, label in send.known.labels.items()}
    return replace(
        link,
        state=LinkState.LIVE,
        base_version=version,
        source_id=seen.source_id,
        resource_name=seen.resource_name,
        etag=seen.etag,
        agreed=seen.card.fingerprint,
        seen=seen.card.fingerprint,
        before=link.seen,
        patch=patch_from(sent, seen.card),
        labels=frozenset(groups[name] for name in seen.labels if name in groups),
        marked=seen.marks == (send.marks.contact(link.contact, link.origin, link.photo_sign),),
        wrote_at=work.now,
        written_at=seen.updated_at or link.written_at,
        look_at=None,
        aside="",
        aside_until=None,
    )
