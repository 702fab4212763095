"""Composing: the message by which an endpoint of each kind is told of some events, of what waits, or of nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Protocol

from sharesync.endpoints.outside import Outside
from sharesync.model.access import Level, PrincipalKind
from sharesync.model.endpoint import DIGEST, EndpointKind, EndpointState
from sharesync.model.permission import Party
from sharesync.services.telling import letters, webhooks
from sharesync.services.telling.chats import ChatMessage
from sharesync.services.telling.hearing import ToldEvent, heard
from sharesync.services.telling.letters import Letter
from sharesync.services.telling.lines import lines
from sharesync.services.telling.outcomes import TryOutcome
from sharesync.services.telling.webhooks import WebhookMessage
from sharesync.store.database.engine import Session
from sharesync.store.queries import digests
from sharesync.store.records import endpoints
from sharesync.store.records.endpoint_messages import Outgoing
from sharesync.store.records.endpoints import Endpoint

HOUR = 8
"""When digests are sent, by the company's clock."""
DIGESTED = "digest-"
"""How the names of digests begin."""


class Message(Protocol):
    """What can be sent."""

    def send(self, outside: Outside, now: datetime) -> TryOutcome:
        """Send it once. Raises Unreachable."""


def is_told(endpoint: Endpoint, outside: Outside) -> bool:
    """Whether anything is sent to it at all."""
    can = endpoint.kind is not EndpointKind.MAIL or outside.mail is not None
    return can and endpoint.state is EndpointState.ON and endpoint.owner_there


def is_digest_due(endpoint: Endpoint, here: datetime) -> bool:
    """Whether it is to be told what waits; `here`: the moment by the company's clock."""
    wants = endpoint.kind is EndpointKind.MAIL and DIGEST in endpoint.names
    early = endpoint.digest_on is not None and (here.hour < HOUR or here.date().isoformat() <= endpoint.digest_on)
    return wants and not early


def composed(
    session: Session, endpoint: Endpoint, outgoing: Outgoing, told: Sequence[ToldEvent], now: datetime
) -> Message:
    """The message that tells of these events."""
    if endpoint.kind is EndpointKind.WEBHOOK:
        body, secrets = webhooks.body_of(session, told[0]), tuple(endpoint.secrets(now))
        return WebhookMessage(endpoint.target, told[0].id, body, secrets)
    endpoint = spoken(session, endpoint)
    user = endpoint.owner.subject if endpoint.owner.kind is PrincipalKind.USER else None
    said = tuple(lines(session, told, own=user))
    if endpoint.kind is EndpointKind.CHAT:
        return ChatMessage(endpoint.target, endpoint.language, said)
    no_more = letters.no_more_path(session, endpoint.id, {one.name for one in told})
    ident = f"{endpoint.id}.{outgoing.name}"
    return Letter(endpoint.address, endpoint.language, ident, letters.NEWS, said, no_more)


def spoken(session: Session, endpoint: Endpoint) -> Endpoint:
    """An endpoint in its owner's language, as they chose it for what they are told by mail; else in its own."""
    person = endpoint.owner.subject if endpoint.owner.kind is PrincipalKind.USER else ""
    own = endpoints.mail_of(session, person) if person else None
    return replace(endpoint, language=own.language) if own and own.language else endpoint


def again(session: Session, endpoint: Endpoint, party: Party, outgoing: Outgoing, now: datetime) -> Message | None:
    """A message that was written down before, with what may be told of it now; None: nothing."""
    if outgoing.name.startswith(DIGESTED):
        return digest(session, endpoint, party, outgoing.name, now)
    found = endpoints.events(session, endpoint, outgoing.first, outgoing.last)
    told = heard(session, endpoint, party, found)
    return composed(session, endpoint, outgoing, told, now) if told else None


def digest(session: Session, endpoint: Endpoint, party: Party, name: str, now: datetime) -> Message | None:
    """What waits for the owner on the day by which it is named; None where nothing does."""
    managed = frozenset(group for group, level in party.levels.items() if level is Level.MANAGE)
    today = date.fromisoformat(name.removeprefix(DIGESTED))
    is_person = endpoint.owner.kind is PrincipalKind.USER
    doer = digests.Doer(endpoint.owner.subject, today, party.visible) if is_person else None
    said = letters.lines_of(digests.digest(session, None if party.role else managed, now, doer))
    if not said:
        return None
    no_more, endpoint = letters.no_more_path(session, endpoint.id, {DIGEST}), spoken(session, endpoint)
    return Letter(endpoint.address, endpoint.language, f"{endpoint.id}.{name}", letters.DAILY, said, no_more)


def test(endpoint: Endpoint, name: str, now: datetime) -> Message:
    """What shows whether anything arrives."""
    match endpoint.kind:
        case EndpointKind.WEBHOOK:
            return WebhookMessage(endpoint.target, name, webhooks.body_of_test(now), tuple(endpoint.secrets(now)))
        case EndpointKind.CHAT:
            return ChatMessage(endpoint.target, endpoint.language, ())
        case EndpointKind.MAIL:
            return Letter(endpoint.address, endpoint.language, f"{endpoint.id}.{name}", letters.TEST, (), "")
