"""The live trial: it tells the ways of Google apart, and leaves a mailbox as it was, whatever happens."""

from collections.abc import Iterator
from typing import Any

import pytest

from sharesync.services.operation.live_trial import LABEL, NAME, Observed, try_out
from tests.scenarios.conftest import bo, house, one_house
from tests.users import User
from tests.worlds import House

__all__ = ["bo", "house", "one_house"]
UNKNOWN_TOKEN = "a sync token that Google does not know"


def tried(house: House, user: User) -> dict[str, str]:
    """What is told, of a trial in which nothing was trouble."""
    told = trial(house, user)
    assert [one for one in told if one.is_trouble] == []
    return {one.what: one.found for one in told}


def trial(house: House, user: User) -> list[Observed]:
    told: list[Observed] = []
    with house.world.google.people(user.id, patience=600) as people:
        try_out(people, lambda seconds: house.wait(seconds=seconds), told.append)
    return told


@pytest.fixture(autouse=True)
def _the_mailbox_is_as_it_was(house: House, bo: User) -> Iterator[None]:
    bo.makes_label("Choir")
    bo.makes("Ada", under=["Choir"], phones=("+45 33 12 34 56",))
    before = bo.hands.contacts(), bo.hands.labels()
    yield
    assert (bo.hands.contacts(), bo.hands.labels()) == before


def test_it_says_how_google_behaves(house: House, bo: User) -> None:
    told = tried(house, bo)
    assert told["a new contact in a full listing"] == "is shown at once"
    assert told["an update of another field"] == "keeps our mark"
    assert told["an update with an old etag"] == "is refused, as it should be"
    assert told["a label just made"] == "can be put on at once"
    assert told["what the trial made"].startswith("is removed again")


@pytest.mark.parametrize(
    ("turned", "what", "found"),
    [
        ({"lag": 6.0}, "a new contact in a full listing", "is shown within 7 seconds"),
        ({"lag": 600.0}, "a new contact among the changes", "is not shown after 62 seconds"),
        ({"new_label_lag": 2.0}, "a label just made", "can be put on within 2 seconds"),
        (
            {"expired_status": "INVALID_ARGUMENT"},
            "a sync token that Google does not know",
            "counts as one that has ended",
        ),
        ({"batch_delete_missing": "ignore"}, "to delete what is deleted", "answered as not there"),
    ],
)
def test_what_it_says_follows_google(house: House, bo: User, turned: dict[str, Any], what: str, found: str) -> None:
    house.turn(**turned)
    try:
        assert tried(house, bo)[what] == found
    finally:
        house.wait(minutes=20)


@pytest.mark.parametrize(
    "method",
    ["people.createContact", "people.updateContact", "people.updateContactPhoto", "contactGroups.create"],
)
def test_what_fails_half_way_is_removed_again(house: House, bo: User, method: str) -> None:
    house.fault("status", method, "bo", status=403)
    told = trial(house, bo)
    assert told[-1].what == "what the trial made"
    assert not told[-1].is_trouble


def test_what_was_made_although_its_answer_was_lost_is_removed_again(house: House, bo: User) -> None:
    house.fault("drop", "people.createContact", "bo", when="after")
    told = trial(house, bo)
    assert [one.what for one in told if one.is_trouble] == ["the trial"]


def test_what_could_not_be_removed_is_named_and_the_next_trial_removes_it(house: House, bo: User) -> None:
    house.fault("status", "people.deleteContact", "bo", status=403, times=2)
    last = trial(house, bo)[-1]
    assert last.is_trouble
    assert NAME in last.found
    assert LABEL in last.found
    assert tried(house, bo)["an earlier trial"] == "had left 2 contacts or labels behind; they are removed"
