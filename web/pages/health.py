"""Health: what a machine asks that watches over us. It learns how we fare, and of no person.

`/healthz`: this process answers. `/readyz`: it can do its work. `/metrics`, for Prometheus: only for this machine, or
with the token of SHARESYNC_METRICS_TOKEN, for it tells how much there is and how it fares.
"""

from __future__ import annotations

import hmac
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime

from flask import abort, current_app, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily, Metric

from sharesync.model.hosts import is_here
from sharesync.model.mailbox import MailboxState
from sharesync.services.app import World
from sharesync.services.operation.metrics import METRICS
from sharesync.store.database import event_log, health
from sharesync.store.queries import neglect, overview, queues
from sharesync.store.queries.overview import BehindMailboxes
from web.frame.guard import FORWARDED, asked_host
from web.frame.limits import limiter
from web.frame.live import settings, the_world
from web.frame.needs import OPEN, Pages
from web.words.refusals import template_of
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
    return generate_latest(METRICS.registry) + generate_latest(registry), 200, {"Content-Type": CONTENT_TYPE_LATEST}


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
            alike = overview.look(session, now, self._world.interval).alike
            due = overview.due(session, now, self._world.interval)
            waits = queues.counts(session, None)
            late = overview.behind(session)
            neglected = neglect.neglected(session, now, self._world.interval), event_log.waiting_since(session)
            read_at = neglect.directory_read_at(session)
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
            value=_seconds(oldest, now),
        )
        yield from _behind(late, now)
        for (name, what), since in zip(_NEGLECT, neglected, strict=True):
            yield GaugeMetricFamily(name, what, value=_seconds(since, now))
        if read_at is not None:
            what = "Since the directory was last read"
            yield GaugeMetricFamily("sharesync_directory_age_seconds", what, value=_seconds(read_at, now))
        decisions = GaugeMetricFamily("sharesync_waiting", "What waits for a person, by kind", labels=["kind"])
        for kind, number in (("holds", waits.holds), ("proposals", waits.proposals), ("conflicts", waits.conflicts)):
            decisions.add_metric([kind], number)
        yield decisions


_NEGLECT = (
    ("sharesync_neglected_seconds", "Since when a mailbox has been due while nobody passes over any; else 0"),
    ("sharesync_unnumbered_seconds", "Age of the oldest event of the change log that has no number yet"),
)


def _behind(late: Sequence[BehindMailboxes], now: datetime) -> Iterator[Metric]:
    """Who is behind and why: how many, and for how long, by state and by the sentence that says what hinders them."""
    numbers, oldest = Counter[tuple[str, str]](), dict[tuple[str, str], datetime]()
    for one in late:
        # By its template: a value in it may be the name of a label.
        why = one.state.value, one.reason and (template_of(one.reason) or "another reason")
        numbers[why] += one.number
        oldest[why] = min(one.since, oldest.get(why, one.since))
    labels = ["state", "reason"]
    behind = GaugeMetricFamily("sharesync_mailboxes_behind", "Mailboxes that something is on its way to", labels=labels)
    waiting = GaugeMetricFamily("sharesync_mailboxes_behind_seconds", "For how long, the oldest of them", labels=labels)
    for why, number in numbers.items():
        behind.add_metric(why, number)
        waiting.add_metric(why, _seconds(oldest[why], now))
    yield behind
    yield waiting


def _seconds(since: datetime | None, now: datetime) -> float:
    return max((now - since).total_seconds(), 0.0) if since else 0.0
