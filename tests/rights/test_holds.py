"""Holds: so many removals or edits at once that someone decides about them, and all that may happen meanwhile.

`bo` is the one whose hands slip; `cy` may view, and must notice nothing until someone has decided.
"""

from datetime import timedelta
from itertools import count

import pytest

from sharesync.errors import InvalidInput
from sharesync.mailbox_pass import apply, decide
from sharesync.mailbox_pass.apply_session import Applying
from sharesync.model.waiting import HoldKind
from sharesync.store.database import work
from sharesync.sync.decisions import Decision
from tests.beginnings import begin
from tests.rights.desk import Desk, Waits, delete_many, edit_many, fill, many, settle, unlabel_many
from tests.scenarios.test_crash import Death, dying_at_commit
from tests.users import User
from tests.worlds import LEASE, PULL, House

THREE = ["Ada", "Grace", "Linus"]
"""The smallest group that is held when all of it goes."""


def hold_three(house: House, bo: User) -> None:
    """Customers with three contacts, all of which bo has just deleted; one more group that nothing happens to."""

    def first() -> None:
        house.share("Customers", *THREE, bo="delete", cy="view")
        house.share("Partners", "Dennis", bo="edit", cy="view")
        house.sync()
        bo.deletes(*THREE)
        assert bo.pass_over().tally.held == 3

    begin(house, "three held", by=first)


def share_many(house: House, size: int, level: str, **levels: str) -> None:
    """Customers of this size, which bo has at this level."""

    def first() -> None:
        fill(house, "Customers", many(size), bo=level, **levels)
        house.sync()

    begin(house, "many", size, level, *levels, by=first)


# --- How many are too many. ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("size", "removed"),
    [(50, 5), (100, 10), (7, 5), (2, 2)],
    ids=["5 of 50", "10 of 100, the tenth part", "5 of 7", "both of 2"],
)
def test_so_many_removals_pass(house: House, desk: Desk, bo: User, size: int, removed: int) -> None:
    share_many(house, size, "delete")
    delete_many(bo, many(size)[:removed])
    report = bo.pass_over()
    assert (report.tally.accepted, report.tally.held, desk.holds()) == (removed, 0, [])
    assert house.contacts() == many(size)[removed:]


@pytest.mark.parametrize(
    ("size", "removed"),
    [(50, 6), (100, 11), (7, 6), (3, 3)],
    ids=["6 of 50", "11 of 100", "6 of 7", "all of 3"],
)
def test_one_removal_more_and_all_of_them_are_held(house: House, desk: Desk, bo: User, size: int, removed: int) -> None:
    share_many(house, size, "delete")
    delete_many(bo, many(size)[:removed])
    report = bo.pass_over()
    assert (report.outcome.value, report.tally.accepted, report.tally.held) == ("held", 0, removed)
    assert desk.holds() == [Waits(HoldKind.REMOVAL, "bo", "Customers", many(size)[:removed])]
    assert (house.contacts(), desk.in_trash(), bo.sees()) == (many(size), [], many(size)[removed:])


def test_labels_taken_off_count_like_deletions_and_together_with_them(house: House, desk: Desk, bo: User) -> None:
    fill(house, "Customers", many(50), bo="delete", cy="view")
    house.sync()
    unlabel_many(bo, "Customers", many(50)[:3])
    delete_many(bo, many(50)[3:6])
    assert bo.pass_over().tally.held == 6
    settle(house, held=["bo"])
    assert desk.holds() == [Waits(HoldKind.REMOVAL, "bo", "Customers", many(50)[:6])]
    assert house.contacts() == house.users["cy"].sees("Customers") == many(50)
    assert bo.sees("Customers") == many(50)[6:]


@pytest.mark.parametrize(
    ("size", "edited", "held"),
    [(30, 20, 0), (30, 21, 21), (100, 25, 0), (100, 26, 26)],
    ids=["20 of 30 pass", "21 of 30 are held", "25 of 100 pass", "26 of 100 are held"],
)
def test_edits_are_held_above_twenty_and_a_quarter(
    house: House, desk: Desk, bo: User, size: int, edited: int, held: int
) -> None:
    share_many(house, size, "edit")
    edit_many(bo, many(size)[:edited], note="all alike")
    report = bo.pass_over()
    assert (report.tally.held, report.tally.accepted) == (held, edited - held)
    assert desk.holds() == ([Waits(HoldKind.EDIT, "bo", "Customers", many(size)[:edited])] if held else [])
    assert house.stored("Customer001").note == ("" if held else "all alike")
    assert bo.shows("Customer001").note == "all alike"


@pytest.mark.parametrize("act", ["edit", "delete"])
def test_what_is_held_is_held_although_nothing_can_be_written_about_one(
    house: House, desk: Desk, bo: User, monkeypatch: pytest.MonkeyPatch, act: str
) -> None:
    share_many(house, 30, act)
    bad, apply_one = house.contact_id("Customer005"), apply._apply

    def fails(at: Applying, decision: Decision) -> None:
        apply_one(at, decision)
        if getattr(decision, "contact", None) == bad:
            raise KeyError(bad)

    if act == "edit":
        edit_many(bo, many(25), note="all alike")
    else:
        delete_many(bo, many(25))
    with monkeypatch.context() as patched:
        patched.setattr(apply, "_apply", fails)
        assert bo.pass_over().outcome.value == "attention"
    assert [one.names for one in desk.holds()] == [[name for name in many(25) if name != "Customer005"]]
    house.wait(hours=1)
    bo.pass_over()
    if act == "edit":  # one edit alone is none of many
        assert house.stored("Customer005").note == "all alike"
        assert {bo.shows(name).note for name in many(25)} == {"all alike"}
    else:
        assert [one.names for one in desk.holds()] == [many(25)]


def test_a_group_may_have_limits_of_its_own_and_the_others_keep_the_usual(house: House, desk: Desk, bo: User) -> None:
    for group in ("Customers", "Partners"):
        fill(house, group, many(8, group), bo="delete")
    desk.limit("Customers", 1, 0.0)
    house.sync()
    delete_many(bo, [*many(8, "Customers")[:2], *many(8, "Partners")[:2]])
    assert bo.pass_over().tally.held == 2
    assert [(one.group, len(one.names)) for one in desk.holds()] == [("Customers", 2)]
    assert (len(house.contacts("Customers")), len(house.contacts("Partners"))) == (8, 6)


def test_a_group_may_let_more_pass_and_still_holds_its_whole(house: House, desk: Desk, bo: User) -> None:
    fill(house, "Customers", many(8), bo="delete")
    desk.limit("Customers", 100, None)
    house.sync()
    delete_many(bo, many(8)[:7])
    assert (bo.pass_over().tally.held, house.contacts()) == (0, ["Customer008"])
    desk.limit("Customers", None, None)
    house.put("Customers", "Ada", "Grace")
    house.sync()
    delete_many(bo, ["Ada", "Grace", "Customer008"])
    assert bo.pass_over().tally.held == 3


@pytest.mark.parametrize(("count", "share"), [(-1, None), (None, 1.5), (None, -0.1)])
def test_limits_that_make_no_sense_are_refused(
    house: House, desk: Desk, count: int | None, share: float | None
) -> None:
    house.share("Customers")
    with pytest.raises(InvalidInput, match="0 or more"):
        desk.limit("Customers", count, share)


def test_each_group_is_counted_for_itself(house: House, desk: Desk, bo: User, cy: User) -> None:
    """Three of Partners go, all there are; the same three are few of Customers, and leave it at once."""
    fill(house, "Customers", many(8), bo="delete", cy="view")
    house.share("Partners", bo="delete", cy="view")
    house.add("Partners", *many(8)[:3])
    house.sync()
    delete_many(bo, many(8)[:3])
    bo.pass_over()
    assert desk.holds() == [Waits(HoldKind.REMOVAL, "bo", "Partners", many(8)[:3])]
    settle(house, held=["bo"])
    assert cy.sees("Customers") == many(8)[3:]
    assert cy.sees("Partners") == many(8)[:3]


def test_removals_by_someone_who_may_not_are_undone_however_many(house: House, desk: Desk, bo: User) -> None:
    fill(house, "Customers", many(12), bo="edit")
    house.sync()
    delete_many(bo, many(12)[:6])
    unlabel_many(bo, "Customers", many(12)[6:])
    report = bo.pass_over()
    assert (report.tally.held, report.tally.restored, report.tally.reverted) == (0, 6, 6)
    settle(house)
    assert (desk.holds(), bo.sees("Customers")) == ([], many(12))


# --- Seen in pieces. -------------------------------------------------------------------------------------------------


def test_an_act_that_is_seen_in_two_pieces_is_held_from_where_it_is_too_many(
    house: House, desk: Desk, bo: User
) -> None:
    """Three go, and at once three more: these wait. When they are decided on and time has passed, five more go."""
    share_many(house, 20, "delete")
    one, other, later = many(20)[:3], many(20)[3:6], many(20)[6:11]
    delete_many(bo, one)
    assert bo.pass_over(wait=timedelta(minutes=1)).tally.accepted == 3
    delete_many(bo, other)
    report = bo.pass_over(wait=timedelta(minutes=1))
    assert (report.tally.accepted, report.tally.held) == (0, 3)
    assert desk.holds() == [Waits(HoldKind.REMOVAL, "bo", "Customers", other)]
    assert (house.contacts(), desk.in_trash(), bo.sees()) == (many(20)[3:], one, many(20)[6:])
    desk.restore()
    settle(house)
    assert bo.sees() == many(20)[3:]
    house.wait(minutes=11)
    delete_many(bo, later)
    assert bo.pass_over().tally.accepted == 5
    assert (desk.holds(), house.contacts()) == ([], [*other, *many(20)[11:]])


@pytest.mark.parametrize(("seconds", "held"), [(600, 1), (601, 0)], ids=["ten minutes", "a second more"])
def test_removals_count_together_for_ten_minutes(house: House, bo: User, seconds: int, held: int) -> None:
    share_many(house, 12, "delete")
    delete_many(bo, many(12)[:5])
    assert bo.pass_over().tally.accepted == 5
    delete_many(bo, many(12)[5:6])
    assert bo.pass_over(wait=timedelta(seconds=seconds)).tally.held == held


def test_the_rest_of_a_group_that_goes_one_by_one_is_held(house: House, desk: Desk, bo: User) -> None:
    house.share("Customers", *THREE, bo="delete", cy="view")
    house.sync()
    for name, accepted in zip(THREE, (1, 1, 0), strict=True):
        bo.deletes(name)
        assert bo.pass_over(wait=timedelta(minutes=1)).tally.accepted == accepted
    assert desk.holds() == [Waits(HoldKind.REMOVAL, "bo", "Customers", THREE[2:])]


def test_another_mailbox_and_another_group_are_counted_for_themselves(
    house: House, desk: Desk, bo: User, cy: User
) -> None:
    fill(house, "Customers", many(12), bo="delete", cy="delete")
    fill(house, "Partners", many(12, "Partner"), bo="delete")
    house.sync()
    for user, some in ((bo, many(12)[:5]), (cy, many(12)[5:10]), (bo, many(12, "Partner")[:5])):
        delete_many(user, some)
        assert user.pass_over(wait=timedelta(minutes=1)).tally.accepted == 5
    assert desk.holds() == []


def test_what_someone_applied_from_a_hold_does_not_count(house: House, desk: Desk, bo: User) -> None:
    share_many(house, 30, "delete")
    delete_many(bo, many(30)[:20])
    assert bo.pass_over().tally.held == 20
    desk.apply()
    delete_many(bo, many(30)[20:25])
    assert bo.pass_over(wait=timedelta(minutes=1)).tally.accepted == 5


def test_what_is_taken_out_in_the_web_page_does_not_count(house: House, desk: Desk, bo: User) -> None:
    share_many(house, 30, "delete")
    house.take("Customers", *many(30)[:20])
    house.sync()
    delete_many(bo, many(30)[20:25])
    assert bo.pass_over(wait=timedelta(minutes=1)).tally.accepted == 5


def test_what_was_put_back_does_not_count(house: House, desk: Desk, bo: User) -> None:
    share_many(house, 12, "delete")
    unlabel_many(bo, "Customers", many(12)[:5])
    assert bo.pass_over(wait=timedelta(minutes=1)).tally.accepted == 5
    house.add("Customers", *many(12)[:5])
    assert bo.pass_over(wait=timedelta(minutes=1)).tally.accepted == 0
    delete_many(bo, many(12)[5:10])
    assert bo.pass_over(wait=timedelta(minutes=1)).tally.accepted == 5


def test_removals_that_were_undone_do_not_count(house: House, desk: Desk, bo: User) -> None:
    fill(house, "Customers", many(12), bo="edit")
    house.sync()
    delete_many(bo, many(12)[:5])
    assert bo.pass_over(wait=timedelta(minutes=1)).tally.restored == 5
    house.share("Customers", bo="delete")
    delete_many(bo, many(12)[5:10])
    assert bo.pass_over(wait=timedelta(minutes=1)).tally.accepted == 5


# --- Together with the label. ----------------------------------------------------------------------------------------


def test_a_label_deleted_alone_is_no_hold_however_many_contacts_it_held(house: House, desk: Desk, bo: User) -> None:
    fill(house, "Customers", many(12), bo="manage")
    house.sync()
    bo.deletes_label("Customers")
    assert bo.pass_over().tally.held == 0
    settle(house)
    assert (bo.sees("Customers"), desk.holds()) == (many(12), [])


def test_one_contact_deleted_together_with_the_label_is_held_and_the_label_made_again_for_the_others(
    house: House, desk: Desk, bo: User
) -> None:
    house.share("Customers", *THREE, "Dennis", bo="delete", cy="view")
    house.sync()
    bo.deletes("Dennis")
    bo.deletes_label("Customers")
    assert bo.pass_over().tally.held == 1
    settle(house, held=["bo"])
    assert desk.holds() == [Waits(HoldKind.REMOVAL, "bo", "Customers", ["Dennis"])]
    assert (bo.sees("Customers"), len(house.contacts())) == (THREE, 4)


# --- Emptied. --------------------------------------------------------------------------------------------------------


def share_both(house: House, level: str) -> None:
    """Two groups, Ada in both."""

    def first() -> None:
        house.share("Customers", "Ada", "Grace", bo=level, cy="view")
        house.share("Partners", "Linus", bo=level, cy="view")
        house.add("Partners", "Ada")
        house.sync()

    begin(house, "both groups", level, by=first)


@pytest.mark.parametrize("level", ["view", "edit", "delete", "manage"])
def test_two_groups_emptied_at_once_are_one_hold_at_any_level(
    house: House, desk: Desk, bo: User, cy: User, level: str
) -> None:
    share_both(house, level)
    bo.makes("Mum")
    bo.deletes_label("Customers", with_contacts=True)
    bo.deletes_label("Partners", with_contacts=True)
    report = bo.pass_over()
    assert (report.outcome.value, report.tally.held, report.tally.restored) == ("held", 3, 0)
    settle(house, held=["bo"])
    assert desk.holds() == [Waits(HoldKind.EMPTIED, "bo", "", THREE)]
    assert (bo.sees(), cy.sees(), desk.in_trash()) == (["Mum"], THREE, [])
    desk.restore()
    settle(house)
    assert (bo.sees("Customers"), bo.sees("Partners")) == (["Ada", "Grace"], ["Ada", "Linus"])


@pytest.mark.parametrize("level", ["view", "edit"])
def test_applying_what_someone_emptied_who_may_not_delete_makes_it_again(
    house: House, desk: Desk, bo: User, level: str
) -> None:
    share_both(house, level)
    bo.deletes_label("Customers", with_contacts=True)
    bo.deletes_label("Partners", with_contacts=True)
    bo.pass_over()
    desk.apply()
    settle(house)
    assert (house.contacts(), bo.sees(), desk.in_trash()) == (THREE, THREE, [])


def test_applying_what_someone_emptied_who_may_delete_empties_the_groups_and_keeps_them(
    house: House, desk: Desk, bo: User, cy: User
) -> None:
    share_both(house, "delete")
    bo.deletes_label("Customers", with_contacts=True)
    bo.deletes_label("Partners", with_contacts=True)
    bo.pass_over()
    desk.apply()
    settle(house)
    assert (desk.in_trash(), cy.sees()) == (THREE, [])
    assert bo.labels() == cy.labels() == sorted(house.groups()) == ["Customers", "Partners"]


def test_what_else_is_too_many_is_held_beside_groups_that_were_emptied(
    house: House, desk: Desk, bo: User, cy: User
) -> None:
    share_both(house, "delete")
    fill(house, "Press", many(8), bo="delete", cy="view")
    house.sync()
    bo.deletes_label("Customers", with_contacts=True)
    bo.deletes_label("Partners", with_contacts=True)
    delete_many(bo, many(8)[:6])
    bo.pass_over()
    held = {(hold.kind, hold.group): hold.names for hold in desk.holds()}
    assert held == {(HoldKind.EMPTIED, ""): THREE, (HoldKind.REMOVAL, "Press"): many(8)[:6]}
    assert cy.sees("Press") == many(8)


@pytest.mark.parametrize("level", ["view", "delete"])
def test_a_mailbox_found_empty_and_still_empty_after_the_settle_time_is_one_hold(
    house: House, desk: Desk, bo: User, cy: User, level: str
) -> None:
    share_both(house, level)
    bo.deletes(*THREE)
    first = bo.pass_over(full=True)
    assert (first.outcome.value, first.tally.restored, first.tally.accepted, desk.holds()) == ("retry", 0, 0, [])
    house.wait(minutes=20)
    later = bo.pass_over(full=True)
    assert (later.outcome.value, later.tally.restored, later.tally.accepted) == ("held", 0, 0)
    assert [(one.kind, one.names) for one in desk.holds()] == [(HoldKind.EMPTIED, THREE)]
    assert (house.contacts(), cy.sees()) == (THREE, THREE)


def test_a_listing_that_is_empty_by_mistake_holds_nothing_up_for_long(house: House, desk: Desk, bo: User) -> None:
    share_both(house, "delete")
    house.fault("empty_list", "people.connections.list", "bo")
    assert bo.pass_over(full=True).outcome.value == "retry"
    house.wait(minutes=20)
    settle(house)
    assert (desk.holds(), desk.log(bo), bo.sees()) == ([], [], THREE)


# --- Meanwhile. ------------------------------------------------------------------------------------------------------


def test_what_is_held_is_neither_applied_nor_undone_and_sends_nothing(
    house: House, desk: Desk, bo: User, cy: User
) -> None:
    hold_three(house, bo)
    for _ in range(2):
        report = bo.pass_over()
        assert (report.outcome.value, report.calls, report.tally.held) == ("held", PULL, 0)
    settle(house, held=["bo"])
    assert (bo.sees("Customers"), cy.sees("Customers"), desk.in_trash()) == ([], THREE, [])
    assert house.state("bo") == ("held", "Waits for a decision: 3 contacts (`sharesync holds list`).")


def test_what_is_held_stays_held_over_a_full_listing(house: House, desk: Desk, bo: User) -> None:
    hold_three(house, bo)
    house.wait(days=8)
    assert bo.pass_over().outcome.value == "held"
    assert bo.pass_over(full=True).outcome.value == "held"
    assert (desk.holds()[0].names, bo.sees("Customers"), desk.in_trash()) == (THREE, [], [])


def test_the_rest_of_the_mailbox_goes_on(house: House, desk: Desk, bo: User, cy: User) -> None:
    house.share("Customers", *THREE, bo="delete", cy="view")
    house.share("Partners", "Dennis", bo="edit", cy="view")
    house.sync()
    bo.deletes(*THREE)
    bo.edits("Dennis", note="an ordinary edit in the same pass")
    bo.makes("Mum", under=["Partners"])
    report = bo.pass_over()
    assert (report.tally.held, report.tally.accepted) == (3, 2)
    house.put("Customers", "Barbara")
    settle(house, held=["bo"])
    assert cy.shows("Dennis").note == "an ordinary edit in the same pass"
    assert cy.sees("Partners") == ["Dennis", "Mum"]
    assert bo.sees("Customers") == ["Barbara"]


def test_a_hold_survives_a_restart_and_a_month(house: House, desk: Desk, bo: User) -> None:
    hold_three(house, bo)
    house.restart()
    house.wait(days=40)
    house.sync()
    assert desk.holds() == [Waits(HoldKind.REMOVAL, "bo", "Customers", THREE)]
    assert (house.contacts("Customers"), house.state("bo")[0]) == (THREE, "held")


def test_a_pass_that_dies_after_keeping_the_hold_keeps_it_once(house: House, desk: Desk, bo: User) -> None:
    """The tombstones are read again, because the sync token did not advance."""
    house.share("Customers", *THREE, bo="delete")
    house.share("Partners", "Dennis", bo="edit")
    house.sync()
    bo.deletes(*THREE)
    house.edit("Dennis", note="a push that fails")
    house.fault("status", "people.updateContact", "bo", status=503, times=None)
    assert bo.pass_over().outcome.value == "retry"
    house.workspace.faults.clear()
    house.wait(minutes=30)
    settle(house, held=["bo"])
    assert [one.names for one in desk.holds()] == [THREE]


def test_contacts_whose_removal_is_held_are_still_kept_up_to_date(house: House, desk: Desk, bo: User, cy: User) -> None:
    house.share("Customers", *THREE, bo="delete", cy="edit")
    house.sync()
    bo.takes("Customers", *THREE)
    assert bo.pass_over().tally.held == 3
    cy.edits("Ada", note="from cy")
    bo.edits("Grace", note="from bo, though it is held")
    settle(house, held=["bo"])
    assert bo.shows("Ada").note == house.stored("Ada").note == "from cy"
    assert cy.shows("Grace").note == "from bo, though it is held"
    assert (bo.sees("Customers"), desk.holds()[0].names) == ([], THREE)


def test_few_more_removals_join_the_hold_that_is_open(house: House, desk: Desk, bo: User, cy: User) -> None:
    share_many(house, 12, "delete", cy="view")
    delete_many(bo, many(12)[:6])
    bo.pass_over()
    delete_many(bo, many(12)[6:8])
    assert bo.pass_over().tally.held == 2
    settle(house, held=["bo"])
    assert desk.holds() == [Waits(HoldKind.REMOVAL, "bo", "Customers", many(12)[:8])]
    assert cy.sees() == many(12)


def test_many_more_removals_join_the_hold_that_is_open(house: House, desk: Desk, bo: User) -> None:
    share_many(house, 14, "delete")
    delete_many(bo, many(14)[:6])
    bo.pass_over()
    delete_many(bo, many(14)[6:12])
    bo.pass_over()
    assert desk.holds() == [Waits(HoldKind.REMOVAL, "bo", "Customers", many(14)[:12])]


def test_two_mailboxes_that_remove_the_same_have_a_hold_each(
    house: House, desk: Desk, bo: User, dag: User, cy: User
) -> None:
    house.share("Customers", *THREE, bo="delete", dag="delete", cy="view")
    house.sync()
    bo.deletes(*THREE)
    dag.takes("Customers", *THREE)
    settle(house, held=["bo", "dag"])
    assert [one.user for one in desk.holds()] == ["bo", "dag"]
    assert cy.sees("Customers") == THREE


def test_a_contact_removed_by_someone_else_meanwhile_needs_no_decision_any_more(
    house: House, desk: Desk, bo: User, cy: User
) -> None:
    hold_three(house, bo)
    desk.delete("Ada")
    settle(house, held=["bo"])
    assert (desk.holds()[0].names, desk.in_trash()) == (["Grace", "Linus"], ["Ada"])
    assert [one["outcome"] for one in house.events("hold.close")] == ["ok"]


def test_who_loses_the_group_meanwhile_has_nothing_waiting_any_more(
    house: House, desk: Desk, bo: User, cy: User
) -> None:
    hold_three(house, bo)
    house.revoke("Customers", "bo")
    settle(house)
    assert (desk.holds(), bo.labels(), cy.sees("Customers")) == ([], ["Partners"], THREE)


# --- Decided. --------------------------------------------------------------------------------------------------------


def test_applying_a_hold_removes_for_everyone_and_keeps_the_empty_label(
    house: House, desk: Desk, bo: User, cy: User
) -> None:
    hold_three(house, bo)
    desk.apply()
    settle(house)
    assert (desk.holds(), desk.in_trash()) == ([], THREE)
    assert (bo.sees(), cy.sees()) == (["Dennis"], ["Dennis"])
    assert bo.labels() == cy.labels() == ["Customers", "Partners"]


def test_restoring_a_hold_makes_the_contacts_again(house: House, desk: Desk, bo: User, cy: User) -> None:
    hold_three(house, bo)
    desk.restore()
    settle(house)
    assert (desk.holds(), desk.in_trash()) == ([], [])
    assert bo.sees("Customers") == cy.sees("Customers") == THREE


def test_restoring_labels_that_were_taken_off_puts_them_back_on_the_same_persons(
    house: House, desk: Desk, bo: User
) -> None:
    house.share("Customers", *THREE, bo="delete")
    house.sync()
    idents = {one["id"] for one in bo.hands.contacts()}
    bo.takes("Customers", *THREE)
    bo.pass_over()
    desk.restore()
    settle(house)
    assert (bo.sees("Customers"), {one["id"] for one in bo.hands.contacts()}) == (THREE, idents)


def test_applying_labels_that_were_taken_off_leaves_the_persons_to_who_took_them(
    house: House, desk: Desk, bo: User, cy: User
) -> None:
    house.share("Customers", *THREE, bo="delete", cy="view")
    house.sync()
    bo.takes("Customers", *THREE)
    bo.pass_over()
    desk.apply()
    bo.keeps |= set(THREE)
    settle(house)
    assert (bo.sees(), bo.sees("Customers"), cy.sees()) == (THREE, [], [])
    assert [bo.marks_on(name) for name in THREE] == [[], [], []]


def test_a_hold_is_decided_contact_by_contact(house: House, desk: Desk, bo: User, cy: User) -> None:
    hold_three(house, bo)
    desk.apply("Ada")
    settle(house, held=["bo"])
    assert (desk.holds()[0].names, cy.sees("Customers"), desk.in_trash()) == (
        ["Grace", "Linus"],
        ["Grace", "Linus"],
        ["Ada"],
    )
    desk.restore("Grace")
    settle(house, held=["bo"])
    assert (desk.holds()[0].names, bo.sees("Customers")) == (["Linus"], ["Grace"])
    desk.apply()
    settle(house)
    assert (desk.holds(), bo.sees("Customers"), cy.sees("Customers")) == ([], ["Grace"], ["Grace"])


def test_who_decides_about_a_group_decides_about_that_group_alone(house: House, desk: Desk, bo: User, cy: User) -> None:
    house.share("Customers", *THREE, bo="delete", cy="view")
    house.share("Partners", bo="delete", cy="view")
    house.add("Partners", *THREE)
    house.sync()
    bo.deletes(*THREE)
    bo.pass_over()
    assert [(hold.group, hold.names) for hold in desk.holds()] == [("Customers", THREE), ("Partners", THREE)]
    desk.apply(group="Customers")
    settle(house, held=["bo"])
    assert (cy.sees("Customers"), cy.sees("Partners"), desk.in_trash()) == ([], THREE, [])
    assert [hold.group for hold in desk.holds()] == ["Partners"]
    desk.restore(group="Partners")
    settle(house)
    assert (bo.sees("Customers"), bo.sees("Partners")) == ([], THREE)


def test_a_contact_that_does_not_wait_in_the_hold_is_not_decided_with_it(house: House, desk: Desk, bo: User) -> None:
    hold_three(house, bo)
    with pytest.raises(InvalidInput, match="does not wait in this hold"):
        desk.apply("Ada", "Dennis")
    assert (desk.holds()[0].names, desk.in_trash()) == (THREE, [])


def test_what_its_user_puts_back_needs_no_decision_any_more(house: House, desk: Desk, bo: User) -> None:
    house.share("Customers", *THREE, bo="delete")
    house.sync()
    bo.takes("Customers", *THREE)
    bo.pass_over()
    bo.puts("Customers", "Ada", "Grace")
    bo.pass_over()
    assert desk.holds()[0].names == ["Linus"]
    bo.puts("Customers", "Linus")
    settle(house)
    assert (desk.holds(), bo.sees("Customers")) == ([], THREE)


def test_what_its_user_takes_out_of_googles_trash_needs_no_decision_any_more(
    house: House, desk: Desk, bo: User
) -> None:
    hold_three(house, bo)
    for name in THREE:
        bo.undeletes(name)
    settle(house)
    assert (desk.holds(), bo.sees("Customers"), desk.in_trash()) == ([], THREE, [])
    assert len(house.versions("Ada")) == 1


def test_keeping_and_deciding_a_hold_is_logged(house: House, desk: Desk, bo: User) -> None:
    hold_three(house, bo)
    desk.apply("Ada")
    desk.restore()
    told = [(one["outcome"], one["mailbox_id"], one["group_id"]) for one in house.events("hold.keep")]
    assert told == [("held", bo.id, house.group_id("Customers"))]
    for action, outcome in (("hold.apply", "ok"), ("hold.restore", "restored")):
        told = [(one["outcome"], one["mailbox_id"], one["group_id"]) for one in house.events(action)]
        assert told == [(outcome, bo.id, house.group_id("Customers"))]
    (taken,) = house.events("group.take")
    assert (taken["contact_id"], taken["actor"]) == (house.contact_id("Ada"), "operator")


# --- Edits, decided. -------------------------------------------------------------------------------------------------

MANY = many(22)


@pytest.mark.parametrize("taken", [False, True], ids=["nobody decides", "they are taken"])
def test_edits_held_in_pieces_are_held_whole_wherever_the_pass_dies(
    house: House, desk: Desk, bo: User, monkeypatch: pytest.MonkeyPatch, taken: bool
) -> None:
    """What is not kept yet would always be held by itself: few enough to pass for an honest hand's it never is."""
    crowd = many(40)
    for module, name in ((decide, "PIECE"), (decide, "HELD_AT_ONCE"), (work, "PIECE")):
        monkeypatch.setattr(module, name, 6)
    fill(house, "Customers", crowd, bo="edit")
    house.sync()
    edit_many(bo, crowd, note="all alike")
    before = house.snapshot()
    for number in count(1):
        house.rewind(before)
        try:
            with dying_at_commit(house, number):
                bo.pass_over()
        except Death:
            waits = [name for one in desk.holds() for name in one.names]
        else:
            break
        if taken and waits:
            desk.apply()
        house.workspace.advance(LEASE.total_seconds())
        bo.pass_over()
        left = [name for name in crowd if name not in waits] if taken else crowd
        assert [one.names for one in desk.holds()] == ([left] if left else []), number
        assert [name for name in crowd if house.stored(name).note] == (waits if taken else []), number
    assert number > 12  # a claim, four pieces of the hold, seven of what was seen, the end
    assert bo.pass_over().outcome.value == "held"
    assert len(house.events("hold.keep")) == 4
    assert house.contacts("Customers") == crowd


def hold_edits(house: House, bo: User) -> None:
    """Twenty-two contacts, all edited by bo at once."""

    def first() -> None:
        fill(house, "Customers", MANY, bo="edit", cy="edit")
        house.sync()
        edit_many(bo, MANY, note="all alike", phones=["+45 1"])
        assert bo.pass_over().tally.held == 22

    begin(house, "edits held", by=first)


def test_a_mass_edit_stays_where_it_was_made_until_someone_decides(
    house: House, desk: Desk, bo: User, cy: User
) -> None:
    hold_edits(house, bo)
    settle(house, held=["bo"])
    assert (bo.shows("Customer001").note, cy.shows("Customer001").note) == ("all alike", "")
    assert desk.holds() == [Waits(HoldKind.EDIT, "bo", "Customers", MANY)]
    assert house.versions("Customer001") == [cy.shows("Customer001")]


def test_applying_a_mass_edit_makes_versions_and_keeps_what_others_changed_meanwhile(
    house: House, desk: Desk, bo: User, cy: User
) -> None:
    hold_edits(house, bo)
    cy.edits("Customer001", job=("Analytical Engines", "Countess"))
    house.sync()
    desk.apply()
    settle(house)
    assert (cy.shows("Customer001").note, cy.shows("Customer001").phones) == ("all alike", ("+45 1",))
    assert bo.shows("Customer001").job == ("Analytical Engines", "Countess")
    assert cy.shows("Customer022").note == "all alike"
    assert (len(house.versions("Customer001")), len(house.versions("Customer022"))) == (3, 2)


def test_restoring_a_mass_edit_undoes_it_and_keeps_what_was_typed(house: House, desk: Desk, bo: User, cy: User) -> None:
    hold_edits(house, bo)
    desk.apply("Customer001")
    desk.restore()
    settle(house)
    assert (cy.shows("Customer001").note, cy.shows("Customer002").note, bo.shows("Customer002").note) == (
        "all alike",
        "",
        "",
    )
    assert [one.note for one in house.versions("Customer002", "rejected")] == ["all alike"]


def test_a_later_edit_of_a_contact_whose_edit_is_held_is_not_lost(house: House, desk: Desk, bo: User, cy: User) -> None:
    hold_edits(house, bo)
    bo.edits("Customer001", note="better words")
    bo.edits("Customer002", family="Hopper")
    settle(house, held=["bo"])
    assert house.conflicts() == []
    desk.apply()
    settle(house)
    assert (cy.shows("Customer001").note, cy.shows("Customer001").phones) == ("better words", ("+45 1",))
    assert (cy.shows("Customer002").note, cy.shows("Customer002").family) == ("all alike", "Hopper")


def test_an_edit_taken_back_by_its_user_needs_no_decision_any_more(house: House, desk: Desk, bo: User) -> None:
    hold_edits(house, bo)
    house.wait(minutes=20)
    edit_many(bo, MANY[:21], note="", phones=[])
    bo.pass_over()
    assert [one.names for one in desk.holds()] == [["Customer022"]]
    desk.restore()
    settle(house)
    assert house.versions("Customer001") == [bo.shows("Customer001")]


def test_undo_changes_in_google_contacts_is_held_as_one_mass_edit(house: House, desk: Desk, bo: User, cy: User) -> None:
    fill(house, "Customers", MANY, bo="edit", cy="view")
    house.sync()
    house.wait(minutes=30)
    then = house.now()
    for name in MANY:
        house.edit(name, note="agreed with everyone")
    house.sync()
    house.wait(minutes=30)
    bo.hands.undo_changes(then + timedelta(minutes=1))
    assert bo.shows("Customer001").note == ""
    assert bo.pass_over().tally.held == 22
    settle(house, held=["bo"])
    assert desk.holds() == [Waits(HoldKind.EDIT, "bo", "Customers", MANY)]
    assert cy.shows("Customer001").note == house.stored("Customer001").note == "agreed with everyone"
    desk.restore()
    settle(house)
    assert bo.shows("Customer001").note == "agreed with everyone"


def test_undo_changes_to_before_the_first_fill_is_held_whole(house: House, desk: Desk, bo: User, cy: User) -> None:
    bo.makes("Mum")
    house.wait(minutes=1)
    then = house.now()
    house.share("Customers", *THREE, bo="delete", cy="view")
    house.sync()
    bo.hands.undo_changes(then)
    assert bo.sees() == ["Mum"]
    assert bo.pass_over().tally.held == 3
    settle(house, held=["bo"])
    assert (cy.sees(), desk.in_trash()) == (THREE, [])


def test_a_viewers_mass_edit_is_undone_and_not_held(house: House, desk: Desk, bo: User) -> None:
    fill(house, "Customers", MANY, bo="view")
    house.sync()
    edit_many(bo, MANY, note="all alike")
    report = bo.pass_over()
    assert (report.tally.held, report.tally.reverted, len(desk.proposals())) == (0, 22, 22)
    settle(house)
    assert bo.shows("Customer001").note == ""
