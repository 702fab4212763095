"""What a person's hand in Google Contacts may do, by level: the one decision table, every cell present.

A level here is the one that counts for the action: the highest in any group that holds the contact for an edit, the
level in the group itself for its label. The README beside this file tells the table in words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum

from sharesync.model.access import Level
from sharesync.model.link import Snapshot
from sharesync.model.permission import Allowed, Party, Right, authorize


class UserAction(Enum):
    """What was done in a mailbox."""

    EDIT = "edit"
    """Edited a shared contact."""
    GIVE = "give"
    """Put the label on a contact of their own, or made a new one in it."""
    MOVE = "move"
    """Put the label on a contact that is shared through another group."""
    UNLABEL = "unlabel"
    """Took the label off a shared contact."""
    DELETE = "delete"
    """Deleted a shared contact."""
    DROP_LABEL = "drop label"
    """Deleted the label, and its contacts stayed."""
    RENAME_LABEL = "rename label"
    """Renamed the label."""


class Verdict(Enum):
    """What becomes of it."""

    ACCEPT = "accept"
    """It becomes a change of the store, for everyone."""
    UNDO = "undo"
    """It is undone in the mailbox in the same pass; what was typed is kept."""


_YES, _NO = Verdict.ACCEPT, Verdict.UNDO
_TABLE: Mapping[UserAction, tuple[Verdict, Verdict, Verdict, Verdict, Verdict]] = {
    #                         view  edit  delete manage | smart
    UserAction.EDIT:         (_NO,  _YES, _YES,  _YES,    _YES),
    UserAction.GIVE:         (_NO,  _YES, _YES,  _YES,    _NO),
    UserAction.MOVE:         (_NO,  _YES, _YES,  _YES,    _NO),  # if `may_pass_on`, too
    UserAction.UNLABEL:      (_NO,  _NO,  _YES,  _YES,    _NO),
    UserAction.DELETE:       (_NO,  _NO,  _YES,  _YES,    _NO),
    UserAction.DROP_LABEL:   (_NO,  _NO,  _NO,   _NO,     _NO),
    UserAction.RENAME_LABEL: (_NO,  _NO,  _NO,   _NO,     _NO),  # groups are renamed in the web page
}  # fmt: skip
_COLUMNS = (Level.VIEW, Level.EDIT, Level.DELETE, Level.MANAGE)
RULES: Mapping[tuple[UserAction, Level], Verdict] = {
    (action, level): verdict for action, row in _TABLE.items() for level, verdict in zip(_COLUMNS, row[:4], strict=True)
}
IN_SMART: Mapping[UserAction, Verdict] = {action: row[4] for action, row in _TABLE.items()}
"""What a smart group lets a hand do at all: who is in it its filter says. The level must let it, too."""


def rule(action: UserAction, level: Level | None) -> Verdict:
    """What becomes of an action; who has no level at all has done nothing that counts."""
    return Verdict.UNDO if level is None else RULES[action, level]


def where_allowed(known: Snapshot, action: UserAction, groups: Iterable[str]) -> frozenset[str]:
    """Those of the groups in which this user may do it."""
    some = (group for group in groups if group not in known.smart or IN_SMART[action] is Verdict.ACCEPT)
    return frozenset(group for group in some if rule(action, known.levels.get(group)) is Verdict.ACCEPT)


def may_pass_on(known: Snapshot, contact: str) -> bool:
    """Whether any group that holds the contact, which is wanted here, lets this user put it into another group."""
    who = Party(None, known.everywhere, known.keeping)
    return isinstance(authorize(who, Right.PASS_ON, known.holders(contact)), Allowed)
