"""Contacts: versions, memberships, the trash; pages and search."""

import unicodedata
from collections.abc import Iterable
from datetime import timedelta
from itertools import pairwise

import pytest
from sqlalchemy import select

from sharesync.errors import NotFound, StaleVersion
from sharesync.model.card import Card
from sharesync.model.contact import Contact, VersionKind
from sharesync.model.filters import plain
from sharesync.store.database.batching import CHUNK
from sharesync.store.database.tables import ContactRow, VersionRow
from sharesync.store.queries import contact_pages
from sharesync.store.queries.contact_pages import ContactFilter
from sharesync.store.records import contacts
from tests.store.stores import NOW, Store, card

RICH = Card.parse(
    {
        "names": [{"givenName": "Æsa", "familyName": "Ørsted Ångström"}],
        "phoneNumbers": [{"value": "+45 33 12 34 56", "type": "mobile"}],
        "birthdays": [{"date": {"month": 2, "day": 29}}],
        "organizations": [{"name": "North", "current": True, "fullTimeEquivalentMillipercent": 50}],
        "biographies": [{"value": "two\nlines 👩‍👧"}],
        "userDefined": [{"key": "quote", "value": "\"'\\"}],
    }
)


def titles(page: Iterable[Contact]) -> list[str]:
    return [contact.card.title for contact in page]


def found(store: Store, search: str) -> list[str]:
    with store.reading() as session:
        page = [contact.id for contact in contact_pages.everyone(session, ContactFilter(plain(search)))]
        shelf = contact_pages.shelf(session, ContactFilter(plain(search)))
        assert ([contact.id for contact in shelf.contacts], shelf.total) == (page, len(page))
    return sorted(page)


# --- Versions --------------------------------------------------------------------------------------------------------


def test_a_new_contact_is_at_version_one_and_keeps_its_card(store: Store) -> None:
    store.contact("c1", RICH)
    with store.reading() as session:
        contact = contacts.get(session, "c1")
        assert contact == Contact("c1", 1, RICH)
        assert contact.card.as_json() == RICH.as_json()
        assert contacts.cards_at(session, [("c1", 1)]) == {"c1": RICH}


def test_a_change_makes_the_next_version_and_keeps_the_one_before(store: Store) -> None:
    store.contact("c1", card("Ida"))
    with store.work() as work:
        contacts.change(work, "c1", 1, card("Eva"), "event2")
    with store.reading() as session:
        assert contacts.cards(session, ["c1", "none"]) == {"c1": (2, card("Eva"))}
        assert contacts.cards_at(session, [("c1", 1)]) == {"c1": card("Ida")}
        assert contacts.cards_at(session, [("c1", 2)]) == {"c1": card("Eva")}
        assert contacts.cards_at(session, [("c1", 3)]) == {}
        assert contacts.history(session, "c1") == [(2, card("Eva")), (1, card("Ida"))]
    assert found(store, "eva") == ["c1"]
    assert found(store, "ida") == []


@pytest.mark.parametrize("version", [0, 1, 3])
def test_a_change_of_another_version_is_refused_and_changes_nothing(store: Store, version: int) -> None:
    store.contact("c1", card("Ida"))
    with store.work() as work:
        contacts.change(work, "c1", 1, card("Eva"), "event2")
    with pytest.raises(StaleVersion) as refused, store.work() as work:
        contacts.change(work, "c1", version, card("Bo"), "event3")
    assert (refused.value.contact, refused.value.expected, refused.value.actual) == ("c1", version, 2)
    with store.reading() as session:
        assert contacts.get(session, "c1").card == card("Eva")


def test_rejected_and_deleted_cards_are_kept_but_are_no_accepted_versions(store: Store) -> None:
    store.contact("c1", card("Ida"))
    with store.work() as work:
        contacts.keep(
            work, [("c1", 1, kind, card(kind.value), "event") for kind in VersionKind if kind.value != "accepted"]
        )
    with store.reading() as session:
        assert session.scalars(select(VersionRow.kind).order_by(VersionRow.id)).all() == list(VersionKind)
        assert contacts.cards_at(session, [("c1", 1)]) == {"c1": card("Ida")}
        assert contacts.history(session, "c1") == [(1, card("Ida"))]


def test_a_contact_that_is_not_there_is_named(store: Store) -> None:
    with store.reading() as session, pytest.raises(NotFound, match="no contact “c9”") as refused:
        contacts.get(session, "c9")
    assert refused.value.kind == "contact"


def test_many_contacts_go_in_and_come_out_at_once(store: Store) -> None:
    many = {f"c{number:04}": card(f"N{number}") for number in range(2 * CHUNK + 1)}
    group = store.group("g")
    with store.work() as work:
        contacts.insert_contacts(work, [(contact, of, "event") for contact, of in many.items()])
        assert len(contacts.join(work, group, many)) == len(many)
    with store.reading() as session:
        assert contacts.cards(session, many) == {contact: (1, of) for contact, of in many.items()}
        assert len(contacts.cards_at(session, ((contact, 1) for contact in many))) == len(many)
        assert [contact.id for contact in contact_pages.everyone(session, ContactFilter())] == sorted(
            many, key=lambda c: (f"n{int(c[1:])}", c)
        )
    with store.work() as work:
        left, orphans = contacts.leave(work, [(group, contact) for contact in many])
    assert len(left) == len(orphans) == len(many)


# --- Groups and the trash --------------------------------------------------------------------------------------------


def test_joining_tells_who_was_not_there_before(store: Store) -> None:
    store.group("g")
    for contact in ("c1", "c2"):
        store.contact(contact)
    with store.work() as work:
        assert contacts.join(work, "g", ["c1", "c1"]) == ["c1"]
        assert contacts.join(work, "g", ["c2", "c1"]) == ["c2"]
        assert contacts.join(work, "g", []) == []
    with store.reading() as session:
        assert contacts.in_group(session, "g", ["c2", "c1", "c9"]) == ["c1", "c2"]
        assert contacts.get(session, "c1").groups == ("g",)


def test_leaving_tells_who_was_there_and_who_is_in_no_group_now(store: Store) -> None:
    store.group("g")
    store.group("h")
    store.contact("c1", card(), "g")
    store.contact("c2", card(), "g", "h")
    store.contact("c3", card(), "h")
    with store.work() as work:
        left, orphans = contacts.leave(work, [("g", "c1"), ("g", "c2"), ("g", "c3"), ("g", "c1")])
    assert sorted(left) == [("g", "c1"), ("g", "c2")]
    assert orphans == {"c1": ["g"]}


def test_leaving_two_groups_at_once_is_remembered_of_both(store: Store) -> None:
    store.group("g")
    store.group("h")
    store.contact("c1", card(), "g", "h")
    with store.work() as work:
        _, orphans = contacts.leave(work, [("g", "c1"), ("h", "c1")])
        assert {contact: sorted(groups) for contact, groups in orphans.items()} == {"c1": ["g", "h"]}


def trashed(store: Store, contact: str = "c1") -> None:
    with store.work() as work:
        _, orphans = contacts.leave(work, [("g", contact)])
        contacts.trash(work, {one: (groups, "event") for one, groups in orphans.items()})


def test_what_lies_in_the_trash_is_kept_listed_nowhere_and_leaves_it_by_joining(store: Store) -> None:
    store.group("g")
    store.contact("c1", card("Ida"), "g")
    trashed(store)
    with store.reading() as session:
        assert contacts.get(session, "c1").deleted_at == NOW
        assert list(contact_pages.everyone(session, ContactFilter())) == []
        assert contact_pages.number(session, None) == 0
        assert contacts.left_groups(session, "c1") == ["g"]
        assert contact_pages.ids(session, ContactFilter(in_trash=True)) == ["c1"]
        kept = session.scalars(select(VersionRow).where(VersionRow.kind == VersionKind.DELETED)).one()
        assert (kept.version, kept.card) == (1, card("Ida"))
    with store.work() as work:
        contacts.join(work, "g", ["c1"])
    with store.reading() as session:
        assert contacts.get(session, "c1").deleted_at is None
        assert contact_pages.ids(session, ContactFilter(in_trash=True)) == []
        assert contacts.left_groups(session, "c1") == []
        assert titles(contact_pages.everyone(session, ContactFilter())) == ["Ida"]


def test_the_trash_ends_after_its_time(store: Store) -> None:
    store.group("g")
    for contact in ("c1", "c2"):
        store.contact(contact, card(), "g")
    trashed(store, "c1")
    store.now = NOW + timedelta(days=1)
    trashed(store, "c2")
    with store.reading() as session:
        assert contacts.lain_since(session, NOW + timedelta(days=1)) == ["c1"]
    with store.work() as work:
        assert contacts.purge(work, ["c1", "c2"], NOW) == []
        assert contacts.purge(work, ["c1", "c2"], NOW + timedelta(days=1)) == ["c1"]
        assert contacts.purge(work, ["c1", "c2"], NOW + timedelta(days=1)) == []
    with store.reading() as session:
        assert contact_pages.ids(session, ContactFilter(in_trash=True)) == ["c2"]
        assert contacts.left_groups(session, "c1") == []
        assert contacts.cards(session, ["c1"])  # known for ever


def test_a_contact_that_comes_back_after_its_time_can_be_deleted_and_restored_again(store: Store) -> None:
    store.group("g")
    store.contact("c1", card(), "g")
    trashed(store)
    with store.work() as work:
        contacts.purge(work, ["c1"], NOW + timedelta(days=1))
        contacts.join(work, "g", ["c1"])
    trashed(store)
    with store.reading() as session:
        assert contacts.left_groups(session, "c1") == ["g"]
        assert contact_pages.ids(session, ContactFilter(in_trash=True)) == ["c1"]


def test_a_contact_is_new_to_groups_that_it_joined_later(store: Store) -> None:
    store.group("g")
    store.group("h")
    store.contact("c1", card(), "g")
    between = NOW + timedelta(minutes=1)
    store.now = NOW + timedelta(hours=1)
    store.contact("c2", card(), "h")
    later = store.now + timedelta(minutes=1)
    with store.reading() as session:
        assert not contacts.joined_since(session, ["c1"], ["g"], between)
        assert contacts.joined_since(session, ["c1"], ["g"], NOW)  # at one moment: nobody can tell
        assert contacts.joined_since(session, ["c1"], ["h"], between)
        assert contacts.joined_since(session, ["c1", "c2"], ["g", "h"], between)
        assert not contacts.joined_since(session, ["c1", "c2"], ["g", "h"], later)
        assert not contacts.joined_since(session, [], ["g"], NOW)
        assert contacts.joined_since(session, ["c1"], [], between)


def test_contacts_of_a_group_are_known_by_their_content(store: Store) -> None:
    store.group("g")
    store.group("h")
    store.contact("c1", card("Ida"), "g")
    store.contact("c2", card("Bo"), "h")
    with store.reading() as session:
        assert contacts.in_group_by_content(session, "g", ["ida", "bo"]) == {card("Ida").fingerprint: "c1"}


# --- Pages -----------------------------------------------------------------------------------------------------------

NAMES = ["Bo", "bo", "BO", "Åse", "Aase", "Zoe", "Éva", "eva", "", "Ömer", "Ida 2", "Ida 10", "Bo", "ß", "ss", "_", "%"]


@pytest.mark.parametrize("size", [1, 2, 5, 100])
def test_pages_show_everyone_once_in_one_order_over_equal_titles(store: Store, size: int) -> None:
    with store.work() as work:
        cards = [Card.parse({"names": [{"givenName": name}]}) for name in NAMES]
        contacts.insert_contacts(work, [(f"c{n:02}", of, "event") for n, of in enumerate(cards)])
    shown: list[Contact] = []
    with store.reading() as session:
        everyone = list(contact_pages.everyone(session, ContactFilter()))
        page = contact_pages.shelf(session, ContactFilter(), size=size)
        shown += page.contacts
        while page.following:
            page = contact_pages.shelf(session, ContactFilter(), after=page.following, size=size)
            assert len(page.contacts) <= size
            shown += page.contacts
    assert [contact.id for contact in shown] == [contact.id for contact in everyone]
    assert sorted(contact.id for contact in shown) == [f"c{n:02}" for n in range(len(NAMES))]
    same = [(one.id, two.id) for one, two in pairwise(shown) if one.card.title.casefold() == two.card.title.casefold()]
    assert same == sorted(same)
    assert len(same) == 4  # Bo four times, ß and ss


def test_a_page_is_of_one_group_where_one_is_named(store: Store) -> None:
    store.group("g")
    store.group("h")
    store.contact("c1", card("Ida"), "g", "h")
    store.contact("c2", card("Bo"), "h")
    with store.reading() as session:
        assert titles(contact_pages.everyone(session, ContactFilter(group="g"))) == ["Ida"]
        both = contact_pages.shelf(session, ContactFilter(group="h"))
        assert (titles(both.contacts), both.total) == (["Bo", "Ida"], 2)
        assert both.contacts[1].groups == ("g", "h")
        assert titles(contact_pages.everyone(session, ContactFilter(plain("bo"), "h"))) == ["Bo"]


# --- Search ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "search",
    ["ørsted", "ØRSTED", "ångström", "ÅNGSTRÖM", "æsa", "Æ", "33 12", "north", "lines", "quote", "  ørsted  æsa "],
)
def test_search_finds_every_word_anywhere_whatever_its_case(store: Store, search: str) -> None:
    store.contact("c1", RICH)
    store.contact("c2", card("Bo"))
    assert found(store, search) == ["c1"]


def test_search_finds_what_was_typed_in_another_composition(store: Store) -> None:
    store.contact("c1", card("Zoé"))
    assert found(store, unicodedata.normalize("NFC", "ZOÉ")) == ["c1"]
    assert found(store, unicodedata.normalize("NFD", "zoé")) == ["c1"]


def test_search_wants_every_word(store: Store) -> None:
    store.contact("c1", card("Ida", "ida"))
    assert found(store, "ida x.test") == ["c1"]
    assert found(store, "ida y.test") == []


def test_search_does_not_find_the_words_for_types(store: Store) -> None:
    store.contact("c1", Card.parse({"phoneNumbers": [{"value": "1", "type": "mobile"}]}))
    assert found(store, "mobile") == []


@pytest.mark.parametrize(
    ("search", "ids"),
    [
        ("100%", ["c1"]),
        ("%", ["c1"]),
        ("a_b", ["c2"]),
        ("_", ["c2"]),
        ("/", ["c3"]),
        ("\\", ["c4"]),
        ("'", []),  # quotes mean nothing
        ("", ["c1", "c2", "c3", "c4", "c5"]),
    ],
)
def test_signs_of_a_pattern_are_signs_in_a_search(store: Store, search: str, ids: list[str]) -> None:
    for number, name in enumerate(["100% wool", "a_b", "a/b", "a\\b", "a'b"], 1):
        store.contact(f"c{number}", Card.parse({"names": [{"givenName": name}]}))
    assert found(store, search) == ids


def test_what_is_erased_is_found_nowhere_and_its_id_stays_known(store: Store) -> None:
    store.contact("c1", card("Ida"))
    with store.work() as work:
        row = work.session.get(ContactRow, "c1")
        assert row
        row.erased_at = NOW
        work.session.flush()
    assert found(store, "ida") == []
    with store.reading() as session, pytest.raises(NotFound):
        contacts.get(session, "c1")
