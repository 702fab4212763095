"""Questions to the person signed in: was what stands on a contact in their own Google Contacts meant for everyone?"""

from __future__ import annotations

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from sharesync.errors import InvalidInput, NotFound
from sharesync.services import questions
from sharesync.store.queries import questions as waiting_questions
from web.frame.live import the_world
from web.frame.needs import ENTER, Pages
from web.frame.person import acting, the_person
from web.frame.responses import done, refused
from web.pages.cards import differences
from web.words import refusals
from web.words.languages import N_, _

pages = Pages("questions", __name__, url_prefix="/questions")

ANSWERS = {"share": questions.share, "keep": questions.keep}
DONE = {
    "share": N_("It goes to everyone who sees the contact, or to whoever decides about it."),
    "keep": N_("It stays in your own Google Contacts, and nobody else sees it."),
}


@pages.get("/", needs=ENTER)
def index() -> str:
    """What they alone are asked, the oldest first."""
    person = the_person()
    with the_world().database.reading() as session:
        asked = waiting_questions.asked(session, person.user_id, person.party.levels.keys())
    rows = [(one, differences(one.before, one.after)) for one in asked]
    return render_template("questions/index.html", rows=rows)


@pages.post("/<question>", needs=ENTER)
def answer(question: str) -> ResponseReturnValue:
    """Their answer to one. Another's is not there for them."""
    said = request.form.get("answer", "")
    if said not in ANSWERS:
        return refused(_("Say whether it was meant for everyone."), url_for("questions.index"))
    try:
        with acting() as work:
            ANSWERS[said](work, question)
    except InvalidInput as refusal:
        return refused(refusals.told(refusal), url_for("questions.index"))
    except NotFound:
        return refused(_("This has been answered already."), url_for("questions.index"))
    return done(_(DONE[said]), url_for("questions.index"))
