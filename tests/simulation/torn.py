"""Merges of which a delta tells one half: the other is left out, for good, and only a reading of everyone shows it.

Nothing that a merge brought may go to others then, which the guard sees at each commit; nor may a shared contact leave
its groups because it became one with another, which is looked at here.
"""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from sharesync.sandbox.contact import State
from sharesync.sandbox.errors import ApiError
from sharesync.sandbox.faults import Fault, Kind
from tests.simulation.hands import Fingers
from tests.simulation.house import Broken, Perils
from tests.simulation.memory import marks

if TYPE_CHECKING:
    from tests.simulation.steps import Story

FIRST = 100_000


def has_torn_merges(seed: int) -> bool:
    """Whether merges are told by half in this history: in every fourth of the first two hundred, and in all late."""
    return seed >= FIRST or (seed < 200 and seed % 4 == 2)


def act(story: Story, rng: Random) -> str:
    """At times, a user merges a shared contact, and the next delta leaves something out."""
    if rng.random() > 0.05:
        return ""
    house = story.house
    able = [user for user in sorted(house.names) if story.access.levels(user) and story.has_mailbox(user)]
    if not able:
        return "nobody"
    user = rng.choice(able)
    fingers, address = Fingers(house, user, rng), house.workspace.user(user).email
    house.perils = Perils()
    fingers.hands.create(fingers.new_fields(), ())
    house.wait(house.workspace.settings.lag + 1)
    told = [story.run(user)]
    ours = [one for one in fingers._persons() if marks(one.now)]
    own = [one for one in fingers._persons() if not marks(one.now) and one.id in house.known_own(user)]
    if not ours or len(ours + own) < 2:
        return f"{house.names[user]} has no two"
    one = rng.choice(ours)
    pair = [one, rng.choice([other for other in (*ours, *own) if other is not one])]
    contacts = {contact: story.guard.groups.get(contact, frozenset()) for each in pair for contact in marks(each.now)}
    try:
        fingers._merge(pair)
        survivor = next(each for each in pair if each.now.state is State.LIVE)
        if rng.random() < 0.7:  # else the survivor is the first change
            fingers.hands.star(rng.choice((survivor, rng.choice(ours))).now.resource_name, on=rng.random() < 0.5)
    except (ValueError, ApiError):
        return "in vain"
    is_whole = contacts.keys() <= set(marks(survivor.now))  # else another program threw a mark away
    house.workspace.change_settings({"sync_days_from": "last_sync"})  # else Google itself has everyone read again
    house.workspace.faults.add(Fault(Kind.OMITTED_CHANGE, "people.connections.list", mailbox=address))
    house.seen["change left out"] += 1
    house.wait(rng.choice((0, house.workspace.settings.lag + 1)))
    told.append(story.run(user))
    if is_whole and told[0].startswith("ok"):
        for contact, groups in contacts.items():
            if left := groups - story.guard.groups.get(contact, frozenset()):
                raise Broken(f"7: {contact} left {sorted(left)} as {house.names[user]} merged it with another")
    house.seen["half a merge"] += 1
    return f"{house.names[user]} merges {sorted(contacts)}: {told}"
