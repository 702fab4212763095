"""Every wish gets exactly one outcome, nothing is made twice, and one bad contact stops nobody else."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from sharesync.errors import Attention, LabelMissing, OutcomeUnknown, RetryLater
from sharesync.google.people import PeopleApi
from sharesync.google.workspace import Google
from sharesync.model.card import Card
from sharesync.model.mailbox import (
    Create,
    Deleted,
    Missing,
    NotDone,
    Poisoned,
    Seen,
    Stale,
    Unknown,
    Update,
    WishOutcome,
    Written,
)
from sharesync.sandbox.workspace import Workspace
from tests.google.conftest import ANNA, Time, card

Fault = Callable[..., None]

POISON = Card.read({"names": [{"givenName": "x" * 2000}]})
"""More than Google's 1,024 characters; no card that came through an edge could hold it."""
BARE = {"error": {"code": 400, "message": "Request contains an invalid argument.", "status": "INVALID_ARGUMENT"}}
STALE = {"error": {"code": 400, "message": "Request person.etag is different …", "status": "FAILED_PRECONDITION"}}


def creates(count: int, *, start: int = 0) -> list[Create]:
    return [Create(card(number), frozenset(), f"m{number}") for number in range(start, start + count)]


def made(people: PeopleApi, count: int) -> list[Seen]:
    seen = [outcome.seen for outcome in people.create(creates(count)) if isinstance(outcome, Written)]
    assert len(seen) == count
    people.meter.calls.clear()
    return seen


def update(seen: Seen, to: Card, *fields: str) -> Update:
    return Update(seen.source_id, seen.resource_name, seen.etag, to, frozenset(fields or ("names",)))


def kinds(outcomes: list[WishOutcome]) -> Counter[str]:
    return Counter(type(outcome).__name__ for outcome in outcomes)


def alive(people: PeopleApi) -> dict[str, Seen]:
    """The mailbox by mark, read afresh."""
    return {seen.marks[0]: seen for seen in people.listing(None).persons.values()}


# --- Making. ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("count", "calls"),
    [
        (0, {}),
        (1, {"people.createContact": 1}),
        (5, {"people.createContact": 5}),
        (6, {"people.batchCreateContacts": 1}),
        (200, {"people.batchCreateContacts": 1}),
        (203, {"people.batchCreateContacts": 1, "people.createContact": 3}),
    ],
)
def test_the_cheaper_way_is_taken_to_make_persons(people: PeopleApi, count: int, calls: dict[str, int]) -> None:
    outcomes = people.create(creates(count))
    assert people.meter.calls == calls
    assert [outcome.seen.marks for outcome in outcomes if isinstance(outcome, Written)] == [
        (f"m{number}",) for number in range(count)
    ]


def test_what_google_derives_from_a_card_is_no_difference_to_it(people: PeopleApi) -> None:
    sent = card(1, addresses=[{"streetAddress": "Vej 1", "city": "Aarhus", "country": "Denmark"}])
    (outcome,) = people.create([Create(sent, frozenset(), "m1")])
    assert isinstance(outcome, Written)
    assert outcome.seen.card == alive(people)["m1"].card == sent, "Google adds the code DK"


def test_a_code_that_google_did_not_derive_is_told(people: PeopleApi) -> None:
    sent = card(1, addresses=[{"city": "Skagen", "country": "Denmark", "countryCode": "SE"}])
    (outcome,) = people.create([Create(sent, frozenset(), "m1")])
    assert isinstance(outcome, Written)
    assert outcome.seen.card == sent
    assert outcome.seen.card["addresses"][0].text("countryCode") == "SE"


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize(
    ("count", "method"), [(1, "people.createContact"), (6, "people.batchCreateContacts")], ids=["single", "batch"]
)
@pytest.mark.parametrize(
    "order",
    [
        {"kind": "drop"},
        {"kind": "status", "status": 500},
        {"kind": "status", "status": 502, "body": "<html>Bad Gateway"},
        {"kind": "status", "status": 200, "body": "<html>Welcome to this hotel"},
    ],
    ids=["dropped", "500", "502 HTML", "200 HTML"],
)
def test_a_create_whose_answer_was_lost_is_unknown_and_sent_once(
    people: PeopleApi, workspace: Workspace, fault: Fault, when: str, count: int, method: str, order: dict[str, Any]
) -> None:
    fault(**order, when=when, method=method, times=None)
    assert people.create(creates(count)) == [Unknown()] * count
    assert workspace.log.counts()[f"people.{method}"] == 1
    assert isinstance(people.trouble, OutcomeUnknown)
    workspace.faults.clear()
    assert len(alive(people)) == (count if when == "after" else 0)


def test_a_create_whose_answer_breaks_off_is_unknown_and_made_once(people: PeopleApi, fault: Fault) -> None:
    fault(kind="half", method="people.batchCreateContacts")
    assert people.create(creates(6)) == [Unknown()] * 6
    assert len(people.listing(None).persons) == 6


def test_a_create_refused_for_haste_is_sent_again(people: PeopleApi, time: Time, fault: Fault) -> None:
    fault(kind="status", status=429, method="people.batchCreateContacts", headers={"Retry-After": "4"})
    assert kinds(people.create(creates(6))) == {"Written": 6}
    assert time.slept == [4.0]
    assert people.meter.quota["critical_write"] == 6, "Google does not charge for a refusal"


def test_two_lost_answers_in_a_row_leave_the_rest_for_later(people: PeopleApi, fault: Fault) -> None:
    fault(kind="status", status=503, method="people.createContact", times=None)
    assert people.create(creates(5)) == [Unknown(), Unknown(), NotDone(), NotDone(), NotDone()]
    assert people.meter.calls == {"people.createContact": 2}


def test_lost_answers_here_and_there_do_not_stop_the_others(people: PeopleApi, fault: Fault) -> None:
    fault(kind="status", status=503, method="people.createContact")
    fault(kind="status", status=503, method="people.createContact", skip=2)
    outcomes = people.create(creates(5))
    assert [type(outcome) for outcome in outcomes] == [Unknown, Written, Unknown, Written, Written]
    assert isinstance(people.trouble, OutcomeUnknown)


def test_the_order_of_the_answer_means_nothing(people: PeopleApi, fault: Fault, workspace: Workspace) -> None:
    seen = made(people, 6)
    persons = [
        {
            "person": {
                "resourceName": one.resource_name,
                "etag": one.etag,
                "metadata": {"sources": [{"type": "CONTACT", "id": one.source_id}]},
                "clientData": [{"key": "sharesync", "value": one.marks[0]}],
            }
        }
        for one in reversed(seen)
    ]
    fault(kind="status", status=200, body={"createdPeople": persons}, method="people.batchCreateContacts")
    outcomes = people.create(creates(6))
    assert [one.seen.source_id for one in outcomes if isinstance(one, Written)] == [one.source_id for one in seen]


@pytest.mark.parametrize("answer", [{"createdPeople": []}, {"createdPeople": [{}] * 6}, {"other": 1}])
def test_an_answer_that_does_not_show_who_was_made_leaves_it_open(
    people: PeopleApi, fault: Fault, answer: dict[str, Any]
) -> None:
    fault(kind="status", status=200, body=answer, method="people.batchCreateContacts")
    assert people.create(creates(6)) == [Unknown()] * 6
    assert isinstance(people.trouble, OutcomeUnknown)


@pytest.mark.parametrize("http", [429, 400])
def test_a_full_mailbox_is_said_to_a_person_and_nothing_is_lost(
    people: PeopleApi, workspace: Workspace, http: int
) -> None:
    workspace.settings = workspace.settings.changed({"contact_limit": 200, "overflow_http": http})
    outcomes = people.create(creates(206))
    assert kinds(outcomes) == {"Written": 200, "NotDone": 6}
    assert isinstance(people.trouble, Attention)
    assert "25,000" in str(people.trouble)


def test_an_error_before_anything_was_done_is_raised(people: PeopleApi, workspace: Workspace) -> None:
    workspace.directory.change_user(ANNA, contacts_on=False)
    with pytest.raises(Attention):
        people.create(creates(6))
    assert people.trouble is None


@pytest.mark.parametrize("count", [1, 6])
def test_a_person_cannot_be_born_into_a_label_that_is_gone(people: PeopleApi, count: int) -> None:
    gone = frozenset({"contactGroups/f00f00"})
    with pytest.raises(LabelMissing):
        people.create([Create(card(number), gone, f"m{number}") for number in range(count)])


def test_a_label_that_is_gone_is_not_a_person_that_is_missing(people: PeopleApi) -> None:
    wishes = [*creates(6), Create(card(9), frozenset({"contactGroups/f00f00"}), "m9")]
    wishes.insert(0, Create(POISON, frozenset(), "mp"))
    assert kinds(people.create(wishes)) == {"Poisoned": 1, "NotDone": 1, "Written": 6}
    assert type(people.trouble) is RetryLater


def test_what_needs_a_person_is_not_forgotten_over_what_heals_itself(
    people: PeopleApi, workspace: Workspace, fault: Fault
) -> None:
    workspace.settings = workspace.settings.changed({"contact_limit": 5})
    assert people.create(creates(6)) == [NotDone()] * 6, "not raised, for deleting is the cure"
    fault(kind="status", status=503, method="people.deleteContact", times=None)
    people.delete(["people/c1"])
    assert isinstance(people.trouble, Attention)


def test_what_google_may_yet_accept_is_left_for_later(people: PeopleApi, fault: Fault) -> None:
    seen = made(people, 6)
    each = {seen[2].resource_name: {"code": 14, "message": ""}, seen[3].resource_name: {"code": 10, "message": ""}}
    kind = "type.googleapis.com/google.people.v1.BatchUpdateContactsErrorDetails"
    error = {"code": 400, "status": "ABORTED", "message": "", "details": [{"@type": kind, "contactErrors": each}]}
    fault(kind="status", status=400, body={"error": error}, method="people.batchUpdateContacts")
    outcomes = people.update([update(one, card(70)) for one in seen])
    assert [type(outcome) for outcome in outcomes] == [Written, Written, NotDone, NotDone, Written, Written]
    assert type(people.trouble) is RetryLater


# --- Batches taken apart. ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("places", [[0], [199], [77], [3, 99, 150]])
def test_a_poisoned_contact_that_google_names_is_set_aside_and_the_rest_goes_through(
    people: PeopleApi, places: list[int]
) -> None:
    wishes = creates(200)
    for place in places:
        wishes[place] = Create(POISON, frozenset(), f"m{place}")
    outcomes = people.create(wishes)
    assert [place for place, outcome in enumerate(outcomes) if isinstance(outcome, Poisoned)] == places
    assert kinds(outcomes) == {"Written": 200 - len(places), "Poisoned": len(places)}
    assert people.meter.calls == {"people.batchCreateContacts": 2}
    assert len(people.listing(None).persons) == 200 - len(places)


@pytest.mark.parametrize("place", [0, 63, 199])
def test_a_poisoned_contact_that_google_does_not_name_is_found_by_halving(
    people: PeopleApi, workspace: Workspace, place: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    _forget_whom_google_blames(monkeypatch)
    wishes = creates(200)
    wishes[place] = Create(POISON, frozenset(), "mp")
    outcomes = people.create(wishes)
    assert [at for at, outcome in enumerate(outcomes) if isinstance(outcome, Poisoned)] == [place]
    assert kinds(outcomes) == {"Written": 199, "Poisoned": 1}
    assert sum(people.meter.calls.values()) <= 20
    assert len(people.listing(None).persons) == 199


def _forget_whom_google_blames(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sandbox always names the bad ones; what Google does in every case is not documented."""
    monkeypatch.setattr("sharesync.google.error_bodies._each", lambda details: {})


def test_the_reason_of_a_poisoned_contact_does_not_repeat_it(people: PeopleApi) -> None:
    (outcome,) = people.create([Create(POISON, frozenset(), "mp")])
    assert isinstance(outcome, Poisoned)
    assert "xxx" not in outcome.reason
    assert outcome.reason.endswith(".")


def test_an_update_poisoned_stale_or_missing_in_the_midst_stops_nobody_else(people: PeopleApi) -> None:
    seen = made(people, 200)
    people.update([update(seen[10], card(999))])
    people.delete([seen[20].resource_name])
    wishes = [update(one, card(1000 + place)) for place, one in enumerate(seen)]
    wishes[30] = update(seen[30], POISON)
    people.meter.calls.clear()
    outcomes = people.update(wishes)
    assert (outcomes[10], outcomes[20], type(outcomes[30])) == (Stale(), Missing(), Poisoned)
    assert kinds(outcomes) == {"Written": 197, "Stale": 1, "Missing": 1, "Poisoned": 1}
    assert people.meter.calls == {"people.batchUpdateContacts": 2}


def test_a_stale_update_that_google_does_not_name_is_found_by_reading(
    people: PeopleApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    _forget_whom_google_blames(monkeypatch)
    seen = made(people, 200)
    people.update([update(seen[10], card(999))])
    people.delete([seen[20].resource_name])
    people.meter.calls.clear()
    outcomes = people.update([update(one, card(1000 + place)) for place, one in enumerate(seen)])
    assert (outcomes[10], outcomes[20]) == (Stale(), Missing())
    assert kinds(outcomes) == {"Written": 198, "Stale": 1, "Missing": 1}
    assert people.meter.calls == {"people.batchUpdateContacts": 2, "people.getBatchGet": 1}


def test_a_refusal_for_no_reason_at_all_ends_with_each_contact_alone(people: PeopleApi, fault: Fault) -> None:
    seen = made(people, 13)
    fault(kind="status", status=400, body=BARE, method="people.batchUpdateContacts", times=None)
    assert kinds(people.update([update(one, card(50)) for one in seen])) == {"Written": 13}
    assert people.meter.calls["people.updateContact"] == 13


# --- Changing. --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("count", "calls"),
    [
        (0, {}),
        (5, {"people.updateContact": 5}),
        (6, {"people.batchUpdateContacts": 1}),
        (201, {"people.batchUpdateContacts": 1, "people.updateContact": 1}),
    ],
)
def test_the_cheaper_way_is_taken_to_change_persons(people: PeopleApi, count: int, calls: dict[str, int]) -> None:
    seen = made(people, count)
    outcomes = people.update([update(one, card(500 + place)) for place, one in enumerate(seen)])
    assert people.meter.calls == calls
    assert kinds(outcomes) == ({"Written": count} if count else {})
    for place, outcome in enumerate(outcomes):
        assert isinstance(outcome, Written)
        assert outcome.seen.card["names"] == card(500 + place)["names"]
        assert outcome.seen.card["emailAddresses"] == card(place)["emailAddresses"], "not in the mask"
        assert outcome.seen.marks == (f"m{place}",), "not in the mask"


def test_updates_of_one_mask_go_together_and_answers_come_in_the_order_asked(people: PeopleApi) -> None:
    seen = made(people, 14)
    names = [update(one, card(500 + place), "names") for place, one in enumerate(seen[:7])]
    mails = [update(one, card(500 + place), "emailAddresses") for place, one in enumerate(seen[7:], 7)]
    mixed = [one for pair in zip(names, mails, strict=True) for one in pair]
    outcomes = people.update(mixed)
    assert people.meter.calls == {"people.batchUpdateContacts": 2}
    assert [one.seen.source_id for one in outcomes if isinstance(one, Written)] == [one.source_id for one in mixed]


def test_the_etag_of_the_answer_serves_the_next_update(people: PeopleApi) -> None:
    (seen,) = made(people, 1)
    for number in range(3):
        (outcome,) = people.update([update(seen, card(number))])
        assert isinstance(outcome, Written)
        seen = outcome.seen


def test_a_field_that_the_card_lacks_is_cleared_and_data_is_replaced_whole(people: PeopleApi) -> None:
    (seen,) = made(people, 1)
    wish = Update(
        seen.source_id,
        seen.resource_name,
        seen.etag,
        Card.parse({"names": [{"givenName": "Only"}]}),
        frozenset({"emailAddresses"}),
        data=(("other", "kept"),),
    )
    (outcome,) = people.update([wish])
    assert isinstance(outcome, Written)
    assert outcome.seen.card == Card.parse({"names": [{"givenName": "Given0", "familyName": "Family"}]})
    assert (outcome.seen.marks, outcome.seen.foreign_data) == ((), (("other", "kept"),))


@pytest.mark.parametrize("count", [1, 6])
def test_an_update_whose_answer_was_lost_is_asked_again_and_is_stale_if_it_was_done(
    people: PeopleApi, fault: Fault, count: int
) -> None:
    seen = made(people, count)
    fault(kind="drop", when="after", method="people.*pdateContact*")
    assert people.update([update(one, card(70)) for one in seen]) == [Stale()] * count
    assert {one.card["names"] for one in people.listing(None).persons.values()} == {card(70)["names"]}


def test_an_update_whose_answer_was_lost_and_whose_repetition_was_refused_for_haste_is_unknown(
    people: PeopleApi, fault: Fault
) -> None:
    seen = made(people, 6)
    fault(kind="drop", when="after", method="people.batchUpdateContacts")
    fault(kind="status", status=429, method="people.batchUpdateContacts", times=None)
    assert people.update([update(one, card(70)) for one in seen]) == [Unknown()] * 6
    assert isinstance(people.trouble, OutcomeUnknown)


def test_a_second_update_of_the_same_person_waits(people: PeopleApi) -> None:
    (seen,) = made(people, 1)
    outcomes = people.update([update(seen, card(1)), update(seen, card(2), "emailAddresses")])
    assert (type(outcomes[0]), outcomes[1]) == (Written, NotDone())


def test_what_is_over_the_budget_is_not_done_and_says_when(
    google: Google, people: PeopleApi, time: Time, anna: str
) -> None:
    seen = made(people, 128)
    time.now += timedelta(minutes=2)
    with google.people(anna, patience=0) as hasty:
        wishes = [update(one, card(70), f) for one, f in zip(seen, _fields(), strict=False)]
        outcomes = hasty.update(wishes)
        done = kinds(outcomes)["Written"]
        assert hasty.meter.quota["critical_write"] <= 90
        assert done == 120, "fifteen batches of six units"
        assert kinds(outcomes) == {"Written": done, "NotDone": 8}
        assert isinstance(hasty.trouble, RetryLater)
        assert hasty.trouble.not_before is not None
        time.now = hasty.trouble.not_before
        assert kinds(hasty.update(wishes[done:]))["Written"] > 0


def _fields() -> list[str]:
    """Sixteen masks of eight updates each: sixteen batches of 6 + 6 units, of which 90 pay for fifteen."""
    names = "names nicknames emailAddresses phoneNumbers addresses organizations occupations birthdays events urls"
    names += " relations imClients sipAddresses calendarUrls biographies userDefined"
    return [name for name in names.split() for _ in range(8)]


# --- Deleting. --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("count", "calls"),
    [
        (0, {}),
        (9, {"people.deleteContact": 9}),
        (10, {"people.batchDeleteContacts": 1}),
        (501, {"people.batchDeleteContacts": 1, "people.deleteContact": 1}),
    ],
)
def test_the_cheaper_way_is_taken_to_delete_persons(people: PeopleApi, count: int, calls: dict[str, int]) -> None:
    seen = made(people, count)
    assert people.delete([one.resource_name for one in seen]) == [Deleted()] * count
    assert people.meter.calls == calls
    assert dict(people.listing(None).persons) == {}


@pytest.mark.parametrize("setting", ["refuse", "ignore"])
@pytest.mark.parametrize("count", [3, 20])
def test_deleting_who_is_gone_stops_nobody_else(
    people: PeopleApi, workspace: Workspace, setting: str, count: int
) -> None:
    workspace.settings = workspace.settings.changed({"batch_delete_missing": setting})
    names = [one.resource_name for one in made(people, count)]
    people.delete([names[1]])
    outcomes = people.delete(names)
    assert outcomes[0] == Deleted()
    assert outcomes[1] in ((Missing(), Deleted()) if setting == "ignore" else (Missing(),))
    assert dict(people.listing(None).persons) == {}


@pytest.mark.parametrize("count", [1, 20])
def test_a_delete_whose_answer_was_lost_is_asked_again(people: PeopleApi, fault: Fault, count: int) -> None:
    names = [one.resource_name for one in made(people, count)]
    fault(kind="drop", when="after", method="people.*eleteContact*")
    assert people.delete(names) == [Missing()] * count
    assert dict(people.listing(None).persons) == {}


def test_a_name_asked_twice_is_deleted_once(people: PeopleApi) -> None:
    (seen,) = made(people, 1)
    assert people.delete([seen.resource_name] * 2) == [Deleted()] * 2
    assert people.meter.calls == {"people.deleteContact": 1}


def test_an_error_in_the_midst_keeps_what_was_done(people: PeopleApi, fault: Fault) -> None:
    names = [one.resource_name for one in made(people, 9)]
    fault(
        kind="status", status=403, body={"error": {"code": 403, "message": ""}}, method="people.deleteContact", skip=4
    )
    assert people.delete(names) == [Deleted()] * 4 + [NotDone()] * 5
    assert isinstance(people.trouble, Attention)


# --- What a single contact is told in an answer, and a stale etag in disguise. ----------------------------------------


def test_contacts_that_are_refused_one_by_one_in_an_answer_stop_nobody_else(
    people: PeopleApi, workspace: Workspace
) -> None:
    workspace.change_settings({"batch_refusal": "each"})
    wishes = [*creates(10), Create(POISON, frozenset(), "poison"), *creates(10, start=10)]
    outcomes = people.create(wishes)
    assert kinds(outcomes) == {"Written": 20, "Poisoned": 1}
    assert isinstance(outcomes[10], Poisoned)
    seen = [outcome.seen for outcome in outcomes if isinstance(outcome, Written)]
    people.delete([seen[1].resource_name])
    stale = Update(seen[2].source_id, seen[2].resource_name, "%old", card(77), frozenset({"names"}))
    changed = people.update(
        [update(seen[0], card(70)), update(seen[1], card(71)), stale, *(update(one, card(72)) for one in seen[3:])]
    )
    assert [type(one) for one in changed[:3]] == [Written, Missing, Stale]
    assert kinds(changed) == {"Written": 18, "Missing": 1, "Stale": 1}
    assert people.trouble is None


@pytest.mark.parametrize(("code", "outcome"), [(13, Unknown), (14, Unknown), (8, NotDone), (3, Poisoned)])
def test_how_far_an_internal_error_of_a_single_contact_came_is_not_known(
    people: PeopleApi, fault: Fault, code: int, outcome: type[WishOutcome]
) -> None:
    seen = made(people, 10)
    results = {one.resource_name: {"status": {"code": code, "message": "no"}} for one in seen}
    fault(kind="status", status=200, body={"updateResult": results}, method="people.batchUpdateContacts")
    assert kinds(people.update([update(one, card(50)) for one in seen])) == {outcome.__name__: 10}


@pytest.mark.parametrize("count", [2, 30])
def test_an_exhaustion_that_is_a_stale_etag_is_seen_through(
    people: PeopleApi, workspace: Workspace, count: int
) -> None:
    workspace.change_settings({"stale_etag": "exhausted"})
    seen = made(people, count)
    stale = Update(seen[0].source_id, seen[0].resource_name, "%old", card(77), frozenset({"names"}))
    outcomes = people.update([stale, *(update(one, card(50)) for one in seen[1:])])
    assert kinds(outcomes) == {"Stale": 1, "Written": count - 1}
    assert people.trouble is None


def test_an_exhaustion_that_is_one_waits(people: PeopleApi, fault: Fault) -> None:
    seen = made(people, 2)
    body = {"error": {"code": 429, "status": "RESOURCE_EXHAUSTED", "message": "Resource has been exhausted"}}
    fault(kind="status", status=429, body=body, method="people.updateContact", times=None)
    with pytest.raises(RetryLater):
        people.update([update(one, card(50)) for one in seen])
