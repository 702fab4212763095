"""Smart groups: made, changed, given away and ended, while hands put their labels on and take them off.

Who should be in each is worked out here a second time, from the cards as they are kept and rules written in Python.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime, time, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

from sharesync.errors import Refused
from sharesync.model.access import Level, Principal, PrincipalKind
from sharesync.model.audit import OPERATOR
from sharesync.services import grants as grant_cases
from sharesync.services import groups as group_cases
from sharesync.services import smart_groups
from tests.simulation.access import LEVELS, MANAGE, VIEW
from tests.simulation.hands import Fingers
from tests.simulation.house import DOMAIN, USERS, Broken, House, Perils

if TYPE_CHECKING:
    from tests.simulation.steps import Story

FIRST = 100_000
MOST = 3
Rule = Callable[[Mapping[str, Any], datetime, datetime], bool]
"""Of a card, the moment at which it was changed, and now."""


def _lately(card: Mapping[str, Any], changed: datetime, now: datetime) -> bool:
    return changed >= datetime.combine(now.date() - timedelta(days=1), time(), UTC)


LINES: Mapping[str, Rule] = {
    "has:phone": lambda card, changed, now: bool(card.get("phoneNumbers")),
    "missing:phone": lambda card, changed, now: not card.get("phoneNumbers"),
    "has:phone -has:note": lambda card, changed, now: bool(card.get("phoneNumbers")) and not card.get("biographies"),
    "has:note OR missing:email": lambda card, changed, now: (
        bool(card.get("biographies")) or not card.get("emailAddresses")
    ),
    "changed>-2d": _lately,
    "-changed>-2d has:name": lambda card, changed, now: not _lately(card, changed, now) and bool(card.get("names")),
}
ALWAYS = tuple(line for line in LINES if "changed" not in line)
_SMART = "SELECT group_id, filter, owner FROM smart_groups ORDER BY group_id"


def has_choosing(seed: int) -> bool:
    """Whether there are smart groups: in every third of the first two hundred, and in all late ones."""
    return seed >= FIRST or (seed < 200 and seed % 3 == 0)


def act(story: Story, rng: Random) -> str:
    """At times something is done with a smart group; and each time it is looked who is in each."""
    _look(story, ALWAYS)
    story.house.perils = Perils()
    smart_groups.tend(story.house.world.operation(OPERATOR))
    _look(story, LINES)
    if rng.random() > 0.12:
        return ""
    verb = rng.choice((_make, _make, _let_see, _choose_otherwise, _give, _end, _pull, _push))
    try:
        told = verb(story, rng)
    except Refused as refused:
        return f"{verb.__name__}: {refused}"
    finally:
        story.access.tidy()
    if told:
        story.house.seen["smart group"] += 1
        _look(story, LINES)
    return told


def look(story: Story) -> None:
    """Raise Broken where somebody is in a smart group who should not be, or is not."""
    _look(story, LINES)


def _make(story: Story, rng: Random) -> str:
    house = story.house
    smart = _some(house, rng)
    if len(smart) >= MOST:
        return ""
    ordinary = [name for (name,) in house.query(
        "SELECT name FROM groups WHERE deleted_at IS NULL AND id NOT IN (SELECT group_id FROM smart_groups)"
        " ORDER BY name"
    )]  # fmt: skip
    if not ordinary:
        return ""
    line, sources = rng.choice(list(LINES)), rng.sample(ordinary, rng.randint(1, min(2, len(ordinary))))
    owner = Principal(PrincipalKind.USER, house.ids[rng.choice(USERS)]) if rng.random() < 0.5 else None
    name = house.word("Smart")
    made = smart_groups.create(
        house.world.operation(OPERATOR), name, line, sources, zone="UTC", owner=owner, share=rng.random() < 0.3
    )
    with house.world.work(OPERATOR) as work:
        for user in USERS:
            if rng.random() < 0.6:
                grant_cases.grant(work, made.id, f"{user}@{DOMAIN}", _level(rng))
    return f"{name} is {line} of {sources}"


def _level(rng: Random) -> Level:
    return rng.choice((Level.VIEW, Level.EDIT))


def _let_see(story: Story, rng: Random) -> str:
    smart = _some(story.house, rng)
    if not smart:
        return ""
    with story.house.world.work(OPERATOR) as work:
        grant_cases.grant(work, smart[0], f"{rng.choice(USERS)}@{DOMAIN}", _level(rng))
    return f"{smart[0]} is seen"


def _choose_otherwise(story: Story, rng: Random) -> str:
    smart = _some(story.house, rng)
    if not smart:
        return ""
    line = rng.choice(list(LINES))
    smart_groups.change(story.house.world.operation(OPERATOR), smart[0], line, sure=True)
    return f"{smart[0]} is {line} now"


def _give(story: Story, rng: Random) -> str:
    smart = _some(story.house, rng)
    if not smart:
        return ""
    owner = rng.choice((None, *USERS))
    with story.house.world.work(OPERATOR) as work:
        smart_groups.give(work, smart[0], Principal(PrincipalKind.USER, story.house.ids[owner]) if owner else None)
    return f"{smart[0]} is {owner}'s"


def _end(story: Story, rng: Random) -> str:
    smart = _some(story.house, rng)
    if not smart or rng.random() < 0.6:
        return ""
    group_cases.delete(story.house.world.operation(OPERATOR), smart[0])
    return f"{smart[0]} is no more"


def _pull(story: Story, rng: Random) -> str:
    """A hand takes contacts out of a smart group."""
    fingers, label = _label(story, rng)
    if fingers is None:
        return ""
    inside = [one["resourceName"] for one in fingers.hands.contacts(label)]
    for person in rng.sample(inside, min(len(inside), rng.choice((1, 2, 5)))):
        fingers.hands.unlabel(person, label)
    story.house.seen["pulled out of a smart group"] += bool(inside)
    return f"out of {label}: {inside}"


def _push(story: Story, rng: Random) -> str:
    """A hand puts contacts into one: shared ones, and the user's own."""
    fingers, label = _label(story, rng)
    if fingers is None:
        return ""
    inside = {one["resourceName"] for one in fingers.hands.contacts(label)}
    outside = [one["resourceName"] for one in fingers.hands.contacts() if one["resourceName"] not in inside]
    for person in rng.sample(outside, min(len(outside), rng.choice((1, 2)))):
        fingers.hands.label(person, label)
    story.house.seen["pushed into a smart group"] += bool(outside)
    return f"into {label}: {outside}"


def _label(story: Story, rng: Random) -> tuple[Fingers | None, str]:
    """Some user's hands, and the label of a smart group in their mailbox."""
    smart = set(_some(story.house, rng))
    found = [(user, label) for (user, label), group in sorted(story.guard.labels.items()) if group in smart]
    there = [
        (user, label)
        for user, label in found
        if any(one["id"] == label for one in story.house.workspace.hands(user).labels())
    ]
    if not there:
        return None, ""
    user, label = rng.choice(there)
    return Fingers(story.house, user, rng), label


def _some(house: House, rng: Random) -> list[str]:
    smart = [group for group, _, _ in house.query(_SMART)]
    rng.shuffle(smart)
    return smart


def _moment(told: str | datetime) -> datetime:
    """SQLite keeps moments as text, without their zone."""
    return datetime.fromisoformat(told).replace(tzinfo=UTC) if isinstance(told, str) else told


def _look(story: Story, lines: Collection[str]) -> None:
    house, now = story.house, story.house.world.now()
    smart = house.query(_SMART)
    if not smart:
        return
    cards = {
        contact: (json.loads(card), _moment(changed))
        for contact, card, changed in house.query("SELECT id, card, changed_at FROM contacts")
    }
    members: dict[str, set[str]] = {}
    for group, contact in house.query("SELECT group_id, contact_id FROM memberships"):
        members.setdefault(group, set()).add(contact)
    sources: dict[str, set[str]] = {}
    for group, source in house.query("SELECT group_id, source_id FROM smart_sources"):
        sources.setdefault(group, set()).add(source)
    for group, line, owner in smart:
        if line not in lines or (lines is ALWAYS and owner):
            continue  # whose levels hang on a directory that is read between two steps
        levels = story.access.levels(owner) if owner else dict.fromkeys(sources.get(group, ()), MANAGE)
        places = [source for source in sources.get(group, ()) if levels.get(source, 0) >= MANAGE]
        there = {contact for place in places for contact in members.get(place, ())}
        should = {contact for contact in there if LINES[line](*cards[contact], now)}
        if members.get(group, set()) != should:
            raise Broken(f"smart: {line} of {places} holds {members.get(group, set()) ^ should} too many or few")
    for level in house.query(
        "SELECT level FROM grants WHERE level NOT IN (?, ?) AND group_id IN (SELECT group_id FROM smart_groups)",
        VIEW,
        LEVELS["edit"],
    ):
        raise Broken(f"smart: {level} was granted on one")
