"""Denials in the change log: who asked for what they may not see or do, and sign-ins that were refused.

What is written is bounded: a browser that asks again and again, or a stranger who tries, does not fill the log.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Flask, Response, current_app, request

from sharesync.errors import Sentence
from sharesync.model.audit import ActorKind, By, Event, Outcome, Source
from sharesync.store.queries import people
from web.frame.limits import first_of_its_kind
from web.frame.live import the_world
from web.frame.person import acting, asked_on, program, somebody

MOST = 20
"""A minute, of one person or address; the others are counted, and their number is told."""
_UNTOLD = "sharesync.untold denials"


@dataclass
class _Untold:
    """Denials of one person that were counted and not told, since a moment."""

    since: datetime
    number: int = 0


def install(app: Flask) -> None:
    """Count the denials that are not told one by one, and tell them with any later request, whoever makes it."""
    app.extensions[_UNTOLD] = {}
    app.after_request(_tell_the_rest)


def _tell_the_rest(response: Response) -> Response:
    untold: dict[By, _Untold] = current_app.extensions[_UNTOLD]
    now = the_world().now() if untold else None
    for by in [by for by, rest in untold.items() if now and now - rest.since >= timedelta(minutes=1)]:
        if rest := untold.pop(by, None):  # another thread may have been first
            with the_world().work(by) as work:
                told = Sentence("and %(number)s more", number=rest.number)
                work.record(Event("access.deny", Outcome.DENIED, reason=told))
    return response


def note_denial(how: str) -> None:
    """The asker was denied this view."""
    person = program() or somebody()
    if person is None or request.endpoint is None:
        return
    if not first_of_its_kind("denial", MOST):
        untold: dict[By, _Untold] = current_app.extensions[_UNTOLD]
        untold.setdefault(person.by, _Untold(the_world().now())).number += 1
        return
    groups = sorted(asked_on())
    with acting() as work:
        work.record(
            Event(
                "access.deny",
                Outcome.DENIED,
                group=groups[0] if groups else None,
                contact=(request.view_args or {}).get("contact"),
                reason=Sentence("%(request)s, %(how)s", request=f"{request.method} {request.endpoint}", how=how),
            )
        )


def note_refused_sign_in(subject: str | None, why: str) -> None:
    """The provider vouched for someone whom we do not let in; who is not of the directory has no name here."""
    if not first_of_its_kind("refused sign-in", MOST):
        return
    world = the_world()
    with world.database.reading() as session:
        known = subject is not None and people.is_user(session, subject)
    by = By(ActorKind.USER, subject or "", Source.WEB) if known else By(ActorKind.SYSTEM, "sign-in", Source.WEB)
    with world.work(by) as work:
        work.record(Event("access.deny", Outcome.DENIED, reason=Sentence("sign-in: %(how)s", how=why)))
