"""Proposals: what someone who may only view has typed is undone, kept, and one click away from being everyone's."""

from datetime import timedelta

import pytest

from sharesync.errors import NotFound
from tests.beginnings import begin
from tests.rights.desk import Desk, Proposed, settle
from tests.users import Shown, User
from tests.worlds import House

ADA = Shown("Ada", emails=("ada@customer.example",))
MINUTE = timedelta(minutes=1)


@pytest.fixture
def shared(house: House) -> House:
    """Customers, which bo and dag may view and cy may edit."""

    def first() -> None:
        house.share("Customers", "Ada", "Grace", bo="view", cy="edit", dag="view")
        house.sync()

    begin(house, "proposals", by=first)
    return house


def changed(**values: object) -> Shown:
    """Ada with other values."""
    return Shown(**{"given": "Ada", "emails": ADA.emails, **values})  # type: ignore[arg-type]  # the words of Shown


# --- Folding. --------------------------------------------------------------------------------------------------------


def test_several_edits_of_one_person_on_one_contact_fold_into_one_proposal(shared: House, desk: Desk, bo: User) -> None:
    bo.edits("Ada", note="first words", phones=["+45 1"])
    bo.pass_over()
    bo.edits("Ada", note="better words")
    bo.pass_over()
    bo.edits("Ada", family="King")
    bo.pass_over()
    together = changed(family="King", note="better words", phones=("+45 1",))
    assert desk.proposals() == [Proposed("Ada", "bo", ADA, together)]
    assert shared.versions("Ada", "rejected") == [
        changed(note="first words", phones=("+45 1",)),
        changed(note="better words"),
        changed(family="King"),
    ]
    settle(shared)
    assert bo.shows("Ada") == ADA


def test_each_person_and_each_contact_has_a_proposal_of_its_own(shared: House, desk: Desk, bo: User, dag: User) -> None:
    bo.edits("Ada", note="from bo")
    bo.edits("Grace", note="from bo, too")
    dag.edits("Ada", note="from dag")
    settle(shared)
    told = sorted((one.user, one.name, one.after.note) for one in desk.proposals())
    assert told == [("bo", "Ada", "from bo"), ("bo", "Grace", "from bo, too"), ("dag", "Ada", "from dag")]


def test_a_later_edit_joins_a_proposal_over_what_the_contact_has_become(
    shared: House, desk: Desk, bo: User, cy: User
) -> None:
    bo.edits("Ada", phones=["+45 1"])
    bo.pass_over()
    cy.edits("Ada", note="from cy")
    settle(shared)
    bo.edits("Ada", family="King")
    settle(shared)
    before, after = changed(note="from cy"), changed(note="from cy", family="King", phones=("+45 1",))
    assert desk.proposals() == [Proposed("Ada", "bo", before, after)]


def test_what_the_store_holds_by_now_is_no_proposal(shared: House, desk: Desk, bo: User, cy: User) -> None:
    cy.edits("Ada", note="the same words")
    cy.pass_over()
    bo.edits("Ada", note="the same words")
    settle(shared)
    assert (desk.proposals(), shared.versions("Ada", "rejected")) == ([], [])


def test_the_proposal_shows_what_the_viewer_saw_before_and_what_they_made_of_it(
    shared: House, desk: Desk, bo: User, cy: User
) -> None:
    cy.edits("Ada", note="newer than what bo sees")
    cy.pass_over()
    bo.edits("Ada", phones=["+45 1"])
    settle(shared)
    desk.accept()
    settle(shared)
    assert shared.stored("Ada") == changed(note="newer than what bo sees", phones=("+45 1",))


# --- Accepted. -------------------------------------------------------------------------------------------------------


def test_an_accepted_proposal_is_the_next_version_everywhere(
    shared: House, desk: Desk, bo: User, cy: User, dag: User
) -> None:
    bo.edits("Ada", note="from bo", phones=["+45 1"])
    bo.pass_over()
    desk.accept()
    settle(shared)
    for user in (bo, cy, dag):
        assert user.shows("Ada") == changed(note="from bo", phones=("+45 1",))
    assert (len(shared.versions("Ada")), desk.proposals()) == (2, [])
    (told,) = shared.events("proposal.accept")
    assert (told["outcome"], told["actor"], told["contact_id"]) == ("ok", "operator", shared.contact_id("Ada"))
    (told,) = [one for one in shared.events("contact.update") if one["outcome"] == "ok"]
    assert told["actor"] == "operator"


def test_accepting_keeps_what_others_changed_meanwhile(shared: House, desk: Desk, bo: User, cy: User) -> None:
    bo.edits("Ada", note="from bo")
    bo.pass_over()
    cy.edits("Ada", phones=["+45 2"], emails=["ada@customer.example", "new@customer.example"])
    settle(shared)
    desk.accept()
    settle(shared)
    assert bo.shows("Ada") == cy.shows("Ada")
    assert cy.shows("Ada") == changed(
        note="from bo", phones=("+45 2",), emails=("ada@customer.example", "new@customer.example")
    )


def test_where_both_changed_one_value_the_accepted_proposal_stands(
    shared: House, desk: Desk, bo: User, cy: User
) -> None:
    bo.edits("Ada", note="from bo")
    bo.pass_over()
    cy.edits("Ada", note="from cy")
    settle(shared)
    desk.accept()
    settle(shared)
    assert cy.shows("Ada").note == bo.shows("Ada").note == "from bo"
    assert [one.note for one in shared.versions("Ada")] == ["", "from cy", "from bo"]


def test_accepting_what_the_contact_says_already_changes_nothing(shared: House, desk: Desk, bo: User, cy: User) -> None:
    bo.edits("Ada", note="the same words")
    bo.pass_over()
    cy.edits("Ada", note="the same words")
    settle(shared)
    desk.accept()
    assert (len(shared.versions("Ada")), desk.proposals()) == (2, [])


def test_a_proposal_is_decided_once(shared: House, desk: Desk, bo: User) -> None:
    bo.edits("Ada", note="from bo")
    bo.pass_over()
    proposal = desk.proposal().id
    desk.accept()
    with pytest.raises(NotFound, match="no open proposal"):
        desk.accept(proposal)


# --- Dismissed. ------------------------------------------------------------------------------------------------------


def test_a_dismissed_proposal_changes_nothing_and_stays_in_the_history(
    shared: House, desk: Desk, bo: User, cy: User
) -> None:
    bo.edits("Ada", note="from bo")
    bo.pass_over()
    desk.dismiss()
    settle(shared)
    assert (bo.shows("Ada"), cy.shows("Ada"), len(shared.versions("Ada"))) == (ADA, ADA, 1)
    assert (desk.proposals(), shared.versions("Ada", "rejected")) == ([], [changed(note="from bo")])
    assert [one["outcome"] for one in shared.events("proposal.dismiss")] == ["denied"]


def test_an_edit_after_a_dismissal_is_a_new_proposal_without_the_old_one(shared: House, desk: Desk, bo: User) -> None:
    bo.edits("Ada", note="dismissed")
    bo.pass_over()
    desk.dismiss()
    bo.edits("Ada", phones=["+45 1"])
    settle(shared)
    assert desk.proposals() == [Proposed("Ada", "bo", ADA, changed(phones=("+45 1",)))]


def test_a_viewer_who_becomes_an_editor_edits_from_then_on(shared: House, desk: Desk, bo: User, cy: User) -> None:
    bo.edits("Ada", note="as a viewer")
    bo.pass_over()
    shared.grant("Customers", bo.email, "edit")
    bo.edits("Ada", note="as an editor")
    settle(shared)
    assert (cy.shows("Ada").note, len(desk.proposals())) == ("as an editor", 1)


# --- Who will not stop. ----------------------------------------------------------------------------------------------


def every_minute(bo: User, minutes: int) -> int:
    """Bo edits Ada once a minute, and a pass follows each time; returns how often it was undone."""
    for minute in range(minutes):
        bo.edits("Ada", note=f"minute {minute} by a program of bo's")
        bo.pass_over(wait=MINUTE)
    return bo.house.calls("bo")["people.updateContact"]


def test_a_viewer_who_edits_every_minute_is_undone_three_times_an_hour_at_most_and_harms_no_one(
    shared: House, desk: Desk, bo: User, cy: User
) -> None:
    shared.forget_calls()
    assert every_minute(bo, 12) == 3
    state, reason = shared.state("bo")
    assert (state, "keeps changing biographies" in reason) == ("attention", True)
    assert "minute" not in reason
    cy.edits("Grace", note="from cy, meanwhile")
    settle(shared, aside=["bo"])
    assert (shared.stored("Ada"), cy.shows("Ada"), len(shared.versions("Ada"))) == (ADA, ADA, 1)
    assert bo.shows("Grace").note == cy.shows("Grace").note == "from cy, meanwhile"
    assert [(one.name, one.after.note) for one in desk.proposals()] == [("Ada", "minute 11 by a program of bo's")]
    assert len(shared.versions("Ada", "rejected")) == 12


def test_what_was_set_aside_says_what_keeps_changing_before_and_after(shared: House, bo: User) -> None:
    every_minute(bo, 5)
    (told,) = shared.events("person.refuse")
    assert (told["contact_id"], told["mailbox_id"], told["outcome"]) == (shared.contact_id("Ada"), bo.id, "failed")
    assert "biographies" in told["reason"]
    values = shared.query(
        "SELECT v.field, v.before, v.after FROM event_values v JOIN events e ON e.id = v.event_id"
        " WHERE e.action = 'person.refuse'"
    )
    assert [name for name, _, _ in values] == ["biographies"]


def test_what_was_set_aside_is_tried_again_when_the_contact_changes(shared: House, bo: User, cy: User) -> None:
    every_minute(bo, 5)
    assert shared.state("bo")[0] == "attention"
    cy.edits("Ada", phones=["+45 1"])
    cy.pass_over(wait=MINUTE)
    bo.pass_over(wait=MINUTE)
    assert bo.shows("Ada") == changed(phones=("+45 1",))
    settle(shared)
    assert shared.state("bo") == ("ok", "")


def test_what_was_set_aside_is_tried_again_after_a_day(shared: House, bo: User) -> None:
    every_minute(bo, 5)
    shared.wait(hours=23)
    bo.pass_over()
    assert bo.shows("Ada") != ADA
    shared.wait(hours=1)
    bo.pass_over()
    assert bo.shows("Ada") == ADA
    settle(shared)
    assert shared.state("bo") == ("ok", "")


def test_who_edits_now_and_then_is_undone_every_time(shared: House, bo: User) -> None:
    for _ in range(6):
        shared.wait(minutes=25)
        bo.edits("Ada", note="now and then")
        bo.pass_over()
        assert bo.shows("Ada") == ADA
    settle(shared)
    assert shared.state("bo") == ("ok", "")


def test_a_contact_that_is_set_aside_in_one_mailbox_is_still_withdrawn_from_it(shared: House, bo: User) -> None:
    every_minute(bo, 5)
    shared.revoke("Customers", "bo")
    shared.wait(minutes=20)
    for _ in range(3):
        bo.pass_over()
    assert (bo.labels(), bo.sees(), bo.marks_on("Ada")) == ([], ["Ada"], [])
    assert (bo.shows("Ada").note, bo.shows("Ada").emails) == ("minute 4 by a program of bo's", ())
