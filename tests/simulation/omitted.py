"""Changes that Google never tells: a delta leaves one out, for good. Only a reading of everyone finds it.

As with photos, only some histories have this, and it is drawn apart, after each step.
"""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from sharesync.sandbox.faults import Fault, Kind

if TYPE_CHECKING:
    from tests.simulation.steps import Story

FIRST = 100_000


def has_omissions(seed: int) -> bool:
    """Whether deltas leave something out in this history: in every fourth of the first two hundred, and in all late."""
    return seed >= FIRST or (seed < 200 and seed % 4 == 3)


def act(story: Story, rng: Random) -> str:
    """At times, the next delta leaves its first change out."""
    if rng.random() > 0.05:
        return ""
    story.house.workspace.change_settings({"sync_days_from": "last_sync"})  # else Google itself has everyone read again
    story.house.workspace.faults.add(Fault(Kind.OMITTED_CHANGE, "people.connections.list"))
    story.house.seen["change left out"] += 1
    return "its first change"
