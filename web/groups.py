"""Groups: how large each is and who has which level; one group's contacts, access and changes."""

from __future__ import annotations

from flask import request

from sharesync.model.permission import Right
from sharesync.store import audience, browsing, groups, timeline
from web.live import page, the_world
from web.needs import ENTER, Pages, on_group
from web.person import may, visible

pages = Pages("groups", __name__, url_prefix="/groups")

CHANGES = 6


@pages.get("/", needs=ENTER)
def index() -> str:
    """All that one may see."""
    seen = visible()
    with the_world().database.reading() as session:
        return page(
            "groups",
            groups=[group for group in groups.listed(session) if seen is None or group.id in seen],
            grantees={group: who for group, who in audience.grantees(session).items() if runs(group)},
            reached=audience.sizes(session),
        )


@pages.get("/<group>", needs=on_group(Right.VIEW))
def show(group: str) -> str:
    """One of them, by id or name. Who else has it and what they did with it is for those who run it."""
    search, after = request.args.get("q", ""), request.args.get("after")
    with the_world().database.reading() as session:
        found = groups.find(session, group)
        mine = runs(found.id)
        lines = timeline.page(session, group=found.id, deliveries=False, lines=CHANGES).lines if mine else ()
        return page(
            "groups",
            "show",
            group=found,
            shelf=browsing.shelf(session, group=found.id, search=search, after=after, among=visible()),
            search=search,
            grantees=audience.grantees(session, found.id).get(found.id, []) if mine else [],
            reached=audience.reached(session, found.id) if mine else [],
            runs=mine,
            lines=lines[:CHANGES],
        )


def runs(group: str) -> bool:
    """Whether who asks may see who has the group."""
    return may(Right.OVERSEE) or may(Right.MANAGE, group)
