"""Passes that are cut off, because their process stops."""

from __future__ import annotations

from datetime import datetime
from itertools import count

from sharesync.jobs.passes import Passes
from sharesync.services.app import World
from tests.users import User
from tests.worlds import House


class CutShort(Passes):
    """Passes whose process is told to stop as they ask for the time, for the so manieth time."""

    def __init__(self, world: World, number: int) -> None:
        self.left = number
        super().__init__(world)

    def _moment(self) -> datetime:
        self.left -= 1
        if self.left == 0:
            self.cut()
        return super()._moment()


def test_a_pass_that_is_cut_off_anywhere_gives_its_mailbox_back_due_as_it_was(house: House, bo: User) -> None:
    house.share("Customers", "Ada", bo="view")
    before = house.snapshot()
    for number in count(1):
        house.rewind(before)
        passes = CutShort(house.world, number)
        due = next(one for one in Passes(house.world).due() if one.user_id == bo.id)
        passes.over(bo.id, due.fence)
        assert house.query("SELECT lease_until FROM mailboxes WHERE user_id = ?", bo.id) == [(None,)], number
        if passes.left > 0:
            break
        assert [one.due_at for one in Passes(house.world).due() if one.user_id == bo.id] == [due.due_at], number
    assert number > 10
    assert bo.sees("Customers") == ["Ada"]
