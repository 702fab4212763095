"""Messages to webhooks: one event each, thin and signed (Standard Webhooks 1.0.0); whoever wants more asks the API."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sharesync.endpoints import posting, signatures
from sharesync.endpoints.outside import Outside
from sharesync.model.endpoint import TEST, TOLD, EndpointKind
from sharesync.services.telling.hearing import ToldEvent
from sharesync.services.telling.outcomes import TryOutcome, of_answer
from sharesync.store.database.engine import Session
from sharesync.store.records.actors import people


@dataclass(frozen=True, slots=True)
class WebhookMessage:
    """A message that can be sent."""

    address: str
    ident: str
    body: bytes
    secrets: tuple[str, ...]

    def send(self, outside: Outside, now: datetime) -> TryOutcome:
        """Send it once. Raises Unreachable."""
        signed = signatures.headers(self.ident, now, self.body, self.secrets)
        told = {"Content-Type": "application/json", **signed}
        answer = posting.answer_to(self.address, self.body, told, outside.networks)
        return of_answer(EndpointKind.WEBHOOK, self.address, answer, now)


def body_of(session: Session, event: ToldEvent) -> bytes:
    """What is told of an event: what happened, when, and which things it is about."""
    known = people(session, [event.user] if event.user else [])
    data: dict[str, Any] = {
        "event": event.id,
        "seq": event.seq,
        "group": event.group,
        "contact": event.contact,
        "mailbox": known[event.user][1] if event.user in known else None,
        "version": event.version,
        "fields": list(event.fields),
        **({about: event.reason} if (about := TOLD[event.action].about) else {}),
    }
    return _body(event.name, event.at, {name: value for name, value in data.items() if value not in (None, [])})


def body_of_test(now: datetime) -> bytes:
    """What is told to see whether it arrives."""
    return _body(TEST, now, {})


def _body(name: str, at: datetime, data: dict[str, Any]) -> bytes:
    moment = at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return json.dumps({"type": name, "timestamp": moment, "data": data}, separators=(",", ":")).encode()
