"""Contacts: made, edited, imported."""

import pytest
from sqlalchemy import select

from sharesync.errors import NotFound, Sentence, StaleVersion
from sharesync.formats.entries import Bad, Entry, Parsed
from sharesync.model.card import EMPTY, Card
from sharesync.services import bulk
from sharesync.services import contacts as cases
from sharesync.services.import_entries import Imported, import_entries
from sharesync.store.database.tables import ContactRow, EventRow, PayloadRow, VersionRow
from sharesync.store.queries import contact_pages
from tests.store.stores import ANNA, BO, NOW, Store, card, due, rest, unit, user

IDA, EVA = card("Ida", "ida"), card("Eva", "eva")


@pytest.fixture
def granted(company: Store) -> Store:
    """Anna and Bo see group g; nobody is due."""
    company.group("g")
    company.grant("g", unit("/Sales"))
    rest(company)
    return company


def held(store: Store, group: str = "g") -> dict[str, tuple[int, Card]]:
    with store.reading() as session:
        return {
            contact.id: (contact.version, contact.card)
            for contact in contact_pages.everyone(session, contact_pages.ContactFilter(group=group))
        }


def bring(store: Store, *entries: Entry, group: str = "g") -> Imported:
    with store.work() as work:
        return import_entries(work, group, entries)


# --- Made and edited -------------------------------------------------------------------------------------------------


def test_a_new_contact_is_told_of_with_its_values(granted: Store) -> None:
    with granted.work() as work:
        contact = cases.create(work, "g", IDA, mailbox=ANNA)
    assert held(granted) == {contact: (1, IDA)}
    assert granted.actions() == ["contact.create", "group.add"]
    assert BO in due(granted)
    with granted.reading() as session:
        event = session.scalars(select(EventRow).where(EventRow.action == "contact.create")).one()
        assert (event.contact_id, event.group_id, event.mailbox_id, event.after_version) == (contact, "g", ANNA, 1)
        told = {
            row.field: (row.before, row.after)
            for row in session.scalars(select(PayloadRow))
            if row.event_id == event.id
        }
        assert repr(told["names"]) == "(None, [{'givenName': 'Ida'}])"
        assert told.keys() == {"names", "emailAddresses"}
        assert session.scalars(select(VersionRow.event_id)).all() == [event.id]


def test_an_edit_makes_the_next_version_and_tells_what_changed(granted: Store) -> None:
    granted.contact("c1", IDA, "g")
    with granted.work() as work:
        assert cases.edit(work, "c1", EVA, version=1).version == 2
    assert held(granted) == {"c1": (2, EVA)}
    assert due(granted) == {ANNA, BO}
    with granted.reading() as session:
        event = session.scalars(select(EventRow)).one()
        assert (event.action, event.before_version, event.after_version) == ("contact.update", 1, 2)
        assert event.fields == ["emailAddresses", "names"]


def test_an_edit_that_changes_nothing_is_no_edit(granted: Store) -> None:
    granted.contact("c1", IDA, "g")
    with granted.work() as work:
        assert cases.edit(work, "c1", card("Ida", "ida"), version=1).version == 1
    assert (granted.actions(), due(granted)) == ([], set())


def test_an_edit_of_another_version_is_refused(granted: Store) -> None:
    granted.contact("c1", IDA, "g")
    with pytest.raises(StaleVersion, match="is at version 1, not 2; look at it again"), granted.work() as work:
        cases.edit(work, "c1", EVA, version=2)
    assert (granted.actions(), held(granted)) == ([], {"c1": (1, IDA)})


def test_an_edit_without_a_version_replaces_what_is_there(granted: Store) -> None:
    granted.contact("c1", IDA, "g")
    with granted.work() as work:
        cases.edit(work, "c1", EVA)
    assert held(granted) == {"c1": (2, EVA)}


def test_an_unknown_contact_cannot_be_edited(granted: Store) -> None:
    with pytest.raises(NotFound), granted.work() as work:
        cases.edit(work, "c9", EVA)


def test_values_name_the_fields_that_differ(granted: Store) -> None:
    told = cases.values(IDA, card("Ida"))
    assert told == {"emailAddresses": ([{"value": "ida@x.test"}], None)}
    assert cases.values(EMPTY, EMPTY) == {}


# --- Import ----------------------------------------------------------------------------------------------------------


def test_an_import_makes_contacts_of_a_group(granted: Store) -> None:
    report = bring(granted, Parsed(1, IDA), Parsed(2, EVA, notes=(Sentence("The photo was left out."),)))
    assert report == Imported(created=2, notes=[(2, Sentence("The photo was left out."))])
    assert sorted(card.title for _, card in held(granted).values()) == ["Eva", "Ida"]
    assert due(granted) == {ANNA, BO}
    assert sorted(granted.actions()) == ["contact.create", "contact.create", "group.add", "group.add"]


def test_the_same_import_a_second_time_changes_nothing(granted: Store) -> None:
    entries = [Parsed(1, IDA), Parsed(2, EVA, id="unheard of"), Parsed(3, card("Bo"), id="also", version=7)]
    bring(granted, *entries)
    before, told = held(granted), granted.actions()
    assert bring(granted, *entries) == Imported(unchanged=3)
    assert (held(granted), granted.actions()) == (before, told)


def test_an_import_that_changes_nothing_wakes_nobody(granted: Store) -> None:
    granted.contact("c1", IDA, "g")
    assert bring(granted, Parsed(1, IDA), Parsed(2, IDA, id="c1", version=1)) == Imported(unchanged=2)
    assert due(granted) == set()


def test_a_contact_that_stands_twice_in_a_file_goes_in_once(granted: Store) -> None:
    assert bring(granted, Parsed(1, IDA), Parsed(2, IDA)) == Imported(created=1, unchanged=1)


def test_a_contact_equal_to_one_of_another_group_is_a_new_one(granted: Store) -> None:
    granted.group("h")
    granted.contact("c1", IDA, "h")
    assert bring(granted, Parsed(1, IDA)) == Imported(created=1)


def test_bad_lines_are_reported_and_the_others_go_in(granted: Store) -> None:
    bad = Bad(2, Sentence("There is nothing in this entry that a contact can hold."))
    assert bring(granted, Parsed(1, IDA), bad, Parsed(3, EVA)) == Imported(created=2, bad=[bad])


def test_a_known_id_replaces_the_card(granted: Store) -> None:
    granted.contact("c1", IDA, "g")
    assert bring(granted, Parsed(1, EVA, id="c1")) == Imported(changed=1)
    assert held(granted) == {"c1": (2, EVA)}


def test_a_known_id_with_its_version_replaces_the_card(granted: Store) -> None:
    granted.contact("c1", IDA, "g")
    assert bring(granted, Parsed(1, EVA, id="c1", version=1)) == Imported(changed=1)


def test_a_known_id_with_another_version_is_refused_and_the_others_go_in(granted: Store) -> None:
    granted.contact("c1", IDA, "g")
    report = bring(granted, Parsed(1, EVA, id="c1", version=2), Parsed(2, card("Bo")))
    assert (report.changed, report.created, [bad.line for bad in report.bad]) == (0, 1, [1])
    assert "is at version 1, not 2" in report.bad[0].reason
    assert held(granted)["c1"] == (1, IDA)


def test_a_known_id_comes_into_the_group(granted: Store) -> None:
    granted.group("h")
    granted.contact("c1", IDA, "h")
    assert bring(granted, Parsed(1, IDA, id="c1")) == Imported(added=1)
    assert bring(granted, Parsed(1, IDA, id="c1")) == Imported(unchanged=1)
    assert held(granted) == held(granted, "h") == {"c1": (1, IDA)}


def test_a_known_id_brings_its_contact_back_from_the_trash(granted: Store) -> None:
    granted.contact("c1", IDA, "g")
    bulk.take(granted.operation(), "g", ["c1"])
    assert bring(granted, Parsed(1, EVA, id="c1")) == Imported(changed=1)
    assert held(granted) == {"c1": (2, EVA)}


def test_an_unknown_id_makes_a_new_contact_under_an_id_of_ours(granted: Store) -> None:
    assert bring(granted, Parsed(1, IDA, id="theirs", version=3)) == Imported(created=1)
    assert "theirs" not in held(granted)


def test_what_was_erased_does_not_come_back(granted: Store) -> None:
    granted.contact("c1", IDA, "g")
    bulk.take(granted.operation(), "g", ["c1"])
    with granted.work() as work:
        row = work.session.get(ContactRow, "c1", populate_existing=True)
        assert row
        row.erased_at = NOW
        work.session.flush()
    report = bring(granted, Parsed(1, IDA, id="c1"))
    assert (report.created, report.changed, [bad.line for bad in report.bad]) == (0, 0, [1])
    assert held(granted) == {}


def test_an_id_that_stands_twice_ends_as_the_later_line_says(granted: Store) -> None:
    granted.contact("c1", IDA, "g")
    assert bring(granted, Parsed(1, EVA, id="c1"), Parsed(2, card("Bo"), id="c1")) == Imported(changed=2)
    assert held(granted) == {"c1": (3, card("Bo"))}


def test_an_import_into_no_group_does_nothing(granted: Store) -> None:
    with pytest.raises(NotFound):
        bring(granted, Parsed(1, IDA), group="none")
    assert granted.count(ContactRow) == 0


def test_an_edit_tells_only_those_who_hold_the_contact(granted: Store) -> None:
    granted.group("h")
    granted.contact("c1", IDA, "h")
    granted.grant("h", user(BO))
    rest(granted)
    with granted.work() as work:
        cases.edit(work, "c1", EVA)
    assert due(granted) == {BO}
