"""Told: what one is told of by mail; and the way out that every mail has, for whoever holds it in their hands.

The way out takes a POST without a cookie, as mail programs send it (RFC 8058), and answers without a redirection. To
look at it changes nothing: programs that check mail for malice follow every link.
"""

from __future__ import annotations

from flask import render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue

from sharesync.model.endpoint import EndpointKind, can_tell
from sharesync.services.telling import wishes
from sharesync.store.queries import endpoints as kept
from web.frame.live import the_world
from web.frame.needs import ENTER, OPEN, Pages
from web.frame.person import acting, the_person
from web.frame.responses import done
from web.words.languages import LANGUAGES, _, language
from web.words.telling import TOLD_OF

pages = Pages("told", __name__, url_prefix="/told")


@pages.get("/", needs=ENTER)
def index() -> str:
    """What one is told of."""
    with the_world().database.reading() as session:
        own = kept.mail_of(session, the_person().user_id)
    return render_template(
        "told/index.html",
        own=own,
        wanted=() if own is None else own.names,
        can=can_tell(EndpointKind.MAIL),
        told_of=TOLD_OF,
        mail=the_world().outside.mail is not None,
        spoken=(own and own.language) or language(),
    )


@pages.post("/", needs=ENTER)
def choose() -> ResponseReturnValue:
    """Choose it."""
    wanted = request.form.get("language", "")
    with acting() as work:
        wishes.choose(work, request.form.getlist("event"), wanted if wanted in LANGUAGES else "en")
    return done(_("Saved."), url_for("told.index"))


@pages.get("/no-more/<listener>/<int:mask>/<check>", needs=OPEN)
def ask_no_more(listener: str, mask: int, check: str) -> str:
    """Ask whether it is meant."""
    with the_world().database.reading() as session:
        names = wishes.named(session, listener, mask, check)
    return render_template("told/no_more.html", names=names, told_of=TOLD_OF, over=False)


@pages.post("/no-more/<listener>/<int:mask>/<check>", needs=OPEN)
def no_more(listener: str, mask: int, check: str) -> str:
    """Tell no more of it."""
    with the_world().work(wishes.BY_LINK) as work:
        names = wishes.named(work.session, listener, mask, check)
        wishes.no_more(work, listener, mask, check)
    return render_template("told/no_more.html", names=names, told_of=TOLD_OF, over=True)


def _without_cookies(state: BlueprintSetupState) -> None:
    """No form of ours need have been opened: what the address holds says that it is meant."""
    state.app.extensions["csrf"].exempt(no_more)


pages.record(_without_cookies)
