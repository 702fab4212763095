"""The gate: who asks, and whether they may. Every request passes here first; what is not allowed is denied.

A stranger is led to the sign-in. What someone may not see answers 404, what they see but may not do 403. A request that
changes something must come from a page of ours.
"""

from __future__ import annotations

from flask import Flask, Response, current_app, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFProtect
from werkzeug.exceptions import BadRequest, Forbidden, NotFound, Unauthorized

from sharesync.model.permission import Denied, Right, authorize
from sharesync.services.who_may import sessions
from sharesync.services.who_may.sessions import Person
from sharesync.settings import Settings
from web.frame import denials, limits, programs, zones
from web.frame.cookies import Cookies
from web.frame.live import begin_snapshot, end_snapshot, settings, the_world
from web.frame.needs import Needs, find_groups, needs_of
from web.frame.person import acting, asked_on, somebody
from web.words import languages
from web.words.refusals import said

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_COOKIES = "sharesync.cookies"
LARGEST = 32 * 1024 * 1024
"""Bytes that one request may carry: a file of 25,000 contacts with long notes, and more."""

BOXES = 20_000
"""Boxes that one form may have: a card of five hundred values has several for each."""


def install(app: Flask, chosen: Settings) -> None:
    """Ask before every request, whatever view it is for."""
    held = app.extensions[_COOKIES] = Cookies(chosen)
    app.config.update(
        SECRET_KEY=chosen.session_key(),
        SESSION_COOKIE_NAME=held.named("form"),
        SESSION_COOKIE_SECURE=held.secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        MAX_CONTENT_LENGTH=LARGEST,
        MAX_FORM_PARTS=BOXES,
        WTF_CSRF_TIME_LIMIT=None,  # as long as the browser is open: a form may be filled in slowly
        WTF_CSRF_SSL_STRICT=False,  # `_from_our_page` asks for the origin
    )
    languages.install(app, held.named("language"))
    zones.install(app, held)
    app.before_request(_is_text)
    app.before_request(_from_our_page)
    app.before_request(_who)
    denials.install(app)
    app.before_request(programs.count)
    limits.install(app)  # once it is known who asks, and before anyone is sent away
    app.before_request(_whether)
    CSRFProtect(app)
    app.after_request(_seen)
    app.teardown_request(lambda _: end_snapshot())


def cookies() -> Cookies:
    """The cookie that holds a session's token."""
    found: Cookies = current_app.extensions[_COOKIES]
    return found


def _is_text() -> None:
    """Refuse U+0000, which no browser sends of itself and PostgreSQL cannot hold."""
    if programs.asked():
        programs.refuse_odd_text()
    told = [request.path, *request.args.values()]
    if request.method not in SAFE:
        told += request.form.values()
    if any("\0" in text for text in told):
        raise BadRequest


def _from_our_page() -> None:
    """Refuse what changes something and was sent by somebody else's page."""
    if request.method in SAFE or programs.asked():  # a program brings its token by itself, and no browser does
        return
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    if (site is not None and site != "same-origin") or (origin is not None and origin != request.host_url.rstrip("/")):
        raise Forbidden("This came from another site’s page, and nothing was changed.")


def _who() -> None:
    """Find out who asks."""
    if programs.asked():
        if request.method in SAFE:
            begin_snapshot()
        programs.find()
        return
    token = cookies().read(request)
    if token and request.endpoint != "static":
        world = the_world()
        with world.database.reading() as session:
            g.token, g.person = token, sessions.find(session, token, settings().oidc_issuer, world.now())


def _whether() -> ResponseReturnValue | None:
    """Hold what the view needs against who asks."""
    needs = needs_of(current_app, request.endpoint) if request.endpoint else None
    if needs is not None and needs.right is None:
        return None
    if programs.asked():
        programs.require(needs)
        return None
    person = somebody()
    if person is None:
        return to_sign_in()  # a stranger learns nothing, not even which pages there are
    if needs is None:
        raise NotFound
    _judge(person, needs)
    return None


def _judge(person: Person, needs: Needs) -> None:
    given = request.view_args or {}
    if needs.right is None or (needs.own and given.get(needs.own) == person.user_id):
        return
    find_groups(needs)
    verdict = authorize(person.party, needs.right, asked_on())
    if needs.overseen and person.party.role is not None:
        verdict = authorize(person.party, Right.OVERSEE)
    if isinstance(verdict, Denied):
        g.denied = "hidden" if verdict.hidden else needs.right.value
        raise NotFound if verdict.hidden or needs.own else Forbidden(said(verdict.reason))


def to_sign_in() -> ResponseReturnValue:
    """The way to the sign-in, and from there back to the page that was asked for."""
    shown = request.full_path.rstrip("?") if request.method in SAFE else None
    if request.headers.get("HX-Request") == "true":
        return "", Unauthorized.code, {"HX-Redirect": url_for("sign_in.index")}
    return redirect(url_for("sign_in.index", next=shown if shown != "/" else None), 303)


def _seen(response: Response) -> Response:
    """Write down now and then that somebody is at work, and what they were denied.

    A page that refreshes by itself is nobody at work.
    """
    end_snapshot()
    if "denied" in g:
        denials.note_denial(g.denied)
    programs.see(response)
    person = somebody()
    if person and person.due and "HX-Request" not in request.headers and response.status_code < 500:
        with acting() as work:
            sessions.see(work, g.token)
    return response
