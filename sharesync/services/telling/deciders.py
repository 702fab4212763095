"""Deciders: people who are told by mail without having asked.

They decide or wait for a decision, have something to do or to look through, or own a token.
"""

from __future__ import annotations

from sharesync.errors import Sentence
from sharesync.model.access import Principal, PrincipalKind
from sharesync.model.audit import Event
from sharesync.model.endpoint import EndpointKind
from sharesync.services.app import World
from sharesync.services.telling.delivery import COURIER
from sharesync.store.database.engine import Session
from sharesync.store.mailboxes import directory
from sharesync.store.records import access_paths, endpoints, entries, proposals, reviews, roles, tokens


def ensure(world: World) -> None:
    """Give each of them a mail endpoint, where mail is set up, but not to those who have removed theirs."""
    if world.outside.mail is None:
        return
    with world.database.reading() as session:
        missing = _deciders(session) - endpoints.owners(session, EndpointKind.MAIL)
    if not missing:
        return
    with world.work(COURIER) as work:
        for user in sorted(missing - endpoints.owners(work.session, EndpointKind.MAIL)):
            if not directory.paused(work.session, user):
                made = endpoints.add(work, EndpointKind.MAIL, "", Principal(PrincipalKind.USER, user))
                reason = Sentence("%(kind)s (%(id)s)", kind=EndpointKind.MAIL.value, id=made)
                work.record(Event("endpoint.create", mailbox=user, reason=reason))


def _deciders(session: Session) -> set[str]:
    found = {one.user_id for one in roles.administrators(session)} | set(access_paths.managers(session))
    found |= {one.user_id for one in proposals.listed(session)} | entries.doers(session)
    return found | tokens.owners(session) | reviews.asked(session)
