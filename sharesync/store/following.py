"""Following: whoever gets or loses access by what the directory says is passed over at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sharesync.store import mailboxes, reach
from sharesync.store.work import Work


@contextmanager
def followed(work: Work) -> Iterator[set[str]]:
    """What is written within changes whom access reaches by the directory: their mailboxes are made, and due now.

    Everything that writes the mirror, or what is kept beside it, does so in here. Yields a set that holds the users
    whose access has changed, or waits from now on or no longer, once it is left.
    """
    before, concerned = reach.access(work.session), set[str]()
    yield concerned
    mailboxes.ensure(work)
    concerned.update(user for user, *_ in before ^ reach.access(work.session))
    mailboxes.touch_users(work, sorted(concerned))
