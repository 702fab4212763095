"""Endpoints: made, changed, tried, told again, removed. Their owner, or an administrator, does it."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from sharesync.endpoints.outside import Outside
from sharesync.endpoints.signatures import new_secret
from sharesync.errors import InvalidInput, NotAllowed, NotFound, Sentence
from sharesync.model.access import Principal, PrincipalKind, PrincipalName
from sharesync.model.audit import ActorKind, By, Event
from sharesync.model.endpoint import HOLDS, EndpointKind, EndpointState, names_of
from sharesync.model.permission import Right
from sharesync.services.telling import composing, delivery
from sharesync.services.telling.outcomes import TryOutcome
from sharesync.services.who_may.permission import require
from sharesync.store.database import event_log
from sharesync.store.database.engine import Session
from sharesync.store.database.work import Operation, Work
from sharesync.store.mailboxes import directory
from sharesync.store.records import endpoint_messages, endpoints, groups, roles, tokens
from sharesync.store.records.endpoints import Endpoint

LONGEST_ADDRESS = 2000
_PLAIN = re.compile(r"[^\s<>(),;:\\\"\[\]]{1,254}")
"""An address of mail with nothing in it that means something in a header."""


@dataclass(frozen=True, slots=True)
class NewEndpoint:
    """An endpoint that was just made, or got a new secret: the only time that it is shown."""

    id: str
    secret: str | None


def create(
    work: Work,
    kind: EndpointKind,
    target: str,
    *,
    owner: str | None = None,
    events: Collection[str] | None = None,
    groups: Collection[str] | None = None,
) -> NewEndpoint:
    """Make one, which is told of what happens from now on. `owner`: an address or `service:NAME`; None: the asker.

    `groups`: names or ids of the only ones it is told of. Raises InvalidInput, NotFound, NotAllowed.
    """
    who = _owner(work, kind, target, owner)
    _require_for(work, who)
    names = None if events is None else names_of(kind, events)
    within = None if groups is None else tuple(_visible_group(work, one) for one in dict.fromkeys(groups))
    if within == ():
        raise InvalidInput("Name at least one group, or none at all for every group that the owner sees.")
    secret = new_secret() if kind is EndpointKind.WEBHOOK else None
    where = _target(work, kind, target, who)
    values: Mapping[str, Any] = {"events": names, "groups": _within_token(work, within), "secret": secret}
    made = endpoints.add(work, kind, where, who, **values)
    work.record(Event("endpoint.create", reason=Sentence("%(kind)s (%(id)s)", kind=kind.value, id=made)))
    return NewEndpoint(made, secret)


def speak(work: Work, endpoint: str, language: str) -> None:
    """Tell it in this language, unless its owner chose another for what they are told. Raises NotFound, NotAllowed."""
    endpoints.change(work, _own(work, endpoint).id, language=language)


def choose(work: Work, endpoint: str, events: Collection[str] | None) -> None:
    """Let it be told of these kinds of event; None: the usual ones. Raises NotFound, InvalidInput, NotAllowed."""
    found = _own(work, endpoint)
    names = None if events is None else list(names_of(found.kind, events))
    endpoints.change(work, found.id, events=names)
    _record(work, "endpoint.change", found.id)


def rotate(work: Work, endpoint: str) -> NewEndpoint:
    """Give a webhook a new secret; the former one signs beside it for a day.

    Raises NotFound, InvalidInput, NotAllowed.
    """
    found = _own(work, endpoint)
    if found.kind is not EndpointKind.WEBHOOK:
        raise InvalidInput("Only what is sent to a webhook is signed.")
    secret = new_secret()
    former = {"former_secret": found.secret, "former_until": work.now + HOLDS}
    endpoints.change(work, found.id, secret=secret, **former)
    _record(work, "endpoint.rotate", found.id)
    return NewEndpoint(found.id, secret)


def replay(work: Work, endpoint: str, since: int) -> int:
    """Tell it again of what happened from an event's number on; returns how many events that may be.

    It is switched on, where it was off. Raises NotFound, InvalidInput, NotAllowed.
    """
    found = _own(work, endpoint)
    end = event_log.size(work.session)
    if not 0 <= since <= end:
        raise InvalidInput("The log has events from 0 to %(last)s.", last=end - 1)
    endpoint_messages.forget(work, found.id, since)
    _wake(work, found.id, seq=since)
    work.record(Event("endpoint.replay", reason=Sentence("from %(number)s on (%(id)s)", number=since, id=found.id)))
    return endpoints.backlogs(work.session, [endpoints.get(work.session, found.id)])[found.id].waiting


def switch_on(work: Work, endpoint: str) -> None:
    """Tell it again, and try at once what failed. Raises NotFound, NotAllowed."""
    found = _own(work, endpoint)
    for message in endpoint_messages.undelivered(work.session, found.id):
        endpoint_messages.begin(work, found.id, message.name, message.first, message.last)
    _wake(work, found.id)
    _record(work, "endpoint.switch_on", found.id)


def remove(work: Work, endpoint: str) -> Endpoint:
    """End it: it is told nothing more, and its address is forgotten. Raises NotFound, NotAllowed."""
    found = _own(work, endpoint)
    end(work, found.id)
    return found


def end(work: Work, endpoint: str) -> None:
    """End an endpoint; the caller has asked for the right."""
    endpoints.remove(work, endpoint)
    _record(work, "endpoint.remove", endpoint)


def test(operation: Operation, outside: Outside, endpoint: str) -> TryOutcome:
    """Send a test at once, and say what came of it. Raises NotFound, NotAllowed."""
    with operation.piece() as work:
        found = _own(work, endpoint)
        _record(work, "endpoint.test", found.id)
        spoken, name, now = composing.spoken(work.session, found), f"test-{work.new_id()}", work.now
    outcome, took = delivery.send(outside, composing.test(spoken, name, now), now)
    with operation.piece() as work:
        delivery.note(work, found.id, name, outcome, took)
    return outcome


def _wake(work: Work, endpoint: str, **values: Any) -> None:
    awake = {"state": EndpointState.ON, "failures": 0, "rest_until": None, "trouble": ""}
    endpoints.change(work, endpoint, **awake, **values)


def _record(work: Work, action: str, endpoint: str) -> None:
    work.record(Event(action, reason=Sentence("endpoint %(id)s", id=endpoint)))


# --- Whose it is -----------------------------------------------------------------------------------------------------


def owner_of(session: Session, by: By) -> Principal | None:
    """For whom the actor makes an endpoint, if nobody else is named."""
    match by.kind:
        case ActorKind.USER:
            return Principal(PrincipalKind.USER, by.id)
        case ActorKind.TOKEN:
            return tokens.get(session, by.id).owner
        case _:
            return None


def _owner(work: Work, kind: EndpointKind, target: str, owner: str | None) -> Principal:
    if owner is not None:
        meant = PrincipalName.parse(owner)
        if meant.kind not in (PrincipalKind.USER, PrincipalKind.SERVICE):
            raise InvalidInput("An endpoint is one person’s or one service’s: someone@x.test or service:NAME.")
        return directory.principal(work.session, meant)
    if (acting := owner_of(work.session, work.by)) is not None:
        return acting
    if kind is EndpointKind.MAIL:
        return directory.principal(work.session, PrincipalName(PrincipalKind.USER, target.strip().casefold()))
    there = [one.user_id for one in roles.administrators(work.session)]
    if len(there) != 1:
        raise InvalidInput("Say whose it is: an endpoint is told what its owner may see (--owner).")
    return Principal(PrincipalKind.USER, there[0])


def _require_for(work: Work, owner: Principal) -> None:
    if owner_of(work.session, work.by) == owner:
        require(work, Right.ENTER)
    elif work.by.kind is ActorKind.TOKEN:
        raise NotAllowed("A program makes endpoints for its owner alone.")
    else:
        require(work, Right.ADMINISTER)
    if owner.kind is PrincipalKind.USER and directory.paused(work.session, owner.subject):
        raise InvalidInput("This account is suspended, archived or deleted; nothing would be told.")


def _own(work: Work, endpoint: str) -> Endpoint:
    """It, where the actor may change it. Raises NotFound also for one that is another's."""
    found = endpoints.get(work.session, endpoint)
    if owner_of(work.session, work.by) == found.owner:
        require(work, Right.ENTER)
        return found
    if work.by.kind is ActorKind.TOKEN:
        raise NotFound("endpoint", endpoint)
    require(work, Right.ADMINISTER)
    return found


def _within_token(work: Work, within: tuple[str, ...] | None) -> tuple[str, ...] | None:
    """A token for certain groups makes an endpoint for none but these."""
    if work.by.kind is not ActorKind.TOKEN:
        return within
    only = tokens.get(work.session, work.by.id).groups
    return only if within is None else within


def _visible_group(work: Work, name_or_id: str) -> str:
    found = groups.find_id(work.session, name_or_id)
    require(work, Right.VIEW, (found,), name=name_or_id)
    return found


def _target(work: Work, kind: EndpointKind, target: str, owner: Principal) -> str:
    """The address as it is kept. One of the web is not repeated where it is wrong: it may hold a secret.

    Mail to the owner goes wherever that one is reached now, and once.
    """
    address = target.strip()
    if kind is EndpointKind.MAIL:
        local, _, domain = address.rpartition("@")
        if not local or "." not in domain or not address.isascii() or not _PLAIN.fullmatch(address):
            raise InvalidInput("“%(text)s” is no address of mail; write one such as someone@example.com.", text=address)
        its = directory.addresses(work.session, owner.subject) if owner.kind is PrincipalKind.USER else set()
        where = "" if address.casefold() in its else address
        if any(one.kind is kind and one.target == where for one in endpoints.listed(work.session, owner)):
            raise InvalidInput("%(address)s is told by mail already.", address=address)
        return where
    try:
        parts = urlsplit(address)
        valid = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0 and not parts.username
    except ValueError:
        valid = False
    if not valid or len(address) > LONGEST_ADDRESS or not address.isprintable() or " " in address:
        raise InvalidInput("This is no address of the web; write one such as https://example.com/told.")
    return address


def shown_target(endpoint: Endpoint) -> str:
    """The address as it may be shown: of one of the web the host alone, as the rest is often a secret."""
    if endpoint.kind is EndpointKind.MAIL:
        return endpoint.address
    parts = urlsplit(endpoint.target)
    return f"{parts.scheme}://{parts.netloc}/…"
