"""My groups: what someone sees and why, what they do not want in their Google Contacts, a label of theirs shared."""

from __future__ import annotations

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from sharesync.errors import GoogleError, NotAllowed, Refused
from sharesync.model.mailbox import SeenLabel
from sharesync.model.permission import Allowed, Denied, Permission, Right
from sharesync.services import opt_out, sharing
from sharesync.store.queries import people
from web.frame.limits import SYNC_NOW
from web.frame.live import page, the_world
from web.frame.needs import ENTER, Pages, on_group
from web.frame.person import acting, the_person
from web.frame.responses import done, refused
from web.words import refusals
from web.words.languages import _

pages = Pages("my_groups", __name__, url_prefix="/mine")


@pages.get("/", needs=ENTER)
def index() -> str:
    """The groups that reach the asker."""
    with the_world().database.reading() as session:
        mine = people.groups_of(session, the_person().user_id)
        return page("my_groups", mine=mine, shares=isinstance(_verdict(), Allowed))


@pages.get("/share", needs=ENTER, limit=SYNC_NOW)
def choose() -> ResponseReturnValue:
    """The labels of their own, read from their Google Contacts now; one of them may become a group."""
    _demand()
    try:
        return _choose(_labels())
    except GoogleError as error:
        return refused(refusals.told(error), url_for("my_groups.index"))


@pages.post("/share", needs=ENTER, limit=SYNC_NOW)
def share() -> ResponseReturnValue:
    """Make a group of one, and go on to its access: nobody else sees it yet."""
    _demand()
    chosen, name = request.form.get("label", ""), request.form.get("name", "")
    try:
        labels = _labels()
    except GoogleError as error:
        return refused(refusals.told(error), url_for("my_groups.index"))
    if not chosen:
        return _choose(labels, name, wrong=_("Choose a label."))
    try:
        label = sharing.find(labels, chosen)
        with acting() as work:
            made = sharing.share(work, label, name or label.name, everyone=the_world().everyone_shares)
    except Refused as refusal:
        return _choose(labels, name, chosen, refusals.told(refusal))
    told = _(
        "%(group)s is created; its contacts arrive within minutes. Now choose who else may see it.", group=made.name
    )
    return done(told, url_for("access.index", group=made.id))


@pages.post("/<group>/decline", needs=on_group(Right.VIEW))
def decline(group: str) -> ResponseReturnValue:
    """Not in my Google Contacts any more."""
    with acting() as work:
        found = opt_out.decline(work, group)
    return done(
        _("%(group)s goes from your Google Contacts within minutes.", group=found.name), url_for("my_groups.index")
    )


@pages.post("/<group>/want", needs=on_group(Right.VIEW))
def want(group: str) -> ResponseReturnValue:
    """In my Google Contacts again."""
    with acting() as work:
        found = opt_out.want(work, group)
    return done(
        _("%(group)s comes back into your Google Contacts within minutes.", group=found.name),
        url_for("my_groups.index"),
    )


def _choose(labels: list[SeenLabel], name: str = "", chosen: str = "", wrong: str = "") -> str:
    return render_template("my_groups/share.html", labels=labels, name=name, chosen=chosen, wrong=wrong)


def _labels() -> list[SeenLabel]:
    person = the_person()
    return sharing.own_labels(the_world(), person.user_id)


def _verdict() -> Permission:
    return sharing.may_share(the_person().party, everyone=the_world().everyone_shares)


def _demand() -> None:
    verdict = _verdict()
    if isinstance(verdict, Denied):
        raise NotAllowed(verdict.reason)
