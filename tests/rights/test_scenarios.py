"""The eighteen things that must never go wrong, by name: where each is tested, and those that are told only here.

Elsewhere means `tests/scenarios` (one mailbox and its wire) or the other modules of this folder (what levels allow).
"""

from pathlib import Path

import pytest

from sharesync.model.waiting import HoldKind
from tests.rights.desk import Desk, Waits, delete_many, fill, many, settle
from tests.users import Shown, User
from tests.worlds import House

TESTS = Path(__file__).parents[1]
EIGHTEEN = {
    "create timed out but succeeded": (
        "scenarios/test_writing.py",
        "test_a_create_whose_answer_was_lost_makes_one_person_only",
    ),
    "appears only after a second create was sent": (
        "scenarios/test_writing.py",
        "test_a_lost_create_that_shows_only_after_the_settle_time_leaves_one_person",
    ),
    "crash between Google's 200 and ours": (
        "scenarios/test_crash.py",
        "test_dying_at_any_request_ends_as_if_nothing_had_happened",
    ),
    "one invalid contact in 200": (
        "scenarios/test_writing.py",
        "test_one_contact_that_google_refuses_is_set_aside_and_all_others_arrive",
    ),
    "pull returns the value from before our push": (
        "scenarios/test_reading.py",
        "test_a_full_listing_older_than_our_write_undoes_nothing",
    ),
    "token expires between two pages": (
        "scenarios/test_reading.py",
        "test_a_listing_that_expires_between_two_pages_begins_again",
    ),
    "list comes back empty with 200": (
        "rights/test_holds.py",
        "test_a_listing_that_is_empty_by_mistake_holds_nothing_up_for_long",
    ),
    "viewer edits": (
        "rights/test_table.py",
        "test_an_edit_is_undone_in_the_same_pass_and_kept_as_a_proposal",
    ),
    "field A in Google while field B in the web": (
        "scenarios/test_edits.py",
        "test_an_edit_in_the_store_and_one_not_yet_read_are_merged",
    ),
    "one field in two mailboxes at once": (
        "scenarios/test_edits.py",
        "test_one_field_changed_in_two_mailboxes_is_a_conflict_that_ends_equal_everywhere",
    ),
    "delete by someone who may not": (
        "rights/test_table.py",
        "test_a_deleted_contact_is_made_again",
    ),
    "delete against edit": (
        "rights/test_trash.py",
        "test_an_edit_wins_over_a_deletion_that_had_not_seen_it_in_either_order",
    ),
    "60 of 100 deleted": (
        "rights/test_scenarios.py",
        "test_sixty_of_a_hundred_deleted_wait_and_the_rest_goes_on",
    ),
    "label deleted, contacts kept": (
        "rights/test_table.py",
        "test_a_deleted_label_is_made_again_over_the_same_persons_as_one_event",
    ),
    "label renamed while the user makes an own label of that name": (
        "rights/test_scenarios.py",
        "test_a_label_renamed_while_the_user_makes_one_of_its_name_stays_beside_it",
    ),
    "revoke after the user added a private number and a star": (
        "rights/test_scenarios.py",
        "test_a_private_number_and_a_star_outlive_the_grant",
    ),
    "personal contact with equal content adopted and later released": (
        "rights/test_scenarios.py",
        "test_an_own_contact_is_adopted_kept_up_to_date_and_given_back",
    ),
    "merge of a shared with a personal contact": (
        "rights/test_table.py",
        "test_the_survivor_of_a_merge_is_linked_and_what_was_their_own_stays_here_only",
    ),
}
"""By what happens: the module below `tests` and the test."""


@pytest.mark.parametrize("told", EIGHTEEN)
def test_each_of_the_eighteen_has_its_test(told: str) -> None:
    module, name = EIGHTEEN[told]
    assert f"\ndef {name}(" in (TESTS / module).read_text()


def test_sixty_of_a_hundred_deleted_wait_and_the_rest_goes_on(house: House, desk: Desk, bo: User, cy: User) -> None:
    fill(house, "Customers", many(100), bo="delete", cy="view")
    house.sync()
    delete_many(bo, many(100)[:60])
    bo.edits("Customer100", note="an ordinary edit in the same pass")
    report = bo.pass_over()
    assert (report.tally.held, report.tally.accepted) == (60, 1)
    settle(house, held=["bo"])
    assert desk.holds() == [Waits(HoldKind.REMOVAL, "bo", "Customers", many(100)[:60])]
    assert (len(cy.sees("Customers")), len(bo.sees("Customers")), desk.in_trash()) == (100, 40, [])
    assert cy.shows("Customer100").note == "an ordinary edit in the same pass"
    desk.restore()
    settle(house)
    assert bo.sees("Customers") == many(100)


def test_a_label_renamed_while_the_user_makes_one_of_its_name_stays_beside_it(
    house: House, desk: Desk, bo: User
) -> None:
    house.share("Customers", "Ada", bo="manage", cy="view")
    house.sync()
    bo.renames("Customers", "Mine")
    bo.makes_label("Customers")
    bo.makes("Mum", under=["Customers"])
    settle(house)
    assert bo.labels() == ["Customers", "Customers (shared)"]
    assert (bo.sees("Customers"), bo.sees("Customers (shared)"), house.contacts()) == (["Mum"], ["Ada"], ["Ada"])
    assert sorted(house.groups()) == ["Customers"]


def test_a_private_number_and_a_star_outlive_the_grant(house: House, bo: User, cy: User) -> None:
    house.share("Customers", "Ada", "Grace", bo="view", cy="view")
    house.sync()
    bo.edits("Ada", phones=["+45 99"])
    bo.stars("Ada")
    house.revoke("Customers", "bo")
    bo.keeps.add("Ada")
    settle(house)
    assert (bo.sees(), bo.shows("Ada")) == (["Ada"], Shown("Ada", phones=("+45 99",)))
    assert ("starred" in bo.find("Ada")["labels"], bo.marks_on("Ada"), bo.labels()) == (True, [], [])
    assert (house.stored("Ada").phones, cy.shows("Ada").phones) == ((), ())


def test_an_own_contact_is_adopted_kept_up_to_date_and_given_back(house: House, bo: User, cy: User) -> None:
    bo.makes("Ada")
    ident = bo.find("Ada")["id"]
    house.share("Customers", "Ada", "Grace", bo="view", cy="edit")
    settle(house)
    cy.edits("Ada", note="from cy")
    settle(house)
    assert (bo.find("Ada")["id"], bo.shows("Ada").note, bo.labels_on("Ada")) == (ident, "from cy", {"Customers"})
    house.revoke("Customers", "bo")
    bo.own.clear()
    bo.keeps.add("Ada")
    settle(house)
    assert (bo.find("Ada")["id"], bo.sees(), bo.shows("Ada").emails) == (ident, ["Ada"], ("ada@customer.example",))
    assert (bo.labels_on("Ada"), bo.marks_on("Ada")) == (set(), [])
