"""Photos in a history: what the store and hands do about them, what must hold at every write, and in the end.

Histories that were played before there were photos stay what they were: only some have them (`has_photos`), and what is
done about them is drawn apart, after each step.
"""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from sharesync.errors import Refused
from sharesync.formats.pictures import as_photo
from sharesync.model.audit import OPERATOR
from sharesync.sandbox import render
from sharesync.sandbox.contact import History, Version
from sharesync.sandbox.errors import ApiError
from sharesync.sandbox.faults import Fault
from sharesync.services import photos
from tests.pictures import picture
from tests.simulation.hands import Fingers
from tests.simulation.house import USERS, Broken
from tests.simulation.memory import marks

if TYPE_CHECKING:
    from tests.simulation.safety import Guard
    from tests.simulation.steps import Story

FIRST = 60_000
METHODS = ("people.updateContactPhoto", "people.deleteContactPhoto")


def has_photos(seed: int) -> bool:
    """Whether there are photos in this history: in every fourth of the first two hundred, and in all late ones."""
    return seed >= FIRST or (seed < 200 and seed % 4 == 3)


def act(story: Story, rng: Random) -> str:
    """At times, something about photos; returns what it was."""
    luck = rng.random()
    if luck < 0.14:
        return _store(story, rng)
    if luck < 0.20:
        return _hand(story, rng)
    if luck < 0.24:
        when, kind = rng.choice(("before", "after")), rng.choice(("drop", "half", "cut_json"))
        fault = {"kind": kind, "method": rng.choice(METHODS), "when": when, "times": rng.choice((1, 4))}
        story.house.workspace.faults.add(Fault.of(fault))
        return f"{kind} {when} {fault['method']}"
    return ""


def _store(story: Story, rng: Random) -> str:
    contact = story._contact(rng)
    try:
        with story.house.world.work(OPERATOR) as work:
            if rng.random() < 0.25:
                photos.remove_photo(work, contact)
                return f"the store's photo of {contact[-4:]} away"
            colour = (rng.randrange(256), rng.randrange(256), rng.randrange(256))
            photos.set_photo(work, contact, as_photo(picture(colour)))
            return f"a photo of {contact[-4:]}"
    except Refused as refused:
        return type(refused).__name__


def _hand(story: Story, rng: Random) -> str:
    name = rng.choice(USERS)
    fingers = Fingers(story.house, story.house.ids[name], rng)
    off = rng.random() < 0.5
    try:
        found = [one for one in fingers._persons() if marks(one.now) and (one.now.photo or not off)]
        person = rng.choice(found) if found else fingers._person(shared=True)
        fingers.hands.set_photo(person.now.resource_name, None if off else rng.randbytes(8))
    except (ValueError, ApiError):
        return "in vain"
    return f"{name} photographs"


# --- What must hold. --------------------------------------------------------------------------------------------------


def written(guard: Guard, user: str, ident: str, before: Version, now: Version) -> str | None:
    """Look at a photo that the service put or took away; returns the contact whose it is, if one was put."""
    house, name = guard.house, guard.house.names[user]
    if before.photo and not _is_ours(guard, user, ident, before.photo):
        raise Broken(f"4: the photo of {name}'s own on {marks(before)} was changed")
    if now.photo is None:
        return None
    contacts = marks(now) or tuple(c for (c,) in house.query(_LINKED, user, ident))
    if not any(now.photo == shown for contact in contacts for shown in _ever(guard, contact)):
        raise Broken(f"2: {name} was sent a photo that {contacts} never had")
    return contacts[0]


_LINKED = "SELECT contact_id FROM links WHERE mailbox_id = ? AND source_id = ?"


def _ever(guard: Guard, contact: str) -> list[str]:
    rows = guard.house.query("SELECT content FROM photos WHERE contact_id = ?", contact)
    return [render.photo_id(content) for (content,) in rows]


def _is_ours(guard: Guard, user: str, ident: str, photo: str) -> bool:
    """Whether the service put it there, or cannot know better: an answer was lost when a hand changed it."""
    return (user, photo) in guard.put or (user, ident) in guard.house.memory.unsure


def may_go(guard: Guard, user: str, ident: str, before: Version) -> bool:
    """Whether a person may be deleted for all that its photo says."""
    return before.photo is None or _is_ours(guard, user, ident, before.photo)


def look(guard: Guard, user: str, person: History[Version], contact: str) -> None:
    """Look at the photo of a shared person in the end: a user's own, else the store's."""
    house, seen = guard.house, person.now.photo
    rows = house.query("SELECT p.content FROM photos p JOIN contacts c ON p.digest = c.photo AND p.contact_id = c.id"
                       " WHERE c.id = ?", contact)  # fmt: skip
    should = render.photo_id(rows[0][0]) if rows else None
    if seen == should:
        house.seen["photo of the store's"] += bool(should)
        return
    if (user, seen) in guard.put and house.memory.marked[user, person.id] - {contact}:
        return  # of another contact, whose mark another program threw away before the person became this one
    handled = house.memory.faces.get((user, person.id), "never") == seen
    if not handled and (user, person.id) not in house.memory.revived | house.memory.unsure:
        raise Broken(f"2: {house.names[user]} sees the photo {seen} of {contact}, should see {should}")
    house.seen["photo of a user's own" if seen else "photo that a user took off"] += 1


def look_at_unlinked(guard: Guard, user: str, person: History[Version]) -> None:
    """A person that is left to its user keeps no photo of ours, but one that the user brought back.

    Or one of another contact, whose mark another program threw away before the person became the one that it was last.
    """
    seen, key = person.now.photo, (user, person.id)
    if len(guard.house.memory.marked[key]) > 1:
        return
    if (
        seen
        and (user, seen) in guard.put
        and guard.house.memory.faces.get(key) != seen
        and key not in guard.house.memory.revived | guard.house.memory.unsure
    ):
        raise Broken(f"2: {guard.house.names[user]} is left with a photo of ours")
