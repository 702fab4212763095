"""Addresses that change hands: a user is renamed, a newcomer gets the old address, and the service reads of it later.

The newcomer is somebody else, in whose mailbox nothing of a group may ever be seen before *they* have a grant; and what
is not in their mailbox, the one whose address they have has not removed. The guard looks at both at each request.
"""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from sharesync.errors import Refused
from sharesync.model.access import Level
from sharesync.model.audit import OPERATOR
from sharesync.sandbox.faults import Fault
from sharesync.services import grants as grant_cases
from tests.simulation.hands import Fingers
from tests.simulation.house import DOMAIN

if TYPE_CHECKING:
    from tests.simulation.steps import Story

FIRST = 100_000
MOVERS = ("bo", "cy")
"""Who may be called otherwise; the administrator's address stands in the settings."""


def has_addresses(seed: int) -> bool:
    """Whether there are such acts in this history: in every fourth of the first two hundred, and in all late ones."""
    return seed >= FIRST or (seed < 200 and seed % 4 == 2)


def act(story: Story, rng: Random) -> str:
    """At times, such an act; returns what it was."""
    luck = rng.random()
    if luck < 0.02:
        return _hand_on(story, rng)
    if luck < 0.03:
        return _rename(story, rng)
    if luck < 0.05:
        kind = rng.choice(({"kind": "status", "status": 503}, {"kind": "drop", "when": "after"}))
        story.house.workspace.faults.add(
            Fault.of({"method": "directory.users.get", "times": rng.choice((1, 4)), **kind})
        )
        return "Directory is silent"
    if luck < 0.10:
        story.house.restart()  # nobody remembers a token
        return "another process"
    newcomers = sorted(user for user, name in story.house.names.items() if "'" in name)
    if not newcomers or luck > 0.30:
        return ""
    user = rng.choice(newcomers)
    name = story.house.names[user]
    if luck < 0.15 and story.has_mailbox(user):
        return f"{name} {story.run(user)}"
    if luck < 0.18:
        return f"{name} is granted {_grant(story, user, rng)}"
    return f"{name} {Fingers(story.house, user, rng).act()}"


def _hand_on(story: Story, rng: Random) -> str:
    """A newcomer gets the address of one of the movers, or of who follows them."""
    house, name = story.house, rng.choice(MOVERS)
    address = f"{name}@{DOMAIN}"
    before = house.workspace.directory.user(address)
    if before is None or before.email != address:
        return f"{address} is nobody's primary address"
    newcomer = house.workspace.directory.hand_on(address, f"{house.word(name)}@{DOMAIN}".lower(), house.workspace.now())
    house.names[newcomer.id] = f"{house.names[before.id]}'"
    fingers = Fingers(house, newcomer.id, rng)
    for _ in range(rng.choice((0, 1, 3))):
        fingers.hands.create(fingers.new_fields(), ())
    house.seen["address handed on"] += 1
    told = story.read_directory() if rng.random() < 0.3 else "unread"
    passes = [user for user in (before.id, newcomer.id) if story.has_mailbox(user) and rng.random() < 0.7]
    return f"{address} {told}, {', '.join(f'{house.names[user]} {story.run(user)}' for user in passes)}"


def _grant(story: Story, user: str, rng: Random) -> str:
    """A grant to the address of a newcomer, which the service may still take for that of whom they follow."""
    try:
        with story.house.world.work(OPERATOR) as work:
            group, address = rng.choice(story.house.group_names()), story.house.workspace.user(user).email
            grant_cases.grant(work, group, address, rng.choice(list(Level)))
    except (Refused, IndexError) as error:
        return type(error).__name__
    return group


def _rename(story: Story, rng: Random) -> str:
    """One of the movers is called otherwise; the old address leads to them, too."""
    user = story.house.ids[rng.choice(MOVERS)]
    to = f"{story.house.word('name')}@{DOMAIN}"
    story.house.workspace.directory.rename_user(user, to, keep_alias=rng.random() < 0.7)
    return f"{story.house.names[user]} is {to}"
