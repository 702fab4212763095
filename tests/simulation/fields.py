"""Fields of the company's own: a text and a day, typed on phones and in the page; an administrator moves them about.

A field is renamed, gets another kind, moves between Google and here, or is deleted and made anew, while hands go on
typing under whatever name their phone shows. What is said in fields is worked out here a second time, from the rows.
"""

from __future__ import annotations

import json
from collections.abc import Container, Iterable, Mapping
from datetime import date, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

from sharesync.errors import Refused
from sharesync.model.audit import OPERATOR
from sharesync.model.company_fields import CompanyField
from sharesync.model.field_kinds import FieldKind
from sharesync.sandbox.contact import Version
from sharesync.sandbox.wire import Request
from sharesync.services import company_fields as cases
from sharesync.services import contacts as contact_cases
from sharesync.services import relocating, retyping
from sharesync.store.records import company_fields, contacts
from tests.simulation.hands import Fingers
from tests.simulation.house import USERS, Broken, House, Perils, Written
from tests.simulation.memory import marks

if TYPE_CHECKING:
    from tests.simulation.steps import Story

FIRST = 100_000
NAMES = {"District": FieldKind.TEXT, "Renewal": FieldKind.DATE}
OTHERS = {"District": "Area", "Area": "District", "Renewal": "Contract ends", "Contract ends": "Renewal"}
KINDS = (FieldKind.TEXT, FieldKind.LONG_TEXT, FieldKind.DATE)
KEPT = (
    "SELECT card FROM contact_versions UNION ALL SELECT here FROM contact_versions WHERE here IS NOT NULL"
    " UNION ALL SELECT card FROM proposals UNION ALL SELECT other FROM conflicts"
    " UNION ALL SELECT card FROM hold_contacts WHERE card IS NOT NULL UNION ALL SELECT card FROM private_cards"
)
"""Where whatever somebody typed may be kept."""
Json = dict[str, Any]
Said = dict[str, dict[str, str]]
"""By contact: what it says, by the id of a field."""


def has_fields(seed: int) -> bool:
    """Whether there are fields besides Tags: in every seventh of the first two hundred, and in all late ones."""
    return seed >= FIRST or (seed < 200 and seed % 7 == 3)


def act(story: Story, rng: Random) -> str:
    """At times somebody types into a field, or an administrator changes it."""
    house = story.house
    if not house.seen["fields"]:
        _begin(house)
    if rng.random() > 0.2:
        return ""
    house.perils = Perils()
    verb = rng.choice(
        (_type_there, _type_there, _type_there, _type_here, _type_here, _move, _move, _rename, _retype, _anew)
    )
    try:
        told = verb(house, rng)
    except Refused as refused:
        return f"{verb.__name__}: {refused}"
    if told:
        house.seen[f"field: {verb.__name__[1:]}"] += 1
    return told


def look(house: House, paused: Container[str]) -> None:
    """Raise Broken where a phone shows anything in a field that it should not, or lacks what it should show.

    Mailboxes that sharesync may not open show whatever was typed last.
    """
    if not house.seen["fields"]:
        return
    fields = _fields(house)
    shown, here = ({one.name.casefold() for one in fields if one.shown is where} for where in (True, False))
    cards = {ident: _entries(json.loads(card)) for ident, card in house.query("SELECT id, card FROM contacts")}
    for contact, entries in cards.items():
        if wrong := [entry for entry in entries if entry[0] in here]:
            raise Broken(f"fields: {wrong} is kept here, and on the card of {contact}")
    for user in sorted(one for one in house.names if one not in paused):
        rows = house.query("SELECT contact_id, source_id, own FROM links WHERE mailbox_id = ?", user)
        linked = {source: (contact, own) for contact, source, own in rows}
        for person in house.workspace.mailbox(user).live():
            if person.id not in linked or not marks(person.now):
                continue
            contact, own = linked[person.id]
            theirs = _entries(json.loads(own)) if own else set[tuple[str, str]]()
            stands = {one for one in _entries(person.now.fields) if one[0] in shown | here}
            should = {one for one in cards[contact] if one[0] in shown}
            if should - stands or stands - should - theirs:
                raise Broken(f"fields: {house.names[user]} reads {stands} of {contact}, should read {should}")


# --- What happens ----------------------------------------------------------------------------------------------------


def _begin(house: House) -> None:
    """Define the fields, and listen to what is sent and written from now on."""
    for name, kind in NAMES.items():
        cases.create(house.world.operation(OPERATOR), CompanyField("", name, kind))
    house.seen["fields"] += 1
    send, written = house.on_send, house.on_written

    def sent(user: str, request: Request) -> Any:
        _keep_secret(house, request)
        return send(user, request)

    def wrote(user: str, before: Any, writes: list[Written]) -> None:
        written(user, before, writes)
        _lose_nothing(house, user, before.seq, writes)

    house.on_send, house.on_written = sent, wrote


def _type_there(house: House, rng: Random) -> str:
    """A hand writes, or empties, an entry of a contact on its phone, under a name that is or was a field's."""
    user = house.ids[rng.choice(USERS)]
    fingers = Fingers(house, user, rng)
    there = sorted((one for one in fingers.box.live() if marks(one.now)), key=lambda one: marks(one.now))
    if not there:
        return ""
    person = there[0] if rng.random() < 0.5 else rng.choice(there)
    name = rng.choice(list(OTHERS))
    others = [one for one in person.now.fields.get("userDefined", ()) if one["key"].casefold() != name.casefold()]
    typed = [{"key": name, "value": _value(house, rng)}] if rng.random() < 0.8 else []
    fingers.hands.edit(person.now.resource_name, {"userDefined": [*others, *typed]})
    return f"{house.names[user]} types {typed} on {marks(person.now)[0][-4:]}"


def _type_here(house: House, rng: Random) -> str:
    """Somebody writes, or empties, a field of a contact in the web page."""
    rows = house.query("SELECT id FROM contacts WHERE deleted_at IS NULL AND erased_at IS NULL ORDER BY id")
    if not rows:
        return ""
    contact = rows[0][0] if rng.random() < 0.5 else rng.choice(rows)[0]
    field = rng.choice(_fields(house))
    text = _value(house, rng) if rng.random() < 0.85 else ""
    with house.world.work(OPERATOR) as work:
        now = contacts.get(work.session, contact)
        fields = company_fields.defined(work.session)
        card, here = fields.written(now.card, now.here, {field.name: text}, as_typed=True)
        if card:
            contact_cases.edit(work, contact, card, here=here)
    if _said(house).get(contact, {}).get(field.id, "") != text:
        raise Broken(f"fields: {contact} does not say {text} in {field.name}, as was typed")
    return f"{contact[-4:]} says {text} in {field.name}"


def _move(house: House, rng: Random) -> str:
    field, before = rng.choice(_fields(house)), _said(house)
    relocating.relocate(house.world.operation(OPERATOR), field.id, shown=not field.shown)
    _same(before, _said(house), f"{field.name} moved")
    return f"{field.name} moves {'here' if field.shown else 'to Google'}"


def _rename(house: House, rng: Random) -> str:
    """Entries of the new name become its values; what was said stays said."""
    field, before = rng.choice(_fields(house)), _said(house)
    cases.rename(house.world.operation(OPERATOR), field.id, OTHERS[field.name])
    after = _said(house)
    for contact, told in before.items():
        if told.get(field.id, "") not in after.get(contact, {}).get(field.id, ""):
            raise Broken(f"fields: {field.name} was renamed; {contact} says {after.get(contact)}, not {told}")
    return f"{field.name} is renamed"


def _retype(house: House, rng: Random) -> str:
    field, before = rng.choice(_fields(house)), _said(house)
    retyping.retype(house.world.operation(OPERATOR), field.id, rng.choice(KINDS))
    _same(before, _said(house), f"{field.name} got another kind")
    return f"{field.name} gets another kind"


def _anew(house: House, rng: Random) -> str:
    """A field is deleted, and one of its name defined in either place."""
    field = rng.choice(_fields(house))
    cases.delete(house.world.operation(OPERATOR), field.id)
    shown = rng.random() < 0.5
    cases.create(house.world.operation(OPERATOR), CompanyField("", field.name, field.kind, shown=shown))
    return f"{field.name} is made anew"


def _value(house: House, rng: Random) -> str:
    """A text or a day that nobody has typed yet."""
    number = int(house.word("").lstrip())
    return str(date(2027, 1, 1) + timedelta(number)) if rng.random() < 0.5 else f"region-{number}."


# --- What is looked at -----------------------------------------------------------------------------------------------


def without_kept_here(house: House, card: Json) -> Json:
    """The card as it stands in the store once it is written: an entry named as a field kept here is that field's."""
    here = {one.name.casefold() for one in _fields(house) if not one.shown}
    entries = [one for one in card.get("userDefined", ()) if one["key"].casefold() not in here]
    return {**{name: items for name, items in card.items() if name != "userDefined"}, **_if_any(entries)}


def _if_any(entries: list[Json]) -> Json:
    return {"userDefined": entries} if entries else {}


def _fields(house: House) -> list[CompanyField]:
    with house.database.reading() as session:
        return [one for one in company_fields.defined(session) if one.name in OTHERS]


def _said(house: House) -> Said:
    """What every contact says: on its card where the field is shown, beside it where not; else where it still is."""
    told: Said = {}
    fields = _fields(house)
    for contact, card, here in house.query("SELECT id, card, here FROM contacts WHERE erased_at IS NULL"):
        entries, beside = sorted(_entries(json.loads(card))), json.loads(here) if here else {}
        for field in fields:
            on_card = ", ".join(value for key, value in entries if key == field.name.casefold())
            ways = (on_card, beside.get(field.id, "")) if field.shown else (beside.get(field.id, ""), on_card)
            if text := ways[0] or ways[1]:
                told.setdefault(contact, {})[field.id] = text
    return told


def _same(before: Said, after: Said, what: str) -> None:
    words = [
        {contact: {one: set(text.split(", ")) for one, text in told.items()} for contact, told in side.items()}
        for side in (before, after)
    ]
    for contact in before.keys() | after.keys():
        if words[0].get(contact) != words[1].get(contact):
            raise Broken(f"fields: {what}, and {contact} says {after.get(contact)}, not {before.get(contact)}")


def _entries(fields: Mapping[str, Iterable[Mapping[str, Any]]]) -> set[tuple[str, str]]:
    found = ((one["key"].casefold(), one["value"]) for one in fields.get("userDefined", ()))
    return {entry for entry in found if entry[0] in {name.casefold() for name in OTHERS}}


def _keep_secret(house: House, request: Request) -> None:
    """Raise Broken where a request says what is kept here, and no card of anybody ever said."""
    body = request.body.decode(errors="replace")
    here = {one.id for one in _fields(house) if not one.shown}
    for contact, told in house.query("SELECT id, here FROM contacts WHERE here IS NOT NULL"):
        for field, text in json.loads(told).items():
            if field in here and text in body and not _was_ever_shown(house, text):
                raise Broken(f"fields: what {contact} keeps here was sent to Google: {text}")


def _was_ever_shown(house: House, text: str) -> bool:
    """On a card, or typed on a phone, whose user may have it as a value of their own."""
    if house.query("SELECT 1 FROM contact_versions WHERE card LIKE ? LIMIT 1", f"%{text}%"):
        return True
    return any(
        text in json.dumps([*version.fields.get("userDefined", ())], default=str)
        for user in house.names
        for person in house.workspace.mailbox(user).contacts.values()
        for version in person.versions
    )


def _lose_nothing(house: House, user: str, seq: int, writes: list[Written]) -> None:
    """Raise Broken where an entry was written over that is kept nowhere."""
    for one in writes:
        if not isinstance(one.now, Version) or not isinstance(one.before, Version) or one.before.seq > seq:
            continue
        lost = {text for _, text in _entries(one.before.fields) - _entries(one.now.fields)}
        for text in lost:
            if not any(text in (row or "") for (row,) in house.query(KEPT)):
                raise Broken(f"fields: {text} was written over for {house.names[user]} and is kept nowhere")
