"""What a person's hand in Google Contacts may do, by level: the one decision table, every cell present.

A level here is the one that counts for the deed: the highest in any group that holds the contact for an edit, the
level in the group itself for its label. `design.md` section 3 tells the table in words.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from sharesync.model.access import Level
from sharesync.model.link import Known
from sharesync.model.permission import Allowed, Party, Right, authorize


class Deed(Enum):
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


class Ruling(Enum):
    """What becomes of it."""

    ACCEPT = "accept"
    """It becomes a change of the store, for everyone."""
    UNDO = "undo"
    """It is undone in the mailbox in the same pass; what was typed is kept."""


_NEEDS: Mapping[Deed, Right | None] = {
    Deed.EDIT: Right.EDIT,
    Deed.GIVE: Right.EDIT,
    Deed.MOVE: Right.EDIT,  # and PASS_ON where it comes from: nobody drags a contact to where they may edit it
    Deed.UNLABEL: Right.DELETE,
    Deed.DELETE: Right.DELETE,
    Deed.DROP_LABEL: None,
    Deed.RENAME_LABEL: None,  # groups are renamed in the web page
}


def may_pass_on(known: Known, contact: str) -> bool:
    """Whether any granted group that holds the contact lets its user put it into another group."""
    held = known.wanted[contact].groups if contact in known.wanted else ()
    return isinstance(authorize(Party(None, known.levels, known.keeping), Right.PASS_ON, held), Allowed)


def rule(deed: Deed, level: Level | None) -> Ruling:
    """The ruling on a deed; who has no level at all has done nothing that counts."""
    match _NEEDS[deed], level:
        case Right() as right, Level() as here:
            answer = authorize(Party(levels={"here": here}), right, ("here",))
            return Ruling.ACCEPT if isinstance(answer, Allowed) else Ruling.UNDO
        case _:
            return Ruling.UNDO
