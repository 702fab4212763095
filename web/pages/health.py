"""Health: what a machine asks that watches over us. It learns how we fare, and of no person.

`/healthz`: this process answers. `/readyz`: it can do its work. `/metrics`, for Prometheus: only for this machine, or
with the token of SHARESYNC_METRICS_TOKEN, for it tells how much there is and how it fares.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterator

from flask import abort, current_app, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily, Metric

from sharesync.model.hosts import is_here
from sharesync.model.mailbox import MailboxState
from sharesync.services.app import World
from sharesync.services.operation.metrics import METERS
from sharesync.store.database import health
from sharesync.store.queries import overview, queues
from web.frame.guard import FORWARDED, asked_host
from web.frame.limits import limiter
from web.frame.live import settings, the_world
from web.frame.needs import OPEN, Pages
from web.words.terms import freshness

pages = Pages("health", __name__)
TEXT = {"Content-Type": "text/plain; charset=utf-8"}


@pages.get("/healthz", needs=OPEN)
@limiter.exempt
def alive() -> tuple[str, int, dict[str, str]]:
    """This process answers."""
    return "ok\n", 200, TEXT


@pages.get("/readyz", needs=OPEN)
@limiter.exempt
def ready() -> tuple[str, int, dict[str, str]]:
    """The database answers and has today's tables, and people can sign in."""
    tables = health.tables(the_world().database)
    problem = (
        "the database does not answer"
        if tables is health.Tables.UNREADABLE
        else "the database is to be brought up to date: sharesync init"
        if tables is not health.Tables.CURRENT
        else "sign-in is not set up"
        if not settings().sign_in_is_set
        else ""
    )
    return f"{problem or 'ready'}\n", 503 if problem else 200, TEXT


@pages.get("/metrics", needs=OPEN)
@limiter.exempt
def metrics() -> tuple[bytes, int, dict[str, str]]:
    """What Prometheus reads."""
    if not _may_measure():
        abort(404)
    registry = CollectorRegistry()
    registry.register(_Standing(the_world()))
    return generate_latest(METERS.registry) + generate_latest(registry), 200, {"Content-Type": CONTENT_TYPE_LATEST}


def _may_measure() -> bool:
    token = settings().metrics_token
    given = request.authorization
    if token is not None:
        known = given.token if given and given.type == "bearer" and given.token else ""
        return hmac.compare_digest(known.encode(), token.encode())
    passed_on = current_app.config["BEHIND_PROXY"] or any(one in request.headers for one in FORWARDED)
    # A page elsewhere whose name was pointed at this machine (DNS rebinding) asks under that name.
    return is_here(request.remote_addr or "") and is_here(asked_host()) and not passed_on


class _Standing:
    """How everything stands in the store at the moment it is asked."""

    def __init__(self, world: World) -> None:
        self._world = world

    def collect(self) -> Iterator[Metric]:
        """Every gauge, from one look into the store."""
        now = self._world.now()
        with self._world.database.reading() as session:
            alike = overview.look(session, now, self._world.interval, 0).alike
            due = overview.due(session, now, self._world.interval)
            waits = queues.counts(session, None)
        states = GaugeMetricFamily("sharesync_mailboxes", "Mailboxes, by state", labels=["state"])
        for state in MailboxState:
            states.add_metric([state.value], sum(one.number for one in alike if one.state is state))
        yield states
        yield GaugeMetricFamily("sharesync_mailboxes_due", "Mailboxes that wait for a pass", value=due)
        behind = sum(one.behind or 0 for one in alike)
        yield GaugeMetricFamily("sharesync_contacts_behind", "Contacts on their way, by the last passes", value=behind)
        oldest = freshness(alike).oldest or now
        yield GaugeMetricFamily(
            "sharesync_lag_seconds",
            "Age of the oldest change still on its way",
            value=max((now - oldest).total_seconds(), 0.0),
        )
        decisions = GaugeMetricFamily("sharesync_waiting", "What waits for a person, by kind", labels=["kind"])
        for kind, number in (("holds", waits.holds), ("proposals", waits.proposals), ("conflicts", waits.conflicts)):
            decisions.add_metric([kind], number)
        yield decisions
