"""Groups that users hide and show again before anybody looks: what sharesync does then is told as its own deed."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from sharesync.model.audit import ActorKind, By, Source
from sharesync.services import opt_out
from tests.simulation.house import Broken, Perils

if TYPE_CHECKING:
    from tests.simulation.steps import Story

FIRST = 100_000
_TOLD = "SELECT count(*) FROM events WHERE action = 'label.delete' AND outcome = 'restored' AND mailbox_id = ?"


def has_hiding(seed: int) -> bool:
    """Whether users hide groups in this history: in every fourth of the first two hundred, and in all late ones."""
    return seed >= FIRST or (seed < 200 and seed % 4 == 0)


def act(story: Story, rng: Random) -> str:
    """At times, a user hides a group and shows it again, with a pass between, and with calls that are not answered."""
    house = story.house
    if rng.random() > 0.04:
        return ""
    able = [user for user in sorted(house.names) if story.access.levels(user) and story.has_mailbox(user)]
    if not able:
        return "nobody"
    user = rng.choice(able)
    group, by = rng.choice(sorted(story.access.levels(user))), By(ActorKind.USER, user, Source.WEB)
    house.perils = Perils()
    house.wait(house.workspace.settings.label_lag + 1)
    told = [story.run(user)]  # what a hand did to the label before is told now
    before = house.query(_TOLD, user)
    with house.world.work(by) as work:
        opt_out.decline(work, group)
    if rng.random() < 0.5:
        house.perils = Perils(die_at_request=(rng.randint(2, 6), rng.choice(("before", "after"))))
    told.append(story.run(user))
    house.perils = Perils()
    house.wait(rng.choice((0, 1, 70)))
    with house.world.work(by) as work:
        opt_out.want(work, group)
    for _ in range(2):
        told.append(story.run(user))
        house.wait(house.workspace.settings.label_lag + 70)
    if told[0].startswith("ok") and house.query(_TOLD, user) != before:
        raise Broken(f"log: {house.names[user]} is said to have deleted a label that we took")
    house.seen["hidden and shown"] += 1
    return f"{house.names[user]} hides {group}: {told}"
