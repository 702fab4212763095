"""Groups: how large each is and who has which level; one group's contacts, access and changes."""

from __future__ import annotations

from flask import Blueprint, request

from sharesync.store import audience, browsing, groups, timeline
from web.live import page, the_world

pages = Blueprint("groups", __name__, url_prefix="/groups")

CHANGES = 6


@pages.get("/")
def index() -> str:
    """All of them."""
    with the_world().database.reading() as session:
        return page(
            "groups",
            groups=groups.listed(session),
            grantees=audience.grantees(session),
            reached=audience.sizes(session),
        )


@pages.get("/<group>")
def show(group: str) -> str:
    """One of them, by id or name."""
    search, after = request.args.get("q", ""), request.args.get("after")
    with the_world().database.reading() as session:
        found = groups.find(session, group)
        return page(
            "groups",
            "show",
            group=found,
            shelf=browsing.shelf(session, group=found.id, search=search, after=after),
            search=search,
            grantees=audience.grantees(session, found.id).get(found.id, []),
            reached=audience.reached(session, found.id),
            lines=timeline.page(session, group=found.id, deliveries=False, lines=CHANGES).lines[:CHANGES],
        )
