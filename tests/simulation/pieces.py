"""Acts that are seen in pieces: a user takes many contacts out of a group, a few at a time, and is read in between.

As with photos, only some histories have them, and they are drawn apart, after each step: the others stay as they were.
"""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from tests.simulation.access import DELETE
from tests.simulation.hands import Fingers

if TYPE_CHECKING:
    from tests.simulation.steps import Story

FIRST = 100_000


def has_pieces(seed: int) -> bool:
    """Whether there are such acts in this history: in every fourth of the first two hundred, and in all late ones."""
    return seed >= FIRST or (seed < 200 and seed % 4 == 1)


def act(story: Story, rng: Random) -> str:
    """At times, such an act by someone who may; returns what it was."""
    if rng.random() > 0.04:
        return ""
    labels = sorted(story.guard.labels.items())
    able = [one for one, group in labels if story.access.levels(one[0]).get(group, 0) >= DELETE]
    if not able:
        return "nobody may"
    user, label = rng.choice(able)
    fingers, deletes, told = Fingers(story.house, user, rng), rng.random() < 0.6, []
    for _ in range(rng.choice((2, 3, 4))):
        held = [one.now.resource_name for one in fingers._persons() if label in one.now.labels]
        some = rng.sample(held, min(len(held), rng.randint(1, 5)))
        for name in some:
            if deletes:
                fingers.hands.delete(name)
            else:
                fingers.hands.unlabel(name, label)
        story.house.wait(rng.choice((1, 60, 200, 700)))
        told.append(f"{len(some)}: {story.run(user)}")
    return f"{story.house.names[user]} {'deletes' if deletes else 'unlabels'} {', '.join(told)}"
