"""Sign-in and sign-out: the only pages that a stranger sees."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from sharesync.errors import NotAllowed
from sharesync.model.audit import ActorKind, By, Source
from sharesync.services.who_may import roles, sessions
from web.frame import running
from web.frame.addresses import inside
from web.frame.denials import note_refused_sign_in
from web.frame.gate import cookies
from web.frame.limits import SIGN_IN
from web.frame.live import settings, the_world
from web.frame.needs import ENTER, OPEN, Pages
from web.frame.oidc import the_provider
from web.frame.person import acting, somebody, the_person
from web.pages import uploads
from web.words.languages import N_, _

pages = Pages("sign_in", __name__, url_prefix="/sign-in")

_NEXT = "next"
SETTINGS = By(ActorKind.SYSTEM, "settings", Source.WEB)
"""Who makes the first administrators."""


@pages.get("/", needs=OPEN)
def index() -> ResponseReturnValue:
    """The door."""
    if somebody():
        return redirect(inside(request.args.get(_NEXT)))
    return render_template("sign_in/index.html", next=request.args.get(_NEXT), provider=the_provider().name)


@pages.get("/start", needs=OPEN, limit=SIGN_IN)
def start() -> ResponseReturnValue:
    """Off to the provider."""
    answer = the_provider().begin()
    session[_NEXT] = inside(request.args.get(_NEXT))
    return answer


@pages.get("/back", needs=OPEN, limit=SIGN_IN)
def back() -> ResponseReturnValue:
    """Back from the provider: a new session, whatever was before it is over."""
    provider, subject = the_provider(), None
    try:
        subject = provider.finish()
        with the_world().work(By(ActorKind.USER, subject, Source.WEB)) as work:
            if "token" in g:
                sessions.close(work, g.token)
            token = sessions.open_session(work, subject, provider.issuer)
    except NotAllowed:
        note_refused_sign_in(subject, N_("not of this Workspace") if subject is None else N_("unknown or suspended"))
        raise
    if settings().admins:
        with the_world().work(SETTINGS) as work:
            roles.appoint_first(work, subject, settings().admins)
    wanted = inside(session.pop(_NEXT, None))
    session.clear()
    answer = redirect(wanted, 303)
    cookies().write(answer, token)
    return answer


@pages.post("/out", needs=ENTER)
def out() -> ResponseReturnValue:
    """Sign out here, or `everywhere`."""
    with acting() as work:
        if "everywhere" in request.form:
            sessions.close_all(work, the_person().user_id)
        else:
            sessions.close(work, g.token)
    uploads.forget_all()
    running.forget_rehearsals(the_person().user_id)
    session.clear()
    flash(_("You are signed out."))
    answer = redirect(url_for("sign_in.index"), 303)
    cookies().clear(answer)
    # What the browser still holds of our pages goes, too.
    answer.headers["Clear-Site-Data"] = '"cache"'
    return answer
