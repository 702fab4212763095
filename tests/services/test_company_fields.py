"""Fields: defined, renamed and deleted as one act over all contacts; what is kept here stays in the versions."""

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from itertools import count
from typing import Any

import pytest
from sqlalchemy import select, text

from sharesync.errors import FieldNameTaken, InvalidInput, NotAllowed, Refused
from sharesync.formats.file_reading import read
from sharesync.formats.file_writing import ExportFormat, pieces
from sharesync.model.access import Level
from sharesync.model.audit import ActorKind, By, Source
from sharesync.model.card import Card
from sharesync.model.company_fields import CompanyField
from sharesync.model.field_kinds import FieldKind
from sharesync.model.filter_lines import parse
from sharesync.services import company_fields as cases
from sharesync.services import contacts as contact_cases
from sharesync.services import exports, merging, smart_groups, trash, undoing
from sharesync.services.import_entries import Imported, import_entries
from sharesync.services.log.contacts_check import altered
from sharesync.store.database import work as works
from sharesync.store.database.tables import EventRow
from sharesync.store.database.work import Operation, working
from sharesync.store.queries import contact_pages, events
from sharesync.store.queries.contact_pages import ContactFilter
from sharesync.store.records import company_fields, contacts
from sharesync.store.upgrading import upgrade
from tests.store.stores import ANNA, Store, card, user

RENEWAL = CompanyField("", "Renewal", FieldKind.DATE)
BUDGET = CompanyField("", "Budget", FieldKind.NUMBER, shown=False)
MANY = tuple(f"c{number}" for number in range(1, 9))


def entry(name: str, value: str, given: str = "Ida") -> Card:
    return card(given, userDefined=[{"key": name, "value": value}, {"key": "Other", "value": "x"}])


def define(store: Store, typed: CompanyField) -> CompanyField:
    with store.reading() as session:
        draft = cases.checked(session, typed)
    return cases.create(store.operation(), draft)


def told(store: Store, contact: str) -> dict[str, str]:
    with store.reading() as session:
        found = contacts.get(session, contact)
        return company_fields.defined(session).told(found.card, found.here)


def found(store: Store, line: str) -> list[str]:
    with store.reading() as session:
        asked = parse(line, store.now, None, company_fields.defined(session))
        return contact_pages.ids(session, ContactFilter(asked))


def say(store: Store, contact: str, **values: str) -> None:
    with store.work() as work:
        now = contacts.get(work.session, contact)
        card_, here = company_fields.defined(work.session).written(now.card, now.here, values)
        contact_cases.edit(work, contact, card_, here=here)


@pytest.fixture
def many(store: Store, monkeypatch: pytest.MonkeyPatch) -> Store:
    for module in (works, cases):
        monkeypatch.setattr(module, "PIECE", 3)
    store.group("g")
    for number, contact in enumerate(MANY):
        store.contact(contact, entry("RENEWAL", f"2026-03-0{number + 1}", contact), "g")
    return store


def dying(operation: Operation, turn: int) -> Operation:
    """The same in a process that dies as it begins its so-manieth transaction."""
    turns = count(1)

    def clock() -> datetime:
        if next(turns) == turn:
            raise KeyboardInterrupt
        return operation.clock()

    return replace(operation, clock=clock)


def broken_off(store: Store, act: Callable[[Operation], Any]) -> None:
    """Do it in processes that die at one transaction after the other, and in one more; each brings up to date first."""
    for turn in (*range(2, 6), 99):
        upgrade(store.database)
        with suppress(KeyboardInterrupt, Refused):
            act(dying(store.operation(), turn))


def test_a_new_field_takes_in_what_contacts_say_under_its_name_and_filters_find_it(many: Store) -> None:
    with many.operation().look() as look:
        effect = cases.preview(look, cases.checked(look.session, RENEWAL))
    assert (effect.contacts, effect.unfit) == (8, 0)
    define(many, RENEWAL)
    assert told(many, "c2") == {"Renewal": "2026-03-02"}
    assert found(many, "renewal<2026-03-03") == ["c1", "c2"]
    with many.reading() as session:
        assert {contacts.get(session, one).version for one in MANY} == {1}


def test_what_is_kept_here_leaves_the_cards_and_stays_in_the_versions(many: Store) -> None:
    broken_off(many, lambda operation: cases.create(operation, replace(RENEWAL, shown=False)))
    for number, contact in enumerate(MANY, 1):
        assert told(many, contact) == {"Renewal": f"2026-03-0{number}"}
    assert found(many, "renewal>2026-03-07") == ["c8"]
    with many.reading() as session:
        now = contacts.get(session, "c1")
        assert [item.text("key") for item in now.card["userDefined"]] == ["Other"]
        assert list(now.here.values()) == ["2026-03-01"]
        assert (contacts.here_at(session, "c1", 1), contacts.here_at(session, "c1", 2)) == ({}, now.here)


def test_a_rename_and_a_deletion_that_break_off_are_finished_by_doing_them_again(many: Store) -> None:
    define(many, RENEWAL)
    broken_off(many, lambda operation: cases.rename(operation, "Renewal", "Contract ends"))
    assert [told(many, one) for one in MANY] == [{"Contract ends": f"2026-03-0{at}"} for at in range(1, 9)]
    assert len(found(many, "contract-ends:2026-03")) == 8
    with many.reading() as session:
        assert {contacts.get(session, one).version for one in MANY} == {2}
    broken_off(many, lambda operation: cases.delete(operation, "Contract ends"))
    with many.reading() as session:
        assert [one.name for one in company_fields.defined(session)] == ["Tags"]
        for one in MANY:
            (left,) = contacts.get(session, one).card["userDefined"]
            assert left.text("key") == "Other"
    with many.work() as work:
        trash.restore_version(work, "c1", 1)
    define(many, RENEWAL)
    assert told(many, "c1") == {"Renewal": "2026-03-01"}


def test_values_kept_here_are_the_contacts_own_versions_and_come_back_with_them(store: Store) -> None:
    store.group("g")
    store.contact("c", card("Ida"), "g")
    define(store, BUDGET)
    say(store, "c", Budget="100")
    say(store, "c", Budget="200")
    with store.reading() as session:
        assert contacts.get(session, "c").version == 3
    assert found(store, "budget>150") == ["c"]
    with store.work() as work:
        trash.restore_version(work, "c", 2)
    assert told(store, "c") == {"Budget": "100"}
    assert found(store, "budget>150") == []
    assert store.actions().count("contact.update") == 3


def test_a_field_that_was_deleted_gets_no_value_back_by_an_undo_or_a_former_version(company: Store) -> None:
    store = company
    store.group("g")
    store.contact("c", card("Ida"), "g")
    define(store, BUDGET)
    say(store, "c", Budget="100")
    store.grant("g", user(ANNA), Level.MANAGE)
    anna, deed = By(ActorKind.USER, ANNA, Source.WEB), store.new_id()
    with working(store.database, lambda: store.now, anna, store.new_id, deed) as work:
        contact_cases.edit(work, "c", card("Ida", nicknames=[{"value": "Idi"}]), here={})
    cases.delete(store.operation(), "Budget")
    undoing.undo(store.operation(anna), deed)
    with store.work() as work:
        undone = contacts.get(work.session, "c")
        assert (undone.card, undone.here) == (card("Ida"), {})
        assert trash.restore_version(work, "c", 2).here == {}
        assert contacts.get(work.session, "c").version == undone.version  # it says nothing else


def test_nobody_is_emptied_and_no_name_is_given_twice(store: Store) -> None:
    store.group("g")
    store.contact("c", Card.parse({"userDefined": [{"key": "Renewal", "value": "soon"}]}), "g")
    define(store, RENEWAL)
    for name in ("renewal", " RENEWAL "):
        with pytest.raises(FieldNameTaken):
            define(store, replace(RENEWAL, name=name))
    for name in ("Company", "2", "phone"):
        with pytest.raises(InvalidInput):
            define(store, replace(RENEWAL, name=name))
    assert found(store, "unfit:renewal") == ["c"]
    cases.delete(store.operation(), "Renewal")
    with store.reading() as session:
        assert contacts.get(session, "c").card
    with pytest.raises(InvalidInput):
        cases.delete(store.operation(), "Tags")


def test_what_can_be_chosen_is_changed_and_what_does_not_fit_any_more_is_found(store: Store) -> None:
    store.group("g")
    store.contact("c", entry("Area", "west"), "g")
    define(store, CompanyField("", "Area", FieldKind.ONE_OF, ("North", "West")))
    assert (told(store, "c"), found(store, "area:west")) == ({"Area": "West"}, ["c"])
    cases.change(store.operation(), "Area", cases.FieldChange(choices=["North"]))
    assert (told(store, "c"), found(store, "unfit:area")) == ({"Area": "west"}, ["c"])
    with store.work() as work:
        cases.arrange(work, ["Area"])
        assert [one.name for one in company_fields.defined(work.session)] == ["Area", "Tags"]


def test_a_field_that_a_smart_group_asks_for_stays(store: Store) -> None:
    store.group("g")
    store.contact("c", entry("Renewal", "2026-03-09"), "g")
    define(store, RENEWAL)
    smart_groups.create(store.operation(), "Soon", "renewal<+30d", ["g"])
    with store.reading() as session:
        assert set(contacts.get(session, "c").groups) == {"g", "Soon"}
    for act in (
        lambda: cases.delete(store.operation(), "Renewal"),
        lambda: cases.rename(store.operation(), "Renewal", "Ends"),
    ):
        with pytest.raises(Refused, match="Soon"):
            act()
    say(store, "c", Renewal="2027-03-09")
    with store.reading() as session:
        assert contacts.get(session, "c").groups == ("g",)


def test_administrators_alone_define_fields(company: Store) -> None:
    somebody = company.operation(By(ActorKind.USER, "u-bo", Source.WEB))
    for act in (
        lambda: cases.create(somebody, RENEWAL),
        lambda: cases.rename(somebody, "Tags", "x"),
        lambda: cases.delete(somebody, "Tags"),
        lambda: cases.change(somebody, "Tags", cases.FieldChange(help="x")),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_our_own_file_comes_back_with_what_is_kept_here_and_a_column_goes_to_its_field(store: Store) -> None:
    for group in ("g", "h"):
        store.group(group)
    store.contact("c", entry("Tags", "a,b"), "g")
    define(store, BUDGET)
    say(store, "c", Budget="7.5")

    def copy(form: ExportFormat) -> str:
        with store.reading() as session:
            return "".join(pieces(form, exports.rows(session, ContactFilter(group="g"), form)))

    def bring(group: str, text: str) -> Imported:
        with store.work() as work:
            return import_entries(work, group, read(text.encode(), "").entries)

    told_here = {"Tags": "a, b", "Budget": "7.5"}
    line = json.loads(copy(ExportFormat.JSONL))
    assert line["fields"] == told_here
    assert "7.5" not in copy(ExportFormat.VCF) + copy(ExportFormat.GOOGLE_CSV)
    assert bring("g", copy(ExportFormat.JSONL)).unchanged == 1
    del line["id"], line["version"]
    assert bring("h", json.dumps(line)).created == 1
    assert bring("h", json.dumps(line)).unchanged == 1
    line["fields"] |= {"Budget": "a lot", "Shoes": "44"}
    report = bring("h", json.dumps(line))
    assert (report.changed, [str(note) for _, note in report.notes]) == (
        1,
        ["there is no field “Shoes” here; its value was left out"],
    )
    assert found(store, "unfit:budget group:h") == [one for one in found(store, "group:h") if one != "c"]

    bring("g", "First name,E-mail,Budget\nEva,eva@x.test,1200\n")
    (eva,) = found(store, "eva")
    assert told(store, eva) == {"Budget": "1200"}
    with store.reading() as session:
        assert contacts.get(session, eva).card["userDefined"] == ()


def test_two_contacts_that_become_one_keep_what_both_say_and_become_two_again(store: Store) -> None:
    store.group("g")
    for contact, tags in (("c", "a, b"), ("d", "B, c")):
        store.contact(contact, entry("Tags", tags, contact), "g")
    define(store, BUDGET)
    say(store, "d", Budget="5")
    with store.work() as work:
        merged = merging.merge(work, "c", "d", (1, 2))
    assert told(store, "c") == {"Tags": "a, b, c", "Budget": "5"}
    with store.work() as work:
        merging.undo(work, merged.id)
    assert (told(store, "c"), told(store, "d")) == ({"Tags": "a, b"}, {"Tags": "B, c", "Budget": "5"})


def test_the_log_vouches_for_what_is_kept_here(store: Store) -> None:
    store.group("g")
    with store.work() as work:
        contact = contact_cases.create(work, "g", card("Ida"))
    define(store, BUDGET)
    say(store, contact, Budget="5")
    say(store, contact, Budget="6", Tags="vip")
    with store.reading() as session:
        assert list(altered(session)) == []
        (event,) = session.scalars(select(EventRow.id).where(EventRow.after_version == 3))
        assert {"field": "fields", "before": [{"key": "Budget", "value": "5"}], "after": [
            {"key": "Budget", "value": "6"}]} in events.values(session, event)  # fmt: skip
    for table in ("contacts", "contact_versions"):
        with store.work() as work:
            work.session.execute(text(f"UPDATE {table} SET here = NULL"))
        with store.reading() as session:
            assert list(altered(session)) != []
