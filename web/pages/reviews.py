"""Reviews: what people are asked to look through, one contact after the other; and how far everybody is."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sharesync.errors import NotFound, Refused
from sharesync.model.permission import Right
from sharesync.model.review import ItemState, Review
from sharesync.services import reviews as cases
from sharesync.services.who_may.permission import groups_of_contact
from sharesync.store.database.engine import Session
from sharesync.store.database.work import ReadOnly
from sharesync.store.queries import contacts, reviews
from sharesync.store.queries.reviews import AskedReview, ReviewReader
from web.frame.live import company_fields, the_world
from web.frame.needs import ENTER, Pages, on_contact
from web.frame.person import acting, asked_on, asker, may, operating, the_person, visible
from web.frame.responses import done, refused
from web.pages import field_inputs, review_forms
from web.pages.cards import facts, job
from web.words.languages import N_, Spoken, _, alphabet
from web.words.refusals import told
from web.words.terms import Sign, Tone

pages = Pages("reviews", __name__, url_prefix="/reviews")

STATES: dict[ItemState, Sign] = Spoken(
    {
        ItemState.OPEN: Sign(Tone.WAIT, "clock-3", N_("open")),
        ItemState.RIGHT: Sign(Tone.GOOD, "circle-check", N_("right")),
        ItemState.CORRECTED: Sign(Tone.GOOD, "pencil", N_("corrected")),
        ItemState.GONE: Sign(Tone.BAD, "user-minus", N_("gone")),
        ItemState.LEFT: Sign(Tone.QUIET, "circle-x", N_("not asked any more")),
    }
)
"""How a contact of a review stands."""


@pages.get("/", needs=ENTER)
def index() -> str:
    """What one is asked, and what one runs."""
    with the_world().database.reading() as session:
        places = reviews.places(session)
        if not may(Right.OVERSEE):
            run = {one.id for one in cases.run_by(_asking(session), [one.review for one in places])}
            places = [one for one in places if one.review.id in run]
        return render_template(
            "reviews/index.html",
            asked=reviews.asked_of(session, the_person().user_id, visible()),
            places=places,
            counts=reviews.counts(session, [one.review.id for one in places]),
            starts=review_forms.starts(session),
        )


@pages.get("/new", needs=ENTER)
def new() -> str:
    """The form for another one."""
    return review_forms.form(request.args)


@pages.post("/new", needs=ENTER)
def prepare() -> ResponseReturnValue:
    """The same for what was ticked in a list, or for all that it found."""
    if not request.form.getlist("contact") and "all" not in request.form:
        return refused(_("Tick contacts first."), url_for("contacts.index"))
    return review_forms.form(request.form, ticked="all" not in request.form)


@pages.post("/", needs=ENTER)
def create() -> ResponseReturnValue:
    """Start it, or say in the form why not."""
    chosen = list(dict.fromkeys(request.form.getlist("contact"))) or None
    try:
        with operating() as operation:
            with operation.look() as look:
                draft = review_forms.draft(look.session)
            review = cases.start(operation, draft, chosen)
    except Refused as error:
        return review_forms.form(request.form, ticked=chosen is not None, wrong=told(error))
    return done(_("The review has begun. Those who are asked find it on their first page."), _address(review))


@pages.get("/<review>", needs=ENTER)
def show(review: str) -> ResponseReturnValue:
    """How far everybody is; who is only asked is led to what they are asked."""
    with the_world().database.reading() as session:
        if not _runs(session, reviews.get(session, review)):
            _require_asked(session, review)
            return redirect(url_for("reviews.look", review=review), 303)
        (place,) = reviews.places(session, [review])
        people = reviews.counts(session, [review]).get(review, [])
        return render_template(
            "reviews/show.html",
            place=place,
            review=place.review,
            people=people,
            gone=reviews.gone(session, review, visible()),
            mine=next((one for one in people if one.user == the_person().user_id), None),
            field=next((one.name for one in company_fields() if one.id == place.review.draft.field), ""),
            states=STATES,
            decides=not place.review.ended and (may(Right.ADMINISTER) or not may(Right.OVERSEE)),
        )


@pages.post("/<review>/end", needs=ENTER)
def end(review: str) -> ResponseReturnValue:
    """Ask nobody any more."""
    with acting() as work:
        cases.end(work, review)
    return done(_("The review has ended."), url_for("reviews.index"))


@pages.get("/<review>/look", needs=ENTER)
def look(review: str) -> str:
    """The contact that comes next, or the one at this place; at the end, that it is the end."""
    with the_world().database.reading() as session:
        asked = _require_asked(session, review)
        reader = ReviewReader(the_person().user_id, visible(), alphabet())
        step = reviews.step(session, review, reader, at=request.args.get("at"), after=request.args.get("after"))
        if step is None or asked is None:
            found = reviews.get(session, review)
            return render_template("reviews/finished.html", review=found, asked=asked, runs=_runs(session, found))
        contact, places = contacts.get(session, step.contact, visible()), groups_of_contact(session, step.contact)
        fields = company_fields()
        heading = job(contact.card)
        return render_template(
            "reviews/look.html",
            asked=asked,
            step=step,
            contact=contact,
            heading=heading,
            facts=facts(field_inputs.bared(fields, contact.card), heading),
            told=field_inputs.told(fields, contact.card, contact.here),
            changes_it=may(Right.EDIT, *places),
            deletes=may(Right.DELETE, *places),
            states=STATES,
        )


@pages.post("/<review>/look/<contact>", needs=on_contact(Right.VIEW))
def answer(review: str, contact: str) -> ResponseReturnValue:
    """Say that it is right, or gone."""
    said = ItemState.GONE if request.form.get("answer") == "gone" else ItemState.RIGHT
    at_home = request.form.get("home") == "review"
    there = _address(review) if at_home else url_for("reviews.look", review=review, after=contact)
    deletes = may(Right.DELETE, *asked_on())
    try:
        with acting() as work:
            cases.decide(work, review, contact, said)
    except NotFound:
        raise
    except Refused as error:
        return refused(told(error), there)
    if said is ItemState.RIGHT:
        return done(_("Right as it is."), there)
    return done(_("Gone: deleted for everyone.") if deletes else _("Gone. Whoever runs the review decides."), there)


def _address(review: str) -> str:
    return url_for("reviews.show", review=review)


def _runs(session: Session, review: Review) -> bool:
    """Whether the reader runs it, or may look at everything."""
    return may(Right.OVERSEE) or cases.runs(_asking(session), review)


def _asking(session: Session) -> ReadOnly:
    return ReadOnly(session, the_world().now(), asker().by)


def _require_asked(session: Session, review: str) -> AskedReview | None:
    """What the reader is asked in it; None where it has ended. Raises NotFound where they never were."""
    asked = reviews.asked_of(session, the_person().user_id, visible())
    found = next((one for one in asked if one.review == review), None)
    if found is None and not (
        reviews.get(session, review).ended and reviews.was_asked(session, review, the_person().user_id)
    ):
        raise NotFound("review", review)
    return found
