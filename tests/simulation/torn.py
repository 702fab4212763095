"""Merges of which a delta tells one half: the other is left out, for good, and only a reading of everyone shows it.

Nothing that a merge brought may go to others then, which the guard sees at each commit; nor may a shared contact leave
its groups because it became one with another, which is looked at here.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import TYPE_CHECKING

from sharesync.sandbox.contact import History, State, Version
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
    fingers = Fingers(house, user, rng)
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

    def star(survivor: History[Version]) -> None:
        if rng.random() < 0.7:  # else the survivor is the first change
            fingers.hands.star(rng.choice((survivor, rng.choice(ours))).now.resource_name, on=rng.random() < 0.5)

    try:
        told.append(merge_by_half(story, fingers, pair, star, was_read=told[0].startswith("ok")))
    except (ValueError, ApiError):
        return "in vain"
    return f"{house.names[user]} merges {[one.id for one in pair]}: {told}"


def merge_by_half(
    story: Story,
    fingers: Fingers,
    pair: list[History[Version]],
    then: Callable[[History[Version]], None] = lambda survivor: None,
    *,
    was_read: bool = True,
) -> str:
    """Merge two persons, of which the next delta leaves its first change out: the survivor, unless `then` changes more.

    Returns how the pass over that delta ended; raises `Broken` if a shared one of the two left its groups by it, where
    the service had read both (`was_read`).
    """
    house, user, rng = story.house, fingers.user, fingers.rng
    contacts = {contact: story.guard.groups.get(contact, frozenset()) for each in pair for contact in marks(each.now)}
    fingers._merge(pair)
    survivor = next(each for each in pair if each.now.state is State.LIVE)
    then(survivor)
    is_whole = was_read and contacts.keys() <= set(marks(survivor.now))  # else another program threw a mark away
    house.workspace.change_settings({"sync_days_from": "last_sync"})  # else Google itself has everyone read again
    fault = Fault(Kind.OMITTED_CHANGE, "people.connections.list", mailbox=house.workspace.user(user).email)
    house.workspace.faults.add(fault)
    house.seen["change left out"] += 1
    house.wait(rng.choice((0, house.workspace.settings.lag + 1)))
    told = story.run(user)
    if is_whole:
        for contact, groups in contacts.items():
            if left := groups - story.guard.groups.get(contact, frozenset()):
                raise Broken(f"7: {contact} left {sorted(left)} as {house.names[user]} merged it with another")
    house.seen["half a merge"] += 1
    return told
