"""A change in the store reaches a mailbox by one call, unread; whoever was quicker there is not written over."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from sharesync.mailbox_pass.order import WOKEN
from sharesync.mailbox_pass.run import run_pass
from sharesync.store.mailboxes import claims
from tests.beginnings import begin_shared
from tests.users import User
from tests.worlds import INTERVAL, PULL, House

ONE = {"people.updateContact": 1}


@pytest.fixture(autouse=True)
def shared(house: House) -> None:
    begin_shared(house, "Customers", "Ada", "Grace", "Linus", bo="edit", cy="view")


def test_an_edit_is_one_call_in_each_mailbox_and_nobody_is_listed(house: House, bo: User, cy: User) -> None:
    house.edit("Ada", note="told to everyone")
    assert [house.wake(name).calls for name in ("bo", "cy")] == [ONE, ONE]
    assert (bo.shows("Ada").note, cy.shows("Ada").note) == ("told to everyone", "told to everyone")
    house.sync_until_quiet()


def test_every_edit_is_written_unread_but_the_reading_is_due_when_it_was(house: House, bo: User) -> None:
    def due() -> str:
        return str(house.query("SELECT due_at FROM mailboxes WHERE user_id = ?", bo.id)[0][0])

    before = due()
    house.edit("Ada", note="one")
    assert house.wake("bo").calls == ONE
    house.wait(seconds=INTERVAL.total_seconds() / 2)
    house.edit("Grace", note="two")
    assert (house.wake("bo").calls, due() <= before) == (ONE, True)
    bo.edits("Linus", note="from bo")
    house.wait(seconds=INTERVAL.total_seconds())
    assert house.wake("bo").tally.accepted == 1


def edits(bo: User) -> None:
    bo.edits("Ada", phones=["+45 33 12 34 56"])


def deletes(bo: User) -> None:
    bo.deletes("Ada")


def takes_the_label_off(bo: User) -> None:
    bo.takes("Customers", "Ada")


@pytest.mark.parametrize("acts", [edits, deletes, takes_the_label_off])
def test_where_the_user_was_quicker_the_mailbox_is_read(house: House, bo: User, acts: Callable[[User], None]) -> None:
    acts(bo)
    house.edit("Ada", note="from the web page")
    report = house.wake("bo")
    assert report.calls.keys() >= PULL.keys()
    assert bo.shows("Ada").note == "from the web page"
    house.sync_until_quiet()
    assert bo.shows("Ada").phones == (("+45 33 12 34 56",) if acts is edits else bo.shows("Ada").phones)


def test_what_is_more_than_an_edit_is_read_first(house: House, bo: User) -> None:
    house.take("Customers", "Grace")
    assert house.wake("bo").calls.keys() >= PULL.keys()
    house.share("Customers", "Mary")
    assert house.wake("bo").calls.keys() >= PULL.keys()
    assert bo.sees() == ["Ada", "Linus", "Mary"]


def test_after_a_failure_the_mailbox_is_read(house: House, bo: User) -> None:
    house.edit("Ada", note="one")
    house.fault("status", "people.updateContact", "bo", status=503)
    house.wake("bo")
    house.wait(minutes=60)
    assert house.wake("bo").calls.keys() >= PULL.keys()
    house.sync_until_quiet()
    assert bo.shows("Ada").note == "one"


def test_a_mailbox_in_which_nothing_happens_is_read_seldomer_and_one_that_changed_sooner(
    house: House, bo: User
) -> None:
    patient = replace(house.world, interval=timedelta(hours=2), lively=INTERVAL)

    def reads(user: User, hours: int) -> int:
        """How often the clock has it read in so many hours."""
        number = 0
        for _ in range(hours * 3600 // int(INTERVAL.total_seconds())):
            house.wait(seconds=INTERVAL.total_seconds())
            with house.database.reading() as session:
                due = {mailbox.user_id for mailbox in claims.due(session, house.now(), patient.interval)}
            if user.id in due:
                number += bool(run_pass(patient, user.id, WOKEN).calls["people.connections.list"])
        return number

    house.wait(days=3)
    assert reads(bo, 12) in (6, 7)
    bo.edits("Ada", note="from bo")
    reads(bo, 2)
    often = reads(bo, 1)
    assert often * INTERVAL >= timedelta(minutes=20)
    assert house.pass_over("bo").calls == PULL
