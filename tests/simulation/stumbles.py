"""Google at its worst behaviour: errors of its own on any kind of write, for a while or for long, and odd answers.

It stumbles (500) over a method, before or after the request is carried out; it calls a stale etag an exhaustion, tells
of each contact of a batch by itself, and shows the data of labels late. Each has been observed, or stands in Google's
reference. As with photos, only some histories have this, and it is drawn apart, after each step.
"""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from sharesync.sandbox.faults import Fault, Kind

if TYPE_CHECKING:
    from tests.simulation.steps import Story

FIRST = 100_000
METHODS = (
    *("people.createContact", "people.batchCreateContacts", "people.updateContact", "people.batchUpdateContacts"),
    *("people.deleteContact", "people.batchDeleteContacts", "people.updateContactPhoto", "people.deleteContactPhoto"),
    *("contactGroups.create", "contactGroups.update", "contactGroups.delete", "contactGroups.members.modify"),
)
ODD = (
    ("stale_etag", ("precondition", "exhausted")),
    ("batch_refusal", ("whole", "each")),
    ("label_data_lag", (0.0, 900.0)),
)


def has_stumbles(seed: int) -> bool:
    """Whether Google stumbles in this history: in every fourth of the first two hundred, and in all late ones."""
    return seed >= FIRST or (seed < 200 and seed % 4 == 1)


def act(story: Story, rng: Random) -> str:
    """At times, errors of Google's own on one kind of write, or another way of answering."""
    workspace = story.house.workspace
    if rng.random() < 0.04:
        name, values = rng.choice(ODD)
        value = rng.choice(values)
        workspace.change_settings({name: value})
        story.house.seen["odd answers"] += 1
        return f"{name} {value}"
    if rng.random() > 0.05:
        return ""
    method, when, times = rng.choice(METHODS), rng.choice(("before", "after")), rng.choice((1, 3, 12, 40))
    workspace.faults.add(Fault(Kind.STATUS, method, when=when, times=times, status=500))
    story.house.seen["stumbles"] += 1
    return f"{times} times {when} {method}"
