"""Sessions: opened at sign-in, found by their token at every request, ended by their user, by time, or from elsewhere.

The token is known to the browser alone; the store has its hash. Every sign-in makes a new one.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sharesync.errors import NotAllowed, Sentence, Sessions
from sharesync.model.audit import ActorKind, By, Event, Source
from sharesync.model.permission import Party
from sharesync.services.who_may.permission import user_party
from sharesync.store.database.engine import Session
from sharesync.store.database.work import Work
from sharesync.store.mailboxes import directory
from sharesync.store.records import sessions

IDLE = timedelta(minutes=30)
"""After this long without a deed of its user a session is over."""
LONGEST = timedelta(hours=12)
"""And after this long in any case."""
NOTICE = timedelta(minutes=1)
"""How exactly it is written down when its user was last seen."""


@dataclass(frozen=True, slots=True)
class Person:
    """Someone signed in."""

    user_id: str
    name: str
    email: str
    party: Party
    due: bool = False
    """It is time to write down that they were seen."""

    @property
    def by(self) -> By:
        """Who acts when they do something in the web page."""
        return By(ActorKind.USER, self.user_id, Source.WEB)


def open_session(work: Work, user: str, issuer: str) -> str:
    """Sign a user of Directory in; returns the token. Raises NotAllowed.

    `user` is Google's immutable id, which the issuer has vouched for.
    """
    if directory.paused(work.session, user):
        raise NotAllowed(
            "The Workspace’s directory does not know this account, or has suspended it. If the account is new, try"
            " again in a quarter of an hour: the directory is read that often."
        )
    token = secrets.token_urlsafe(32)
    sessions.forget(work, work.now - 2 * LONGEST)
    sessions.add(work, _digest(token), user, issuer)
    work.record(Event("session.open", mailbox=user))
    return token


def find(session: Session, token: str, issuer: str, now: datetime) -> Person | None:
    """Whose token it is, while the session lasts."""
    held = sessions.find(session, _digest(token))
    if held is None or held.issuer != issuer or now - held.opened_at >= LONGEST or now - held.seen_at >= IDLE:
        return None
    party = user_party(session, held.user_id, held.role)
    return Person(held.user_id, held.name or held.email, held.email, party, due=now - held.seen_at >= NOTICE)


def see(work: Work, token: str) -> None:
    """Its user did something just now."""
    sessions.see(work, _digest(token))


def close(work: Work, token: str) -> None:
    """Sign out."""
    if user := sessions.end(work, _digest(token)):
        work.record(Event("session.close", mailbox=user, reason=Sentence("signed out")))


def close_all(work: Work, user: str) -> int:
    """End every session of a user; returns how many there were."""
    ended = sessions.end_all(work, user)
    if ended:
        work.record(
            Event("session.close", mailbox=user, reason=Sentence("everywhere: %(sessions)s", sessions=Sessions(ended)))
        )
    return ended


def close_paused(work: Work) -> None:
    """End the sessions of everyone whom Directory has suspended, archived or deleted."""
    for user in sessions.end_of_paused(work):
        work.record(
            Event("session.close", mailbox=user, reason=Sentence("the account was suspended, archived or deleted"))
        )


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
