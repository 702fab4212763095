"""What is searched for is found alike in memory, on SQLite and on PostgreSQL; and in the order of the alphabet."""

from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, text, update

from sharesync.errors import NotFound
from sharesync.model.alphabet import Alphabet
from sharesync.model.card import Card
from sharesync.model.filters import plain
from sharesync.model.list_order import BLANK, CHANGED, KEY_COLUMNS, ListOrder
from sharesync.model.searching import found, haystack, terms_of
from sharesync.store.database.tables import SORTED, ContactRow, MembershipRow
from sharesync.store.queries import contact_pages, lookup
from sharesync.store.queries.contact_pages import ContactFilter
from sharesync.store.records import contacts, derived_columns, erasure
from sharesync.store.records.search_conditions import finding
from sharesync.store.upgrading import upgrade
from tests.store.stores import Store, card

ORDERS = [*((ListOrder(), one) for one in Alphabet), *((ListOrder(by), Alphabet.DANISH) for by in (CHANGED, "company"))]
ANNA = Card.parse(
    {
        "names": [{"givenName": "Åse-Marie", "familyName": "Østergård O’Brien"}],
        "phoneNumbers": [{"value": "33 12 34 56"}, {"value": "+46 70-123 45 67", "type": "mobile"}],
        "organizations": [{"name": "Jürgen Müller & Sønner A/S", "title": "Director"}],
        "addresses": [{"streetAddress": "Vestergade 12", "postalCode": "8000", "city": "Aarhus"}],
        "birthdays": [{"date": {"year": 1980, "month": 5, "day": 17}}],
        "biographies": [{"value": "Ring 0045 20 30 40 50"}],
    }
)


def ids(store: Store, search: str, **parts: Any) -> list[str]:
    """What a search finds, asked for in each way there is."""
    wanted = ContactFilter(plain(search), **parts)
    with store.reading() as session:
        found = contact_pages.ids(session, wanted)
        shelves = [contact_pages.shelf(session, wanted, order=order, alphabet=one) for order, one in ORDERS]
        ways = [[one.id for one in contact_pages.everyone(session, wanted)]]
        ways += [[one.id for one in shelf.contacts] for shelf in shelves]
    assert [sorted(way) for way in ways] == [found] * len(ways)
    assert {shelf.total for shelf in shelves} == {len(found)}
    return found


@pytest.mark.parametrize(
    "search",
    [
        "ostergard ase obrien",
        "oestergaard",
        "O'BRIEN åse-m",
        "mueller sonner a/s",
        "+45 33 12 34 56",
        "004533123456",
        "4533123456",
        "3312 director",
        "3456",
        "070 123 4567",
        "20304050 aarhus",
        "vestergade 12 8000",
        "1980-05-17",
        "kunder ostergard",
        "kunder mueller 8000",
    ],
)
def test_a_contact_is_found_by_what_people_type(store: Store, search: str) -> None:
    store.group("Kunder")
    store.group("Presse")
    store.contact("anna", ANNA, "Kunder")
    store.contact("bo", card("Bo"), "Presse")
    assert ids(store, search) == ["anna"]


def test_the_name_of_a_group_finds_what_it_holds_for_who_may_see_it(store: Store) -> None:
    for group in ("Kunder", "Ledelse på Østerbro", "Leder"):
        store.group(group)
    store.contact("ida", card("Ida"), "Kunder", "Ledelse på Østerbro")
    store.contact("jo", card("Jo"), "Kunder")
    store.contact("kim", card("Kim Leder"), "Leder")
    assert ids(store, "leder") == ["kim"]
    assert ids(store, "ostebro") == []
    assert ids(store, "oesterbro") == ids(store, "IDA kunder osterbro") == ["ida"]
    assert ids(store, "kunder") == ["ida", "jo"]
    assert ids(store, "ledelse", among=["Kunder"]) == []
    assert ids(store, "ledelse", among=["Kunder", "Ledelse på Østerbro"]) == ["ida"]
    assert ids(store, "leder", among=["Kunder"]) == []
    assert ids(store, "kunder", among=["Ledelse på Østerbro"]) == []
    assert ids(store, "kunder", group="Ledelse på Østerbro") == ["ida"]
    assert ids(store, "kunder", group="Ledelse på Østerbro", among=["Ledelse på Østerbro"]) == []


WORDS = st.sampled_from(
    "Østergård oestergaard ØSTERGAARD Sørensen sorensen Jürgen Mueller O’Brien O'Brien Anne-Marie Anne Marie joe John"
    " 12 +45 33 3312 33123456 0045 4533123456 070 8000 a_b 100% / \\ # & ß ss Þór é e\u0301 x.test"
    " ida@x.test #3312 .".split()
)
TEXTS = st.lists(WORDS, min_size=1, max_size=4).map(" ".join)


@pytest.fixture
def names() -> Iterator[str]:
    return (f"c{number}" for number in count())


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.lists(TEXTS, min_size=1, max_size=3), min_size=1, max_size=6), st.lists(TEXTS, min_size=1, max_size=8)
)
def test_a_database_finds_what_the_definition_finds(
    store: Store, names: Iterator[str], told: list[list[str]], searches: list[str]
) -> None:
    fields = ("nicknames", "biographies", "urls")
    values = {
        next(names): {field: [{"value": value}] for field, value in zip(fields, some, strict=False)} for some in told
    }
    cards = {name: Card.parse(value) for name, value in values.items()}
    with store.work() as work:
        work.session.execute(delete(MembershipRow))
        work.session.execute(update(ContactRow).values(erased_at=store.now))
    for name, of in cards.items():
        store.contact(name, of)
    stored = {name: [item.text("value") for items in of.items.values() for item in items] for name, of in cards.items()}
    for search in searches:
        expected = sorted(name for name, some in stored.items() if found(terms_of(search), haystack(some)))
        assert ids(store, search) == expected


NAMES = [
    "Zoe",
    "Ægir",
    "Østen",
    "Åse",
    "Eva",
    "Éva",
    "Östers",
    "Ägir",
    "Bo",
    "Bo",
    "",
    "Anne-Marie",
    "Anne Mette",
    "Øen",
]


@pytest.mark.parametrize("search", ["", "e"])
@pytest.mark.parametrize("alphabet", Alphabet)
def test_a_list_is_leafed_through_in_the_order_of_the_alphabet(store: Store, alphabet: Alphabet, search: str) -> None:
    store.group("g")
    for number, name in enumerate(NAMES):
        store.contact(f"c{number:02}", Card.parse({"names": [{"givenName": name}], "urls": [{"value": "e"}]}), "g")
    for parts in ({}, {"group": "g"}, {"among": ["g"]}):
        shown: list[tuple[str, str]] = []
        after = None
        with store.reading() as session:
            while True:
                wanted = ContactFilter(plain(search), **parts)
                shelf = contact_pages.shelf(session, wanted, after=after, alphabet=alphabet, size=3)
                shown += [(one.card.title, one.id) for one in shelf.contacts]
                if (after := shelf.following) is None:
                    break
        named = [(f"c{number:02}", name) for number, name in enumerate(NAMES)]
        assert shown == [(name, one) for one, name in sorted(named, key=lambda one: (alphabet.key(one[1]), one[0]))]


def test_contacts_from_an_older_release_are_brought_up_to_date_in_pieces(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(derived_columns, "BATCH", 2)
    store.contact("anna", ANNA)
    for number in range(4):
        store.contact(f"c{number}", card("Bo"))
    with store.work() as work:
        work.session.execute(update(ContactRow).values(words="old", sort_en=None, sort_da=None, sort_sv=None))
    with store.database.writing() as session:
        assert derived_columns.fill(session)
        missing = session.scalar(text("SELECT count(*) FROM contacts WHERE sort_en IS NULL"))
        assert missing == 3
    upgrade(store.database)
    with store.database.writing() as session:
        assert not derived_columns.fill(session)
    assert ids(store, "oestergaard") == ["anna"]
    assert len(ids(store, "bo")) == 4


def test_nothing_by_which_it_was_found_or_sorted_outlives_the_erasure_of_a_contact(store: Store) -> None:
    store.contact("anna", ANNA)
    with store.work() as work:
        erasure.wipe(work, "anna")
    with store.reading() as session:
        row = session.get(ContactRow, "anna")
        assert row
        kept = b"".join(
            value if isinstance(value, bytes) else value.encode()
            for value in (row.title, row.words, *(getattr(row, name) for name in (*SORTED, *KEY_COLUMNS)))
            if value is not None
        )
        with pytest.raises(NotFound):
            contacts.get(session, "anna")
    assert kept.strip(b"\0" + BLANK) == b""


@pytest.mark.parametrize("search", ["agard", "anna aagaard", "ÅGÅRD", "ann"])
def test_people_are_found_by_the_same_rule_and_sorted_by_the_alphabet(store: Store, search: str) -> None:
    store.save_directory()
    with store.reading() as session:
        assert [one.title for one in lookup.users(session, search)] == ["Anna Ågård"]
        assert [one.title for one in lookup.users(session, "bogh bo@x.test")] == ["Bo Bøgh"]
        assert lookup.users(session, "test") == []
        assert [one.title for one in lookup.users(session, "")] == ["Anna Ågård", "Bo Bøgh", "Cy Chen", "Dan Dahl"]


@pytest.mark.parametrize(
    ("search", "by_letters"), [("ostergard", True), ("r-gar", True), ("rg", False), ("r.g", False)]
)
def test_a_search_reads_an_index_where_that_is_quick(store: Store, search: str, by_letters: bool) -> None:
    """SQLite reads all of one that holds the words; PostgreSQL a few entries of one that holds groups of letters."""
    with store.reading() as session:
        connection = session.connection()
        asked = select(ContactRow.id).where(*finding(session, plain(search), None))
        if connection.dialect.name == "sqlite":
            asked = asked.where(ContactRow.deleted_at.is_(None), ContactRow.erased_at.is_(None))
            told = asked.compile(connection, compile_kwargs={"literal_binds": True})
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {told}")
            assert any("ix_contacts_searched" in row[3] for row in plan)
        else:
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off")  # a table this small is read as a whole
            told = asked.compile(connection, compile_kwargs={"literal_binds": True})
            plan = connection.exec_driver_sql(f"EXPLAIN {told}")
            assert any("ix_contacts_letters" in row[0] for row in plan) == by_letters
