"""Departed mailboxes: those of users whom Google deleted end once nobody can bring the users back any more."""

from __future__ import annotations

from collections.abc import Collection

from sharesync.errors import Contacts, Sentence
from sharesync.model.audit import By, Event
from sharesync.services import holds, proposals
from sharesync.services.app import World
from sharesync.services.directory_events import tell_ended
from sharesync.store.database.work import Work
from sharesync.store.mailboxes import departed, links


def end_mailboxes(world: World, by: By, gone: Collection[str]) -> None:
    """End the mailboxes of the users among these who cannot be brought back, each in a transaction of its own.

    Directory has just said of all of them that there is no such user.
    """
    with world.database.reading() as session:
        over = departed.over(session, gone, world.now())
    for user in over:
        with world.work(by) as work:
            _end(work, user)


def _end(work: Work, user: str) -> None:
    standing, owed = departed.standing(work.session, user), departed.awaited(work.session, user)
    tell_ended(work, departed.end(work, user))
    proposals.close_of_departed(work, user)
    if standing is None:
        return  # no pass was ever made there, so nothing waits
    holds.close_moot(work, user, links.known(work.session, user))
    reason = Sentence(
        "its user was deleted and cannot be brought back; %(contacts)s stood there", contacts=Contacts(standing)
    )
    work.record(Event("mailbox.end", mailbox=user, reason=reason))
    for contact, erasure in sorted(owed.items()):
        work.record(Event("person.end", contact=contact, mailbox=user, cause=erasure))
