"""Access through the directory: Google groups, units, the domain; people who move, leave or change their address."""

from tests.beginnings import begin_shared
from tests.users import User
from tests.worlds import DOMAIN, NAMES, House


def change(house: House, user: User, **attributes: object) -> None:
    """The Workspace administrator changes a user; we read the directory."""
    house.workspace.directory.change_user(user.id, **attributes)
    house.sync_directory()


def test_a_google_group_brings_the_contacts_to_its_members_and_to_those_of_nested_groups(house: House) -> None:
    house.share("Customers", "Ada")
    house.grant("Customers", f"group:all-teams@{DOMAIN}", "view")
    house.sync_until_quiet()
    assert [name for name in NAMES if house.users[name].sees() == ["Ada"]] == ["cy", "dag", "eva"]


def test_a_user_moved_out_of_a_google_group_loses_its_contacts(house: House, cy: User, dag: User) -> None:
    house.share("Customers", "Ada")
    house.grant("Customers", f"group:team@{DOMAIN}", "edit")
    house.sync_until_quiet()
    house.workspace.directory.change_group(f"team@{DOMAIN}", members=(dag.email,))
    house.sync_directory()
    house.sync_until_quiet()
    assert (cy.sees(), cy.labels(), dag.sees()) == ([], [], ["Ada"])


def test_a_unit_brings_the_contacts_to_everyone_in_or_below_it(house: House, dag: User, eva: User) -> None:
    house.share("Customers", "Ada")
    house.grant("Customers", "ou:/Sales", "view")
    house.sync_until_quiet()
    assert [name for name in NAMES if house.users[name].sees() == ["Ada"]] == ["dag", "eva"]
    change(house, eva, unit="/Office")
    house.sync_until_quiet()
    assert (dag.sees(), eva.sees()) == (["Ada"], [])


def test_the_domain_is_everyone_and_who_joins_later_too(house: House) -> None:
    house.share("Customers", "Ada")
    house.grant("Customers", "domain", "view")
    house.sync_until_quiet()
    assert all(house.users[name].sees() == ["Ada"] for name in NAMES)
    house.workspace.describe({"users": [{"email": house.address("gro"), "name": "Gro Ganger"}]})
    house.users["gro"] = User(house, "gro")
    house.sync_directory()
    house.sync_until_quiet()
    assert house.users["gro"].sees("Customers") == ["Ada"]


def test_an_alias_is_the_same_mailbox(house: House, bo: User) -> None:
    house.share("Customers", "Ada", bo="view")
    house.grant("Customers", f"bob@{DOMAIN}", "edit")
    house.sync_until_quiet()
    assert bo.sees() == ["Ada"]
    assert house.level("Customers", "bo") is not None
    house.revoke("Customers", f"bob@{DOMAIN}")
    house.sync_until_quiet()
    assert bo.sees() == []


def test_a_user_with_a_new_address_keeps_their_links(house: House, bo: User) -> None:
    begin_shared(house, "Customers", "Ada", bo="edit")
    before = bo.find("Ada")
    change(house, bo, email=f"bo.bogh@{DOMAIN}", aliases=(bo.email, f"bob@{DOMAIN}"))
    house.users["bo.bogh"] = house.users.pop("bo")
    bo.name, bo.email = "bo.bogh", f"bo.bogh@{DOMAIN}"
    house.sync_until_quiet()
    assert bo.find("Ada") == before


def test_the_highest_of_several_ways_counts_and_losing_it_leaves_the_next(house: House, cy: User) -> None:
    house.share("Customers", "Ada", cy="edit")
    house.grant("Customers", "domain", "view")
    house.sync_until_quiet()
    cy.edits("Ada", note="allowed")
    house.sync_until_quiet()
    house.revoke("Customers", "cy")
    cy.edits("Ada", note="no longer allowed")
    house.sync_until_quiet()
    assert cy.shows("Ada").note == house.stored("Ada").note == "allowed"


# --- Suspended, deleted, back. ---------------------------------------------------------------------------------------


def test_a_suspended_users_mailbox_pauses_and_goes_on_when_they_are_back(house: House, bo: User, cy: User) -> None:
    begin_shared(house, "Customers", "Ada", bo="edit", cy="edit")
    change(house, bo, suspended=True)
    house.forget_calls()
    house.edit("Ada", note="meanwhile")
    report = bo.pass_over()
    assert (report.outcome.value, sum(house.calls("bo").values())) == ("paused", 0)
    house.sync_until_quiet(but=["bo"])
    assert cy.shows("Ada").note == "meanwhile"
    change(house, bo, suspended=False)
    house.sync_until_quiet()
    assert bo.shows("Ada").note == "meanwhile"


def test_a_user_suspended_since_the_directory_was_read_is_paused_not_failed(house: House, bo: User) -> None:
    begin_shared(house, "Customers", "Ada", bo="edit")
    house.workspace.directory.change_user(bo.id, suspended=True)
    house.workspace.authority.revoke(bo.id)
    report = bo.pass_over()
    assert report.outcome.value == "paused"
    assert report.reason.endswith(".")
    assert house.contacts("Customers") == ["Ada"]
    house.workspace.directory.change_user(bo.id, suspended=False)
    house.sync_until_quiet()


def test_a_deleted_users_mailbox_pauses_and_takes_nothing_from_the_others(house: House, bo: User, cy: User) -> None:
    begin_shared(house, "Customers", "Ada", bo="delete", cy="view")
    change(house, bo, deleted=house.now())
    assert bo.pass_over().outcome.value == "paused"
    house.sync_until_quiet(but=["bo"])
    assert cy.sees("Customers") == ["Ada"]
