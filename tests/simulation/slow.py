"""Writers that wait: somebody's transaction stands in line for the writer's place while passes go on without it.

What it brings is younger than all that was read meanwhile. A user's own person that equals it must be adopted, however
long the transaction waited. As with photos, only some histories have this, and it is drawn apart, after each step.
"""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from sharesync.model.audit import OPERATOR
from sharesync.model.card import Card
from sharesync.model.mailbox import MailboxState
from sharesync.services import contacts as contact_cases
from tests.simulation.hands import Fingers
from tests.simulation.house import Broken, Perils
from tests.simulation.memory import marks

if TYPE_CHECKING:
    from tests.simulation.steps import Story

FIRST = 100_000


def has_slow_writers(seed: int) -> bool:
    """Whether writers wait in this history: in every fourth of the first two hundred, and in all late ones."""
    return seed >= FIRST or (seed < 200 and seed % 4 == 2)


def act(story: Story, rng: Random) -> str:
    """At times, a contact equal to a user's own is made by a transaction that waits while everyone is read."""
    house = story.house
    if rng.random() > 0.06:
        return ""
    smart = {group for (group,) in house.query("SELECT group_id FROM smart_groups")}
    seen = {user: sorted(story.access.levels(user).keys() - smart) for user in sorted(house.names)}
    able = [user for user, groups in seen.items() if groups and story.has_mailbox(user)]
    if not able:
        return "for nobody"
    user = rng.choice(able)
    group = rng.choice(seen[user])
    fingers = Fingers(house, user, rng)
    typed = fingers.new_fields()
    name = fingers.hands.create(typed, ())
    person = next(one for one in house.workspace.mailbox(user).live() if one.now.resource_name == name)
    before = Card.read(person.now.fields)
    told: list[str] = []
    house.wait(house.workspace.settings.lag + 1)  # who is not listed yet cannot be adopted

    def meanwhile() -> None:
        house.wait(2)
        told.append(story.run(user, full=True))
        house.wait(2)

    house.perils = Perils(in_line={1: meanwhile})
    with house.world.work(OPERATOR) as work:
        contact = contact_cases.create(work, group, Card.parse(typed), allow_erased=True)
    house.wait(2)
    ending = story.run(user)
    holding = [one for one in house.workspace.mailbox(user).live() if contact in marks(one.now)]
    if person in holding:
        house.seen["adopted from a writer that waited"] += 1
    elif holding and ending.startswith(MailboxState.OK.value) and Card.read(person.now.fields) == before:
        raise Broken(f"3: {house.names[user]} has {contact} beside an own one that is equal")
    return f"{house.names[user]} {group} while {told}: {ending}"
