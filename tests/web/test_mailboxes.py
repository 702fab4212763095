"""Mailboxes, all and one."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from sharesync.model.audit import OPERATOR
from sharesync.model.mailbox import MailboxState
from sharesync.store.mailboxes import claims
from sharesync.store.queries import overview
from sharesync.store.queries.overview import MailboxStanding
from tests.web.conftest import Live, Signed, signed_in
from tests.worlds import INTERVAL, House
from web.pages import mailboxes as pages
from web.words.terms import Tone, standing, summed_up


def row(text: str, name: str) -> str:
    """The part of the list that tells of one person."""
    return next(part for part in text.split("<tr ") if f">{name}</a>" in part)


def test_each_mailbox_tells_its_state_contacts_and_passes(still_live: Live) -> None:
    told = row(still_live("/mailboxes/"), "Bo Bøgh")
    assert "bo@north.test" in told
    assert "Up to date" in told
    assert 'data-label="Contacts" class="number">2<' in told
    assert "40 seconds ago" in told
    assert "in 4 minutes" in told


def test_a_mailbox_behind_says_by_how_many(shared: House, live: Live) -> None:
    shared.put("Customers", "Edith", "Mary")
    told = row(live("/mailboxes/"), "Cy Çelik")
    assert "2 contacts on the way" in told
    assert 'data-label="Behind" class="number">2<' in told
    assert "any moment" in told


def test_what_hinders_a_mailbox_is_a_sentence(shared: House, live: Live) -> None:
    shared.workspace.directory.change_user(shared.address("bo"), contacts_on=False)
    shared.pass_over("bo")
    state, reason = shared.state("bo")
    assert state == "attention"
    told = row(live("/mailboxes/"), "Bo Bøgh")
    assert "Needs attention" in told
    assert reason.replace("'", "&#39;") in told


def test_what_hinders_a_mailbox_is_said_in_the_language_of_who_asks(shared: House, browser: Signed) -> None:
    shared.workspace.directory.change_user(shared.address("bo"), contacts_on=False)
    shared.pass_over("bo")
    browser.submit("/language/", {"language": "sv"})
    for page in ("/", "/mailboxes/", f"/mailboxes/{shared.users['bo'].id}"):
        assert "Google Kontakter är avstängt för den här användaren" in browser.get(page).text


def test_a_mailbox_that_waits_for_a_decision_leads_to_it(shared: House, app: Flask, browser: Signed) -> None:
    shared.grant("Customers", shared.address("bo"), "delete")
    shared.put("Customers", "Edith", "Linus")
    shared.sync_until_quiet()
    shared.users["bo"].deletes("Ada", "Edith", "Grace", "Linus")
    shared.users["bo"].pass_over()
    assert shared.state("bo") == ("held", "Waits for a decision: 4 contacts (`sharesync holds list`).")
    for page in ("/mailboxes/", f"/mailboxes/{shared.users['bo'].id}"):
        text = browser.get(page).text
        assert '<a href="/holds/">Decide about it</a>' in text
        assert "sharesync holds list" not in text
    assert "Decide about it" not in signed_in(app, shared, "bo").get(page).text


def test_a_paused_mailbox_waits_for_its_user(shared: House, live: Live) -> None:
    shared.workspace.directory.change_user(shared.address("bo"), suspended=True)
    shared.sync_directory()
    told = row(live("/mailboxes/"), "Bo Bøgh")
    assert "Paused" in told
    assert "when they are back" in told
    assert "sharesync waits for them to come back" in told


def test_a_pass_that_goes_on_is_said(shared: House, live: Live) -> None:
    shared.wait(seconds=INTERVAL.total_seconds())
    seen: list[str] = []
    shared.meanwhile("connections", lambda: seen.append(live("/mailboxes/")))
    shared.pass_over("bo", wait=timedelta())
    assert "going on now" in row(seen[0], "Bo Bøgh")
    assert "going on now" not in row(seen[0], "Cy Çelik")


def test_one_mailbox_shows_its_groups_and_what_happened_there(shared: House, live: Live) -> None:
    shared.users["cy"].edits("Ada", note="only mine")
    shared.sync_until_quiet()
    text = live(f"/mailboxes/{shared.users['cy'].id}")
    assert "Cy Çelik" in text
    assert "Customers" in text
    assert "can view" in text
    assert "waiting" in text
    assert "may only view" in text
    assert "Press" not in text


def made(state: MailboxState, *, behind: int | None = 0, passing: bool = False) -> MailboxStanding:
    moment = datetime(2026, 3, 2, tzinfo=UTC)
    return MailboxStanding("1", "Ann", "ann@x.test", state, "", 5, behind, None, moment, moment, passing)


@pytest.mark.parametrize("state", list(MailboxState))
def test_every_state_has_a_word_and_an_icon_beside_its_colour(state: MailboxState) -> None:
    sign = standing(made(state))
    assert sign.word
    assert sign.icon


@pytest.mark.parametrize(
    ("states", "word", "tone"),
    [
        ([], "No mailbox sees a group yet", Tone.QUIET),
        ([MailboxState.OK], "The mailbox is up to date", Tone.GOOD),
        ([MailboxState.OK, MailboxState.OK, MailboxState.PAUSED], "All 2 mailboxes are up to date", Tone.GOOD),
        ([MailboxState.OK, MailboxState.NEW], "1 of 2 mailboxes up to date", Tone.BUSY),
        ([MailboxState.OK, MailboxState.RETRY], "1 of 2 mailboxes up to date", Tone.BUSY),
        ([MailboxState.HELD, MailboxState.RETRY], "1 mailbox waits for a decision", Tone.WAIT),
        ([MailboxState.HELD, MailboxState.ATTENTION], "1 mailbox needs attention", Tone.BAD),
        ([MailboxState.ATTENTION] * 2, "2 mailboxes need attention", Tone.BAD),
        ([MailboxState.PAUSED], "No mailbox sees a group yet", Tone.QUIET),
    ],
)
def test_the_worst_that_is_true_is_said_of_all(states: list[MailboxState], word: str, tone: Tone) -> None:
    summary = summed_up([made(state).alone for state in states])
    assert (summary.sign.word, summary.sign.tone) == (word, tone)


def test_a_mailbox_that_nobody_has_counted_yet_is_not_up_to_date() -> None:
    one = made(MailboxState.OK, behind=None)
    assert (standing(one).word, standing(one).tone) == ("Change on the way", Tone.BUSY)
    summary = summed_up([one.alone, made(MailboxState.OK, behind=3).alone, made(MailboxState.OK).alone])
    assert (summary.sign.word, summary.more) == ("1 of 3 mailboxes up to date", "")


def test_where_much_has_changed_at_once_nobody_is_kept_waiting_for_the_count(
    shared: House, live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(overview, "FEW", 1)
    shared.edit("Ada", note="new")
    assert live("/mailboxes/").count("not counted yet") == 2
    assert "on the way to" not in live("/")
    shared.sync_until_quiet()
    assert "not counted yet" not in live("/mailboxes/")


# --- Asking for a pass -----------------------------------------------------------------------------------------------


def due(house: House, name: str) -> tuple[bool, bool]:
    """Whether a mailbox is due, and whether its next pass reads everything."""
    with house.database.reading() as session:
        found = claims.get(session, house.users[name].id)
        waiting = {one.user_id for one in claims.due(session, house.now(), INTERVAL)}
    return found.user_id in waiting, found.sync_token is None


@pytest.mark.parametrize(
    ("manner", "full", "action"),
    [("now", False, "mailbox.ask"), ("full", True, "mailbox.ask"), ("reset", True, "mailbox.reset")],
)
def test_a_pass_that_was_asked_for_is_due_at_once_and_logged(
    shared: House, browser: Signed, manner: str, full: bool, action: str
) -> None:
    address = f"/mailboxes/{shared.users['bo'].id}"
    assert due(shared, "bo") == (False, False)
    answer = browser.submit(address, {"manner": manner, "confirm-count": "2"}, follow_redirects=True)
    assert "The next pass" in answer.text
    assert due(shared, "bo") == (True, full)
    [told] = shared.events(action)
    assert (told["actor"], told["mailbox_id"]) == (shared.users["anna"].id, shared.users["bo"].id)
    shared.sync_until_quiet()  # and nobody has anything twice


def test_a_reset_is_asked_once_more(shared: House, browser: Signed) -> None:
    answer = browser.submit(f"/mailboxes/{shared.users['bo'].id}", {"manner": "reset"})
    assert "Reset the mailbox of " in answer.text
    assert due(shared, "bo") == (False, False)


def test_a_person_ends_our_back_off_but_not_what_google_asked_for(shared: House, browser: Signed) -> None:
    later = shared.now() + timedelta(hours=1)
    bo, cy = shared.users["bo"].id, shared.users["cy"].id
    with shared.world.work(OPERATOR) as work:
        claims.write(work, bo, backoff_until=later)
        claims.write(work, cy, not_before=later)
    for user in (bo, cy):
        browser.submit(f"/mailboxes/{user}", {"manner": "now"})
    assert (due(shared, "bo")[0], due(shared, "cy")[0]) == (True, False)


def test_a_mailbox_in_which_a_pass_goes_on_is_left_alone(shared: House, browser: Signed) -> None:
    told: list[str] = []
    address = f"/mailboxes/{shared.users['bo'].id}"
    shared.wait(seconds=INTERVAL.total_seconds())
    shared.meanwhile(
        "connections", lambda: told.append(browser.submit(address, {"manner": "full"}, follow_redirects=True).text)
    )
    shared.pass_over("bo", wait=timedelta())
    assert "A pass goes on in this mailbox" in told[0]


def test_a_paused_mailbox_cannot_be_hurried(shared: House, browser: Signed) -> None:
    shared.workspace.directory.change_user(shared.address("bo"), suspended=True)
    shared.sync_directory()
    address = f"/mailboxes/{shared.users['bo'].id}"
    answer = browser.submit(address, {"manner": "now"}, follow_redirects=True)
    assert "paused until its user is back" in answer.text


def test_all_are_due_at_once_on_demand(shared: House, browser: Signed) -> None:
    answer = browser.submit("/mailboxes/", follow_redirects=True)
    assert "3 mailboxes due now." in answer.text
    assert all(due(shared, name)[0] for name in ("bo", "cy", "dag"))


def test_what_is_on_its_way_to_a_mailbox_is_named(shared: House, live: Live) -> None:
    shared.put("Customers", *(f"N{number}" for number in range(9)))
    shared.wait(seconds=40)
    text = live(f"/mailboxes/{shared.users['cy'].id}")
    assert "What is on its way" in text
    assert "and 1 other" in text
    assert "40 seconds ago" in text


def test_the_page_of_a_mailbox_that_ended_says_so_and_when(shared: House, live: Live) -> None:
    bo = shared.users["bo"].id
    shared.workspace.directory.change_user(bo, deleted=shared.workspace.now())
    shared.sync_directory()
    deleted = shared.now()
    shared.wait(days=20)
    shared.sync_directory()
    text = live(f"/mailboxes/{bo}")
    assert "This mailbox has ended" in text
    assert "Bo Bøgh" in text
    for day in (deleted, shared.now()):
        there = day.astimezone()
        assert f"<dd>{there.day} {there:%B %Y}</dd>" in text


def test_a_mailbox_that_is_none_or_a_manner_that_is_none_is_refused(shared: House, browser: Signed) -> None:
    assert browser.submit("/mailboxes/nobody", {"manner": "now"}).status_code == 404
    answer = browser.submit(f"/mailboxes/{shared.users['bo'].id}", {"manner": "x"}, follow_redirects=True)
    assert "Choose how to check the mailbox." in answer.text


def test_many_mailboxes_are_leafed_through_and_searched(
    shared: House, live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "MOST", 2)
    shared.workspace.directory.change_user(shared.address("dag"), contacts_on=False)
    shared.pass_over("dag")
    shown = live("/mailboxes/")
    assert people(shown) == ["Dag Dæhlie", "Bo Bøgh"]  # first whose mailbox a person must see to
    (following,) = re.findall(r'href="(/mailboxes/\?after=\w+)"', shown)
    assert people(live(following)) == ["Cy Çelik"]
    assert people(live("/mailboxes/?q=çel")) == people(live("/mailboxes/?q=CY@")) == ["Cy Çelik"]
    assert people(live("/mailboxes/?after=nobody")) == people(shown)
    assert "Nothing found for “xyz”" in live("/mailboxes/?q=xyz")


def people(text: str) -> list[str]:
    """Whose mailboxes are listed."""
    return re.findall(r'<a href="/mailboxes/\d+">([^<]+)</a>', text)
