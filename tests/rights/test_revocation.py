"""What is left of sharing when it ends: whose a person was decides, and nothing of the user's is lost on the way.

Then the other ways in which the store may forget or be kept from looking: users who leave, `--reset`, an older backup.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from sharesync.errors import NotFound
from sharesync.model.audit import OPERATOR
from sharesync.services import erasure
from sharesync.services.operation.status import standings
from tests.beginnings import begin
from tests.rights.desk import Desk, fill, many, settle
from tests.users import Shown, User, customer
from tests.worlds import INTERVAL, House

ADA = Shown("Ada", emails=("ada@customer.example",))


# --- Whose the person was. -------------------------------------------------------------------------------------------


def created(house: House, bo: User) -> None:
    """Ada was made in bo's mailbox by us."""
    house.share("Customers", customer("Ada", note="agreed"), "Grace", bo="view", cy="edit")
    house.sync()


def adopted(house: House, bo: User) -> None:
    """Ada was bo's own, and equal to the contact."""
    bo.makes("Ada", note="agreed")
    created(house, bo)


def given(house: House, bo: User) -> None:
    """Ada was bo's own, and bo shared her; since then he may only view."""
    house.share("Customers", "Grace", bo="edit", cy="edit")
    house.sync()
    bo.makes("Ada", note="agreed", under=["Customers"])
    house.sync()
    house.grant("Customers", bo.email, "view")


def put_under_a_label(bo: User) -> None:
    bo.makes_label("Neighbours")
    bo.puts("Neighbours", "Ada")


ADDITIONS: dict[str, Callable[[User], object]] = {
    "nothing": lambda bo: None,
    "a star": lambda bo: bo.stars("Ada"),
    "a photo": lambda bo: bo.photographs("Ada"),
    "a label of their own": put_under_a_label,
    "data of another program": lambda bo: bo.edits("Ada", data={"crm": "7"}),
    "a number nobody has read yet": lambda bo: bo.edits("Ada", phones=["+45 99"]),
    "another address nobody has read yet": lambda bo: bo.edits("Ada", emails=["private@ada.example"]),
}
ADDED = pytest.mark.parametrize("added", ADDITIONS)


@pytest.mark.parametrize("origin", [adopted, given], ids=["adopted", "given"])
@ADDED
def test_a_person_that_was_theirs_loses_only_label_and_mark(
    house: House, bo: User, cy: User, origin: Callable[[House, User], None], added: str
) -> None:
    begin(house, origin, by=lambda: origin(house, bo))
    ADDITIONS[added](bo)
    before = bo.find("Ada")
    house.revoke("Customers", "bo")
    bo.own[before["id"]] = before
    settle(house)
    after = bo.find("Ada")
    unmarked = [one for one in before["fields"].get("clientData", ()) if one["key"] != "sharesync"]
    assert after["fields"] == {name: items for name, items in before["fields"].items() if name != "clientData"} | (
        {"clientData": unmarked} if unmarked else {}
    )
    assert (after["id"], after["photo"]) == (before["id"], before["photo"])
    assert (bo.labels_on("Ada"), bo.marks_on("Ada")) == ({"Neighbours"} if "label" in added else set(), [])
    assert ("starred" in after["labels"], bo.sees()) == (added == "a star", ["Ada"])
    assert cy.shows("Ada").phones == house.stored("Ada").phones == ()


def test_a_person_that_we_made_and_nobody_touched_goes(house: House, bo: User, cy: User) -> None:
    created(house, bo)
    house.revoke("Customers", "bo")
    settle(house)
    assert (bo.sees(), bo.labels(), cy.sees()) == ([], [], ["Ada", "Grace"])


@pytest.mark.parametrize("added", [one for one in ADDITIONS if one != "nothing"])
def test_of_a_person_that_we_made_what_they_added_stays_and_the_name(house: House, bo: User, added: str) -> None:
    begin(house, created, by=lambda: created(house, bo))
    ADDITIONS[added](bo)
    house.revoke("Customers", "bo")
    bo.keeps.add("Ada")
    settle(house)
    shown = bo.shows("Ada")
    assert (shown.given, shown.note) == ("Ada", "")
    assert shown.phones == (("+45 99",) if "number" in added else ())
    assert shown.emails == (("private@ada.example",) if "address" in added else ())
    assert (bo.data_on("Ada"), bo.marks_on("Ada")) == ({"crm": "7"} if "program" in added else {}, [])
    assert (bo.labels_on("Ada"), bool(bo.find("Ada")["photo"])) == (
        {"Neighbours"} if "label" in added else set(), added == "a photo",
    )  # fmt: skip


def test_a_person_that_we_made_keeps_all_that_was_added_together(house: House, bo: User) -> None:
    created(house, bo)
    for added in ADDITIONS.values():
        added(bo)
    bo.edits("Ada", phones=["+45 99"], emails=["ada@customer.example", "private@ada.example"])
    house.revoke("Customers", "bo")
    bo.keeps.add("Ada")
    settle(house)
    assert bo.shows("Ada") == Shown("Ada", emails=("private@ada.example",), phones=("+45 99",))
    assert (bo.labels_on("Ada"), bo.data_on("Ada"), bo.marks_on("Ada")) == ({"Neighbours"}, {"crm": "7"}, [])
    assert ("starred" in bo.find("Ada")["labels"], bool(bo.find("Ada")["photo"])) == (True, True)


def test_withdrawing_can_be_watched_to_its_end(house: House, bo: User) -> None:
    fill(house, "Customers", many(12), bo="view")
    house.sync()
    house.revoke("Customers", "bo")
    assert [(one.mailbox, one.behind) for one in standings(house.database, INTERVAL)] == [(bo.email, 12)]
    house.sync()
    assert standings(house.database, INTERVAL) == []


def test_withdrawing_that_fails_half_way_goes_on_later(house: House, bo: User) -> None:
    house.share("Customers", "Ada", "Grace", "Linus", bo="view")
    house.sync()
    house.revoke("Customers", "bo")
    house.fault("status", "people.deleteContact", "bo", status=503, skip=1, times=20)
    bo.pass_over()
    (standing,) = standings(house.database, INTERVAL)
    assert 0 < standing.behind < 3
    house.workspace.faults.clear()
    house.wait(hours=1)
    settle(house)
    assert (bo.sees(), standings(house.database, INTERVAL)) == ([], [])


# --- Users who leave. ------------------------------------------------------------------------------------------------


def leave(house: House, user: User, **how: object) -> None:
    """The Workspace suspends, archives or deletes a user, and the directory is read."""
    house.workspace.directory.change_user(user.id, **how)
    house.sync_directory()


@pytest.mark.parametrize("how", ["suspended", "archived"])
def test_a_user_who_is_away_is_paused_and_nothing_is_inferred(
    house: House, desk: Desk, bo: User, cy: User, how: str
) -> None:
    house.share("Customers", "Ada", "Grace", bo="manage", cy="view")
    house.sync()
    bo.edits("Ada", note="before leaving")
    bo.deletes("Grace")
    leave(house, bo, **{how: True})
    house.wait(days=10)
    settle_others(house, bo)
    assert (house.contacts(), cy.shows("Ada").note, house.state("bo")[0]) == (["Ada", "Grace"], "", "paused")
    assert desk.log(bo) == []
    leave(house, bo, **{how: False})
    settle(house)
    assert (house.contacts(), cy.shows("Ada").note, bo.sees("Customers")) == (["Ada"], "before leaving", ["Ada"])


def settle_others(house: House, away: User) -> None:
    """Everyone but this user becomes quiet."""
    house.sync_until_quiet(but=[away.name])


def test_what_a_deleted_user_had_shared_stays_with_the_others(house: House, bo: User, cy: User) -> None:
    house.share("Customers", "Ada", bo="manage", cy="view")
    house.sync()
    bo.makes("Dennis", under=["Customers"])
    settle(house)
    leave(house, bo, deleted=house.now())
    settle_others(house, bo)
    assert house.contacts() == cy.sees("Customers") == ["Ada", "Dennis"]


def test_a_proposal_outlives_the_user_who_made_it(house: House, desk: Desk, bo: User, cy: User) -> None:
    house.share("Customers", "Ada", bo="view", cy="view")
    house.sync()
    bo.edits("Ada", note="my last words")
    house.sync()
    leave(house, bo, deleted=house.now())
    desk.accept()
    settle_others(house, bo)
    assert cy.shows("Ada").note == "my last words"


# --- A reset, and an older backup. -----------------------------------------------------------------------------------


def persons(user: User) -> dict[str, str]:
    """Given name by source id: who stands there."""
    return {one["id"]: Shown.of(one["fields"]).given for one in user.hands.contacts()}


def back_up(house: House) -> Any:
    """The database as it is now."""
    return house.snapshot().database


def put_back(house: House, database: Any) -> None:
    """The database as it was, while the mailboxes are as they are."""
    house.database.close()
    house.store.restore(database)
    house.open()


def test_a_reset_of_every_mailbox_finds_the_same_persons_again(house: House, bo: User, cy: User) -> None:
    adopted(house, bo)
    house.put("Customers", "Linus")
    settle(house)
    before = persons(bo), persons(cy)
    house.forget_calls()
    house.sync(reset=True)
    settle(house)
    assert (persons(bo), persons(cy)) == before
    assert not [one for one in house.calls() if one.endswith(("createContact", "batchCreateContacts", "deleteContact"))]
    house.revoke("Customers", "bo")
    settle(house)
    assert bo.sees() == ["Ada"]


def test_what_was_made_after_the_backup_is_one_contact_again_from_whichever_mailboxes(
    house: House, bo: User, cy: User
) -> None:
    house.share("Customers", "Ada", bo="edit", cy="view")
    house.sync()
    backup = back_up(house)
    house.put("Customers", "Grace")
    bo.makes("Dennis", under=["Customers"])
    settle(house)
    ids = {name: house.contact_id(name) for name in ("Ada", "Grace", "Dennis")}
    before = persons(bo), persons(cy)
    put_back(house, backup)
    settle(house)
    assert (persons(bo), persons(cy)) == before
    assert {name: house.contact_id(name) for name in house.contacts()} == ids
    assert bo.sees("Customers") == cy.sees("Customers") == ["Ada", "Dennis", "Grace"]
    house.revoke("Customers", "bo", "cy")
    settle(house)
    assert (bo.sees(), cy.sees()) == (["Dennis"], [])


@pytest.mark.parametrize("order", [["bo", "cy"], ["cy", "bo"]], ids=["the editor first", "the viewer first"])
def test_what_was_edited_after_the_backup_is_not_lost(
    house: House, desk: Desk, bo: User, cy: User, order: list[str]
) -> None:
    house.share("Customers", "Ada", "Grace", bo="edit", cy="view")
    house.sync()
    backup = back_up(house)
    house.edit("Ada", note="typed after the backup")
    settle(house)
    put_back(house, backup)
    for name in order:
        house.pass_over(name)
    settle(house)
    assert house.stored("Ada").note == bo.shows("Ada").note == cy.shows("Ada").note == "typed after the backup"


def test_what_was_deleted_after_the_backup_harms_nobody(house: House, desk: Desk, bo: User, cy: User) -> None:
    house.share("Customers", "Ada", "Grace", bo="delete", cy="view")
    house.sync()
    backup = back_up(house)
    bo.deletes("Ada")
    settle(house)
    put_back(house, backup)
    settle(house)
    assert (desk.in_trash(), bo.sees(), cy.sees()) == (["Ada"], ["Grace"], ["Grace"])


def test_a_grant_forgotten_with_the_backup_leaves_its_mailbox_alone_until_it_is_given_again(
    house: House, bo: User, dag: User
) -> None:
    house.share("Customers", "Ada", "Grace", bo="edit")
    house.sync()
    backup = back_up(house)
    house.grant("Customers", dag.email, "view")
    settle(house)
    before = persons(dag)
    put_back(house, backup)
    house.forget_calls()
    house.sync()
    assert (persons(dag), house.calls("dag")) == (before, {})
    house.grant("Customers", dag.email, "view")
    settle(house)
    assert (persons(dag), dag.sees("Customers"), dag.labels()) == (before, ["Ada", "Grace"], ["Customers"])


def test_a_group_forgotten_with_the_backup_comes_to_no_harm(house: House, bo: User, cy: User) -> None:
    house.share("Customers", "Ada", bo="edit", cy="view")
    house.sync()
    backup = back_up(house)
    house.share("Partners", "Linus", bo="edit", cy="view")
    settle(house)
    before = persons(bo), persons(cy)
    put_back(house, backup)
    for _ in range(3):
        house.sync()
    house.sync(full=True)
    assert (persons(bo), persons(cy), house.contacts()) == (*before, ["Ada"])
    assert bo.sees("Partners") == cy.sees("Partners") == ["Linus"]


def test_a_forgotten_group_that_is_made_anew_takes_up_the_persons_that_stand_there(
    house: House, bo: User, cy: User
) -> None:
    house.share("Customers", "Ada", bo="edit", cy="view")
    house.sync()
    backup = back_up(house)
    house.share("Partners", "Linus", "Dennis", bo="edit", cy="view")
    settle(house)
    before = persons(bo), persons(cy)
    put_back(house, backup)
    house.sync()
    house.share("Partners", "Linus", "Dennis", bo="edit", cy="view")
    for _ in range(3):
        house.sync()
    assert (persons(bo), persons(cy)) == before


def test_a_backup_that_knows_a_removed_grant_does_not_bring_back_more_than_the_grant(
    house: House, bo: User, dag: User
) -> None:
    """What the old store grants it grants again; that is for an administrator to see. Nobody's own things are hurt."""
    house.share("Customers", "Ada", bo="edit", dag="view")
    dag.makes("Mum")
    house.sync()
    backup = back_up(house)
    house.revoke("Customers", "dag")
    settle(house)
    assert dag.sees() == ["Mum"]
    put_back(house, backup)
    settle(house)
    assert dag.sees() == ["Ada", "Mum"]


def test_an_older_backup_and_a_reset_together_make_no_twin(house: House, bo: User, cy: User) -> None:
    house.share("Customers", "Ada", bo="edit", cy="view")
    house.sync()
    backup = back_up(house)
    house.put("Customers", "Grace")
    house.edit("Ada", note="typed after the backup")
    settle(house)
    before = persons(bo), persons(cy)
    put_back(house, backup)
    house.sync(reset=True)
    settle(house)
    assert (persons(bo), persons(cy)) == before
    assert house.stored("Ada").note == "typed after the backup"


# --- Erased. ---------------------------------------------------------------------------------------------------------


def erase(house: House, name: str) -> None:
    """A contact erased on request."""
    with house.world.work(OPERATOR) as work:
        erasure.erase(work, house.contact_id(name), "asked for")


def test_what_was_erased_does_not_come_back_out_of_googles_trash(house: House, desk: Desk, bo: User, cy: User) -> None:
    house.share("Customers", "Ada", "Grace", bo="edit", cy="view")
    house.sync()
    ident = house.contact_id("Ada")
    erase(house, "Ada")
    settle(house)
    assert (bo.sees(), cy.sees()) == (["Grace"], ["Grace"])
    bo.undeletes("Ada")
    bo.keeps.add("Ada")
    house.sync()
    house.sync()
    assert (house.contacts(), cy.sees(), desk.in_trash()) == (["Grace"], ["Grace"], [])
    with pytest.raises(NotFound), house.world.work(OPERATOR) as work:
        erasure.erase(work, ident, "asked for twice")
