"""Holds: so many removals or edits at once that they wait; let them stand or undo them, all or contact by contact."""

from __future__ import annotations

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from sharesync.model.waiting import HoldKind
from sharesync.services import holds
from sharesync.services.who_may.permission import groups_of_hold
from sharesync.store.queries import queues
from web.frame.live import page, the_world
from web.frame.needs import ENTER, Pages, run
from web.frame.person import operating, run_by_them, the_person
from web.frame.responses import done, refused, unconfirmed
from web.pages.cards import differences
from web.words.languages import _, alphabet
from web.words.terms import count

pages = Pages("holds", __name__, url_prefix="/holds")


@pages.get("/", needs=ENTER)
def index() -> str:
    """Those of the groups that one runs."""
    among, who = run_by_them(), the_person().user_id
    with the_world().database.reading() as session:
        counts = queues.counts(session, among, who)
        gone = queues.said_gone(session, among, who) if counts.gone else []
        return page("holds", holds=queues.held(session, among), gone=gone, counts=counts)


@pages.get("/<hold>", needs=run(groups_of_hold, "hold", look=True))
def show(hold: str) -> str:
    """One of them, with what each contact was and would become."""
    with the_world().database.reading() as session:
        found = queues.one_held(session, hold)
        if found.hold.kind is HoldKind.DIRECTORY:
            return render_template("holds/losing.html", found=found)
        held, following = queues.page(session, found, alphabet(), request.args.get("after", ""))
        rows = [(one, differences(one.before, one.after) if one.before and one.after else []) for one in held]
        return render_template(
            "holds/show.html", found=found, rows=rows, following=following, after=request.args.get("after")
        )


@pages.post("/<hold>", needs=run(groups_of_hold, "hold"))
def decide(hold: str) -> ResponseReturnValue:
    """Let what was done stand, or undo it; for the chosen contacts, or all that wait."""
    here = url_for("holds.show", hold=hold)
    with the_world().database.reading() as session:
        found = queues.one_held(session, hold)
    decision, _dash, scope = request.form.get("decision", "").partition("-")
    if decision not in ("apply", "restore") or scope not in ("all", "some"):
        return refused(_("Choose what to do with it."), here)
    if found.hold.kind is HoldKind.DIRECTORY:
        return _decide(found, decision)
    if found.hold.kind is HoldKind.FILTER:
        return _choose(found, decision)
    waiting = set(found.hold.contacts)
    chosen = waiting if scope == "all" else waiting & set(request.form.getlist("contact"))
    if not chosen:
        return refused(_("Choose at least one contact that still waits."), here)
    if decision == "apply" and found.hold.kind is not HoldKind.EDIT and (question := _meant(found, len(chosen), here)):
        return question
    with operating() as operation:
        (holds.apply if decision == "apply" else holds.restore)(operation, hold, chosen)
    number = count(len(chosen), "contact")
    told = (
        _("%(contacts)s changed for everyone.", contacts=number)
        if decision == "apply" and found.hold.kind is HoldKind.EDIT
        else _("%(contacts)s removed for everyone.", contacts=number)
        if decision == "apply"
        else _("%(contacts)s will be restored with the next pass.", contacts=number)
    )
    rest = here if len(chosen) < len(waiting) else url_for("holds.index")
    return done(told, rest)


def _choose(found: queues.ShownHold, decision: str) -> ResponseReturnValue:
    """Another filter chooses who is in a smart group, or the one of now."""
    contacts, group = count(len(found.hold.contacts), "contact"), found.hold.group
    question = decision == "apply" and unconfirmed(
        _("Let this filter choose for %(group)s?", group=group),
        _(
            "%(contacts)s will leave %(group)s for everyone. They stay in their other groups.",
            contacts=contacts,
            group=group,
        ),
        word=_("Let it choose"),
        number=len(found.hold.contacts),
        back=url_for("holds.show", hold=found.hold.id),
    )
    if question:
        return question
    with operating() as operation:
        (holds.apply if decision == "apply" else holds.restore)(operation, found.hold.id)
    told = (
        _("The new filter chooses who is in %(group)s.", group=group)
        if decision == "apply"
        else _("%(group)s keeps its filter.", group=group)
    )
    return done(told, url_for("holds.index"))


def _decide(found: queues.ShownHold, decision: str) -> ResponseReturnValue:
    """People keep a group or lose it, whatever Directory says."""
    people = count(len(found.hold.people), "person", "people")
    if decision == "apply" and (
        question := unconfirmed(
            _("Take %(group)s from %(people)s?", group=found.hold.group, people=people),
            _("%(people)s will lose %(group)s, label and contacts.", people=people, group=found.hold.group),
            word=_("Take away"),
            number=len(found.hold.people),
            back=url_for("holds.show", hold=found.hold.id),
        )
    ):
        return question
    with operating() as operation:
        (holds.apply if decision == "apply" else holds.restore)(operation, found.hold.id)
    told = (
        _("%(people)s lose %(group)s with the next pass.", people=people, group=found.hold.group)
        if decision == "apply"
        else _("%(people)s keep %(group)s.", people=people, group=found.hold.group)
    )
    return done(told, url_for("holds.index"))


def _meant(found: queues.ShownHold, number: int, back: str) -> ResponseReturnValue | None:
    group, contacts = found.hold.group or _("these groups"), count(number, "contact")
    return unconfirmed(
        _("Remove %(contacts)s from %(groups)s?", contacts=contacts, groups=group),
        _(
            "%(contacts)s will be removed from %(groups)s for everyone. Those in no other group go to the trash and can"
            " be restored from there.",
            contacts=contacts,
            groups=group,
        ),
        word=_("Remove for everyone"),
        number=number,
        typed=found.hold.group if number > holds.UNASKED else "",
        back=back,
    )
