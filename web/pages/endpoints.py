"""Endpoints: who is told of what; made, tried, told again and removed by administrators, with what came of each try."""

from __future__ import annotations

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from sharesync.errors import Refused
from sharesync.model.endpoint import NAMES, USUAL, EndpointKind, can_tell
from sharesync.services.telling import endpoints as cases
from sharesync.services.telling.endpoints import NewEndpoint
from sharesync.services.telling.outcomes import Fate
from sharesync.store.queries import endpoints as kept
from sharesync.store.queries import groups
from web.frame.live import the_world
from web.frame.needs import ADMINISTER, Pages
from web.frame.numbers import whole
from web.frame.person import acting, operating, the_person
from web.frame.responses import done, refused
from web.words.languages import _, alphabet, language
from web.words.refusals import said, told
from web.words.telling import ENDPOINT_KINDS, ENDPOINT_STATES, TOLD_OF

pages = Pages("endpoints", __name__, url_prefix="/endpoints")


@pages.get("/", needs=ADMINISTER)
def index() -> str:
    """Who is told, and the way to tell more."""
    with the_world().database.reading() as session:
        found = kept.listed(session)
        behind = kept.backlogs(session, found)
        places = groups.named(session, alphabet())
    return render_template(
        "endpoints/index.html",
        found=found,
        behind=behind,
        places=places,
        kinds=ENDPOINT_KINDS,
        states=ENDPOINT_STATES,
        names=NAMES,
        told_of=TOLD_OF,
        shown=cases.shown_target,
        mail=the_world().outside.mail is not None,
    )


@pages.post("/", needs=ADMINISTER)
def create() -> ResponseReturnValue:
    """Make one, and show its secret this once."""
    try:
        with acting() as work:
            made = cases.create(
                work,
                EndpointKind.parse(request.form.get("kind", "")),
                request.form.get("target", ""),
                owner=request.form.get("owner", "").strip() or the_person().email,
                events=request.form.getlist("event") or None,
                groups=request.form.getlist("group") or None,
            )
            cases.speak(work, made.id, language())
    except Refused as error:
        return refused(told(error), url_for("endpoints.index"))
    return _shown(made.id, made)


@pages.get("/<listener>", needs=ADMINISTER)
def show(listener: str) -> str:
    """One, with what is under way, and the last tries."""
    return _shown(listener)


@pages.post("/<listener>/test", needs=ADMINISTER)
def test(listener: str) -> ResponseReturnValue:
    """Send a test at once."""
    here = url_for("endpoints.show", listener=listener)
    with operating() as operation:
        outcome = cases.test(operation, the_world().outside, listener)
    if outcome.fate is Fate.TAKEN:
        return done(_("The test was taken."), here)
    return refused(_("The test was not taken: %(why)s", why=said(outcome.trouble)), here)


@pages.post("/<listener>/events", needs=ADMINISTER)
def choose(listener: str) -> ResponseReturnValue:
    """Choose what it is told of."""
    here = url_for("endpoints.show", listener=listener)
    try:
        with acting() as work:
            cases.choose(work, listener, request.form.getlist("event"))
    except Refused as error:
        return refused(told(error), here)
    return done(_("Saved."), here)


@pages.post("/<listener>/secret", needs=ADMINISTER)
def rotate(listener: str) -> ResponseReturnValue:
    """Give it a new secret, and show that this once."""
    try:
        with acting() as work:
            made = cases.rotate(work, listener)
    except Refused as error:
        return refused(told(error), url_for("endpoints.index"))
    return _shown(listener, made)


@pages.post("/<listener>/replay", needs=ADMINISTER)
def replay(listener: str) -> ResponseReturnValue:
    """Tell it again of what happened from one event on."""
    here = url_for("endpoints.show", listener=listener)
    try:
        with acting() as work:
            number = cases.replay(work, listener, request.form.get("since", -1, type=whole))
    except Refused as error:
        return refused(told(error), here)
    return done(_("Events that are sent again: %(number)s.", number=number), here)


@pages.post("/<listener>/on", needs=ADMINISTER)
def switch_on(listener: str) -> ResponseReturnValue:
    """Tell it again, and try at once what failed."""
    with acting() as work:
        cases.switch_on(work, listener)
    return done(
        _("The endpoint is switched on. Failed messages are sent again at once."),
        url_for("endpoints.show", listener=listener),
    )


@pages.post("/<listener>/remove", needs=ADMINISTER)
def remove(listener: str) -> ResponseReturnValue:
    """End it."""
    with acting() as work:
        cases.remove(work, listener)
    return done(_("Endpoint removed."), url_for("endpoints.index"))


def _shown(listener: str, made: NewEndpoint | None = None) -> str:
    with the_world().database.reading() as session:
        one = kept.get(session, listener)
        names = {group.id: group.name for group in groups.named(session, alphabet())}
        return render_template(
            "endpoints/show.html",
            one=one,
            made=made,
            behind=kept.backlogs(session, [one])[one.id],
            undelivered=kept.undelivered(session, listener),
            attempts=kept.attempts(session, listener),
            groups=[names.get(group, group) for group in one.groups or ()],
            can=can_tell(one.kind),
            usual=USUAL[one.kind],
            kinds=ENDPOINT_KINDS,
            states=ENDPOINT_STATES,
            told_of=TOLD_OF,
            target=cases.shown_target(one),
            now=the_world().now(),
        )
