"""What is known of a mailbox, counted: levels, sizes, what stands there and what does not yet."""

from dataclasses import replace

import pytest

from sharesync.model.access import Level
from sharesync.model.link import Label, LinkState, Origin, Wanted
from tests.sync.scene import IDA, OTHERS, SALES, TEAM, Scene, label, person, scene


def filled() -> Scene:
    mailbox = scene(Level.VIEW, team=Level.DELETE)
    mailbox.contact("ida", IDA, SALES, TEAM)
    mailbox.contact("bo", person("Bo"), SALES)
    for contact in ("ida", "bo"):
        mailbox.link(contact)
    return mailbox


def test_the_highest_level_counts_and_where_a_contact_is_not_wanted_there_is_none() -> None:
    known = filled().known
    assert known.level("ida") is Level.DELETE
    assert known.level("bo") is Level.VIEW
    assert known.level("nobody") is None


def test_where_no_group_grants_a_contact_any_more_there_is_no_level() -> None:
    mailbox = filled()
    mailbox.wanted["bo"] = Wanted(1, b"", frozenset())
    assert mailbox.known.level("bo") is None


def test_a_groups_size_is_what_it_should_hold_here() -> None:
    assert filled().known.sizes() == {SALES: 2, TEAM: 1}


def test_at_rest_everything_stands_there_and_nothing_is_behind() -> None:
    known = filled().known
    assert (known.standing, known.behind) == (2, 0)


@pytest.mark.parametrize(
    "changes",
    [
        {"state": LinkState.CREATING},
        {"state": LinkState.REFUSED},
        {"state": LinkState.LEAVING},
        {"base_version": 0},
        {"seen": b"edited there"},
        {"photo": b"settled, and gone from the store"},
    ],
)
def test_a_contact_that_does_not_stand_there_as_it_should_is_behind(changes: dict[str, object]) -> None:
    mailbox = filled()
    mailbox.links["ida"] = replace(mailbox.links["ida"], **changes)  # type: ignore[arg-type] # fits each field above
    assert mailbox.known.behind == 1


def test_what_is_to_be_made_and_what_is_to_be_released_is_behind() -> None:
    mailbox = filled()
    del mailbox.links["ida"]
    assert (mailbox.known.standing, mailbox.known.behind) == (1, 1)
    del mailbox.wanted["bo"]
    assert (mailbox.known.standing, mailbox.known.behind) == (1, 2)


@pytest.mark.parametrize(
    ("group", "given", "origin", "left"),
    [
        (OTHERS, True, Origin.GIVEN, True),
        (OTHERS, True, Origin.ADOPTED, True),
        (OTHERS, True, Origin.CREATED, False),
        (OTHERS, False, Origin.GIVEN, False),
        (SALES, True, Origin.GIVEN, False),
        ("unheard", True, Origin.GIVEN, False),
    ],
)
def test_a_label_stays_where_it_and_the_person_were_its_users_own(
    group: str, given: bool, origin: Origin, left: bool
) -> None:
    mailbox = filled()
    mailbox.labels = {some: Label(some, label(some), "e1", some, given=given) for some in (SALES, OTHERS)}
    link = replace(mailbox.links["ida"], origin=origin)
    assert mailbox.known.is_left(group, link) is left
