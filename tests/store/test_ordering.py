"""Lists in every order, page by page: those with the value in its order, those without behind them by name."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import update

from sharesync.model.alphabet import Alphabet
from sharesync.model.card import Card
from sharesync.model.company_fields import CompanyField
from sharesync.model.field_kinds import FieldKind
from sharesync.model.filters import plain
from sharesync.model.list_order import ListOrder
from sharesync.store.database.tables import ContactRow
from sharesync.store.queries import contact_pages
from sharesync.store.queries.contact_pages import ContactFilter
from sharesync.store.records import company_fields
from tests.store.stores import Store

PEOPLE: dict[str, dict[str, Any]] = {
    "c0": {"name": "Zoe", "company": "Østjysk", "city": "Århus", "email": "b@x.test", "day": (2, 29), "number": "7"},
    "c1": {
        "name": "Bo",
        "company": "Østjysk",
        "email": "c@x.test",
        "day": (2, 28),
        "number": "-3",
        "phone": "0045 33 12",
    },
    "c2": {"name": "Eva", "phone": "+45 3311"},
    "c3": {"name": "Ann", "company": "Zeta", "city": "Odense", "number": "7"},
    "c4": {"name": "Cy", "company": "acme", "city": "aalborg", "email": "A@x.test", "number": "12"},
    "c5": {"name": "", "city": "Odense", "day": (12, 1), "number": "twelve"},
    "c6": {"name": "Dan", "phone": "33 11", "title": "årsag"},
}
FIELD = CompanyField("f" * 32, "Size", FieldKind.NUMBER)


def card_of(one: dict[str, Any]) -> Card:
    parts: dict[str, Any] = {"urls": [{"value": "e"}]}
    if one["name"]:
        parts["names"] = [{"givenName": one["name"]}]
    if "company" in one:
        parts["organizations"] = [{"title": "Boss"}, {"name": one["company"]}]
    if "title" in one:
        parts["organizations"] = [{"title": one["title"]}]
    if "phone" in one:
        parts["phoneNumbers"] = [{"value": one["phone"]}]
    if "city" in one:
        parts["addresses"] = [{"city": one["city"]}]
    if "email" in one:
        parts["emailAddresses"] = [{"value": one["email"]}]
    if "day" in one:
        parts["birthdays"] = [{"date": {"month": one["day"][0], "day": one["day"][1]}}]
    if "number" in one:
        parts["userDefined"] = [{"key": FIELD.name, "value": one["number"]}]
    return Card.parse(parts)


def listed(store: Store, order: ListOrder, alphabet: Alphabet, search: str = "", **parts: Any) -> list[str]:
    """What a reader sees who leafs through, two by two."""
    shown: list[str] = []
    after = None
    with store.reading() as session:
        while True:
            wanted = ContactFilter(plain(search), **parts)
            shelf = contact_pages.shelf(session, wanted, after=after, order=order, alphabet=alphabet, size=2)
            shown += [one.id for one in shelf.contacts]
            if (after := shelf.following) is None:
                return shown


def filled(store: Store) -> None:
    store.group("g")
    with store.work() as work:
        company_fields.add(work, FIELD)
    for contact, one in PEOPLE.items():
        store.contact(contact, card_of(one), "g")


Value = Callable[[dict[str, Any], Alphabet], Any]
SPOKEN: dict[str, Value] = {
    "company": lambda one, alphabet: alphabet.key(one["company"]) if "company" in one else None,
    "title": lambda one, alphabet: (
        alphabet.key("Boss" if "company" in one else one["title"]) if one.keys() & {"company", "title"} else None
    ),
    "phone": lambda one, _: {"0045 33 12": "+453312", "+45 3311": "+453311", "33 11": "3311"}.get(one.get("phone", "")),
    "city": lambda one, alphabet: alphabet.key(one["city"]) if "city" in one else None,
    "email": lambda one, _: one["email"].casefold() if "email" in one else None,
    "birthday": lambda one, _: one.get("day"),
    FIELD.id: lambda one, _: int(one["number"]) if one.get("number", "x").lstrip("-").isdigit() else None,
}
"""What each order sorts by; None where a contact has no such value."""


@pytest.mark.parametrize("by", SPOKEN)
def test_a_list_in_any_order_is_leafed_through_without_gap_or_repetition(store: Store, by: str) -> None:
    filled(store)
    for alphabet in Alphabet:

        def name(contact: str, alphabet: Alphabet = alphabet) -> tuple[bytes, str]:
            called = PEOPLE[contact]["name"] or card_of(PEOPLE[contact]).title
            return alphabet.key(called), contact

        def value(contact: str, alphabet: Alphabet = alphabet) -> Any:
            return SPOKEN[by](PEOPLE[contact], alphabet)

        # Of equal numbers the id decides, of equal words the name: that is what each key holds.
        tie = (lambda contact: contact) if by == FIELD.id else name
        having = sorted((one for one in PEOPLE if value(one) is not None), key=lambda one: (value(one), tie(one)))
        without = sorted((one for one in PEOPLE if value(one) is None), key=name)
        for turned in (False, True):
            expected = (having[::-1] if turned else having) + without
            for parts in ({}, {"group": "g"}, {"among": ["g"]}, {"among": ["g"], "search": "e"}):
                assert listed(store, ListOrder(by, turned), alphabet, **parts) == expected, (turned, parts)


@pytest.mark.parametrize("text", ["", "name", "-company", "changed", "-changed"])
def test_an_order_is_read_as_it_is_written(text: str) -> None:
    assert str(ListOrder.read(text)) == (text or "name")


def test_what_was_changed_last_comes_first_until_it_is_turned_round() -> None:
    assert [ListOrder.read(text).down for text in ("changed", "-changed", "company", "-company")] == [1, 0, 0, 1]


def test_a_contact_that_the_release_before_has_made_meanwhile_is_listed_behind_the_others(store: Store) -> None:
    filled(store)
    with store.work() as work:
        work.session.execute(update(ContactRow).where(ContactRow.id == "c0").values(by_city_en=None))
    order = ListOrder("city")
    assert listed(store, order, Alphabet.ENGLISH) == ["c4", "c5", "c3", "c1", "c6", "c2", "c0"]
