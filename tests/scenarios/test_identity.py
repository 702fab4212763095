"""Whose mailbox it is: an address that changes hands takes nothing along, in either direction."""

import pytest

from sharesync.services import sharing
from sharesync.services.operation import doctor
from sharesync.services.operation.doctor import Patient
from tests.beginnings import begin_shared
from tests.users import User
from tests.worlds import House

LEVELS = pytest.mark.parametrize("level", ["view", "edit", "delete"])


def untouched(house: House, newcomer: User) -> None:
    """The newcomer has what they made themselves, and nobody was ever in their mailbox."""
    assert (newcomer.sees(), newcomer.labels()) == (["Nora"], [])
    assert not any(one.user == newcomer.email for one in house.workspace.log.entries() if "people" in one.method)


# --- The newcomer has Bo's address, and we have not read the directory since. -----------------------------------------


@LEVELS
def test_who_gets_the_address_of_one_with_a_grant_gets_nothing_else(
    house: House, bo: User, cy: User, level: str
) -> None:
    house.share("Customers", "Ada", "Grace", bo=level, cy="view")
    newcomer = house.hand_on("bo", "bo.old")
    newcomer.makes("Nora")
    house.sync_until_quiet()
    untouched(house, newcomer)
    assert (bo.sees("Customers"), cy.sees("Customers")) == (["Ada", "Grace"], ["Ada", "Grace"])


@LEVELS
def test_what_is_not_in_the_newcomers_mailbox_was_not_removed_by_anyone(
    house: House, bo: User, cy: User, level: str
) -> None:
    house.share("Customers", "Ada", "Grace", bo=level, cy="view")
    bo.makes("Own")
    house.sync_until_quiet()
    newcomer = house.hand_on("bo", "bo.old")
    newcomer.makes("Nora")
    house.edit("Ada", note="since then")
    house.restart()  # nobody remembers a token
    house.sync_until_quiet()
    house.sync(full=True)
    untouched(house, newcomer)
    assert (house.contacts("Customers"), cy.sees("Customers")) == (["Ada", "Grace"], ["Ada", "Grace"])
    assert bo.shows("Ada").note == "since then", "their own mailbox is found under its new address"
    assert not house.events("group.take") + house.events("hold.keep")


@LEVELS
def test_a_new_grant_of_the_newcomer_does_not_reach_the_mailbox_of_whom_they_follow(
    house: House, bo: User, level: str
) -> None:
    house.share("Customers", "Ada", bo=level)
    house.sync_until_quiet()  # a token for Bo's mailbox is at hand
    newcomer = house.hand_on("bo", "bo.old")
    house.sync_directory()
    house.share("Suppliers", "Kim", bo=level)
    house.sync_until_quiet()
    assert (newcomer.sees(), newcomer.labels()) == (["Kim"], ["Suppliers"])
    assert (bo.sees(), bo.labels()) == (["Ada"], ["Customers"])
    house.revoke("Customers", house.address("bo.old"))
    house.sync_until_quiet()
    assert (bo.sees(), newcomer.sees()) == ([], ["Kim"])


def test_an_alias_that_an_address_became_opens_nobody_elses_mailbox(house: House, bo: User, cy: User) -> None:
    house.share("Customers", "Ada", bo="edit", cy="edit")
    house.workspace.directory.rename_user(bo.id, house.address("bo.old"))
    house.restart()
    house.sync_until_quiet()
    assert bo.sees("Customers") == ["Ada"]
    assert {one.user for one in house.workspace.log.entries() if "connections" in one.method} == {
        house.address("bo.old"),
        cy.email,
    }


def test_ones_own_labels_are_read_in_ones_own_mailbox(house: House, bo: User) -> None:
    bo.makes_label("Chess")
    newcomer = house.hand_on("bo", "bo.old")
    newcomer.makes_label("Golf")
    house.restart()
    assert [label.name for label in sharing.own_labels(house.world, bo.id)] == ["Chess"]


def test_the_doctor_looks_into_the_mailbox_of_one_who_has_a_grant(house: House, bo: User) -> None:
    house.share("Customers", "Ada", bo="view")
    newcomer = house.hand_on("bo", "bo.old")
    newcomer.makes("Nora")
    house.restart()
    patient = Patient(
        database=house.database,
        open_google=lambda: house.world.google,
        key_file=house.key_file,
        data_dir=house.folder / "var",
        domains=("north.test",),
        people_endpoint=house.server.url,
        now=house.now,
    )
    found = [one for one in doctor.examine(patient) if one.check in ("contacts", "scope contacts")]
    assert [one.problem for one in found] == ["", ""]
    untouched(house, newcomer)
    assert house.workspace.log.counts(house.address("bo.old"))["people.contactGroups.list"] == 1


# --- Directory does not say whose it is. ------------------------------------------------------------------------------


def test_no_mailbox_is_opened_while_directory_does_not_say_whose_it_is(house: House, bo: User) -> None:
    house.share("Customers", "Ada", bo="edit")
    house.restart()
    house.fault("status", "directory.users.get", status=503, times=None)
    report = bo.pass_over(patience=0)
    assert (report.outcome.value, report.calls) == ("retry", {})
    assert "directory" in report.reason
    assert not house.calls("bo")
    house.workspace.faults.clear()
    house.sync_until_quiet()
    assert bo.sees() == ["Ada"]


def test_a_token_at_hand_is_used_while_directory_is_silent(house: House, bo: User) -> None:
    begin_shared(house, "Customers", "Ada", bo="edit")
    house.fault("status", "directory.users.get", status=503, times=None)
    house.edit("Ada", note="meanwhile")
    house.sync_until_quiet()
    assert bo.shows("Ada").note == "meanwhile"


@pytest.mark.parametrize("state", ["suspended", "archived", "deleted"])
def test_the_mailbox_of_one_who_is_away_since_the_directory_was_read_is_not_opened(
    house: House, bo: User, state: str
) -> None:
    house.share("Customers", "Ada", bo="edit")
    house.workspace.directory.change_user(bo.id, **{state: house.now() if state == "deleted" else True})
    house.restart()
    assert bo.pass_over().outcome.value == "paused"
    assert not house.calls("bo")


def test_directory_is_asked_once_a_token_not_once_a_pass(house: House, bo: User) -> None:
    house.share("Customers", "Ada", bo="edit")
    house.restart()
    for _ in range(3):
        bo.pass_over()
    assert house.calls()["directory.users.get"] == 1


# --- A listing that shows nobody of those known. ----------------------------------------------------------------------


def strangers_list(house: House) -> None:
    """Google lists somebody else in Bo's mailbox, and nobody of those who are there."""
    house.workspace.faults.clear()
    metadata = {"sources": [{"type": "CONTACT", "id": "5f5f", "etag": "#e", "updateTime": "2020-01-01T00:00:00Z"}]}
    nora = {"resourceName": "people/c24415", "etag": "%e", "metadata": metadata, "names": [{"givenName": "Nora"}]}
    body = {"connections": [nora], "totalItems": 1, "totalPeople": 1, "nextSyncToken": "strange"}
    house.fault("status", "people.connections.list", "bo", status=200, body=body, times=None)


@LEVELS
def test_a_listing_of_strangers_alone_stops_the_pass_and_is_never_believed_against_a_direct_read(
    house: House, bo: User, level: str
) -> None:
    begin_shared(house, "Customers", "Ada", "Grace", bo=level)
    house.share("Suppliers", "Kim", bo=level)
    strangers_list(house)
    first = bo.pass_over(full=True)
    assert (first.outcome.value, first.tally.accepted, first.tally.created) == ("retry", 0, 0)
    house.wait(minutes=20)
    later = bo.pass_over(full=True)
    assert (later.outcome.value, later.tally.accepted, later.tally.created) == ("attention", 0, 0)
    assert "one by one" in later.reason
    assert house.contacts("Customers") == ["Ada", "Grace"]
    house.workspace.faults.clear()
    house.wait(hours=2)
    house.sync_until_quiet()


def test_a_mailbox_in_which_somebody_replaced_everything_is_one_hold_after_the_settle_time(
    house: House, bo: User, cy: User
) -> None:
    begin_shared(house, "Customers", "Ada", "Grace", "Ida", bo="delete", cy="view")
    bo.deletes("Ada", "Grace", "Ida")
    bo.makes("Nora")
    first = bo.pass_over(full=True)
    assert (first.outcome.value, first.tally.restored, first.tally.accepted) == ("retry", 0, 0)
    house.wait(minutes=20)
    assert bo.pass_over(full=True).outcome.value == "held"
    (hold,) = house.events("hold.keep")
    assert hold["outcome"] == "held"
    assert cy.sees("Customers") == ["Ada", "Grace", "Ida"]


def test_own_persons_that_are_all_new_are_believed_after_the_settle_time(house: House, bo: User) -> None:
    bo.makes("Own")
    house.share("Customers", bo="view")
    house.sync_until_quiet()
    bo.deletes("Own")
    bo.makes("Nora")
    assert bo.pass_over(full=True).outcome.value == "retry"
    house.wait(minutes=20)
    assert bo.pass_over(full=True).outcome.value == "ok"
    house.put("Customers", "Ada")
    house.sync_until_quiet()
    assert bo.sees("Customers") == ["Ada"]
