"""What the page asks of the store, on both databases: overview, audience, whereabouts, timeline, history, browsing."""

import shutil
from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import update

from sharesync.model.access import Level, PrincipalKind
from sharesync.model.alphabet import Alphabet
from sharesync.model.audit import Event, Outcome
from sharesync.model.filters import plain
from sharesync.model.list_order import ADDED, CHANGED, ListOrder
from sharesync.model.mailbox import MailboxState
from sharesync.model.traits import mail_sign
from sharesync.store.database.engine import Session
from sharesync.store.database.tables import MailboxRow, UserRow
from sharesync.store.queries import audience, contact_pages, contact_status, history, lookup, overview, timeline
from sharesync.store.queries.contact_pages import ContactFilter
from sharesync.store.queries.contact_status import Stand
from sharesync.store.queries.overview import AlikeMailboxes
from sharesync.store.records import contacts, membership_filters
from sharesync.store.records.likeness_index import compare_some
from tests.store.stores import ANNA, BO, CY, DAN, DOMAIN, OUTER, USERS, Store, card, google_group, opened, unit, user

INTERVAL = timedelta(minutes=5)


def fill(store: Store) -> None:
    """Anna and Bo see Customers, everyone sees Press; Ida is in both."""
    store.save_directory()
    store.group("Customers")
    store.group("Press")
    store.contact("ida", card("Ida", "ida"), "Customers", "Press")
    store.contact("jo", card("Jo"), "Press")
    store.grant("Customers", unit("/Sales"), Level.VIEW)
    store.grant("Customers", user(BO), Level.MANAGE)
    store.grant("Press", DOMAIN, Level.VIEW)
    store.grant("Press", google_group(OUTER), Level.EDIT)


def looked(
    store: Store, session: Session, most: int | None = None, alphabet: Alphabet = Alphabet.ENGLISH
) -> overview.Look:
    """At the first mailboxes one by one."""
    return overview.look(session, store.now, INTERVAL, overview.ranked(session, alphabet)[:most])


def test_the_overview_counts_what_each_mailbox_still_lacks(store: Store) -> None:
    fill(store)
    with store.reading() as session:
        alike, standings = looked(store, session)
    assert [(one.email, one.name, one.state, one.contacts, one.behind) for one in standings] == [
        ("anna@x.test", "Anna Ågård", MailboxState.NEW, 0, 2),
        ("bo@x.test", "Bo Bøgh", MailboxState.NEW, 0, 2),
        ("cy@x.test", "Cy Chen", MailboxState.NEW, 0, 2),
        ("dan@x.test", "Dan Dahl", MailboxState.NEW, 0, 2),
    ]
    assert not any(one.alone.up_to_date or one.passing for one in standings)
    assert alike == [AlikeMailboxes(MailboxState.NEW, 2, store.now, None, 1)] * 4


def stands(store: Store, chance: Random) -> None:
    """Every mailbox fares somehow."""
    with store.work() as work:
        for one in USERS:
            moments = [None, *(store.now - timedelta(minutes=minutes) for minutes in (1, 5, 9))]
            work.session.execute(
                update(MailboxRow)
                .where(MailboxRow.user_id == one.id)
                .values(
                    state=chance.choice(list(MailboxState)),
                    behind=chance.choice([None, 0, 0, 3]),
                    waiting_since=chance.choice(moments),
                    last_pass_at=chance.choice(moments),
                    lease_until=chance.choice([None, None, store.now]),
                )
            )
            away = update(UserRow).where(UserRow.id == one.id).values(suspended=chance.random() < 0.2)
            work.session.execute(away)


def summed(
    mailboxes: Iterable[AlikeMailboxes],
) -> tuple[Counter[tuple[MailboxState, bool]], int, set[datetime | None], bool]:
    """How many are in which state and whether up to date, what is behind, and the oldest moments."""
    known = list(mailboxes)
    numbers: Counter[tuple[MailboxState, bool]] = Counter()
    for one in known:
        numbers[one.state, one.up_to_date] += one.number
    waiting = min((one.waiting_since for one in known if one.waiting_since and one.behind != 0), default=None)
    last = min((one.last_pass_at for one in known if one.last_pass_at), default=None)
    return numbers, sum(one.behind or 0 for one in known), {waiting, last}, all(one.last_pass_at for one in known)


def test_mailboxes_of_one_kind_stand_by_name_as_the_reader_sorts_names(store: Store) -> None:
    fill(store)
    with store.work() as work:
        for one, name in ((ANNA, "Åse"), (BO, "Zoe"), (CY, "Østen"), (DAN, "")):
            work.session.execute(update(UserRow).where(UserRow.id == one).values(name=name))
    with store.reading() as session:
        for alphabet, names in (
            (Alphabet.DANISH, ["dan@x.test", "Zoe", "Østen", "Åse"]),
            (Alphabet.ENGLISH, ["Åse", "dan@x.test", "Østen", "Zoe"]),
        ):
            listed = [looked(store, session, most, alphabet).standings for most in (None, 2)]
            assert [[one.name for one in some] for some in listed] == [names, names[:2]]


@pytest.mark.parametrize("few", [0, 2, 5], ids="{} are counted".format)
def test_all_mailboxes_together_stand_as_they_do_one_by_one(
    store: Store, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(overview, "FEW", few)
    fill(store)
    chance = Random(few)
    for _ in range(20):
        stands(store, chance)
        with store.reading() as session:
            alike, standings = looked(store, session)
            assert looked(store, session, 2) == (alike, standings[:2])
        assert summed(alike) == summed(one.alone for one in standings)


def test_what_a_person_must_see_to_comes_first_and_the_paused_last(store: Store) -> None:
    fill(store)
    with store.work() as work:
        for one, values in (
            (ANNA, {"state": MailboxState.OK, "behind": 0}),
            (BO, {"state": MailboxState.OK, "behind": 3}),
            (CY, {"state": MailboxState.RETRY, "behind": 0}),
            (DAN, {"state": MailboxState.ATTENTION, "behind": 3}),
        ):
            work.session.execute(update(MailboxRow).where(MailboxRow.user_id == one).values(values))
    with store.reading() as session:
        assert [one.user_id for one in looked(store, session).standings] == [DAN, CY, BO, ANNA]
    with store.work() as work:
        work.session.execute(update(UserRow).where(UserRow.id == DAN).values(archived=True))
        work.session.execute(update(MailboxRow).where(MailboxRow.user_id == CY).values(state=MailboxState.HELD))
    with store.reading() as session:
        standings = looked(store, session).standings
    assert [(one.user_id, one.state) for one in standings] == [
        (CY, MailboxState.HELD),
        (BO, MailboxState.OK),
        (ANNA, MailboxState.OK),
        (DAN, MailboxState.PAUSED),
    ]


def test_mailboxes_that_stand_alike_are_told_as_one(store: Store) -> None:
    fill(store)
    with store.work() as work:
        rest = {"state": MailboxState.OK, "behind": 0, "waiting_since": None, "last_pass_at": store.now}
        work.session.execute(update(MailboxRow).values(rest))
        behind = update(MailboxRow).where(MailboxRow.user_id.in_([CY, DAN])).values(behind=2, waiting_since=store.now)
        work.session.execute(behind)
    with store.reading() as session:
        alike, standings = overview.look(session, store.now, INTERVAL)
    assert sorted(alike, key=lambda one: one.behind or 0) == [
        AlikeMailboxes(MailboxState.OK, 0, None, store.now, 2),
        AlikeMailboxes(MailboxState.OK, 4, store.now, store.now, 2),
    ]
    assert standings == []


def test_the_audience_of_a_group_is_everyone_by_their_highest_level(store: Store) -> None:
    fill(store)
    with store.reading() as session:
        assert dict(audience.sizes(session)) == {"Customers": 2, "Press": 4}
        customers = audience.reached(session, "Customers")
        seen = audience.seen_by(session, BO)
        grantees = audience.grantees(session)
    assert [(one.name, one.level) for one in customers] == [("Bo Bøgh", Level.MANAGE), ("Anna Ågård", Level.VIEW)]
    assert seen == [("Customers", "Customers", Level.MANAGE), ("Press", "Press", Level.EDIT)]
    assert {(one.title, one.principal.kind, one.level) for one in grantees["Customers"]} == {
        ("Bo Bøgh", PrincipalKind.USER, Level.MANAGE),
        ("/Sales", PrincipalKind.UNIT, Level.VIEW),
    }
    assert ("Outer", Level.EDIT) in {(one.title, one.level) for one in grantees["Press"]}


def test_a_contact_without_a_link_is_coming_everywhere_with_the_level_that_counts(store: Store) -> None:
    fill(store)
    with store.reading() as session:
        places = contact_status.of_contact(session, contacts.get(session, "ida"))
    assert [(one.name, one.stand, one.level, one.version) for one in places] == [
        ("Anna Ågård", Stand.COMING, Level.VIEW, 0),
        ("Bo Bøgh", Stand.COMING, Level.MANAGE, 0),
        ("Cy Chen", Stand.COMING, Level.EDIT, 0),
        ("Dan Dahl", Stand.COMING, Level.VIEW, 0),
    ]


def test_the_timeline_sums_up_acts_and_is_leafed_through_whole(store: Store) -> None:
    fill(store)
    for number in range(7):
        store.now += timedelta(seconds=1)
        with store.work() as work:
            work.record(Event("contact.create", group="Press", contact="ida"))
            work.record(Event("group.add", group="Press", contact="ida"))
            work.record(Event("contact.create", group="Press", contact="jo"))
            work.record(Event("group.add", group="Press", contact="jo"))
            work.record(Event("contact.update", Outcome.REVERTED, contact="jo", mailbox=CY, reason=f"{number}"))
            work.record(Event("proposal.keep", contact="jo", mailbox=CY))
    told: list[tuple[str, int, str]] = []
    cursor: int | None = None
    with store.reading() as session:
        while True:
            page = timeline.page(session, before=cursor, lines=4)
            told += [(one.action, one.count, one.reason) for one in page.lines]
            cursor = page.older
            if cursor is None:
                break
    act = [[("contact.update", 1, f"{number}"), ("contact.create", 2, "")] for number in reversed(range(7))]
    assert told == [line for lines in act for line in lines]


def test_a_history_knows_who_brought_which_card(store: Store) -> None:
    fill(store)
    with store.work() as work:
        event = work.record(Event("contact.update", contact="ida", after_version=2))
        contacts.change(work, "ida", 1, card("Ida", "new"), event)
    with store.reading() as session:
        kept = history.history(session, "ida", [])
    assert [(one.version, one.card, one.actor.id) for one in kept] == [
        (2, card("Ida", "new"), "operator"),
        (1, card("Ida", "ida"), ""),
    ]


def test_a_filter_lets_pass_what_passes_every_part_on_both_databases(store: Store) -> None:
    fill(store)
    store.contact("kim", card("Kim", "kim", phoneNumbers=[{"value": "+45 1"}]), "Customers")

    def found(**parts: Any) -> list[str]:
        with store.reading() as session:
            return contact_pages.ids(session, ContactFilter(**parts))

    assert found() == ["ida", "jo", "kim"]
    assert found(outside="Customers") == ["jo"]
    assert found(group="Customers", asked=plain("X.TEST i")) == ["ida", "kim"]
    assert found(among=["Press"], group="Customers") == ["ida"]
    assert found(among=[]) == []


def test_a_look_up_finds_who_is_compared_who_waits_and_who_changed_since(store: Store) -> None:
    fill(store)
    sieve = ContactFilter(plain("ida@x.test"), signs=[mail_sign("ida@x.test")])

    def found() -> list[str]:
        with store.reading() as session:
            return [one.id for one in contact_pages.by_id(session, sieve, size=9)]

    def compare() -> None:
        with store.work() as work:
            assert compare_some(work.session, 9)

    assert found() == ["ida"]
    compare()
    assert found() == ["ida"]
    with store.work() as work:
        contacts.change(work, "ida", 1, card("Ida", "other"), "event")
        contacts.change(work, "jo", 1, card("Jo", "ida"), "event")
    assert found() == ["jo"]
    compare()
    assert found() == ["jo"]


@pytest.mark.parametrize(
    "parts",
    [
        {"asked": plain("ida@x.test"), "signs": [mail_sign("ida@x.test")], "among": ["Press"]},
        {"group": "Press", "among": ["Press"]},
        {"asked": plain("c1"), "among": ["Press"]},
    ],
)
def test_what_programs_ask_most_costs_the_same_whatever_else_there_is(
    migrated_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, parts: Any
) -> None:
    """Told in instructions of SQLite, which no other process on the machine makes more."""
    monkeypatch.setattr(membership_filters, "WIDE", 10)
    shutil.copy(migrated_file, path := tmp_path / "counted.db")
    with opened(f"sqlite:///{path}") as database:
        store = Store(database)
        fill(store)

        def steps(more: range) -> int:
            made = [(f"c{number:03}", card(f"C{number}", f"c1{number}"), "event") for number in more]
            with store.work() as work:
                contacts.insert_contacts(work, made)
                contacts.join(work, "Press", [one for one, *_ in made])
                compare_some(work.session, 1_000)
            number = count()
            with store.reading() as session:
                sqlite: Any = session.connection().connection.driver_connection
                sqlite.set_progress_handler(lambda: next(number) < 0, 1)
                assert contact_pages.by_id(session, ContactFilter(**parts), size=2)
                sqlite.set_progress_handler(None, 1)
            return next(number)

        few = steps(range(100))
        assert steps(range(100, 400)) < few * 1.1


def test_what_is_searched_for_is_counted_as_far_as_a_page_can(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contact_pages, "MANY", 3)
    store.save_directory()
    store.group("Press")
    for number in range(5):
        store.contact(f"c{number}", card(f"Å {number}", f"mail{number % 2}"), "Press")

    def counted(**parts: Any) -> tuple[int, bool]:
        with store.reading() as session:
            found = contact_pages.shelf(session, ContactFilter(**parts), size=2)
        return found.total, found.more

    assert counted() == counted(group="Press") == (5, False)
    assert counted(asked=plain("å")) == counted(asked=plain("x.test"), group="Press") == (3, True)
    assert counted(asked=plain("mail0")) == (3, False)
    assert counted(asked=plain("mail1"), group="Press") == (2, False)


def test_what_was_changed_last_comes_first_page_by_page(store: Store) -> None:
    store.save_directory()
    store.group("Press")
    for name in ("a", "b", "c", "d"):
        store.contact(name, card(name), "Press")
        store.now += timedelta(seconds=1)
    with store.work() as work:
        contacts.change(work, "a", 1, card("a", "new"), work.record(Event("contact.update", contact="a")))
    with store.reading() as session:
        first = contact_pages.shelf(session, ContactFilter(), order=ListOrder(CHANGED), size=2)
        second = contact_pages.shelf(session, ContactFilter(), order=ListOrder(CHANGED), after=first.following, size=2)
        added = contact_pages.shelf(session, ContactFilter(), order=ListOrder(ADDED))
    assert [one.id for one in (*first.contacts, *second.contacts)] == ["a", "d", "c", "b"]
    assert [one.id for one in added.contacts] == ["d", "c", "b", "a"]


def test_a_few_letters_find_principals_of_every_kind(store: Store) -> None:
    store.save_directory()
    with store.reading() as session:
        found = [(one.name.kind, one.title, one.people) for one in lookup.principals(session, "out")]
        everyone = [one.name.kind for one in lookup.principals(session, "everyone")]
        units = [one.title for one in lookup.principals(session, "sales") if one.name.kind is PrincipalKind.UNIT]
        people = [one.title for one in lookup.users(session, "Ågå")]
    assert [(kind, title) for kind, title, _ in found] == [(PrincipalKind.GROUP, "Outer")]
    assert everyone == [PrincipalKind.DOMAIN]
    assert "/Sales" in units
    assert people == ["Anna Ågård"]


def test_a_shelf_is_followed_by_the_next(store: Store) -> None:
    store.save_directory()
    store.group("Press")
    for number in range(5):
        store.contact(f"c{number}", card(f"Å {number}"), "Press")
    with store.reading() as session:
        first = contact_pages.shelf(session, ContactFilter(group="Press"), size=3)
        second = contact_pages.shelf(session, ContactFilter(group="Press"), after=first.following, size=3)
    assert [one.id for one in (*first.contacts, *second.contacts)] == ["c0", "c1", "c2", "c3", "c4"]
    assert (first.after, first.following, second.after, second.following) == (None, "c2", "c2", None)
    assert first.total == second.total == 5
