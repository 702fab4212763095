"""Deletions: who may delete, deletes for everyone and can be undone; who may not, gets it back."""

import pytest

from tests.beginnings import begin_shared
from tests.users import User
from tests.worlds import House


@pytest.mark.parametrize("level", ["view", "edit"])
def test_a_contact_deleted_by_who_may_not_is_made_again(house: House, bo: User, cy: User, level: str) -> None:
    house.share("Customers", "Ada", "Grace", bo=level, cy="view")
    house.edit("Ada", note="not so easily lost")
    house.sync_until_quiet()
    bo.deletes("Ada")
    report = bo.pass_over()
    assert (report.tally.restored, report.tally.created) == (1, 1)
    assert bo.shows("Ada").note == "not so easily lost"
    house.sync_until_quiet()
    assert cy.sees("Customers") == ["Ada", "Grace"]
    (event,) = house.events("contact.delete")
    assert (event["outcome"], event["actor"]) == ("restored", bo.id)


@pytest.mark.parametrize("level", ["delete", "manage"])
def test_a_contact_deleted_by_who_may_leaves_the_group_for_everyone_and_lies_in_the_trash(
    house: House, bo: User, cy: User, level: str
) -> None:
    house.share("Customers", "Ada", "Grace", bo=level, cy="edit")
    house.edit("Ada", note="what it was before")
    house.sync_until_quiet()
    bo.deletes("Ada")
    assert bo.pass_over().tally.accepted == 1
    house.sync_until_quiet()
    assert bo.sees() == cy.sees() == house.contacts("Customers") == ["Grace"]
    assert house.trash() == ["Ada"]
    assert [one.note for one in house.versions("Ada", "deleted")] == ["what it was before"]


def test_a_deleted_contact_leaves_only_the_groups_where_that_is_allowed(house: House, bo: User, cy: User) -> None:
    house.share("Customers", "Ada", bo="delete", cy="view")
    house.share("Partners", bo="edit", cy="view")
    house.add("Partners", "Ada")
    house.sync_until_quiet()
    bo.deletes("Ada")
    house.sync_until_quiet()
    assert bo.labels_on("Ada") == cy.labels_on("Ada") == {"Partners"}
    assert house.trash() == []


def test_a_contact_deleted_by_who_may_in_every_group_leaves_them_all(house: House, bo: User, cy: User) -> None:
    house.share("Customers", "Ada", bo="delete", cy="view")
    house.share("Partners", "Linus", bo="manage", cy="view")
    house.add("Partners", "Ada")
    house.sync_until_quiet()
    bo.deletes("Ada")
    house.sync_until_quiet()
    assert (cy.sees(), house.trash()) == (["Linus"], ["Ada"])


def test_an_adopted_contact_of_another_stays_theirs_when_someone_deletes_the_shared_one(
    house: House, bo: User, cy: User
) -> None:
    cy.makes("Ada")
    house.share("Customers", "Ada", "Grace", bo="delete", cy="view")
    house.sync_until_quiet()
    bo.deletes("Ada")
    house.sync_until_quiet()
    assert cy.sees() == ["Ada", "Grace"]
    assert (cy.labels_on("Ada"), cy.marks_on("Ada")) == (set(), [])


def test_a_contact_that_its_giver_deletes_without_the_right_to_is_made_again(house: House, bo: User, cy: User) -> None:
    begin_shared(house, "Customers", "Ada", bo="edit", cy="view")
    bo.makes("Grace", under=["Customers"])
    house.sync_until_quiet()
    bo.deletes("Grace")
    house.sync_until_quiet()
    assert bo.sees("Customers") == cy.sees("Customers") == ["Ada", "Grace"]


def test_deleting_and_restoring_from_googles_trash_before_anyone_looked_is_no_change(house: House, bo: User) -> None:
    begin_shared(house, "Customers", "Ada", bo="delete", cy="view")
    bo.deletes("Ada")
    bo.undeletes("Ada")
    house.sync_until_quiet()
    assert house.contacts("Customers") == ["Ada"]
    assert len(house.versions("Ada")) == 1


def test_a_contact_taken_back_from_googles_trash_under_its_label_comes_back_for_everyone(
    house: House, bo: User, cy: User
) -> None:
    begin_shared(house, "Customers", "Ada", "Grace", bo="delete", cy="view")
    bo.deletes("Ada")
    house.sync_until_quiet()
    assert cy.sees() == ["Grace"]
    bo.undeletes("Ada")
    house.sync_until_quiet()
    assert cy.sees("Customers") == bo.sees("Customers") == ["Ada", "Grace"]
    assert house.trash() == []


def test_a_contact_of_a_users_own_that_came_back_from_googles_trash_is_theirs_when_sharing_ends(
    house: House, bo: User, cy: User
) -> None:
    bo.makes("Ada")
    house.share("Customers", "Ada", "Grace", bo="delete", cy="view")
    house.sync_until_quiet()
    bo.deletes("Ada")
    house.sync_until_quiet()
    bo.undeletes("Ada")
    house.sync_until_quiet()
    assert cy.sees("Customers") == bo.sees("Customers") == ["Ada", "Grace"]
    house.revoke("Customers", "bo")
    house.sync_until_quiet()
    assert (bo.sees(), bo.marks_on("Ada")) == (["Ada"], [])


def test_a_contact_that_a_viewer_takes_back_from_googles_trash_is_theirs_alone(
    house: House, bo: User, cy: User
) -> None:
    begin_shared(house, "Customers", "Ada", "Grace", bo="delete", cy="view")
    house.take("Customers", "Ada")
    house.sync_until_quiet()
    assert cy.trash() == ["Ada"]
    cy.undeletes("Ada")
    cy.keeps = {"Ada"}
    house.sync_until_quiet()
    assert (cy.labels_on("Ada"), cy.marks_on("Ada"), house.trash()) == (set(), [], ["Ada"])


def test_a_restored_contact_meets_the_one_we_made_again_and_one_remains(house: House, cy: User) -> None:
    begin_shared(house, "Customers", "Ada", bo="edit", cy="view")
    cy.deletes("Ada")
    cy.pass_over()
    cy.undeletes("Ada")
    assert cy.sees() == ["Ada", "Ada"]
    house.sync_until_quiet()
    assert cy.sees() == ["Ada"]


# --- An edit wins over a deletion where neither side had seen the other. ---------------------------------------------


@pytest.mark.parametrize("read_first", ["edit", "deletion"])
def test_an_edit_wins_over_a_deletion_that_had_not_seen_it(house: House, bo: User, cy: User, read_first: str) -> None:
    begin_shared(house, "Customers", "Ada", "Grace", bo="delete", cy="edit")
    cy.edits("Ada", note="still needed")
    bo.deletes("Ada")
    (cy if read_first == "edit" else bo).pass_over()
    house.sync_until_quiet()
    assert bo.sees("Customers") == cy.sees("Customers") == ["Ada", "Grace"]
    assert bo.shows("Ada").note == "still needed"
    assert bool(house.events("contact.delete")) or read_first == "deletion"


def test_a_deletion_that_had_seen_the_edit_wins(house: House, bo: User, cy: User) -> None:
    begin_shared(house, "Customers", "Ada", "Grace", bo="delete", cy="edit")
    cy.edits("Ada", note="still needed?")
    house.sync_until_quiet()
    bo.deletes("Ada")
    house.sync_until_quiet()
    assert (bo.sees(), cy.sees(), house.trash()) == (["Grace"], ["Grace"], ["Ada"])


# --- Merging in Google Contacts. -------------------------------------------------------------------------------------


def test_merging_a_shared_contact_into_one_of_the_users_own_keeps_what_was_theirs(
    house: House, bo: User, cy: User
) -> None:
    bo.makes("Ada Byron", phones=["+45 11 11 11 11"])
    house.share("Customers", "Ada", bo="edit", cy="view")
    house.sync_until_quiet()
    own, shared = bo.find("Ada Byron")["resourceName"], bo.find("Ada")
    bo.gone.add(bo.find("Ada Byron")["id"])
    bo.hands.merge([shared["resourceName"], own])
    house.sync_until_quiet(but=["bo"])
    assert bo.sees() == ["Ada"]
    assert bo.shows("Ada").phones == ("+45 11 11 11 11",)
    assert bo.labels_on("Ada") == {"Customers"}
    assert cy.shows("Ada").phones == house.stored("Ada").phones == ()


def test_two_shared_contacts_merged_in_google_are_both_made_whole_again(house: House, bo: User, cy: User) -> None:
    begin_shared(house, "Customers", "Ada", "Grace", bo="edit", cy="view")
    bo.hands.merge([bo.find("Ada")["resourceName"], bo.find("Grace")["resourceName"]])
    house.sync_until_quiet()
    assert bo.sees("Customers") == cy.sees("Customers") == ["Ada", "Grace"]
