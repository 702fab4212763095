"""The calendar of somebody's follow-ups, as calendar programs ask for it: by its address, without a cookie."""

from __future__ import annotations

from flask import Response, render_template, url_for
from flask.typing import ResponseReturnValue
from icalendar import Calendar, Event

from sharesync.services import calendars as cases
from sharesync.services.calendars import CalendarDay
from sharesync.store.queries import calendars
from web.frame.live import the_world
from web.frame.needs import ENTER, OPEN, Pages
from web.frame.person import acting, the_person
from web.frame.responses import done
from web.words.languages import _

pages = Pages("calendar", __name__, url_prefix="/calendar")


@pages.get("/", needs=ENTER)
def index() -> str:
    """Whether one has an address."""
    with the_world().database.reading() as session:
        made_at = calendars.made_at(session, the_person().user_id)
    return render_template("calendar/index.html", made_at=made_at, address="")


@pages.post("/", needs=ENTER)
def open_address() -> str:
    """Make one, and show it this once."""
    with acting() as work:
        secret = cases.open_address(work)
    address = url_for("calendar.feed", secret=secret, _external=True)
    return render_template("calendar/index.html", made_at=the_world().now(), address=address)


@pages.post("/close", needs=ENTER)
def close_address() -> ResponseReturnValue:
    """End it."""
    with acting() as work:
        cases.close_address(work)
    return done(_("The address no longer works."), url_for("calendar.index"))


@pages.get("/<secret>.ics", needs=OPEN)
def feed(secret: str) -> Response:
    """Its days (RFC 5545): that something is due, and where."""
    with the_world().database.reading() as session:
        days = cases.days(session, secret)
    calendar = Calendar()
    calendar.add("prodid", "-//sharesync//follow-ups//EN")
    calendar.add("version", "2.0")
    for one in days:
        calendar.add_component(_event(one))
    return Response(calendar.to_ical(), mimetype="text/calendar", headers={"Cache-Control": "private, no-store"})


def _event(one: CalendarDay) -> Event:
    event = Event()
    event.add("uid", f"{one.id}@sharesync")
    event.add("dtstamp", one.since)
    event.add("dtstart", one.day)
    event.add("summary", _("Follow-up due"))
    event.add("url", url_for("contacts.show", contact=one.contact, _external=True))
    event.add("transp", "TRANSPARENT")
    return event
