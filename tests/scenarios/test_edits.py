"""Edits: an editor's reach everyone, a viewer's are undone and kept; what clashes is merged or kept aside."""

import pytest

from sharesync.model.audit import ActorKind, By, Source
from sharesync.services import opt_out
from tests.beginnings import begin_shared
from tests.users import User
from tests.worlds import House


def test_an_edit_in_one_mailbox_reaches_the_others(house: House, bo: User, cy: User) -> None:
    begin_shared(house, "Customers", "Ada", "Grace", bo="edit", cy="view")
    bo.edits("Ada", family="King", phones=["+45 33 12 34 56"])
    assert bo.pass_over().tally.accepted == 1
    assert cy.pass_over().tally.updated == 1
    assert cy.shows("Ada") == bo.shows("Ada") == house.stored("Ada")
    assert (cy.shows("Ada").family, cy.shows("Ada").phones) == ("King", ("+45 33 12 34 56",))
    house.sync_until_quiet()
    assert len(house.versions("Ada")) == 2


def test_edits_travel_both_ways_one_after_the_other(house: House, bo: User, cy: User) -> None:
    begin_shared(house, "Customers", "Ada", bo="edit", cy="manage")
    bo.edits("Ada", note="from bo")
    house.sync_until_quiet()
    cy.edits("Ada", note="from cy")
    house.sync_until_quiet()
    assert bo.shows("Ada").note == "from cy"
    assert [one.note for one in house.versions("Ada")] == ["", "from bo", "from cy"]


def test_an_edit_in_the_store_reaches_every_mailbox_as_one_update_each(house: House, bo: User, cy: User) -> None:
    begin_shared(house, "Customers", "Ada", "Grace", bo="edit", cy="view")
    house.forget_calls()
    house.edit("Ada", job=("Analytical Engines", "Countess"))
    house.sync()
    assert bo.shows("Ada").job == cy.shows("Ada").job == ("Analytical Engines", "Countess")
    assert house.calls()["people.updateContact"] == 2
    house.sync_until_quiet()


def test_a_value_that_an_editor_clears_is_cleared_everywhere(house: House, bo: User, cy: User) -> None:
    house.share("Customers", "Ada", bo="edit", cy="view")
    house.edit("Ada", note="gone tomorrow", phones=["+45 1", "+45 2"])
    house.sync_until_quiet()
    bo.edits("Ada", note="", phones=["+45 2"])
    house.sync_until_quiet()
    assert (cy.shows("Ada").note, cy.shows("Ada").phones) == ("", ("+45 2",))


def test_an_edit_is_told_of_by_exactly_one_event_that_names_who_made_it(house: House, bo: User) -> None:
    begin_shared(house, "Customers", "Ada", bo="edit", cy="view")
    bo.edits("Ada", note="who wrote this?")
    house.sync_until_quiet()
    (event,) = house.events("contact.update")
    assert (event["actor"], event["outcome"], event["fields"]) == (bo.id, "ok", '["biographies"]')
    (told,) = house.events("person.update")
    assert told["mailbox_id"] == house.users["cy"].id


# --- Both sides changed. ---------------------------------------------------------------------------------------------


def test_different_fields_changed_in_two_mailboxes_are_both_kept(house: House, bo: User, cy: User, dag: User) -> None:
    begin_shared(house, "Customers", "Ada", bo="edit", cy="edit", dag="view")
    bo.edits("Ada", note="from bo")
    cy.edits("Ada", phones=["+45 33 12 34 56"])
    house.sync_until_quiet()
    assert house.conflicts() == []
    for user in (bo, cy, dag):
        assert (user.shows("Ada").note, user.shows("Ada").phones) == ("from bo", ("+45 33 12 34 56",))


def test_addresses_added_and_removed_in_two_mailboxes_are_merged_as_a_set(house: House, bo: User, cy: User) -> None:
    house.share("Customers", "Ada", bo="edit", cy="edit")
    house.edit("Ada", emails=["old@x.example", "both@x.example"])
    house.sync_until_quiet()
    bo.edits("Ada", emails=["old@x.example", "both@x.example", "bo@x.example"])
    cy.edits("Ada", emails=["both@x.example", "cy@x.example"])
    house.sync_until_quiet()
    assert bo.shows("Ada").emails == cy.shows("Ada").emails == ("bo@x.example", "both@x.example", "cy@x.example")
    assert house.conflicts() == []


def test_one_field_changed_in_two_mailboxes_is_a_conflict_that_ends_equal_everywhere(
    house: House, bo: User, cy: User
) -> None:
    begin_shared(house, "Customers", "Ada", bo="edit", cy="edit")
    bo.edits("Ada", note="bo was first")
    cy.edits("Ada", note="cy was second")
    assert house.sync_until_quiet() <= 3
    assert bo.shows("Ada").note == cy.shows("Ada").note == house.stored("Ada").note == "bo was first"
    assert house.conflicts() == [("Ada", "cy", "biographies")]
    assert len(house.versions("Ada")) == 2


def test_the_same_edit_made_in_two_mailboxes_is_one_edit(house: House, bo: User, cy: User) -> None:
    begin_shared(house, "Customers", "Ada", bo="edit", cy="edit")
    bo.edits("Ada", note="the same words")
    cy.edits("Ada", note="the same words")
    house.forget_calls()
    house.sync_until_quiet()
    assert house.conflicts() == []
    assert len(house.versions("Ada")) == 2
    assert house.calls()["people.updateContact"] == 0


def test_a_conflict_over_one_field_does_not_hold_up_the_others(house: House, bo: User, cy: User) -> None:
    begin_shared(house, "Customers", "Ada", bo="edit", cy="edit")
    bo.edits("Ada", note="bo was first")
    cy.edits("Ada", note="cy was second", phones=["+45 33 12 34 56"])
    house.sync_until_quiet()
    assert (bo.shows("Ada").note, bo.shows("Ada").phones) == ("bo was first", ("+45 33 12 34 56",))


def test_an_edit_in_the_store_and_one_not_yet_read_are_merged(house: House, bo: User) -> None:
    begin_shared(house, "Customers", "Ada", bo="edit")
    bo.edits("Ada", phones=["+45 33 12 34 56"])
    house.edit("Ada", note="from the web page")
    house.sync_until_quiet()
    assert (bo.shows("Ada").note, bo.shows("Ada").phones) == ("from the web page", ("+45 33 12 34 56",))


def test_an_edit_made_while_our_write_is_on_its_way_is_not_lost(house: House, bo: User) -> None:
    begin_shared(house, "Customers", "Ada", bo="edit")
    house.edit("Ada", note="from the web page")
    house.meanwhile("updateContact", lambda: bo.edits("Ada", phones=["+45 33 12 34 56"]))
    bo.pass_over()
    house.sync_until_quiet()
    assert (house.stored("Ada").note, house.stored("Ada").phones) == ("from the web page", ("+45 33 12 34 56",))


def test_an_edit_back_to_the_old_value_is_believed_once_a_stale_read_is_ruled_out(
    house: House, bo: User, cy: User
) -> None:
    house.share("Customers", "Ada", bo="edit", cy="edit")
    house.edit("Ada", note="old")
    house.sync_until_quiet()
    cy.edits("Ada", note="new")
    cy.pass_over()
    bo.pass_over()
    assert bo.shows("Ada").note == "new"
    bo.edits("Ada", note="old")
    assert bo.pass_over().tally.accepted == 0
    house.sync_until_quiet()
    assert cy.shows("Ada").note == "old"


# --- Who may only view. ----------------------------------------------------------------------------------------------


def test_a_viewers_edit_is_undone_in_the_same_pass_and_kept(house: House, bo: User, cy: User) -> None:
    house.share("Customers", "Ada", bo="edit", cy="view")
    house.edit("Ada", note="as it should be")
    house.sync_until_quiet()
    cy.edits("Ada", note="as cy would have it", phones=["+45 99"])
    report = cy.pass_over()
    assert report.tally.reverted == 1
    assert cy.shows("Ada") == house.stored("Ada")
    assert house.stored("Ada").note == "as it should be"
    (rejected,) = house.versions("Ada", "rejected")
    assert (rejected.note, rejected.phones) == ("as cy would have it", ("+45 99",))
    (event,) = [one for one in house.events("contact.update") if one["outcome"] == "reverted"]
    assert event["actor"] == cy.id
    house.sync_until_quiet()
    assert len(house.versions("Ada", "rejected")) == 1


@pytest.mark.parametrize(
    "edit",
    [
        {"family": "Vandal"},
        {"given": "Someone else"},
        {"emails": []},
        {"emails": ["other@x.example"]},
        {"note": ""},
        {"birthday": (1815, 12, 10)},
    ],
    ids=["adds a name", "changes the name", "clears the addresses", "changes them", "clears the notes", "adds a day"],
)
def test_whatever_a_viewer_changes_is_put_right(house: House, cy: User, edit: dict[str, object]) -> None:
    house.share("Customers", "Ada", "Grace", bo="edit", cy="view")
    house.edit("Ada", note="as it should be")
    house.sync_until_quiet()
    before = house.stored("Ada")
    cy.edits("Ada", **edit)  # type: ignore[arg-type]  # one keyword each
    cy.pass_over()
    assert cy.shows("Ada") == house.stored("Ada") == before
    house.sync_until_quiet()


def test_a_viewers_edit_meets_an_editors_edit_and_the_editors_stands(house: House, bo: User, cy: User) -> None:
    begin_shared(house, "Customers", "Ada", bo="edit", cy="view")
    bo.edits("Ada", note="from bo")
    cy.edits("Ada", phones=["+45 99"])
    house.sync_until_quiet()
    assert (cy.shows("Ada").note, cy.shows("Ada").phones) == ("from bo", ())
    assert [one.phones for one in house.versions("Ada", "rejected")] == [("+45 99",)]


def test_the_highest_level_in_any_group_that_holds_the_contact_counts_for_an_edit(
    house: House, bo: User, cy: User
) -> None:
    house.share("Customers", "Ada", bo="view", cy="view")
    house.share("Partners", bo="edit")
    house.add("Partners", "Ada")
    house.sync_until_quiet()
    bo.edits("Ada", note="allowed through Partners")
    cy.edits("Ada", note="not allowed at all")
    house.sync_until_quiet()
    assert house.stored("Ada").note == "allowed through Partners"


def test_a_group_that_its_user_hid_takes_no_right_from_them_on_what_another_group_shows(
    house: House, bo: User, cy: User
) -> None:
    house.share("Customers", "Ada", "Grace", bo="view", cy="view")
    house.share("Partners", bo="edit", cy="edit")
    house.add("Partners", "Ada")
    house.sync_until_quiet()
    bo.edits("Ada", note="typed before bo hid Partners")
    hide(bo, "Partners")
    bo.pass_over()
    assert (bo.labels(), bo.sees()) == (["Customers"], ["Ada", "Grace"])
    bo.edits("Ada", phones=["+45 33 12 34 56"])
    bo.edits("Grace", note="no right to this one")
    bo.pass_over()
    cy.pass_over()
    assert (cy.shows("Ada").note, cy.shows("Ada").phones) == ("typed before bo hid Partners", ("+45 33 12 34 56",))
    assert (bo.shows("Grace").note, len(house.events("proposal.keep"))) == ("", 1)
    house.revoke("Partners", "bo")
    bo.edits("Ada", note="no right to this one, either")
    bo.pass_over()
    assert bo.shows("Ada").note == "typed before bo hid Partners"


def hide(user: User, group: str) -> None:
    """Take a group out of one's own Google Contacts, as the web page does."""
    with user.house.world.work(By(ActorKind.USER, user.id, Source.WEB)) as work:
        opt_out.decline(work, group)


def test_an_edit_is_judged_by_the_level_at_the_time_it_is_read(house: House, bo: User, cy: User) -> None:
    begin_shared(house, "Customers", "Ada", bo="edit", cy="view")
    bo.edits("Ada", note="too late")
    cy.edits("Ada", phones=["+45 33 12 34 56"])
    house.grant("Customers", bo.email, "view")
    house.grant("Customers", cy.email, "edit")
    house.sync_until_quiet()
    assert (house.stored("Ada").note, house.stored("Ada").phones) == ("", ("+45 33 12 34 56",))


# --- The order of things means nothing. ------------------------------------------------------------------------------


@pytest.mark.parametrize("order", [list, lambda names: names[::-1], lambda names: names[2:] + names[:2]])
def test_the_order_in_which_mailboxes_are_passed_over_does_not_matter(house: House, order: object) -> None:
    begin_shared(house, "Customers", "Ada", "Grace", "Linus", bo="edit", cy="delete", dag="view", eva="edit")
    bo, cy, dag, eva = (house.users[name] for name in ("bo", "cy", "dag", "eva"))
    bo.edits("Ada", note="from bo")
    eva.edits("Ada", phones=["+45 33 12 34 56"])
    cy.deletes("Grace")
    dag.edits("Linus", note="not allowed")
    bo.makes("Dennis", under=["Customers"])
    house.sync_until_quiet(order=order)  # type: ignore[arg-type]  # a parameter is an object to mypy
    assert dag.sees("Customers") == ["Ada", "Dennis", "Linus"]
    assert (dag.shows("Ada").note, dag.shows("Ada").phones) == ("from bo", ("+45 33 12 34 56",))
    assert dag.shows("Linus").note == ""
