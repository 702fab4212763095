"""Mailboxes: how each stands, in plain words; one mailbox with the groups it sees and what happened there."""

from __future__ import annotations

from sharesync.errors import NotFound
from sharesync.model.permission import Right
from sharesync.store import audience, overview, timeline
from web.live import page, the_world
from web.needs import OVERSEE, Pages, own_or
from web.words import summed_up

pages = Pages("mailboxes", __name__, url_prefix="/mailboxes")

CHANGES = 20


@pages.get("/", needs=OVERSEE)
def index() -> str:
    """All of them."""
    world = the_world()
    with world.database.reading() as session:
        standings = overview.standings(session, world.now())
        return page("mailboxes", standings=standings, summary=summed_up(standings))


@pages.get("/<user>", needs=own_or(Right.OVERSEE, "user"))
def show(user: str) -> str:
    """One of them, by Google's user id."""
    world = the_world()
    with world.database.reading() as session:
        standing = next((one for one in overview.standings(session, world.now()) if one.user_id == user), None)
        if standing is None:
            raise NotFound("mailbox", user)
        return page(
            "mailboxes",
            "show",
            standing=standing,
            seen=audience.seen_by(session, user),
            lines=timeline.page(session, mailbox=user, lines=CHANGES).lines[:CHANGES],
        )
