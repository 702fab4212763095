"""Smart groups: made of a filter, with whom it means shown before; and what chooses their contacts, changed."""

from __future__ import annotations

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from sharesync.errors import Refused
from sharesync.model.permission import Right
from sharesync.services import smart_groups as cases
from sharesync.store.database.work import ReadOnly
from sharesync.store.queries import groups
from web.frame.live import the_world, zone_name
from web.frame.needs import ENTER, Pages, on_group
from web.frame.person import asker, operating
from web.frame.responses import done, refused, unconfirmed
from web.pages import smart_forms
from web.words.languages import _
from web.words.refusals import told
from web.words.terms import count

pages = Pages("smart", __name__, url_prefix="/groups")


@pages.get("/smart", needs=ENTER)
def new() -> str:
    """The form for another one, made of the list that one comes from."""
    return _new(request.args.get("q", "").strip())


@pages.post("/smart", needs=ENTER)
def create() -> ResponseReturnValue:
    """Make it; or show whom it would hold, where something was changed in the form."""
    name, line = request.form.get("name", ""), request.form.get("q", "").strip()
    if "look" in request.form:
        return _new(name)
    try:
        with operating() as operation:
            made = cases.create(
                operation,
                name,
                line,
                request.form.getlist("from"),
                zone=zone_name(),
                share="share" in request.form,
            )
    except Refused as error:
        return _new(name, told(error))
    return done(
        _("Smart group created. It holds %(contacts)s.", contacts=count(made.contacts, "contact")),
        url_for("groups.show", group=made.id),
    )


@pages.post("/<group>/filter", needs=on_group(Right.MANAGE))
def change(group: str) -> ResponseReturnValue:
    """Another filter, or other sources; where much would leave, it is asked first."""
    line, sources = request.form.get("q", "").strip(), request.form.getlist("from")
    back = url_for("groups.settings", group=group)
    world = the_world()
    try:
        with world.database.reading() as session:
            found = groups.find(session, group)
            effect = cases.change_effect(ReadOnly(session, world.now(), asker().by), group, line, sources)
        sentence = _(
            "%(leaving)s of %(contacts)s would leave the group, and everybody’s label of it. They stay in their other"
            " groups.",
            leaving=len(effect.leaving),
            contacts=count(effect.before, "contact"),
        )
        if effect.leaves_much and (
            question := unconfirmed(
                _("Let another filter choose who is in %(group)s?", group=found.name),
                sentence,
                word=_("Change the filter"),
                number=len(effect.leaving),
                back=back,
            )
        ):
            return question
        with operating() as operation:
            cases.change(operation, found.id, line, sources, sure=True)
    except Refused as error:
        return refused(told(error), back)
    joined, left = count(len(effect.joining), "contact"), count(len(effect.leaving), "contact")
    return done(_("Saved: %(joined)s joined, %(left)s left.", joined=joined, left=left), back)


def _new(name: str, wrong: str = "") -> str:
    with the_world().database.reading() as session:
        choosing = smart_forms.new(session)
        seen = smart_forms.preview(session, choosing.filter, choosing.chosen) if choosing.filter else None
    share = request.method == "GET" or "share" in request.form
    return render_template("smart/new.html", choosing=choosing, preview=seen, name=name, wrong=wrong, share=share)
