"""What a person's hand in Google Contacts may do, by level: the one decision table, every cell present.

A level here is the one that counts for the deed: the highest in any group that holds the contact for an edit, the
level in the group itself for its label. The README beside this file tells the table in words.
"""

from __future__ import annotations

from collections.abc import Mapping
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


_NEEDS: Mapping[UserAction, Right | None] = {
    UserAction.EDIT: Right.EDIT,
    UserAction.GIVE: Right.EDIT,
    UserAction.MOVE: Right.EDIT,  # and PASS_ON where it comes from: nobody drags a contact to where they may edit it
    UserAction.UNLABEL: Right.DELETE,
    UserAction.DELETE: Right.DELETE,
    UserAction.DROP_LABEL: None,
    UserAction.RENAME_LABEL: None,  # groups are renamed in the web page
}


def may_pass_on(known: Snapshot, contact: str) -> bool:
    """Whether any granted group that holds the contact lets its user put it into another group."""
    held = known.wanted[contact].groups if contact in known.wanted else ()
    return isinstance(authorize(Party(None, known.levels, known.keeping), Right.PASS_ON, held), Allowed)


def rule(deed: UserAction, level: Level | None) -> Verdict:
    """The ruling on a deed; who has no level at all has done nothing that counts."""
    match _NEEDS[deed], level:
        case Right() as right, Level() as here:
            answer = authorize(Party(levels={"here": here}), right, ("here",))
            return Verdict.ACCEPT if isinstance(answer, Allowed) else Verdict.UNDO
        case _:
            return Verdict.UNDO
