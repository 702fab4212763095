"""Home: how everything stands, at a glance; for most people, what is theirs to do and to know."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sharesync.model.mailbox import MailboxState
from sharesync.model.permission import Right
from sharesync.model.quality import WRONG
from sharesync.services.duplicates import compared_by_now
from sharesync.store.database.engine import Session
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
    quality,
    questions,
    queues,
    reviews,
    timeline,
)
from sharesync.store.queries.overview import MailboxStanding
from web.frame.live import is_part, page, the_world
from web.frame.needs import ENTER, Pages
from web.frame.person import editable, may, run_by_them, the_person, visible
from web.frame.zones import here, midnight
from web.pages.quality import WORDS
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
    """The first page: of everything for who oversees it, else of what is one's own."""
    return _overview() if may(Right.OVERSEE) else _own()


def _overview() -> str:
    """What waits, which mailboxes need somebody, what changed last."""
    world = the_world()
    with compared_by_now(world.database) as (session, comparing):
        alike, standings = overview.look(
            session, world.now(), world.interval, overview.ranked(session, alphabet())[:FIRST]
        )
        everything = groups.named(session, alphabet())
        return page(
            "home",
            standings=standings,
            number=sum(one.number for one in alike),
            troubled=sum(one.number for one in alike if one.state is MailboxState.ATTENTION),
            summary=summed_up(alike),
            neglected=neglect.neglected(session, world.now(), world.interval),
            fresh=freshness(alike),
            days=() if is_part() else activity.by_day(session, midnights(world.now())),
            groups=everything,
            sizes=groups.sizes(session, [group.id for group in everything[:FIRST]]),
            reached=audience.sizes(session),
            hidden=(),
            contacts=contact_pages.number(session, None),
            late=[one for one in standings if _is_late(one)],
            lines=[
                one
                for one in timeline.latest(session, CHANGES, the_person().user_id)
                if one.at > world.now() - timedelta(days=1)
            ],
            found_wrong=_found_wrong(session),
            comparing=comparing,
            **_for_them(session),
        )


def _is_late(one: MailboxStanding) -> bool:
    """Whether something is on its way there, and nobody is asked to help: who must be helped is named by itself."""
    return not one.alone.up_to_date and one.state not in (MailboxState.PAUSED, MailboxState.ATTENTION)


def _found_wrong(session: Session) -> list[tuple[str, str, int]] | None:
    """What the last count found wrong, with the filter that finds it; None where nothing was counted yet."""
    now = the_world().now()
    counted = quality.since(session, the_world().outside.here(now).date() - timedelta(days=1))
    last = list(counted.values())[-1] if counted else None
    return None if last is None else [(line, WORDS[line], last[line]) for line in WRONG if last.get(line)]


def _own() -> str:
    """What somebody has to do, what they proposed, and what changed in their groups; nothing of how it is run."""
    world, seen = the_world(), frozenset(visible() or ())
    with compared_by_now(world.database) as (session, comparing):
        theirs = overview.standing(session, the_person().user_id, world.now(), world.interval)
        alike = [theirs.alone] if theirs else []
        # A group that somebody declined is still theirs to look at, but should not be in their mailbox.
        hidden = people.declined(session, the_person().user_id)
        mine = [group for group in groups.named(session, alphabet()) if group.id in seen]
        return page(
            "home",
            "own",
            standings=[theirs] if theirs else [],
            troubled=sum(one.number for one in alike if one.state is MailboxState.ATTENTION),
            summary=summed_up(alike),
            neglected=None,
            fresh=freshness(alike),
            groups=mine,
            sizes=groups.sizes(session, [group.id for group in mine[:FIRST]]),
            reached=audience.sizes(session),
            hidden=hidden,
            contacts=contact_pages.number(session, seen - hidden),
            changed=contact_pages.changed_last(session, seen - hidden, CHANGES),
            comparing=comparing,
            **_for_them(session),
        )


def _for_them(session: Session) -> dict[str, Any]:
    """What waits for the reader, whatever their role."""
    proposed, seen = fates.proposed_by(session, the_person().user_id, PROPOSED), visible()
    named = contact_names.titles(session, {one.contact for one in proposed}, seen) if proposed else {}
    return {
        "first": FIRST,
        "asked": questions.number(session, the_person().user_id, the_person().party.levels.keys()),
        "proposed": [(one, named[one.contact]) for one in proposed],
        "deciders": fates.deciders(session, [one.id for one in proposed if one.at is None]),
        "my_day": entries.due(session, the_person().user_id, here(the_world().now()).date(), seen),
        "to_review": [one for one in reviews.asked_of(session, the_person().user_id, seen) if one.left],
        "waiting": queues.counts(session, run_by_them(), the_person().user_id),
        "pairs": duplicates.waiting(session, editable()),
        "many": duplicates.MANY,
    }


def midnights(now: datetime) -> list[datetime]:
    """When the reader's last days began, the oldest first; the last is today."""
    today = here(now).date()
    return [midnight(today - timedelta(days=back)) for back in reversed(range(DAYS))]
