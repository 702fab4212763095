"""Services: programs that are principals of their own, and outlive whoever set them up."""

from __future__ import annotations

from sharesync.errors import InvalidInput
from sharesync.model.access import Principal, PrincipalKind, service_name
from sharesync.model.audit import Event
from sharesync.model.permission import Right
from sharesync.services import grants
from sharesync.services.telling import endpoints as endpoint_cases
from sharesync.services.who_may import tokens as token_cases
from sharesync.services.who_may.permission import require
from sharesync.store.database.work import Work
from sharesync.store.records import endpoints, services, tokens
from sharesync.store.records.services import Service


def create(work: Work, name: str) -> Service:
    """Make a service that may do nothing yet. Raises InvalidInput, also for a name that is taken; NotAllowed."""
    require(work, Right.ADMINISTER)
    called = service_name(name)
    if any(one.name == called for one in services.listed(work.session)):
        raise InvalidInput("There is a service “%(name)s” already; choose another name.", name=called)
    service = Service(work.new_id(), called, work.now)
    services.add(work, service.id, called)
    work.record(Event("service.create", reason=called))
    return service


def remove(work: Work, name: str) -> int:
    """End a service, its grants, tokens and endpoints; returns how many tokens ended.

    Raises InvalidInput, NotFound, NotAllowed.
    """
    require(work, Right.ADMINISTER)
    called = service_name(name)
    found = services.find_id(work.session, called)
    work.record(Event("service.remove", reason=called))
    its = Principal(PrincipalKind.SERVICE, found)
    ended = tokens.listed(work.session, its)
    for token in ended:
        token_cases.end(work, token)
    for endpoint in endpoints.listed(work.session, its):
        endpoint_cases.end(work, endpoint.id)
    for group, level in services.remove(work, found):
        grants.tell(work, group, its, level, None)
    return len(ended)
