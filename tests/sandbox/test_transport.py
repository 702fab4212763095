"""The Workspace in-process: the same answers without a socket, under a clock and dice of the caller's."""

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
from googleapiclient.discovery import build

from sharesync.sandbox.faults import Fault, Kind
from sharesync.sandbox.transport import InProcessHttp
from sharesync.sandbox.workspace import Workspace
from tests.sandbox.conftest import ANN, DESCRIPTION, Api, create, listing, refusal


class Clock:
    """A clock that stands still unless moved."""

    def __init__(self) -> None:
        self.time = datetime(2026, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time


def client(workspace: Workspace, user: str, retries: int = 0) -> Api:
    return build("people", "v1", http=InProcessHttp(workspace, user, retries=retries), static_discovery=True)


def story(seed: int) -> list[Any]:
    clock = Clock()
    workspace = Workspace.from_description(DESCRIPTION, clock=clock, rng=Random(seed))
    people = client(workspace, ANN)
    seen: list[Any] = [create(people, f"G{n}") for n in range(5)]
    clock.time += timedelta(seconds=5)
    workspace.hands(ANN).delete(seen[0]["resourceName"])
    page = listing(people).execute()
    return [*seen, page, people.contactGroups().list().execute()]


def test_the_same_seed_and_clock_tell_the_same_story_to_the_byte() -> None:
    assert story(5) == story(5)
    assert story(5) != story(6)


def test_updatetimes_differ_though_the_clock_stands_still() -> None:
    made = story(5)[:5]
    assert len({one["metadata"]["sources"][0]["updateTime"] for one in made}) == 5


def test_refusals_and_long_gets_come_through(workspace: Workspace) -> None:
    people = client(workspace, ANN)
    assert refusal(people.people().get(resourceName="people/c77", personFields="names"))[0] == 404
    names = [f"people/c{n}" for n in range(10**17, 10**17 + 150)]
    answer = people.people().getBatchGet(resourceNames=names, personFields="names").execute()
    assert len(answer["responses"]) == 150


@pytest.mark.parametrize(("retries", "made"), [(0, 1), (1, 2)])
def test_a_dropped_create_is_sent_again_only_if_asked(workspace: Workspace, retries: int, made: int) -> None:
    workspace.faults.add(Fault(Kind.DROP, "people.createContact", when="after"))
    people = client(workspace, ANN, retries)
    if retries:
        create(people)
    else:
        with pytest.raises(ConnectionResetError):
            create(people)
    assert len(workspace.hands(ANN).contacts()) == made


def test_a_delay_turns_the_clock_on_instead_of_waiting(workspace: Workspace) -> None:
    workspace.faults.add(Fault(Kind.DELAY, seconds=3600))
    before = workspace.offset
    create(client(workspace, ANN))
    assert workspace.offset - before == timedelta(hours=1)
