"""Mailboxes: which are due, and who may pass over one."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from sharesync.errors import MailboxBusy
from sharesync.model.access import Level
from sharesync.model.directory import DirectoryUser
from sharesync.model.link import Label, Link, LinkState, Origin
from sharesync.model.mailbox import MailboxState
from sharesync.store.database.tables import MailboxRow
from sharesync.store.mailboxes import claims, links
from sharesync.store.records import contacts, groups
from tests.store.stores import ANNA, BO, CY, DAN, DOMAIN, NOW, USERS, Store, card, unit, user

LEASE, INTERVAL = timedelta(minutes=1), timedelta(minutes=5)
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def granted(company: Store) -> Store:
    """Anna and Bo see group g, which holds c1."""
    company.group("g")
    company.contact("c1", card(), "g")
    company.grant("g", unit("/Sales"))
    return company


def due(store: Store) -> list[str]:
    with store.reading() as session:
        return [mailbox.user_id for mailbox in claims.due(session, store.now, INTERVAL)]


def concerned(store: Store) -> list[str]:
    with store.reading() as session:
        assert claims.count(session) == len(claims.concerned(session))
        return [mailbox.user_id for mailbox in claims.concerned(session)]


def postpone(store: Store, *users: str) -> None:
    with store.work() as work:
        for who in users:
            claims.write(work, who, due_at=LATER)


def link(contact: str, **changes: object) -> Link:
    plain = Link(contact, LinkState.LIVE, Origin.CREATED, 1, f"s-{contact}", f"people/{contact}", "e1", b"x", b"x")
    return replace(plain, **changes)  # type: ignore[arg-type] # each test names fields of Link


# --- Which there are -------------------------------------------------------------------------------------------------


def test_a_mailbox_is_made_for_everyone_whom_a_grant_reaches_and_for_nobody_else(granted: Store) -> None:
    with granted.reading() as session:
        made = claims.concerned(session)
    assert [mailbox.email for mailbox in made] == ["anna@x.test", "bo@x.test"]
    assert {(mailbox.state, mailbox.due_at, mailbox.fence, mailbox.sync_token) for mailbox in made} == {
        (MailboxState.NEW, NOW, 0, None)
    }


def test_making_them_again_changes_nothing(granted: Store) -> None:
    postpone(granted, ANNA)
    with granted.work() as work:
        claims.ensure(work)
    assert due(granted) == [BO]


def test_a_mailbox_matters_while_something_of_ours_is_left_in_it(granted: Store) -> None:
    with granted.work() as work:
        links.insert_links(work, ANNA, [link("c1")])
        links.save_label(work, BO, Label("g", "contactGroups/1", "e", "g"))
        groups.remove_grant(work, "g", unit("/Sales"))
    assert concerned(granted) == [ANNA, BO]
    with granted.work() as work:
        links.delete_links(work, ANNA, ["c1"])
    assert concerned(granted) == [BO]
    with granted.work() as work:
        links.delete_label(work, BO, "g")
    assert concerned(granted) == []
    assert due(granted) == []


def test_a_mailbox_in_which_something_stood_when_it_was_last_counted_matters_until_it_is_counted_again(
    granted: Store,
) -> None:
    with granted.work() as work:
        groups.remove_grant(work, "g", unit("/Sales"))
        claims.write(work, ANNA, standing=1, behind=None)  # as after a pass that died when the last of it was gone
    assert (concerned(granted), due(granted)) == ([ANNA], [ANNA])
    with granted.work() as work:
        fence = claims.claim(work, ANNA, timedelta(minutes=1), INTERVAL)
        claims.end(work, ANNA, fence, **claims.counted(0, 0, granted.now, granted.now))
    assert concerned(granted) == []


# --- Which are due ---------------------------------------------------------------------------------------------------


def test_the_longest_waiting_is_due_first(granted: Store) -> None:
    with granted.work() as work:
        claims.write(work, ANNA, due_at=NOW - timedelta(minutes=1))
        claims.write(work, BO, due_at=NOW - timedelta(minutes=2))
    assert due(granted) == [BO, ANNA]


def test_a_shorter_interval_counts_at_once(granted: Store) -> None:
    second, hour = timedelta(seconds=1), timedelta(hours=1)
    with granted.work() as work:
        for who in (ANNA, BO):
            claims.end(work, who, claims.claim(work, who, LEASE, hour), last_pass_at=NOW)
    granted.now = NOW + second
    with granted.reading() as session:
        assert claims.due(session, granted.now, hour) == []
        assert [one.user_id for one in claims.due(session, granted.now, second)] == [ANNA, BO]
        assert claims.get(session, ANNA).due_by(second) == NOW + second
        assert claims.get(session, ANNA).due_by(2 * hour) == NOW + hour


@pytest.mark.parametrize("column", ["due_at", "not_before", "backoff_until"])
def test_a_mailbox_is_due_from_its_time_on(granted: Store, column: str) -> None:
    with granted.work() as work:
        claims.write(work, ANNA, **{column: LATER})
    assert due(granted) == [BO]
    granted.now = LATER - timedelta(microseconds=1)
    assert due(granted) == [BO]
    granted.now = LATER
    assert set(due(granted)) == {ANNA, BO}


@pytest.mark.parametrize(
    "paused",
    [replace(USERS[0], suspended=True), replace(USERS[0], archived=True), replace(USERS[0], deleted=True)],
    ids=["suspended", "archived", "deleted"],
)
def test_whoever_is_paused_is_not_due(granted: Store, paused: DirectoryUser) -> None:
    granted.save_directory([paused, *USERS[1:]])
    assert due(granted) == [BO]
    assert ANNA in concerned(granted)


def test_a_mailbox_in_a_pass_is_not_due_until_the_pass_is_over_or_dead(granted: Store) -> None:
    with granted.work() as work:
        claims.claim(work, ANNA, LEASE, INTERVAL)
    assert due(granted) == [BO]
    granted.now = NOW + LEASE
    assert BO in due(granted)
    assert ANNA in due(granted)  # before its interval is over: whoever claimed it died


# --- Becoming due ----------------------------------------------------------------------------------------------------


def test_whoever_sees_a_group_is_told_but_not_who_did_it(granted: Store) -> None:
    granted.grant("g", user(CY))
    postpone(granted, ANNA, BO, CY)
    with granted.work() as work:
        claims.touch_groups(work, ["g"], but=BO)
    assert set(due(granted)) == {ANNA, CY}


def test_whoever_should_hold_or_holds_a_contact_is_told(granted: Store) -> None:
    granted.group("h")
    granted.contact("c2", card(), "h")
    granted.grant("h", user(CY))
    granted.grant("h", user(DAN))
    with granted.work() as work:
        links.insert_links(work, DAN, [link("c1")])
    postpone(granted, ANNA, BO, CY, DAN)
    with granted.work() as work:
        claims.touch_contacts(work, ["c1"], but=ANNA)
    assert set(due(granted)) == {BO, DAN}


def test_whoever_carries_a_groups_label_is_told(granted: Store) -> None:
    with granted.work() as work:
        links.save_label(work, BO, Label("g", "contactGroups/1", "e", "g"))
    postpone(granted, ANNA, BO)
    with granted.work() as work:
        claims.touch_labelled(work, ["g"])
    assert due(granted) == [BO]


def test_being_told_does_not_put_off_what_is_due(granted: Store) -> None:
    early = NOW - timedelta(minutes=9)
    with granted.work() as work:
        claims.write(work, ANNA, due_at=early)
        claims.touch_groups(work, ["g"])
    with granted.reading() as session:
        assert claims.get(session, ANNA).due_at == early


def test_at_the_latest_puts_nothing_off(granted: Store) -> None:
    for moment, due_at in ((LATER, NOW), (NOW - INTERVAL, NOW - INTERVAL)):
        with granted.work() as work:
            claims.write(work, ANNA, due_at=claims.at_the_latest(moment))
        with granted.reading() as session:
            assert claims.get(session, ANNA).due_at == due_at


# --- The claim -------------------------------------------------------------------------------------------------------


def test_one_pass_at_a_time_holds_a_mailbox(granted: Store) -> None:
    with granted.work() as work:
        fence = claims.claim(work, ANNA, LEASE, INTERVAL)
    with pytest.raises(MailboxBusy), granted.work() as work:
        claims.claim(work, ANNA, LEASE, INTERVAL)
    with granted.work() as work:
        assert claims.claim(work, BO, LEASE, INTERVAL) == 1
        claims.require(work.session, ANNA, fence)
        claims.end(work, ANNA, fence, state=MailboxState.OK, sync_token="t1")
        assert claims.claim(work, ANNA, LEASE, INTERVAL) == fence + 1
    with granted.reading() as session:
        mailbox = claims.get(session, ANNA)
        assert (mailbox.state, mailbox.sync_token, mailbox.due_at) == (MailboxState.OK, "t1", NOW + INTERVAL)


def test_a_pass_that_gives_no_sign_of_life_loses_its_claim(granted: Store) -> None:
    with granted.work() as work:
        fence = claims.claim(work, ANNA, LEASE, INTERVAL)
    granted.now = NOW + LEASE - timedelta(microseconds=1)
    with pytest.raises(MailboxBusy), granted.work() as work:
        claims.claim(work, ANNA, LEASE, INTERVAL)
    granted.now = NOW + LEASE
    with granted.work() as work:
        assert claims.claim(work, ANNA, LEASE, INTERVAL) == fence + 1
    for attempt in (
        lambda work: claims.require(work.session, ANNA, fence),
        lambda work: claims.renew(work, ANNA, fence, LEASE),
        lambda work: claims.end(work, ANNA, fence, sync_token="stale"),
    ):
        with pytest.raises(MailboxBusy), granted.work() as work:
            attempt(work)
    with granted.reading() as session:
        assert claims.get(session, ANNA).sync_token is None


def test_a_sign_of_life_keeps_the_claim(granted: Store) -> None:
    with granted.work() as work:
        fence = claims.claim(work, ANNA, LEASE, INTERVAL)
    granted.now = NOW + LEASE / 2
    with granted.work() as work:
        claims.renew(work, ANNA, fence, LEASE)
    granted.now = NOW + LEASE
    with pytest.raises(MailboxBusy), granted.work() as work:
        claims.claim(work, ANNA, LEASE, INTERVAL)


def test_what_becomes_due_during_a_pass_stays_due_after_it(granted: Store) -> None:
    with granted.work() as work:
        fence = claims.claim(work, ANNA, LEASE, INTERVAL)
    with granted.work() as work:
        claims.touch_groups(work, ["g"], but=BO)
    with granted.work() as work:
        claims.end(work, ANNA, fence, state=MailboxState.OK)
    assert ANNA in due(granted)


def test_every_column_of_a_mailbox_comes_back(granted: Store) -> None:
    moment = NOW + timedelta(microseconds=123456)
    with granted.work() as work:
        claims.write(
            work,
            ANNA,
            state=MailboxState.ATTENTION,
            reason="Grüße",
            sync_token="t=-_+",
            token_params="p",
            full_at=moment,
            full_groups=["g"],
            not_before=moment,
            failures=3,
            last_pass_at=moment,
        )
    with granted.reading() as session:
        mailbox = claims.get(session, ANNA)
    assert (mailbox.state, mailbox.reason, mailbox.sync_token) == (MailboxState.ATTENTION, "Grüße", "t=-_+")
    assert (mailbox.full_at, mailbox.not_before, mailbox.last_pass_at) == (moment, moment, moment)
    assert (mailbox.full_groups, mailbox.failures, mailbox.token_params) == (frozenset({"g"}), 3, "p")


def test_a_domain_of_grants_makes_one_mailbox_a_user(granted: Store) -> None:
    granted.grant("g", DOMAIN, Level.EDIT)
    with granted.reading() as session:
        assert sorted(session.scalars(select(MailboxRow.user_id))) == [ANNA, BO, CY, DAN]


def test_a_contact_in_two_granted_groups_is_told_of_once(granted: Store) -> None:
    granted.group("h")
    granted.grant("h", user(ANNA))
    with granted.work() as work:
        contacts.join(work, "h", ["c1"])
    postpone(granted, ANNA, BO)
    with granted.work() as work:
        claims.touch_contacts(work, ["c1"])
    assert sorted(due(granted)) == [ANNA, BO]
