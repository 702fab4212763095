"""Wishes: what a person wants to be told of by mail, and that they want no more of something."""

from __future__ import annotations

from collections.abc import Collection

from sharesync.errors import NotFound, Sentence
from sharesync.model.access import Principal, PrincipalKind
from sharesync.model.audit import ActorKind, By, Event, Source
from sharesync.model.endpoint import EndpointKind, can_tell
from sharesync.model.permission import Right
from sharesync.services.telling import letters
from sharesync.services.who_may.permission import require
from sharesync.store.database.engine import Session
from sharesync.store.database.work import Work
from sharesync.store.records import endpoints

BY_LINK = By(ActorKind.SYSTEM, "unsubscribe", Source.WEB)
"""Whoever has a mail of ours in their hands."""


def choose(work: Work, names: Collection[str], language: str) -> None:
    """Let the actor, a person, be told of these by mail, in this language; none: of nothing. Raises NotAllowed."""
    require(work, Right.ENTER)
    wanted = [name for name in can_tell(EndpointKind.MAIL) if name in names]
    own = endpoints.mail_of(work.session, work.by.id)
    if own is None:
        owner = Principal(PrincipalKind.USER, work.by.id)
        made = endpoints.add(work, EndpointKind.MAIL, "", owner, events=wanted, language=language)
        reason = Sentence("%(kind)s (%(id)s)", kind=EndpointKind.MAIL.value, id=made)
        work.record(Event("endpoint.create", mailbox=work.by.id, reason=reason))
        return
    endpoints.change(work, own.id, events=wanted, language=language)
    work.record(Event("endpoint.change", reason=Sentence("endpoint %(id)s", id=own.id)))


def named(session: Session, endpoint: str, mask: int, check: str) -> tuple[str, ...]:
    """What a link in a mail of ours says is to be told no more. Raises NotFound for one that we never wrote."""
    names = letters.names_in(session, endpoint, mask, check)
    if not names:
        raise NotFound("endpoint", endpoint)
    endpoints.get(session, endpoint)
    return names


def no_more(work: Work, endpoint: str, mask: int, check: str) -> None:
    """Tell no more of what such a link is about. Raises NotFound."""
    names = named(work.session, endpoint, mask, check)
    found = endpoints.get(work.session, endpoint)
    rest = [name for name in found.names if name not in names]
    if len(rest) < len(found.names):
        endpoints.change(work, found.id, events=rest)
        work.record(Event("endpoint.change", reason=Sentence("endpoint %(id)s", id=found.id)))
