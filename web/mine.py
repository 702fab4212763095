"""My groups: what someone sees and why, and what they do not want in their own Google Contacts."""

from __future__ import annotations

from flask import url_for
from flask.typing import ResponseReturnValue

from sharesync.model.permission import Right
from sharesync.services import declining
from sharesync.store import declined
from web.deeds import done
from web.languages import _
from web.live import page, the_world
from web.needs import ENTER, Pages, on_group
from web.person import acting, the_person

pages = Pages("mine", __name__, url_prefix="/mine")


@pages.get("/", needs=ENTER)
def index() -> str:
    """The groups that reach whoever asks."""
    with the_world().database.reading() as session:
        return page("mine", mine=declined.groups_of(session, the_person().user_id))


@pages.post("/<group>/decline", needs=on_group(Right.VIEW))
def decline(group: str) -> ResponseReturnValue:
    """Not in my Google Contacts any more."""
    with acting() as work:
        found = declining.decline(work, group)
    return done(_("%(group)s goes from your Google Contacts within minutes.", group=found.name), url_for("mine.index"))


@pages.post("/<group>/want", needs=on_group(Right.VIEW))
def want(group: str) -> ResponseReturnValue:
    """In my Google Contacts again."""
    with acting() as work:
        found = declining.want(work, group)
    return done(
        _("%(group)s comes back into your Google Contacts within minutes.", group=found.name), url_for("mine.index")
    )
