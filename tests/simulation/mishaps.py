"""Errors of our own: what is decided about one contact cannot be applied; all else arrives, and that later."""

from __future__ import annotations

import json
from random import Random
from typing import TYPE_CHECKING
from unittest.mock import patch

from sharesync.mailbox_pass import apply
from sharesync.mailbox_pass.apply_session import Applying
from sharesync.model.card import Card
from sharesync.sync.decisions import Accepted, Decision, Kept
from tests.simulation import fields
from tests.simulation.hands import Fingers
from tests.simulation.house import Broken, Perils

if TYPE_CHECKING:
    from tests.simulation.steps import Story

FIRST = 100_000
ENDINGS = ("attention", "retry", "paused", "busy")


def has_mishaps(seed: int) -> bool:
    """Whether the service errs in this history: in every fourth of the first two hundred, and in all late ones."""
    return seed >= FIRST or (seed < 200 and seed % 4 == 0)


def act(story: Story, rng: Random) -> str:
    """At times, a pass that cannot apply what it decides about one contact."""
    if rng.random() > 0.03:
        return ""
    house = story.house
    rows = house.query("SELECT mailbox_id, contact_id FROM links WHERE source_id IS NOT NULL ORDER BY 1, 2")
    if not rows:
        return "nobody"
    user, bad = rng.choice(rows)
    fingers, struck, accepted = Fingers(house, user, rng), list[str](), dict[str, Card]()
    acts = [fingers.act() for _ in range(rng.choice((1, 2, 4)))]
    right = apply._apply

    def err(at: Applying, decision: Decision) -> None:
        right(at, decision)
        if getattr(decision, "contact", None) == bad:
            struck.append(bad)
            raise KeyError(bad)
        if isinstance(decision, Kept) and isinstance(decision.edit, Accepted):
            accepted[decision.contact] = decision.edit.card

    house.perils = Perils()
    with patch.object(apply, "_apply", err):
        told = story.run(user)
    if struck and not told.startswith(ENDINGS):
        raise Broken(f"12: an error about {bad} was told to nobody: {told}")
    for contact, card in accepted.items() if struck else ():
        should = Card.parse(fields.without_kept_here(house, card.as_json()))
        if Card.parse(json.loads(house.query("SELECT card FROM contacts WHERE id = ?", contact)[0][0])) != should:
            raise Broken(f"12: an edit of {contact} did not arrive, as of {bad} none can: {told}")
    house.seen["mishap about one contact"] += bool(struck)
    return f"{house.names[user]} {acts}, {len(struck)} times about {bad}: {told}"
