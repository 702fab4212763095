"""A group as it stood at a moment: what bringing it back would change, shown before it is done."""

from __future__ import annotations

from datetime import datetime

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from sharesync.errors import Refused
from sharesync.model.group import Group
from sharesync.model.permission import Right
from sharesync.services import restore_group
from sharesync.store.queries import contact_names, groups
from web.frame.live import the_world
from web.frame.needs import Pages, on_group
from web.frame.person import operating, visible
from web.frame.responses import done, refused
from web.frame.zones import from_form
from web.pages.cards import Difference, differences
from web.words.languages import _
from web.words.refusals import told
from web.words.terms import count

pages = Pages("restoring", __name__, url_prefix="/groups/<group>/restore")

SHOWN = 50
"""Contacts of each kind that are named; the others are counted."""


@pages.get("/", needs=on_group(Right.MANAGE))
def index(group: str) -> ResponseReturnValue:
    """The question to which moment; and once it is answered, what that would change."""
    here, typed = url_for("restoring.index", group=group), request.args.get("at", "")
    with the_world().database.reading() as session:
        found = groups.find(session, group)
    if not typed:
        return _page(found)
    at = from_form(typed)
    if at is None:
        return refused(_("Choose a day and a time."), here)
    try:
        with operating() as operation, operation.look(log=True) as look:
            planned = restore_group.plan(look, found.id, at)
            changes = [(one.contact, differences(one.before, one.after)) for one in planned.changes[:SHOWN]]
            named = [*planned.returning[:SHOWN], *(one for one, _changes in changes), *planned.newer[:SHOWN]]
            titles = contact_names.titles(look.session, named, visible())
    except Refused as refusal:
        return refused(told(refusal), here)
    return _page(found, typed=typed, at=at, planned=planned, changes=changes, titles=titles)


@pages.post("/", needs=on_group(Right.MANAGE))
def restore(group: str) -> ResponseReturnValue:
    """Bring it back."""
    at = from_form(request.form.get("at", ""))
    if at is None:
        return refused(_("Choose a day and a time."), url_for("restoring.index", group=group))
    try:
        with operating() as operation:
            did = restore_group.restore_group(operation, group, at, take_newer="newer" in request.form)
    except Refused as refusal:
        return refused(told(refusal), url_for("restoring.index", group=group))
    return done(
        _(
            "Put back into the group: %(returned)s. Got values back: %(changed)s. Removed from the group: %(taken)s.",
            returned=count(did.returned, "contact"),
            changed=count(did.changed, "contact"),
            taken=count(did.taken, "contact"),
        ),
        url_for("groups.show", group=group),
    )


def _page(
    group: Group,
    *,
    typed: str = "",
    at: datetime | None = None,
    planned: restore_group.RestorePlan | None = None,
    changes: list[tuple[str, list[Difference]]] | None = None,
    titles: dict[str, contact_names.Named] | None = None,
) -> str:
    return render_template(
        "restoring/index.html",
        group=group,
        runs=True,
        typed=typed,
        at=at,
        planned=planned,
        changes=changes or [],
        titles=titles or {},
        shown=SHOWN,
    )
