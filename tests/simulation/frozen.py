"""A process frozen past its lease: another takes the mailbox over; the first wakes up, and must not send any more."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Any

from sharesync.sandbox.wire import Request
from tests.simulation.hands import Fingers
from tests.simulation.house import Broken, Perils

if TYPE_CHECKING:
    from tests.simulation.steps import Story

FIRST = 100_000


def has_frozen(seed: int) -> bool:
    """Whether processes freeze in this history: in every fourth of the first two hundred, and in all late ones."""
    return seed >= FIRST or (seed < 200 and seed % 4 == 3)


def act(story: Story, rng: Random) -> str:
    """At times, a pass that freezes before one of its transactions."""
    if rng.random() > 0.03:
        return ""
    house = story.house
    able = [user for user in sorted(house.names) if story.has_mailbox(user)]
    if not able:
        return "nobody"
    user = rng.choice(able)
    acts = [Fingers(house, user, rng).act() for _ in range(rng.choice((0, 1, 3)))]
    seconds, sent, told, right = rng.choice((61, 400, 4000)), list[str](), list[str](), house.on_send

    def watch(whose: str, request: Request) -> Any:
        sent.extend([request.path] if whose == user else [])
        return right(whose, request)

    def freeze() -> None:
        perils, house.perils = house.perils, Perils()
        fence = _fence(story, user)
        house.wait(seconds)
        told.append(story.run(user))
        house.perils = perils
        if _fence(story, user) != fence:
            house.seen["frozen past its lease"] += 1
            house.on_send = watch

    house.perils = Perils(in_line={rng.randint(2, 8): freeze})
    try:
        told.append(story.run(user))
    finally:
        house.on_send = right
    if sent:
        raise Broken(f"11: a process frozen past its lease sent {sent} to {house.names[user]}")
    return f"{house.names[user]} {acts} {told}"


def _fence(story: Story, user: str) -> int:
    return int(story.house.query("SELECT fence FROM mailboxes WHERE user_id = ?", user)[0][0])
