"""The table of rights, cell by cell, as `sharesync/sync/README.md` tells it."""

import pytest

from sharesync.model.access import Level
from sharesync.sync.rights import UserAction, Verdict, rule

YES, NO = Verdict.ACCEPT, Verdict.UNDO
#                     view edit delete manage
EXPECTED = {
    UserAction.EDIT:         (NO, YES, YES, YES),
    UserAction.GIVE:         (NO, YES, YES, YES),
    UserAction.MOVE:         (NO, YES, YES, YES),
    UserAction.UNLABEL:      (NO, NO,  YES, YES),
    UserAction.DELETE:       (NO, NO,  YES, YES),
    UserAction.DROP_LABEL:   (NO, NO,  NO,  NO),
    UserAction.RENAME_LABEL: (NO, NO,  NO,  NO),
}  # fmt: skip
CELLS = [
    (deed, level, ruling)
    for deed, rulings in EXPECTED.items()
    for level, ruling in zip((Level.VIEW, Level.EDIT, Level.DELETE, Level.MANAGE), rulings, strict=True)
]


@pytest.mark.parametrize(("deed", "level", "ruling"), CELLS)
def test_a_deed_is_ruled_on_as_the_design_says(deed: UserAction, level: Level, ruling: Verdict) -> None:
    assert rule(deed, level) is ruling


def test_every_deed_has_a_row() -> None:
    assert EXPECTED.keys() == set(UserAction)


@pytest.mark.parametrize("deed", UserAction)
def test_who_has_no_level_has_done_nothing_that_counts(deed: UserAction) -> None:
    assert rule(deed, None) is NO
