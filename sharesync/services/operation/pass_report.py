"""What one pass did, counted in contacts, and how it ended: the line that `sync --json` prints."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any

from sharesync.model.mailbox import MailboxState


@dataclass(slots=True)
class Tally:
    """Counters of one pass: changed by the user and accepted, undone, made again, held; then what was sent."""

    pulled: int = 0
    accepted: int = 0
    reverted: int = 0
    restored: int = 0
    held: int = 0
    created: int = 0
    updated: int = 0
    deleted: int = 0

    def reset(self, before: Tally) -> None:
        """Count from `before` again: what was counted since was taken back."""
        for one in fields(Tally):
            setattr(self, one.name, getattr(before, one.name))


@dataclass(frozen=True, slots=True)
class Action:
    """One thing a dry run would do: a verb, and the contact or group it is done to."""

    mailbox: str
    action: str
    contact: str | None
    group: str | None
    fields: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The line `sync --dry-run --json` prints."""
        return {
            "mailbox": self.mailbox,
            "action": self.action,
            "contact": self.contact,
            "group": self.group,
            "fields": list(self.fields),
        }


@dataclass(frozen=True, slots=True)
class PassReport:
    """How one pass over one mailbox ended."""

    mailbox: str
    outcome: MailboxState
    tally: Tally
    calls: Mapping[str, int]
    quota: Mapping[str, int]
    seconds: float
    reason: str = ""
    not_before: datetime | None = None
    actions: tuple[Action, ...] = field(default=())
    """Of a dry run: what it would have done."""

    def as_json(self) -> dict[str, Any]:
        """The line `sync --json` prints (a promise to scripts: add to it, do not change it)."""
        line: dict[str, Any] = {"mailbox": self.mailbox, "outcome": self.outcome.value}
        line |= {name: getattr(self.tally, name) for name in Tally.__slots__}
        line |= {"calls": dict(self.calls), "quota": dict(self.quota), "seconds": round(self.seconds, 2)}
        if self.reason:
            line["reason"] = self.reason
        if self.not_before:
            line["not_before"] = self.not_before.isoformat()
        return line
