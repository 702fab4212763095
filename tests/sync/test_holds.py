"""Holds: from how many removals or edits at once someone is asked, and what goes on meanwhile."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharesync.model.access import Level
from sharesync.model.link import HeldParts
from sharesync.model.waiting import HoldKind
from sharesync.sync.decisions import Accepted, Decision, Gone, Kept, Lost, OnHold, Recheck, Shared
from sharesync.sync.holds import EDIT_SHARE, EDITS, USUAL, Hold, Limits, Sifted, in_pieces, sift
from tests.sync.scene import IDA, NOW, OTHERS, SALES, TEAM, Scene, person, scene, stranger

EDITED = person("Edited")
NONE: frozenset[str] = frozenset()
OTHER_DECISIONS: list[Decision] = [
    Shared(stranger(IDA, SALES), frozenset({SALES})),
    Kept("unheard", stranger(IDA), NONE, marked=False),
    Gone("unheard"),
    Recheck("c0", NOW),
    Lost("c1"),
]
"""Such as are never held."""


def usual(group: str) -> Limits:
    return USUAL


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


def edited(mailbox: Scene, count: int, joins: frozenset[str] = NONE) -> list[Kept]:
    edit = Accepted(EDITED, frozenset({"names"}))
    return [
        Kept(f"c{n}", mailbox.edited(f"c{n}", EDITED), frozenset({SALES}), marked=True, edit=edit, joins=joins)
        for n in range(count)
    ]


def sifted(mailbox: Scene, decisions: Sequence[Decision], *labels_gone: str, **lately: int) -> Sifted:
    return sift(mailbox.known, decisions, frozenset(labels_gone), usual, Counter(lately))


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


@pytest.mark.parametrize(
    ("left", "lately", "removed", "held"),
    [
        (5, 3, 2, False),
        (5, 3, 3, True),  # more than five, in two pieces
        (7, 5, 1, True),
        (3, 1, 2, False),
        (2, 1, 2, True),  # the rest of a whole group of three
        (1, 1, 1, False),
        (1, 2, 1, True),
        (95, 5, 5, False),  # a tenth of what there was before the first piece, not of what is left
        (95, 5, 6, True),
    ],
)
def test_what_left_the_group_lately_counts_with_the_rest(left: int, lately: int, removed: int, held: bool) -> None:
    result = sifted(filled(left), deleted(removed), **{SALES: lately})
    contacts = dict.fromkeys(f"c{number}" for number in range(removed))
    assert result.holds == ((Hold(HoldKind.REMOVAL, SALES, contacts),) if held else ())


def test_what_left_one_group_lately_says_nothing_of_another() -> None:
    result = sifted(filled(10, team=10), [*deleted(2), *deleted(2, "t", TEAM)], **{SALES: 5})
    assert [hold.group for hold in result.holds] == [SALES]
    assert not sifted(filled(10), [], **{SALES: 9}).holds


@given(st.integers(1, 80), st.lists(st.integers(0, 12), min_size=1, max_size=4))
def test_an_act_that_is_seen_in_pieces_goes_no_further_than_one_seen_whole(size: int, pieces: list[int]) -> None:
    """Each piece is removed if it passes, as a pass does it, until one is held: then the whole act would have been."""
    gone = 0
    for piece in pieces:
        more = min(piece, size - gone)
        held = sifted(filled(size - gone), deleted(more), **{SALES: gone}).holds
        assert bool(held) is bool(more and sifted(filled(size), deleted(gone + more)).holds)
        if held:
            break
        gone += more


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


def test_one_group_emptied_with_its_label_is_a_removal_from_it() -> None:
    result = sifted(filled(1, team=1), deleted(1), SALES)
    assert result.holds == (Hold(HoldKind.REMOVAL, SALES, {"c0": None}),)


def test_two_groups_are_emptied_only_where_both_labels_and_all_contacts_went() -> None:
    few = [*deleted(1), *deleted(1, "t", TEAM)]
    assert sifted(filled(1, team=1), few) == Sifted(tuple(few))
    assert [hold.kind for hold in sifted(filled(2, team=2), few, SALES, TEAM).holds] == [HoldKind.REMOVAL] * 2


def test_a_mailbox_that_was_emptied_is_one_hold_whatever_became_of_its_labels_and_whatever_its_level() -> None:
    mailbox = filled(1)
    result = sift(mailbox.known, [Gone("c0", remains=True)], NONE, usual, Counter(), all_gone=True)
    assert result == Sifted((Gone("c0", held=frozenset({SALES})),), (Hold(HoldKind.EMPTIED, None, {"c0": None}),))
    told = sift(mailbox.known, OTHER_DECISIONS, NONE, usual, Counter(), all_gone=True)
    assert told == Sifted(tuple(OTHER_DECISIONS))


def test_beside_groups_that_were_emptied_everything_else_is_judged_as_always() -> None:
    """c0 is in Others, too, from which six of seven go; its place there waits with the other five."""
    mailbox = filled(1, team=1)
    mailbox.levels[OTHERS] = Level.DELETE
    for number in range(7):
        mailbox.contact(f"o{number}", person(f"o{number}"), OTHERS)
    mailbox.contact("c0", person("c0"), SALES, OTHERS)
    gone = [Gone("c0", frozenset({SALES, OTHERS})), *deleted(1, "t", TEAM), *deleted(5, "o", OTHERS)]
    result = sifted(mailbox, [*gone, *OTHER_DECISIONS], SALES, TEAM)
    assert result.decisions == (
        Gone("c0", held=frozenset({SALES, OTHERS})),
        Gone("t0", held=frozenset({TEAM})),
        *(Gone(f"o{number}", held=frozenset({OTHERS})) for number in range(5)),
        *OTHER_DECISIONS,
    )
    assert result.holds == (
        Hold(HoldKind.EMPTIED, None, {"c0": None, "t0": None}),
        Hold(HoldKind.REMOVAL, OTHERS, {"c0": None} | {f"o{number}": None for number in range(5)}),
    )


def test_a_contact_of_an_emptied_group_leaves_another_where_few_do_and_stays_where_it_was_not_removed() -> None:
    mailbox = filled(1, team=1)
    mailbox.levels[OTHERS] = Level.DELETE
    mailbox.contact("c0", person("c0"), SALES, OTHERS)
    leaving = [Gone("c0", frozenset({SALES, OTHERS})), *deleted(1, "t", TEAM)]
    staying = [Gone("c0", frozenset({SALES}), remains=True), *deleted(1, "t", TEAM)]
    assert sifted(mailbox, leaving, SALES, TEAM).decisions[0] == Gone(
        "c0", frozenset({OTHERS}), held=frozenset({SALES})
    )
    assert sifted(mailbox, staying, SALES, TEAM).decisions[0] == Gone("c0", remains=True, held=frozenset({SALES}))


def test_what_is_neither_a_removal_nor_an_edit_passes_and_takes_no_part() -> None:
    mailbox = filled(10, team=10)
    result = sifted(mailbox, [*OTHER_DECISIONS, *deleted(6), *deleted(6, "t", TEAM)])
    assert result.decisions[: len(OTHER_DECISIONS)] == tuple(OTHER_DECISIONS)
    assert [(hold.group, len(hold.contacts)) for hold in result.holds] == [(SALES, 6), (TEAM, 6)]
    assert [one.held for one in result.decisions if isinstance(one, Gone)] == [NONE] + [{SALES}] * 6 + [{TEAM}] * 6


def test_few_more_removals_from_a_group_that_is_held_are_held_with_it() -> None:
    mailbox = filled(10, team=10)
    mailbox.held["c9"] = HeldParts(frozenset({SALES}))
    result = sifted(mailbox, [*deleted(1), *deleted(1, "t", TEAM)])
    assert result.holds == (Hold(HoldKind.REMOVAL, SALES, {"c0": None}),)


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


def test_an_edit_that_is_held_keeps_its_card_and_its_fields_and_the_rest_of_the_decision() -> None:
    mailbox = filled(21, team=1)
    before = edited(mailbox, 21, joins=frozenset({TEAM}))
    after = sifted(mailbox, before).decisions
    on_hold = OnHold(EDITED, frozenset({"names"}))
    assert after == tuple(replace(one, edit=on_hold) for one in before)


def test_edits_wait_in_a_group_of_which_too_many_were_edited() -> None:
    mailbox = filled(21)
    mailbox.levels[OTHERS] = Level.DELETE
    mailbox.contact("c0", person("c0"), SALES, OTHERS)
    mailbox.contact("o0", person("o0"), OTHERS)
    other = replace(edited(mailbox, 1)[0], contact="o0")
    result = sifted(mailbox, [*edited(mailbox, 21), other])
    assert [(hold.kind, hold.group, len(hold.contacts)) for hold in result.holds] == [(HoldKind.EDIT, SALES, 21)]
    assert result.decisions[-1] == other


def test_one_more_edit_of_a_contact_whose_edit_is_held_waits_with_it() -> None:
    mailbox = filled(3)
    mailbox.held["c0"] = HeldParts(edit=SALES)
    result = sifted(mailbox, edited(mailbox, 2))
    assert result.holds == (Hold(HoldKind.EDIT, SALES, {"c0": EDITED}),)
    assert [type(one.edit) for one in result.decisions if isinstance(one, Kept)] == [OnHold, Accepted]


def test_an_edit_that_brings_a_contact_back_from_the_trash_is_not_held() -> None:
    mailbox = filled(30)
    back = edited(mailbox, 30, joins=frozenset({SALES}))
    mailbox.wanted.clear()
    assert sifted(mailbox, back) == Sifted(tuple(back))


def test_a_group_may_have_limits_of_its_own() -> None:
    mailbox = filled(20)
    strict, lax = {SALES: Limits(0, 0.0)}, {SALES: Limits(19, 0.0)}
    assert sift(mailbox.known, deleted(1), frozenset(), strict.__getitem__, Counter()).holds
    assert not sift(mailbox.known, deleted(19), frozenset(), lax.__getitem__, Counter()).holds
    assert sift(mailbox.known, deleted(20), frozenset(), lax.__getitem__, Counter()).holds
    assert sift(mailbox.known, deleted(19), frozenset(), lax.__getitem__, Counter({SALES: 1})).holds


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


@given(st.integers(1, 300), st.integers(1, 50), st.integers(21, 400))
def test_edits_are_put_on_hold_in_pieces_and_what_is_left_is_always_held(edited: int, size: int, all_of: int) -> None:
    mailbox = scene(Level.EDIT)
    for number in range(max(all_of, edited)):
        mailbox.contact(f"c{number:03}", IDA, SALES)
    hold = Hold(HoldKind.EDIT, SALES, {f"c{number:03}": person("x") for number in range(edited)})
    pieces = [one for (one,) in in_pieces(mailbox.known, [hold], size)]
    assert [contact for one in pieces for contact in one.contacts] == sorted(hold.contacts)
    left = edited
    for one in pieces[:-1]:
        left -= len(one.contacts)
        assert len(one.contacts) == size
        assert left > max(EDITS, EDIT_SHARE * max(all_of, edited))
