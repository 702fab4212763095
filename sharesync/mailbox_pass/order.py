"""What one pass is asked to do: which of the mailbox it reads, and whether it writes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Read(Enum):
    """Which persons of a mailbox a pass reads."""

    CHANGES = "changes"
    """Those that changed since the last pass; everyone where that cannot be told, or is due."""
    WHEN_DUE = "when due"
    """The same once the interval since the last reading is over. Before that nobody, where contacts that stand there
    changed in the store and nothing else did: the etag of each write keeps it from going over what was not read."""
    EVERYONE = "everyone"
    """All of them, without the sync token."""
    ANEW = "anew"
    """All of them, after forgetting which persons the links are: they are found again by mark and content."""


@dataclass(frozen=True, slots=True)
class PassOrder:
    """What a pass is to do; as it stands, what a person asks for."""

    read: Read = Read.CHANGES
    write: bool = True
    """Whether anything is written, here or at Google; else the plan is only told."""


ORDINARY = PassOrder()
WOKEN = PassOrder(Read.WHEN_DUE)
"""What a pass does that the clock wakes, or a change in the store."""


def ordered(*, full: bool = False, reset: bool = False, dry_run: bool = False) -> PassOrder:
    """The order that these options of the command line mean together."""
    return PassOrder(Read.ANEW if reset else Read.EVERYONE if full else Read.CHANGES, write=not dry_run)
