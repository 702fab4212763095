"""The oracle: what truly stands in the mailboxes, held against what the grants say. It asks nothing of the sync.

Two things it cannot know by itself are told by the users: which persons are their own, and which of ours they may keep.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from sharesync.model.card import Card
from sharesync.model.group import is_label_name
from sharesync.model.mailbox import MARK_KEY
from tests.users import Json, Shown, User

if TYPE_CHECKING:
    from tests.worlds import House


def look_at(house: House, user: User) -> None:
    """Assert that the mailbox shows each contact granted to its user once, and nothing of ours beside them."""
    mailbox = house.mailbox(user.name)
    persons = {one["id"]: one for one in mailbox["contacts"] if one["state"] == "live"}
    labels = _our_labels(house, user, [one for one in mailbox["labels"] if not one["deleted"]])
    should: dict[str, set[str]] = {}
    cards: dict[str, Json] = {}
    for group in labels.values():
        for contact, card in house.books.cards(group).items():
            should.setdefault(contact, set()).add(group)
            cards[contact] = card
    linked: dict[str, str] = {}
    for ident, person in persons.items():
        name, on = Shown.of(person["fields"]).given, {labels[label] for label in person["labels"] if label in labels}
        marks = _marks(person["fields"].get("clientData", ()))
        if not marks:
            assert not on, f"{user.name} has {name} under {on}, unlinked"
            continue
        contact = marks[0].partition(".")[0].partition("+")[0]
        assert len(marks) == 1, f"{user.name} has {name} with {len(marks)} marks"
        assert contact not in linked, f"{user.name} has {name} twice"
        assert on == should.get(contact, set()), f"{user.name} has {name} under {on}"
        told = f"{user.name} reads {person['fields']}, not {cards[contact]}"
        assert _typed(person["fields"]) == _typed(cards[contact]), told
        linked[contact] = ident
    missing = [Shown.of(cards[one]).given for one in cards.keys() - linked.keys()]
    assert not missing, f"{user.name} lacks {missing}"
    _look_at_own(user, persons, persons.keys() - set(linked.values()))


def _our_labels(house: House, user: User, labels: list[Json]) -> dict[str, str]:
    """Names of the granted groups by id of their label, of which there is exactly one each and no other of ours."""
    ours: dict[str, str] = {}
    for group, ident in house.books.groups().items():
        if house.level(group, user.name) is not None:
            marked = [one for one in labels if _is_marked(one, f"label-{ident}.")]
            assert len(marked) == 1, f"{user.name} has {len(marked)} labels of {group}: {user.labels()}"
            assert is_label_name(marked[0]["name"], group), f"{user.name} reads {group} as {marked[0]['name']}"
            ours[marked[0]["id"]] = group
    strange = [one["name"] for one in labels if _is_marked(one, "") and one["id"] not in ours]
    assert not strange, f"{user.name} has labels of ours that nobody granted: {strange}"
    return ours


def _look_at_own(user: User, persons: Mapping[str, Json], unlinked: set[str]) -> None:
    """Assert that the user's own persons stand as they left them, and that of ours none is left but what they keep."""
    for ident, before in user.own.items():
        now = persons.get(ident)
        assert now or ident in user.gone, f"{user.name} lost {Shown.of(before['fields']).given}, their own"
        if now and ident in unlinked:
            assert _theirs(user, now) == _theirs(user, before), f"someone changed {now['fields']} of {user.name}'s"
    left = sorted(Shown.of(persons[one]["fields"]).given for one in unlinked - user.own.keys())
    assert left == sorted(user.keeps), f"{user.name} is left with {left}"


def _marks(data: Iterable[Json]) -> list[str]:
    return [str(one["value"]) for one in data if one["key"] == MARK_KEY]


def _is_marked(label: Json, beginning: str) -> bool:
    return any(mark.startswith(beginning) for mark in _marks(label["clientData"]))


def _typed(told: Mapping[str, Any]) -> Card:
    """A card without the country code that Google derives from an address's country."""
    addresses = [dict(one) for one in told.get("addresses", ())]
    for address in addresses:
        address.pop("countryCode", None)
    return Card.read({**told, "addresses": addresses})


def _theirs(user: User, person: Json) -> Json:
    """What of a person its user would miss."""
    told = {name: items for name, items in person["fields"].items() if name != "clientData"}
    data = [one for one in person["fields"].get("clientData", ()) if one["key"] != MARK_KEY]
    return {"fields": told, "data": data, "labels": user.own_labels & set(person["labels"]), "photo": person["photo"]}


# --- A picture to compare. --------------------------------------------------------------------------------------------


def picture(house: House) -> Json:
    """All that people can see, without ids and times: two stories that have come to the same end are equal."""
    books, kept = house.books, ("accepted", "rejected", "deleted")
    return {
        "mailboxes": {name: _picture(house.mailbox(name)) for name in house.users},
        "groups": {group: books.contacts(group) for group in books.groups()},
        "trash": books.trash(),
        "versions": {name: [books.versions(name, kind) for kind in kept] for name in books.names().values()},
        "conflicts": books.conflicts(),
    }


def _picture(mailbox: Json) -> Json:
    labels = {one["id"]: one["name"] for one in mailbox["labels"] if not one["deleted"]}
    shown = [
        {
            "fields": {name: items for name, items in one["fields"].items() if name != "clientData"},
            "labels": sorted(labels.get(label, label) for label in one["labels"]),
            "linked": bool(_marks(one["fields"].get("clientData", ()))),
            "photo": one["photo"],
        }
        for one in mailbox["contacts"]
        if one["state"] == "live"
    ]
    return {
        "labels": sorted(labels.values()),
        "contacts": sorted(shown, key=lambda one: json.dumps(one, sort_keys=True)),
    }
