"""Users whom Google deleted: for twenty days they can come back; then their mailboxes end."""

from datetime import timedelta

import pytest

from sharesync.model.audit import OPERATOR
from sharesync.model.card import Card
from sharesync.model.mailbox import MailboxState
from sharesync.sandbox.directory import User as Person
from sharesync.sandbox.faults import Fault
from sharesync.services import erasure as erasure_cases
from sharesync.services.operation import status
from sharesync.store.mailboxes import directory
from sharesync.store.queries import receipts
from sharesync.store.queries.receipts import ReceiptFate
from sharesync.store.records import private_cards, proposals
from tests.beginnings import begin_shared
from tests.users import User, customer
from tests.worlds import DOMAIN, House

BO = f"bo@{DOMAIN}"


@pytest.fixture
def shared(house: House) -> House:
    """Bo and Cy see Ada."""
    begin_shared(house, "Customers", "Ada", bo="edit", cy="view")
    return house


def delete(house: House, user: User) -> None:
    """The user is deleted in the Admin console."""
    house.workspace.directory.change_user(user.id, deleted=house.workspace.now())
    house.sync_directory()


def error(house: House) -> dict[str, str]:
    """What hinders each mailbox."""
    return {one.mailbox: one.error for one in status.standings(house.database, house.world.interval)}


def test_a_deleted_user_pauses_with_the_day_and_comes_back_with_everything(shared: House, bo: User) -> None:
    delete(shared, bo)
    day = shared.workspace.now().date().isoformat()
    assert error(shared)[BO] == (
        f"The user was deleted in the Workspace on {day}."
        " Google can bring them back for 20 days; then this mailbox ends."
    )
    shared.wait(days=19)
    shared.sync_directory()
    shared.edit("Ada", note="news")
    shared.sync_until_quiet(but=["bo"])
    shared.workspace.directory.change_user(bo.id, deleted=None)
    shared.sync_directory()
    shared.sync_until_quiet()
    assert bo.shows("Ada").note == "news"
    assert shared.events("mailbox.end") == []


def test_after_twenty_days_the_mailbox_ends_and_the_grant_is_named(shared: House, bo: User) -> None:
    delete(shared, bo)
    shared.wait(days=20)
    shared.sync_directory()
    (event,) = shared.events("mailbox.end")
    assert (event["mailbox_id"], event["reason"]) == (
        bo.id, "its user was deleted and cannot be brought back; 1 contact stood there",
    )  # fmt: skip
    assert shared.query("SELECT * FROM links WHERE mailbox_id = ?", bo.id) == []
    assert shared.query("SELECT * FROM labels WHERE mailbox_id = ?", bo.id) == []
    assert list(error(shared)) == [f"cy@{DOMAIN}"]
    with shared.database.reading() as session:
        assert [(group, last) for group, _, last in directory.vanished(session)] == [("Customers", BO)]
    shared.forget_calls()
    for _ in range(2):
        shared.sync_directory()
    assert "directory.users.get" not in shared.workspace.log.counts()
    assert len(shared.events("mailbox.end")) == 1
    shared.revoke("Customers", BO)
    with shared.database.reading() as session:
        assert directory.vanished(session) == []


def test_the_receipts_of_an_erasure_close_when_the_mailbox_ends(shared: House, bo: User) -> None:
    delete(shared, bo)
    ada = shared.contact_id("Ada")
    with shared.world.work(OPERATOR) as work:
        erasure_cases.erase(work, ada, "asked for")
    shared.sync_until_quiet(but=["bo"])
    with shared.database.reading() as session:
        found = receipts.of_erasure(session, ada)
    assert found is not None
    assert [who.id for who in found.waiting] == [bo.id]
    shared.wait(days=20)
    shared.sync_directory()
    with shared.database.reading() as session:
        found = receipts.of_erasure(session, ada)
    assert found is not None
    assert found.waiting == ()
    assert [(one.mailbox.id, one.fate) for one in found.gone if one.fate is ReceiptFate.ENDED] == [
        (bo.id, ReceiptFate.ENDED)
    ]
    assert len(found.gone) == 2


def test_what_they_proposed_is_closed_with_the_reason_and_what_they_alone_might_see_goes(
    shared: House, cy: User
) -> None:
    cy.edits("Ada", note="call after nine")
    cy.pass_over()
    ada = shared.contact_id("Ada")
    with shared.world.work(OPERATOR) as work:
        private_cards.keep(work, ada, cy.id, 1, Card.parse(customer("Ada", note="hers")), asked=True)
    delete(shared, cy)
    shared.wait(days=20)
    shared.sync_directory()
    with shared.database.reading() as session:
        assert proposals.listed(session) == []
    (event,) = shared.events("proposal.dismiss")
    assert (event["contact_id"], event["mailbox_id"]) == (ada, cy.id)
    assert event["reason"].startswith("its user was deleted and cannot be brought back (")
    assert shared.query("SELECT * FROM private_cards") == []
    kept = shared.query("SELECT card FROM contact_versions WHERE contact_id = ? AND kind = 'rejected'", ada)
    assert "call after nine" in kept[0][0]


def take_out(house: House, user: User) -> Person:
    """No listing names the user any more, and nothing knows them by id."""
    people = house.workspace.directory
    taken = people.users[user.id]
    people.load(
        [one for one in people.users.values() if one.id != user.id], people.groups.values(), people.units.values()
    )
    return taken


def test_who_is_missing_and_unknown_by_id_is_deleted_from_that_day_on(shared: House, bo: User) -> None:
    take_out(shared, bo)
    shared.sync_directory()
    assert "was deleted in the Workspace" in error(shared)[BO]
    shared.wait(days=19)
    shared.sync_directory()
    assert shared.events("mailbox.end") == []
    shared.wait(days=1)
    shared.sync_directory()
    assert len(shared.events("mailbox.end")) == 1


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "status", "status": 503},
        {"kind": "status", "status": 403},
        {"kind": "status", "status": 404, "body": "<html>404</html>"},
    ],
)
def test_an_error_about_somebody_missing_says_nothing(shared: House, bo: User, fault: dict[str, object]) -> None:
    taken = take_out(shared, bo)
    shared.workspace.faults.add(Fault.of({"method": "directory.users.get", "times": None, **fault}))
    shared.sync_directory()
    assert error(shared)[BO] == ""
    assert shared.level("Customers", "bo") is not None
    people = shared.workspace.directory
    shared.workspace.faults.clear()
    people.load([*people.users.values(), taken], people.groups.values(), people.units.values())
    shared.sync_directory()
    shared.edit("Ada", note="news")
    shared.sync_until_quiet()
    assert bo.shows("Ada").note == "news"


def test_a_mailbox_that_ended_is_filled_afresh_where_its_user_is_there_after_all(shared: House, bo: User) -> None:
    taken = take_out(shared, bo)
    shared.sync_directory()
    shared.wait(days=20)
    shared.sync_directory()
    assert len(shared.events("mailbox.end")) == 1
    people = shared.workspace.directory
    people.load([*people.users.values(), taken], people.groups.values(), people.units.values())
    shared.sync_directory()
    shared.sync_until_quiet()
    assert bo.sees("Customers") == ["Ada"]
    assert [one.state for one in status.standings(shared.database, timedelta(minutes=5))] == [MailboxState.OK] * 2


def test_a_user_whom_no_grant_ever_reached_is_deleted_for_good_as_any_other(shared: House, bo: User) -> None:
    eva = shared.users["eva"]
    delete(shared, eva)
    shared.wait(days=21)
    shared.sync_directory()
    assert shared.query("SELECT count(*) FROM directory_users WHERE ended_at IS NOT NULL") == [(1,)]
    assert shared.events("mailbox.end") == []
    shared.grant("Customers", f"dag@{DOMAIN}", "view")
    shared.sync_until_quiet()
    assert shared.users["dag"].sees() == bo.sees() == ["Ada"]
