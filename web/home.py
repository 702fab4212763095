"""Home: how everything stands, at a glance."""

from __future__ import annotations

from flask import Blueprint

from sharesync.store import audience, contacts, groups, overview, timeline
from web.live import page, the_world
from web.words import summed_up

pages = Blueprint("home", __name__)

CHANGES = 8


@pages.get("/")
def index() -> str:
    """The first page."""
    world = the_world()
    with world.database.reading() as session:
        standings = overview.standings(session, world.now())
        return page(
            "home",
            standings=standings,
            summary=summed_up(standings),
            groups=groups.listed(session),
            reached=audience.sizes(session),
            contacts=contacts.count(session),
            lines=timeline.latest(session, CHANGES),
        )
