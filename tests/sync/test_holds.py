"""Holds: from how many removals or edits at once someone is asked, and what goes on meanwhile."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharesync.model.access import Level
from sharesync.model.waiting import HoldKind
from sharesync.sync.decisions import Accepted, Decision, Gone, Kept, OnHold
from sharesync.sync.holds import USUAL, Hold, Limits, Sifted, sift
from tests.sync.scene import SALES, TEAM, Scene, person, scene

EDITED = person("Edited")


def filled(size: int, *, team: int = 0) -> Scene:
    """A mailbox whose user may delete, with so many contacts in Sales (c0, c1 …) and in Team (t0, t1 …)."""
    mailbox = scene(Level.DELETE, team=Level.DELETE)
    for prefix, group, count in (("c", SALES, size), ("t", TEAM, team)):
        for number in range(count):
            mailbox.contact(f"{prefix}{number}", person(f"{prefix}{number}"), group)
            mailbox.link(f"{prefix}{number}")
    return mailbox


def deleted(count: int, prefix: str = "c", group: str = SALES) -> list[Decision]:
    return [Gone(f"{prefix}{number}", frozenset({group})) for number in range(count)]


def edited(mailbox: Scene, count: int) -> list[Decision]:
    edit = Accepted(EDITED, frozenset({"names"}))
    return [
        Kept(f"c{n}", mailbox.edited(f"c{n}", EDITED), frozenset({SALES}), marked=True, edit=edit) for n in range(count)
    ]


def sifted(mailbox: Scene, decisions: Sequence[Decision], *labels_gone: str) -> Sifted:
    return sift(mailbox.known, decisions, frozenset(labels_gone), USUAL, {})


@pytest.mark.parametrize(
    ("size", "removed", "held"),
    [
        (1, 1, False),
        (2, 2, False),
        (3, 2, False),
        (3, 3, True),  # a whole group of three
        (5, 4, False),
        (5, 5, True),
        (10, 5, False),
        (10, 6, True),  # more than five
        (50, 5, False),
        (50, 6, True),
        (60, 6, False),
        (60, 7, True),  # more than a tenth
        (100, 10, False),
        (100, 11, True),
    ],
)
def test_removals_are_held_from_the_number_on_that_the_design_names(size: int, removed: int, held: bool) -> None:
    assert USUAL.allows(removed, size) is not held
    result = sifted(filled(size), deleted(removed))
    contacts = dict.fromkeys(f"c{number}" for number in range(removed))
    assert result.holds == ((Hold(HoldKind.REMOVAL, SALES, contacts),) if held else ())
    assert all(isinstance(one, Gone) and (one.held if held else one.leaves) == {SALES} for one in result.decisions)


def test_labels_taken_off_count_like_deletions() -> None:
    mailbox = filled(20)
    off: list[Decision] = [
        Kept(f"c{n}", mailbox.labelled(f"c{n}"), frozenset(), marked=True, leaves=frozenset({SALES})) for n in range(3)
    ]
    result = sifted(mailbox, [*off, *deleted(6)[3:]])
    assert [hold.contacts.keys() for hold in result.holds] == [{f"c{number}" for number in range(6)}]
    assert all(isinstance(one, Kept | Gone) and not one.leaves for one in result.decisions)


def test_deletions_together_with_the_label_are_held_however_few() -> None:
    result = sifted(filled(2), deleted(1), SALES)
    assert [(hold.kind, hold.group) for hold in result.holds] == [(HoldKind.REMOVAL, SALES)]


def test_what_is_held_in_one_group_goes_on_in_another() -> None:
    result = sifted(filled(10, team=10), [*deleted(6), *deleted(2, "t", TEAM)])
    assert [hold.group for hold in result.holds] == [SALES]
    assert [one.leaves for one in result.decisions if isinstance(one, Gone)] == [frozenset()] * 6 + [{TEAM}] * 2


def test_two_groups_emptied_at_once_are_one_hold() -> None:
    result = sifted(filled(1, team=2), [*deleted(1), *deleted(2, "t", TEAM)], SALES, TEAM)
    assert result.holds == (Hold(HoldKind.EMPTIED, None, {"c0": None, "t0": None, "t1": None}),)
    assert all(isinstance(one, Gone) and not one.leaves and not one.remains for one in result.decisions)


@pytest.mark.parametrize(
    ("size", "count", "held"), [(20, 20, False), (21, 21, True), (80, 20, False), (100, 25, False), (100, 26, True)]
)
def test_edits_are_held_from_the_number_on_that_the_design_names(size: int, count: int, held: bool) -> None:
    mailbox = filled(size)
    result = sifted(mailbox, edited(mailbox, count))
    assert [(hold.kind, hold.group, len(hold.contacts)) for hold in result.holds] == (
        [(HoldKind.EDIT, SALES, count)] if held else []
    )
    kind = OnHold if held else Accepted
    assert all(isinstance(one, Kept) and isinstance(one.edit, kind) for one in result.decisions)
    assert all(of == EDITED for hold in result.holds for of in hold.contacts.values())


def test_a_group_may_have_limits_of_its_own() -> None:
    mailbox = filled(20)
    strict, lax = {SALES: Limits(0, 0.0)}, {SALES: Limits(19, 0.0)}
    assert sift(mailbox.known, deleted(1), frozenset(), USUAL, strict).holds
    assert not sift(mailbox.known, deleted(19), frozenset(), USUAL, lax).holds
    assert sift(mailbox.known, deleted(20), frozenset(), USUAL, lax).holds


@given(st.integers(1, 12), st.integers(0, 12), st.sets(st.sampled_from([SALES, TEAM])).map(frozenset))
def test_every_removal_is_applied_or_held_never_both_and_never_lost(
    size: int, removed: int, gone: frozenset[str]
) -> None:
    mailbox = filled(size, team=2)
    decisions = deleted(min(removed, size))
    result = sifted(mailbox, decisions, *gone)
    assert len(result.decisions) == len(decisions)
    waiting = {contact for hold in result.holds for contact in hold.contacts}
    for before, after in zip(decisions, result.decisions, strict=True):
        assert isinstance(before, Gone)
        assert isinstance(after, Gone)
        assert after.leaves | after.held == before.leaves
        assert not after.leaves & after.held
        assert (after.contact in waiting) == bool(after.held)
