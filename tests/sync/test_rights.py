"""The table of rights agrees with what the page and the command line ask, and with what its page in words says."""

import re
from pathlib import Path

import pytest

import sharesync.sync
from sharesync.model.access import Level
from sharesync.model.permission import Allowed, Party, Right, authorize
from sharesync.sync.rights import RULES, UserAction, Verdict, rule

LEVELS = (Level.VIEW, Level.EDIT, Level.DELETE, Level.MANAGE)
ROWS: dict[UserAction, tuple[str, Right | None]] = {
    UserAction.EDIT: ("edits a shared contact", Right.EDIT),
    UserAction.GIVE: ("puts the label on a contact of their own", Right.EDIT),
    UserAction.MOVE: ("puts the label on a contact shared through another group", Right.EDIT),
    UserAction.UNLABEL: ("takes the label off", Right.DELETE),
    UserAction.DELETE: ("deletes the contact", Right.DELETE),
    UserAction.DROP_LABEL: ("deletes the label, keeps the contacts", None),
    UserAction.RENAME_LABEL: ("renames the label", None),
}
"""By action: how the page beside the table names it, and the right that does the same elsewhere."""
UNDONE = ("undone", "label taken off", "put back", "made again", "label made again", "renamed back")


def test_every_cell_is_there() -> None:
    assert RULES.keys() == {(action, level) for action in UserAction for level in LEVELS}
    assert ROWS.keys() == set(UserAction)


@pytest.mark.parametrize(("action", "level"), RULES)
def test_a_hand_in_google_contacts_may_what_the_page_allows_and_no_more(action: UserAction, level: Level) -> None:
    right = ROWS[action][1]
    may = right is not None and isinstance(authorize(Party(levels={"g": level}), right, ("g",)), Allowed)
    assert (rule(action, level) is Verdict.ACCEPT) == may


def test_the_page_in_words_says_the_same() -> None:
    text = Path(sharesync.sync.__path__[0], "README.md").read_text()
    said = {
        row: cells for row, *cells in (re.split(r" *\| *", line[2:-2]) for line in text.splitlines() if "|" in line)
    }
    for action, (name, _) in ROWS.items():
        cells = list[str]()
        for cell in (*said[name], said[name][-1]):  # delete and manage share a column
            cells.append(cells[-1] if cell.startswith("same") else cell)
        undone = [cell.startswith(UNDONE) for cell in cells]
        assert undone == [rule(action, level) is Verdict.UNDO for level in LEVELS], action


@pytest.mark.parametrize("action", UserAction)
def test_who_has_no_level_has_done_nothing_that_counts(action: UserAction) -> None:
    assert rule(action, None) is Verdict.UNDO
