"""Home: how everything stands, at a glance; for most people, the groups they have."""

from __future__ import annotations

from datetime import datetime, timedelta

from sharesync.model.mailbox import MailboxState
from sharesync.model.permission import Right
from sharesync.store.queries import (
    activity,
    audience,
    contact_names,
    contact_pages,
    duplicates,
    entries,
    fates,
    groups,
    neglect,
    overview,
    people,
    questions,
    queues,
    timeline,
)
from web.frame.live import is_part, page, the_world
from web.frame.needs import ENTER, Pages
from web.frame.person import editable, may, run_by_them, the_person, visible
from web.frame.zones import here, midnight
from web.words.languages import alphabet
from web.words.terms import freshness, summed_up

pages = Pages("home", __name__)

CHANGES = 8
FIRST = 8
"""Of the mailboxes and of the groups."""
PROPOSED = 5
"""Of what they proposed."""
DAYS = 14
"""Of the chart."""


@pages.get("/", needs=ENTER)
def index() -> str:
    """The first page."""
    world, seen = the_world(), visible()
    with world.database.reading() as session:
        if seen is None:
            alike, standings = overview.look(session, world.now(), world.interval, FIRST, alphabet())
        else:
            theirs = overview.standing(session, the_person().user_id, world.now(), world.interval)
            standings = [theirs] if theirs else []
            alike = [theirs.alone] if theirs else []
        # What somebody hid is theirs to look at, and nothing that should be in their mailbox.
        hidden = frozenset() if seen is None else people.declined(session, the_person().user_id)
        shown = None if seen is None else frozenset(seen) - hidden
        proposed = fates.proposed_by(session, the_person().user_id, PROPOSED)
        named = contact_names.titles(session, {one.contact for one in proposed}, seen) if proposed else {}
        mine = [group for group in groups.named(session, alphabet()) if seen is None or group.id in seen]
        return page(
            "home",
            standings=standings,
            number=sum(one.number for one in alike),
            troubled=sum(one.number for one in alike if one.state is MailboxState.ATTENTION),
            summary=summed_up(alike),
            neglected=neglect.neglected(session, world.now(), world.interval) if may(Right.OVERSEE) else None,
            fresh=freshness(alike),
            asked=questions.number(session, the_person().user_id, the_person().party.levels.keys()),
            proposed=[(one, named[one.contact]) for one in proposed],
            my_day=entries.due(session, the_person().user_id, here(world.now()).date(), seen),
            deciders=fates.deciders(session, [one.id for one in proposed if one.at is None]),
            waiting=queues.counts(session, run_by_them()),
            pairs=duplicates.waiting(session, editable()),
            many=duplicates.MANY,
            days=() if is_part() or not may(Right.OVERSEE) else activity.by_day(session, midnights(world.now())),
            groups=mine,
            first=FIRST,
            sizes=groups.sizes(session, [group.id for group in mine[:FIRST]]),
            reached=audience.sizes(session),
            hidden=hidden,
            contacts=contact_pages.number(session, shown),
            lines=timeline.latest(session, CHANGES, the_person().user_id) if may(Right.OVERSEE) else (),
        )


def midnights(now: datetime) -> list[datetime]:
    """When the reader's last days began, the oldest first; the last is today."""
    today = here(now).date()
    return [midnight(today - timedelta(days=back)) for back in reversed(range(DAYS))]
