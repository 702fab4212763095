"""Delivery: what an endpoint is to be told gets there, at least once, each message under one id.

A message is written down before it is sent, and the endpoint's place in the log moves past its events in the same
transaction; its row is deleted once the message was taken. A process that is killed between the two leaves the row, and
the message is sent again under its id: nothing is lost, and at most the message in flight is repeated. No transaction
is open while it is sent. One sender has the claim on an endpoint, so two clocks do no harm. A message that is not taken
is tried again after the waits of `model/endpoint.py`, and in the end never by itself.
"""

from __future__ import annotations

import logging
import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from sharesync.endpoints.outside import Outside
from sharesync.errors import Sentence, Unreachable
from sharesync.model.audit import ActorKind, By, Event, Source
from sharesync.model.endpoint import DIGEST, GROUPED, LONGEST, EndpointState, next_wait
from sharesync.model.permission import Party
from sharesync.services import duplicates
from sharesync.services.app import World
from sharesync.services.operation import unexpected_errors
from sharesync.services.telling import composing
from sharesync.services.telling.composing import Message
from sharesync.services.telling.hearing import heard, party_of
from sharesync.services.telling.outcomes import Fate, TryOutcome
from sharesync.store.database.work import Work
from sharesync.store.records import endpoint_messages, endpoints
from sharesync.store.records.endpoint_messages import Attempt, Outgoing
from sharesync.store.records.endpoints import Endpoint

LOG = logging.getLogger("sharesync")
COURIER = By(ActorKind.SYSTEM, "courier", Source.SYNC)
CLAIM = timedelta(seconds=30)
"""How long the claim of a sender that was killed lasts. One that lives renews it while a message is under way."""
RENEWED = CLAIM / 3
AT_ONCE = 50
"""Messages after which another endpoint has its turn."""
LOOKED = 500
"""Events that are looked at in one transaction."""
STALE = timedelta(days=3)
"""What is older is told to no person any more: they would have to look what became of it. A digest says what waits."""
PATIENCE = 3
"""Tries in a row that may fail before nothing new is sent until one is tried again."""


@dataclass(frozen=True, slots=True)
class _Ready:
    """A message that is written down, and how it is sent."""

    endpoint: Endpoint
    outgoing: Outgoing
    message: Message


@dataclass(frozen=True, slots=True)
class _Tried:
    ready: _Ready
    outcome: TryOutcome
    milliseconds: int


def due(world: World) -> list[str]:
    """Ids of the endpoints that are to be told something now."""
    now = world.now()
    with world.database.reading() as session:
        listed = [one for one in endpoints.listed(session) if composing.is_told(one, world.outside)]
        if not listed:
            return []
        taken, again = endpoints.claimed(session, now), endpoint_messages.with_due(session, now)
        return [
            one.id
            for one in listed
            if one.id not in taken
            if one.id in again
            or composing.is_digest_due(one, world.outside.here(now))
            or (_may_go_on(one, now) and endpoints.news(session, one, 1))
        ]


def deliver(world: World, endpoint: str, over: threading.Event | None = None) -> int:
    """Tell one endpoint what it is to be told, until it is `over`; returns how many messages were tried."""
    with world.database.reading() as session:
        digested = any(one.id == endpoint and DIGEST in one.names for one in endpoints.listed(session))
    if digested:
        duplicates.catch_up(world.database)  # the digest says how many pairs there are
    by, tried = world.new_id(), None
    for number in range(AT_ONCE + 1):
        with world.work(COURIER) as work:
            if tried is not None:
                _write_outcome(work, tried)
            if not endpoints.claim(work, endpoint, by, work.now + CLAIM):
                return number
            found = endpoints.get(work.session, endpoint)
            goes_on = number < AT_ONCE and not (over and over.is_set())
            ready = _next(work, found, world.outside) if goes_on else None
            if ready is None:
                endpoints.give_back(work, endpoint, by)
                return number
        with _holding(world, endpoint, by):
            tried = _try(world, ready)
    return AT_ONCE


@contextmanager
def _holding(world: World, endpoint: str, by: str) -> Iterator[None]:
    """Renew the claim while a message is under way: some take longer than a claim lasts."""
    arrived = threading.Event()

    def renew() -> None:
        while not arrived.wait(RENEWED.total_seconds()):
            try:
                with world.work(COURIER) as work:
                    endpoints.claim(work, endpoint, by, work.now + CLAIM)
            except Exception as error:  # a database that is away for a moment: the next try may come in time
                LOG.warning("endpoint %s: its claim could not be renewed: %s", endpoint, unexpected_errors.trail(error))

    renewing = threading.Thread(target=renew, name="courier's claim", daemon=True)
    renewing.start()
    try:
        yield
    finally:
        arrived.set()
        renewing.join()


def _may_go_on(endpoint: Endpoint, now: datetime) -> bool:
    """Whether something new may be sent."""
    gap = GROUPED.get(endpoint.kind)
    rests = endpoint.rest_until is not None and now < endpoint.rest_until
    return not rests and (gap is None or endpoint.sent_at is None or now >= endpoint.sent_at + gap)


def _next(work: Work, endpoint: Endpoint, outside: Outside) -> _Ready | None:
    party = party_of(work.session, endpoint)
    if party is None or not composing.is_told(endpoint, outside):
        return None
    while (again := endpoint_messages.due(work.session, endpoint.id, work.now)) is not None:
        if (message := composing.again(work.session, endpoint, party, again, work.now)) is not None:
            return _Ready(endpoint, again, message)
        endpoint_messages.deliver(work, again)  # nothing of it may be told any more
    day = outside.here(work.now)
    if composing.is_digest_due(endpoint, day):
        endpoints.change(work, endpoint.id, digest_on=day.date().isoformat())
        if endpoint.digest_on is not None:  # no digest on the day on which the endpoint was made
            name = f"{composing.DIGESTED}{day.date().isoformat()}"
            if (message := composing.digest(work.session, endpoint, party, name, work.now)) is not None:
                return _Ready(endpoint, endpoint_messages.begin(work, endpoint.id, name), message)
    return _begin(work, endpoint, party) if _may_go_on(endpoint, work.now) else None


def _begin(work: Work, endpoint: Endpoint, party: Party) -> _Ready | None:
    """Write the next message down; None where there is nothing to tell."""
    found = endpoints.news(work.session, endpoint, LOOKED)
    told = heard(work.session, endpoint, party, found)
    if endpoint.kind in GROUPED:
        told = [one for one in told if one.at > work.now - STALE]
    if not told:
        if found:
            endpoints.change(work, endpoint.id, seq=found[-1].seq + 1)
        return None
    together = told if endpoint.kind in GROUPED else told[:1]
    first, last = together[0].seq, together[-1].seq
    endpoints.change(work, endpoint.id, seq=last + 1)
    outgoing = endpoint_messages.begin(work, endpoint.id, f"{first}-{last}", first, last)
    return _Ready(endpoint, outgoing, composing.composed(work.session, endpoint, outgoing, together, work.now))


def _try(world: World, ready: _Ready) -> _Tried:
    outcome, took = send(world.outside, ready.message, world.now())
    return _Tried(ready, outcome, took)


def send(outside: Outside, message: Message, now: datetime) -> tuple[TryOutcome, int]:
    """Send a message once; returns what came of it, and how many milliseconds it took."""
    begun = time.monotonic()
    try:
        outcome = message.send(outside, now)
    except Unreachable as error:
        outcome = TryOutcome(Fate.AGAIN, error.sentence)
    return outcome, round((time.monotonic() - begun) * 1000)


def note(work: Work, endpoint: str, name: str, outcome: TryOutcome, milliseconds: int) -> None:
    """Remember what came of a try."""
    attempt = Attempt(name, work.now, milliseconds, outcome.status, outcome.answer, outcome.trouble)
    endpoint_messages.note(work, endpoint, attempt)


def _write_outcome(work: Work, tried: _Tried) -> None:
    """Write what came of it."""
    endpoint, outgoing, outcome = tried.ready.endpoint, tried.ready.outgoing, tried.outcome
    note(work, endpoint.id, outgoing.name, outcome, tried.milliseconds)
    if outcome.fate is Fate.TAKEN:
        endpoint_messages.deliver(work, outgoing)
        fresh = {"sent_at": work.now, "failures": 0, "rest_until": None, "trouble": ""}
        endpoints.change(work, endpoint.id, **fresh)
        return
    again = _again(work, outgoing, outcome)
    failures = endpoint.failures + 1
    rests = outcome.fate is Fate.PAUSE or failures >= PATIENCE
    endpoint_messages.postpone(work, outgoing, again)
    resting = {"rest_until": again} if rests and again is not None else {}
    endpoints.change(work, endpoint.id, failures=failures, trouble=outcome.trouble, **resting)
    silent = endpoint.sent_at is None or endpoint.sent_at <= work.now - LONGEST
    if outcome.fate is Fate.GONE or (again is None and outcome.fate is not Fate.DEAD and silent):
        switch_off(work, endpoint.id)


def _again(work: Work, outgoing: Outgoing, outcome: TryOutcome) -> datetime | None:
    """When it is tried again; None: never by itself."""
    if outcome.fate in (Fate.DEAD, Fate.GONE):
        return None
    wait = next_wait(outgoing.tries + 1, random.random())  # nobody gains by guessing it
    return None if wait is None else max(work.now + wait, outcome.not_before or work.now)


def switch_off(work: Work, endpoint: str) -> None:
    """Tell it nothing more, until somebody switches it on again."""
    endpoints.change(work, endpoint, state=EndpointState.OFF, claim=None, claimed_until=None)
    work.record(Event("endpoint.switch_off", reason=Sentence("endpoint %(id)s", id=endpoint)))
