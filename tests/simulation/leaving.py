"""Users who are deleted, brought back, or gone for good after three weeks.

Who has gone for good reads and types nothing any more; what the service then knows of the mailbox must be gone, too.
"""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from tests.simulation.addresses import FIRST, MOVERS

if TYPE_CHECKING:
    from tests.simulation.steps import Story


def has_leavers(seed: int) -> bool:
    """Whether there are such acts in this history: in every eighth of the first two hundred, and in all late ones."""
    return seed >= FIRST or (seed < 200 and seed % 8 == 3)


def act(story: Story, rng: Random) -> str:
    """At times, such an act; returns what it was."""
    luck = rng.random()
    directory, now = story.house.workspace.directory, story.house.workspace.now()
    name = rng.choice(MOVERS)
    user = directory.users[story.house.ids[name]]
    if luck < 0.02 and user.deleted is None:
        directory.change_user(user.id, deleted=now)
        return f"{name} is deleted {story.read_directory() if rng.random() < 0.7 else 'unread'}"
    if luck < 0.05 and story.house.bring_back(user.id):
        return f"{name} is back {story.read_directory()}"
    if luck < 0.06 and user.deleted is not None:
        story.house.wait(21 * 86_400)
        story.house.seen["deleted for good"] += 1
        return f"{name} is deleted for good {story.read_directory()}"
    return ""
