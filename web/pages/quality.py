"""Quality: what may be wrong with contacts, or out of date, as filters, each with how many contacts it finds."""

from __future__ import annotations

from sharesync.model.filter_lines import parse
from sharesync.store.queries import contact_pages, duplicates
from web.frame.live import company_fields, page, the_world
from web.frame.needs import ENTER, Pages
from web.frame.person import visible
from web.frame.zones import zone
from web.words.languages import N_, Spoken

pages = Pages("quality", __name__, url_prefix="/quality")

CHECKS: dict[str, str] = Spoken(
    {
        "invalid:email": N_("An e-mail address looks wrong"),
        "invalid:phone": N_("A phone number looks wrong"),
        "missing:required": N_("A field that a group requires is empty"),
        "missing:email missing:phone": N_("Neither an e-mail address nor a phone number"),
        "-changed>-1y": N_("Not changed for a year"),
        "-checked>-1y": N_("Not checked for a year"),
        "-entry>-1y": N_("No entry for a year"),
    }
)
"""What is asked for: anyone may type the same in a search, save it or make a smart group of it."""


@pages.get("/", needs=ENTER)
def index() -> str:
    """Of the contacts that one may see."""
    now, seen, found = the_world().now(), visible(), []
    with the_world().database.reading() as session:
        for line, word in CHECKS.items():
            asked = parse(line, now, zone(), company_fields())
            number = contact_pages.number(session, seen, asked)
            found.append((line, word, min(number, contact_pages.MANY), number > contact_pages.MANY))
        alike = duplicates.waiting(session, seen)
    most = duplicates.MANY
    return page("quality", checks=found, alike=min(alike, most), more_alike=alike > most)
