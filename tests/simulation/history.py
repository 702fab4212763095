"""One history: a seed becomes steps, the steps strike the house, and then all must become well.

See the package for `AGE`, and for how to teach histories a new kind of act.
"""

from __future__ import annotations

import time
import traceback
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from random import Random

from sharesync.mailbox_pass.run import run_pass
from sharesync.model.access import Level
from sharesync.model.audit import CLOCK, OPERATOR
from sharesync.model.card import Card
from sharesync.services import contacts as contact_cases
from sharesync.services import grants as grant_cases
from sharesync.services import groups as group_cases
from sharesync.services import smart_groups
from sharesync.services.log.verification import verify
from sharesync.store.mailboxes import claims
from sharesync.store.records import holds
from tests.simulation import (
    addresses,
    choosing,
    fields,
    frozen,
    hiding,
    leaving,
    losing,
    mishaps,
    omitted,
    photos,
    pieces,
    ringing,
    slow,
    stumbles,
    tags,
    torn,
    unmarked,
)
from tests.simulation.access import Access
from tests.simulation.hands import Fingers
from tests.simulation.house import DOMAIN, Broken, House, Perils
from tests.simulation.oracle import look_everywhere
from tests.simulation.safety import Guard
from tests.simulation.steps import KINDS, Story, is_quiet

ROUNDS = 20
MUTATES = ("create", "update", "delete", "modify", "Create", "Update", "Delete")


Act = Callable[[Story, Random], str]


@dataclass(frozen=True, slots=True)
class Strand:
    """Acts of one kind, drawn apart from the steps: after each of them, from a source of chance of their own."""

    name: str
    age: int
    """From which age on histories have them."""
    is_in: Callable[[int], bool]
    """Whether the history of this seed has them."""
    act: Act
    """Does such an act, at times; returns what it was, or nothing."""


STRANDS = (
    Strand("photo", 1, photos.has_photos, photos.act),
    Strand("pieces", 1, pieces.has_pieces, pieces.act),
    Strand("slow writer", 2, slow.has_slow_writers, slow.act),
    Strand("left out", 2, omitted.has_omissions, omitted.act),
    Strand("addresses", 3, addresses.has_addresses, addresses.act),
    Strand("hiding", 4, hiding.has_hiding, hiding.act),
    Strand("losing", 5, losing.has_losses, losing.act),
    Strand("leaving", 6, leaving.has_leavers, leaving.act),
    Strand("stumbles", 7, stumbles.has_stumbles, stumbles.act),
    Strand("ringing", 8, ringing.has_ringing, ringing.act),
    Strand("torn", 9, torn.has_torn_merges, torn.act),
    Strand("mishaps", 9, mishaps.has_mishaps, mishaps.act),
    Strand("frozen", 9, frozen.has_frozen, frozen.act),
    Strand("choosing", 10, choosing.has_choosing, choosing.act),
    Strand("unmarked", 11, unmarked.has_unmarked, unmarked.act),
    Strand("tags", 12, tags.has_tags, tags.act),
    Strand("fields", 13, fields.has_fields, fields.act),
)
AGE = max(strand.age for strand in STRANDS)
"""The newest age."""


@dataclass(frozen=True, slots=True)
class Failure:
    """What went wrong, and at which step; `step` is -1 for the end, when all should have become well."""

    step: int
    sentence: str
    trail: str = ""
    """Where an error that nobody foresaw came from."""


def run(
    seed: int, only: Sequence[int], tell: Callable[[str], None] = lambda line: None, age: int = AGE
) -> tuple[Counter[str], Failure | None]:
    """Play the steps named, with the acts of this age; returns what was reached, and the failure if there was one."""
    story = begin(seed, tell)
    strands = [strand for strand in STRANDS if strand.age <= age and strand.is_in(seed)]
    step = -1
    try:
        for step in only:
            rng = Random(f"{seed}/{step}")
            kind = rng.choices(list(KINDS), list(KINDS.values()))[0]
            story.house.perils = Perils()
            tell(f"{step:4} {kind.__name__}: {kind(story, rng)}")
            story.house.perils = Perils()
            for strand in strands:
                if told := strand.act(story, Random(f"{seed}/{step}/{strand.name}")):
                    tell(f"     {strand.name}: {told}")
            if not step % 10:
                story.guard.counted()
        step = -1
        heal(story, Random(f"{seed}/heal"))
    except Broken as broken:
        return story.house.seen, Failure(step, str(broken))
    except Exception as error:  # whatever the service raises is a failure of this history
        return story.house.seen, Failure(step, f"{type(error).__name__}: {error}", traceback.format_exc())
    finally:
        story.house.database.close()
    return story.house.seen, None


def begin(seed: int, tell: Callable[[str], None]) -> Story:
    """A company with two groups, some grants, and a few contacts."""
    rng = Random(f"{seed}/begin")
    skew = timedelta(seconds=rng.choice((0, 0, 3, -3, 600, -600, 86_400, -86_400)))
    house = House(str(seed), skew=skew, lag=rng.choice((0.0, 0.0, 5.0, 240.0)))
    access = Access(house)
    story = Story(house, access, Guard(house, access), tell, photos=photos.has_photos(seed))
    story.read_directory()
    fingers = Fingers(house, house.ids["ann"], rng)
    with house.world.work(OPERATOR) as work:
        for name, size in (("Customers", rng.randint(3, 12)), ("Suppliers", rng.randint(1, 4))):
            group = group_cases.create(work, name)
            for _ in range(size):
                contact_cases.create(work, group.id, Card.parse(fingers.new_fields()))
            for user in ("ann", "bo", "cy"):
                if rng.random() < 0.8:
                    grant_cases.grant(work, name, f"{user}@{DOMAIN}", rng.choice(list(Level)))
    for user in house.names:
        for _ in range(rng.randint(0, 3)):
            own = Fingers(house, user, rng)
            own.hands.create(own.new_fields(), ())
    tell(f"     skew {skew}, lag {house.workspace.settings.lag}")
    return story


def heal(story: Story, rng: Random) -> None:
    """Let all faults end, and demand that every mailbox becomes what its grants say, and then stays quiet."""
    house = story.house
    house.workspace.faults.clear()
    house.workspace.poison = b""
    house.workspace.change_settings({"lag": 0.0, "label_lag": 0.0, "new_label_lag": 0.0, "quotas": None})
    house.workspace.change_settings({"label_data_lag": 0.0, "stale_etag": "precondition", "batch_refusal": "whole"})
    house.restart()
    for user in house.names:
        house.workspace.directory.change_user(user, suspended=False)
        house.bring_back(user)
    story.read_directory()
    for _ in range(4 if house.seen["change left out"] else 0):  # a week, in which no sync token ends
        house.wait(2 * 86_400)
        _round(story)
    for number in range(ROUNDS):
        house.wait(86_400 + 3_600 if number == 1 else 1_900)
        with house.database.reading() as session:
            waiting = holds.listed(session)
        for hold in waiting:
            story.decide(house.world.operation(OPERATOR), hold, apply=rng.random() < 0.5)
        if _round(story) and number > 1:
            break
    else:
        loud = _loud(story)
        raise Broken(f"2: not quiet after {ROUNDS} rounds: {loud}")
    look_everywhere(house, story.access, story.guard)
    choosing.look(story)
    fields.look(house, story.access.company.paused)
    with house.database.reading() as session:
        wrong = verify(session).told
    if wrong:
        raise Broken(f"the log, and the contacts that it vouches for: {wrong[0]}")


def _round(story: Story) -> bool:
    """A pass over everyone; whether all only looked."""
    with story.house.database.reading() as session:
        users = [mailbox.user_id for mailbox in claims.concerned(session)]
    quiet = True
    smart_groups.tend(story.house.world.operation(CLOCK))
    for user in users:
        report = run_pass(story.house.world, user, patience=65.0)
        story.tell(f"     heal: {story.house.names[user]} {report.outcome.value} {dict(report.calls)} {report.reason}")
        quiet = quiet and is_quiet(report)
    return quiet


def _loud(story: Story) -> list[str]:
    rows = story.house.query("SELECT user_id, state, reason FROM mailboxes")
    return [f"{story.house.names[user]} {state} {reason}" for user, state, reason in rows if state != "ok"]


def shrink(seed: int, only: Sequence[int], seconds: float, age: int = AGE) -> tuple[list[int], Failure]:
    """Drop steps while the history still fails; returns what is left."""
    until, kept = time.monotonic() + seconds, list(only)
    _, failure = run(seed, kept, age=age)
    assert failure is not None, "shrinking needs a history that fails"
    if failure.step >= 0:
        kept = [step for step in kept if step <= failure.step]
    size = max(1, len(kept) // 2)
    while time.monotonic() < until:
        dropped = False
        for start in range(0, len(kept), size):
            fewer = kept[:start] + kept[start + size :]
            if time.monotonic() >= until:
                break
            _, found = run(seed, fewer, age=age)
            if found is not None and found.sentence[:2] == failure.sentence[:2]:
                kept, failure, dropped = fewer, found, True
                break
        if not dropped:
            if size == 1:
                break
            size = max(1, size // 2)
    return kept, failure
