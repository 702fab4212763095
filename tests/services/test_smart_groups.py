"""Smart groups: whatever happens, who is in one is whom its filter says; and what its owner and others may."""

import shutil
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from sharesync.errors import InvalidInput, NameTaken, NotAllowed, NotFound, Refused, SharesyncError
from sharesync.formats.pictures import as_photo
from sharesync.model.access import Level, Principal, PrincipalKind
from sharesync.model.audit import CLOCK, ActorKind, By, Source
from sharesync.model.card import Card
from sharesync.model.company_fields import NO_FIELDS
from sharesync.model.entry import ContactEntry, EntryKind, FollowUp, Money
from sharesync.model.filter_lines import parse
from sharesync.model.filters import Searched
from sharesync.model.searching import haystack_of
from sharesync.services import (
    bulk,
    contacts,
    entries,
    erasure,
    grants,
    groups,
    merging,
    photos,
    restore_group,
    smart_groups,
    trash,
)
from sharesync.store.database.work import PIECE
from sharesync.store.records import contacts as kept
from sharesync.store.records import smart_groups as stored
from sharesync.store.records.derived_columns import derived
from tests.pictures import picture
from tests.store.stores import ANNA, BO, CY, NOW, Store, card, opened, trashed, user

ANNAS = By(ActorKind.USER, ANNA, Source.WEB)
BOS = By(ActorKind.USER, BO, Source.WEB)


@pytest.fixture
def sold(company: Store) -> Store:
    """Anna manages Kunder, in which c1 lives in York, and Presse, in which c2 does not."""
    company.group("Kunder")
    company.group("Presse")
    for group in ("Kunder", "Presse"):
        company.grant(group, user(ANNA), Level.MANAGE)
    company.contact("c1", card("Ida", addresses=[{"city": "York"}]), "Kunder")
    company.contact("c2", card("Bea"), "Presse")
    return company


def made(store: Store, line: str = "city:york", *sources: str, by: By = ANNAS) -> str:
    return smart_groups.create(store.operation(by), "Klug", line, sources or ("Kunder",)).id


def inside(store: Store, group: str) -> set[str]:
    with store.reading() as session:
        return stored.members(session, group)


def test_whoever_manages_the_sources_makes_one_and_others_do_not(sold: Store) -> None:
    group = made(sold)
    assert inside(sold, group) == {"c1"}
    sold.grant("Kunder", user(BO), Level.DELETE)
    with pytest.raises(NotAllowed):
        made(sold, "ida", by=BOS)
    with pytest.raises(NotFound):
        made(sold, "ida", "Presse", by=BOS)


@pytest.mark.parametrize(
    ("line", "sources", "error"),
    [("", ("Kunder",), InvalidInput), ("cit:york", ("Kunder",), SharesyncError), ("ida", ("Klug",), Refused)],
)
def test_what_cannot_be_leaves_nothing_behind(
    sold: Store, line: str, sources: tuple[str, ...], error: type[Exception]
) -> None:
    made(sold)
    with pytest.raises(error):
        smart_groups.create(sold.operation(ANNAS), "Other", line, sources)
    with pytest.raises(NameTaken):
        smart_groups.create(sold.operation(ANNAS), "KLUG", "ida", ["Kunder"])
    with sold.reading() as session:
        assert len(stored.listed(session)) == 1


def test_nothing_is_put_in_or_taken_out_by_hand(sold: Store) -> None:
    group = made(sold)
    refusals = (
        lambda: bulk.add(sold.operation(), group, ["c2"]),
        lambda: bulk.take(sold.operation(), group, ["c1"]),
        lambda: restore_group.restore_group(sold.operation(), group, NOW),
    )
    for refused in refusals:
        with pytest.raises(Refused, match="A filter chooses who is in this group"):
            refused()
    with pytest.raises(Refused, match="A filter chooses"), sold.work() as work:
        contacts.create(work, group, card("Cleo", addresses=[{"city": "York"}]))
    assert inside(sold, group) == {"c1"}


@pytest.mark.parametrize("level", [Level.DELETE, Level.MANAGE])
def test_nobody_is_granted_more_than_to_edit(sold: Store, level: Level) -> None:
    group = made(sold)
    with pytest.raises(Refused, match="grant view or edit here"), sold.work(ANNAS) as work:
        grants.grant(work, group, "bo@x.test", level)
    with sold.work(ANNAS) as work:
        grants.grant(work, group, "bo@x.test", Level.EDIT)
    with pytest.raises(NotAllowed), sold.work(BOS) as work:
        contacts.delete(work, "c1")
    with sold.work(BOS) as work:
        contacts.edit(work, "c1", card("Ida", addresses=[{"city": "Leeds"}]))
    assert inside(sold, group) == set()


def test_entries_follow_ups_and_photos_choose_too(sold: Store) -> None:
    bought = ContactEntry(EntryKind.PURCHASE, NOW, "Two chairs", Money.parse("800", "EUR"))
    task = ContactEntry(EntryKind.FOLLOW_UP, NOW, "Call", follow_up=FollowUp((NOW + timedelta(days=1)).date(), ANNA))
    lines = ("entry.purchase>-90d", "spent>1000", "followup:due", "has:photo", "-entry:never")
    groups_by = {
        line: smart_groups.create(sold.operation(ANNAS), f"Klug {at}", line, ["Kunder"]).id
        for at, line in enumerate(lines)
    }

    def those() -> set[str]:
        return {line for line, group in groups_by.items() if inside(sold, group)}

    with sold.work(ANNAS) as work:
        first = entries.write(work, "c1", bought)
        entries.write(work, "c1", task)
    assert those() == {"entry.purchase>-90d", "-entry:never"}
    with sold.work(ANNAS) as work:
        entries.write(work, "c1", bought)
        photos.set_photo(work, "c1", as_photo(picture("red")))
    assert those() == {"entry.purchase>-90d", "-entry:never", "spent>1000", "has:photo"}
    with sold.work(ANNAS) as work:
        entries.remove(work, "c1", first)
    sold.now += timedelta(days=1)
    smart_groups.tend(sold.operation(CLOCK))
    assert those() == {"entry.purchase>-90d", "-entry:never", "followup:due", "has:photo"}
    sold.now += timedelta(days=91)
    smart_groups.tend(sold.operation(CLOCK))
    assert those() == {"-entry:never", "followup:due", "has:photo"}


def test_it_keeps_no_contact_alive(sold: Store) -> None:
    group = made(sold)
    bulk.take(sold.operation(), "Kunder", ["c1"])
    assert (trashed(sold), inside(sold, group)) == ({"c1"}, set())
    with sold.work() as work:
        trash.restore(work, "c1")
    assert inside(sold, group) == {"c1"}


def test_its_owner_stops_it_by_managing_the_source_no_longer(sold: Store) -> None:
    group = made(sold, "york OR bea", "Kunder", "Presse")
    assert inside(sold, group) == {"c1", "c2"}
    with sold.work() as work:
        grants.revoke(work, "Presse", "anna@x.test")
    assert inside(sold, group) == {"c1"}
    with sold.work() as work:
        grants.grant(work, "Presse", "anna@x.test", Level.MANAGE)
        smart_groups.give(work, group, Principal(PrincipalKind.USER, CY))
    assert inside(sold, group) == set()
    with sold.work() as work:
        smart_groups.give(work, group, None)
    assert inside(sold, group) == {"c1", "c2"}


def test_the_owner_manages_it_without_a_grant_and_nobody_else_does(sold: Store) -> None:
    group = made(sold)
    with pytest.raises(NotFound), sold.work(BOS) as work:
        groups.rename(work, group, "Mine")
    with sold.work(ANNAS) as work:
        groups.rename(work, group, "Clever")
    smart_groups.change(sold.operation(ANNAS), group, "ida OR bea", ["Presse"], sure=True)
    assert inside(sold, group) == {"c2"}
    groups.delete(sold.operation(ANNAS), group)
    assert (inside(sold, group), trashed(sold)) == (set(), set())


def test_many_come_and_go_in_pieces_and_the_clock_finishes_what_broke_off(sold: Store) -> None:
    many = PIECE * 2 + 10
    with sold.work() as work:
        kept.insert_contacts(work, [(f"m{number}", card(f"M{number}"), "event") for number in range(many)])
        kept.join(work, "Kunder", [f"m{number}" for number in range(many)])
    group = made(sold, "missing:city")
    assert len(inside(sold, group)) == many
    with sold.work() as work:
        grants.revoke(work, "Kunder", "anna@x.test")
    assert len(inside(sold, group)) == many - PIECE
    smart_groups.tend(sold.operation())
    assert inside(sold, group) == set()


LINES = (
    "york", "-york", "city:york OR city:leeds", "changed>-2d", "-changed>-1w", "group:kunder", "group:presse",
    "entry.call>-2d", "-entry:never",
    "created:today", "changed:yesterday", "tag:vip -york", "missing:address", "bea OR kunder",
)  # fmt: skip
CARDS = (
    card("Ida"),
    card("Bea", addresses=[{"city": "York"}]),
    card("Cleo", addresses=[{"city": "Leeds"}], userDefined=[{"key": "Tags", "value": "vip"}]),
    card("York"),
)
PLACES = ("Kunder", "Presse", "Klub")
PEOPLE = (ANNA, BO)
_PEOPLE = st.sampled_from(PEOPLE)


class Histories(RuleBasedStateMachine):
    """Contacts, groups, filters, rights and time change in any order; what each filter says is told apart from it."""

    empty: Path
    """A database that was set up."""

    @initialize()
    def begin(self) -> None:
        self.path = self.empty.with_name("history.db")
        shutil.copy(self.empty, self.path)
        self.opened = opened(f"sqlite:///{self.path}")
        self.store = Store(self.opened.__enter__())
        self.store.save_directory()
        self.number = 0
        self.names = {place: place for place in PLACES}
        for place in PLACES:
            self.store.group(place)
            for person in PEOPLE:
                self.store.grant(place, user(person), Level.MANAGE)

    def teardown(self) -> None:
        if hasattr(self, "opened"):
            self.opened.__exit__(None, None, None)
        for ending in ("", "-wal", "-shm"):
            self.path.with_name(self.path.name + ending).unlink(missing_ok=True)

    def _some(
        self, number: int, sql: str = "SELECT id FROM contacts WHERE erased_at IS NULL ORDER BY id"
    ) -> str | None:
        with self.store.database.engine.connect() as connection:
            rows = [row[0] for row in connection.exec_driver_sql(sql)]
        return rows[number % len(rows)] if rows else None

    def _smart(self, number: int) -> str | None:
        return self._some(number, "SELECT group_id FROM smart_groups ORDER BY group_id")

    @rule(card=st.sampled_from(CARDS), place=st.sampled_from(PLACES))
    def make(self, card: Card, place: str) -> None:
        with self.store.work() as work:
            if place in self.names:
                contacts.create(work, place, card)

    @rule(number=st.integers(0, 9), card=st.sampled_from(CARDS))
    def edit(self, number: int, card: Card) -> None:
        if contact := self._some(number):
            with self.store.work() as work:
                contacts.edit(work, contact, card)

    @rule(number=st.integers(0, 9), place=st.sampled_from(PLACES), out=st.booleans())
    def move(self, number: int, place: str, out: bool) -> None:
        if (contact := self._some(number)) and place in self.names:
            (bulk.take if out else bulk.add)(self.store.operation(), place, [contact])

    @rule(number=st.integers(0, 9))
    def call(self, number: int) -> None:
        if contact := self._some(number):
            with suppress(Refused), self.store.work() as work:
                entries.write(work, contact, ContactEntry(EntryKind.CALL, self.store.now, "About chairs"))

    @rule(number=st.integers(0, 9))
    def restore(self, number: int) -> None:
        if contact := self._some(number, "SELECT id FROM contacts WHERE deleted_at IS NOT NULL AND erased_at IS NULL"):
            with suppress(InvalidInput), self.store.work() as work:  # its groups may have been deleted since
                trash.restore(work, contact)

    @rule(number=st.integers(0, 9))
    def erase(self, number: int) -> None:
        if contact := self._some(number):
            with self.store.work() as work:
                erasure.erase(work, contact, "asked for it")

    @rule(one=st.integers(0, 9), other=st.integers(0, 9))
    def merge(self, one: int, other: int) -> None:
        here = "SELECT id FROM contacts WHERE deleted_at IS NULL AND erased_at IS NULL ORDER BY id"
        stays, goes = self._some(one, here), self._some(other, here)
        if stays and goes and stays != goes:
            with self.store.work() as work:
                versions = tuple(kept.get(work.session, contact).version for contact in (stays, goes))
                merging.merge(work, stays, goes, (versions[0], versions[1]))

    @rule(line=st.sampled_from(LINES), sources=st.sets(st.sampled_from(PLACES), min_size=1), owner=_PEOPLE)
    def choose(self, line: str, sources: set[str], owner: str) -> None:
        self.number += 1
        by = By(ActorKind.USER, owner, Source.WEB)
        with suppress(NotAllowed, NotFound):
            smart_groups.create(self.store.operation(by), f"Smart {self.number}", line, sorted(sources), zone="UTC")

    @rule(number=st.integers(0, 9), line=st.sampled_from(LINES), sources=st.sets(st.sampled_from(PLACES)))
    def choose_otherwise(self, number: int, line: str, sources: set[str]) -> None:
        if group := self._smart(number):
            with suppress(Refused, NotFound):
                smart_groups.change(self.store.operation(), group, line, sorted(sources) or None, sure=True)

    @rule(number=st.integers(0, 9))
    def end(self, number: int) -> None:
        if group := self._smart(number):
            groups.delete(self.store.operation(), group)

    @rule(place=st.sampled_from(PLACES), to=st.sampled_from(("Presse today", "Kunder x", "Other")))
    def rename(self, place: str, to: str) -> None:
        if place in self.names and to not in self.names.values():
            with self.store.work() as work:
                groups.rename(work, place, to)
            self.names[place] = to

    @precondition(lambda self: len(self.names) > 1)
    @rule(place=st.sampled_from(PLACES))
    def end_place(self, place: str) -> None:
        if self.names.pop(place, None):
            groups.delete(self.store.operation(), place)

    @rule(place=st.sampled_from(PLACES), person=_PEOPLE, level=st.sampled_from((None, Level.DELETE, Level.MANAGE)))
    def grant(self, place: str, person: str, level: Level | None) -> None:
        if place not in self.names:
            return
        with self.store.work() as work:
            if level is None:
                grants.revoke(work, place, f"{person[2:]}@x.test")
            else:
                grants.grant(work, place, f"{person[2:]}@x.test", level)

    @rule(hours=st.sampled_from((1, 11, 25, 24 * 8)))
    def wait(self, hours: int) -> None:
        self.store.now += timedelta(hours=hours)
        smart_groups.tend(self.store.operation())

    @invariant()
    def everybody_is_where_the_filter_says(self) -> None:
        if not hasattr(self, "opened"):
            return
        with self.store.database.engine.connect() as connection:
            rows = connection.exec_driver_sql(
                "SELECT s.group_id, s.filter, s.owner, x.source_id, g.name FROM smart_groups s"
                " LEFT JOIN smart_sources x ON x.group_id = s.group_id LEFT JOIN groups g ON g.id = x.source_id"
            ).all()
            levels = {
                (group, subject)
                for group, subject in connection.exec_driver_sql(
                    f"SELECT group_id, subject FROM grants WHERE kind = 'user' AND level = {Level.MANAGE:d}"
                )
            }
            members: dict[str, set[str]] = {}
            for group, contact in connection.exec_driver_sql("SELECT group_id, contact_id FROM memberships"):
                members.setdefault(group, set()).add(contact)
        with self.store.reading() as session:
            there = {one: kept.get(session, one) for some in members.values() for one in some}
            stamps = {one: stored.candidates(session, [one], lock=False)[one] for one in there}
        for group in {row[0] for row in rows}:
            line = next(row[1] for row in rows if row[0] == group)
            sources = {row[3]: row[4] for row in rows if row[0] == group and (row[3], row[2]) in levels}
            asked = parse(line, self.store.now, UTC, NO_FIELDS)
            should = {
                contact
                for contact, found in there.items()
                if (held := {one: name for one, name in sources.items() if contact in members.get(one, ())})
                and asked.holds(
                    Searched(
                        derived(found.card, ())["words"],
                        derived(found.card, ())["facets"],
                        {one: haystack_of(name) for one, name in held.items()},
                        stamps[contact].moments,
                        stamps[contact].amounts,
                    )
                )
            }
            assert members.get(group, set()) == should, line

    @invariant()
    def nobody_is_in_a_smart_group_alone(self) -> None:
        if hasattr(self, "opened"):
            alone = (
                "SELECT contact_id FROM memberships GROUP BY contact_id"
                " HAVING count(*) = sum(group_id IN (SELECT group_id FROM smart_groups))"
            )
            with self.store.database.engine.connect() as connection:
                assert connection.exec_driver_sql(alone).all() == []


@pytest.mark.timeout(600)  # forty histories of twenty steps, on a machine that others use
def test_after_any_history_membership_is_what_the_filter_says(migrated_file: Path) -> None:
    class Here(Histories):
        empty = migrated_file

    run_state_machine_as_test(Here, settings=settings(stateful_step_count=20))


def test_a_day_is_one_of_the_zone_in_which_it_was_made(sold: Store) -> None:
    sold.now = datetime(2026, 3, 2, 22, 30, tzinfo=UTC)  # the third in Copenhagen at 23:30 is an hour and a half away
    group = smart_groups.create(
        sold.operation(ANNAS), "Today", "changed:today", ["Kunder"], zone="Europe/Copenhagen"
    ).id
    assert inside(sold, group) == {"c1"}
    sold.now += timedelta(minutes=45)
    smart_groups.tend(sold.operation())
    assert inside(sold, group) == set()
