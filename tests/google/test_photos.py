"""The photo of a person through the real client: put, taken, its sign, and what each failure means."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from sharesync.errors import NoLongerWanted, OutcomeUnknown, RetryLater, Sentence
from sharesync.google.people import PeopleApi
from sharesync.google.workspace import Google
from sharesync.model.mailbox import Create, Missing, Poisoned, Seen, WishOutcome, Written
from tests.google.conftest import Time, card
from tests.pictures import picture

Fault = Callable[..., None]
RED, BLUE = picture("red"), picture("blue", kind="JPEG")
PUT, TAKE = "people.updateContactPhoto", "people.deleteContactPhoto"


@pytest.fixture
def ada(people: PeopleApi) -> Seen:
    (made,) = people.create([Create(card(), frozenset(), "m1")])
    assert isinstance(made, Written)
    people.meter.calls.clear()
    return made.seen


def seen(outcome: WishOutcome) -> Seen:
    assert isinstance(outcome, Written)
    return outcome.seen


def test_a_photo_is_put_and_comes_back_with_its_sign_and_a_new_etag(people: PeopleApi, ada: Seen) -> None:
    put = seen(people.put_photo(ada.resource_name, RED))
    assert ada.photo is None
    assert put.photo is not None
    assert (put.source_id, put.card, put.marks) == (ada.source_id, ada.card, ada.marks)
    assert put.etag != ada.etag
    assert put.updated_at is not None
    assert ada.updated_at is not None
    assert put.updated_at > ada.updated_at
    assert people.get([ada.resource_name])[ada.resource_name] == put
    assert people.meter.quota["photo_write"] == 1


def test_another_photo_has_another_sign_and_the_same_one_the_same_in_every_reading(
    people: PeopleApi, ada: Seen
) -> None:
    red, blue = (seen(people.put_photo(ada.resource_name, one)).photo for one in (RED, BLUE))
    assert red != blue
    assert people.listing(None).persons[ada.source_id].photo == blue


def test_a_photo_is_taken_and_taking_none_does_no_harm(people: PeopleApi, ada: Seen) -> None:
    people.put_photo(ada.resource_name, RED)
    assert seen(people.take_photo(ada.resource_name)).photo is None
    assert seen(people.take_photo(ada.resource_name)).photo is None
    assert people.meter.quota["photo_write"] == 3


def test_a_person_that_is_gone_is_missing(people: PeopleApi, ada: Seen) -> None:
    people.delete([ada.resource_name])
    assert people.put_photo(ada.resource_name, RED) == Missing()
    assert people.take_photo(ada.resource_name) == Missing()


def test_what_google_refuses_is_told_in_a_sentence_about_the_photo(people: PeopleApi, ada: Seen) -> None:
    assert people.put_photo(ada.resource_name, b"no picture") == Poisoned(
        Sentence("Google refuses this contact’s photo.")
    )


@pytest.mark.parametrize("kind", ["drop", "half", "cut_json"])
def test_a_lost_answer_is_asked_for_again_and_one_that_stays_lost_is_unknown(
    people: PeopleApi, ada: Seen, fault: Fault, kind: str
) -> None:
    fault(kind=kind, method=PUT, when="after", times=2)
    assert seen(people.put_photo(ada.resource_name, RED)).photo
    assert people.meter.calls == {PUT: 3}
    fault(kind=kind, method=TAKE, when="after", times=3)
    with pytest.raises(OutcomeUnknown):
        people.take_photo(ada.resource_name)


@pytest.mark.parametrize("body", [{}, {"person": None}, {"person": {"resourceName": "people/c1"}}])
def test_an_answer_without_the_person_is_an_answer_lost(
    people: PeopleApi, ada: Seen, fault: Fault, body: dict[str, object]
) -> None:
    fault(kind="status", method=PUT, status=200, body=body, when="after")
    with pytest.raises(OutcomeUnknown, match="what became of a photo"):
        people.put_photo(ada.resource_name, RED)


def test_what_is_no_longer_wanted_is_not_sent(google: Google, ada: Seen, anna: str) -> None:
    with google.people(anna, patience=0, wanted=lambda: False) as people, pytest.raises(NoLongerWanted):
        people.put_photo(ada.resource_name, RED)


def test_a_minute_allows_fifty_photos_and_says_so_before_the_next(
    google: Google, people: PeopleApi, ada: Seen, time: Time, anna: str
) -> None:
    for _ in range(50):
        assert people.affords_photo()
        people.take_photo(ada.resource_name)
    assert not people.affords_photo()
    with google.people(anna, patience=0) as impatient, pytest.raises(RetryLater) as waits:
        impatient.take_photo(ada.resource_name)
    assert waits.value.not_before is not None
    time.now += timedelta(seconds=62)
    assert people.affords_photo()
