"""The table of levels, cell by cell: what a hand in Google Contacts does, by what its owner may.

`bo` does it with the level of the cell, `cy` is the colleague who may view. Every cell looks at the store, at both
mailboxes, at what the change log says of bo, and at what was kept of what was undone; `settle` looks at the rest.
"""

from collections.abc import Sequence
from typing import Any

import pytest

from sharesync.model.waiting import HoldKind
from tests.beginnings import begin
from tests.rights.desk import Desk, Proposed, Waits, items, merge, settle
from tests.users import Shown, User
from tests.worlds import PULL, House

VIEW, EDIT, DELETE, MANAGE = "view", "edit", "delete", "manage"
ALL = (VIEW, EDIT, DELETE, MANAGE)


def by(*levels: str) -> Any:
    """A cell for each of these levels."""
    return pytest.mark.parametrize("level", [pytest.param(one, id=f"by someone who may {one}") for one in levels])


def share(house: House, level: str, *names: str) -> None:
    """Customers, shared with bo at this level and with cy, and filled everywhere."""

    def first() -> None:
        house.share("Customers", *names, bo=level, cy=VIEW)
        house.sync()

    begin(house, "customers", level, names, by=first)


# --- Edits a shared contact. -----------------------------------------------------------------------------------------


@by(VIEW)
def test_an_edit_is_undone_in_the_same_pass_and_kept_as_a_proposal(
    house: House, desk: Desk, bo: User, cy: User, level: str
) -> None:
    share(house, level, "Ada")
    before = house.stored("Ada")
    bo.edits("Ada", note="from bo", phones=["+45 33 12 34 56"])
    typed = bo.shows("Ada")
    assert bo.pass_over().tally.reverted == 1
    assert bo.shows("Ada") == house.stored("Ada") == before
    settle(house)
    assert cy.shows("Ada") == before
    assert (len(house.versions("Ada")), house.versions("Ada", "rejected")) == (1, [typed])
    assert desk.proposals() == [Proposed("Ada", "bo", before, typed)]
    assert desk.log(bo) == ["contact.update reverted Ada", "proposal.keep ok Ada"]


@by(EDIT, DELETE, MANAGE)
def test_an_edit_is_accepted_for_everyone(house: House, desk: Desk, bo: User, cy: User, level: str) -> None:
    share(house, level, "Ada")
    bo.edits("Ada", note="from bo", phones=["+45 33 12 34 56"])
    typed = bo.shows("Ada")
    assert bo.pass_over().tally.accepted == 1
    settle(house)
    assert house.stored("Ada") == bo.shows("Ada") == cy.shows("Ada") == typed
    assert (len(house.versions("Ada")), house.versions("Ada", "rejected"), desk.proposals()) == (2, [], [])
    assert desk.log(bo) == ["contact.update ok Ada"]


# --- Puts the label on a contact of their own, or makes a new one in it. ---------------------------------------------


@by(VIEW)
def test_the_label_is_taken_off_a_contact_of_their_own_and_nothing_else_is_touched(
    house: House, desk: Desk, bo: User, cy: User, level: str
) -> None:
    share(house, level, "Ada")
    bo.makes_label("Relatives")
    bo.makes("Mum", under=["Relatives"], note="hers alone")
    bo.puts("Customers", "Mum")
    assert bo.pass_over().tally.reverted == 1
    assert (bo.labels_on("Mum"), bo.shows("Mum").note) == ({"Relatives"}, "hers alone")
    settle(house)
    assert (house.contacts(), cy.sees(), bo.sees()) == (["Ada"], ["Ada"], ["Ada", "Mum"])
    assert desk.log(bo) == ["label.put_on reverted Customers"]


@by(EDIT, DELETE, MANAGE)
def test_a_contact_of_their_own_becomes_a_shared_one(house: House, desk: Desk, bo: User, cy: User, level: str) -> None:
    share(house, level, "Ada")
    bo.makes_label("Relatives")
    bo.makes("Mum", under=["Relatives"], note="for everyone")
    bo.puts("Customers", "Mum")
    assert bo.pass_over().tally.accepted == 1
    settle(house)
    assert house.contacts("Customers") == cy.sees("Customers") == bo.sees("Customers") == ["Ada", "Mum"]
    assert cy.shows("Mum").note == house.stored("Mum").note == "for everyone"
    assert (bo.sees(), bo.labels_on("Mum"), len(bo.marks_on("Mum"))) == (["Ada", "Mum"], {"Customers", "Relatives"}, 1)
    assert desk.log(bo) == ["contact.create ok Mum Customers", "group.add ok Mum Customers"]


@by(VIEW)
def test_a_new_contact_made_in_the_label_stays_their_own_without_it(
    house: House, desk: Desk, bo: User, cy: User, level: str
) -> None:
    share(house, level, "Ada")
    bo.makes("Dennis", under=["Customers"], phones=["+45 1"])
    assert bo.pass_over().tally.reverted == 1
    assert (bo.labels_on("Dennis"), bo.shows("Dennis").phones) == (set(), ("+45 1",))
    settle(house)
    assert (house.contacts(), cy.sees(), bo.sees()) == (["Ada"], ["Ada"], ["Ada", "Dennis"])
    assert desk.log(bo) == ["label.put_on reverted Customers"]


@by(EDIT, DELETE, MANAGE)
def test_a_new_contact_made_in_the_label_becomes_a_shared_one(
    house: House, desk: Desk, bo: User, cy: User, level: str
) -> None:
    share(house, level, "Ada")
    bo.makes("Dennis", under=["Customers"], phones=["+45 1"])
    assert bo.pass_over().tally.accepted == 1
    settle(house)
    assert house.contacts("Customers") == cy.sees("Customers") == bo.sees("Customers") == ["Ada", "Dennis"]
    assert cy.shows("Dennis").phones == ("+45 1",)
    assert desk.log(bo) == ["contact.create ok Dennis Customers", "group.add ok Dennis Customers"]


# --- Puts the label on a contact that is shared through another group. -----------------------------------------------


def share_two(house: House, here: str, there: str) -> None:
    """Ada in Partners, where bo has the level `here`; bo has the level `there` in Customers, and cy sees both."""

    def first() -> None:
        house.share("Partners", "Ada", "Linus", bo=here, cy=VIEW)
        house.share("Customers", "Grace", bo=there, cy=VIEW)
        house.sync()

    begin(house, "partners and customers", here, there, by=first)


@pytest.mark.parametrize(
    ("here", "there"),
    [
        pytest.param(here, there, id=f"by someone who may {there} in the group and {here} where it comes from")
        for here, there in [(EDIT, VIEW), (MANAGE, VIEW), (VIEW, VIEW)]
    ],
)
def test_the_label_is_taken_off_a_contact_of_another_group(
    house: House, desk: Desk, bo: User, cy: User, here: str, there: str
) -> None:
    share_two(house, here, there)
    bo.puts("Customers", "Ada")
    assert bo.pass_over().tally.reverted == 1
    assert bo.labels_on("Ada") == {"Partners"}
    settle(house)
    assert house.contacts("Customers") == cy.sees("Customers") == ["Grace"]
    assert desk.groups_of("Ada") == ("Partners",)
    assert desk.log(bo) == ["label.put_on reverted Ada Customers"]


@pytest.mark.parametrize(
    ("here", "there"),
    [
        pytest.param(here, there, id=f"by someone who may {there} in the group and {here} where it comes from")
        for here, there in [(EDIT, EDIT), (EDIT, DELETE), (EDIT, MANAGE), (MANAGE, EDIT)]
    ],
)
def test_a_contact_of_another_group_joins_for_everyone(
    house: House, desk: Desk, bo: User, cy: User, here: str, there: str
) -> None:
    share_two(house, here, there)
    bo.puts("Customers", "Ada")
    assert bo.pass_over().tally.accepted == 1
    settle(house)
    assert desk.groups_of("Ada") == ("Customers", "Partners")
    assert bo.labels_on("Ada") == cy.labels_on("Ada") == {"Customers", "Partners"}
    assert (cy.sees(), len(house.versions("Ada"))) == (["Ada", "Grace", "Linus"], 1)
    assert desk.log(bo) == ["group.add ok Ada Customers"]


@pytest.mark.parametrize(
    "there", [pytest.param(one, id=f"by someone who may {one} in the group") for one in (EDIT, DELETE, MANAGE)]
)
def test_nobody_gains_rights_on_a_contact_by_dragging_it_to_where_they_have_them(
    house: House, desk: Desk, bo: User, cy: User, there: str
) -> None:
    share_two(house, VIEW, there)
    bo.puts("Customers", "Ada")
    bo.edits("Ada", note="now I may, or may I?")
    assert bo.pass_over().tally.reverted == 1
    assert (bo.labels_on("Ada"), bo.shows("Ada").note) == ({"Partners"}, "")
    settle(house)
    assert (desk.groups_of("Ada"), house.stored("Ada").note, cy.labels_on("Ada")) == (("Partners",), "", {"Partners"})
    assert desk.log(bo) == [
        "contact.update reverted Ada", "label.put_on reverted Ada Customers", "proposal.keep ok Ada",
    ]  # fmt: skip


def test_a_contact_that_came_in_by_an_administrator_may_be_edited_through_its_new_group(
    house: House, bo: User, cy: User
) -> None:
    share_two(house, VIEW, EDIT)
    house.add("Customers", "Ada")
    house.sync()
    bo.edits("Ada", note="through Customers")
    bo.takes("Partners", "Ada")
    settle(house)
    assert cy.shows("Ada").note == "through Customers"
    assert bo.labels_on("Ada") == cy.labels_on("Ada") == {"Customers", "Partners"}


# --- Takes the label off. --------------------------------------------------------------------------------------------


@by(VIEW, EDIT)
def test_a_label_taken_off_is_put_back(house: House, desk: Desk, bo: User, cy: User, level: str) -> None:
    share(house, level, "Ada", "Grace")
    ident = bo.find("Ada")["id"]
    bo.takes("Customers", "Ada")
    assert bo.pass_over().tally.reverted == 1
    assert (bo.sees("Customers"), bo.find("Ada")["id"]) == (["Ada", "Grace"], ident)
    settle(house)
    assert house.contacts("Customers") == cy.sees("Customers") == ["Ada", "Grace"]
    assert desk.log(bo) == ["label.take_off reverted Ada Customers"]


@by(DELETE, MANAGE)
def test_a_contact_whose_label_is_taken_off_leaves_for_everyone_and_stays_with_who_took_it(
    house: House, desk: Desk, bo: User, cy: User, level: str
) -> None:
    share(house, level, "Ada", "Grace")
    bo.takes("Customers", "Ada")
    bo.keeps.add("Ada")
    assert bo.pass_over().tally.accepted == 1
    settle(house)
    assert house.contacts() == cy.sees() == bo.sees("Customers") == ["Grace"]
    assert (bo.sees(), bo.labels_on("Ada"), bo.marks_on("Ada")) == (["Ada", "Grace"], set(), [])
    assert bo.shows("Ada").emails == ("ada@customer.example",)
    assert (desk.in_trash(), len(house.versions("Ada", "deleted"))) == (["Ada"], 1)
    assert desk.log(bo) == ["contact.trash ok Ada", "group.take ok Ada Customers"]


@by(DELETE, MANAGE)
def test_a_contact_that_another_group_holds_loses_only_the_label_that_was_taken_off(
    house: House, desk: Desk, bo: User, cy: User, level: str
) -> None:
    house.share("Customers", "Ada", "Grace", bo=level, cy=VIEW)
    house.share("Partners", bo=VIEW, cy=VIEW)
    house.add("Partners", "Ada")
    house.sync()
    bo.takes("Customers", "Ada")
    settle(house)
    assert (desk.groups_of("Ada"), desk.in_trash()) == (("Partners",), [])
    assert bo.labels_on("Ada") == cy.labels_on("Ada") == {"Partners"}
    assert desk.log(bo) == ["group.take ok Ada Customers"]


# --- Deletes the contact. --------------------------------------------------------------------------------------------


@by(VIEW, EDIT)
def test_a_deleted_contact_is_made_again(house: House, desk: Desk, bo: User, cy: User, level: str) -> None:
    share(house, level, "Ada", "Grace")
    bo.deletes("Ada")
    report = bo.pass_over()
    assert (report.tally.restored, report.tally.created) == (1, 1)
    assert bo.sees("Customers") == bo.sees() == ["Ada", "Grace"]
    settle(house)
    assert house.contacts("Customers") == cy.sees("Customers") == ["Ada", "Grace"]
    assert (len(house.versions("Ada")), desk.in_trash()) == (1, [])
    assert desk.log(bo) == ["contact.delete restored Ada"]


@by(DELETE, MANAGE)
def test_a_deleted_contact_leaves_for_everyone_and_lies_in_the_trash(
    house: House, desk: Desk, bo: User, cy: User, level: str
) -> None:
    share(house, level, "Ada", "Grace")
    bo.deletes("Ada")
    assert bo.pass_over().tally.accepted == 1
    settle(house)
    assert house.contacts() == bo.sees() == cy.sees() == ["Grace"]
    assert (desk.in_trash(), len(house.versions("Ada", "deleted"))) == (["Ada"], 1)
    assert desk.log(bo) == ["contact.trash ok Ada", "group.take ok Ada Customers"]


@by(DELETE, MANAGE)
def test_a_deleted_contact_leaves_only_where_they_may_delete_and_is_made_again_for_the_rest(
    house: House, desk: Desk, bo: User, cy: User, level: str
) -> None:
    house.share("Customers", "Ada", "Grace", bo=level, cy=VIEW)
    for group, other in (("Partners", EDIT), ("Suppliers", VIEW), ("Press", DELETE)):
        house.share(group, bo=other, cy=VIEW)
        house.add(group, "Ada")
    house.sync()
    bo.deletes("Ada")
    settle(house)
    assert desk.groups_of("Ada") == ("Partners", "Suppliers")
    assert bo.labels_on("Ada") == cy.labels_on("Ada") == {"Partners", "Suppliers"}
    assert desk.log(bo) == [
        "contact.delete restored Ada", "group.take ok Ada Customers", "group.take ok Ada Press",
    ]  # fmt: skip


# --- Deletes the label, keeps the contacts. --------------------------------------------------------------------------


@by(*ALL)
def test_a_deleted_label_is_made_again_over_the_same_persons_as_one_event(
    house: House, desk: Desk, bo: User, cy: User, level: str
) -> None:
    share(house, level, "Ada", "Grace", "Linus", "Dennis")
    idents = {one["id"] for one in bo.hands.contacts()}
    bo.deletes_label("Customers")
    bo.pass_over()
    assert bo.sees("Customers") == ["Ada", "Dennis", "Grace", "Linus"]
    settle(house)
    assert {one["id"] for one in bo.hands.contacts()} == idents
    assert house.contacts("Customers") == cy.sees("Customers") == ["Ada", "Dennis", "Grace", "Linus"]
    assert (desk.log(bo), desk.holds()) == (["label.delete restored Customers"], [])


# --- Deletes the label with its contacts. ----------------------------------------------------------------------------


@by(VIEW, EDIT)
def test_a_label_deleted_with_its_contacts_is_made_again_with_all_of_them(
    house: House, desk: Desk, bo: User, cy: User, level: str
) -> None:
    share(house, level, "Ada", "Grace")
    bo.deletes_label("Customers", with_contacts=True)
    assert bo.pass_over().tally.restored == 2
    assert bo.sees("Customers") == bo.sees() == ["Ada", "Grace"]
    settle(house)
    assert (cy.sees("Customers"), desk.holds(), desk.in_trash()) == (["Ada", "Grace"], [], [])
    assert desk.log(bo) == [
        "contact.delete restored Ada", "contact.delete restored Grace", "label.delete restored Customers",
    ]  # fmt: skip


@pytest.mark.parametrize("names", [["Ada"], ["Ada", "Grace"]], ids=["a group of one", "a group of two"])
@by(DELETE, MANAGE)
def test_a_label_deleted_with_its_contacts_is_held_however_small_the_group(
    house: House, desk: Desk, bo: User, cy: User, level: str, names: Sequence[str]
) -> None:
    share(house, level, *names)
    bo.deletes_label("Customers", with_contacts=True)
    report = bo.pass_over()
    assert (report.outcome.value, report.tally.held) == ("held", len(names))
    settle(house, held=["bo"])
    assert house.contacts("Customers") == cy.sees("Customers") == names
    assert (bo.sees(), desk.in_trash()) == ([], [])
    assert desk.holds() == [Waits(HoldKind.REMOVAL, "bo", "Customers", list(names))]
    assert "hold.keep held Customers" in desk.log(bo)
    assert not [told for told in desk.log(bo) if told.startswith(("group.take", "contact."))]


# --- Renames the label. ----------------------------------------------------------------------------------------------


@by(*ALL)
def test_a_renamed_label_is_renamed_back(house: House, desk: Desk, bo: User, cy: User, level: str) -> None:
    share(house, level, "Ada")
    bo.renames("Customers", "Mine")
    bo.pass_over()
    assert bo.labels() == ["Customers"]
    settle(house)
    assert (sorted(house.groups()), cy.labels(), bo.sees("Customers")) == (["Customers"], ["Customers"], ["Ada"])
    assert [(one["mailbox_id"], one["outcome"]) for one in house.events("label.rename")] == [(bo.id, "ok")]


# --- Merges a shared contact with one of their own. ------------------------------------------------------------------


@pytest.mark.parametrize("survivor", ["Ada", "Ada (mine)"], ids=["the shared one survives", "their own survives"])
@by(*ALL)
def test_the_survivor_of_a_merge_is_linked_and_what_was_their_own_stays_here_only(
    house: House, desk: Desk, bo: User, cy: User, level: str, survivor: str
) -> None:
    share(house, level, "Ada")
    bo.makes("Ada (mine)", phones=["+45 99"], emails=["home@ada.example"])
    house.sync()
    merge(bo, survivor, *({"Ada", "Ada (mine)"} - {survivor}))
    bo.pass_over()
    settle(house, own=["bo"])
    (person,) = bo.hands.contacts()
    assert Shown.of(person["fields"]) == Shown(
        "Ada", emails=("ada@customer.example", "home@ada.example"), phones=("+45 99",)
    )
    assert (bo.sees("Customers"), len(bo.marks_on("Ada"))) == (["Ada"], 1)
    assert (house.contacts(), cy.sees(), len(house.versions("Ada"))) == (["Ada"], ["Ada"], 1)
    assert house.stored("Ada") == cy.shows("Ada") == Shown("Ada", emails=("ada@customer.example",))


# --- Merges two shared contacts. -------------------------------------------------------------------------------------


@by(*ALL)
def test_two_shared_contacts_that_were_merged_are_both_made_whole_again(
    house: House, desk: Desk, bo: User, cy: User, level: str
) -> None:
    share(house, level, "Ada", "Grace", "Linus")
    house.edit("Grace", phones=["+45 1"])
    house.sync()
    merge(bo, "Ada", "Grace")
    bo.pass_over()
    settle(house)
    assert bo.sees("Customers") == cy.sees("Customers") == house.contacts() == ["Ada", "Grace", "Linus"]
    assert (bo.shows("Ada"), bo.shows("Grace").phones) == (Shown("Ada", emails=("ada@customer.example",)), ("+45 1",))
    assert (len(house.versions("Ada")), len(house.versions("Grace")), desk.in_trash()) == (1, 2, [])
    assert [one.emails for one in house.versions("Ada", "rejected")] == [
        ("ada@customer.example", "grace@customer.example")
    ]
    assert items(house, "Ada", "phoneNumbers") == []


# --- Several groups at once, and moves. ------------------------------------------------------------------------------


def test_the_highest_level_of_all_ways_to_a_group_counts(house: House, desk: Desk, dag: User, cy: User) -> None:
    house.share("Customers", "Ada", "Grace", dag=VIEW, cy=VIEW)
    house.grant("Customers", "group:team@north.test", EDIT)  # cy and dag are in it
    house.grant("Customers", "ou:/Sales", DELETE)  # dag works there
    house.sync()
    dag.deletes("Ada")
    cy.deletes("Grace")
    settle(house)
    assert (house.contacts(), desk.in_trash()) == (["Grace"], ["Ada"])
    assert cy.sees() == ["Grace"]


def test_removal_is_judged_in_the_group_itself_not_by_the_best_level_anywhere(
    house: House, desk: Desk, bo: User, cy: User
) -> None:
    house.share("Customers", "Ada", "Grace", bo=EDIT, cy=VIEW)
    house.share("Partners", "Linus", bo=MANAGE, cy=VIEW)
    house.add("Partners", "Ada")
    house.sync()
    bo.takes("Customers", "Ada")
    settle(house)
    assert desk.groups_of("Ada") == ("Customers", "Partners")
    assert bo.labels_on("Ada") == cy.labels_on("Ada") == {"Customers", "Partners"}


@pytest.mark.parametrize(
    ("here", "there"),
    [
        pytest.param(EDIT, EDIT, id="who may not take it out of the first"),
        pytest.param(DELETE, VIEW, id="who may not put it into the second"),
        pytest.param(VIEW, MANAGE, id="who may do anything in the second and nothing in the first"),
    ],
)
def test_a_move_of_which_one_half_is_denied_is_undone_whole(
    house: House, desk: Desk, bo: User, cy: User, here: str, there: str
) -> None:
    share_two(house, here, there)
    bo.takes("Partners", "Ada")
    bo.puts("Customers", "Ada")
    assert bo.pass_over().tally.reverted == 1
    assert bo.labels_on("Ada") == {"Partners"}
    settle(house)
    assert (desk.groups_of("Ada"), cy.labels_on("Ada")) == (("Partners",), {"Partners"})
    assert desk.log(bo) == ["label.put_on reverted Ada Customers", "label.take_off reverted Ada Partners"]


def test_a_move_by_someone_who_may_do_both_is_accepted_whole(house: House, desk: Desk, bo: User, cy: User) -> None:
    share_two(house, DELETE, EDIT)
    bo.takes("Partners", "Ada")
    bo.puts("Customers", "Ada")
    assert bo.pass_over().tally.accepted == 1
    settle(house)
    assert (desk.groups_of("Ada"), desk.in_trash()) == (("Customers",), [])
    assert bo.labels_on("Ada") == cy.labels_on("Ada") == {"Customers"}
    assert desk.log(bo) == ["group.add ok Ada Customers", "group.take ok Ada Partners"]


def test_what_was_undone_is_an_echo_afterwards(house: House, desk: Desk, bo: User) -> None:
    share(house, VIEW, "Ada", "Grace")
    bo.edits("Ada", note="no")
    bo.deletes("Grace")
    bo.makes("Mum", under=["Customers"])
    bo.renames("Customers", "Mine")
    house.sync()
    told = desk.log(bo)
    settle(house)
    assert bo.pass_over().calls == PULL
    assert desk.log(bo) == told
