"""Quality: what may be wrong with contacts, or out of date, as filters, each with how many contacts it finds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sharesync.model.filter_lines import parse
from sharesync.model.permission import Right
from sharesync.model.quality import CHECKS
from sharesync.services.duplicates import compared_by_now
from sharesync.store.database.engine import Session
from sharesync.store.queries import contact_pages, quality
from web.frame.live import company_fields, page, the_world
from web.frame.needs import ENTER, Pages
from web.frame.person import may, visible
from web.frame.zones import zone
from web.words.languages import N_, Spoken

pages = Pages("quality", __name__, url_prefix="/quality")

WORDS: dict[str, str] = Spoken(
    {
        "invalid:email": N_("An e-mail address looks wrong"),
        "invalid:phone": N_("A phone number looks wrong"),
        "missing:required": N_("A field that a group requires is empty"),
        "missing:email missing:phone": N_("Neither an e-mail address nor a phone number"),
        "duplicate:likely": N_("Probably the same as another contact"),
        "-changed>-1y": N_("Not changed for a year"),
        "-checked>-1y": N_("Not checked for a year"),
        "-entry>-1y": N_("No entry for a year"),
    }
)
"""What each check of `model/quality.py` says."""
DAYS = 90
"""Of the charts."""
WIDTH, HEIGHT = 240, 36
"""Of a chart, in its own units."""


@dataclass(frozen=True, slots=True)
class Chart:
    """How many contacts one check found, day by day, drawn from the left to the right and from nothing up."""

    points: str
    """The line, as SVG writes one."""
    last: tuple[float, float]
    """Where it ends."""
    first_day: date
    first: int
    """What was found on the first day that is shown."""


@pages.get("/", needs=ENTER)
def index() -> str:
    """Of the contacts that one may see; how it went is told to those who see all of them."""
    now, seen, found = the_world().now(), visible(), []
    with compared_by_now(the_world().database) as (session, comparing):
        for line in CHECKS:
            asked = parse(line, now, zone(), company_fields())
            number = contact_pages.number(session, seen, asked)
            found.append((line, WORDS[line], min(number, contact_pages.MANY), number > contact_pages.MANY))
        contacts = contact_pages.number(session, seen)
        days = counted(session) if may(Right.OVERSEE) else {}
    charts = {line: drawn for line in CHECKS if (drawn := chart(days, line))}
    return page("quality", contacts=contacts, checks=found, comparing=comparing, days=days, charts=charts)


def counted(session: Session) -> dict[date, dict[str, int]]:
    """What the clock counted in the last days."""
    return quality.since(session, today() - timedelta(days=DAYS - 1))


def today() -> date:
    """By the company's clock, by which it is counted."""
    return the_world().outside.here(the_world().now()).date()


def chart(days: Mapping[date, Mapping[str, int]], line: str) -> Chart | None:
    """The chart of one check; None until it was counted on two days."""
    told = [(day, numbers[line]) for day, numbers in days.items() if line in numbers]
    if len(told) < 2:
        return None
    first, most = told[0][0], max(number for _, number in told) or 1
    span = (told[-1][0] - first).days
    # A margin of two units all around, so that the line's own width is not cut off.
    places = [
        (
            round(2 + (WIDTH - 4) * (day - first).days / span, 1),
            round(HEIGHT - 2 - (HEIGHT - 4) * number / most, 1),
        )
        for day, number in told
    ]
    return Chart(" ".join(f"{x},{y}" for x, y in places), places[-1], first, told[0][1])
