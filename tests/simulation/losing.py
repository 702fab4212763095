"""What Directory says of Google groups and units: empty, not found, renamed, made again; and right the next time.

Which losses wait for a decision is worked out in `access.py`, from the promise alone; after every reading the service
must have come to the same; the guard looks at each request that nobody who waits gets anything new, and the end of a
history that everyone has what counts.
"""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from sharesync.errors import Refused
from sharesync.model.access import Level
from sharesync.model.audit import OPERATOR
from sharesync.model.waiting import HoldKind
from sharesync.sandbox.faults import Fault
from sharesync.services import grants as grant_cases
from sharesync.store.records import groups, holds
from tests.simulation.house import DOMAIN, USERS

if TYPE_CHECKING:
    from tests.simulation.steps import Story

NOT_FOUND = {
    "error": {
        "code": 404,
        "message": "Resource Not Found: groupKey",
        "errors": [{"domain": "global", "reason": "notFound", "message": "Resource Not Found: groupKey"}],
    }
}


def has_losses(seed: int) -> bool:
    """Whether there are such acts in this history: in every fourth of the first two hundred, and in all late ones."""
    return seed >= 100_000 or (seed < 200 and seed % 4 == 1)


def act(story: Story, rng: Random) -> str:
    """At times, such an act; returns what it was."""
    luck = rng.random()
    if luck < 0.02:
        return f"answers {_answer(story, rng)}"
    if luck < 0.04:
        return f"members {_members(story, rng)}"
    if luck < 0.06:
        return f"unit {_unit(story, rng)}"
    if luck < 0.08:
        return f"granted to many alone {_alone(story, rng)}"
    if luck < 0.10:
        return story.read_directory()
    if luck < 0.11:
        story.house.wait(90_000)
        return f"a day later {story.read_directory()}"
    if luck < 0.25:
        return _decide(story, rng)
    return ""


def _decide(story: Story, rng: Random) -> str:
    """What Directory would take from many, decided."""
    operation = story.house.world.operation(OPERATOR)
    with operation.look() as look:
        waiting = [hold for hold in holds.listed(look.session) if hold.kind is HoldKind.DIRECTORY]
    if not waiting:
        return ""
    hold, apply = rng.choice(waiting), rng.random() < 0.5
    story.decide(operation, hold, apply=apply)
    return f"{hold.group} {'taken away' if apply else 'kept'}"


def _alone(story: Story, rng: Random) -> str:
    """A group that its people see by one Google group or unit alone, so that all of them can lose it at once."""
    principal = rng.choice((f"group:all@{DOMAIN}", f"group:team@{DOMAIN}", "ou:/Sales", "ou:/Revenue"))
    try:
        with story.house.world.work(OPERATOR) as work:
            group = rng.choice(story.house.group_names())
            for one in grant_cases.listed(work.session, group):
                grant_cases.revoke(work, group, str(one.principal))
            grant_cases.grant(work, group, principal, rng.choice(list(Level)))
            ident = groups.find(work.session, group).id
    except (Refused, IndexError) as error:
        return type(error).__name__
    story.access.revoked(ident)
    story.learn()
    return f"{group} {principal}"


def _answer(story: Story, rng: Random) -> str:
    """One answer about members that is not so: gone with the next reading."""
    kind = rng.choice(({"kind": "empty_list"}, {"kind": "status", "status": 404, "body": NOT_FOUND}))
    story.house.workspace.faults.add(Fault.of({"method": "directory.members.list", "times": None, **kind}))
    try:
        return f"{kind['kind']} {story.read_directory(members=False)}"
    finally:
        story.house.workspace.faults.clear()


def _members(story: Story, rng: Random) -> str:
    """Nobody or everybody in a Google group."""
    directory = story.house.workspace.directory
    email, there = rng.choice((f"team@{DOMAIN}", f"all@{DOMAIN}")), rng.random() < 0.5
    members = tuple(story.house.workspace.directory.users[story.house.ids[name]].email for name in USERS)
    directory.change_group(email, members=members if there else ())
    return f"{email} {len(members) * there}"


def _unit(story: Story, rng: Random) -> str:
    """A unit renamed; at times a new one of its old name, with all people in it."""
    directory = story.house.workspace.directory
    old, new = rng.choice((("/Sales", "/Revenue"), ("/Revenue", "/Sales")))
    if directory.unit(old) is None or directory.unit(new) is not None:
        return "none"
    directory.move_unit(old, new)
    if rng.random() < 0.3:
        directory.add_unit(old)
        for name in USERS:
            directory.change_user(story.house.ids[name], unit=old)
        return f"{old} made again"
    return f"{old} is {new}"
