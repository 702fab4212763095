"""A filter finds in the database, on SQLite and on PostgreSQL, whom it finds in memory."""

from collections.abc import Iterator
from datetime import UTC, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select, update

from sharesync.model.card import Card
from sharesync.model.company_fields import CompanyField
from sharesync.model.duplicate_decision import Apart
from sharesync.model.entry import ContactEntry, EntryKind, FollowUp, Money
from sharesync.model.field_kinds import FieldKind
from sharesync.model.filter_lines import parse
from sharesync.model.filters import Filter, Searched
from sharesync.model.searching import haystack_of
from sharesync.store.database.tables import ContactRow, GroupRow, MembershipRow, PairRow
from sharesync.store.queries import contact_pages
from sharesync.store.queries.contact_pages import ContactFilter
from sharesync.store.records import company_fields, contacts, duplicate_decisions, entries, smart_groups
from tests.store.stores import ANNA as ANNAS_ID
from tests.store.stores import Store, card
from tests.store.test_finding import ANNA

GROUPS = ("Kunder", "Presse", "Ledelse på Østerbro")
CARDS = {
    "anna": ANNA,
    "bo": card(
        "Bo", "bo", phoneNumbers=[{"value": "+45 33 12 34 56"}], userDefined=[{"key": "Tags", "value": "VIP, Ny"}]
    ),
    "cy": card(
        "Cy_%\\", "cy", addresses=[{"city": "Aarhus", "country": "Danmark"}], biographies=[{"value": "100% sure"}]
    ),
    "nobody": Card.parse({"emailAddresses": [{"value": "nowhere"}]}),
    "ole": card(
        "Ole", "ole", addresses=[{"city": "New York", "countryCode": "US"}], phoneNumbers=[{"value": "abcdefg"}]
    ),
}
FIELDS = (
    CompanyField("renewal", "Renewal", FieldKind.DATE),
    CompanyField("budget", "Budget", FieldKind.NUMBER, shown=False),
    CompanyField("area", "Area", FieldKind.ONE_OF, ("North", "South"), required=frozenset({"Kunder", "Presse"})),
    CompanyField("manager", "Account manager", FieldKind.TEXT, shown=False),
)
SAID = {
    "anna": {"Renewal": "2026-03-20", "Budget": "900.5", "Area": "north"},
    "bo": {"Renewal": "next spring", "Budget": "-2", "Account manager": "Ida Ågård"},
    "cy": {"Renewal": "1.4.2027", "Area": "West", "Tags": "ny"},
}
ENTRIES = (
    ("anna", EntryKind.CALL, 40, None, None),
    ("anna", EntryKind.CALL, 1, None, None),
    ("anna", EntryKind.PURCHASE, 3, Money.parse("100", "EUR"), None),
    ("anna", EntryKind.PURCHASE, 9, Money.parse("0.5", "DKK"), None),
    ("bo", EntryKind.PURCHASE, 400, Money.parse("60", "EUR"), None),
    ("bo", EntryKind.PURCHASE, 400, Money.parse("40.01", "EUR"), None),
    ("bo", EntryKind.FOLLOW_UP, 0, None, False),
    ("bo", EntryKind.FOLLOW_UP, -9, None, False),
    ("cy", EntryKind.PURCHASE, 1, Money.parse("900", "EUR"), None),
    ("cy", EntryKind.FOLLOW_UP, 2, None, True),
    ("ole", EntryKind.FOLLOW_UP, -2, None, False),
    ("ole", EntryKind.PURCHASE, 5, None, None),
)
"""What happened so many days ago; whether a follow-up is done."""
PAIRS = {("anna", "bo"): None, ("bo", "cy"): None, ("cy", "nobody"): False, ("nobody", "ole"): True}
"""Two that are probably the same; whether it was decided that they are two, and taken back."""
OPEN_PAIRS = [two for two, undone in PAIRS.items() if undone is not False]
PARTS = r"""
    anna | bo | ostergard | 33123456 | -33 12 34 56 | "vestergade 12" | kunder | -presse | 100% | _ | \
    city:aarhus | -city:aarhus | city:% | country:dk | country:us | domain:x.test | tag:vip | tag:ny | tag:n
    has:phone | missing:phone | missing:address | invalid:email | invalid:phone | name:ostergard | email:bo@x
    phone:3312 | phone:004533123456 | group:kunder | group:osterbro | -group:presse | company:muller | company:sonner
    renewal<+30d | renewal>2026-03 | renewal:2026-03-20 | -renewal:2026 | missing:renewal | unfit:renewal | has:budget
    budget>900 | budget<900.5 | budget:900.5 | -budget>0 | area:north | area:nor | -area:south | unfit:area
    account-manager:ida | missing:account-manager | has:account-manager
    has:photo | missing:photo | checked>-1y | checked<-1y | checked:never | -checked>-1y | missing:required
    -missing:required | entry>-2d | entry<-2d | entry:never | entry.call>-30d | entry.purchase:never | -entry.call<-1d
    spent>100 | spent<100 | spent:100eur | -spent>1 | spent<1DKK | followup:open | followup:due | followup>today
    -followup:open | followup<+3d | changed>-2d | changed<-2d
    duplicate:likely | -duplicate:likely
    created:today | -created:today | birthday:05-17 | note:sure
"""
TERMS = [part.strip() for row in PARTS.strip().splitlines() for part in row.split(" | ")]


@pytest.fixture
def filled(store: Store) -> Store:
    store.save_directory()
    for group in GROUPS:
        store.group(group)
    with store.work() as work:
        for field in FIELDS:
            company_fields.add(work, field)
    for number, (name, one) in enumerate(CARDS.items()):
        store.contact(name, one, *(GROUPS[:number] if number < 3 else ("Presse",)))
        with store.work() as work:
            told = company_fields.defined(work.session).written(one, {}, SAID.get(name, {}), as_typed=True)
            contacts.change(work, name, 1, told[0], "event", told[1])
        store.now += timedelta(days=1)
    with store.work() as work:
        work.session.execute(update(ContactRow).where(ContactRow.id == "bo").values(checked_at=store.now))
        old = store.now - timedelta(days=800)
        work.session.execute(update(ContactRow).where(ContactRow.id == "ole").values(checked_at=old, photo=b"x"))
        for contact, kind, days, amount, task in ENTRIES:
            at = store.now - timedelta(days=days)
            due = None if task is None else FollowUp(at.date(), ANNAS_ID, store.now if task else None)
            entry = entries.add(work, contact, ContactEntry(kind, at, "text", amount, due))
            entries.set_removed(work, entry, removed=contact == "cy" and days == 1)
        for number, ((first, second), undone) in enumerate(PAIRS.items()):
            work.session.execute(insert(PairRow).values(one_id=first, other_id=second, surety=number))
            if undone is not None:
                duplicate_decisions.keep(work, Apart(str(number), first, second, undone=False))
            if undone:
                duplicate_decisions.undo(work, str(number))
    return store


def remembered(store: Store, asked: Filter, among: list[str] | None) -> list[str]:
    with store.reading() as session:
        places = session.execute(
            select(MembershipRow.contact_id, GroupRow.name).join(GroupRow, GroupRow.id == MembershipRow.group_id)
        ).all()
        rows = session.scalars(select(ContactRow)).all()
        seen = {row.id for row in rows if among is None or any((row.id, name) in places for name in among)}
        considered = smart_groups.candidates(session, CARDS, lock=False)
        return sorted(
            row.id
            for row in rows
            if (among is None or {name for one, name in places if one == row.id} & set(among))
            and asked.holds(
                Searched(
                    row.words,
                    row.facets,
                    {name: haystack_of(name) for one, name in places if one == row.id and name in (among or GROUPS)},
                    considered[row.id].moments,
                    considered[row.id].amounts,
                    any(row.id in two and seen.issuperset({*two} - {row.id}) for two in OPEN_PAIRS),
                )
            )
        )


def lines() -> st.SearchStrategy[str]:
    def joined(parts: list[str], ors: list[bool]) -> Iterator[str]:
        for number, part in enumerate(parts):
            yield f"{'OR ' if number and ors[number] else ''}{part}"

    return st.tuples(st.lists(st.sampled_from(TERMS), max_size=4), st.lists(st.booleans(), min_size=4, max_size=4)).map(
        lambda told: " ".join(joined(*told))
    )


@settings(max_examples=settings().max_examples * 4, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines(), st.sampled_from([None, ["Kunder"], ["Presse", "Kunder"], []]))
def test_the_database_finds_whom_memory_finds(filled: Store, line: str, among: list[str] | None) -> None:
    with filled.reading() as session:
        asked = parse(line, filled.now, UTC, company_fields.defined(session))
        named = {row.name: row.id for row in session.execute(select(GroupRow.id, GroupRow.name))}
        wanted = ContactFilter(asked, among=None if among is None else [named[name] for name in among])
        found = contact_pages.ids(session, wanted)
        shelf = contact_pages.shelf(session, wanted)
    assert found == remembered(filled, asked, among)
    assert sorted(one.id for one in shelf.contacts) == found
    assert shelf.total == len(found)
