"""What every step of applying shares: one transaction about one mailbox, and what it leaves to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sharesync.model.audit import Event, Outcome
from sharesync.model.card import Card
from sharesync.model.link import Link, Snapshot
from sharesync.model.mark import Marks
from sharesync.services.operation.pass_report import Tally
from sharesync.store.database.work import Work
from sharesync.sync.decisions import SecondCopy, Unshared
from sharesync.sync.reading import Sides


@dataclass(slots=True)
class Applied:
    """What is left to do in the mailbox beyond the plan: things that no link stands for."""

    strays: list[Unshared] = field(default_factory=list)
    twins: list[SecondCopy] = field(default_factory=list)
    causes: dict[str, str] = field(default_factory=dict)
    """By resource name of a label that strays carried, or of a person with a mark too many: the event that says so."""
    failed: set[str] = field(default_factory=set)
    """Contacts about which a decision could not be applied: nothing is to be sent about them."""
    mishap: str | None = None
    """The number of the error that kept some decision from being applied: what was read has to be read again."""

    def join(self, other: Applied) -> None:
        """Take in what was left to do by another part of the same reading."""
        self.strays += other.strays
        self.twins += other.twins
        self.causes |= other.causes
        self.failed |= other.failed
        self.mishap = self.mishap or other.mishap


@dataclass(slots=True)
class Applying:
    """One transaction in which decisions about a mailbox are applied."""

    work: Work
    mailbox: str
    known: Snapshot
    marks: Marks
    sides: Mapping[str, Sides]
    tally: Tally
    bases: Mapping[str, Card] = field(default_factory=dict)
    """By contact: the base card, where a person's content is not what the link says; its patch is made anew."""
    links: list[Link] = field(default_factory=list)
    """Links as they are from now on; they are written together."""
    applied: Applied = field(default_factory=Applied)

    def afresh(self, bases: Mapping[str, Card]) -> Applying:
        """The same transaction, with nothing applied in it yet."""
        return replace(self, bases=bases, links=[], applied=Applied())

    def event(self, action: str, contact: str | None = None, outcome: Outcome = Outcome.OK, **more: Any) -> str:
        """Record what was observed in this mailbox; returns the event's id."""
        return self.work.record(Event(action, outcome, contact=contact, mailbox=self.mailbox, **more))
