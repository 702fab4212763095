"""Times and days are those of the reader's zone, which every page names."""

import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import func, select

from sharesync.store.database.tables import EventRow
from tests.web.conftest import Signed, signed_in
from tests.web.test_audit import actions
from tests.web.waiting import write_entry
from tests.worlds import House

FAR_APART = ("Pacific/Kiritimati", "Pacific/Pago_Pago")
"""Never the same day."""


def reader(app: Flask, house: House, zone: str) -> Signed:
    browser = signed_in(app, house, "eva")
    browser.set_cookie("sharesync-zone", zone)
    return browser


@pytest.mark.parametrize("zone", FAR_APART)
def test_times_and_days_of_filters_are_the_readers(app: Flask, shared: House, zone: str) -> None:
    browser = reader(app, shared, zone)
    with shared.database.reading() as session:
        at = session.execute(select(func.max(EventRow.at)).where(EventRow.action == "group.create")).scalar_one()
    there = at.astimezone(ZoneInfo(zone))
    page = browser.get(f"/audit/?action=group.create&since={there:%Y-%m-%d}&until={there:%Y-%m-%d}").text
    assert f"{there:%H:%M:%S}</time>" in page  # after "yesterday", where passes have gone on beyond midnight
    assert set(actions(page)) == {"group.create"}
    for away in (-1, 1):
        other = f"{there + timedelta(days=away):%Y-%m-%d}"
        assert actions(browser.get(f"/audit/?action=group.create&since={other}&until={other}").text) == []


@pytest.mark.parametrize(
    ("zone", "said"),
    [
        ("Pacific/Kiritimati", "Pacific/Kiritimati (UTC+14)"),
        ("Pacific/Pago_Pago", "Pacific/Pago_Pago (UTC−11)"),
        ("Asia/Kolkata", "Asia/Kolkata (UTC+5:30)"),
        ("UTC", "UTC"),
    ],
)
def test_every_page_names_the_zone(app: Flask, shared: House, zone: str, said: str) -> None:
    for address in ("/", "/contacts/", "/changes/"):
        assert f"Times are those of {said}." in reader(app, shared, zone).get(address).text


@pytest.mark.parametrize("cookie", ["", "Mars/Olympus", "../../etc/passwd", "a" * 4000])
def test_a_zone_that_is_none_is_passed_over_for_that_of_the_service(app: Flask, shared: House, cookie: str) -> None:
    local = shared.now().astimezone()
    page = reader(app, shared, cookie).get("/audit/").text
    assert f"Times are those of {local:%Z}" in page


@pytest.mark.parametrize("zone", FAR_APART)
@pytest.mark.parametrize(("doer", "kind"), [("", "Call"), ("bo", "Follow-up")])
def test_an_event_tells_moments_days_and_kinds_as_its_reader_says_them(
    app: Flask, shared: House, zone: str, doer: str, kind: str
) -> None:
    write_entry(shared, "Ada", doer=doer)
    with shared.database.reading() as session:
        seq, at = session.execute(
            select(EventRow.seq, EventRow.at).where(EventRow.action == "entry.write").order_by(EventRow.seq.desc())
        ).first() or (0, shared.now())
    there = at.astimezone(ZoneInfo(zone))
    page = reader(app, shared, zone).get(f"/audit/{seq}").text
    shown = re.sub(r'datetime="[^"]+"', "", page)
    assert re.search(r"\d{4}-\d\d-\d\d", shown) is None
    assert f"{there.day} {there:%B %Y %H:%M:%S}" in shown
    assert f">{kind}<" in shown
