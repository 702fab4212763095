"""The form of a new review: what is looked through, by when, and who is asked; and a contact corrected in one."""

from __future__ import annotations

from datetime import date, timedelta

from flask import render_template, request, url_for
from werkzeug.datastructures import MultiDict

from sharesync.errors import InvalidInput
from sharesync.model.permission import Right
from sharesync.model.review import ItemState, ReviewDraft
from sharesync.services import reviews as cases
from sharesync.store.database.engine import Session
from sharesync.store.database.work import Work
from sharesync.store.queries import groups, people, reviews
from web.frame.live import company_fields, the_world, zone_name
from web.frame.person import may
from web.frame.zones import here
from web.words.languages import alphabet

USUAL = timedelta(days=14)
"""Until when it is to be done unless somebody says otherwise."""
SHOWN = 40
"""People who are offered by name; others are typed."""


def starts(session: Session) -> bool:
    """Whether the reader manages a group, and so may start a review."""
    return any(may(Right.MANAGE, group.id) for group in groups.named(session, alphabet()))


def form(said: MultiDict[str, str], *, ticked: bool = False, wrong: str = "") -> str:
    """The form, filled with what was said before."""
    group = said.get("of", said.get("page", said.get("group", "")))
    with the_world().database.reading() as session:
        managed = [one for one in groups.named(session, alphabet()) if may(Right.MANAGE, one.id)]
        among = [one.id for one in managed if not group or one.id == group]
        able = reviews.could_be_asked(session, among, SHOWN)
    return render_template(
        "reviews/new.html",
        said=said,
        group=group,
        places=managed,
        people=able,
        chosen=set(said.getlist("person")),
        ticked=list(dict.fromkeys(said.getlist("contact"))) if ticked else [],
        fields=company_fields(),
        due=said.get("due") or (here(the_world().now()).date() + USUAL).isoformat(),
        wrong=wrong,
    )


def draft(session: Session) -> ReviewDraft:
    """What the form says. Raises InvalidInput, NotFound."""
    sent = request.form
    try:
        due = date.fromisoformat(sent.get("due", ""))
    except ValueError:
        raise InvalidInput("Choose the day by which it is to be done.") from None
    others = [word for word in sent.get("others", "").replace(",", " ").split() if word]
    named = [*sent.getlist("person"), *(people.user_id(session, address) for address in others)]
    return ReviewDraft(
        sent.get("name", ""),
        due,
        group=sent.get("of") or None,
        filter=sent.get("q", ""),
        reviewers=tuple(dict.fromkeys(named)),
        field=sent.get("field", ""),
        repeats="repeats" in sent,
        zone=zone_name(),
    )


# --- A contact's form, opened in a review ----------------------------------------------------------------------------


def asked() -> str:
    """Id of the review in which the form was opened; empty outside of any."""
    return request.args.get("review", "")


def corrected(work: Work, contact: str) -> None:
    """Say in the review that the contact was corrected. Raises NotFound, Refused."""
    if review := asked():
        cases.decide(work, review, contact, ItemState.CORRECTED)


def onward(contact: str, there: str) -> str:
    """Where one goes on: in the review, or there."""
    return url_for("reviews.look", review=asked(), after=contact) if asked() else there
