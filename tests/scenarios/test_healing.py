"""Failures that heal by themselves, and stay where they are."""

import threading
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from sharesync.errors import MailboxBusy
from sharesync.mailbox_pass import apply_linked
from sharesync.mailbox_pass.apply_session import Applying
from sharesync.mailbox_pass.claim import keep_alive
from sharesync.mailbox_pass.sync_now import sync
from sharesync.model.audit import CLOCK
from sharesync.model.mailbox import Seen
from sharesync.sandbox.errors import ApiError, Status
from sharesync.store.mailboxes import claims
from sharesync.sync import strangers
from sharesync.sync.decisions import Decision, Kept, Recheck
from sharesync.sync.evidence import Evidence
from tests.users import User
from tests.worlds import INTERVAL, LEASE, House


def rested(house: House, user: User) -> claims.Mailbox:
    """How the last pass over a user's mailbox left it."""
    with house.database.reading() as session:
        return claims.get(session, user.id)


# --- Waiting. ---------------------------------------------------------------------------------------------------------


def test_a_fill_that_waits_for_our_own_budget_takes_as_long_as_the_budget_and_no_longer(
    house: House, bo: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(house.world.google._budget._limits, "critical_write", 12)  # two batches of 200 a minute
    house.share("Customers", *(f"Customer{number}" for number in range(1000)), bo="view")
    begun = house.now()
    for _ in range(300):
        with house.database.reading() as session:
            due = claims.due(session, house.now(), INTERVAL)
        if due:
            assert bo.house.pass_over("bo", wait=timedelta()).outcome.value in ("retry", "ok")
        if len(bo.sees("Customers")) == 1000:
            break
        house.wait(seconds=1)
    assert house.now() - begun < timedelta(minutes=3)
    assert rested(house, bo).failures == 0


def test_a_guess_of_ours_when_google_is_ready_holds_up_nobody_who_asks_by_hand(house: House, bo: User) -> None:
    house.share("Customers", "Ada", bo="view")
    body = {"error": {"code": 429, "status": "RESOURCE_EXHAUSTED", "message": "Resource has been exhausted"}}
    house.fault("status", "people.connections.list", "bo", status=429, body=body)
    bo.pass_over()
    left = rested(house, bo)
    assert left.not_before is None
    assert left.backoff_until is not None
    assert left.backoff_until - house.now() >= timedelta(minutes=5)
    report = sync(house.world, [house.address("bo")], workers=1)[0]
    assert report.outcome.value == "ok"
    assert bo.sees("Customers") == ["Ada"]


# --- Errors of our own. -----------------------------------------------------------------------------------------------


def test_a_decision_that_cannot_be_applied_keeps_no_other_from_arriving(
    house: House, bo: User, cy: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.share("Customers", "Ada", "Grace", "Linus", bo="edit", cy="edit")
    house.sync_until_quiet()
    apply = apply_linked.kept

    def fails(at: Applying, decision: Kept) -> None:
        apply(at, decision)
        if "trips" in str(decision.seen.card.as_json()):
            raise KeyError("somebody's data")

    for name in ("Ada", "Linus"):
        bo.edits(name, note="good")
    bo.edits("Grace", note="trips")
    with monkeypatch.context() as patched:
        patched.setattr(apply_linked, "kept", fails)
        for _ in range(2):
            report = bo.pass_over()
            assert report.outcome.value == "attention"
            assert "mishap" in report.reason
            assert "somebody" not in report.reason
            assert rested(house, bo).failures >= 1
            assert rested(house, bo).backoff_until is not None
        assert house.stored("Grace").note == ""
        house.sync_until_quiet(but=["bo"])
        assert [cy.shows(name).note for name in ("Ada", "Linus")] == ["good", "good"]
        assert bo.shows("Grace").note == "trips"
    house.sync_until_quiet()
    assert cy.shows("Grace").note == "trips"


def test_a_contact_that_is_answered_twice_is_set_aside_and_the_others_go_on(
    house: House, bo: User, cy: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.share("Customers", "Ada", "Grace", bo="edit", cy="edit")
    house.sync_until_quiet()
    grace, answers = house.contact_id("Grace"), strangers.answers

    def again(evidence: Evidence, seen: Iterable[Seen]) -> Iterator[Decision]:
        yield from answers(evidence, seen)
        yield Recheck(grace, evidence.now)

    bo.edits("Ada", note="good")
    bo.edits("Grace", note="better")
    with monkeypatch.context() as patched:
        patched.setattr(strangers, "answers", again)
        report = bo.pass_over()
        assert (report.outcome.value, "mishap" in report.reason) == ("attention", True)
        assert (house.stored("Ada").note, house.stored("Grace").note) == ("good", "")
        assert bo.shows("Grace").note == "better"
    house.sync_until_quiet()
    assert (cy.shows("Ada").note, cy.shows("Grace").note) == ("good", "better")


# --- The claim. -------------------------------------------------------------------------------------------------------


def test_a_renewal_that_comes_after_the_end_takes_no_claim(house: House, bo: User) -> None:
    house.share("Customers", "Ada", bo="view")
    with house.world.work(CLOCK) as work:
        fence = claims.claim(work, bo.id, LEASE, INTERVAL)
        claims.end(work, bo.id, fence)
    with pytest.raises(MailboxBusy), house.world.work(CLOCK) as work:
        claims.renew(work, bo.id, fence, LEASE)
    assert bo.pass_over().tally.created == 1


def test_a_database_that_is_away_for_a_moment_does_not_end_the_renewing(
    house: House, bo: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.share("Customers", "Ada", bo="view")
    world = replace(house.world, lease=timedelta(seconds=0.2))
    with world.work(CLOCK) as work:
        fence = claims.claim(work, bo.id, world.lease, INTERVAL)
    renewed, tries = threading.Event(), list[int]()
    renew = claims.renew

    def away(*args: object) -> None:
        tries.append(1)
        if len(tries) == 1:
            raise OSError("the disk is away")
        renew(*args)  # type: ignore[arg-type]
        renewed.set()

    monkeypatch.setattr(claims, "renew", away)
    with keep_alive(world, CLOCK, bo.id, fence):
        assert renewed.wait(5)


def test_a_process_frozen_past_its_lease_sends_nothing_more(house: House, bo: User) -> None:
    house.share("Customers", *(f"Customer{number}" for number in range(4)), bo="view")

    def freeze() -> None:
        """It stands still for so long that another passes over the mailbox."""
        house.wait(minutes=2)
        with house.world.work(CLOCK) as work:
            claims.claim(work, bo.id, LEASE, INTERVAL)

    house.meanwhile("createContact", freeze, skip=1)
    with pytest.raises(MailboxBusy):
        bo.pass_over()
    assert len(bo.sees("Customers")) == 2  # the one already past its check went, no other
    house.wait(minutes=2)
    house.sync_until_quiet()
    assert len(bo.sees("Customers")) == 4


# --- What is not forgotten, and what is not done again and again. -----------------------------------------------------


def test_a_create_refused_for_haste_does_not_forget_how_often_it_was_lost(house: House, bo: User) -> None:
    def lost() -> list[int]:
        return [pushes for (pushes,) in house.query("SELECT pushes FROM links WHERE mailbox_id = ?", bo.id)]

    bo.makes("Mum")
    house.share("Customers", "Ada", bo="view")
    house.fault("status", "people.createContact", "bo", status=500, times=None)
    bo.pass_over()
    house.wait(minutes=20)
    bo.pass_over()  # looks for it in vain, and makes it once more
    house.workspace.faults.clear()
    assert lost() == [2]
    house.wait(minutes=20)
    house.fault("status", "people.createContact", "bo", status=429, times=None)
    bo.pass_over()
    assert lost() == [2]
    house.workspace.faults.clear()
    house.wait(hours=1)
    house.sync_until_quiet()
    assert (bo.sees("Customers"), lost()) == (["Ada"], [0])


def test_a_label_whose_mark_shows_late_or_never_is_not_renamed(house: House, bo: User) -> None:
    house.turn(label_data_lag=60 * 60)
    house.share("Customers", "Ada", bo="view")
    house.sync()
    house.forget_calls()
    for _ in range(5):
        bo.pass_over(wait=timedelta(minutes=11))
    assert house.calls("bo")["contactGroups.update"] == 0
    house.turn(label_data_lag=0.0)
    house.sync_until_quiet()


def test_a_label_left_to_its_user_is_theirs_though_a_late_list_shows_our_mark_on_it(house: House, bo: User) -> None:
    house.share("Customers", "Ada", bo="edit")
    bo.makes("Own Vera")
    house.sync_until_quiet()
    house.revoke("Customers", "bo")
    bo.puts("Customers", "Own Vera")
    house.turn(label_lag=10 * 60)
    bo.pass_over()
    assert house.events("label.release")
    house.share("Customers", bo="edit")
    bo.pass_over()
    house.turn(label_lag=0.0)
    house.wait(days=8)  # everyone is read again
    house.sync_until_quiet()
    assert house.contacts("Customers") == ["Ada"]
    assert (bo.labels_on("Own Vera"), bo.labels_on("Ada")) == ({"Customers"}, {"Customers (shared)"})


def test_an_update_whose_stale_etag_google_calls_exhaustion_arrives(house: House, bo: User, cy: User) -> None:
    house.share("Customers", "Ada", bo="edit", cy="edit")
    house.sync_until_quiet()
    house.turn(stale_etag="exhausted")
    cy.edits("Ada", note="from cy")
    cy.pass_over()
    house.meanwhile(":updateContact", lambda: bo.edits("Ada", phones=["+45 1"]))
    bo.pass_over()
    house.sync_until_quiet()
    assert (bo.shows("Ada").note, cy.shows("Ada").phones) == ("from cy", ("+45 1",))


def test_a_person_of_the_users_own_that_cannot_be_marked_gets_no_label(house: House, bo: User) -> None:
    house.share("Customers", "Ada", "Grace", bo="edit")
    house.sync_until_quiet()
    own = bo.makes("Eve")
    house.workspace.poisoned = ApiError(Status.INTERNAL, "Internal error encountered.")
    house.workspace.poison = f"{own}:updateContact".encode()
    house.put("Customers", "Eve")
    outcomes = [bo.pass_over(wait=timedelta(hours=1)).outcome.value for _ in range(6)]
    assert (outcomes[-1], bo.labels_on("Eve"), bo.marks_on("Eve")) == ("attention", set(), [])
    house.workspace.poison = b""
    house.wait(days=1)
    house.sync_until_quiet()
    assert (bo.labels_on("Eve"), len(bo.marks_on("Eve")), bo.sees()) == ({"Customers"}, 1, ["Ada", "Eve", "Grace"])
