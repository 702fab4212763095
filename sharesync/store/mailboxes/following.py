"""Following the directory: a mailbox whose user gets or loses access by it is due at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sharesync.store.database.work import Work
from sharesync.store.mailboxes import claims
from sharesync.store.records import access_paths


@contextmanager
def followed(work: Work) -> Iterator[set[str]]:
    """Around a write that changes whom access reaches by the directory: their mailboxes are made, and due now.

    Everything that writes the mirror, or what is kept beside it, does so in here. Yields a set that holds the users
    whose access has changed, or waits from now on or no longer, once it is left.
    """
    before, concerned = access_paths.access(work.session), set[str]()
    yield concerned
    claims.ensure(work)
    concerned.update(user for user, *_ in before ^ access_paths.access(work.session))
    claims.touch_users(work, sorted(concerned))
