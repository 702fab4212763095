"""Trash and versions: what left its last group comes back with its groups, what was typed comes back as a version."""

import pytest

from sharesync.errors import InvalidInput, NotFound
from sharesync.model.audit import OPERATOR
from sharesync.services import bulk
from tests.beginnings import begin
from tests.rights.desk import Desk, settle
from tests.users import Shown, User
from tests.worlds import House

ADA = Shown("Ada", emails=("ada@customer.example",))


@pytest.fixture
def shared(house: House) -> House:
    """Ada and Grace are customers, Ada and Linus partners; bo may delete, cy may edit, dag may view."""

    def first() -> None:
        house.share("Customers", "Ada", "Grace", bo="delete", cy="edit", dag="view")
        house.share("Partners", "Linus", bo="delete", cy="edit", dag="view")
        house.add("Partners", "Ada")
        house.sync()

    begin(house, "trash", by=first)
    return house


# --- Trash. ----------------------------------------------------------------------------------------------------------


def test_a_contact_comes_back_from_the_trash_with_all_its_groups_and_values(
    shared: House, desk: Desk, bo: User, cy: User, dag: User
) -> None:
    cy.edits("Ada", note="kept")
    settle(shared)
    bo.deletes("Ada")
    settle(shared)
    assert (desk.in_trash(), cy.sees(), dag.sees()) == (["Ada"], ["Grace", "Linus"], ["Grace", "Linus"])
    desk.bring_back("Ada")
    settle(shared)
    assert (desk.in_trash(), desk.groups_of("Ada")) == ([], ("Customers", "Partners"))
    for user in (bo, cy, dag):
        assert (user.shows("Ada").note, user.labels_on("Ada")) == ("kept", {"Customers", "Partners"})
    assert (len(shared.versions("Ada")), len(shared.versions("Ada", "deleted"))) == (2, 1)
    assert [one["actor"] for one in shared.events("contact.restore")] == ["operator"]


def test_a_contact_comes_back_to_the_group_it_left_last(shared: House, desk: Desk, bo: User) -> None:
    bo.takes("Customers", "Ada")
    settle(shared)
    desk.delete("Ada")
    settle(shared)
    desk.bring_back("Ada")
    settle(shared)
    assert (desk.groups_of("Ada"), bo.labels_on("Ada")) == (("Partners",), {"Partners"})


def test_the_copy_of_who_took_it_out_is_taken_up_again_and_not_doubled(shared: House, desk: Desk, bo: User) -> None:
    bo.takes("Customers", "Ada")
    bo.takes("Partners", "Ada")
    bo.keeps.add("Ada")
    settle(shared)
    ident = bo.find("Ada")["id"]
    bo.keeps.clear()
    desk.bring_back("Ada")
    settle(shared)
    assert (bo.sees(), bo.find("Ada")["id"]) == (["Ada", "Grace", "Linus"], ident)
    assert bo.labels_on("Ada") == {"Customers", "Partners"}


def test_a_group_deleted_meanwhile_is_left_out(shared: House, desk: Desk) -> None:
    desk.delete("Ada")
    shared.delete_group("Partners")
    desk.bring_back("Ada")
    settle(shared)
    assert desk.groups_of("Ada") == ("Customers",)


def test_a_contact_whose_groups_are_all_gone_is_put_into_another_instead(shared: House, desk: Desk) -> None:
    desk.delete("Ada")
    for group in ("Customers", "Partners"):
        shared.delete_group(group)
    with pytest.raises(InvalidInput, match="put it into another"):
        desk.bring_back("Ada")
    shared.share("Press", bo="view")
    shared.add("Press", "Ada")
    settle(shared)
    assert (desk.in_trash(), shared.users["bo"].sees("Press")) == (["Grace", "Linus"], ["Ada"])


def test_who_is_put_into_a_group_out_of_the_trash_is_told_to_be_back(shared: House, desk: Desk) -> None:
    desk.delete("Ada")
    bulk.add(shared.world.operation(OPERATOR), "Partners", [shared.contact_id("Ada"), shared.contact_id("Grace")])
    assert [one["contact_id"] for one in shared.events("contact.restore")] == [shared.contact_id("Ada")]


def test_what_is_not_in_the_trash_cannot_be_brought_back(shared: House, desk: Desk) -> None:
    with pytest.raises(InvalidInput, match="not in the trash"):
        desk.bring_back("Ada")


def test_the_trash_ends_after_thirty_days_and_the_history_stays(shared: House, desk: Desk) -> None:
    desk.delete("Ada")
    shared.wait(days=29, hours=23)
    assert (desk.purge(), desk.in_trash()) == (0, ["Ada"])
    shared.wait(hours=2)
    assert (desk.purge(), desk.purge(), desk.in_trash()) == (1, 0, [])
    with pytest.raises(InvalidInput, match="over"):
        desk.bring_back("Ada")
    assert shared.versions("Ada") == shared.versions("Ada", "deleted") == [ADA]
    assert [one["contact_id"] for one in shared.events("contact.purge")] == [shared.contact_id("Ada")]


def test_googles_trash_brings_nothing_back_for_everyone_once_ours_has_ended(
    shared: House, desk: Desk, bo: User, dag: User
) -> None:
    bo.deletes("Ada")
    settle(shared)
    shared.wait(days=20)
    assert desk.purge(days=10) == 1
    bo.undeletes("Ada")
    bo.keeps.add("Ada")
    settle(shared)
    assert (bo.labels_on("Ada"), bo.marks_on("Ada"), dag.sees()) == (set(), [], ["Grace", "Linus"])


def test_a_viewer_who_takes_a_contact_out_of_googles_trash_keeps_it_without_label_and_mark(
    shared: House, desk: Desk, dag: User, bo: User
) -> None:
    desk.delete("Ada")
    settle(shared)
    dag.undeletes("Ada")
    dag.keeps.add("Ada")
    settle(shared)
    assert (dag.labels_on("Ada"), dag.marks_on("Ada"), dag.shows("Ada").emails) == (set(), [], ADA.emails)
    assert (desk.in_trash(), bo.sees()) == (["Ada"], ["Grace", "Linus"])


def test_an_editor_who_takes_a_contact_out_of_googles_trash_brings_it_back_as_the_store_knows_it(
    shared: House, desk: Desk, cy: User, bo: User, dag: User
) -> None:
    desk.delete("Ada")
    settle(shared)
    cy.undeletes("Ada")
    settle(shared)
    assert (desk.in_trash(), desk.groups_of("Ada")) == ([], ("Customers", "Partners"))
    assert bo.shows("Ada") == dag.shows("Ada") == ADA
    assert [one["actor"] for one in shared.events("contact.restore")] == [cy.id]


# --- An edit wins over a deletion. -----------------------------------------------------------------------------------


ORDERS = pytest.mark.parametrize(
    "order", [["bo", "cy"], ["cy", "bo"]], ids=["the removal is read first", "the edit is read first"]
)


@ORDERS
def test_an_edit_wins_over_a_deletion_that_had_not_seen_it_in_either_order(
    shared: House, desk: Desk, bo: User, cy: User, dag: User, order: list[str]
) -> None:
    bo.deletes("Ada")
    cy.edits("Ada", note="I still need her")
    for name in order:
        shared.pass_over(name)
    settle(shared)
    assert (desk.in_trash(), desk.groups_of("Ada")) == ([], ("Customers", "Partners"))
    for user in (bo, cy, dag):
        assert (user.shows("Ada").note, user.labels_on("Ada")) == ("I still need her", {"Customers", "Partners"})
    told = {(one["action"], one["actor"]) for one in shared.tables()["events"]}
    assert ("contact.update", cy.id) in told
    assert {action for action, actor in told if actor == bo.id} & {"contact.delete", "contact.trash"}


@ORDERS
def test_an_edit_wins_over_the_last_label_taken_off_by_someone_who_had_not_seen_it_in_either_order(
    shared: House, desk: Desk, bo: User, cy: User, dag: User, order: list[str]
) -> None:
    bo.takes("Customers", "Ada")
    bo.takes("Partners", "Ada")
    cy.edits("Ada", note="I still need her")
    for name in order:
        shared.pass_over(name)
    if order[0] == "bo":
        bo.keeps.add("Ada")  # the copy was theirs before anyone said that the contact is needed
    settle(shared)
    assert (desk.in_trash(), desk.groups_of("Ada")) == ([], ("Customers", "Partners"))
    assert cy.shows("Ada").note == dag.shows("Ada").note == "I still need her"


def test_an_edit_in_the_web_wins_over_a_deletion_that_had_not_seen_it(shared: House, desk: Desk, bo: User) -> None:
    bo.deletes("Ada")
    shared.edit("Ada", note="from the web page")
    settle(shared)
    assert (desk.in_trash(), bo.shows("Ada").note) == ([], "from the web page")


def test_a_deletion_that_had_seen_the_edit_stands(shared: House, desk: Desk, bo: User, cy: User) -> None:
    cy.edits("Ada", note="seen by bo")
    settle(shared)
    bo.deletes("Ada")
    settle(shared)
    assert (desk.in_trash(), cy.sees()) == (["Ada"], ["Grace", "Linus"])


# --- Versions. -------------------------------------------------------------------------------------------------------


def test_any_version_comes_back_as_a_new_one_everywhere(shared: House, desk: Desk, bo: User, cy: User) -> None:
    for note in ("second", "third"):
        cy.edits("Ada", note=note)
        settle(shared)
    desk.return_to("Ada", 2)
    settle(shared)
    assert bo.shows("Ada").note == cy.shows("Ada").note == "second"
    assert [one.note for one in shared.versions("Ada")] == ["", "second", "third", "second"]
    desk.return_to("Ada", 4)
    assert len(shared.versions("Ada")) == 4


def test_a_version_that_never_was_is_refused(shared: House, desk: Desk) -> None:
    with pytest.raises(NotFound, match="version"):
        desk.return_to("Ada", 7)


def test_a_rejected_edit_is_no_version_to_return_to(shared: House, desk: Desk, dag: User) -> None:
    dag.edits("Ada", note="by a viewer")
    settle(shared)
    with pytest.raises(NotFound, match="version"):
        desk.return_to("Ada", 2)
    desk.return_to("Ada", 1)
    assert shared.versions("Ada") == [ADA]
