"""Endpoints, read-only, for pages and the API."""

from __future__ import annotations

from sharesync.store.records.endpoint_messages import Attempt, Outgoing, attempts, undelivered
from sharesync.store.records.endpoints import Backlog, Endpoint, backlogs, get, listed, mail_of

__all__ = [
    "Attempt",
    "Backlog",
    "Endpoint",
    "Outgoing",
    "attempts",
    "backlogs",
    "get",
    "listed",
    "mail_of",
    "undelivered",
]
