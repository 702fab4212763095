"""Mailboxes: how each stands, in plain words; one mailbox with the groups it sees and what happened there."""

from __future__ import annotations

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from sharesync.errors import InvalidInput, NotFound
from sharesync.model.permission import Right
from sharesync.model.searching import terms_of
from sharesync.services.operation import pass_requests
from sharesync.services.operation.pass_requests import Manner
from sharesync.store.database.engine import Session
from sharesync.store.queries import audience, contact_names, lookup, overview, timeline
from web.frame.limits import SYNC_NOW
from web.frame.live import page, the_world
from web.frame.needs import ADMINISTER, OVERSEE, Pages, own_or
from web.frame.person import acting, visible
from web.frame.responses import done, refused, unconfirmed
from web.words.languages import N_, Spoken, _, alphabet
from web.words.refusals import told
from web.words.terms import count, summed_up

pages = Pages("mailboxes", __name__, url_prefix="/mailboxes")

CHANGES = 20
MOST = 50
"""On one page."""
LATE = 8
"""Contacts on their way that are named."""
ASKED: dict[Manner, str] = Spoken(
    {
        Manner.ORDINARY: N_("The next pass over this mailbox begins at once."),
        Manner.FULL: N_("The next pass begins at once, and reads the whole mailbox."),
        Manner.RESET: N_("The next pass begins at once, and finds every contact anew."),
    }
)


@pages.get("/", needs=OVERSEE)
def index() -> str:
    """All of them, or those of whom the search is about; first what a person must see to."""
    world, search, after = the_world(), request.args.get("q", "").strip(), request.args.get("after")
    terms = terms_of(search)
    with world.database.reading() as session:
        everyone = overview.ranked(session, alphabet())
        found = [one for one in everyone if lookup.is_called(one.name, one.email, terms)]
        begin = next((place for place, one in enumerate(found, 1) if one.user_id == after), 0)
        shown = found[begin : begin + MOST]
        alike, standings = overview.look(session, world.now(), world.interval, shown)
    return page(
        "mailboxes",
        shown=standings,
        number=len(everyone),
        summary=summed_up(alike),
        search=search,
        after=after if begin else None,
        following=shown[-1].user_id if found[begin + MOST :] else None,
    )


@pages.get("/<user>", needs=own_or(Right.OVERSEE, "user"))
def show(user: str) -> str:
    """One of them, by Google's user id."""
    world = the_world()
    with world.database.reading() as session:
        standing = overview.standing(session, user, world.now(), world.interval)
        if standing is None:
            return _ended(session, user)
        late = overview.behind_in(session, user, LATE) if standing.behind else []
        named = contact_names.titles(session, late, visible())
        return page(
            "mailboxes",
            "show",
            standing=standing,
            late=[named[one] for one in late if one in named],
            seen=audience.seen_by(session, user, alphabet()),
            lines=timeline.page(session, mailbox=user, lines=CHANGES, among=visible()).lines[:CHANGES],
        )


def _ended(session: Session, user: str) -> str:
    ended = overview.ended(session, user)
    if ended is None:
        raise NotFound("mailbox", user)
    lines = timeline.page(session, mailbox=user, lines=CHANGES, among=visible()).lines[:CHANGES]
    return render_template("mailboxes/ended.html", ended=ended, lines=lines)


@pages.post("/", needs=ADMINISTER, limit=SYNC_NOW)
def ask_all() -> ResponseReturnValue:
    """A pass over every mailbox."""
    with acting() as work:
        number = pass_requests.ask_all(work)
    return done(
        _("%(mailboxes)s due now.", mailboxes=count(number, "mailbox", "mailboxes")), url_for("mailboxes.index")
    )


@pages.post("/<user>", needs=ADMINISTER, limit=SYNC_NOW)
def ask(user: str) -> ResponseReturnValue:
    """A pass over one mailbox: now, from the beginning, or as if for the first time, which is asked once more."""
    here = url_for("mailboxes.show", user=user)
    try:
        manner = Manner(request.form.get("manner", ""))
    except ValueError:
        return refused(_("Choose how to check the mailbox."), here)
    if manner is Manner.RESET:
        with the_world().database.reading() as session:
            standing = overview.standing(session, user, the_world().now(), the_world().interval)
        question = unconfirmed(
            _("Reset the mailbox of %(name)s?", name=standing.name) if standing else _("Reset this mailbox?"),
            _(
                "sharesync forgets which contact is which and finds each again by its mark. Nothing is deleted or"
                " duplicated, but the pass takes as long as the first one. Do this when a mailbox keeps changing by"
                " itself."
            ),
            word=_("Reset"),
            number=standing.contacts if standing else 0,
            back=here,
        )
        if question:
            return question
    try:
        with acting() as work:
            pass_requests.ask(work, user, manner)
    except InvalidInput as refusal:
        return refused(told(refusal), here)
    return done(ASKED[manner], here)
