"""A queue between the clock and the worker that loses rings, doubles them, and delivers them late and in any order.

What is due stands in the mailbox's row, so nothing of this may do harm. As with photos, only some histories have this,
and it is drawn apart, after each step.
"""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from sharesync.jobs.passes import Passes
from tests.simulation.house import Perils

if TYPE_CHECKING:
    from tests.simulation.steps import Story

FIRST = 100_000


def has_ringing(seed: int) -> bool:
    """Whether rings go astray in this history: in every fourth of the first two hundred, and in all late ones."""
    return seed >= FIRST or (seed < 200 and seed % 4 == 3)


def act(story: Story, rng: Random) -> str:
    """At times the clock rings for all that is due, and a worker answers some of the rings that ever were."""
    house, passes = story.house, Passes(story.house.world)
    if rng.random() > 0.2:
        return ""
    for mailbox in passes.due():
        story.rings += [(mailbox.user_id, mailbox.fence)] * rng.choices((0, 1, 2, 3), (2, 6, 1, 1))[0]
    rng.shuffle(story.rings)
    told = []
    for user, fence in [story.rings.pop() for _ in range(min(len(story.rings), rng.randint(0, 4)))]:
        if passes.is_wanted(user, fence):
            house.perils = Perils()
            house.seen["ring answered"] += 1
            told.append(f"{house.names[user]} {story.run(user)}")
        else:
            house.seen["ring too late"] += 1
    return f"{told}, {len(story.rings)} wait"
