"""Two shared contacts become one, and another program throws away the mark that would tell so.

What the one held must not go to others as the other's, which the guard sees at each commit; nor may it leave its
groups, which is looked at here. (Where the one that goes had lost its own mark before, a merge looks like a deletion
and an edit in every way, and is one.)
"""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from sharesync.sandbox.errors import ApiError
from tests.simulation.hands import Fingers
from tests.simulation.house import Broken, Perils
from tests.simulation.memory import marks

if TYPE_CHECKING:
    from tests.simulation.steps import Story

FIRST = 200_000


def has_unmarked(seed: int) -> bool:
    """Whether marks go so in this history: in every fourth of the first two hundred, and in all late ones."""
    return seed >= FIRST or (seed < 200 and seed % 4 == 3)


def act(story: Story, rng: Random) -> str:
    """At times, a user merges two shared contacts, and the mark of the one that stays goes before or after it."""
    if rng.random() > 0.04:
        return ""
    house = story.house
    able = [user for user in sorted(house.names) if story.access.levels(user) and story.has_mailbox(user)]
    if not able:
        return "nobody"
    user = rng.choice(able)
    fingers, hands = Fingers(house, user, rng), house.workspace.mailbox(user)
    house.perils = Perils()
    house.wait(house.workspace.settings.lag + 1)
    told = [story.run(user)]
    linked = {source for (source,) in house.query("SELECT source_id FROM links WHERE mailbox_id = ?", user)}
    ours = [one for one in hands.live() if one.id in linked and len(marks(one.now)) == 1]
    if len(ours) < 2:
        return f"{house.names[user]} has no two"
    pair = rng.sample(ours, 2)
    survivor, names = pair[0], [one.now.resource_name for one in pair]
    contacts = {marks(one.now)[0]: story.guard.groups.get(marks(one.now)[0], frozenset()) for one in pair}
    is_before = rng.random() < 0.5
    try:
        if is_before:
            fingers.hands.edit(names[0], {"clientData": []})
        house.merging = True
        fingers.hands.merge(names)
        house.merging = False
        if not is_before:
            fingers.hands.edit(survivor.now.resource_name, {"clientData": []})
    except (ValueError, ApiError):
        return "in vain"
    finally:
        house.merging = False
    house.wait(rng.choice((0, house.workspace.settings.lag + 1)))
    told.append(story.run(user))
    if told[0].startswith("ok"):
        for contact, groups in contacts.items():
            if left := groups - story.guard.groups.get(contact, frozenset()):
                raise Broken(f"7: {contact} left {sorted(left)} as {house.names[user]} merged it with another")
    house.seen["marks thrown away"] += 1
    return f"{house.names[user]} merges {sorted(contacts)}, unmarked {'before' if is_before else 'after'}: {told}"
