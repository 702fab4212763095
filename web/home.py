"""Home: how everything stands, at a glance; for most people, the groups they have."""

from __future__ import annotations

from sharesync.model.permission import Right
from sharesync.store import audience, contacts, groups, overview, timeline
from web.live import page, the_world
from web.needs import ENTER, Pages
from web.person import may, the_person, visible
from web.words import summed_up

pages = Pages("home", __name__)

CHANGES = 8


@pages.get("/", needs=ENTER)
def index() -> str:
    """The first page."""
    world, seen = the_world(), visible()
    with world.database.reading() as session:
        standings = overview.standings(session, world.now())
        if seen is not None:
            standings = [one for one in standings if one.user_id == the_person().user_id]
        return page(
            "home",
            standings=standings,
            summary=summed_up(standings),
            groups=[group for group in groups.listed(session) if seen is None or group.id in seen],
            reached=audience.sizes(session),
            contacts=contacts.count(session, among=seen),
            lines=timeline.latest(session, CHANGES) if may(Right.OVERSEE) else (),
        )
