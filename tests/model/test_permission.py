"""Who may do what: every right for every kind of party."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharesync.errors import InvalidInput, Sentence
from sharesync.model.access import Level
from sharesync.model.permission import EVERYTHING, Allowed, Denied, Party, Right, Role, authorize

ADMIN, AUDITOR, NOBODY = Party(Role.ADMINISTRATOR), Party(Role.AUDITOR), Party()
GROUP = ("customers",)


def may(party: Party, right: Right, *groups: str) -> bool:
    return isinstance(authorize(party, right, groups), Allowed)


def with_level(level: Level) -> Party:
    return Party(levels={"customers": level})


def keeping(level: Level) -> Party:
    """Somebody with a level on a group that keeps its contacts together."""
    return Party(levels={"customers": level}, keeping={"customers"})


@pytest.mark.parametrize(
    ("party", "rights"),
    [
        (NOBODY, "enter"),
        (with_level(Level.VIEW), "enter view"),
        (with_level(Level.EDIT), "enter view edit pass-on"),
        (keeping(Level.EDIT), "enter view edit"),
        (with_level(Level.DELETE), "enter view edit delete pass-on"),
        (keeping(Level.DELETE), "enter view edit delete"),
        (with_level(Level.MANAGE), "enter view edit delete pass-on manage"),
        (keeping(Level.MANAGE), "enter view edit delete pass-on manage"),
        (AUDITOR, "enter view oversee"),
        (ADMIN, "enter view edit delete pass-on manage oversee administer"),
        (EVERYTHING, "enter view edit delete pass-on manage oversee administer"),
    ],
)
def test_each_may_exactly_what_is_promised(party: Party, rights: str) -> None:
    assert {right.value for right in Right if may(party, right, *GROUP)} == set(rights.split())


def test_a_contact_is_judged_by_the_highest_level_among_the_groups_that_hold_it() -> None:
    party = Party(levels={"customers": Level.VIEW, "press": Level.DELETE, "others": Level.MANAGE})
    assert may(party, Right.DELETE, "customers", "press")
    assert not may(party, Right.MANAGE, "customers", "press")
    assert not may(party, Right.EDIT, "customers")


@pytest.mark.parametrize(
    ("party", "right", "reason", "hidden"),
    [
        (NOBODY, Right.EDIT, "There is nothing here that you may see.", True),
        (with_level(Level.VIEW), Right.EDIT, "You may only view here; this takes the level “edit”.", False),
        (with_level(Level.DELETE), Right.MANAGE, "You may only delete here; this takes the level “manage”.", False),
        (with_level(Level.MANAGE), Right.ADMINISTER, "This is for administrators only.", False),
        (with_level(Level.MANAGE), Right.OVERSEE, "This is for administrators and auditors only.", False),
        (AUDITOR, Right.EDIT, "Auditors see everything and change nothing.", False),
        (AUDITOR, Right.ADMINISTER, "Auditors see everything and change nothing.", False),
    ],
)
def test_what_one_may_not_see_is_hidden_and_what_one_sees_is_refused_with_a_reason(
    party: Party, right: Right, reason: str, hidden: bool
) -> None:
    assert authorize(party, right, GROUP) == Denied(Sentence(reason), hidden)


def test_a_right_on_no_group_at_all_is_nobodys_but_those_who_may_everywhere() -> None:
    assert not may(with_level(Level.MANAGE), Right.VIEW)
    assert may(ADMIN, Right.VIEW)


def test_an_auditor_changes_nothing_even_where_they_were_granted_a_level() -> None:
    both = Party(Role.AUDITOR, {"customers": Level.MANAGE})
    assert {right for right in Right if may(both, right, *GROUP)} == {Right.ENTER, Right.VIEW, Right.OVERSEE}


_PARTIES = st.builds(
    Party,
    st.sampled_from([None, *Role]),
    st.dictionaries(st.sampled_from("abc"), st.sampled_from(list(Level))),
)


@given(_PARTIES, st.sampled_from(list(Right)), st.sets(st.sampled_from("abc")), st.sampled_from("abc"))
def test_another_group_that_holds_it_never_takes_a_right_away(
    party: Party, right: Right, groups: set[str], other: str
) -> None:
    assert may(party, right, *groups) <= may(party, right, *groups, other)


@given(_PARTIES, st.sampled_from("abc"))
def test_each_level_holds_those_below_it(party: Party, group: str) -> None:
    if party.role is None:
        ladder = [may(party, right, group) for right in (Right.VIEW, Right.EDIT, Right.DELETE, Right.MANAGE)]
        assert ladder == sorted(ladder, reverse=True)


def test_a_word_that_is_no_role_is_told_the_two_that_are() -> None:
    assert Role.parse(" Auditor ") is Role.AUDITOR
    with pytest.raises(InvalidInput, match=r"^“king” is no role; use administrator or auditor\.$"):
        Role.parse("king")
