"""When access ends: what we brought goes, what the user added stays theirs (`sharesync/sync/README.md`)."""

from collections.abc import Callable

import pytest

from tests.beginnings import begin_shared
from tests.users import User, customer
from tests.worlds import House


def test_label_and_untouched_contacts_go_with_the_grant(house: House, bo: User, cy: User) -> None:
    begin_shared(house, "Customers", "Ada", "Grace", bo="view", cy="view")
    house.revoke("Customers", "bo")
    assert bo.pass_over().tally.deleted == 2
    assert (bo.sees(), bo.labels()) == ([], [])
    house.sync_until_quiet()
    assert cy.sees("Customers") == ["Ada", "Grace"]


def test_a_deleted_group_goes_from_every_mailbox_and_its_contacts_into_the_trash(
    house: House, bo: User, cy: User
) -> None:
    begin_shared(house, "Customers", "Ada", "Grace", bo="manage", cy="view")
    house.delete_group("Customers")
    house.sync_until_quiet()
    assert bo.labels() == cy.labels() == bo.sees() == cy.sees() == []
    assert house.trash() == ["Ada", "Grace"]


def test_a_contact_taken_out_of_its_group_goes_from_every_mailbox(house: House, bo: User, cy: User) -> None:
    begin_shared(house, "Customers", "Ada", "Grace", bo="edit", cy="view")
    house.take("Customers", "Ada")
    house.sync_until_quiet()
    assert bo.sees() == cy.sees() == ["Grace"]


def test_where_another_granted_group_holds_the_contact_only_the_label_goes(house: House, bo: User) -> None:
    house.share("Customers", "Ada", "Grace", bo="edit")
    house.share("Partners", bo="view")
    house.add("Partners", "Ada")
    house.sync_until_quiet()
    before = bo.find("Ada")
    house.revoke("Customers", "bo")
    house.sync_until_quiet()
    assert (bo.sees(), bo.labels()) == (["Ada"], ["Partners"])
    assert bo.find("Ada")["id"] == before["id"]


def label_ada(user: User) -> None:
    user.makes_label("Neighbours")
    user.puts("Neighbours", "Ada")


ADDED: dict[str, Callable[[User], object]] = {
    "a star": lambda user: user.stars("Ada"),
    "a photo": lambda user: user.photographs("Ada"),
    "a label": label_ada,
    "a private number": lambda user: user.edits("Ada", phones=["+45 33 12 34 56", "+45 99 99 99 99"]),
    "notes": lambda user: user.edits("Ada", note="bring flowers"),
}


@pytest.mark.parametrize("level", ["view", "edit"])
@pytest.mark.parametrize("what", ADDED)
def test_a_contact_to_which_the_user_added_something_stays_with_that_and_its_name(
    house: House, bo: User, level: str, what: str
) -> None:
    begin_shared(house, "Customers", customer("Ada", family="King", phones=["+45 33 12 34 56"]), "Grace", bo=level)
    ADDED[what](bo)
    house.revoke("Customers", "bo")
    bo.keeps = {"Ada"}
    house.sync_until_quiet()
    shown = bo.shows("Ada")
    assert (shown.given, shown.family, shown.emails) == ("Ada", "King", ())
    assert shown.phones == (("+45 99 99 99 99",) if what == "a private number" else ())
    assert shown.note == ("bring flowers" if what == "notes" else "")
    assert bo.labels_on("Ada") == ({"Neighbours"} if what == "a label" else set())
    assert ("starred" in bo.find("Ada")["labels"]) == (what == "a star")
    assert bool(bo.find("Ada")["photo"]) == (what == "a photo")
    assert bo.marks_on("Ada") == []
    assert house.stored("Ada").phones == ("+45 33 12 34 56",)


def test_an_adopted_contact_keeps_everything_but_label_and_mark(house: House, bo: User) -> None:
    bo.makes("Ada", note="mine for years", data={"crm": "7"})
    house.share("Customers", customer("Ada", note="mine for years"), "Grace", bo="view")
    house.sync_until_quiet()
    house.revoke("Customers", "bo")
    house.sync_until_quiet()
    assert bo.sees() == ["Ada"]
    assert (bo.labels_on("Ada"), bo.marks_on("Ada"), bo.data_on("Ada")) == (set(), [], {"crm": "7"})
    assert bo.shows("Ada").note == "mine for years"


def test_an_adopted_contact_keeps_what_others_wrote_on_it_meanwhile(house: House, bo: User, cy: User) -> None:
    bo.makes("Ada")
    house.share("Customers", "Ada", bo="view", cy="edit")
    house.sync_until_quiet()
    cy.edits("Ada", note="from cy")
    house.sync_until_quiet()
    bo.own.clear()
    bo.keeps = {"Ada"}
    house.revoke("Customers", "bo")
    house.sync_until_quiet()
    assert (bo.shows("Ada").note, bo.marks_on("Ada")) == ("from cy", [])


def test_a_contact_that_the_user_had_given_stays_theirs(house: House, bo: User, cy: User) -> None:
    begin_shared(house, "Customers", "Ada", bo="edit", cy="view")
    bo.makes("Mum", under=["Customers"], phones=["+45 22 22 22 22"])
    house.sync_until_quiet()
    house.revoke("Customers", "bo")
    house.sync_until_quiet()
    assert bo.sees() == ["Mum"]
    assert bo.shows("Mum").phones == ("+45 22 22 22 22",)
    assert cy.sees("Customers") == ["Ada", "Mum"]


def test_a_label_under_which_the_user_keeps_something_of_their_own_stays_theirs(house: House, cy: User) -> None:
    begin_shared(house, "Customers", "Ada", cy="view")
    cy.makes("Mum")
    cy.puts("Customers", "Mum")
    house.revoke("Customers", "cy")
    house.sync_until_quiet()
    assert (cy.labels(), cy.sees("Customers"), cy.sees()) == (["Customers"], ["Mum"], ["Mum"])


def test_a_label_of_the_users_own_with_the_groups_name_outlives_ours(house: House, bo: User) -> None:
    bo.makes_label("Customers")
    bo.makes("Mum", under=["Customers"])
    house.share("Customers", "Ada", bo="view")
    house.sync_until_quiet()
    house.revoke("Customers", "bo")
    house.sync_until_quiet()
    assert (bo.labels(), bo.sees("Customers"), bo.sees()) == (["Customers"], ["Mum"], ["Mum"])


def test_a_grant_given_back_before_the_withdrawal_changes_nothing(house: House, bo: User) -> None:
    begin_shared(house, "Customers", "Ada", bo="view")
    before = bo.find("Ada")
    house.revoke("Customers", "bo")
    house.grant("Customers", bo.email, "edit")
    house.sync_until_quiet()
    assert bo.find("Ada") == before


def test_a_grant_given_back_after_the_withdrawal_shares_again(house: House, bo: User) -> None:
    begin_shared(house, "Customers", "Ada", "Grace", bo="view")
    bo.stars("Grace")
    house.revoke("Customers", "bo")
    bo.keeps = {"Grace"}
    house.sync_until_quiet()
    house.grant("Customers", bo.email, "view")
    house.sync_until_quiet()
    assert bo.sees("Customers") == ["Ada", "Grace"]


# --- Revoked in the middle of things. --------------------------------------------------------------------------------


def test_nothing_more_of_a_group_is_pushed_once_its_grant_is_gone(house: House, bo: User) -> None:
    house.share("Customers", *(f"Customer{number}" for number in range(205)), bo="view")
    house.meanwhile("batchCreateContacts", lambda: house.revoke("Customers", "bo"))
    bo.pass_over()
    calls = house.calls("bo")
    assert (calls["people.batchCreateContacts"], calls["people.createContact"]) == (1, 0)
    house.sync_until_quiet()
    assert (bo.sees(), bo.labels()) == ([], [])


def test_a_fill_stopped_by_quota_and_then_revoked_is_withdrawn_whole(house: House, bo: User) -> None:
    house.share("Customers", *(f"Customer{number}" for number in range(205)), bo="view")
    house.turn(quotas={"critical_write": 6})
    assert bo.pass_over().outcome.value == "retry"
    assert len(bo.sees()) == 200
    house.revoke("Customers", "bo")
    house.turn(quotas=None)
    house.sync_until_quiet()
    assert (bo.sees(), bo.labels()) == ([], [])


def test_one_group_goes_on_while_another_is_revoked_in_the_middle(house: House, bo: User) -> None:
    house.share("Customers", "Ada", "Grace", bo="view")
    house.share("Partners", "Linus", "Dennis", bo="view")
    house.meanwhile("createContact", lambda: house.revoke("Customers", "bo"), skip=1)
    bo.pass_over()
    house.sync_until_quiet()
    assert (bo.sees(), bo.labels()) == (["Dennis", "Linus"], ["Partners"])
