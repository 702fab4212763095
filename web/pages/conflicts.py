"""Conflicts: values that two people changed at once; the one that stands, or the other, one by one or many at once."""

from __future__ import annotations

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from sharesync.model.card import Card
from sharesync.model.waiting import OpenConflict
from sharesync.services import proposals
from sharesync.services.who_may.permission import groups_of_conflict
from sharesync.store.queries import decisions, queues
from sharesync.store.queries.queues import Pending
from web.frame.live import the_world
from web.frame.needs import ENTER, Pages, run
from web.frame.person import run_by_them, the_person
from web.frame.responses import done, each, refused
from web.pages.cards import in_words
from web.words.languages import N_, _
from web.words.terms import count

pages = Pages("conflicts", __name__, url_prefix="/conflicts")

DONE = {
    "store": N_("%(number)s decided: the value in use stays."),
    "mailbox": N_("%(number)s decided: the other value is used now."),
}


@pages.get("/", needs=ENTER)
def index() -> str:
    """Those about contacts of the groups that one runs, the oldest first."""
    among, after = run_by_them(), request.args.get("after", "")
    with the_world().database.reading() as session:
        found, following = queues.conflicting(session, among, after)
        counts = queues.counts(session, among, the_person().user_id)
        whose = decisions.whose(session, [one.what for one in found])
    rows = [(one, *sides(one)) for one in found]
    return render_template(
        "conflicts/index.html", rows=rows, whose=whose, following=following, after=after, counts=counts
    )


@pages.get("/<conflict>", needs=run(groups_of_conflict, "conflict", look=True))
def show(conflict: str) -> str:
    """One of them: both values, and what the contact says now."""
    with the_world().database.reading() as session:
        found = queues.one_conflicting(session, conflict)
        whose = decisions.whose(session, [found.what]).get(conflict)
    stands, other = sides(found)
    now = in_words(found.what.field, found.now)
    return render_template("conflicts/show.html", found=found, stands=stands, other=other, now=now, whose=whose)


@pages.post("/", needs=ENTER)
def decide_many() -> ResponseReturnValue:
    """Decide all that were chosen in one act."""
    return _decide(request.form.getlist("conflict"), url_for("conflicts.index"))


@pages.post("/<conflict>", needs=run(groups_of_conflict, "conflict"))
def decide(conflict: str) -> ResponseReturnValue:
    """Decide one."""
    return _decide([conflict], url_for("conflicts.show", conflict=conflict))


def _decide(chosen: list[str], back: str) -> ResponseReturnValue:
    side = request.form.get("side", "")
    if side not in DONE or not chosen:
        return refused(_("Choose at least one conflict, and the value to use."), back)
    number = each(chosen, lambda work, conflict: proposals.decide_conflict(work, conflict, side))
    if not number:
        return refused(_("Somebody else has decided that already."), url_for("conflicts.index"))
    return done(_(DONE[side], number=count(number, "conflict")), url_for("conflicts.index"))


def sides(one: Pending[OpenConflict]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The value that stands, and the other, in words."""
    field = one.what.field
    stands, other = (Card.read({field: items}) for items in (one.what.store, one.what.other))
    return in_words(field, stands), in_words(field, other)
