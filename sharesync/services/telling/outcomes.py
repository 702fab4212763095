"""What comes of a try to send a message: taken, tried again, given up, or the end of the endpoint."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import Enum
from urllib.parse import urlsplit

from sharesync.endpoints.posting import PostAnswer
from sharesync.errors import Sentence
from sharesync.model.endpoint import LONGEST, EndpointKind

NOTHING = Sentence()


class Fate(Enum):
    """What becomes of the message."""

    TAKEN = "taken"
    AGAIN = "again"
    PAUSE = "pause"
    """Tried again, and nothing new is sent meanwhile."""
    DEAD = "dead"
    """This message is never taken."""
    GONE = "gone"
    """Nor is any other: the endpoint is switched off."""


@dataclass(frozen=True, slots=True)
class TryOutcome:
    """What came of one try."""

    fate: Fate
    trouble: Sentence = NOTHING
    """Why it was not taken. Never an address."""
    status: int | None = None
    answer: str = ""
    not_before: datetime | None = None
    """When it is worth trying again, as the other side says."""


_BUSY = (429, 502, 503, 504)
_GONE = {EndpointKind.WEBHOOK: (410,), EndpointKind.CHAT: (404, 410)}
"""Who answers so wants nothing any more. A room of Slack that is no more answers 404."""


def of_answer(kind: EndpointKind, address: str, answer: PostAnswer, now: datetime) -> TryOutcome:
    """What an answer over HTTP says."""
    if answer.accepted:
        return TryOutcome(Fate.TAKEN, status=answer.status, answer=answer.text)
    host = urlsplit(address).hostname or ""
    why = Sentence("%(host)s answered %(status)s.", host=host, status=answer.status)
    fate = Fate.PAUSE if answer.status in _BUSY else Fate.AGAIN
    if answer.status in _GONE[kind]:
        fate = Fate.GONE
    return TryOutcome(fate, why, answer.status, answer.text, _not_before(answer.retry_after, now))


def _not_before(said: str | None, now: datetime) -> datetime | None:
    """The moment of a Retry-After, which is seconds or a date (RFC 9110, 10.2.3)."""
    if said is None:
        return None
    try:
        moment = now + timedelta(seconds=int(said)) if said.strip().isdigit() else parsedate_to_datetime(said)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
    return min(moment, now + LONGEST) if moment > now else None
