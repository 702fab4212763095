"""Metrics: what this process has done since it started, for Prometheus to read.

A registry of our own: a test or a second world in one process does not count for the first. No label names anyone: a
reason is one of our own sentences, which never repeat what Google said about a contact.
"""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Histogram

from sharesync.model.mailbox import MailboxState
from sharesync.services.operation.pass_report import PassReport, Tally

_SECONDS = (0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300)
FINE = (MailboxState.OK, MailboxState.PAUSED)


class Metrics:
    """The metrics of one process."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._passes = Counter(
            "sharesync_passes", "Passes over mailboxes, by how they ended", ["outcome"], registry=self.registry
        )
        self._failures = Counter(
            "sharesync_pass_failures", "Passes that did not end well, by reason", ["reason"], registry=self.registry
        )
        self._seconds = Histogram(
            "sharesync_pass_seconds", "How long a pass took", buckets=_SECONDS, registry=self.registry
        )
        self._contacts = Counter(
            "sharesync_contacts",
            "Contacts that a pass dealt with, by what became of them",
            ["deed"],
            registry=self.registry,
        )
        self._calls = Counter(
            "sharesync_google_calls", "Requests to the People API, retries too", ["method"], registry=self.registry
        )
        self._quota = Counter(
            "sharesync_google_quota_units", "Quota units used, by kind", ["kind"], registry=self.registry
        )
        self._mishaps = Counter("sharesync_mishaps", "Passes that a fault of ours ended", registry=self.registry)
        self._requests = Counter(
            "sharesync_http_requests", "Requests to the web page", ["view", "method", "status"], registry=self.registry
        )
        self._answers = Histogram(
            "sharesync_http_seconds", "How long an answer of the web page took", ["view"], registry=self.registry
        )

    def passed(self, report: PassReport) -> None:
        """A pass ended."""
        self._passes.labels(report.outcome.value).inc()
        if report.outcome not in FINE:
            self._failures.labels(report.reason.partition(";")[0][:120]).inc()
        self._seconds.observe(report.seconds)
        for deed in Tally.__slots__:
            self._contacts.labels(deed).inc(getattr(report.tally, deed))
        for method, number in report.calls.items():
            self._calls.labels(method).inc(number)
        for kind, units in report.quota.items():
            self._quota.labels(kind).inc(units)

    def mishap(self) -> None:
        """A fault of ours ended a pass."""
        self._mishaps.inc()

    def answered(self, view: str, method: str, status: int, seconds: float) -> None:
        """The web page answered."""
        self._requests.labels(view, method, str(status)).inc()
        self._answers.labels(view).observe(seconds)


METRICS = Metrics()
"""Those of this process: worker and web page of one `sharesync run` count here."""
