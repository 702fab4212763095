"""Every page of the log is found through an index, whatever is asked for: no page reads the log from end to end."""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from sharesync.model.audit import Outcome, Source
from sharesync.model.card import Card
from sharesync.services import contacts as contact_cases
from sharesync.services import groups
from sharesync.store.database import event_log
from sharesync.store.database.engine import Database
from sharesync.store.queries import events
from sharesync.store.queries.events import LoggedFilter
from sharesync.store.records import holds
from tests.bench.million import BEGIN, STEP, fill, plans, questions, ways
from tests.store.stores import Store, opened

SIZE = 20_000


@pytest.fixture(scope="module")
def long(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A database with a long log."""
    file = tmp_path_factory.mktemp("long") / "long.db"
    shutil.copy(migrated_file, file)
    with opened(f"sqlite:///{file}") as database:
        fill(database, SIZE)
        yield database


@pytest.mark.parametrize("name", questions(SIZE))
def test_each_filter_leads_through_its_index(long: Database, name: str) -> None:
    _, index = questions(SIZE)[name]
    steps = plans(long, ways(SIZE)[f"by {name}"], SIZE // 2)
    on_events = [step for step in steps if " events" in step]
    assert on_events
    assert [step for step in on_events if step.startswith("SCAN")] == []
    assert not index or any(index in step for step in on_events)


@pytest.mark.parametrize("name", [name for name in ways(SIZE) if name.startswith("timeline")])
def test_each_timeline_leads_through_an_index(long: Database, name: str) -> None:
    steps = plans(long, ways(SIZE)[name], SIZE // 2)
    assert [step for step in steps if step.startswith("SCAN events")] == []


def test_what_a_hand_took_out_lately_leads_through_its_mailbox(long: Database) -> None:
    lately = BEGIN + STEP * (SIZE - 100)
    steps = plans(long, lambda session, _: holds.removed_since(session, "u77", lately), None)
    assert [step for step in steps if " events " in step or " memberships " in step] == [
        "SEARCH events USING INDEX ix_events_mailbox_id_seq (mailbox_id=? AND seq>?)",
        "SEARCH memberships USING INDEX sqlite_autoindex_memberships_1 (group_id=? AND contact_id=?)",
    ]


def everything(long: Database, wanted: LoggedFilter) -> list[int]:
    """The numbers of all events that match, page after page."""
    found: list[int] = []
    before = None
    while True:
        with long.reading() as session:
            page = events.page(session, wanted, before=before, limit=7)
        found += [one["seq"] for one in page.events]
        before = page.older
        if before is None:
            return found


SELDOM = LoggedFilter(actor="sync", source=Source.SYNC, text="answer lost")
"""A thousandth of the log: fewer in what one page looks at than a page holds."""


@pytest.mark.parametrize(
    "name",
    [
        "outcome",
        "actor until long ago",
        "between",
        "actions of a noun",
        "text in a value",
        "action and source",
        "text that is seldom",
    ],
)
def test_pages_together_are_what_the_filter_means(long: Database, name: str) -> None:
    wanted = questions(SIZE)[name][0] if name in questions(SIZE) else SELDOM
    if name == "actions of a noun":
        wanted = LoggedFilter(action="grant", outcome=Outcome.OK)
    if name == "actor until long ago":
        wanted = LoggedFilter(actor="u77", until=BEGIN + STEP * 12_345)
    with long.reading() as session:
        one_by_one = [one["seq"] for one in events.oldest_first(session, wanted, below=SIZE)]
    assert one_by_one
    assert everything(long, wanted) == one_by_one[::-1]


@pytest.mark.parametrize("name", [name for name in questions(SIZE) if "never" in name])
def test_what_never_meets_is_sought_so_many_events_at_a_time(long: Database, name: str) -> None:
    wanted, before, pages = questions(SIZE)[name][0], SIZE, 0
    while before:
        with long.reading() as session:
            page = events.page(session, wanted, before=before)
        assert page.events == []
        before, pages = page.older or 0, pages + 1
    assert pages <= SIZE // events.LOOKED + 1


def test_an_event_of_a_clock_that_was_set_back_is_found_by_its_time(store: Store) -> None:
    for number in range(3):
        with store.work() as work:
            groups.create(work, f"Group {number}")
    store.now -= timedelta(days=400)
    with store.work() as work:
        groups.create(work, "Earlier")
    with store.reading() as session:
        earlier = events.page(session, LoggedFilter(until=store.now + timedelta(days=1)))
        later = events.page(session, LoggedFilter(since=store.now + timedelta(days=1)))
        never = events.page(session, LoggedFilter(since=store.now + timedelta(days=900)))
    assert [[one["seq"] for one in page.events] for page in (earlier, later, never)] == [[3], [2, 1, 0], []]


def test_a_text_is_looked_for_in_reasons_and_values_on_both_databases(store: Store) -> None:
    with store.work() as work:
        groups.create(work, "Customers")
        groups.create(work, "Partners")
    with store.reading() as session:
        found = [events.page(session, LoggedFilter(text=words)).events for words in ("artner", "nobody", "%")]
    assert [[one["seq"] for one in page] for page in found] == [[1], [], []]


@pytest.mark.parametrize("words", ["østergård", "ØSTERGAARD vej", "ostergard", "sørensen", "004533123456", "33123456"])
def test_danish_words_and_numbers_are_found_in_values_by_the_rule_of_every_search(store: Store, words: str) -> None:
    store.group("g")
    told = {"names": [{"givenName": "Åse", "familyName": "Østergård"}], "phoneNumbers": [{"value": "+45 33 12 34 56"}]}
    told |= {"biographies": [{"value": "Vej uden navn; se Sørensen"}]}
    with store.work() as work:
        groups.create(work, "Partners")
        contact_cases.create(work, "g", Card.parse(told))
        groups.create(work, "Ostereier")
    with store.reading() as session:
        every = list(event_log.everything(session))
        expected = [event["seq"] for event, _ in every if event["action"] == "contact.create"]
        assert len(expected) == 1
        filters = [
            LoggedFilter(text=words),
            LoggedFilter(text=words, action="contact", until=store.now + timedelta(days=1)),
        ]
        for wanted in filters:
            assert [one["seq"] for one in events.page(session, wanted).events] == expected
            assert [one["seq"] for one in events.oldest_first(session, wanted, below=len(every))] == expected
        assert events.page(session, LoggedFilter(text=f"{words} nobody")).events == []


@pytest.mark.parametrize("limit", [1, 2, 7])
def test_pages_of_a_text_show_each_event_once(store: Store, limit: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "LOOKED", 5)
    for number in range(30):
        with store.work() as work:
            groups.create(work, f"Ægir {number}" if number % 3 else f"Group {number}")
    shown: list[int] = []
    before = None
    with store.reading() as session:
        while True:
            page = events.page(session, LoggedFilter(text="aegir", action="group"), before=before, limit=limit)
            shown += [one["seq"] for one in page.events]
            if (before := page.older) is None:
                break
        every = [event for event, values in event_log.everything(session) if any("Ægir" in str(one) for one in values)]
    assert shown == [event["seq"] for event in reversed(every)]
    assert len(shown) == 20
