"""Erasing a contact: gone here and from every mailbox, with receipts, for good; and the log still verifies."""

import json

import pytest

from sharesync.errors import NotFound, Refused, Suppressed
from sharesync.formats.entries import Bad, Parsed
from sharesync.model.audit import OPERATOR
from sharesync.model.card import Card
from sharesync.services import bulk, erasure
from sharesync.services import contacts as contact_cases
from sharesync.services.erasure import Erased
from sharesync.services.import_entries import import_entries
from sharesync.services.log import verification
from tests.beginnings import begin
from tests.users import User, customer
from tests.worlds import House

NUMBER = "+45 33 12 34 56"
ADA = customer("Ada", family="Lovelace", phones=[NUMBER], note="plays whist")
TRACES = ("Lovelace", "ada@customer.example", "33123456", NUMBER, "whist")


def erase(house: House, contact: str, reason: str = "asked for it") -> Erased:
    with house.world.work(OPERATOR) as work:
        return erasure.erase(work, contact, reason)


def verify(house: House) -> verification.LogVerdict:
    with house.database.reading() as session:
        return verification.verify(session)


def stored(house: House) -> str:
    """All that the database holds, as one text."""
    return json.dumps(house.tables(), default=_as_text)


def _as_text(value: object) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


@pytest.fixture
def ada(house: House, bo: User, cy: User) -> str:
    """Ada, shared with two, with a past; her id."""

    def first() -> None:
        house.share("Customers", ADA, "Grace", bo="manage", cy="view")
        house.sync_until_quiet()
        bo.edits("Ada", note="plays whist on Mondays")
        house.sync_until_quiet()
        cy.edits("Ada", family="Byron-Lovelace")
        house.sync_until_quiet()

    begin(house, "Ada with a past", by=first)
    return house.contact_id("Ada")


def test_nothing_that_was_known_of_an_erased_contact_is_left_in_the_store(house: House, ada: str) -> None:
    assert all(trace in stored(house) for trace in TRACES if trace != "33123456")
    erase(house, ada)
    house.sync_until_quiet()
    assert [trace for trace in TRACES if trace in stored(house)] == []


def test_it_goes_from_every_mailbox_with_a_receipt_that_names_the_erasure(
    house: House, ada: str, bo: User, cy: User
) -> None:
    done = erase(house, ada)
    house.sync_until_quiet()
    assert bo.sees() == cy.sees() == ["Grace"]
    receipts = house.query("SELECT mailbox_id FROM events WHERE action = 'person.delete' AND cause = ?", done.event)
    assert (sorted(box for (box,) in receipts), done.mailboxes) == (sorted([bo.id, cy.id]), 2)


def test_the_log_verifies_afterwards_and_names_whom_it_lacks(house: House, ada: str) -> None:
    erase(house, ada)
    house.sync_until_quiet()
    assert (verify(house).findings, verify(house).erased) == ([], [ada])


def test_values_that_go_without_an_erasure_are_found(house: House, ada: str) -> None:
    with house.database.writing() as session:
        session.connection().exec_driver_sql(
            f"DELETE FROM event_values WHERE event_id IN (SELECT id FROM events WHERE contact_id = '{ada}')"
        )
    assert verify(house).findings == [f"Values of {ada} are gone, and no erasure says why."]


def test_a_person_that_its_user_touched_goes_all_the_same(house: House, ada: str, bo: User, cy: User) -> None:
    bo.stars("Ada")
    cy.photographs("Ada")
    erase(house, ada)
    house.sync_until_quiet()
    assert bo.sees() == cy.sees() == ["Grace"]


def test_a_person_that_its_user_gave_goes_too(house: House, bo: User, cy: User) -> None:
    house.share("Customers", "Grace", bo="manage", cy="view")
    house.sync_until_quiet()
    bo.makes("Hedy", under=["Customers"])
    house.sync_until_quiet()
    erase(house, house.contact_id("Hedy"))
    bo.own.clear()
    house.sync_until_quiet()
    assert bo.sees() == cy.sees() == ["Grace"]


def test_a_person_that_was_its_users_before_stays_without_label_and_mark(house: House, bo: User, cy: User) -> None:
    bo.makes("Hedy")
    house.share("Customers", customer("Hedy"), "Grace", bo="view", cy="view")
    house.sync_until_quiet()
    done = erase(house, house.contact_id("Hedy"))
    house.sync_until_quiet()
    assert (bo.sees(), bo.labels_on("Hedy"), bo.marks_on("Hedy"), cy.sees()) == (
        ["Grace", "Hedy"],
        set(),
        [],
        ["Grace"],
    )
    assert house.query("SELECT mailbox_id FROM events WHERE action = 'person.release' AND cause = ?", done.event) == [
        (bo.id,)
    ]


@pytest.mark.parametrize("how", [{}, {"full": True}, {"reset": True}])
def test_its_person_taken_out_of_googles_trash_goes_again(
    house: House, ada: str, bo: User, how: dict[str, bool]
) -> None:
    erase(house, ada)
    house.sync_until_quiet()
    bo.undeletes("Ada")
    bo.edits("Ada", note="mine again")
    bo.pass_over(**how)
    house.sync_until_quiet()
    assert bo.sees() == ["Grace"]
    assert house.contacts() == ["Grace"]
    assert [trace for trace in TRACES if trace in stored(house)] == []


def test_a_reset_before_the_mailbox_let_it_go_changes_nothing(house: House, ada: str, bo: User, cy: User) -> None:
    erase(house, ada)
    bo.pass_over(reset=True)
    house.sync_until_quiet()
    assert (bo.sees(), cy.sees(), house.contacts()) == (["Grace"], ["Grace"], ["Grace"])


def test_one_whose_user_deleted_it_meanwhile_leaves_a_receipt_too(house: House, ada: str, bo: User) -> None:
    done = erase(house, ada)
    bo.deletes("Ada")
    house.sync_until_quiet()
    receipts = house.query("SELECT mailbox_id FROM events WHERE action = 'person.delete' AND cause = ?", done.event)
    assert (bo.id,) in receipts


def test_an_erasure_while_the_contact_is_being_released_still_takes_all_of_it(house: House, ada: str, bo: User) -> None:
    bo.stars("Ada")
    house.revoke("Customers", "bo")
    house.meanwhile("pdateContact", lambda: erase(house, ada))
    house.sync_until_quiet()
    assert bo.sees() == []


def test_what_waited_for_a_decision_about_it_is_gone(house: House, ada: str, cy: User) -> None:
    assert house.query("SELECT count(*) FROM proposals") == [(1,)]
    erase(house, ada)
    assert house.query("SELECT count(*) FROM proposals") == [(0,)]


def test_a_file_does_not_bring_it_back_unless_that_is_asked_for(house: House, ada: str) -> None:
    erase(house, ada)
    entries = [
        Parsed(1, Card.parse(customer("A.", emails=["ADA@customer.example"]))),
        Parsed(2, Card.parse(customer("B.", emails=[], phones=["0045 33123456"]))),
        Parsed(3, Card.parse(customer("Edith"))),
    ]
    with house.world.work(OPERATOR) as work:
        report = import_entries(work, "Customers", entries)
    assert (report.created, report.bad) == (1, [Bad(1, Suppressed().sentence), Bad(2, Suppressed().sentence)])
    with house.world.work(OPERATOR) as work:
        assert import_entries(work, "Customers", entries, allow_erased=True).created == 2


def test_its_address_makes_no_contact_unless_that_is_asked_for(house: House, ada: str) -> None:
    erase(house, ada)
    card, group = Card.parse(customer("Ada")), house.group_id("Customers")
    with house.world.work(OPERATOR) as work:
        with pytest.raises(Suppressed):
            contact_cases.create(work, group, card)
        assert contact_cases.create(work, group, card, allow_erased=True)


def test_a_person_with_its_number_is_not_shared_from_a_mailbox(house: House, ada: str, bo: User, cy: User) -> None:
    erase(house, ada)
    house.sync_until_quiet()
    bo.makes("Augusta", under=["Customers"], phones=[NUMBER])
    house.sync_until_quiet()
    assert (bo.labels_on("Augusta"), cy.sees()) == (set(), ["Grace"])
    assert house.events("label.put_on")[-1]["reason"] == str(Suppressed())


def test_the_marks_of_the_erased_are_worth_nothing_without_the_key(house: House, ada: str) -> None:
    erase(house, ada)
    other = house.query("SELECT digest FROM suppressions ORDER BY digest")
    assert len(other) == 2
    assert all(len(digest) == 32 for (digest,) in other)


def test_an_erased_contact_is_found_and_put_into_groups_by_nobody(house: House, ada: str) -> None:
    erase(house, ada)
    with pytest.raises(NotFound):
        bulk.add(house.world.operation(OPERATOR), "Customers", [ada])
    with house.world.work(OPERATOR) as work:
        for act in (
            lambda: contact_cases.edit(work, ada, Card.parse(ADA)),
            lambda: erasure.erase(work, ada, "twice"),
        ):
            with pytest.raises(NotFound):
                act()


def test_a_legal_hold_forbids_the_erasure_until_it_ends(house: House, ada: str) -> None:
    with house.world.work(OPERATOR) as work:
        assert erasure.put_legal_hold(work, ada, "case 7")
        assert not erasure.put_legal_hold(work, ada, "case 7")
    with pytest.raises(Refused, match="legal hold"):
        erase(house, ada)
    with house.world.work(OPERATOR) as work:
        assert erasure.end_legal_hold(work, ada, "case 7 is over")
    erase(house, ada)
    told = [
        (action, reason)
        for action in ("contact.hold", "contact.unhold", "contact.erase")
        for reason in (house.events(action)[0]["reason"],)
    ]
    assert told == [("contact.hold", "case 7"), ("contact.unhold", "case 7 is over"), ("contact.erase", "asked for it")]


def test_an_erasure_without_a_reason_is_refused(house: House, ada: str) -> None:
    with pytest.raises(Refused, match="Say why"):
        erase(house, ada, "  ")
