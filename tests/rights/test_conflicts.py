"""Conflicts: two people gave one value different words; the store's stands, the other is kept to be chosen."""

import pytest

from sharesync.errors import InvalidInput, NotFound
from tests.beginnings import begin
from tests.rights.desk import Desk, items, settle
from tests.users import User
from tests.worlds import House


def clash(house: House, **values: object) -> None:
    """Ada, whom bo and cy edit at once: bo's edit is read first, so it stands. `values` go to cy's edit alone."""

    def first() -> None:
        house.share("Customers", "Ada", bo="edit", cy="edit", dag="view")
        house.sync()
        house.users["bo"].edits("Ada", note="from bo")
        house.users["cy"].edits("Ada", note="from cy", **values)  # type: ignore[arg-type]  # a case names words of Values alone
        settle(house)

    begin(house, "clash", repr(values), by=first)


def everywhere(house: House) -> set[str]:
    """Ada's note wherever it stands."""
    return {house.stored("Ada").note, *(house.users[name].shows("Ada").note for name in ("bo", "cy", "dag"))}


def test_both_values_are_kept_with_who_and_what(house: House, desk: Desk) -> None:
    clash(house)
    conflict = desk.conflict()
    assert (conflict.mailbox, conflict.contact, conflict.field) == (
        house.address("cy"), house.contact_id("Ada"), "biographies",
    )  # fmt: skip
    assert ([one["value"] for one in conflict.store], [one["value"] for one in conflict.other]) == (
        ["from bo"], ["from cy"],
    )  # fmt: skip
    assert everywhere(house) == {"from bo"}
    (told,) = house.events("conflict.keep")
    assert (told["actor"], told["fields"]) == (house.users["cy"].id, '["biographies"]')


def test_decided_for_the_store_nothing_is_sent(house: House, desk: Desk) -> None:
    clash(house)
    house.forget_calls()
    desk.settle("store")
    assert settle(house) == 1
    assert (desk.conflicts(), everywhere(house), len(house.versions("Ada"))) == ([], {"from bo"}, 2)
    assert [one["reason"].split()[0] for one in house.events("conflict.resolve")] == ["store"]


def test_decided_for_the_mailbox_its_value_goes_everywhere(house: House, desk: Desk) -> None:
    clash(house, phones=["+45 1"])
    desk.settle("mailbox")
    settle(house)
    assert (desk.conflicts(), everywhere(house)) == ([], {"from cy"})
    assert house.stored("Ada").phones == ("+45 1",)
    assert [one.note for one in house.versions("Ada")][-1] == "from cy"
    assert [one["reason"].split()[0] for one in house.events("conflict.resolve")] == ["mailbox"]


def test_decided_by_a_third_value_that_goes_everywhere(house: House, desk: Desk) -> None:
    clash(house)
    house.edit("Ada", note="agreed on the phone")
    desk.settle("store")
    settle(house)
    assert (desk.conflicts(), everywhere(house)) == ([], {"agreed on the phone"})


def test_decided_for_the_mailbox_after_the_value_changed_once_more(house: House, desk: Desk) -> None:
    clash(house)
    house.edit("Ada", note="a third value meanwhile")
    desk.settle("mailbox")
    assert [one["value"] for one in items(house, "Ada", "biographies")] == ["from cy"]
    settle(house)
    assert everywhere(house) == {"from cy"}


def test_a_conflict_over_one_part_of_a_name_leaves_one_name_either_way(
    house: House, desk: Desk, bo: User, cy: User
) -> None:
    house.share("Customers", "Ada", bo="edit", cy="edit", dag="view")
    house.edit("Ada", family="Byron")
    house.sync()
    bo.edits("Ada", family="King")
    cy.hands.edit(cy.find("Ada")["resourceName"], {
        "names": [{"honorificPrefix": "Countess", "givenName": "Ada", "familyName": "Lovelace"}],
    })  # fmt: skip
    settle(house)
    assert items(house, "Ada", "names") == [{"familyName": "King", "givenName": "Ada", "honorificPrefix": "Countess"}]
    bo.edits("Ada", given="Augusta Ada")
    settle(house)
    desk.settle("mailbox")
    assert items(house, "Augusta Ada", "names") == [
        {"familyName": "Lovelace", "givenName": "Augusta Ada", "honorificPrefix": "Countess"}
    ]
    settle(house)
    assert bo.shows("Augusta Ada") == cy.shows("Augusta Ada") == house.stored("Augusta Ada")


def test_a_conflict_over_one_entry_of_a_list_leaves_the_others_alone(
    house: House, desk: Desk, bo: User, cy: User
) -> None:
    house.share("Customers", "Ada", bo="edit", cy="edit", dag="view")
    house.sync()
    bo.edits("Ada", job=("Analytical Engines", "Countess"))
    house.sync()
    bo.edits("Ada", job=("Analytical Engines", "Programmer"))
    cy.edits("Ada", job=("Analytical Engines", "Translator"), emails=["ada@customer.example", "two@customer.example"])
    settle(house)
    assert house.stored("Ada").job == ("Analytical Engines", "Programmer")
    desk.settle("mailbox")
    settle(house)
    assert [one["title"] for one in items(house, "Ada", "organizations")] == ["Translator"]
    assert bo.shows("Ada").emails == ("ada@customer.example", "two@customer.example")


def test_a_value_one_cleared_and_the_other_changed_can_be_decided_either_way(
    house: House, desk: Desk, bo: User, cy: User
) -> None:
    house.share("Customers", "Ada", bo="edit", cy="edit", dag="view")
    house.edit("Ada", note="old")
    house.sync()
    bo.edits("Ada", note="new")
    cy.edits("Ada", note="")
    settle(house)
    assert everywhere(house) == {"new"}
    desk.settle("mailbox")
    settle(house)
    assert everywhere(house) == {""}


def test_the_same_two_go_on_and_it_never_goes_to_and_fro_by_itself(
    house: House, desk: Desk, bo: User, cy: User
) -> None:
    clash(house)
    for number in range(3):
        bo.edits("Ada", note=f"bo again {number}")
        cy.edits("Ada", note=f"cy again {number}")
        house.forget_calls()
        assert settle(house) <= 3
        assert everywhere(house) == {f"bo again {number}"}
        writes = {name: house.calls(name)["people.updateContact"] for name in ("bo", "cy", "dag")}
        assert writes == {"bo": 0, "cy": 1, "dag": 1}
    assert len(desk.conflicts()) == 4


@pytest.mark.parametrize("side", ["both", ""])
def test_a_side_that_is_none_is_refused(house: House, desk: Desk, side: str) -> None:
    clash(house)
    with pytest.raises(InvalidInput, match="store or mailbox"):
        desk.settle(side)
    assert len(desk.conflicts()) == 1


def test_a_conflict_is_decided_once(house: House, desk: Desk) -> None:
    clash(house)
    conflict = desk.conflict().id
    desk.settle("store")
    with pytest.raises(NotFound, match="no open conflict"):
        desk.settle("mailbox", conflict)


def test_a_viewer_never_makes_a_conflict(house: House, desk: Desk, bo: User, cy: User) -> None:
    house.share("Customers", "Ada", bo="edit", cy="view")
    house.sync()
    bo.edits("Ada", note="from bo")
    cy.edits("Ada", note="from cy")
    settle(house)
    assert (desk.conflicts(), len(desk.proposals())) == ([], 1)


@pytest.mark.parametrize(("side", "stands"), [("store", "+45 22 22 22 22"), ("mailbox", "+45 33 33 33 33")])
def test_of_two_numbers_put_in_the_place_of_one_the_managers_choose_one(
    house: House, desk: Desk, bo: User, cy: User, side: str, stands: str
) -> None:
    house.share("Customers", "Ada", bo="edit", cy="edit", dag="view")
    house.edit("Ada", phones=["+45 11 11 11 11"], emails=["ada@customer.example"])
    house.sync()
    bo.edits("Ada", phones=["+45 22 22 22 22"])
    cy.edits("Ada", phones=["+45 33 33 33 33"], emails=["ada@customer.example", "two@customer.example"])
    settle(house)
    assert cy.shows("Ada").phones == house.stored("Ada").phones == ("+45 22 22 22 22",)
    assert ([one["value"] for one in desk.conflict().store], [one["value"] for one in desk.conflict().other]) == (
        ["+45 22 22 22 22"], ["+45 33 33 33 33"],
    )  # fmt: skip
    desk.settle(side)
    settle(house)
    assert bo.shows("Ada").phones == cy.shows("Ada").phones == house.stored("Ada").phones == (stands,)
    assert bo.shows("Ada").emails == ("ada@customer.example", "two@customer.example")
