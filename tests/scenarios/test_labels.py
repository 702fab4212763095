"""What hands do with labels: put on, taken off, deleted, renamed; by level (`sharesync/sync/README.md`)."""

from datetime import timedelta

import pytest

from sharesync.mailbox_pass import apply
from sharesync.mailbox_pass.apply_session import Applying
from sharesync.sync.decisions import Decision
from tests.beginnings import begin_shared
from tests.users import User
from tests.worlds import House

EVERY_LEVEL = pytest.mark.parametrize("level", ["view", "edit", "delete", "manage"])


# --- Putting the label on a contact of their own. --------------------------------------------------------------------


@pytest.mark.parametrize("level", ["edit", "delete", "manage"])
def test_a_new_contact_in_a_label_becomes_shared(house: House, bo: User, cy: User, level: str) -> None:
    begin_shared(house, "Customers", "Ada", bo=level, cy="view")
    bo.makes("Grace", under=["Customers"], phones=["+45 33 12 34 56"])
    assert bo.pass_over().tally.accepted == 1
    house.sync_until_quiet()
    assert house.contacts("Customers") == cy.sees("Customers") == ["Ada", "Grace"]
    assert cy.shows("Grace").phones == ("+45 33 12 34 56",)
    assert (len(bo.sees()), len(bo.marks_on("Grace"))) == (2, 1)


def test_a_viewers_label_on_a_contact_of_their_own_is_taken_off_and_the_contact_untouched(
    house: House, cy: User
) -> None:
    begin_shared(house, "Customers", "Ada", bo="edit", cy="view")
    cy.makes("Mum", note="do not share")
    cy.puts("Customers", "Mum")
    cy.makes("Dad", under=["Customers"])
    assert cy.pass_over().tally.reverted == 2
    assert (cy.labels_on("Mum"), cy.labels_on("Dad")) == (set(), set())
    house.sync_until_quiet()
    assert house.contacts() == ["Ada"]
    assert cy.shows("Mum").note == "do not share"


def test_an_editors_own_contact_of_long_standing_is_shared_by_its_label(house: House, bo: User, cy: User) -> None:
    bo.makes("Mum", note="known for years")
    house.share("Customers", "Ada", bo="edit", cy="view")
    house.sync_until_quiet()
    bo.puts("Customers", "Mum")
    house.sync_until_quiet()
    assert cy.shows("Mum").note == "known for years"
    assert bo.sees() == ["Ada", "Mum"]


def test_a_new_contact_under_two_labels_is_one_contact_in_both_groups(house: House, bo: User, cy: User) -> None:
    house.share("Customers", bo="edit", cy="view")
    house.share("Partners", bo="manage", cy="view")
    house.sync_until_quiet()
    bo.makes("Grace", under=["Customers", "Partners"])
    house.sync_until_quiet()
    assert cy.labels_on("Grace") == {"Customers", "Partners"}
    assert house.contacts() == ["Grace"]


def test_a_new_contact_under_a_label_to_edit_and_one_to_view_goes_into_the_first_alone(
    house: House, bo: User, cy: User
) -> None:
    house.share("Customers", bo="edit", cy="view")
    house.share("Partners", bo="view", cy="view")
    house.sync_until_quiet()
    bo.makes("Grace", under=["Customers", "Partners"])
    house.sync_until_quiet()
    assert bo.labels_on("Grace") == cy.labels_on("Grace") == {"Customers"}


def test_an_empty_contact_under_the_label_is_not_shared(house: House, bo: User, cy: User) -> None:
    begin_shared(house, "Customers", "Ada", bo="edit", cy="view")
    label = next(one["id"] for one in bo.hands.labels())
    made = bo.hands.create({}, [label])
    bo.own[bo.find(made)["id"]] = bo.find(made)
    house.sync_until_quiet()
    assert house.contacts() == ["Ada"]
    assert cy.sees() == ["Ada"]


# --- Putting the label on a contact that is shared through another group. --------------------------------------------


@pytest.mark.parametrize(
    ("there", "here", "joins"),
    [
        ("edit", "edit", True),
        ("edit", "delete", True),
        ("manage", "edit", True),
        ("edit", "view", False),
        ("view", "edit", False),
        ("view", "view", False),
    ],
)
def test_the_label_on_a_contact_shared_through_another_group_takes_edit_on_both(
    house: House, bo: User, cy: User, there: str, here: str, joins: bool
) -> None:
    house.share("Customers", "Ada", bo=there, cy="view")
    house.share("Partners", "Linus", bo=here, cy="view")
    house.sync_until_quiet()
    bo.puts("Partners", "Ada")
    house.sync_until_quiet()
    assert house.contacts("Partners") == (["Ada", "Linus"] if joins else ["Linus"])
    assert bo.labels_on("Ada") == cy.labels_on("Ada") == ({"Customers", "Partners"} if joins else {"Customers"})


def test_dragging_a_contact_from_one_label_to_another_is_undone_as_a_whole_where_half_is_denied(
    house: House, bo: User
) -> None:
    house.share("Customers", "Ada", bo="delete")
    house.share("Partners", "Linus", bo="view")
    house.sync_until_quiet()
    bo.puts("Partners", "Ada")
    bo.takes("Customers", "Ada")
    house.sync_until_quiet()
    assert bo.labels_on("Ada") == {"Customers"}


def test_dragging_a_contact_from_one_label_to_another_moves_it_where_both_are_allowed(
    house: House, bo: User, cy: User
) -> None:
    house.share("Customers", "Ada", bo="delete", cy="view")
    house.share("Partners", "Linus", bo="edit", cy="view")
    house.sync_until_quiet()
    bo.puts("Partners", "Ada")
    bo.takes("Customers", "Ada")
    house.sync_until_quiet()
    assert bo.labels_on("Ada") == cy.labels_on("Ada") == {"Partners"}
    assert (house.contacts("Customers"), house.trash()) == ([], [])


# --- Taking the label off. -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("level", ["view", "edit"])
def test_a_label_taken_off_by_who_may_not_is_put_back(house: House, bo: User, level: str) -> None:
    begin_shared(house, "Customers", "Ada", "Grace", bo=level, cy="view")
    bo.takes("Customers", "Ada")
    assert bo.pass_over().tally.reverted == 1
    assert bo.sees("Customers") == ["Ada", "Grace"]
    house.sync_until_quiet()
    assert house.contacts("Customers") == ["Ada", "Grace"]


@pytest.mark.parametrize("level", ["delete", "manage"])
def test_a_label_taken_off_by_who_may_takes_the_contact_out_of_the_group_for_everyone(
    house: House, bo: User, cy: User, level: str
) -> None:
    begin_shared(house, "Customers", "Ada", "Grace", bo=level, cy="view")
    bo.takes("Customers", "Ada")
    bo.keeps = {"Ada"}
    house.sync_until_quiet()
    assert (house.contacts("Customers"), house.trash(), cy.sees()) == (["Grace"], ["Ada"], ["Grace"])
    assert bo.shows("Ada") == house.versions("Ada", "deleted")[0]
    assert bo.marks_on("Ada") == []


def test_a_label_taken_off_leaves_the_contact_under_the_others(house: House, bo: User, cy: User) -> None:
    house.share("Customers", "Ada", bo="delete", cy="view")
    house.share("Partners", bo="view", cy="view")
    house.add("Partners", "Ada")
    house.sync_until_quiet()
    bo.takes("Customers", "Ada")
    house.sync_until_quiet()
    assert bo.labels_on("Ada") == cy.labels_on("Ada") == {"Partners"}
    assert house.trash() == []


# --- Deleting and renaming it. ---------------------------------------------------------------------------------------


@EVERY_LEVEL
def test_a_label_deleted_with_its_contacts_kept_is_made_again_as_one_event(house: House, bo: User, level: str) -> None:
    begin_shared(house, "Customers", "Ada", "Grace", "Linus", bo=level, cy="view")
    before = house.tables()["events"]
    bo.deletes_label("Customers")
    bo.pass_over()
    house.sync_until_quiet()
    assert bo.sees("Customers") == house.contacts("Customers") == ["Ada", "Grace", "Linus"]
    assert len(house.events("label.delete")) == 1
    since = house.tables()["events"][len(before) :]
    assert [one["action"] for one in since if one["contact_id"]] == []


@pytest.mark.parametrize("level", ["view", "edit"])
def test_a_label_deleted_with_its_contacts_by_who_may_not_comes_back_whole(
    house: House, bo: User, cy: User, level: str
) -> None:
    begin_shared(house, "Customers", "Ada", "Grace", bo=level, cy="view")
    bo.deletes_label("Customers", with_contacts=True)
    house.sync_until_quiet()
    assert bo.sees("Customers") == cy.sees("Customers") == ["Ada", "Grace"]


@EVERY_LEVEL
def test_a_renamed_label_is_renamed_back(house: House, bo: User, level: str) -> None:
    begin_shared(house, "Customers", "Ada", bo=level, cy="view")
    bo.renames("Customers", "My customers")
    bo.pass_over()
    assert bo.labels() == ["Customers"]
    house.sync_until_quiet()
    assert house.groups().keys() == {"Customers"}


def test_a_renamed_group_renames_its_label_everywhere(house: House, bo: User, cy: User) -> None:
    begin_shared(house, "Customers", "Ada", bo="edit", cy="view")
    house.rename_group("Customers", "Clients")
    house.forget_calls()
    house.sync_until_quiet()
    assert bo.labels() == cy.labels() == ["Clients"]
    assert house.calls()["contactGroups.update"] == 2
    assert house.calls()["contactGroups.create"] == house.calls()["people.createContact"] == 0


def test_a_group_renamed_to_a_name_the_user_has_already_gets_the_next_name(house: House, bo: User) -> None:
    bo.makes_label("Clients")
    house.share("Customers", "Ada", bo="edit")
    house.sync_until_quiet()
    house.rename_group("Customers", "Clients")
    house.sync_until_quiet()
    assert bo.sees("Clients (shared)") == ["Ada"]
    assert bo.sees("Clients") == []


def test_two_groups_that_swap_their_names_swap_their_labels(house: House, bo: User) -> None:
    house.share("Customers", "Ada", bo="view")
    house.share("Partners", "Linus", bo="view")
    house.sync_until_quiet()
    house.rename_group("Customers", "Temporarily")
    house.rename_group("Partners", "Customers")
    house.rename_group("Temporarily", "Partners")
    house.sync_until_quiet()
    assert bo.labels() == ["Customers", "Partners"]
    assert bo.sees("Partners") == ["Ada"]


def test_a_user_who_takes_the_name_of_a_missing_label_does_not_stop_it(house: House, bo: User) -> None:
    begin_shared(house, "Customers", "Ada", bo="view")
    bo.deletes_label("Customers")
    bo.makes_label("Customers")
    house.sync_until_quiet()
    assert bo.sees("Customers (shared)") == ["Ada"]


def test_a_label_that_changed_between_reading_and_renaming_is_read_again(house: House, bo: User) -> None:
    begin_shared(house, "Customers", "Ada", bo="view")
    house.rename_group("Customers", "Clients")
    label = bo.hands.labels()[0]["id"]
    house.meanwhile(f"contactGroups/{label}", lambda: bo.renames("Customers", "Quick hands"))
    bo.pass_over()
    house.sync_until_quiet()
    assert bo.labels() == ["Clients"]


def test_a_label_that_vanishes_while_it_is_filled_is_made_again(house: House, bo: User) -> None:
    house.share("Customers", "Ada", bo="view")
    house.share("Partners", bo="view")
    house.sync_until_quiet()
    house.add("Partners", "Ada")
    house.meanwhile("members:modify", lambda: bo.deletes_label("Partners"))
    bo.pass_over()
    house.sync_until_quiet()
    assert bo.labels_on("Ada") == {"Customers", "Partners"}


def test_a_group_deleted_and_made_again_has_its_name_in_every_mailbox(house: House, bo: User, cy: User) -> None:
    begin_shared(house, "Customers", "Ada", bo="edit", cy="view")
    house.delete_group("Customers")
    house.share("Customers", "Grace", bo="edit", cy="view")
    house.sync_until_quiet()
    assert bo.labels() == cy.labels() == ["Customers"]
    assert bo.sees("Customers") == ["Grace"]


def test_a_group_renamed_to_the_name_of_one_just_deleted_has_it(house: House, bo: User) -> None:
    house.share("Customers", "Ada", bo="view")
    house.share("Clients", "Grace", bo="view")
    house.sync_until_quiet()
    house.delete_group("Customers")
    house.rename_group("Clients", "Customers")
    house.sync_until_quiet()
    assert bo.labels() == ["Customers"]


def test_a_label_takes_its_groups_name_once_the_users_own_label_is_gone(house: House, bo: User) -> None:
    bo.makes_label("Customers")
    house.share("Customers", "Ada", bo="view")
    house.sync_until_quiet()
    assert bo.labels() == ["Customers", "Customers (shared)"]
    bo.deletes_label("Customers")
    house.sync_until_quiet()
    assert bo.labels() == ["Customers"]
    assert bo.sees("Customers") == ["Ada"]


def test_a_label_keeps_its_suffix_in_peace_where_google_refuses_the_name(house: House, bo: User) -> None:
    begin_shared(house, "Friends", "Ada", bo="view")
    assert bo.sees(bo.labels()[0]) == ["Ada"]


def test_a_group_hidden_and_shown_again_is_told_as_nobodys_deletion(house: House, bo: User) -> None:
    house.share("Customers", "Ada", bo="edit")
    house.turn(label_lag=240.0)
    house.sync_until_quiet()
    house.revoke("Customers", "bo")
    bo.pass_over(wait=timedelta())
    house.grant("Customers", bo.email, "edit")
    house.wait(seconds=1)
    bo.pass_over(wait=timedelta())
    house.wait(minutes=10)
    house.sync_until_quiet()
    assert bo.sees("Customers") == ["Ada"]
    assert [one["outcome"] for one in house.events("label.delete")] == ["ok"]


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_label_whose_deletion_was_not_answered_is_no_deed_of_its_users(house: House, bo: User, when: str) -> None:
    begin_shared(house, "Customers", "Ada", bo="edit")
    house.revoke("Customers", "bo")
    house.fault("drop", "contactGroups.delete", "bo", when=when, times=9)
    bo.pass_over()
    house.workspace.faults.clear()
    house.grant("Customers", bo.email, "edit")
    house.sync_until_quiet()
    assert bo.sees("Customers") == ["Ada"]
    assert "restored" not in [one["outcome"] for one in house.events("label.delete")]
    bo.deletes_label("Customers")
    house.sync_until_quiet()
    assert [one["outcome"] for one in house.events("label.delete")][-1] == "restored"


def test_a_label_whose_making_was_not_answered_goes_when_access_ended_before_it_showed(house: House, bo: User) -> None:
    house.turn(label_lag=240.0)
    house.share("Customers", "Ada", bo="view")
    house.fault("drop", "contactGroups.create", "bo", when="after")
    bo.pass_over()
    house.revoke("Customers", "bo")
    bo.pass_over(wait=timedelta(seconds=1))
    house.wait(minutes=5)
    house.sync_until_quiet()
    assert [one for one in bo.labels() if one.startswith("Customers")] == []


def test_a_second_label_of_the_same_name_is_left_to_its_user_as_it_is(house: House, bo: User) -> None:
    """Google lets two labels have one name when changes are undone, but writes neither name once more."""
    house.share("Customers", "Ada", bo="view")
    house.sync_until_quiet()
    bo.makes("Mum", under=["Customers"])
    then = house.now()
    house.wait(minutes=5)
    bo.deletes_label("Customers")
    house.sync_until_quiet()
    bo.hands.undo_changes(then)
    house.sync_until_quiet()
    assert bo.labels() == ["Customers", "Customers"]
    assert bo.sees() == ["Ada", "Mum"]
    assert len(house.events("label.release")) == 1


def test_a_label_under_which_one_of_ours_was_put_unheard_is_not_left_to_its_user(
    house: House, bo: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An error of our own keeps what was read of her from being noted: nobody knows yet that she is under it."""
    house.share("Customers", "Ada", "Grace", bo="view")
    house.share("Partners", bo="view")
    house.sync_until_quiet()
    house.add("Partners", "Ada")
    house.fault("status", "contactGroups.members.modify", "bo", status=503, when="after", times=9)
    bo.pass_over()
    house.revoke("Partners", "bo")
    ada, apply_one = house.contact_id("Ada"), apply._apply

    def fails(at: Applying, decision: Decision) -> None:
        apply_one(at, decision)
        if getattr(decision, "contact", None) == ada:
            raise KeyError(ada)

    house.wait(hours=1)
    with monkeypatch.context() as patched:
        patched.setattr(apply, "_apply", fails)
        assert bo.pass_over().outcome.value == "attention"
    house.wait(hours=1)
    house.sync_until_quiet()
    assert bo.labels() == ["Customers"]
    house.revoke("Customers", "bo")
    house.sync_until_quiet()
    assert (bo.labels(), bo.sees()) == ([], [])
