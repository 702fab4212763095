"""Merges in Google Contacts: what came from a contact of the user's own stays theirs, here only, whatever follows."""

import pytest

from tests.rights.desk import Desk, begin, items, merge, settle
from tests.users import Shown, User
from tests.worlds import House

ADA = Shown("Ada", emails=("ada@customer.example",))


def merged(house: House, level: str = "edit") -> None:
    """Bo has merged a contact of his own, with a private number, into the shared Ada; cy sees her too."""
    bo = house.users["bo"]

    def first() -> None:
        house.share("Customers", "Ada", "Grace", bo=level, cy="edit")
        house.sync()
        bo.makes("Ada at home", phones=["+45 99"], emails=["home@ada.example"])
        house.sync()
        merge(bo, "Ada", "Ada at home")
        settle(house, own=["bo"])

    begin(house, "merged", level, by=first)


def private(user: User) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Numbers and addresses on Ada."""
    return user.shows("Ada").phones, user.shows("Ada").emails


OURS_AND_OWN = (("+45 99",), ("ada@customer.example", "home@ada.example"))


@pytest.mark.parametrize("survivor", ["Ada", "Ada at home"], ids=["the shared one survives", "their own survives"])
def test_a_merge_and_its_undoing_by_nobody_is_quiet(house: House, bo: User, cy: User, survivor: str) -> None:
    house.share("Customers", "Ada", "Grace", bo="edit", cy="view")
    bo.makes_label("Relatives")
    bo.makes("Ada at home", under=["Relatives"], phones=["+45 99"], emails=["home@ada.example"], data={"crm": "7"})
    house.sync()
    merge(bo, survivor, *({"Ada", "Ada at home"} - {survivor}))
    settle(house, own=["bo"])
    assert private(bo) == OURS_AND_OWN
    assert (bo.labels_on("Ada"), bo.data_on("Ada"), len(bo.marks_on("Ada"))) == (
        {"Customers", "Relatives"}, {"crm": "7"}, 1,
    )  # fmt: skip
    assert (bo.sees(), cy.sees(), cy.shows("Ada")) == (["Ada", "Grace"], ["Ada", "Grace"], ADA)


def test_later_pushes_keep_what_is_the_users_own(house: House, bo: User, cy: User) -> None:
    merged(house)
    cy.edits("Ada", phones=["+45 1"], note="from cy")
    settle(house, own=["bo"])
    assert private(bo) == (("+45 1", "+45 99"), ("ada@customer.example", "home@ada.example"))
    assert (bo.shows("Ada").note, house.stored("Ada").phones) == ("from cy", ("+45 1",))
    cy.edits("Ada", phones=[])
    settle(house, own=["bo"])
    assert private(bo) == OURS_AND_OWN


def test_later_edits_of_the_user_are_accepted_without_what_is_their_own(house: House, bo: User, cy: User) -> None:
    merged(house)
    bo.edits("Ada", note="from bo", phones=["+45 99", "+45 2"])
    settle(house, own=["bo"])
    assert (cy.shows("Ada").note, cy.shows("Ada").phones, cy.shows("Ada").emails) == (
        "from bo", ("+45 2",), ("ada@customer.example",),
    )  # fmt: skip
    assert private(bo) == (("+45 2", "+45 99"), ("ada@customer.example", "home@ada.example"))


def test_what_is_their_own_they_may_take_away_again(house: House, bo: User, cy: User) -> None:
    merged(house, "view")
    bo.edits("Ada", phones=[], emails=["ada@customer.example"])
    settle(house, own=["bo"])
    assert bo.shows("Ada") == cy.shows("Ada") == ADA


def test_what_is_their_own_is_not_uploaded_when_they_correct_it(house: House, bo: User, cy: User) -> None:
    merged(house)
    bo.edits("Ada", phones=["+45 98"])
    settle(house, own=["bo"])
    assert (house.stored("Ada").phones, cy.shows("Ada").phones, bo.shows("Ada").phones) == ((), (), ("+45 98",))


@pytest.mark.parametrize("how", ["full", "reset"])
def test_what_is_their_own_survives_another_reading_of_everything(house: House, bo: User, cy: User, how: str) -> None:
    merged(house)
    bo.pass_over(**{how: True})
    cy.edits("Ada", note="from cy")
    settle(house, own=["bo"])
    assert (private(bo), bo.shows("Ada").note, house.stored("Ada").phones) == (OURS_AND_OWN, "from cy", ())


@pytest.mark.parametrize("level", ["view", "edit"])
def test_revocation_leaves_them_what_is_their_own_and_the_name(house: House, bo: User, level: str) -> None:
    merged(house, level)
    house.revoke("Customers", "bo")
    bo.keeps.add("Ada")
    settle(house)
    assert bo.sees() == ["Ada"]
    assert bo.shows("Ada") == Shown("Ada", emails=("home@ada.example",), phones=("+45 99",))
    assert (bo.labels_on("Ada"), bo.marks_on("Ada"), bo.labels()) == (set(), [], [])


def test_of_their_own_survivor_everything_stays_after_revocation(house: House, bo: User) -> None:
    house.share("Customers", "Ada", "Grace", bo="view", cy="edit")
    bo.makes("Ada at home", phones=["+45 99"])
    house.sync()
    merge(bo, "Ada at home", "Ada")
    settle(house, own=["bo"])
    house.revoke("Customers", "bo")
    bo.own.clear()
    bo.keeps.add("Ada")
    settle(house)
    assert bo.shows("Ada").phones == ("+45 99",)
    assert (bo.sees(), bo.labels_on("Ada"), bo.marks_on("Ada")) == (["Ada"], set(), [])


def test_what_a_merge_brought_is_offered_as_a_proposal_and_may_become_everyones(
    house: House, desk: Desk, bo: User, cy: User
) -> None:
    merged(house)
    ((name, user, before, after),) = desk.proposals()
    assert (name, user, before) == ("Ada", "bo", ADA)
    assert (after.phones, after.emails) == OURS_AND_OWN
    desk.accept()
    settle(house, own=["bo"])
    assert private(cy) == private(bo) == OURS_AND_OWN
    assert len(bo.find("Ada")["fields"]["phoneNumbers"]) == 1


@pytest.mark.parametrize("level", ["view", "edit", "manage"])
@pytest.mark.parametrize(
    "brought", [{"birthday": (1815, 12, 10)}, {"note": "our secret"}], ids=["a birthday", "a note"]
)
def test_a_single_value_that_a_merge_brought_is_not_uploaded(
    house: House, bo: User, cy: User, level: str, brought: dict[str, object]
) -> None:
    """Nothing else tells the two apart: the contact of their own has the same address and only this beside it."""
    house.share("Customers", "Ada", "Grace", bo=level, cy="view")
    house.sync()
    bo.makes("Ada at home", emails=["ada@customer.example"], **brought)  # type: ignore[arg-type]  # a case names words of Values alone
    house.sync()
    merge(bo, "Ada", "Ada at home")
    settle(house, own=["bo"])
    assert house.stored("Ada") == cy.shows("Ada") == ADA
    assert len(house.versions("Ada")) == 1


def test_a_contact_made_and_merged_between_two_passes_is_not_uploaded_either(house: House, bo: User, cy: User) -> None:
    house.share("Customers", "Ada", "Grace", bo="edit", cy="view")
    house.sync()
    bo.makes("Ada at home", phones=["+45 99"], emails=["home@ada.example"])
    merge(bo, "Ada", "Ada at home")
    settle(house, own=["bo"])
    assert (house.stored("Ada"), cy.shows("Ada"), private(bo)) == (ADA, ADA, OURS_AND_OWN)


def test_two_shared_contacts_and_one_of_their_own_merged_into_one(house: House, desk: Desk, bo: User, cy: User) -> None:
    house.share("Customers", "Ada", "Grace", "Linus", bo="delete", cy="view")
    house.sync()
    bo.makes("Ada at home", phones=["+45 99"])
    house.sync()
    merge(bo, "Ada", "Grace", "Ada at home")
    settle(house, own=["bo"])
    assert bo.sees("Customers") == cy.sees("Customers") == ["Ada", "Grace", "Linus"]
    assert (items(house, "Ada", "phoneNumbers"), items(house, "Grace", "phoneNumbers"), desk.in_trash()) == ([], [], [])
    assert cy.shows("Ada") == ADA


def test_two_shared_contacts_merged_by_someone_who_may_delete_both_are_whole_after_a_full_listing(
    house: House, desk: Desk, bo: User, cy: User
) -> None:
    house.share("Customers", "Ada", "Grace", "Linus", bo="manage", cy="view")
    house.sync()
    merge(bo, "Grace", "Ada")
    house.wait(days=8)
    settle(house)
    assert bo.sees("Customers") == cy.sees("Customers") == ["Ada", "Grace", "Linus"]
    assert (bo.shows("Ada"), bo.shows("Grace").emails, desk.in_trash()) == (ADA, ("grace@customer.example",), [])
