"""Proposals: edits by people who may only view; accepted or dismissed, one by one or many at once."""

from __future__ import annotations

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from sharesync.model.waiting import OpenProposal
from sharesync.services import proposals
from sharesync.services.who_may.permission import groups_of_proposal
from sharesync.store.queries import queues
from sharesync.store.queries.queues import Pending
from web.frame.live import the_world
from web.frame.needs import ENTER, Pages, run
from web.frame.person import run_by_them, the_person
from web.frame.responses import done, each, refused
from web.pages.cards import Difference, differences
from web.words.languages import N_, _
from web.words.terms import count

pages = Pages("proposals", __name__, url_prefix="/proposals")

DECISIONS = {"accept": proposals.accept, "dismiss": proposals.dismiss}
DONE = {
    "accept": N_("%(number)s accepted."),
    "dismiss": N_("%(number)s dismissed."),
}


@pages.get("/", needs=ENTER)
def index() -> str:
    """Those about contacts of the groups that one runs, the oldest first."""
    among, after = run_by_them(), request.args.get("after", "")
    with the_world().database.reading() as session:
        found, following = queues.proposed(session, among, after)
        counts = queues.counts(session, among, the_person().user_id)
    rows = [(one, changes(one)) for one in found]
    return render_template("proposals/index.html", rows=rows, following=following, after=after, counts=counts)


@pages.get("/<proposal>", needs=run(groups_of_proposal, "proposal", look=True))
def show(proposal: str) -> str:
    """One of them: what would change, beside what has changed since it was typed."""
    with the_world().database.reading() as session:
        found = queues.one_proposed(session, proposal)
    since = differences(found.what.before, found.now)
    return render_template("proposals/show.html", found=found, changes=changes(found), since=since)


@pages.post("/", needs=ENTER)
def decide_many() -> ResponseReturnValue:
    """Decide all that were chosen in one act."""
    return _decide(request.form.getlist("proposal"), url_for("proposals.index"))


@pages.post("/<proposal>", needs=run(groups_of_proposal, "proposal"))
def decide(proposal: str) -> ResponseReturnValue:
    """Decide one."""
    return _decide([proposal], url_for("proposals.show", proposal=proposal))


def _decide(chosen: list[str], back: str) -> ResponseReturnValue:
    decision = request.form.get("decision", "")
    if decision not in DECISIONS or not chosen:
        return refused(_("Choose at least one proposal, and accept or dismiss it."), back)
    number = each(chosen, DECISIONS[decision])
    if not number:
        return refused(_("Somebody else has decided that already."), url_for("proposals.index"))
    return done(_(DONE[decision], number=count(number, "proposal")), url_for("proposals.index"))


def changes(one: Pending[OpenProposal]) -> list[Difference]:
    """What a proposal would change, in words."""
    return differences(one.what.before, one.what.after)
