"""The table of rights, cell by cell, as `design.md` section 3 tells it."""

import pytest

from sharesync.model.access import Level
from sharesync.sync.rights import Deed, Ruling, rule

YES, NO = Ruling.ACCEPT, Ruling.UNDO
#                     view edit delete manage
EXPECTED = {
    Deed.EDIT:         (NO, YES, YES, YES),
    Deed.GIVE:         (NO, YES, YES, YES),
    Deed.MOVE:         (NO, YES, YES, YES),
    Deed.UNLABEL:      (NO, NO,  YES, YES),
    Deed.DELETE:       (NO, NO,  YES, YES),
    Deed.DROP_LABEL:   (NO, NO,  NO,  NO),
    Deed.RENAME_LABEL: (NO, NO,  NO,  NO),
}  # fmt: skip
CELLS = [
    (deed, level, ruling)
    for deed, rulings in EXPECTED.items()
    for level, ruling in zip((Level.VIEW, Level.EDIT, Level.DELETE, Level.MANAGE), rulings, strict=True)
]


@pytest.mark.parametrize(("deed", "level", "ruling"), CELLS)
def test_a_deed_is_ruled_on_as_the_design_says(deed: Deed, level: Level, ruling: Ruling) -> None:
    assert rule(deed, level) is ruling


def test_every_deed_has_a_row() -> None:
    assert EXPECTED.keys() == set(Deed)


@pytest.mark.parametrize("deed", Deed)
def test_who_has_no_level_has_done_nothing_that_counts(deed: Deed) -> None:
    assert rule(deed, None) is NO
