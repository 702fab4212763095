"""Hearing: which events an endpoint is told of: those of its kinds and groups that its owner may see at that moment."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

from sharesync.model.access import Level, PrincipalKind
from sharesync.model.audit import Source
from sharesync.model.endpoint import TOLD, EndpointKind, Hears
from sharesync.model.permission import Party
from sharesync.services.who_may.permission import service_party, user_party
from sharesync.store.database.engine import Session
from sharesync.store.records import access_paths, contacts, endpoints, roles
from sharesync.store.records.endpoints import Endpoint


class Logged(Protocol):
    """An event as the log keeps it."""

    seq: Any
    id: Any
    at: Any
    action: Any
    actor_kind: Any
    source: Any
    outcome: Any
    group_id: Any
    contact_id: Any
    mailbox_id: Any
    fields: Any
    after_version: Any
    reason: Any
    actor: Any


@dataclass(frozen=True, slots=True)
class ToldEvent:
    """An event as it is told: no value of a contact, and nothing that its owner may not see."""

    name: str
    action: str
    seq: int
    id: str
    at: datetime
    group: str | None
    contact: str | None
    user: str | None
    """Google's id of the user whose mailbox it is about."""
    fields: tuple[str, ...]
    version: int | None
    directory: bool
    """Whether Directory is its cause."""
    reason: str


def party_of(session: Session, endpoint: Endpoint) -> Party | None:
    """What the owner may at this moment; None where they may nothing."""
    if not endpoint.owner_there:
        return None
    if endpoint.owner.kind is PrincipalKind.SERVICE:
        return service_party(session, endpoint.owner.subject)
    return user_party(session, endpoint.owner.subject, roles.of(session, endpoint.owner.subject))


def heard(session: Session, endpoint: Endpoint, party: Party, events: Sequence[Logged]) -> list[ToldEvent]:
    """Those of the events that it is told of, in their order."""
    told = [event for event in events if event.outcome in TOLD[event.action].outcomes]
    holders = _holders(session, {event.contact_id for event in told if event.contact_id})
    places = {event.group_id for event in told if event.group_id}.union(*holders.values())
    # The former viewers of a deleted group are told so, and what became of its contacts.
    party = replace(party, levels={**access_paths.former_levels(session, endpoint.owner, places), **party.levels})
    return [_as_told(event) for event in told if _hears(session, endpoint, party, event, holders)]


def _as_told(event: Logged) -> ToldEvent:
    return ToldEvent(
        TOLD[event.action].name,
        event.action,
        event.seq,
        event.id,
        event.at,
        event.group_id,
        event.contact_id,
        event.mailbox_id if TOLD[event.action].hears is not Hears.VIEWERS else None,
        tuple(event.fields),
        event.after_version,
        event.source is Source.DIRECTORY,
        event.reason,
    )


def _holders(session: Session, wanted: set[str]) -> dict[str, Collection[str]]:
    """The groups through which each contact can be seen; of one that is gone for good, those that it was in."""
    found: dict[str, Collection[str]] = dict(contacts.held_by(session, wanted))
    for contact in wanted - found.keys():
        found[contact] = contacts.left_groups(session, contact) or endpoints.groups_once(session, contact)
    return found


def _hears(
    session: Session, endpoint: Endpoint, party: Party, event: Logged, holders: dict[str, Collection[str]]
) -> bool:
    telling = TOLD[event.action]
    own = endpoint.owner.kind is PrincipalKind.USER and endpoint.owner.subject == event.mailbox_id
    if endpoint.kind is EndpointKind.MAIL and telling.name == "proposal.decided":
        return own  # the others decided it themselves
    if endpoint.kind is EndpointKind.MAIL and telling.name == "token.ended" and event.mailbox_id is not None:
        # Not who ended their own token. The end of a service's token is told to all who may see it.
        return own and event.actor != event.mailbox_id
    # Who is in a group sees what joins and leaves it; a contact is seen through any group that holds it.
    through = [event.group_id] if event.group_id else holders.get(event.contact_id or "", [])
    if event.contact_id and event.action not in ("group.add", "group.take"):
        through = holders.get(event.contact_id, [])
    if endpoint.groups is not None and not set(through) & set(endpoint.groups):
        return False
    if party.role is not None:
        return True
    match telling.hears:
        case Hears.VIEWERS:
            return party.level(through) is not None
        case Hears.MANAGERS if event.source is not Source.DIRECTORY:
            arose = _arose(session, event, through)
            return party.level(arose) is Level.MANAGE or (own and telling.name == "proposal.decided")
        case Hears.OVERSEERS:
            return own
        case _:
            return False


def _arose(session: Session, event: Logged, through: Collection[str]) -> Collection[str]:
    """Where a proposal or a conflict arose: in the groups through which its user sees the contact."""
    if event.contact_id is None or event.mailbox_id is None:
        return through
    seen = access_paths.levels(session, event.mailbox_id)
    return [group for group in through if group in seen]
