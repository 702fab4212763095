"""Latest changes: the change log as people read it, newest first."""

from __future__ import annotations

from flask import request

from sharesync.store.queries import timeline
from web.frame.live import page, the_world
from web.frame.needs import OVERSEE, Pages
from web.frame.numbers import whole

pages = Pages("changes", __name__, url_prefix="/changes")


@pages.get("/", needs=OVERSEE)
def index() -> str:
    """The newest, or those before the cursor; with `all`, also what was sent to mailboxes."""
    before, everything = request.args.get("before", type=whole), "all" in request.args
    with the_world().database.reading() as session:
        found = timeline.page(session, before=before, deliveries=everything)
        return page("changes", lines=found.lines, older=found.older, before=before, everything=everything)
