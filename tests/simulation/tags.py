"""Tags: typed on phones, as a custom entry of the contact, and in the web page; two people add different ones at once.

Tags are words in one value. A hand adds one, drops one, or writes them anew in another order; whatever two people do to
the tags of one contact is put together word by word, and is no conflict.
"""

from __future__ import annotations

import json
from datetime import UTC
from random import Random
from typing import TYPE_CHECKING, Any

from sharesync.errors import Refused
from sharesync.model.audit import OPERATOR
from sharesync.model.card import Card
from sharesync.model.filter_lines import parse
from sharesync.sandbox.contact import History, Version
from sharesync.services import contacts as contact_cases
from sharesync.store.queries import contact_pages
from sharesync.store.queries.contact_pages import ContactFilter
from sharesync.store.records import company_fields, contacts
from tests.simulation.hands import Fingers
from tests.simulation.house import USERS, Broken, House, Perils
from tests.simulation.memory import marks, tags

if TYPE_CHECKING:
    from tests.simulation.steps import Story

FIRST = 100_000
KEYS = ("Tags", "Tags", "tags")
BETWEEN = (", ", ", ", ",", " , ")
Json = dict[str, Any]


def has_tags(seed: int) -> bool:
    """Whether anybody uses tags in this history: in every fifth of the first two hundred, and in all late ones."""
    return seed >= FIRST or (seed < 200 and seed % 5 == 0)


def act(story: Story, rng: Random) -> str:
    """At times somebody tags a contact, or two do before either is heard."""
    luck = rng.random()
    if luck > 0.15:
        return ""
    story.house.perils = Perils()
    told = _tag_here(story.house, rng) if luck < 0.04 else _tag_there(story.house, rng)
    if told and luck < 0.10:
        told = f"{told}, {_tag_there(story.house, rng)}"
    if told:
        _look(story.house, rng)
    return told


def _look(house: House, rng: Random) -> None:
    """Raise Broken where tags are in conflict, as they never are, or a filter does not find who has one."""
    for (other,) in house.query("SELECT other FROM conflicts WHERE field = 'userDefined'"):
        if not tags({"userDefined": json.loads(other)}):
            continue  # of another field
        raise Broken(f"tags: {other} is said to be in conflict with other tags")
    rows = house.query("SELECT id, card FROM contacts WHERE deleted_at IS NULL AND erased_at IS NULL")
    tagged = {contact: tags(json.loads(card)) for contact, card in rows}
    words = sorted({word for some in tagged.values() for word in some})
    if not words:
        return
    word = rng.choice(words)
    with house.database.reading() as session:
        asked = parse(f"tag:{word}", house.world.now(), UTC, company_fields.defined(session))
        found = set(contact_pages.ids(session, ContactFilter(asked)))
    should = {contact for contact, some in tagged.items() if any(one.startswith(word) for one in some)}
    if found != should:
        raise Broken(f"tags: who asks for {word} finds {found ^ should} too many or few")


def _tag_there(house: House, rng: Random) -> str:
    """A hand changes the tags of a contact on its phone."""
    user = house.ids[rng.choice(USERS)]
    fingers = Fingers(house, user, rng)
    there = [one for one in sorted(fingers.box.live(), key=lambda one: one.id) if marks(one.now)]
    # The contacts that others tag, too, more often than not: chosen by what it is, as each mailbox has its own ids.
    there.sort(key=lambda one: marks(one.now))
    if not there:
        return ""
    person = there[0] if rng.random() < 0.6 else rng.choice(there)
    fingers.hands.edit(person.now.resource_name, {"userDefined": _changed(house, rng, person)})
    house.seen["tags on a phone"] += 1
    return f"{house.names[user]} tags {marks(person.now)[0][-4:]}"


def _changed(house: House, rng: Random, person: History[Version]) -> list[Json]:
    return _entries(rng, _other(house, rng, sorted(tags(person.now.fields))))


def _other(house: House, rng: Random, words: list[str]) -> list[str]:
    """These words, with one more, one less, or none that was there."""
    luck = rng.random()
    if words and luck < 0.2:
        words.remove(rng.choice(words))
    elif words and luck < 0.3:
        words = []
    if luck >= 0.2:
        words.append(house.word("tag"))
    rng.shuffle(words)
    return words


def _entries(rng: Random, words: list[str]) -> list[Json]:
    return [{"key": rng.choice(KEYS), "value": rng.choice(BETWEEN).join(words)}] if words else []


def _tag_here(house: House, rng: Random) -> str:
    """Somebody changes the tags of a contact in the web page."""
    rows = house.query("SELECT id FROM contacts WHERE deleted_at IS NULL ORDER BY id")
    if not rows:
        return ""
    contact = rows[0][0] if rng.random() < 0.6 else rng.choice(rows)[0]
    try:
        with house.world.work(OPERATOR) as work:
            card: Json = contacts.get(work.session, contact).card.as_json()
            words = _other(house, rng, sorted(tags(card)))
            contact_cases.edit(work, contact, Card.parse(card | {"userDefined": _entries(rng, words)}))
    except Refused as refused:
        return f"{contact[-4:]}: {refused}"
    house.seen["tags in the page"] += 1
    return f"{contact[-4:]} is tagged"
