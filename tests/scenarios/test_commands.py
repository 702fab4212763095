"""What people ask of a pass: to print what it would do, to forget and find again, and to leave another pass alone."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest

from sharesync.errors import MailboxBusy
from sharesync.mailbox_pass.sync_now import sync
from sharesync.services.operation.pass_report import PassReport
from tests.beginnings import begin_shared
from tests.users import Json, User, customer
from tests.worlds import House


def bytes_of(house: House) -> list[bytes]:
    """The database as it lies on the disk."""
    files = [house.file, house.file.with_name(house.file.name + "-wal")]
    return [file.read_bytes() for file in files if file.exists()]


# --- Dry run. ---------------------------------------------------------------------------------------------------------


def first_fill(house: House) -> None:
    house.share("Customers", "Ada", "Grace", bo="edit", cy="view")


def everything_at_once(house: House) -> None:
    bo, cy = house.users["bo"], house.users["cy"]
    house.share("Customers", "Ada", "Grace", "Linus", bo="delete", cy="view")
    house.share("Partners", "Dennis", bo="view")
    house.sync_until_quiet()
    bo.edits("Ada", note="accepted")
    bo.deletes("Grace")
    bo.makes("Mary", under=["Customers"])
    cy.edits("Linus", note="undone")
    cy.deletes("Ada")
    house.edit("Linus", phones=["+45 33 12 34 56"])
    house.revoke("Partners", "bo")


@pytest.mark.parametrize("story", [first_fill, everything_at_once])
@pytest.mark.parametrize("full", [False, True], ids=["changes", "everything"])
def test_a_dry_run_writes_nothing_anywhere(house: House, story: Callable[[House], None], full: bool) -> None:
    story(house)
    before, mailboxes = bytes_of(house), [house.mailbox(name) for name in house.users]
    house.sync(dry_run=True, full=full)
    assert bytes_of(house) == before
    assert [house.mailbox(name) for name in house.users] == mailboxes
    house.sync_until_quiet(but=["bo"] if story is everything_at_once else [])


def planned(house: House, name: str) -> list[tuple[str, str | None, tuple[str, ...]]]:
    """A dry run's lines: action, given name of the contact, fields."""
    rows = house.query("SELECT id, card FROM contacts")
    names = {ident: json.loads(card)["names"][0]["givenName"] for ident, card in rows}
    lines: list[Json] = [one.as_json() for one in house.pass_over(name, dry_run=True).actions]
    return [(one["action"], names.get(one["contact"]), tuple(one["fields"])) for one in lines]


def test_a_dry_run_prints_what_a_first_fill_would_make(house: House) -> None:
    first_fill(house)
    assert sorted(planned(house, "bo"), key=str) == [
        ("contact.create", "Ada", ()),
        ("contact.create", "Grace", ()),
        ("label.create", None, ()),
    ]


def test_a_dry_run_prints_what_would_be_accepted_and_undone(house: House) -> None:
    everything_at_once(house)
    told = planned(house, "bo")
    assert ("edit.accept", "Ada", ("biographies",)) in told
    assert ("group.take", "Grace", ()) in told
    assert ("contact.release", "Dennis", ()) in told
    assert ("contact.update", "Linus", ()) in told or ("contact.update", "Linus", ("phoneNumbers",)) in told
    told = planned(house, "cy")
    assert ("edit.revert", "Linus", ("biographies",)) in told
    assert ("contact.restore", "Ada", ()) in told


def test_a_dry_run_of_a_quiet_mailbox_prints_nothing(house: House) -> None:
    first_fill(house)
    house.sync_until_quiet()
    assert planned(house, "bo") == []


# --- Reset. -----------------------------------------------------------------------------------------------------------


def test_a_reset_finds_everything_again_without_a_twin_or_a_deletion(house: House, bo: User, cy: User) -> None:
    bo.makes("Grace")
    house.share("Customers", "Ada", "Grace", "Linus", bo="delete", cy="view")
    house.sync_until_quiet()
    bo.makes("Mary", under=["Customers"])
    house.sync_until_quiet()
    before = {one["id"]: one["fields"] for one in bo.hands.contacts()}
    house.forget_calls()
    report = bo.pass_over(reset=True)
    assert (report.tally.created, report.tally.deleted, report.tally.accepted) == (0, 0, 0)
    house.sync_until_quiet()
    assert {one["id"]: one["fields"] for one in bo.hands.contacts()} == before
    writes = [one for one in house.calls("bo") if "reate" in one or "elete" in one]
    assert writes == []


def test_a_reset_keeps_whose_a_contact_was(house: House, bo: User) -> None:
    bo.makes("Grace", note="mine")
    house.share("Customers", "Ada", customer("Grace", note="mine"), bo="edit")
    house.sync_until_quiet()
    bo.pass_over(reset=True)
    house.sync_until_quiet()
    house.revoke("Customers", "bo")
    house.sync_until_quiet()
    assert bo.sees() == ["Grace"]


def test_an_edit_made_before_a_reset_is_not_lost(house: House, bo: User, cy: User) -> None:
    begin_shared(house, "Customers", "Ada", bo="edit", cy="view")
    bo.edits("Ada", note="typed before the reset")
    bo.pass_over(reset=True)
    house.sync_until_quiet()
    assert cy.shows("Ada").note == "typed before the reset"


def test_a_viewers_edit_made_before_a_reset_is_undone_all_the_same(house: House, bo: User, cy: User) -> None:
    begin_shared(house, "Customers", "Ada", bo="edit", cy="view")
    cy.edits("Ada", note="not allowed")
    cy.pass_over(reset=True)
    house.sync_until_quiet()
    assert cy.shows("Ada").note == house.stored("Ada").note == ""


def merge_into_own(house: House, bo: User) -> str:
    """Bo merges the shared Ada into a contact of his own, and no pass can put it right; the survivor's name."""
    bo.makes("Augusta")
    house.share("Customers", "Ada", bo="edit", cy="view")
    house.sync_until_quiet()
    bo.gone.add(bo.find("Augusta")["id"])
    merged: str = bo.hands.merge([bo.find("Augusta")["resourceName"], bo.find("Ada")["resourceName"]])
    house.fault("drop", "people.updateContact", "bo", when="before", times=4)
    bo.pass_over()
    return merged


def test_what_a_merge_brought_is_no_edit_when_a_reset_comes_before_it_was_put_right(
    house: House, bo: User, cy: User
) -> None:
    merged = merge_into_own(house, bo)
    bo.pass_over(reset=True)
    house.sync_until_quiet(but=["bo"])
    assert bo.sees("Customers") == cy.sees() == ["Ada"]
    assert bo.find(merged)["id"] == bo.find("Ada")["id"]
    assert bo.shows("Ada").emails == ("ada@customer.example", "augusta@customer.example")
    assert cy.shows("Ada").emails == house.stored("Ada").emails == ("ada@customer.example",)
    house.revoke("Customers", "bo")
    house.sync_until_quiet(but=["bo"])
    assert bo.sees() == ["Ada"]


def test_what_is_typed_after_a_merge_and_before_a_reset_is_an_edit_all_the_same(
    house: House, bo: User, cy: User
) -> None:
    merge_into_own(house, bo)
    bo.edits("Augusta", note="typed before the reset")
    bo.pass_over(reset=True)
    house.wait(minutes=16)  # nobody knows before whether more of a merge is still to be listed
    house.sync_until_quiet(but=["bo"])
    assert cy.sees() == bo.sees() == ["Ada"]
    assert cy.shows("Ada").note == bo.shows("Ada").note == "typed before the reset"


def test_a_reset_of_a_mailbox_that_was_never_filled_fills_it(house: House, bo: User) -> None:
    house.share("Customers", "Ada", bo="view")
    bo.pass_over(reset=True)
    house.sync_until_quiet()
    assert bo.sees("Customers") == ["Ada"]


# --- One writer a mailbox. --------------------------------------------------------------------------------------------


def test_a_second_pass_over_the_same_mailbox_is_refused_while_one_lives(house: House, bo: User) -> None:
    house.share("Customers", "Ada", bo="view")
    refused = []

    def second() -> None:
        try:
            bo.pass_over(wait=timedelta())
        except MailboxBusy as busy:
            refused.append(busy)

    house.meanwhile("createContact", second)
    assert bo.pass_over().outcome.value == "ok"
    assert len(refused) == 1
    assert bo.sees("Customers") == ["Ada"]
    house.sync_until_quiet()


def test_two_mailboxes_are_passed_over_side_by_side(house: House, bo: User, cy: User) -> None:
    house.share("Customers", "Ada", bo="view", cy="view")
    house.meanwhile("createContact", cy.pass_over)
    assert bo.pass_over().outcome.value == "ok"
    assert bo.sees("Customers") == cy.sees("Customers") == ["Ada"]
    house.sync_until_quiet()


def test_a_restart_between_passes_forgets_nothing(house: House, bo: User, cy: User) -> None:
    begin_shared(house, "Customers", "Ada", bo="edit", cy="view")
    house.restart()
    bo.edits("Ada", note="after the restart")
    house.sync_until_quiet()
    house.restart()
    house.sync_until_quiet()
    assert cy.shows("Ada").note == "after the restart"


# --- Now. -------------------------------------------------------------------------------------------------------------


def test_sync_now_passes_again_over_those_that_an_edit_made_due_and_not_over_those_whose_interval_is_over(
    house: House,
) -> None:
    house.share("Customers", "Ada", bo="view", dag="edit")
    house.share("Partners", "Grace", cy="view")
    house.sync_until_quiet()
    house.users["dag"].edits("Ada", note="for bo, whose turn was before")
    ended: list[str] = []

    def one_more(report: PassReport) -> None:
        ended.append(report.mailbox)
        if len(ended) == 3:
            house.wait(minutes=60)

    sync(house.world, workers=1, ended=one_more)
    assert ended == [house.address(name) for name in ("bo", "cy", "dag", "bo")]
