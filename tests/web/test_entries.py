"""Entries in the page: written, read, changed, done, removed; and no mailbox hears of them."""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from sharesync.model.audit import OPERATOR
from sharesync.model.entry import ContactEntry, EntryKind, Money
from sharesync.sandbox.wire import Request
from sharesync.services import entries
from tests.web.conftest import Signed, signed_in
from tests.web.waiting import write_entry
from tests.worlds import House

TEXT = "Wants the blue one"


def page_of(house: House, name: str = "Ada") -> str:
    return f"/contacts/{house.contact_id(name)}"


def write(browser: Signed, house: House, **typed: str) -> Any:
    sent = {"kind": "call", "text": TEXT, **typed}
    return browser.submit(f"{page_of(house)}/entries", sent, follow_redirects=True)


def ids(house: House) -> list[str]:
    return [entry for (entry,) in house.query("SELECT id FROM entries WHERE removed_at IS NULL ORDER BY id")]


def test_what_is_written_is_read_by_all_who_see_the_contact_and_changed_by_who_may_edit(
    shared: House, app: Flask
) -> None:
    bo, cy, dag = (signed_in(app, shared, who) for who in ("bo", "cy", "dag"))
    assert TEXT in write(bo, shared).text
    [entry] = ids(shared)
    seen = cy.get(page_of(shared)).text
    assert TEXT in seen
    assert "Bo Bøgh" in seen
    assert f"{page_of(shared)}/entries" not in seen  # no form, no link to change it
    assert dag.get(f"{page_of(shared)}/entries").status_code == 404

    form = bo.get(f"{page_of(shared)}/entries/{entry}").text
    assert TEXT in form
    changed = bo.submit(f"{page_of(shared)}/entries/{entry}", {"text": "Wants the red one"}, follow_redirects=True)
    assert "Wants the red one" in changed.text
    assert TEXT not in changed.text
    removed = bo.submit(f"{page_of(shared)}/entries/{entry}/remove", follow_redirects=True)
    assert "Wants the red one" not in removed.text


def test_the_time_of_an_entry_is_changed_by_the_readers_clock_or_stays_to_the_second(
    shared: House, browser: Signed
) -> None:
    write(browser, shared)
    [entry] = ids(shared)

    def at() -> str:
        return str(shared.query("SELECT at FROM entries")[0][0])

    there, before = f"{page_of(shared)}/entries/{entry}", at()
    shown = re.search(r'name="at" value="([^"]+)"', browser.get(there).text)
    assert shown
    browser.submit(there, {"text": "x", "at": shown[1]})
    assert at() == before
    browser.set_cookie("sharesync-zone", "Asia/Tokyo")
    browser.submit(there, {"text": "x", "at": "2026-01-02T09:30"})
    assert at().startswith("2026-01-02 00:30:00")


def test_a_follow_up_stands_in_the_day_of_who_is_to_do_it_until_it_is_done(shared: House, app: Flask) -> None:
    bo, cy = (signed_in(app, shared, who) for who in ("bo", "cy"))
    today = shared.now().date()
    write(bo, shared, kind="follow-up", day=str(today), person="cy@north.test")
    write(bo, shared, kind="follow-up", day=str(today + timedelta(days=2)), person="cy@north.test", text="Later")
    assert "My day" not in bo.get("/").text
    home = cy.get("/").text
    assert TEXT in home
    assert "Later" not in home
    first = ids(shared)[0]
    there = f"{page_of(shared)}/entries/{first}/done"
    assert there in home
    answer = cy.submit(there, {"home": "yes"}, follow_redirects=True)
    assert "My day" not in answer.text
    assert "Not done yet" in cy.get(page_of(shared)).text
    cy.submit(there, {"done": "no"})
    assert TEXT in cy.get("/").text
    shared.revoke("Customers", "cy")
    assert "My day" not in cy.get("/").text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"text": " "}, "Write what happened"),
        ({"text": "x" * 4001}, "at most 4000 letters"),
        ({"kind": "follow-up", "day": "soon", "person": "cy@north.test"}, "Choose the day"),
        ({"kind": "follow-up", "day": "2026-01-01", "person": "nobody@north.test"}, "There is no user"),
        ({"kind": "follow-up", "day": "2026-01-01", "person": "fin@north.test"}, "must see the contact"),
    ],
)
def test_what_cannot_be_written_is_refused_in_words(
    shared: House, browser: Signed, typed: dict[str, str], said: str
) -> None:
    assert said in write(browser, shared, **typed).text
    assert ids(shared) == []


def test_more_than_a_few_are_on_pages_of_their_own(shared: House, browser: Signed) -> None:
    for number in range(25):
        write_entry(shared, "Ada", f"number {number:02}")
        shared.wait(seconds=1)
    assert "All entries" in browser.get(page_of(shared)).text
    first = browser.get(f"{page_of(shared)}/entries").text
    older = re.search(r'rel="next" href="([^"]+)"', first)
    assert older
    second = browser.get(older[1].replace("&amp;", "&")).text
    told = [re.findall(r"number \d\d", text) for text in (first, second)]
    assert told[0] + told[1] == [f"number {number:02}" for number in reversed(range(25))]


def test_no_request_to_google_holds_what_is_written(shared: House, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[bytes] = []
    handle = shared.workspace.handle

    def listening(request: Request) -> Any:
        sent.append(request.path.encode() + request.body)
        return handle(request)

    monkeypatch.setattr(shared.workspace, "handle", listening)
    write(signed_in(app, shared, "bo"), shared)
    shared.edit("Ada", note="met at the fair")
    shared.sync_until_quiet()
    assert any(b"met at the fair" in one for one in sent)
    assert not any(TEXT.encode() in one for one in sent)


def test_an_event_about_a_follow_up_or_purchase_tells_name_and_amount(shared: House, app: Flask) -> None:
    bo, eva = signed_in(app, shared, "bo"), signed_in(app, shared, "eva")
    write(bo, shared, kind="follow-up", day="2999-01-31", person="cy@north.test")
    with shared.world.work(OPERATOR) as work:
        price = Money.parse("1200.50", "EUR")
        entries.write(work, shared.contact_id("Ada"), ContactEntry(EntryKind.PURCHASE, work.now, "", price))
    told, bought = (eva.get(f"/audit/{seq}").text for (seq,) in written(shared))
    name, ident = shared.users["cy"].name, shared.users["cy"].id
    assert name in told.partition("h-event")[0]
    assert ident not in told.partition("h-event")[0]
    assert re.findall(r">amount<.*?>([^<]*200[^<]*)<", bought, re.DOTALL) == ["€1,200.50"]


def written(house: House) -> list[tuple[int]]:
    return house.query("SELECT seq FROM events WHERE action = 'entry.write' ORDER BY seq")
