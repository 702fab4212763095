"""Roles: who is administrator or auditor; given and taken."""

from __future__ import annotations

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from sharesync.errors import Refused
from sharesync.model.permission import Role
from sharesync.services.who_may import roles as cases
from sharesync.store.queries import lookup, people
from web.frame.live import settings, the_world
from web.frame.needs import ADMINISTER, Pages
from web.frame.person import acting, the_person
from web.frame.responses import done, refused, unconfirmed
from web.words.languages import _
from web.words.refusals import told
from web.words.terms import ROLES

pages = Pages("roles", __name__, url_prefix="/roles")


@pages.get("/", needs=ADMINISTER)
def index() -> str:
    """Everyone with a role, and the way to give one."""
    sought = request.args.get("q", "")
    with the_world().database.reading() as session:
        return render_template(
            "roles/index.html",
            holders=people.with_roles(session),
            sought=sought,
            candidates=lookup.users(session, sought, limit=8) if sought.strip() else [],
            named=settings().admins,
        )


@pages.post("/", needs=ADMINISTER)
def change() -> ResponseReturnValue:
    """Give somebody a role, or take it; one's own only after a question."""
    here, email = url_for("roles.index"), request.form.get("email", "").strip()
    word = request.form.get("role", "")
    try:
        role = None if word == "none" else Role.parse(word)
        with the_world().database.reading() as session:
            own = people.user_id(session, email) == the_person().user_id
        if own and role is not Role.ADMINISTRATOR:
            question = unconfirmed(
                _("Give up your own role?"),
                _("You are administrator no longer, and only another administrator gives you the role again."),
                word=_("Give it up"),
                number=1,
                back=here,
            )
            if question:
                return question
        with acting() as work:
            changed = cases.remove(work, email) if role is None else cases.assign(work, email, role)
    except Refused as refusal:
        return refused(told(refusal), here)
    after = here if not own or role is Role.ADMINISTRATOR else url_for("home.index")
    if not changed:
        return done(_("Nothing was changed."), after)
    if role is None:
        return done(_("%(email)s has no role any more.", email=email), after)
    return done(_("%(email)s is %(role)s now.", email=email, role=ROLES[role]), after)
