"""Tokens: one's own, made, seen and revoked; for administrators all of them, and the services that have some."""

from __future__ import annotations

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from sharesync.errors import Refused
from sharesync.model.access import Principal, PrincipalKind
from sharesync.model.permission import Right
from sharesync.model.token import MOST_DAYS, USUAL_DAYS, Scope, in_order
from sharesync.services import programs
from sharesync.services.who_may import tokens as cases
from sharesync.services.who_may.tokens import NewToken
from sharesync.store.queries import groups
from sharesync.store.queries import programs as kept
from web.frame.live import the_world
from web.frame.needs import ADMINISTER, ENTER, Pages
from web.frame.numbers import whole
from web.frame.person import acting, may, the_person, visible
from web.frame.responses import done, refused
from web.words.languages import _, alphabet
from web.words.refusals import told

pages = Pages("tokens", __name__, url_prefix="/tokens")


@pages.get("/", needs=ENTER)
def index() -> str:
    """Which tokens there are, and the way to make one."""
    return _index()


@pages.post("/", needs=ENTER)
def create() -> ResponseReturnValue:
    """Make a token, and show it this once: it stands on no other page, and in no cookie that would carry it there."""
    chosen = request.form.getlist("group")
    try:
        with acting() as work:
            made = cases.create(
                work,
                request.form.get("owner") or the_person().email,
                request.form.get("name", ""),
                request.form.getlist("scope"),
                groups=chosen or None,
                days=request.form.get("days", USUAL_DAYS, type=whole),
            )
    except Refused as error:
        return refused(told(error), url_for("tokens.index"))
    return _index(made)


@pages.post("/revoke", needs=ENTER)
def revoke() -> ResponseReturnValue:
    """End a token at once."""
    with acting() as work:
        ended = cases.revoke(work, request.form.get("token", ""))
    return done(_("The token “%(name)s” no longer works.", name=ended.name), url_for("tokens.index"))


@pages.post("/services", needs=ADMINISTER)
def create_service() -> ResponseReturnValue:
    """Make a service that may do nothing yet."""
    here = url_for("tokens.index")
    try:
        with acting() as work:
            made = programs.create(work, request.form.get("name", ""))
    except Refused as error:
        return refused(told(error), here)
    return done(_("service:%(name)s can be granted access now, as people are.", name=made.name), here)


@pages.post("/services/remove", needs=ADMINISTER)
def remove_service() -> ResponseReturnValue:
    """End a service, with its grants and tokens."""
    name = request.form.get("name", "")
    here = url_for("tokens.index")
    try:
        with acting() as work:
            programs.remove(work, name)
    except Refused as error:
        return refused(told(error), here)
    return done(_("service:%(name)s, its access and its tokens ended.", name=name), here)


def _index(made: NewToken | None = None) -> str:
    own, seen, runs = Principal(PrincipalKind.USER, the_person().user_id), visible(), may(Right.ADMINISTER)
    with the_world().database.reading() as session:
        listed = kept.tokens(session, None if runs else own)
        places = [group for group in groups.named(session, alphabet()) if seen is None or group.id in seen]
        known = kept.services(session) if runs else []
    names = {group.id: group.name for group in places}
    return render_template(
        "tokens/index.html",
        made=made,
        own=[one for one in listed if one.owner == own],
        others=[one for one in listed if one.owner != own],
        places=places,
        in_order=lambda held: " ".join(in_order(held)),
        group_names=lambda token: ", ".join(names.get(one, _("a group that you do not see")) for one in token.groups),
        services=known,
        runs=runs,
        scopes=list(Scope),
        days=USUAL_DAYS,
        most=MOST_DAYS,
        now=the_world().now(),
    )
