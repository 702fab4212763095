"""The calendar of one's follow-ups: its address opens that and nothing else, says no word of a contact, and ends."""

import re

from flask import Flask
from icalendar import Calendar

from sharesync.model.audit import OPERATOR
from sharesync.services import entries
from tests.web.conftest import Signed, signed_in
from tests.web.waiting import write_entry
from tests.worlds import House

TEXT = "Wants the blue one"


def address(who: Signed) -> str:
    found = re.search(r"<code>http://localhost(/calendar/[0-9a-f]{48}\.ics)</code>", who.submit("/calendar/").text)
    assert found
    return found[1]


def days(app: Flask, at: str) -> list[tuple[str, str]]:
    """Days and links that a stranger reads there."""
    answer = app.test_client().get(at)
    assert (answer.status_code, answer.mimetype) == (200, "text/calendar")
    calendar = Calendar.from_ical(answer.data)
    return [(str(one.decoded("dtstart")), str(one["url"])) for one in calendar.walk("VEVENT")]


def test_it_says_when_something_is_due_and_no_word_of_what(shared: House, app: Flask) -> None:
    cy = signed_in(app, shared, "cy")
    first, _, other = (write_entry(shared, "Ada", TEXT, doer=doer) for doer in ("cy", "bo", "cy"))
    at = address(cy)
    today = str(shared.now().date())
    link = f"http://localhost/contacts/{shared.contact_id('Ada')}"
    assert days(app, at) == [(today, link), (today, link)]
    told = app.test_client().get(at).text
    assert "Follow-up due" in told
    assert "Ada" not in told
    assert "blue" not in told
    with shared.world.work(OPERATOR) as work:
        entries.set_done(work, shared.contact_id("Ada"), first, done=True)
        entries.remove(work, shared.contact_id("Ada"), other)
    assert days(app, at) == []


def test_it_opens_nothing_else_and_ends_with_its_owners_wish_rights_and_place(shared: House, app: Flask) -> None:
    cy = signed_in(app, shared, "cy")
    write_entry(shared, "Ada", TEXT, doer="cy")
    first = address(cy)
    stranger = app.test_client()
    assert stranger.get("/").status_code == 303
    second = address(cy)
    assert stranger.get(first).status_code == 404
    assert len(days(app, second)) == 1
    assert second not in cy.get("/calendar/").text
    shared.revoke("Customers", "cy")
    assert days(app, second) == []
    shared.grant("Customers", "cy@north.test", "view")
    shared.workspace.directory.change_user(shared.users["cy"].id, suspended=True)
    shared.sync_directory()
    assert stranger.get(second).status_code == 404
    shared.workspace.directory.change_user(shared.users["cy"].id, suspended=False)
    shared.sync_directory()
    cy = signed_in(app, shared, "cy")
    assert len(days(app, second)) == 1
    cy.submit("/calendar/close")
    assert stranger.get(second).status_code == 404
    assert [one["actor"] for one in shared.events("calendar.close")] == [shared.users["cy"].id]
    assert shared.query("SELECT * FROM calendars") == []
