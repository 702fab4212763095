"""Which losses of access wait: the promise as a table, and what holds for every reading."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharesync.model.access import Principal, PrincipalKind
from sharesync.sync.holds import USUAL, Limits
from sharesync.sync.losing import Path, waiting

TEAM, SALES = Principal(PrincipalKind.GROUP, "team"), Principal(PrincipalKind.UNIT, "sales")
NOBODY: frozenset[Path] = frozenset()


def see(*people: int, who: Principal = TEAM, group: str = "g") -> frozenset[Path]:
    return frozenset(Path(str(one), group, who) for one in people)


def people(paths: frozenset[Path]) -> set[int]:
    return {int(path.user) for path in paths}


@pytest.mark.parametrize(
    ("seen", "lost", "limits", "wait"),
    [
        (10, 5, USUAL, False),  # not strictly more than five
        (10, 6, USUAL, True),
        (100, 10, USUAL, False),  # not strictly more than a tenth
        (100, 11, USUAL, True),
        (10, 1, Limits(0, 0.0), False),  # one person's loss, whatever the settings
        (10, 2, Limits(0, 0.0), True),
        (10, 3, Limits(2, 0.5), False),
        (10, 6, Limits(2, 0.5), True),
        (10, 6, Limits(8, 0.1), False),
    ],
)
def test_they_wait_where_more_lose_a_group_than_both_limits_allow(
    seen: int, lost: int, limits: Limits, *, wait: bool
) -> None:
    before = see(*range(seen))
    after = see(*range(lost, seen))
    assert people(waiting(before, after, NOBODY, {}, limits)) == (set(range(lost)) if wait else set())


@pytest.mark.parametrize(("members", "wait"), [(1, False), (2, True), (5, True)])
def test_all_of_a_google_group_or_unit_of_two_or_more_wait_however_few_they_are(members: int, *, wait: bool) -> None:
    gone = frozenset(map(str, range(members)))
    for who in (TEAM, SALES):
        before = see(*range(members), who=who) | see(*range(50, 70), who=Principal(PrincipalKind.DOMAIN, ""))
        kept = waiting(before, before - see(*range(members), who=who), NOBODY, {who: gone}, USUAL)
        assert people(kept) == (set(range(members)) if wait else set())


def test_who_still_sees_the_group_in_another_way_loses_nothing() -> None:
    before = see(*range(8)) | see(*range(8), who=SALES)
    emptied = {TEAM: frozenset(map(str, range(8)))}
    assert waiting(before, see(*range(8), who=SALES), NOBODY, emptied, USUAL) == NOBODY


def test_who_waits_counts_with_those_who_lose_the_same_later() -> None:
    before, already = see(*range(10)), see(0, 1, 2, 3, 4, 5)
    assert people(waiting(before, see(*range(9)), already, {}, USUAL)) == {9}
    assert waiting(before, see(*range(9)), NOBODY, {}, USUAL) == NOBODY


@given(st.sets(st.integers(0, 20)), st.sets(st.integers(0, 20)), st.integers(0, 9), st.floats(0, 1))
def test_only_who_had_something_and_has_it_no_longer_waits_and_never_one_alone(
    had: set[int], has: set[int], count: int, share: float
) -> None:
    kept = waiting(see(*had), see(*has), NOBODY, {}, Limits(count, share))
    lost = had - has
    assert people(kept) in (set(), lost)
    assert (people(kept) == lost and bool(lost)) is (len(lost) > 1 and len(lost) > max(count, share * len(had)))
